"""Logs and traffic are watched for signs of an intruder, at night too."""

from amanat.prepare.control import Control, Words
from amanat.prepare.sources import cis, nist

CONTROL = Control(
    hurts=4,
    is_must=False,
    stale_after_days=180,
    words={
        "en": Words(
            "Intrusion detection",
            "The longer an intruder stays unseen, the more is copied; and the clock of the law starts late, with little known.",
            "Collect the logs in one place, run detection over them (amanat detect logs is one), and say who is called at night.",
        ),
        "fr": Words(
            "Détection d’intrusion",
            "Plus un intrus reste invisible, plus il copie ; et le délai légal commence tard, alors qu’on sait peu de chose.",
            "Rassemblez les journaux, faites-y tourner une détection (amanat detect logs en est une) et dites qui est appelé la nuit.",
        ),
        "fa": Words(
            "تشخیص نفوذ",
            "هر چه مهاجم دیرتر دیده شود، بیشتر کپی می‌کند؛ و مهلت قانونی دیر و با دانسته‌های کم آغاز می‌شود.",
            "گزارش‌های سامانه‌ها را یک‌جا جمع کنید، تشخیص را روی آن‌ها اجرا کنید (amanat detect logs یکی از راه‌هاست) و بگویید شب به چه کسی زنگ می‌زنند.",
        ),
    },
    sources=(cis("13.1, 13.2, 13.3"), nist("DE.CM-01")),
)
