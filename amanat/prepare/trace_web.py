"""The web server's access log: guests who browse and book, scanners that always come by, and a flood of requests on the day of detection."""

from collections.abc import Callable
from datetime import datetime, timedelta

from amanat.prepare.intrusion import BOTS, SCANNERS, Chance, Intrusion
from amanat.prepare.trace_lines import Line

FILE = "logs/web_access.log"
_N_VISITS, _N_FLOOD, _DAYS = 340, 1700, 2
_PAGES = ("/", "/hotels/lyon", "/hotels/tabriz", "/hotels/paris", "/rooms", "/offers", "/club", "/fa/", "/fr/", "/contact", "/spa", "/fr/chambres")
_PARTS = ("/static/site.css", "/static/site.js", "/static/logo.svg", "/static/vazirmatn.woff2")
_BOOKING = ("/booking?from=2026-12-{:02}&nights={}", "/booking/room", "/booking/guest", "/booking/done")
_BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
)
_PROBES = (
    "/.env", "/.git/config", "/wp-login.php", "/wp-admin/setup-config.php", "/phpmyadmin/index.php", "/xmlrpc.php", "/server-status", "/backup.zip",
    "/index.php?id=1%27%20UNION%20SELECT%201,2,3--", "/../../../../etc/passwd", "/cgi-bin/.%2e/.%2e/bin/sh", "/actuator/env",
    "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
    "/?q=%3Cscript%3Ealert(1)%3C/script%3E", "/solr/admin/info/system", "/boaform/admin/formLogin",
)  # fmt: skip
_PROBERS = ("Mozilla/5.00 (Nikto/2.5.0)", "sqlmap/1.8.11#stable (https://sqlmap.org)", "Mozilla/5.0 zgrab/0.x", "-")


def web_lines(seed: int, story: Intrusion) -> list[Line]:
    """The two days before awareness, in the combined format."""
    chance, until = Chance(seed, "web"), story.awareness
    since = until - timedelta(days=_DAYS)
    lines = [line for _ in range(_N_VISITS) for line in _visit(chance, chance.moment(since, until))]
    for scanner in SCANNERS:
        for _ in range(3):
            lines += _scan(chance, scanner, chance.moment(since, until))
    lines += [_monitor(at) for at in (since + timedelta(minutes=10 * n) for n in range(_DAYS * 144))]
    under = _is_flooded(story)
    # Under the flood the guests' requests fail as well.
    lines = [
        Line(line.at, line.text.replace(" 200 ", " 503 ", 1)) if under(line.at) and not line.act and chance.happens(0.6) else line for line in lines
    ]
    return lines + _flood(chance, story)


def _visit(chance: Chance, at: datetime) -> list[Line]:
    address, browser = f"198.51.100.{1 + chance.below(230)}", chance.one_of(_BROWSERS)
    paths = [chance.one_of(_PAGES), *_PARTS[: chance.below(5)]]
    if chance.happens(0.15):
        paths += [_BOOKING[0].format(1 + chance.below(28), 1 + chance.below(6)), *_BOOKING[1 : 1 + chance.below(4)]]
    lines, before = [], "-"
    for path in paths:
        at += timedelta(milliseconds=200 + chance.below(9000 if path in _PAGES else 900))
        status, size = (304, 0) if path.startswith("/static") and chance.happens(0.4) else (200, 900 + chance.below(40_000))
        if chance.happens(0.01):
            status, size = 404, 512
        method = "POST" if path in ("/booking/guest", "/booking/done") else "GET"
        lines.append(Line(at, _combined(address, at, method, path, status, size, before, browser)))
        before = f"https://www.karvan-hotels.example{path}" if not path.startswith("/static") else before
    return lines


def _monitor(at: datetime) -> Line:
    return Line(at, _combined("198.51.100.250", at, "GET", "/health", 200, 2, "-", "uptime-check/3.1"))


def _scan(chance: Chance, address: str, at: datetime) -> list[Line]:
    prober, lines = chance.one_of(_PROBERS), []
    for path in _PROBES[: 6 + chance.below(len(_PROBES) - 5)]:
        at += timedelta(milliseconds=120 + chance.below(700))
        lines.append(Line(at, _combined(address, at, "GET", path, 403 if ".." in path else 404, 512, "-", prober), "scan"))
    return lines


def _flood(chance: Chance, story: Intrusion) -> list[Line]:
    lines = []
    span = story.flood_ended_at - story.flooded_at
    for _ in range(_N_FLOOD):
        # It swells and ebbs: two draws, so that the middle is densest.
        at = story.flooded_at + (chance.moment(story.flooded_at, story.flood_ended_at) - story.flooded_at + span * chance.below(1000) / 1000) / 2
        # A new query each time passes by every cache.
        path = f"/booking?from=2026-12-{1 + chance.below(28):02}&nights={1 + chance.below(9)}&r={chance.hex(8)}"
        status, size = (503, 190) if chance.happens(0.8) else (200, 20_000 + chance.below(9000))
        lines.append(Line(at, _combined(chance.one_of(BOTS), at, "GET", path, status, size, "-", _BROWSERS[0]), "request_flood"))
    return lines


def _is_flooded(story: Intrusion) -> Callable[[datetime], bool]:
    return lambda at: story.flooded_at + timedelta(minutes=5) <= at < story.flood_ended_at


def _combined(address: str, at: datetime, method: str, path: str, status: int, size: int, before: str, browser: str) -> str:
    # English month names, whatever the machine's locale.
    month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[at.month - 1]
    return f'{address} - - [{at:%d}/{month}/{at:%Y:%H:%M:%S %z}] "{method} {path} HTTP/1.1" {status} {size} "{before}" "{browser}"'
