"""Affected persons in and out of the database: bulk load, one person's secret, look-up by blind index."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, models, transaction

from amanat.lib.private import Private
from amanat.terms.contact import Contact
from amanat.web.respond.models import Incident
from amanat.web.scope.models import AffectedPerson

SECRET = "scope_affectedperson.secret"  # noqa: S105  the column that values are bound to
_COLUMNS = "id incident_id secret person_index email_index residence language minor state basis letter_group".split()
_TYPES = "uuid uuid bytea bytea bytea varchar varchar bool varchar varchar varchar".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An affected person as stages hand them over; everything about who it is, is encrypted when it is stored."""

    person_id: str = field(repr=False)
    kinds: tuple[str, ...]
    n_findings: int
    n_records: int
    belief: float
    state: str
    basis: str
    residence: str | None
    language: str | None
    minor: bool | None
    letter_group: str = ""
    name: str = field(default="", repr=False)
    emails: tuple[str, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    address: str = field(default="", repr=False)
    needs: str = field(default="", repr=False)
    deceased: bool | None = field(default=None, repr=False)
    birth_date: str | None = field(default=None, repr=False)  # "": the register holds none; None: nobody looked
    national_mark: str = field(default="", repr=False)  # tells two national numbers apart; the number itself is not kept
    controllers: tuple[str, ...] = ()  # for whom we process their data; empty: for ourselves
    duty_ids: tuple[str, ...] = ()
    channel_order: tuple[str, ...] = ()
    places: tuple[dict[str, Any], ...] = ()
    parts: tuple[dict[str, Any], ...] = ()  # of an outsider: the values they were put together from: {"part", "kinds", "n_findings", "n_records"}
    bases: tuple[dict[str, Any], ...] = ()  # why they are listed, where it is not the files alone: {"basis", "source", "kinds", "belief"}


_CLEAR = {"state", "basis", "residence", "language", "minor", "letter_group"}


@transaction.atomic
def load(incident: Incident, people: Iterable[Person]) -> int:
    """Replaces the incident's persons with these and returns their number; by binary COPY, so millions take minutes.

    A person who was there before keeps their row id, because sendings and receipts point to it. Somebody who is not found any
    more stays when a message went to them or a reviewer judged them: as "refused", "merged" or "past". `people` must not query the database itself.
    """
    keys = incident.keys()
    # Read before the COPY begins: until it ends, this connection answers nothing else.
    known = {bytes(index): row for index, row in AffectedPerson.objects.filter(incident=incident).values_list("person_index", "id")}
    n = 0
    with connection.cursor() as cursor:
        cursor.execute("create temporary table incoming (like scope_affectedperson) on commit drop")
        with cursor.copy(f"copy incoming ({', '.join(_COLUMNS)}) from stdin (format binary)") as copy:
            copy.set_types(_TYPES)
            for person in people:
                index = keys.blind("person", person.person_id)
                row = known.get(index) or uuid4()
                secret = as_secret(person)
                copy.write_row(
                    (
                        row,
                        incident.pk,
                        keys.encrypt(secret, place=SECRET, row=row),
                        index,
                        keys.blind("email", normal_email(person.emails[0])) if person.emails else None,
                        person.residence,
                        person.language,
                        person.minor,
                        person.state,
                        person.basis,
                        person.letter_group,
                    )
                )
                n += 1
        updates = ", ".join(f"{c} = excluded.{c}" for c in _COLUMNS[2:])
        gone = "from scope_affectedperson p where p.incident_id = %s and not exists (select 1 from incoming i where i.id = p.id)"
        kept = " or ".join(f"exists (select 1 from {table} k where k.{column} = p.id)" for table, column in _kept_for())  # noqa: S608
        cursor.execute(f"delete {gone} and not ({kept})", [incident.pk])
        # They are owed nothing new: the letter group goes, what was sent stays.
        cursor.execute(
            "update scope_affectedperson set letter_group = '', state = case when state in ('refused', 'merged') then state else 'past' end "  # noqa: S608
            f"where id in (select p.id {gone})",
            [incident.pk],
        )
        cursor.execute(
            f"insert into scope_affectedperson ({', '.join(_COLUMNS)}) select {', '.join(_COLUMNS)} from incoming "  # noqa: S608  names are ours
            f"on conflict (id) do update set {updates}"
        )
        cursor.execute("drop table incoming")
    return n


def as_secret(person: Person) -> dict[str, Any]:
    """What of a person is encrypted."""
    return {name: value for name, value in asdict(person).items() if name not in _CLEAR}


def of_contact(contact: Contact, *, basis: str) -> Person:
    """A person of the register of whom nothing was found yet."""

    def value(private: Private | None) -> str:
        return private.reveal(why="encrypted into the incident's table") if private else ""

    return Person(
        person_id=contact.person_id,
        kinds=(),
        n_findings=0,
        n_records=0,
        belief=1.0,
        state="sure",
        basis=basis,
        residence=contact.residence,
        language=contact.language,
        minor=contact.minor,
        name=value(contact.name),
        emails=tuple(map(value, contact.emails)),
        phones=tuple(map(value, contact.phones)),
        address=value(contact.address),
        needs=value(contact.needs),
        deceased=contact.deceased,
        birth_date=value(contact.birth_date),
        national_mark=mark_of(contact.national_id),
        controllers=contact.controllers,
    )


def mark_of(number: Private | None) -> str:
    """What is kept of a national number; empty where the register holds none."""
    text = "".join(number.reveal(why="only a mark of it is kept").split()).casefold() if number else ""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest() if text else ""


def _kept_for() -> list[tuple[str, str]]:
    """Tables and columns that point to a person and must not lose them."""
    protecting = (f for f in AffectedPerson._meta.get_fields(include_hidden=True) if f.one_to_many and f.on_delete is models.PROTECT)
    return sorted({(f.related_model._meta.db_table, f.field.column) for f in protecting})


def reveal(incident: Incident, row: AffectedPerson) -> dict[str, Any]:
    """What is encrypted of one person. The view that calls it needs the permission "see_people" and writes to the journal."""
    return incident.keys().decrypt(row.secret, place=SECRET, row=row.id)


def reveal_many(incident: Incident, rows: Iterable[AffectedPerson]) -> Iterable[tuple[UUID, dict[str, Any]]]:
    """The same for many, with the keys unwrapped once."""
    keys = incident.keys()
    for row in rows:
        yield row.id, keys.decrypt(row.secret, place=SECRET, row=row.id)


def find(incident: Incident, *, person_id: str = "", email: str = "") -> AffectedPerson | None:
    """The person with this register id or first e-mail address, through the blind index."""
    keys = incident.keys()
    rows = AffectedPerson.objects.filter(incident=incident)
    if person_id:
        return rows.filter(person_index=keys.blind("person", person_id)).first()
    return rows.filter(email_index=keys.blind("email", normal_email(email))).first()


def one_at_a_time(person: UUID) -> None:
    """Waits until nobody else does something for this person, and holds others back until the transaction ends.

    No lock on their row: that would take the right to change it, which the public door does not have.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"person {person}"])


def normal_email(address: str) -> str:
    """One spelling of an address for look-ups.

    >>> normal_email(" Sara@Example.ORG")
    'sara@example.org'
    """
    return address.strip().casefold()
