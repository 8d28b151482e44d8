"""Moments that somebody typed, and the zones of countries."""

from datetime import datetime
from functools import cache
from importlib import resources

YEARS = range(1970, 2200)  # a deadline is counted on from a moment: at the ends of the calendar there is no day after, or before


def moment_of(text: str) -> datetime | None:
    """The moment with its offset from UTC, or None when it is none, has no offset, or lies where no incident does.

    >>> moment_of("2026-03-06T18:00:00+01:00").year
    2026
    >>> moment_of("2026-03-06T18:00:00"), moment_of("9999-12-31T23:59:59+00:00"), moment_of("0001-01-01T00:00:00+00:00"), moment_of("soon")
    (None, None, None, None)
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and moment.year in YEARS else None


@cache
def zone_of(country: str) -> str | None:
    """The time zone of a country's capital or largest city, from the tz database; None for an unknown one.

    >>> zone_of("FR"), zone_of("FI"), zone_of("QQ")
    ('Europe/Paris', 'Europe/Helsinki', None)
    """
    lines = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8").splitlines()
    return next((line.split("\t")[2] for line in lines if line.startswith(country + "\t")), None)
