"""Is this message really from us? Codes, signed stamps and the words of our public statements, without a word about any person.

The same questions go to the database and the same signatures are checked whatever somebody typed, so that the time of an answer tells
nothing; its size is levelled by the view.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core.cache import caches
from django.db import connection
from django.db.models import Q

from amanat import notify
from amanat.lib.signing import PublicKey
from amanat.web.notify.models import ApprovalRow, ArtefactRow, OutletRow, SendingRow
from amanat.web.notify.queries import code_key, company_name
from amanat.web.public import queries
from amanat.web.public.queries import CODES_MAX, codes_in, hosts_in
from amanat.web.respond import signing
from amanat.web.respond.models import Incident

KEPT_SECONDS = 5  # what is the same for all visitors is read once in this time
STAMPS_MAX = notify.STAMPS_MAX
SAME_WORDS_MIN = 60  # letters: a shorter text could be anybody's
POST_MAX = 5000
_ORDER = {"withdrawn": 0, "other_channel": 1, "true": 2, "unknown": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What we say about a text."""

    answer: notify.Answer
    foreign: tuple[str, ...] = ()  # hosts of links that are not ours, beside a code of ours
    is_signed: bool | None = None  # whether its stamp is ours; None: it holds none
    is_public: bool = False  # it is one of our statements to everybody
    is_channel_ours: bool | None = None  # whether we ever wrote to anybody that way; None: nobody said how it came
    strange: int | None = None  # the number of a well-formed code that is not ours
    copied: int | None = None  # of one of ours that came in a way in which we did not send it


class _Ours(NamedTuple):
    """What we know of a code of ours: a notice to one person, or a statement to everybody."""

    is_notice: bool
    incident_id: UUID
    channel: str  # or the statement's outlet
    withdrawn_at: datetime | None
    title: str
    language: str
    told_at: datetime


_OURS = """
select true, s.incident_id, s.channel, n.withdrawn_at, n.content ->> 'title', n.language, a.approved_at
from notify_sendingrow s join notify_noticerow n on n.id = s.notice_id join notify_approvalrow a on a.id = s.approval_id
where s.code_hash = any(%(wanted)s) and a.approved_at is not null
union all
select false, o.incident_id, o.outlet, o.withdrawn_at, o.title, o.language, o.released_at
from notify_outletrow o where o.code_hash = any(%(wanted)s)
"""


def look_at(text: str, *, came_by: str = "") -> Said:
    """The answer for a code, a stamp or a whole message.

    Args:
        came_by: how it came, one of `models.CAME_BY`; empty where nobody said so.
    """
    keys, stamps = _keys(), notify.stamps_in(text)
    checks = _checked(stamps, keys)
    is_signed = any(checks) if stamps else None
    # The signed letters around a code could hide that another one was put beside it: what is signed comes first.
    numbers = [notify.read_code(stamp.code) for stamp, is_ours in zip(stamps, checks, strict=False) if is_ours]
    numbers += [notify.read_code(code) for code in codes_in(text)] if len(text) > queries.CODE_MAX or not stamps else []
    found = _rows([number for number in numbers if number is not None][:CODES_MAX], came_by)
    public = _statement_with_words(text)
    channel = _is_channel_ours(came_by)
    ours = hosts()
    answers = [*found, *([public] if public else [])]
    best = min(answers, key=lambda answer: _ORDER[answer.state]) if answers else notify.Answer(state="unknown")
    if is_signed is False:
        # A code of ours under a signature that is not ours: somebody built the message around it.
        best = notify.Answer(state="unknown")
    known = best.state != "unknown"
    foreign = tuple(host for host in hosts_in(text) if not any(host == own or host.endswith("." + own) for own in ours)) if known else ()
    typed = [number for number in numbers if number is not None]
    return Said(
        answer=best if known else notify.Answer(state="unknown", is_mistyped=not typed and len(text) <= queries.CODE_MAX and not stamps),
        foreign=foreign,
        is_signed=is_signed,
        is_public=public is not None and best is public,
        is_channel_ours=channel,
        strange=typed[0] if typed and not known else None,
        copied=typed[0] if typed and best.state == "other_channel" else None,
    )


