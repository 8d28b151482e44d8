"""Those who hold data for us must tell us of a breach within hours, and we know whom to call there."""

from amanat.prepare.control import Control, Words
from amanat.prepare.sources import cis, gdpr, nist

CONTROL = Control(
    hurts=3,
    is_must=False,
    words={
        "en": Words(
            "Suppliers must tell us quickly",
            "Until they tell us we can do nothing for the persons; if their contract says nothing about hours, we learn it from the press.",
            "For each processor: a notice duty in hours, a named contact, the kinds of data it holds, and the right to its logs.",
        ),
        "fr": Words(
            "Les sous-traitants préviennent vite",
            "Tant qu’ils ne nous disent rien, nous ne pouvons rien pour les personnes ; si le contrat ne parle pas d’heures, nous "
            "l’apprenons par la presse.",
            "Pour chaque sous-traitant : une obligation d’alerte en heures, un contact nommé, les catégories de données et l’accès à ses journaux.",
        ),
        "fa": Words(
            "پیمانکاران زود خبر می‌دهند",
            "تا به ما نگویند کاری برای افراد از دستمان برنمی‌آید؛ اگر در قرارداد ساعتی نیامده باشد، از مطبوعات باخبر می‌شویم.",
            "برای هر پردازشگر: وظیفهٔ خبردادن به ساعت، یک رابط معین، نوع داده‌هایی که دارد و حق دیدن گزارش‌هایش.",
        ),
    },
    sources=(cis("15.4"), nist("GV.SC-08"), gdpr("Art 28(3)(f), Art 33(2)")),
)
