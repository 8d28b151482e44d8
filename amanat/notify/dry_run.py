"""A dry run: what a sending would come to by channel, what it costs, and what is odd about the addresses. Nothing is sent."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from amanat.notify import sms
from amanat.notify.mime import addresses_of
from amanat.notify.plan import Plan
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
    n_units: int  # what is paid for: text messages in segments, all else in messages
    price: Price | None  # of all units; None when nobody entered what one costs


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What a sending would come to."""

    channels: tuple[ChannelRun, ...]
    domains: tuple[tuple[str, int], ...]  # mailbox providers with most persons; "" stands for all that have few
    n_left_out: int
    n_same_email: int  # persons whose e-mail address another person has as well
    n_same_household: int  # persons who share a postal address with another; each gets a letter of their own all the same
    n_minor: int
    n_deceased: int
    n_bad_email: int  # persons with an e-mail address on file and none that can be one
    n_no_contact: int  # persons on the list whom the register does not hold any more


def dry_run(plan: Plan, contacts: Iterable[Contact], notices: Sequence[Notice], company: Company) -> DryRun:
    """What sending the plan would come to. Persons are only counted; nothing of them is kept."""
    firsts = dict(
        zip(plan.sendings["person_id"].to_pylist(), zip(*(plan.sendings[c].to_pylist() for c in ("channel", "notice_id")), strict=True), strict=True)
    )
    texts = {notice.id: notice for notice in notices}
    first: Counter[str] = Counter(channel for channel, _ in firsts.values())
    reserve: Counter[str] = Counter(plan.further["channel"].to_pylist())
    units: Counter[str] = Counter({channel: n for channel, n in first.items() if channel != "sms"})
    domains: Counter[str] = Counter()
    emails: Counter[int] = Counter()
    homes: Counter[int] = Counter()
    n: Counter[str] = Counter()
    segments: dict[tuple[str, str], int] = {}
    for contact in contacts:
        if contact.person_id not in firsts:
            continue
        n["found"] += 1
        channel, notice_id = firsts[contact.person_id]
        n["minor"] += bool(contact.minor)
        n["deceased"] += bool(contact.deceased)
        addresses = addresses_of(contact)
        n["bad_email"] += bool(contact.emails) and not addresses
        if addresses:
            emails[hash(addresses[0].casefold())] += 1
        if contact.address:
            homes[hash(" ".join(contact.address.reveal(why="whether others live there").casefold().replace(",", " ").split()))] += 1
        if channel == "email" and addresses:
            domains[addresses[0].rpartition("@")[2].lower()] += 1
        if channel == "sms":
            key = (notice_id, contact.residence or "")
            if key not in segments:
                segments[key] = sms.size_of(sms.short_text(texts[notice_id], company, CODE, contact.residence)).n_segments
            units["sms"] += segments[key]
    many = [(domain, k) for domain, k in domains.most_common() if k >= FEWEST][:10]
    few = domains.total() - sum(k for _, k in many)
    return DryRun(
        channels=tuple(
            ChannelRun(channel=c, n=first[c], n_reserve=reserve[c], n_units=units[c], price=_price(company, c, units[c]))
            for c in sorted({*first, *reserve})
        ),
        domains=(*many, *([("", few)] if few else [])),
        n_left_out=plan.left_out.num_rows,
        n_same_email=sum(k for k in emails.values() if k > 1),
        n_same_household=sum(k for k in homes.values() if k > 1),
        n_minor=n["minor"],
        n_deceased=n["deceased"],
        n_bad_email=n["bad_email"],
        n_no_contact=len(firsts) - n["found"],
    )


def _price(company: Company, channel: str, n: int) -> Price | None:
    unit = company.price_of(channel)
    return Price((unit.amount * n).quantize(Decimal("0.01")), unit.currency) if unit else None
