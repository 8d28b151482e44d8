"""A backup counts when somebody has restored from it."""

from datetime import date, datetime, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.sources import cis, gdpr, nist
from amanat.prepare.world import Plan, World

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)
_DAYS = 365  # gdpr asks for regular tests without a number; a year is the pace of CIS for exercises


def _look(world: World) -> tuple[Seen, ...]:
    if world.plan is None:
        return (Seen("unknown", "no_plan"),)
    if world.plan.restore_tested_on is None:
        return (Seen("missing", "never"),)
    days = world.age_days(world.plan.restore_tested_on)
    return (Seen("in place" if days <= _DAYS else "missing", "tested" if days <= _DAYS else "long_ago", {"days": days}),)


CONTROL = Control(
    hurts=5,
    is_must=True,
    words={
        "en": Words(
            "Restoring was tried",
            "A backup that was never restored is a hope. Many companies find out on the worst day that theirs does not open, or takes two weeks.",
            "Restore the main systems once a year onto empty machines, write down how many hours it took, and mend what failed.",
        ),
        "fr": Words(
            "La restauration a été essayée",
            "Une sauvegarde jamais restaurée est un espoir. Beaucoup découvrent le pire jour que la leur ne s’ouvre pas, ou demande deux semaines.",
            "Restaurez une fois par an les systèmes principaux sur des machines vides, notez le nombre d’heures et corrigez ce qui a échoué.",
        ),
        "fa": Words(
            "بازیابی آزموده شده است",
            "نسخهٔ پشتیبانی که هرگز بازیابی نشده فقط یک امید است. بسیاری در بدترین روز می‌فهمند نسخه‌شان باز نمی‌شود یا دو هفته زمان می‌خواهد.",
            "سالی یک بار سامانه‌های اصلی را روی دستگاه‌های خالی بازیابی کنید، ساعت‌هایش را بنویسید و ایرادها را برطرف کنید.",
        ),
    },
    sources=(cis("11.5"), nist("PR.DS-11"), gdpr("Art 32(1)(d)")),
    look=_look,
    says={
        "no_plan": {
            "en": "Nobody has entered a response plan ([plan] in controls.toml).",
            "fr": "Personne n’a saisi de plan de réponse ([plan] dans controls.toml).",
            "fa": "کسی برنامهٔ واکنش را وارد نکرده است ([plan] در controls.toml).",
        },
        "never": {
            "en": "No restore test is on record.",
            "fr": "Aucun essai de restauration n’est consigné.",
            "fa": "هیچ آزمون بازیابی ثبت نشده است.",
        },
        "tested": {
            "en": "Last restored %(days)s days ago.",
            "fr": "Dernière restauration il y a %(days)s jours.",
            "fa": "آخرین بازیابی %(days)s روز پیش بوده است.",
        },
        "long_ago": {
            "en": "The last restore test was %(days)s days ago: too long to rely on.",
            "fr": "Le dernier essai de restauration remonte à %(days)s jours : trop pour s’y fier.",
            "fa": "از آخرین آزمون بازیابی %(days)s روز گذشته است؛ بیش از آن که بشود به آن تکیه کرد.",
        },
    },
    examples=(
        Example(World(now=_NOW), ("unknown",)),
        Example(World(now=_NOW, plan=Plan()), ("missing",)),
        Example(World(now=_NOW, plan=Plan(restore_tested_on=date(2026, 6, 1))), ("in place",)),
        Example(World(now=_NOW, plan=Plan(restore_tested_on=date(2025, 6, 1))), ("missing",)),
    ),
)
