"""Stored personal data are encrypted, and the key is kept elsewhere."""

from amanat.prepare.control import Control, Words
from amanat.prepare.sources import cis, cnil, gdpr, nist

CONTROL = Control(
    hurts=5,
    is_must=True,
    words={
        "en": Words(
            "Stored data encrypted",
            "Stolen but encrypted data can often not be read. In the EU and many US states this may mean that persons need not be "
            "told; unencrypted data count against us in a fine.",
            "Encrypt disks, databases and backups; keep the keys in another system than the data, and write down who can reach both.",
        ),
        "fr": Words(
            "Données stockées chiffrées",
            "Volées mais chiffrées, les données sont souvent illisibles. Dans l’UE et dans de nombreux États américains, il peut "
            "alors ne pas être nécessaire d’informer les personnes ; en clair, elles aggravent l’amende.",
            "Chiffrez disques, bases et sauvegardes ; gardez les clés dans un autre système que les données et notez qui peut atteindre les deux.",
        ),
        "fa": Words(
            "رمزگذاری داده‌های ذخیره‌شده",
            "دادهٔ رمزگذاری‌شده اگر هم دزدیده شود اغلب خواندنی نیست. در اتحادیهٔ اروپا و بسیاری از ایالت‌های آمریکا شاید دیگر لازم "
            "نباشد به افراد خبر بدهیم؛ دادهٔ رمزنشده جریمه را سنگین‌تر می‌کند.",
            "دیسک‌ها، پایگاه‌های داده و نسخه‌های پشتیبان را رمزگذاری کنید؛ کلیدها را در سامانه‌ای جدا نگه دارید و بنویسید چه کسی به هر دو دسترسی دارد.",
        ),
    },
    sources=(cis("3.11"), nist("PR.DS-01"), gdpr("Art 32(1)(a), Art 34(3)(a)"), cnil("Chiffrement, hachage, signature")),
)
