"""We know which personal data lie where, and can make a register of persons from a backup."""

from amanat.prepare.control import Control, Words
from amanat.prepare.sources import cis, gdpr, nist

CONTROL = Control(
    hurts=4,
    is_must=False,
    words={
        "en": Words(
            "We know where personal data lie",
            "On the first day the question is: whose data were on that server? Without a list the answer takes weeks.",
            "Keep the record of processing with systems, kinds of data and contacts, and practise building the register of persons from a backup.",
        ),
        "fr": Words(
            "Nous savons où sont les données",
            "Le premier jour, la question est : de qui étaient les données sur ce serveur ? Sans inventaire, la réponse prend des semaines.",
            "Tenez le registre des traitements avec systèmes, catégories et contacts, et exercez-vous à reconstruire la liste des "
            "personnes depuis une sauvegarde.",
        ),
        "fa": Words(
            "می‌دانیم داده‌های شخصی کجا هستند",
            "روز اول پرسش این است: روی آن سرور دادهٔ چه کسانی بود؟ بدون فهرست، پاسخ هفته‌ها طول می‌کشد.",
            "فهرست پردازش‌ها را با سامانه‌ها، نوع داده‌ها و تماس‌ها به‌روز نگه دارید و ساختن فهرست افراد از نسخهٔ پشتیبان را تمرین کنید.",
        ),
    },
    sources=(cis("3.2"), nist("ID.AM-07"), gdpr("Art 30")),
)
