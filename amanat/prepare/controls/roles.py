"""Each role has a person and a deputy, and nobody has two roles that check each other."""

from datetime import datetime, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.sources import cis, nist
from amanat.prepare.world import Plan, Role, World, a_company

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)
_LEAD = Role(role="lead", staff="a", deputy="b")


def _look(world: World) -> tuple[Seen, ...]:
    if world.plan is None:
        return (Seen("unknown", "no_plan"),)
    roles = world.plan.role
    if not roles:
        return (Seen("missing", "none"),)
    found = []
    people = [role.staff for role in roles]
    if double := sorted({role.role for role in roles if people.count(role.staff) > 1}):
        found.append(Seen("partly", "double", {"roles": ", ".join(double)}))
    if alone := [role.role for role in roles if not role.deputy or role.deputy == role.staff]:
        found.append(Seen("partly", "alone", {"roles": ", ".join(alone)}))
    known = {staff.id for staff in world.company.staff} if world.company else None
    if known is not None and (strange := [role.role for role in roles if not {role.staff, role.deputy} - {""} <= known]):
        found.append(Seen("unknown", "strange", {"roles": ", ".join(strange)}))
    return tuple(found) or (Seen("in place", "good", {"n": len(roles)}),)


CONTROL = Control(
    hurts=4,
    is_must=True,
    words={
        "en": Words(
            "Roles with deputies, one person each",
            "Whoever leads cannot also write the notices and answer the press. And the one who knows is on holiday that week.",
            "Name a person and a deputy for each role: incident lead, data protection, communication, IT, support. One person, one role.",
        ),
        "fr": Words(
            "Des rôles avec suppléants, une personne chacun",
            "Qui dirige ne peut pas aussi rédiger les avis et répondre à la presse. Et celle qui sait est en congé cette semaine-là.",
            "Nommez une personne et un suppléant par rôle : direction de crise, protection des données, communication, "
            "informatique, support. Une personne, un rôle.",
        ),
        "fa": Words(
            "نقش‌ها با جانشین، هر نفر یک نقش",
            "کسی که رهبری می‌کند نمی‌تواند هم اطلاعیه بنویسد و هم پاسخ مطبوعات را بدهد؛ و آن که می‌داند همان هفته مرخصی است.",
            "برای هر نقش یک نفر و یک جانشین تعیین کنید: رهبری رخداد، حفاظت داده، ارتباطات، فناوری، پشتیبانی. هر نفر یک نقش.",
        ),
    },
    sources=(cis("17.1, 17.5"), nist("GV.RR-02")),
    look=_look,
    says={
        "no_plan": {
            "en": "Nobody has entered a response plan ([plan] in controls.toml).",
            "fr": "Personne n’a saisi de plan de réponse ([plan] dans controls.toml).",
            "fa": "کسی برنامهٔ واکنش را وارد نکرده است ([plan] در controls.toml).",
        },
        "none": {
            "en": "The plan names no roles.",
            "fr": "Le plan ne nomme aucun rôle.",
            "fa": "برنامه هیچ نقشی را نام نبرده است.",
        },
        "double": {
            "en": "The same person holds several of these roles: %(roles)s.",
            "fr": "Une même personne tient plusieurs de ces rôles : %(roles)s.",
            "fa": "یک نفر چند تا از این نقش‌ها را دارد: %(roles)s.",
        },
        "alone": {
            "en": "No deputy for: %(roles)s.",
            "fr": "Pas de suppléant pour : %(roles)s.",
            "fa": "جانشین ندارند: %(roles)s.",
        },
        "strange": {
            "en": "Held by somebody whom company.toml does not know: %(roles)s.",
            "fr": "Tenus par quelqu’un que company.toml ne connaît pas : %(roles)s.",
            "fa": "در دست کسی که company.toml نمی‌شناسد: %(roles)s.",
        },
        "good": {
            "en": "%(n)s roles, each with a person of its own and a deputy.",
            "fr": "%(n)s rôles, chacun avec sa personne et un suppléant.",
            "fa": "%(n)s نقش، هر کدام با یک نفر و یک جانشین.",
        },
    },
    examples=(
        Example(World(now=_NOW), ("unknown",)),
        Example(World(now=_NOW, plan=Plan()), ("missing",)),
        Example(World(now=_NOW, plan=Plan(role=(_LEAD, Role(role="press", staff="c", deputy="d")))), ("in place",)),
        Example(World(now=_NOW, plan=Plan(role=(_LEAD, Role(role="press", staff="a", deputy="d")))), ("partly",)),
        Example(World(now=_NOW, plan=Plan(role=(Role(role="lead", staff="a"),))), ("partly",)),
        Example(World(now=_NOW, company=a_company(n_keys=2), plan=Plan(role=(_LEAD,))), ("unknown",)),
    ),
)
