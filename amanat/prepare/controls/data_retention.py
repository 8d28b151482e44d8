"""Data that are no longer needed are erased, in exports and mailboxes too."""

from amanat.prepare.control import Control, Words
from amanat.prepare.sources import cis, gdpr

CONTROL = Control(
    hurts=4,
    is_must=False,
    words={
        "en": Words(
            "Old data erased",
            "What was erased cannot be stolen. Old exports and passport scans make small incidents large.",
            "Set a date for each kind of data, erase by it automatically, and search shares and mailboxes for forgotten copies (amanat scope files).",
        ),
        "fr": Words(
            "Effacement des données anciennes",
            "Ce qui est effacé ne peut être volé. Les vieux exports et les scans de passeports font d’un petit incident un grand.",
            "Fixez une durée par catégorie de données, effacez automatiquement et cherchez les copies oubliées dans les partages et "
            "les messageries (amanat scope files).",
        ),
        "fa": Words(
            "پاک‌کردن داده‌های کهنه",
            "آنچه پاک شده باشد دزدیده نمی‌شود. خروجی‌های قدیمی و تصویر گذرنامه‌ها رخداد کوچک را بزرگ می‌کنند.",
            "برای هر نوع داده تاریخ پایان بگذارید، خودکار پاک کنید و پوشه‌های مشترک و صندوق‌ها را برای نسخه‌های فراموش‌شده بگردید (amanat scope files).",
        ),
    },
    sources=(cis("3.4, 3.5"), gdpr("Art 5(1)(c), (e)")),
)
