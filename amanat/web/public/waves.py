"""Alerts about fakes: what strangers reported and asked about on one day goes to `amanat.detect`, which says what many had in common."""

import hmac
from datetime import datetime, timedelta, timezone

from django.db.models import Min, Sum
from django.utils import translation

from amanat import detect
from amanat.web import crypto
from amanat.web.detect import actions as detection
from amanat.web.public import queries
from amanat.web.public.actions import text_of
from amanat.web.public.models import CAME_BY, FakeReport, StrangeCode, StrangeSign

REPORTS_MAX = 2000  # of one day that are compared
ASKED_MAX = 500  # signs and codes of one day that most people asked about
USUAL_OF = timedelta(days=14)
LOOK_BACK = timedelta(minutes=15)  # so that the last minutes of a day are seen, too


def see(*, now: datetime) -> int:
    """Raises the alerts of today, and of a day that has just ended; returns how many are new."""
    days = {moment.astimezone(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0) for moment in (now, now - LOOK_BACK)}
    return sum(detection.take_waves(_alerts(day), day=day, now=now) for day in sorted(days))


def _alerts(day: datetime) -> list[dict[str, object]]:
    key = hmac.digest(crypto.master_key(), f"waves\0{day.isoformat()}".encode(), "sha256")
    return detect.find_waves(_reports(day, key), _asked(day), usual_an_hour=_usual(day), day=day.date().isoformat(), key=key)


def _reports(day: datetime, key: bytes) -> list[detect.Report]:
    rows = FakeReport.objects.filter(at__gte=day, at__lt=day + timedelta(days=1)).select_related("incident").order_by("at")[:REPORTS_MAX]
    ours, found = queries.our_hosts(), []
    for row in rows:
        text = text_of(row)
        found.append(detect.Report(at=row.at, marks=detect.marks_of(text, queries.hosts_in(text), ours=ours, key=key)))
    return found


def _asked(day: datetime) -> list[detect.Asked]:
    found = []
    with translation.override("en"):  # as all that stages say; the screens translate it
        ways = {code: str(says) for code, says in CAME_BY.items()}
    for row in StrangeSign.objects.filter(since__gte=day, since__lt=day + timedelta(days=1)).order_by("-n")[:ASKED_MAX]:
        name = crypto.decrypt_text(bytes(row.secret).decode(), purpose="strange sign")
        found.append(_one(row.sort, ways.get(name, name), row))
    for code in StrangeCode.objects.filter(day=day.date(), n__gt=1).order_by("-n")[:ASKED_MAX]:
        found.append(_one("code", code.fingerprint, code))
    return found


def _one(sort: str, name: str, row: StrangeSign | StrangeCode) -> detect.Asked:
    return detect.Asked(sort=sort, name=name, n=row.n, n_connections=len(row.networks), since=row.first_at, until=row.last_at)  # type: ignore[arg-type]


def _usual(day: datetime) -> float:
    """How many strange codes were asked about in an ordinary hour before this day."""
    before = StrangeSign.objects.filter(sort="all", since__lt=day, since__gte=day - USUAL_OF).aggregate(n=Sum("n"), first=Min("since"))
    return before["n"] / max(1.0, (day - before["first"]).total_seconds() / 3600) if before["n"] else 0.0
