"""What somebody reads to whom we wrote before: beside each text one for every version that was read last, with what changed since;
and at the end the last letter, to those who were told and to nobody else, on the channel that reached them.

Who read what is judged as it stood when the present text was written. So the list that two people approved stays the same while it is
sent, whatever arrives or bounces meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from amanat import notify, wording
from amanat.terms.notice import Notice
from amanat.web.accounts.models import Staff
from amanat.web.languages import LANGUAGES
from amanat.web.notify import others, together, touched
from amanat.web.notify.models import NoticeRow, ReceiptRow
from amanat.web.notify.queries import CLOSING, FAILED, REACHED, company_of, newest_letters
from amanat.web.notify.versions import write_version
from amanat.web.respond.models import FactRow, Incident
from amanat.web.scope.models import AffectedPerson

EASY = "-x-easy"


@dataclass(frozen=True, slots=True)
class Follows:
    """Whose text one person gets, and on which channel first; no channel: in the order that law and register give."""

    group: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """One message that reached somebody."""

    notice: UUID
    group: str
    language: str
    at: datetime
    channel: str
    back_at: datetime | None  # it bounced

    @property
    def key(self) -> str:
        """Tells this version from all others, in the name of a letter group."""
        return self.notice.hex[:8]


def keep(incident: Incident, *, by: Staff | None, now: datetime) -> int:
    """Writes the texts for those who read an earlier version, beside every text as it stands; returns how many changed."""
    base = {(row.letter_group, row.language): row for row in newest_letters(incident) if row.letter_group == notify.base_group(row.letter_group)}
    read_by = _received(incident)
    pks = {one.notice for each in read_by.values() if (one := _last(each, base)) is not None}
    n = 0
    for read in NoticeRow.objects.filter(pk__in=pks):
        row = base.get((notify.base_group(read.letter_group), read.language))
        if row is None or row.content_hash == read.content_hash:
            continue
        was, new = notify.notice_from(read.content), notify.notice_from(row.content)
        made = notify.since(new, was, key=read.pk.hex[:8], changed=_changed(incident, was, new, read.at))
        n += made is not None and _write(incident, made, row, by=by, now=now)
    return n


def followed_by(incident: Incident, persons: Sequence[AffectedPerson], rows: Sequence[NoticeRow]) -> Mapping[UUID, Follows]:
    """Of these persons, those who do not get the text of their letter group as it is.

    Whom nothing reached yet is owed their first letter, also when the last one goes to all others.
    """
    last_letters = {(row.letter_group, row.language): row for row in rows if row.letter_group == CLOSING}
    if last_letters:
        read_by = _received(incident, persons)
        told = {pk: next((one for one in each if one.group != CLOSING and _is_before(one, last_letters)), None) for pk, each in read_by.items()}
        return {pk: Follows(CLOSING, one.channel) for pk, one in told.items() if one}
    language_of = {row.letter_group: row.language for row in rows if row.letter_group != notify.base_group(row.letter_group)}
    if not language_of:
        return {}
    base = {(row.letter_group, row.language): row for row in rows}
    speaks: dict[str, list[str]] = {}
    for group, language in base:
        speaks.setdefault(group, []).append(language)
    default = company_of(incident).default_language
    read_by, found = _received(incident, persons), {}
    for person in persons:
        last = _last(read_by.get(person.pk, []), base)
        group = f"{person.letter_group}-since-{last.key}" if last else ""
        # Whoever reads another language by now gets the whole text in it; a quotation in the one of then would tell them nothing.
        if group in language_of and wording.language_for(person.language, speaks.get(person.letter_group, []), default) == language_of[group]:
            found[person.pk] = Follows(group)
    return found


def last_letters(incident: Incident, *, now: datetime) -> list[Notice]:
    """The last letter in every language in which persons are written to, with every public promise as it stands."""
    facts, company = others.with_counts(incident), company_of(incident)
    case = notify.Case(kinds=others.kinds_of(incident), promises=others.promises_of(incident))
    spoken = AffectedPerson.objects.filter(incident=incident, language__endswith=EASY).values_list("language", flat=True).distinct()
    easy = {tag for language in spoken if (tag := language.removesuffix(EASY)) in dict(LANGUAGES)}
    ours = [tag for tag, _name in LANGUAGES]
    made: list[Notice] = notify.closing_letters(facts, company, now=now, languages=ours, case=case)
    return made + notify.closing_letters(facts, company, now=now, languages=sorted(easy), case=case, is_easy=True)


def order_of(follows: Follows | None, order: Sequence[str]) -> list[str]:
    """The channels in their order, the one that reached this person first."""
    first = [follows.channel] if follows and follows.channel else []
    return [*first, *(name for name in order if name not in first)]


# ---- inside ----


def _received(incident: Incident, persons: Sequence[AffectedPerson] | None = None) -> dict[UUID, list[Read]]:
    """What reached each person, the newest first."""
    rows = ReceiptRow.objects.filter(sending__incident=incident, state__in=REACHED, sending__notice__audience="individuals")
    ours = {person.pk for person in persons} if persons is not None else set()
    told_by = together.told_by(ours)
    if persons is not None:
        rows = rows.filter(sending__person__in=ours | {first for _approval, first in told_by})
    back = ReceiptRow.objects.filter(sending=OuterRef("sending"), state__in=FAILED).order_by("at").values("at")[:1]
    about = ("sending__approval_id", "sending__notice_id", "sending__notice__letter_group", "sending__notice__language", "at", "sending__channel")
    found: dict[UUID, list[Read]] = {}
    for first, approval, *read in rows.order_by("-at", "-id").values_list("sending__person_id", *about, Subquery(back)).iterator():
        for person in (first, *told_by.get((approval, first), ())):
            found.setdefault(person, []).append(Read(*read))
    return found


def _last(received: Sequence[Read], base: Mapping[tuple[str, str], NoticeRow]) -> Read | None:
    return next((one for one in received if one.group != CLOSING and _is_before(one, base)), None)


def _is_before(read: Read, written: Mapping[tuple[str, str], NoticeRow]) -> bool:
    """Whether it was there, and had not come back, before the text that follows it was written."""
    row = written.get((notify.base_group(read.group), read.language)) or written.get((CLOSING, read.language))
    newest = row.at if row else max((one.at for one in written.values()), default=None)
    return newest is not None and read.at < newest and (read.back_at is None or read.back_at >= newest)


def _changed(incident: Incident, was: Notice, new: Notice, moment: datetime) -> set[str]:
    """The facts that stand otherwise than then. What is noted nowhere but in the folder has no past: there the words decide."""
    named = {name for notice in (was, new) for section in notice.sections for sentence in section.sentences for name in sentence.facts}
    noted = set(FactRow.objects.filter(incident=incident, is_set_aside=False).values_list("name", flat=True))
    return (named - noted) | set(touched.changed_since(incident, moment))


def _write(incident: Incident, made: Notice, base: NoticeRow, *, by: Staff | None, now: datetime) -> bool:
    newest = NoticeRow.objects.filter(incident=incident, notice_id=made.id).order_by("-version").first()
    if newest is not None and newest.content_hash == made.content_hash and newest.at >= base.at:
        return False
    # What the gate says of the rest it has said of the text beside it, with the duties that this one serves too.
    own = [asdict(one) for one in others.judged(incident, [made], now=now)[made.id] if one.where == "what_changed"]
    write_version(incident, made, after=newest, findings=[*base.findings, *own], by=by, now=now)
    return True
