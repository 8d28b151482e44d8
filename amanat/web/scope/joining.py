"""Persons who are the same, and who are several: what a reviewer says of it is seen at once, and can be taken back until the next run.

The next run learns the decision and makes the same of the findings themselves (`scope.reviewed`); then nothing of this is needed any more.
"""

from typing import Any
from uuid import UUID, uuid4

from django.db.models import ProtectedError

from amanat.terms.contact import Contact
from amanat.terms.kinds import kinds_of, mask_of
from amanat.web.respond.models import Incident
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson, Review
from amanat.web.scope.moving import put, take_out

OUTSIDE = "out-"  # how scope calls persons who are not in the register
_CONTENT = ("kinds", "n_findings", "n_records", "places", "belief")


class StillDecided(Exception):
    """Something was decided about a person who would be gone if this decision were taken back."""


def stays(incident: Incident, number: str) -> AffectedPerson | None:
    """Who stays when somebody is merged with this number: where that person was merged too, the one who stayed then."""
    row, seen = people.find(incident, person_id=number), set[UUID]()
    while row is not None and row.state == "merged" and row.pk not in seen:
        seen.add(row.pk)
        last = Review.objects.filter(person=row).order_by("-at").first()
        row = people.find(incident, person_id=last.same_as) if last is not None and last.same_as else None
    return row


def join(incident: Incident, row: AffectedPerson, other: AffectedPerson | None, contact: Contact | None) -> None:
    """Gives the person who stays what was found of the one who was merged.

    Args:
        other: who stays; None for a person of the register whom no key led to so far, who is then made from their `contact`.
    """
    if other is None:
        if contact is None:
            return  # the next run finds them
        other = _made(incident, row, contact)
        secret = people.as_secret(people.of_contact(contact, basis=row.basis))
    else:
        secret = people.reveal(incident, other)
        secret.setdefault("own", {name: secret.get(name) or () if name == "places" else secret[name] for name in _CONTENT} | {"state": other.state})
    secret["joined"] = [*secret.get("joined", ()), str(row.pk)]
    _put_together(incident, other, secret)


def unjoin(incident: Incident, row: AffectedPerson, other: AffectedPerson | None) -> None:
    """Takes from the person who stayed what was not theirs."""
    if other is None:
        return
    secret = people.reveal(incident, other)
    left = [pk for pk in secret.get("joined", ()) if pk != str(row.pk)]
    if len(left) == len(secret.get("joined", ())):
        return  # a run has been since, or somebody else stayed
    secret["joined"] = left
    if not left and "own" not in secret:
        try:
            take_out(incident, other)
        except ProtectedError:
            put(incident, other, secret | {"kinds": [], "n_findings": 0, "n_records": 0, "places": []}, state="past")
        return
    _put_together(incident, other, secret)


def divide(incident: Incident, row: AffectedPerson) -> None:
    """Makes one person of each value that an outsider was put together from; this one keeps the value they are called after."""
    secret = people.reveal(incident, row)
    parts = {part["part"]: part for part in secret.get("parts") or ()}
    mine = parts.pop(secret["person_id"], None)
    if mine is None or not parts:
        return  # the next run divides them
    made = []
    for part in parts.values():
        if people.find(incident, person_id=part["part"]) is not None:
            continue
        one = people.Person(
            **{name: part[name] for name in ("n_findings", "n_records")}, person_id=part["part"], kinds=tuple(part["kinds"]), belief=secret["belief"],
            state="outsider", basis=row.basis, residence=row.residence, language=row.language, minor=row.minor,
        )  # fmt: skip
        new = AffectedPerson(id=uuid4(), incident=incident, residence=row.residence, language=row.language, minor=row.minor, basis=row.basis)
        new.person_index = incident.keys().blind("person", one.person_id)
        put(incident, new, people.as_secret(one), state="outsider")
        made.append(str(new.pk))
    whole = {name: secret[name] for name in ("kinds", "n_findings", "n_records")}
    secret |= {name: mine[name] for name in whole} | {"whole": whole, "made": made}
    put(incident, row, secret, state="outsider")


def undivide(incident: Incident, row: AffectedPerson) -> None:
    """Puts together again who was divided. Raises StillDecided when somebody of them was decided about since."""
    secret = people.reveal(incident, row)
    if "whole" not in secret:
        return  # a run has been since
    for one in AffectedPerson.objects.filter(incident=incident, pk__in=secret["made"]):
        if Review.objects.filter(person=one).exists() or people.reveal(incident, one).get("joined"):
            raise StillDecided
        try:
            take_out(incident, one)
        except ProtectedError:
            raise StillDecided from None
    secret |= secret.pop("whole")
    del secret["made"]
    put(incident, row, secret, state="outsider")


def _made(incident: Incident, row: AffectedPerson, contact: Contact) -> AffectedPerson:
    new = AffectedPerson(id=uuid4(), incident=incident, state="sure", basis=row.basis, minor=contact.minor)
    new.residence, new.language = contact.residence, contact.language
    keys = incident.keys()
    new.person_index = keys.blind("person", contact.person_id)
    email = contact.emails[0].reveal(why="blind index of who stays") if contact.emails else ""
    new.email_index = keys.blind("email", people.normal_email(email)) if email else None
    return new


def _put_together(incident: Incident, other: AffectedPerson, secret: dict[str, Any]) -> None:
    """The person's own content and that of all who are the same person."""
    own = secret.get("own") or {"kinds": [], "n_findings": 0, "n_records": 0, "places": [], "belief": 1.0, "state": "sure"}
    joined = [people.reveal(incident, one) for one in AffectedPerson.objects.filter(incident=incident, pk__in=secret["joined"]).order_by("pk")]
    every = [own, *joined]
    is_known = not str(secret["person_id"]).startswith(OUTSIDE)
    secret |= {
        "kinds": list(kinds_of(mask_of([kind for one in every for kind in one["kinds"]]))),
        "n_findings": sum(one["n_findings"] for one in every),
        "n_records": sum(one["n_records"] for one in every),
        "places": [place for one in every for place in one.get("places") or ()],
        # What a reviewer says of a person of the register makes them sure; two outsiders stay outside.
        "belief": 1.0 if is_known and joined else own["belief"],
    }
    put(incident, other, secret, state="sure" if is_known and joined else own["state"])
    if not joined:
        del secret["joined"], secret["own"]
        put(incident, other, secret, state=other.state)
