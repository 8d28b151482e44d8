"""Logs are kept long enough, elsewhere than on the machine that wrote them."""

from amanat.prepare.control import Control, Words
from amanat.prepare.sources import cis, cnil, nist

CONTROL = Control(
    hurts=4,
    is_must=True,
    words={
        "en": Words(
            "Logs kept long enough",
            "Without logs nobody can say which data were read; then the law assumes, and everyone must be told.",
            "Keep access logs of systems with personal data for at least 90 days, better a year, on a machine that an intruder cannot clear.",
        ),
        "fr": Words(
            "Conservation des journaux",
            "Sans journaux, personne ne peut dire quelles données ont été lues ; il faut alors prévenir tout le monde.",
            "Gardez les journaux d’accès des systèmes contenant des données personnelles au moins 90 jours, mieux un an, sur une "
            "machine qu’un intrus ne peut pas vider.",
        ),
        "fa": Words(
            "نگهداری گزارش‌های دسترسی",
            "بدون گزارش، هیچ‌کس نمی‌تواند بگوید کدام داده‌ها خوانده شده‌اند؛ آن وقت باید به همه خبر داد.",
            "گزارش دسترسی سامانه‌های دارای دادهٔ شخصی را دست‌کم ۹۰ روز، و بهتر یک سال، روی دستگاهی نگه دارید که مهاجم نتواند پاکش کند.",
        ),
    },
    sources=(cis("8.2, 8.9, 8.10"), nist("PR.PS-04"), cnil("Tracer les opérations")),
)
