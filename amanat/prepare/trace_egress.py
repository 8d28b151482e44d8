"""What left our network, as the firewall counts it: everyday volumes by host, the nightly backup, and twenty hours of copying."""

import json
from datetime import datetime, timedelta

from amanat.prepare.intrusion import DESK_HOST, DOMAIN, GUEST_HOST, INTRUDER, Chance, Intrusion
from amanat.prepare.trace_lines import Line

FILE = "logs/egress.jsonl"
_DAYS = 9
# Host, its address, and about how many kilobytes it sends in an hour of work.
HOSTS = {
    DESK_HOST: ("192.0.2.32", 900),
    "ws-accounts-01": ("192.0.2.33", 1400),
    "ws-groups-01": ("192.0.2.34", 1100),
    "ws-marketing-01": ("192.0.2.35", 6000),
    GUEST_HOST: ("192.0.2.10", 2500),
    "srv-web-01": ("192.0.2.11", 48_000),
}
_SERVICES = ("198.51.100.20", "198.51.100.21", "198.51.100.40", "198.51.100.61")
_BACKUP = "198.51.100.90"


def egress_lines(seed: int, story: Intrusion) -> list[Line]:
    """Nine days of flows, one JSON object a line; volumes in bytes."""
    chance, since = Chance(seed, "egress"), story.awareness - timedelta(days=_DAYS)
    lines = []
    for hour in range(24 * _DAYS):
        begin = since + timedelta(hours=hour)
        is_day = 7 <= begin.hour < 20
        for host, (address, kilobytes) in HOSTS.items():
            if not is_day and host.startswith("ws-"):
                continue  # offices sleep
            sent = int(kilobytes * 1000 * (0.4 + chance.below(1200) / 1000) * (1 if is_day else 0.25))
            lines.append(_flow(chance.moment(begin, begin + timedelta(hours=1)), host, address, chance.one_of(_SERVICES), sent, 3 * sent))
        if begin.hour == 2:  # a large honest flow each night: size alone is no sign
            at = begin + timedelta(minutes=chance.below(20))
            lines.append(_flow(at, GUEST_HOST, HOSTS[GUEST_HOST][0], _BACKUP, 900_000_000 + chance.below(90_000_000), 400_000))
    lines += [_beacon(chance, story.opened_at + timedelta(minutes=30 * n)) for n in range(12)]
    at = story.left_at
    while at < story.gone_at - timedelta(minutes=12):
        sent = 180_000_000 + chance.below(240_000_000)
        lines.append(_flow(at, GUEST_HOST, HOSTS[GUEST_HOST][0], INTRUDER, sent, 1_000_000 + chance.below(400_000), "data_leaving"))
        at += timedelta(minutes=9 + chance.below(25))
    return lines


def _beacon(chance: Chance, at: datetime) -> Line:
    return _flow(at + timedelta(seconds=chance.below(20)), DESK_HOST, HOSTS[DESK_HOST][0], "203.0.113.24", 2400 + chance.below(300), 900, "beacon")


def _flow(at: datetime, host: str, address: str, to: str, sent: int, received: int, act: str = "") -> Line:
    flow = {
        "timestamp": at.isoformat(timespec="seconds"), "sensor": "fw-lyon-01", "event_type": "flow", "action": "allow", "proto": "TCP",
        "src_host": f"{host}.{DOMAIN}", "src_ip": address, "dest_ip": to, "dest_port": 443, "bytes_out": sent, "bytes_in": received,
    }  # fmt: skip
    return Line(at, json.dumps(flow), act)
