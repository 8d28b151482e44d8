"""It presses: do it at once, or lose the account, the parcel, the money; in English, French or Persian."""

import re
from collections.abc import Iterator

from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

PRESSES = "It presses the reader to act at once (“%(words)s”)."

_PRESSES = re.compile(
    r"(?i)\b(?:within (?:the next )?(?:\d+|one|two|twenty-four|forty-eight) hours?|immediate(?:ly)? (?:action|attention)|act (?:now|"
    r"immediately)|final (?:notice|warning)|"
    r"last (?:warning|reminder)|urgent(?:ly)?|(?:will|shall) be (?:permanently )?(?:closed|suspended|deactivated|terminated|deleted|blocked|locked)|"
    r"(?:has|have) been (?:suspended|limited|locked|blocked|restricted)|unusual (?:activity|sign-?in)|unauthori[sz]ed (?:access|login|transaction)|"
    r"failure to (?:do so|comply|respond|verify)|avoid (?:suspension|closure|interruption)|"
    r"sous (?:24|48|72) ?h(?:eures)?|dans les (?:24|48|72) ?h(?:eures)?|action (?:immédiate|requise)|dernier (?:avis|rappel|avertissement)|"
    r"urgente?s?|"
    r"sera (?:définitivement )?(?:suspendu|bloqué|fermé|supprimé|clôturé|désactivé)e?|a été (?:suspendu|bloqué|limité|restreint)e?|activité "
    r"(?:inhabituelle|suspecte)|"
    r"connexion (?:inhabituelle|suspecte)|sans (?:délai|tarder)|à défaut)\b|"
    r"فوری|بلافاصله|ظرف (?:\d+|[۰-۹]+|بیست و چهار|چهل و هشت) ساعت|آخرین (?:اخطار|هشدار|مهلت)|مسدود (?:شد|خواهد شد|می‌شود)|تعلیق|فعالیت "
    r"(?:غیرعادی|مشکوک)|ورود مشکوک|"
    r"در غیر این صورت"
)


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    if found := _PRESSES.search(mail.words[:50_000]):
        yield Sign("weak", PRESSES, {"words": " ".join(found[0].split())[:80]})


SIGNAL = Signal(
    look=look,
    sentences=(PRESSES,),
    source="https://www.ncsc.gov.uk/collection/phishing-scams/spot-scams",
    examples=(
        a_mail("Your account will be suspended within 24 hours."),
        a_mail("Votre compte sera bloqué sous 48 heures."),
        a_mail("حساب شما ظرف ۲۴ ساعت مسدود خواهد شد."),
    ),
    not_examples=(a_mail(), a_mail("Nous vous attendons vendredi."), a_mail("شنبه همدیگر را می‌بینیم.")),
)
