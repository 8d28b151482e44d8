"""The whole way from alarm to notice was walked once, with a clock."""

from datetime import date, datetime, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.sources import cis, nis2, nist
from amanat.prepare.world import Plan, World

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)
_DAYS = 365  # CIS 17.7: at least annually


def _look(world: World) -> tuple[Seen, ...]:
    if world.plan is None:
        return (Seen("unknown", "no_plan"),)
    dates = [day for day in (world.plan.rehearsed_on, world.plan.notice_rehearsed_on) if day is not None]
    if not dates:
        return (Seen("missing", "never"),)
    if world.plan.notice_rehearsed_on is None or world.age_days(world.plan.notice_rehearsed_on) > _DAYS:
        return (Seen("partly", "without_notices", {"days": world.age_days(max(dates))}),)
    return (Seen("in place", "done", {"days": world.age_days(world.plan.notice_rehearsed_on)}),)


CONTROL = Control(
    hurts=4,
    is_must=True,
    words={
        "en": Words(
            "A rehearsal with notices",
            "The 72 hours are lost on small things: who signs, which form, where the list of customers is. A rehearsal finds them on a quiet day.",
            "Run amanat prepare drill once a year with the people who would do it; let counsel and the press office take part.",
        ),
        "fr": Words(
            "Un exercice jusqu’aux avis",
            "Les 72 heures se perdent en détails : qui signe, quel formulaire, où est la liste des clients. Un exercice les trouve un jour calme.",
            "Lancez amanat prepare drill une fois par an avec ceux qui agiraient ; associez-y l’avocat et le service de presse.",
        ),
        "fa": Words(
            "تمرین تا مرحلهٔ اطلاع‌رسانی",
            "آن ۷۲ ساعت صرف چیزهای کوچک می‌شود: چه کسی امضا می‌کند، کدام فرم، فهرست مشتریان کجاست. تمرین این‌ها را در روزی آرام پیدا می‌کند.",
            "سالی یک بار amanat prepare drill را با همان کسانی که روز رخداد عمل می‌کنند اجرا کنید؛ وکیل و روابط‌عمومی هم باشند.",
        ),
    },
    sources=(cis("17.7"), nist("ID.IM-02"), nis2("Art 21(2)(f)")),
    look=_look,
    says={
        "no_plan": {
            "en": "Nobody has entered a response plan ([plan] in controls.toml).",
            "fr": "Personne n’a saisi de plan de réponse ([plan] dans controls.toml).",
            "fa": "کسی برنامهٔ واکنش را وارد نکرده است ([plan] در controls.toml).",
        },
        "never": {
            "en": "No rehearsal is on record.",
            "fr": "Aucun exercice n’est consigné.",
            "fa": "هیچ تمرینی ثبت نشده است.",
        },
        "without_notices": {
            "en": "Last rehearsal %(days)s days ago; writing and sending notices was not part of one within the last year.",
            "fr": "Dernier exercice il y a %(days)s jours ; rédiger et envoyer les avis n’a fait partie d’aucun depuis un an.",
            "fa": "آخرین تمرین %(days)s روز پیش بوده؛ در یک سال گذشته نوشتن و فرستادن اطلاعیه جزو هیچ تمرینی نبوده است.",
        },
        "done": {
            "en": "Rehearsed with notices %(days)s days ago.",
            "fr": "Exercice avec avis il y a %(days)s jours.",
            "fa": "%(days)s روز پیش تا مرحلهٔ اطلاع‌رسانی تمرین شده است.",
        },
    },
    examples=(
        Example(World(now=_NOW), ("unknown",)),
        Example(World(now=_NOW, plan=Plan()), ("missing",)),
        Example(World(now=_NOW, plan=Plan(rehearsed_on=date(2026, 5, 1))), ("partly",)),
        Example(World(now=_NOW, plan=Plan(notice_rehearsed_on=date(2026, 5, 1))), ("in place",)),
        Example(World(now=_NOW, plan=Plan(notice_rehearsed_on=date(2024, 5, 1))), ("partly",)),
    ),
)
