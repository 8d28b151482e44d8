"""It asks for a transfer, gift cards or coins, or changes where money goes: the fraud that needs no link at all."""

import re
from collections.abc import Iterator

from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

ASKS = "It asks for money, gift cards or coins, or to pay to another account (“%(words)s”)."

_ASKS = re.compile(
    r"(?i)\b(?:(?:buy|purchase|get|need|pick up)\s+(?:\w+\s+){0,4}?gift ?cards?|"
    r"(?:new|changed|updated|different)\s+(?:bank|account)\s+(?:details|account|information)|"
    r"(?:make|process|send|arrange)\s+(?:\w+\s+){0,3}?(?:wire|bank)\s+transfer|(?:pay|send|transfer)\s+(?:\w+\s+){0,4}?(?:bitcoins?|btc|usdt|crypto\w*)|"
    r"(?:acheter|achetez|procurer)\s+(?:\w+\s+){0,4}?cartes?[- ]cadeaux?|(?:nouveau|nouvelles?)\s+(?:rib|iban|coordonnées bancaires)|"
    r"(?:effectuer|effectuez|faire)\s+(?:\w+\s+){0,3}?virement)\b|"
    r"کارت هدیه|شماره (?:حساب|شبا(?:ی)?) جدید|(?:واریز|حواله) (?:کنید|نمایید)|بیت‌?کوین"
)


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    if found := _ASKS.search(mail.words[:50_000]):
        yield Sign("weak", ASKS, {"words": " ".join(found[0].split())[:80]})


SIGNAL = Signal(
    look=look,
    sentences=(ASKS,),
    source="https://attack.mitre.org/techniques/T1657/",
    examples=(
        a_mail("I need you to buy five gift cards for a client."),
        a_mail("Merci d'effectuer un virement avant midi."),
        a_mail("لطفاً به شماره حساب جدید واریز کنید."),
    ),
    not_examples=(a_mail(), a_mail("Thank you for the gift."), a_mail("Votre virement est arrivé.")),
)