def _checked(stamps: list[notify.Stamp], keys: dict[str, PublicKey]) -> list[bool]:
    """Whether each stamp is ours; as many signatures are checked as may be, whatever was typed."""
    checks = [not notify.check_stamp(stamp, keys) for stamp in stamps]
    for _unused in range(STAMPS_MAX - sum(stamp.key in keys for stamp in stamps)):
        for key in list(keys.values())[:1]:
            _DECOY.is_signed_by(key.public)
    return checks


def _rows(numbers: list[int], came_by: str) -> list[notify.Answer]:
    """An answer for each number that is ours; as many are looked up as may be, whatever was typed."""
    wanted = [notify.hash_of_code(code_key(), number) for number in numbers]
    wanted += [notify.hash_of_code(code_key(), (1 << 63) + n) for n in range(CODES_MAX - len(wanted))]  # impossible ones
    with connection.cursor() as cursor:
        cursor.execute(_OURS, {"wanted": wanted})
        found = [_Ours(*row) for row in cursor.fetchall()]
    names = _names()  # read for a code that nobody knows, too
    return [_answer(one, came_by, names) for one in found]


def _answer(one: _Ours, came_by: str, names: dict[str, str]) -> notify.Answer:
    company = names.get(str(one.incident_id), "")
    is_of_that_way = notify.is_ours_on if one.is_notice else notify.is_carried_on
    if not is_of_that_way(one.channel, came_by):
        return notify.Answer(state="other_channel", company=company)
    return notify.Answer(
        state="withdrawn" if one.withdrawn_at else "true",
        title=one.title,
        language=one.language,
        sent_on=one.told_at.date().isoformat(),
        company=company,
    )


def _statement_with_words(text: str) -> notify.Answer | None:
    """The public statement that has exactly these words, however blanks and line ends were changed by copying."""
    plain = _plain(text[:POST_MAX])
    if len(plain) < SAME_WORDS_MIN:
        return None
    row = OutletRow.objects.filter(pk=_words_of_statements().get(hashlib.sha256(plain.encode()).hexdigest(), _NOBODY)).first()
    if row is None:
        return None
    # Its words may be passed on in any way.
    return _answer(_Ours(False, row.incident_id, row.outlet, row.withdrawn_at, row.title, row.language, row.released_at), "", _names())


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _is_channel_ours(came_by: str) -> bool | None:
    """Whether we ever wrote to anybody that way."""
    if came_by not in notify.CAME_BY:
        return None
    channels = notify.CAME_BY[came_by]
    return SendingRow.objects.filter(channel__in=channels, approval__approved_at__isnull=False).exclude(state="idle").exists()


# ---- the same for all visitors, kept for a few seconds ----


def _keys() -> dict[str, PublicKey]:
    return _kept("verify_keys", lambda: {key.id: key for key in signing.published_keys()})


def _names() -> dict[str, str]:
    """Companies of all incidents of which messages went out, closed ones too."""
    told = Q(pk__in=ApprovalRow.objects.exclude(approved_at=None).values("incident")) | Q(pk__in=OutletRow.objects.values("incident"))
    return _kept("verify_names", lambda: {str(row.pk): company_name(row) for row in Incident.objects.filter(told)})


def hosts() -> set[str]:
    """Where a link in a message of ours may lead: to us, and to the authorities and helpers that our letters name."""
    return _kept("verify_hosts", lambda: queries.our_hosts() | notify.named_hosts())


def _words_of_statements() -> dict[str, str]:
    """The newest texts of posts and press releases, by the hash of their words."""

    def read() -> dict[str, str]:
        rows = ArtefactRow.objects.filter(media_type__startswith="text/plain").order_by("-id").values_list("outlet_id", "content")[:500]
        return {hashlib.sha256(_plain(bytes(content).decode(errors="ignore")).encode()).hexdigest(): str(outlet) for outlet, content in rows}

    return _kept("verify_words", read)


def _kept(name: str, make: Any) -> Any:
    pages = caches["pages"]
    found = pages.get(name)
    if found is None:
        found = make()
        pages.set(name, found, timeout=KEPT_SECONDS)
    return found


_NOBODY = "00000000-0000-0000-0000-000000000000"
_DECOY = notify.Stamp(code="", notice="", company="", day=date(2020, 1, 1), key="", signed=b"", signature=bytes(64))
