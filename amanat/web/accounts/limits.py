"""How often one visitor may try something: counted in one statement, in a table of its own.

Django's cache in the database is no place for it: it adds in two steps, so that tries at the same moment count as one, and it
throws entries away when there are many, so that a thousand visitors at once would clear everybody's count.
"""

import hmac
import ipaddress
from collections.abc import Sequence

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest

from amanat.web import crypto

# Counts need not wait for the disk: the last fraction of a second of them may be lost with the power, and hundreds of visitors a second
# would else wait for each other. It holds for the one statement that names it, which must not be part of something that must last.
QUICKLY = "(select set_config('synchronous_commit', 'off', true)) as quickly"

# The count begins anew with the first try after the span has ended; waiting tries do not make it longer.
_COUNT = """
with counted as (
    insert into accounts_tries as t (key, n, ends_at)
    select key, 1, now() + make_interval(secs => %(seconds)s) from {once}, unnest(%(keys)s::text[]) as key
    on conflict (key) do update set
        n = case when t.ends_at <= now() then 1 else least(t.n + 1, 1000000) end,
        ends_at = case when t.ends_at <= now() then excluded.ends_at else t.ends_at end
    returning key, n
)
select key, n from counted union all select key, n from accounts_tries where key = any(%(seen)s) and ends_at > now()
"""
_SWEEP = "delete from accounts_tries where key in (select key from accounts_tries where ends_at <= now() limit 1000 for update skip locked)"


def came_too_often(request: HttpRequest, what: str, n_max: int, *, seconds: int) -> bool:
    """Counts a try by a keyed hash of the visitor's network, and says whether it is one too many; the address is kept nowhere."""
    return count(visitor(request, what), seconds=seconds) > n_max


def visitor(request: HttpRequest, what: str) -> str:
    """What the tries of this visitor's network are counted as; to be kept nowhere but hashed."""
    return f"visitor\0{what}\0{visitors_network(request)}"


def count(what: str, *, seconds: int) -> int:
    """Counts one more of this within the span, and returns how many it were."""
    return tally([what], seconds=seconds)[what]


def tally(whats: Sequence[str], *, seconds: int, beside: Sequence[str] = ()) -> dict[str, int]:
    """Counts one more of each within the span; how many of each it were, and of those `beside`, of which none is counted."""
    keys = {_key(what): what for what in [*whats, *beside]}
    # In one order for all, so that no two wait for each other.
    given = {"keys": sorted(map(_key, whats)), "seen": list(map(_key, beside)), "seconds": seconds}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(once=alone()), given)
        found = {keys[key]: int(n) for key, n in cursor.fetchall()}
        if 1 in found.values() and caches["pages"].add("swept_tries", True, timeout=1):
            cursor.execute(_SWEEP)  # whoever is new clears away what has ended
    return dict.fromkeys(keys.values(), 0) | found


def alone() -> str:
    """What a counting statement reads its one row from: quickly where it stands alone, plainly inside a transaction of more."""
    return "(select 1) as plainly" if connection.in_atomic_block else QUICKLY


def seen(what: str) -> int:
    """How many were counted within the span, without counting one more."""
    with connection.cursor() as cursor:
        cursor.execute("select n from accounts_tries where key = %s and ends_at > now()", [_key(what)])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _key(what: str) -> str:
    return hmac.digest(crypto.master_key(), what.encode(), "sha256").hex()


def visitors_network(request: HttpRequest) -> str:
    """Where the visitor comes from; to be kept nowhere but as a keyed hash."""
    # Behind the proxy that ends TLS every visitor comes from its address; the proxy writes theirs last.
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip() if settings.IS_HTTPS else ""
    return network_of(forwarded or request.META.get("REMOTE_ADDR", ""))


def block_of(request: HttpRequest) -> str:
    """The neighbourhood of the visitor's network: what somebody who rents addresses by the hundred has; to be kept nowhere but hashed."""
    return wider(visitors_network(request))


def wider(network: str) -> str:
    """256 addresses of IPv4, or the /48 of IPv6 that a customer gets.

    >>> wider("192.0.2.77"), wider("2001:db8:1:2::/64"), wider("no address")
    ('192.0.2.0/24', '2001:db8:1::/48', 'no address')
    """
    try:
        found = ipaddress.ip_address(network.partition("/")[0])
    except ValueError:
        return network
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def network_of(address: str) -> str:
    """The address; of IPv6 the network that one connection gets as a whole, because it holds more addresses than can be counted.

    >>> network_of("192.0.2.1"), network_of("2001:db8:1:2:aaaa::1"), network_of("::ffff:192.0.2.1"), network_of("no address")
    ('192.0.2.1', '2001:db8:1:2::/64', '192.0.2.1', 'no address')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found.packed[:8] + bytes(8), 64)))
    return str(found)
