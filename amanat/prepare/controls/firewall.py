"""Only what must be reached from outside can be reached, and the network is divided."""

from amanat.prepare.control import Control, Words
from amanat.prepare.sources import cis, cnil, nist

CONTROL = Control(
    hurts=4,
    is_must=True,
    words={
        "en": Words(
            "Firewall and divided network",
            "Without walls inside, one opened mail at the reception reaches the guest database.",
            "Block what is not needed, between networks too; review the rules and remove those that nobody can explain.",
        ),
        "fr": Words(
            "Pare-feu et réseau cloisonné",
            "Sans cloisons intérieures, un seul courriel ouvert à la réception mène jusqu’à la base des clients.",
            "Bloquez ce qui n’est pas nécessaire, y compris entre réseaux ; revoyez les règles et retirez celles que personne ne sait expliquer.",
        ),
        "fa": Words(
            "دیوار آتش و شبکهٔ بخش‌بندی‌شده",
            "اگر شبکه از درون دیوار نداشته باشد، باز شدن یک ایمیل در پذیرش راه را تا پایگاه دادهٔ مهمانان باز می‌کند.",
            "هر چه لازم نیست ببندید، میان شبکه‌های داخلی هم؛ قواعد را بازبینی کنید و آن‌هایی را که کسی دلیلشان را نمی‌داند بردارید.",
        ),
    },
    sources=(cis("4.4, 4.5"), nist("PR.IR-01"), cnil("Protéger le réseau informatique")),
)
