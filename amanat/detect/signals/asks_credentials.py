"""It asks for a password, a code or card data, or to confirm an account, in English, French or Persian."""

import re
from collections.abc import Iterator

from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

ASKS = "It asks for a password, a code or card data, or to confirm an account (“%(words)s”)."

_ASKS = re.compile(
    r"(?i)\b(?:"
    # A request and what is requested, close together.
    r"(?:confirm|verify|validate|update|re-?activate|unlock|restore|enter|provide|submit|send us)\s+(?:\w+\s+){0,4}?"
    r"(?:password|passcode|pin|credentials|account|identity|mailbox|log-?in|card (?:number|details|data)|payment (?:details|method|information)|"
    r"security code|billing (?:details|information)|social security number|one-time code)|"
    r"(?:confirmez|confirmer|vérifiez|vérifier|validez|valider|mettez à jour|mettre à jour|réactivez|réactiver|débloquez|saisissez|indiquez|"
    r"communiquez|renseignez)\s+"
    r"(?:\w+\s+){0,4}?(?:mot de passe|code(?: secret| de sécurité| confidentiel)?|identifiants?|compte|identité|boîte (?:mail|aux lettres)|"
    r"coordonnées bancaires|carte(?: bancaire)?|moyen de paiement|numéro de carte)"
    r")\b|"
    r"(?:رمز عبور|گذرواژه|رمز دوم|رمز پویا|کد تأیید|کد تایید|شماره کارت|اطلاعات حساب|اطلاعات کارت|حساب(?: "
    r"کاربری)?)(?:\s+\S+){0,4}?\s+(?:را\s+)?(?:\S+\s+){0,2}?"
    r"(?:تأیید کنید|تایید کنید|وارد کنید|ارسال کنید|به‌روز کنید|به‌روزرسانی کنید|بفرستید|فعال کنید|تأیید نمایید|تایید نمایید|وارد نمایید|"
    r"ارسال نمایید)"
)
# "We will never ask for your password" asks for nothing.
_DENIES = re.compile(r"(?i)\b(?:never|not|don['’]t|ne|jamais)\b[^.!?\n]{0,60}$|هرگز[^.!?\n]{0,60}$")


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    for found in _ASKS.finditer(mail.words[:50_000]):
        if not _DENIES.search(mail.words[max(0, found.start() - 70) : found.start()]):
            yield Sign("weak" if not mail.links and not mail.forms else "strong", ASKS, {"words": " ".join(found[0].split())[:80]})
            return


SIGNAL = Signal(
    look=look,
    sentences=(ASKS,),
    source="https://attack.mitre.org/techniques/T1598/003/",
    examples=(
        a_mail("Please verify your account at https://example.net/."),
        a_mail("Veuillez confirmer votre mot de passe sans tarder."),
        a_mail("لطفاً شماره کارت خود را وارد کنید."),
        a_mail("Kindly update your billing information."),
    ),
    not_examples=(
        a_mail(),
        a_mail("We will never ask you to confirm your password."),
        a_mail("Nous ne vous demanderons jamais de confirmer votre mot de passe."),
        a_mail("Your password was changed as you asked."),
    ),
)
