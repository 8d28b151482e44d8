"""Software is brought up to date soon after its makers mend it."""

from amanat.prepare.control import Control, Words
from amanat.prepare.sources import cis, cnil, nist

CONTROL = Control(
    hurts=5,
    is_must=True,
    stale_after_days=180,
    words={
        "en": Words(
            "Software updates",
            "Most break-ins through software use holes that were mended weeks or months before.",
            "Install updates automatically where possible; for the rest, name an owner, a deadline in days, and the exceptions.",
        ),
        "fr": Words(
            "Mises à jour des logiciels",
            "La plupart des intrusions par un logiciel exploitent des failles corrigées depuis des semaines ou des mois.",
            "Installez les mises à jour automatiquement là où c’est possible ; pour le reste, fixez un responsable, un délai en "
            "jours et les exceptions.",
        ),
        "fa": Words(
            "به‌روزرسانی نرم‌افزارها",
            "بیشتر نفوذها از راه نرم‌افزار، از حفره‌هایی است که هفته‌ها یا ماه‌ها پیش برایشان اصلاحیه منتشر شده است.",
            "هر جا شد به‌روزرسانی را خودکار کنید؛ برای بقیه مسئول، مهلت به روز و استثناها را مشخص کنید.",
        ),
    },
    sources=(cis("7.3, 7.4"), nist("PR.PS-02"), cnil("Sécuriser les postes de travail")),
)
