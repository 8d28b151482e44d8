"""Places of residence: ISO 3166-1 countries, and the 3166-2 states that law asks for.

Source: ISO 3166-1 alpha-2 as in the Unicode CLDR territory list; US and Canadian subdivisions of ISO 3166-2.
"""

from functools import cache
from pathlib import Path

from amanat.lib.shape import read_toml

_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK
CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS
GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV
LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR
TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
_US = """
AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH
NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI
"""
_CA = "AB BC MB NB NL NS NT NU ON PE QC SK YT"

COUNTRIES = frozenset(_COUNTRIES.split())
SUBDIVISIONS = frozenset([f"US-{s}" for s in _US.split()] + [f"CA-{s}" for s in _CA.split()])
PLACES = COUNTRIES | SUBDIVISIONS

EEA = frozenset("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO".split())
# Law files may name a group instead of listing its members.
GROUPS = {
    "EEA": EEA,
    "US": frozenset(p for p in SUBDIVISIONS if p.startswith("US-")) | {"US"},
    "CA": frozenset(p for p in SUBDIVISIONS if p.startswith("CA-")) | {"CA"},
}


def is_place(code: str) -> bool:
    """Whether the code names a country or one of the states we know.

    >>> is_place("FR"), is_place("US-CA"), is_place("QQ")
    (True, True, False)
    """
    return code in PLACES


def country_of(place: str) -> str:
    """The country of a place.

    >>> country_of("US-CA")
    'US'
    """
    return place.split("-")[0]


def subdivision_name(place: str, language: str) -> str | None:
    """The name of a state or province without its country; None for a country, and in a language that has no name for it here.

    >>> subdivision_name("US-CA", "fr"), subdivision_name("FR", "fr")
    ('Californie', None)
    """
    name: str | None = _subdivision_names().get(place, {}).get(language)
    return name


@cache
def _subdivision_names() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = read_toml(Path(__file__).parent / "subdivisions.toml")
    return names


def lies_in(place: str | None, places: tuple[str, ...]) -> bool:
    """Whether a place of residence is one of `places`, which may name groups; an empty tuple means everywhere.

    >>> lies_in("FR", ("EEA",)), lies_in("US-CA", ("US-NY",)), lies_in("IR", ())
    (True, False, True)
    """
    return not places or place in _members(places)


@cache
def _members(places: tuple[str, ...]) -> frozenset[str]:
    return frozenset(places).union(*(GROUPS.get(place, ()) for place in places))
