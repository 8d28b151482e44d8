"""The reach board: who was told, on the way, not sure, failed or never written to, by place, language and channel."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from amanat.web.notify.models import ReceiptRow, SendingRow
from amanat.web.notify.own_page import PORTAL
from amanat.web.notify.queries import FAILED, OPEN, REACHED
from amanat.web.respond.models import Incident

WORST_ANSWERS = 6  # what servers said most often

# One pass over the sendings and one join, so that a million persons are counted in seconds. A person counts by their best sending;
# the second record of somebody by the message to the first.
_PERSONS = """
select p.residence, p.language, coalesce(s.best, 0), count(*)
from scope_affectedperson p
left join (
    select person_id, max(case when state = any(%(reached)s) then 4 when state = any(%(open)s) then 3 when state = 'unsure' then 2
                               when state = any(%(failed)s) then 1 else 0 end) as best
    from (
        select person_id, state from notify_sendingrow where incident_id = %(incident)s
        union all
        select t.person_id, m.state from notify_togetherrow t
        join notify_sendingrow m on m.approval_id = t.approval_id and m.person_id = t.told_with_id
        where t.incident_id = %(incident)s
    ) each_state group by person_id
) s on s.person_id = p.id
where p.incident_id = %(incident)s and p.state = 'sure' and p.letter_group <> ''
group by 1, 2, 3
"""
_RANKS = ("never", "failed", "unsure", "open", "reached")


@contextmanager
def at_one_moment() -> Iterator[None]:
    """All that is read inside is of one moment: while messages go out, no number of the board contradicts the one beside it."""
    if connection.in_atomic_block:  # whoever called has decided already how things are read
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read")
        yield


def board(incident: Incident) -> dict[str, Any]:
    """Persons by what became of them; tables by place, language and channel, those with most left first."""
    counts: dict[str, Counter[tuple[str, str]]] = {"place": Counter(), "language": Counter()}
    total: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_PERSONS, {"incident": incident.pk, "reached": list(REACHED), "open": list(OPEN), "failed": list(FAILED)})
        for place, language, rank, n in cursor.fetchall():
            state = _RANKS[rank]
            total[state] += n
            counts["place"][place or "", state] += n
            counts["language"][language or "", state] += n
    return {
        "n": total.total(),
        "n_left": total.total() - total["reached"],
        **{f"n_{state}": total[state] for state in _RANKS},
        **{what: _table(found, what) for what, found in counts.items()},
        **_placed(incident),
        "channel": _channels(incident),
        "answers": _answers(incident),
    }


# Placed is not read: whom nothing else told.
_PLACED_ALONE = """
select count(distinct s.person_id) from notify_sendingrow s
where s.incident_id = %(incident)s and s.channel = %(portal)s and s.state = 'accepted' and not exists (
    select from notify_sendingrow o where o.incident_id = s.incident_id and o.person_id = s.person_id
    and o.state = any(%(reached)s) and not (o.channel = %(portal)s and o.state = 'accepted')
)
"""


def _placed(incident: Incident) -> dict[str, int]:
    """Messages in a portal, placed and opened apart, and the persons for whom one that is not opened is all there is."""
    in_portal = SendingRow.objects.filter(incident=incident, channel=PORTAL)
    found = dict(in_portal.values_list("state").annotate(n=Count("id")).order_by())
    counts = {"n_placed": found.get("accepted", 0), "n_opened": found.get("delivered", 0) + found.get("opened_page", 0), "n_placed_alone": 0}
    if counts["n_placed"]:
        with connection.cursor() as cursor:
            cursor.execute(_PLACED_ALONE, {"incident": incident.pk, "portal": PORTAL, "reached": list(REACHED)})
            counts["n_placed_alone"] = int(cursor.fetchone()[0])
    return counts


def _channels(incident: Incident) -> list[dict[str, Any]]:
    """Messages, not persons: told, open, unsure, failed, and held in reserve for whom the channel before does not reach."""
    found: Counter[tuple[str, str]] = Counter()
    for name, state, n in SendingRow.objects.filter(incident=incident).values_list("channel", "state").annotate(n=Count("id")).order_by():
        rank = "reached" if state in REACHED else "failed" if state in FAILED else "open" if state in OPEN else state
        found[name, rank] += n
    # Whom the first channel reached needs no second one: their reserve will not be used. Of whom has not opened theirs in a portal it may be.
    reached = SendingRow.objects.filter(incident=incident, state__in=REACHED)
    told = reached.exclude(channel=PORTAL, state="accepted").values("person")
    in_reserve = SendingRow.objects.filter(incident=incident, state="idle").exclude(person__in=told)
    reserve = dict(in_reserve.values_list("channel").annotate(n=Count("id")).order_by())
    names = sorted({name for name, _state in found})
    return [
        {"name": name, **{f"n_{s}": found[name, s] for s in ("reached", "open", "unsure", "failed")}, "n_reserve": reserve.get(name, 0)}
        for name in names
    ]


def _answers(incident: Incident) -> list[tuple[str, int]]:
    """What servers said when they refused, most often first; without addresses, as receipts keep it."""
    refused = ReceiptRow.objects.filter(sending__incident=incident, state__in=FAILED).exclude(answer="")
    return list(refused.values_list("answer").annotate(n=Count("id")).order_by("-n", "answer")[:WORST_ANSWERS])


def _table(found: Counter[tuple[str, str]], what: str) -> list[dict[str, Any]]:
    rows = []
    for name in {name for name, _state in found}:
        n = {state: found[name, state] for state in _RANKS}
        rows.append({what: name, "name": name, "n_left": sum(n.values()) - n["reached"], **{f"n_{s}": k for s, k in n.items()}})
    return sorted(rows, key=lambda r: (-r["n_left"], -r["n_reached"], r["name"]))
