"""Two different people can approve a notice, each with a key of their own."""

from datetime import datetime, timezone

from amanat.prepare.control import Control, Example, Seen, Words
from amanat.prepare.sources import nist
from amanat.prepare.world import World, a_company

_NOW = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)


def _look(world: World) -> tuple[Seen, ...]:
    if world.company is None:
        return (Seen("unknown", "no_company"),)
    n = len({staff.public_key for staff in world.company.staff if staff.public_key})
    if n < 2:
        return (Seen("missing", "few", {"n": n}),)
    return (Seen("partly" if n == 2 else "in place", "just_two" if n == 2 else "enough", {"n": n}),)


CONTROL = Control(
    hurts=5,
    is_must=True,
    words={
        "en": Words(
            "Two people who may approve",
            "One approver is ill or on a plane, and the notices wait past the deadline. One alone also sends the wrong one alone.",
            "Give at least three members of staff in company.toml a key of their own (amanat notify approve), so that two are always awake.",
        ),
        "fr": Words(
            "Deux personnes pour approuver",
            "Un seul approbateur est malade ou en vol, et les avis attendent au-delà du délai. Seul, il envoie aussi seul le mauvais.",
            "Donnez à au moins trois membres du personnel, dans company.toml, leur propre clé (amanat notify approve), pour que "
            "deux soient toujours joignables.",
        ),
        "fa": Words(
            "دو نفر که می‌توانند تأیید کنند",
            "تأییدکنندهٔ تنها بیمار است یا در پرواز، و اطلاعیه‌ها از مهلت می‌گذرند؛ همان یک نفر اشتباه را هم تنها می‌فرستد.",
            "در company.toml به دست‌کم سه همکار کلید خودشان را بدهید (amanat notify approve) تا همیشه دو نفر در دسترس باشند.",
        ),
    },
    sources=(nist("PR.AA-05"), nist("GV.RR-02")),
    look=_look,
    says={
        "no_company": {
            "en": "No company.toml was given.",
            "fr": "Aucun company.toml n’a été donné.",
            "fa": "فایل company.toml داده نشده است.",
        },
        "few": {
            "en": "Only %(n)s different approval keys: a notice needs an author and another approver.",
            "fr": "Seulement %(n)s clés d’approbation différentes : un avis demande un auteur et un autre approbateur.",
            "fa": "تنها %(n)s کلید تأیید متفاوت هست: هر اطلاعیه یک نویسنده و یک تأییدکنندهٔ دیگر می‌خواهد.",
        },
        "just_two": {
            "en": "Exactly two can approve: when one is away, nothing goes out.",
            "fr": "Deux personnes exactement peuvent approuver : si l’une est absente, rien ne part.",
            "fa": "دقیقاً دو نفر می‌توانند تأیید کنند: اگر یکی نباشد هیچ چیز فرستاده نمی‌شود.",
        },
        "enough": {
            "en": "%(n)s members of staff have an approval key of their own.",
            "fr": "%(n)s membres du personnel ont leur propre clé d’approbation.",
            "fa": "%(n)s همکار کلید تأیید خودشان را دارند.",
        },
    },
    examples=(
        Example(World(now=_NOW), ("unknown",)),
        Example(World(now=_NOW, company=a_company(n_keys=1)), ("missing",)),
        Example(World(now=_NOW, company=a_company(n_keys=2)), ("partly",)),
        Example(World(now=_NOW, company=a_company(n_keys=3)), ("in place",)),
    ),
)
