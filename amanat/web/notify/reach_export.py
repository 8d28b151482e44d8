"""The reach board person by person: what became of each on each channel, as CSV or Parquet, and the same counted by kind of harm.

The file names nobody: a person is the number of their row here, which staff can look up. Yet it says of each what was exposed, so it is
handed out like the list of persons: for a written reason.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from amanat.terms.kinds import KINDS
from amanat.web import row_files
from amanat.web.notify import together
from amanat.web.notify.models import ReceiptRow, SendingRow
from amanat.web.notify.own_page import PORTAL
from amanat.web.notify.queries import FAILED, OPEN, REACHED
from amanat.web.respond.models import Incident
from amanat.web.row_files import BATCH, batched, csv_lines
from amanat.web.scope.models import AffectedPerson
from amanat.web.scope.people import reveal_many

FORMATS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
COLUMNS = ("person", "residence", "language", "letter_group", "harm", "standing", "channel", "turn", "state", "portal", "at", "answer")
AT_ONCE = 20_000  # persons that are decrypted while a page waits
RANKS = ("never", "failed", "unsure", "open", "reached")


def rows(incident: Incident) -> Iterator[dict[str, Any]]:
    """A row for each person who is owed a message and each channel of theirs, in the order of turns; one with no channel for who has none.

    Raises KeysErased.
    """
    for people in _batches(incident):
        harms = {pk: harms_of(secret["kinds"]) for pk, secret in reveal_many(incident, people)}
        sendings: dict[Any, list[SendingRow]] = {}
        ours = {one.pk for one in people}
        with_others = together.told_by(ours)
        asked = ours | {first for _approval, first in with_others}
        for sending in SendingRow.objects.filter(incident=incident, person__in=asked).order_by("turn", "pk"):
            for person_pk in (sending.person_id, *with_others.get((sending.approval_id, sending.person_id), ())):
                if person_pk in ours:
                    sendings.setdefault(person_pk, []).append(sending)
        answers = _last_answers([one.pk for some in sendings.values() for one in some])
        for person in people:
            mine = sendings.get(person.pk, [])
            shared = {
                "person": str(person.pk),
                "residence": person.residence or "",
                "language": person.language or "",
                "letter_group": person.letter_group,
                "harm": sorted(harms[person.pk]),
                "standing": RANKS[max((rank_of(one.state) for one in mine), default=0)],
            }
            for one in mine:
                yield shared | {
                    "channel": one.channel,
                    "turn": one.turn,
                    "state": one.state,
                    "portal": in_portal(one.channel, one.state),
                    "at": one.changed_at,
                    "answer": answers.get(one.pk, ""),
                }
            if not mine:
                yield shared | {"channel": "", "turn": None, "state": "never", "portal": "", "at": None, "answer": ""}


def by_harm(incident: Incident) -> list[dict[str, Any]]:
    """Persons by family of what was exposed and by what became of them, those with most left first; a person counts in each of theirs."""
    found: Counter[tuple[str, str]] = Counter()
    for people in _batches(incident):
        best: dict[Any, int] = {}
        ours = {one.pk for one in people}
        with_others = together.told_by(ours)
        sendings = SendingRow.objects.filter(incident=incident, person__in=ours | {first for _approval, first in with_others})
        for approval, first, state in sendings.values_list("approval_id", "person_id", "state"):
            for person in (first, *with_others.get((approval, first), ())):
                best[person] = max(best.get(person, 0), rank_of(state))
        for pk, secret in reveal_many(incident, people):
            for harm in harms_of(secret["kinds"]):
                found[harm, RANKS[best.get(pk, 0)]] += 1
    table = []
    for harm in {harm for harm, _state in found}:
        n = {state: found[harm, state] for state in RANKS}
        table.append({"name": harm, "n_left": sum(n.values()) - n["reached"], **{f"n_{state}": k for state, k in n.items()}})
    return sorted(table, key=lambda row: (-row["n_left"], -row["n_reached"], row["name"]))


def as_csv(incident: Incident) -> Iterator[bytes]:
    """Piece by piece, as a spreadsheet may open it."""
    return csv_lines(COLUMNS, rows(incident))


def write_parquet(incident: Incident, file: Path) -> None:
    """The same with lists as lists and moments as moments."""
    import pyarrow as pa

    types = {"harm": pa.list_(pa.string()), "turn": pa.int16(), "at": pa.timestamp("us", tz="UTC")}
    row_files.write_parquet(file, pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS]), rows(incident))


def harms_of(kinds: list[str]) -> set[str]:
    """The families of kinds of data; a kind that we do not know is a harm of its own."""
    return {KINDS[kind].family if kind in KINDS else kind for kind in kinds}


def in_portal(channel: str, state: str) -> str:
    """Whether a message in a portal was opened or only placed there; empty for others, and for one that is neither.

    >>> in_portal("portal", "accepted"), in_portal("portal", "delivered"), in_portal("email", "delivered")
    ('placed', 'opened', '')
    """
    return {"accepted": "placed", "delivered": "opened", "opened_page": "opened"}.get(state, "") if channel == PORTAL else ""


def rank_of(state: str) -> int:
    """How good a state is, as a place in RANKS; what waits in reserve tells nobody."""
    return 4 if state in REACHED else 3 if state in OPEN else 2 if state == "unsure" else 1 if state in FAILED else 0


def _batches(incident: Incident) -> Iterator[list[AffectedPerson]]:
    owed = AffectedPerson.objects.filter(incident=incident, state="sure").exclude(letter_group="").order_by("pk")
    return batched(owed.iterator(chunk_size=BATCH), BATCH)


def _last_answers(sendings: list[Any]) -> dict[Any, str]:
    found = ReceiptRow.objects.filter(sending__in=sendings).order_by("sending_id", "-pk").distinct("sending_id")
    return dict(found.values_list("sending_id", "answer"))
