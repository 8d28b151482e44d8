"""Codes that are not ours: who tries them out is slowed down, and what many people ask about shows a wave of fakes.

Nobody's address or words are kept: of a network a keyed hash that changes every day, of a code its keyed hash, and of a message that was
checked the domains that its links lead to, encrypted. `waves` makes alerts of what many asked about.
"""

import hmac
from datetime import datetime, timedelta, timezone

from django.db import connection
from django.http import HttpRequest

from amanat import detect, notify
from amanat.web import crypto
from amanat.web.accounts import limits
from amanat.web.notify.queries import code_key
from amanat.web.public import queries, verifying
from amanat.web.public.models import CAME_BY, StrangeCode, StrangeSign
from amanat.web.public.verifying import Said

TRIES_A_MINUTE = 20  # from one connection
BLOCK_TRIES_A_MINUTE = 120  # from its neighbourhood: /24 or /48, as a provider or a rented network has it
FILES, FILES_A_MINUTE, BLOCK_FILES_A_MINUTE = "verify file", 6, 30
STRANGE = "verify strange"
STRANGE_A_MINUTE = 3000  # of all visitors; above it a connection gets fewer tries, and nobody is shut out
TRIES_UNDER_ATTACK = 3
SIGNS_A_DAY = 2000  # links and ways, likewise
LINKS_MAX = 3  # of one message
CODES_A_DAY = 5000  # that are remembered; whoever makes codes up does not fill the disk
NETWORKS_MAX = 50  # of one code; "from more than fifty connections" is enough to know
KEPT_FOR = timedelta(days=90)

# One statement each, with its own look at how many there are: while a wave of fakes rolls, half the town asks at once.
_NOTE = """
insert into public_strangecode as c (day, code_hash, n, networks, first_at, last_at)
select %(day)s, %(hash)s, 1, jsonb_build_array(%(network)s::text), %(now)s, %(now)s from {once}
where exists (select from public_strangecode where day = %(day)s and code_hash = %(hash)s)
   or (select count(*) from public_strangecode where day = %(day)s) < %(a_day)s
on conflict (day, code_hash) do update set n = c.n + 1, last_at = excluded.last_at,
    networks = case when c.networks ? %(network)s or jsonb_array_length(c.networks) >= %(most)s then c.networks
                    else c.networks || jsonb_build_array(%(network)s::text) end
"""

_NOTE_SIGN = """
insert into public_strangesign as c (sort, since, mark_hash, secret, n, networks, first_at, last_at)
select %(sort)s, %(since)s, %(hash)s, %(secret)s, 1, jsonb_build_array(%(network)s::text), %(now)s, %(now)s from {once}
where exists (select from public_strangesign where sort = %(sort)s and since = %(since)s and mark_hash = %(hash)s)
   or (select count(*) from public_strangesign where sort = %(sort)s and since = %(since)s) < %(a_day)s
on conflict (sort, since, mark_hash) do update set n = c.n + 1, last_at = excluded.last_at,
    networks = case when c.networks ? %(network)s or jsonb_array_length(c.networks) >= %(most)s then c.networks
                    else c.networks || jsonb_build_array(%(network)s::text) end
"""


def is_too_often(request: HttpRequest, what: str = "verify") -> bool:
    """Counts a try, and says whether it is one too many for this connection or its neighbourhood.

    Args:
        what: is tried, a code or one of FILES, which cost more.
    """
    caller, block = limits.visitor(request, what), f"{what} block\0{limits.block_of(request)}"
    n = limits.tally([caller, block], beside=[STRANGE], seconds=60)
    if what == FILES:
        return n[caller] > FILES_A_MINUTE or n[block] > BLOCK_FILES_A_MINUTE
    most = TRIES_UNDER_ATTACK if n[STRANGE] > STRANGE_A_MINUTE else TRIES_A_MINUTE
    return n[caller] > most or n[block] > BLOCK_TRIES_A_MINUTE


def note(request: HttpRequest, said: Said, *, text: str = "", way: str = "", now: datetime) -> None:
    """Remembers what is strange in something that was checked, without who asked. A code of ours leaves no trace where it was sent."""
    network = _network(request, now)
    if said.strange is not None:
        limits.count(STRANGE, seconds=60)
        _note_code(said.strange, network, now)
        _note_sign("all", "", network, now)
    if said.copied is not None and way in CAME_BY:
        _note_sign("way", way, network, now, of=said.copied)
    if said.answer.state == "unknown" and len(text) > queries.CODE_MAX:
        marks = detect.marks_of(text, queries.hosts_in(text), ours=verifying.hosts(), key=crypto.master_key())
        for domain in sorted(mark.domain for mark in marks if mark.sort == "link")[:LINKS_MAX]:
            _note_sign("link", domain, network, now)


def note_file(request: HttpRequest, sha256: str, *, now: datetime) -> None:
    """Remembers the fingerprint of a file that is not ours, so that a wave of the same one is seen; the file is kept nowhere."""
    _note_sign("file", sha256[:16], _network(request, now), now)


def _network(request: HttpRequest, now: datetime) -> str:
    # A key of the day, so that nobody can follow a connection from one day to the next.
    whose = f"strange code\0{now.date().isoformat()}\0{limits.visitors_network(request)}"
    return hmac.digest(crypto.master_key(), whose.encode(), "sha256")[:8].hex()


def _note_code(number: int, network: str, now: datetime) -> None:
    hashed = notify.hash_of_code(code_key(), number)
    given = {"day": now.date(), "hash": hashed, "network": network, "now": now, "most": NETWORKS_MAX, "a_day": CODES_A_DAY}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE.format(once=limits.alone()), given)


def _note_sign(sort: str, name: str, network: str, now: datetime, *, of: int = 0) -> None:
    hour = now.astimezone(timezone.utc).replace(minute=0, second=0, microsecond=0)
    since = hour if sort == "all" else hour.replace(hour=0)
    # Another hash than that of the sendings, and another one every day: a copied code must not lead to whose it was.
    mark = f"strange sign\0{since.isoformat()}\0{sort}\0{name}\0{of}"
    hashed = hmac.digest(crypto.master_key(), mark.encode(), "sha256")[:16]
    secret = crypto.encrypt_text(name, purpose="strange sign").encode()
    given = {"sort": sort, "since": since, "hash": hashed, "secret": secret, "network": network, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_SIGN.format(once=limits.alone()), given | {"most": NETWORKS_MAX, "a_day": SIGNS_A_DAY})


def most_asked(*, now: datetime, most: int = 20) -> list[StrangeCode]:
    """The codes that most connections asked about in the last two weeks: in a wave of fakes everybody gets the same one."""
    rows = StrangeCode.objects.filter(day__gte=(now - timedelta(days=14)).date(), n__gt=1)
    return sorted(rows.order_by("-n")[:500], key=lambda row: (-len(row.networks), -row.n))[:most]


def delete_due(*, now: datetime) -> int:
    """Deletes what is older than KEPT_FOR; returns how many."""
    n_signs = StrangeSign.objects.filter(since__lt=now - KEPT_FOR).delete()[0]
    return n_signs + StrangeCode.objects.filter(day__lt=(now - KEPT_FOR).date()).delete()[0]
