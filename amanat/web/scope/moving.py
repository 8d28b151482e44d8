"""One affected person put into another state, or given other content, with the counts of the newest run beside."""

from typing import Any

from amanat.web.respond.models import Incident
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson, ScopeRow
from amanat.web.scope.queries import newest

_COLUMN = {"sure": "n_sure", "review": "n_review", "outsider": "n_outsiders"}


def put(incident: Incident, row: AffectedPerson, secret: dict[str, Any], *, state: str) -> None:
    """Gives a person this state and content; duties towards who was not sure before follow with the next run."""
    is_new = row._state.adding
    before = ("", []) if is_new else (row.state, people.reveal(incident, row)["kinds"])
    row.state, row.letter_group = state, row.letter_group if state == "sure" else ""
    row.secret = incident.keys().encrypt(secret, place=people.SECRET, row=row.id)
    row.save() if is_new else row.save(update_fields=["state", "secret", "letter_group"])
    _count(incident, row, before, (state, secret["kinds"]))


def take_out(incident: Incident, row: AffectedPerson) -> None:
    """Somebody who was only made by a decision that was taken back. Raises ProtectedError when other things hang on them."""
    before = (row.state, people.reveal(incident, row)["kinds"])
    row.delete()
    _count(incident, row, before, ("", []))


def _count(incident: Incident, row: AffectedPerson, before: tuple[str, list[str]], after: tuple[str, list[str]]) -> None:
    found = newest(incident)
    if found is None:
        return
    counted = ScopeRow.objects.select_for_update().get(pk=found.pk)
    cells = {(c["kind"], c["residence"], c["language"], c["state"]): c["n"] for c in counted.counts}
    for (state, kinds), step in ((before, -1), (after, 1)):
        if state not in _COLUMN:
            continue
        setattr(counted, _COLUMN[state], max(0, getattr(counted, _COLUMN[state]) + step))
        for kind in kinds:
            key = (kind, row.residence, row.language, state)
            cells[key] = max(0, cells.get(key, 0) + step)
    counted.counts = [{"kind": k, "residence": r, "language": lang, "state": s, "n": n} for (k, r, lang, s), n in cells.items() if n]
    counted.save(update_fields=["counts", *_COLUMN.values()])
