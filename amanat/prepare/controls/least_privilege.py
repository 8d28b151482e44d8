"""Staff and services reach only what their work needs, and leavers reach nothing."""

from amanat.prepare.control import Control, Words
from amanat.prepare.sources import cis, cnil, nist

CONTROL = Control(
    hurts=4,
    is_must=False,
    stale_after_days=200,
    words={
        "en": Words(
            "Access rights reviewed",
            "A stolen account steals whatever it may read. Fewer rights mean fewer persons to tell.",
            "Review who may read personal data twice a year, close accounts on the day somebody leaves, and give services accounts of their own.",
        ),
        "fr": Words(
            "Droits d’accès revus",
            "Un compte volé emporte tout ce qu’il peut lire. Moins de droits, c’est moins de personnes à prévenir.",
            "Revoyez deux fois par an qui peut lire des données personnelles, fermez les comptes le jour du départ et donnez aux "
            "services leurs propres comptes.",
        ),
        "fa": Words(
            "بازبینی دسترسی‌ها",
            "حساب دزدیده‌شده هر چه را بتواند بخواند می‌برد؛ دسترسی کمتر یعنی افراد کمتری که باید خبردار شوند.",
            "سالی دو بار بازبینی کنید چه کسی دادهٔ شخصی می‌خواند، حساب هر کس را روز رفتنش ببندید و به هر سرویس حساب جدا بدهید.",
        ),
    },
    sources=(cis("5.3, 6.2, 6.8"), nist("PR.AA-05"), cnil("Gérer les habilitations")),
)
