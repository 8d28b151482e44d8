"""A written response plan, renewed each year, and readable when the network is down."""

from datetime import date, datetime, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.sources import cis, cnil, nis2, nist
from amanat.prepare.world import Plan, World

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)


def _look(world: World) -> tuple[Seen, ...]:
    plan = world.plan
    if plan is None:
        return (Seen("unknown", "no_plan"),)
    if plan.written_on is None:
        return (Seen("missing", "unwritten"),)
    days = world.age_days(plan.written_on)
    found = [Seen("in place" if days <= 365 else "partly", "written" if days <= 365 else "old", {"days": days})]
    if plan.offline_copy is None:
        found.append(Seen("unknown", "copy_unknown"))
    elif not plan.offline_copy:
        found.append(Seen("partly", "no_copy"))
    return tuple(found)


CONTROL = Control(
    hurts=5,
    is_must=True,
    words={
        "en": Words(
            "A response plan within reach",
            "On the day nobody invents well. A plan that lies only on the encrypted server is no plan.",
            "Write who decides, in which order, and what may wait; print it or keep it on a device outside the network; renew it each year.",
        ),
        "fr": Words(
            "Un plan de réponse à portée de main",
            "Le jour venu, on improvise mal. Un plan qui n’existe que sur le serveur chiffré n’est pas un plan.",
            "Écrivez qui décide, dans quel ordre, et ce qui peut attendre ; imprimez-le ou gardez-le hors du réseau ; renouvelez-le chaque année.",
        ),
        "fa": Words(
            "برنامهٔ واکنشی که در دسترس است",
            "آن روز کسی خوب ابتکار نمی‌کند. برنامه‌ای که فقط روی سرور رمزشده باشد برنامه نیست.",
            "بنویسید چه کسی تصمیم می‌گیرد، به چه ترتیب، و چه چیزی می‌تواند صبر کند؛ چاپش کنید یا بیرون از شبکه نگهش دارید و هر سال تازه‌اش کنید.",
        ),
    },
    sources=(cis("17.4"), nist("ID.IM-04"), nis2("Art 21(2)(b)"), cnil("Gérer les incidents et les violations")),
    look=_look,
    says={
        "no_plan": {
            "en": "Nobody has entered a response plan ([plan] in controls.toml).",
            "fr": "Personne n’a saisi de plan de réponse ([plan] dans controls.toml).",
            "fa": "کسی برنامهٔ واکنش را وارد نکرده است ([plan] در controls.toml).",
        },
        "unwritten": {
            "en": "The plan has no date: nobody says that it was written.",
            "fr": "Le plan n’a pas de date : personne ne dit qu’il a été écrit.",
            "fa": "برنامه تاریخ ندارد: کسی نگفته که نوشته شده است.",
        },
        "written": {
            "en": "Written or renewed %(days)s days ago.",
            "fr": "Écrit ou renouvelé il y a %(days)s jours.",
            "fa": "%(days)s روز پیش نوشته یا تازه شده است.",
        },
        "old": {
            "en": "Last renewed %(days)s days ago; people and systems have changed since.",
            "fr": "Renouvelé pour la dernière fois il y a %(days)s jours ; personnes et systèmes ont changé depuis.",
            "fa": "آخرین بار %(days)s روز پیش تازه شده؛ از آن زمان آدم‌ها و سامانه‌ها عوض شده‌اند.",
        },
        "copy_unknown": {
            "en": "Nobody says whether a copy lies outside the network.",
            "fr": "Personne ne dit si une copie existe hors du réseau.",
            "fa": "کسی نگفته آیا نسخه‌ای بیرون از شبکه هست یا نه.",
        },
        "no_copy": {
            "en": "There is no copy outside the network: when it is down, so is the plan.",
            "fr": "Aucune copie hors du réseau : s’il tombe, le plan tombe avec lui.",
            "fa": "نسخه‌ای بیرون از شبکه نیست: شبکه که از کار بیفتد، برنامه هم از دست می‌رود.",
        },
    },
    examples=(
        Example(World(now=_NOW), ("unknown",)),
        Example(World(now=_NOW, plan=Plan()), ("missing",)),
        Example(World(now=_NOW, plan=Plan(written_on=date(2026, 3, 1), offline_copy=True)), ("in place",)),
        Example(World(now=_NOW, plan=Plan(written_on=date(2024, 3, 1), offline_copy=False)), ("partly", "partly")),
        Example(World(now=_NOW, plan=Plan(written_on=date(2026, 3, 1))), ("in place", "unknown")),
    ),
)
