"""A dry run: what a sending would come to by channel, what it costs, and what is odd about the addresses. Nothing is sent."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from amanat.notify import sms
from amanat.notify.mime import addresses_of
from amanat.notify.plan import Plan
from amanat.notify.same_record import home_of
from amanat.terms.company import Company, Price
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice

CODE = "0000-0000-0000-0"  # as long as every code
FEWEST = 20  # a domain with fewer persons could be somebody's own name


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRun:
    """One channel of a dry run."""

    channel: str
    n: int  # persons who are tried there first
    n_reserve: int  # persons for whom it stands ready if another fails
    n_units: int  # what is paid for: text messages in segments, letters in envelopes, all else in messages
    price: Price | None  # of all units; None when nobody entered what one costs


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What a sending would come to."""

    channels: tuple[ChannelRun, ...]
    domains: tuple[tuple[str, int], ...]  # mailbox providers with most persons; "" stands for all that have few
    n_left_out: int
    n_same_email: int  # persons whose e-mail address another person has as well
    n_same_household: int  # persons who share a postal address with another; each gets a letter of their own
    n_together: int  # records of a person whom the message to another record of theirs tells (`notify.same_record`)
    n_same_record: int  # persons whose name and every address are those of another record: perhaps one person, not surely; each is told
    n_shared_envelope: int  # letters that share an envelope with another of the household, where the company chose so
    n_minor: int
    n_deceased: int
    n_bad_email: int  # persons with an e-mail address on file and none that can be one
    n_no_contact: int  # persons on the list whom the register does not hold any more

    @property
    def odd(self) -> dict[str, int]:
        """What somebody should know of the list before it is sent: each number by its name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name.startswith("n_")}


def dry_run(plan: Plan, contacts: Iterable[Contact], notices: Sequence[Notice], company: Company) -> DryRun:
    """What sending the plan would come to. Persons are only counted; nothing of them is kept."""
    tally = Tally(notices, company)
    tally.add(plan, contacts)
    return tally.result()


class Tally:
    """Counts a plan in parts, each with its contacts; for lists that nobody wants to decrypt at once."""

    def __init__(self, notices: Sequence[Notice], company: Company) -> None:
        self._texts, self._company = {notice.id: notice for notice in notices}, company
        self._first: Counter[str] = Counter()
        self._reserve: Counter[str] = Counter()
        self._units: Counter[str] = Counter()
        self._domains: Counter[str] = Counter()
        self._emails: Counter[int] = Counter()
        self._homes: Counter[int] = Counter()
        self._records: Counter[int] = Counter()
        self._n: Counter[str] = Counter()
        self._segments: dict[tuple[str, str], int] = {}

    def add(self, plan: Plan, contacts: Iterable[Contact]) -> None:
        """Counts a part of the list; `contacts` of its persons, in any order and with others among them."""
        columns = (plan.sendings[c].to_pylist() for c in ("person_id", "channel", "notice_id"))
        firsts = {person: (channel, notice) for person, channel, notice in zip(*columns, strict=True)}
        first = Counter(channel for channel, _ in firsts.values())
        self._first.update(first)
        self._units.update({channel: n for channel, n in first.items() if channel != "sms"})
        self._reserve.update(plan.further["channel"].to_pylist())
        self._n.update({"planned": len(firsts), "left_out": plan.left_out.num_rows, "together": plan.together.num_rows})
        self.share_envelopes(plan.envelopes)
        for contact in contacts:
            if contact.person_id in firsts:
                self._count(contact, *firsts[contact.person_id])

    def share_envelopes(self, envelopes: pa.Table) -> None:
        """Counts letters of one envelope as one that is paid for."""
        self._n["enveloped"] += envelopes.num_rows
        self._units["letter"] -= envelopes.num_rows - pc.count_distinct(envelopes["envelope"]).as_py()

    def exchange(self, old: "Tally", new: "Tally") -> None:
        """Counts `new` in place of `old`, which was counted here before: what came to be planned otherwise."""
        for name in ("_first", "_reserve", "_units", "_domains", "_emails", "_homes", "_records", "_n"):
            mine: Counter[object] = getattr(self, name)
            mine.subtract(getattr(old, name))
            mine.update(getattr(new, name))
            setattr(self, name, +mine)

    def _count(self, contact: Contact, channel: str, notice_id: str) -> None:
        n, addresses = self._n, addresses_of(contact)
        n["found"] += 1
        n["minor"] += bool(contact.minor)
        n["deceased"] += bool(contact.deceased)
        n["bad_email"] += bool(contact.emails) and not addresses
        if addresses:
            self._emails[hash(addresses[0].casefold())] += 1
        if contact.address:
            self._homes[hash(home_of(contact))] += 1
        if record := _record_of(contact):
            self._records[hash(record)] += 1
        if channel == "email" and addresses:
            self._domains[addresses[0].rpartition("@")[2].lower()] += 1
        if channel == "sms":
            key = (notice_id, contact.residence or "")
            if key not in self._segments:
                text = sms.short_text(self._texts[notice_id], self._company, CODE, contact.residence)
                self._segments[key] = sms.size_of(text).n_segments
            self._units["sms"] += self._segments[key]

    def result(self) -> DryRun:
        """What was counted so far."""
        many = [(domain, k) for domain, k in self._domains.most_common() if k >= FEWEST][:10]
        few = self._domains.total() - sum(k for _, k in many)
        n = self._n
        return DryRun(
            channels=tuple(
                ChannelRun(channel=c, n=self._first[c], n_reserve=self._reserve[c], n_units=self._units[c], price=self._price(c))
                for c in sorted({*self._first, *self._reserve})
            ),
            domains=(*many, *([("", few)] if few else [])),
            n_left_out=n["left_out"],
            n_same_email=sum(k for k in self._emails.values() if k > 1),
            n_same_household=sum(k for k in self._homes.values() if k > 1),
            n_together=n["together"],
            n_same_record=sum(k for k in self._records.values() if k > 1),
            n_shared_envelope=n["enveloped"],
            n_minor=n["minor"],
            n_deceased=n["deceased"],
            n_bad_email=n["bad_email"],
            n_no_contact=n["planned"] - n["found"],
        )

    def _price(self, channel: str) -> Price | None:
        unit = self._company.price_of(channel)
        return Price((unit.amount * self._units[channel]).quantize(Decimal("0.01")), unit.currency) if unit else None


def _record_of(contact: Contact) -> tuple[object, ...]:
    """What makes two records look like one person: the same name and every address the same; empty where too little is known."""
    why = "whether the register holds the person twice"
    name = " ".join(contact.name.reveal(why=why).casefold().split()) if contact.name else ""
    wires = frozenset(value.reveal(why=why).casefold().strip() for value in (*contact.emails, *contact.phones))
    home = home_of(contact)
    return (name, wires, home, contact.residence) if name and (wires or home) else ()
