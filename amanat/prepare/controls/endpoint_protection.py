"""Antivirus or EDR runs on every machine, and somebody reads its alarms."""

from amanat.prepare.control import Control, Words
from amanat.prepare.sources import cis, nist

CONTROL = Control(
    hurts=4,
    is_must=True,
    stale_after_days=180,
    words={
        "en": Words(
            "Antivirus or EDR on every machine",
            "It is often the only thing that sees a password thief or ransomware while it still runs on one machine.",
            "Cover every workstation and server, protect it against being switched off, and send its alarms to somebody who is awake.",
        ),
        "fr": Words(
            "Antivirus ou EDR sur chaque machine",
            "C’est souvent le seul outil qui voit un voleur de mots de passe ou un rançongiciel tant qu’il n’occupe qu’une machine.",
            "Couvrez chaque poste et chaque serveur, empêchez sa désactivation et envoyez ses alertes à quelqu’un qui veille.",
        ),
        "fa": Words(
            "آنتی‌ویروس یا EDR روی همهٔ دستگاه‌ها",
            "بسیار وقت‌ها تنها چیزی است که دزد گذرواژه یا باج‌افزار را وقتی هنوز روی یک دستگاه است می‌بیند.",
            "همهٔ رایانه‌ها و سرورها را پوشش دهید، جلوی خاموش‌شدنش را بگیرید و هشدارهایش را به کسی برسانید که بیدار است.",
        ),
    },
    sources=(cis("10.1, 10.7, 13.2"), nist("DE.CM-09")),
)
