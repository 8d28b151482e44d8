"""Where each guest lives: street, postcode, town and region, written in the order of the country."""

import numpy as np

from amanat.prepare.column import Text, choose, digits, join, pick, where
from amanat.prepare.draw import Draw, Ints
from amanat.prepare.places import CODES, PLACES

_STREETS = [street for place in PLACES for street in place.streets]
_TOWNS = [town for place in PLACES for town, _ in place.towns]
_PREFIXES = [prefix for place in PLACES for _, prefix in place.towns]
_REGIONS = [place.region for place in PLACES]
_FORMS = ["street_first", "number_first", "fa"]
_UK, _CANADA = [CODES.index("GB")], [CODES.index("CA-QC"), CODES.index("CA-ON")]
_PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"


def home(head: Draw, place: Ints) -> tuple[Text, Text, Text, Text]:
    n_streets, n_towns = np.array([len(p.streets) for p in PLACES]), np.array([len(p.towns) for p in PLACES])
    first_street = np.concatenate([[0], np.cumsum(n_streets)[:-1]])[place]
    first_town = np.concatenate([[0], np.cumsum(n_towns)[:-1]])[place]
    name = pick(_STREETS, first_street + head.below("street", n_streets[place]))
    house = head.below("house", 180) + 1
    plain, persian = [str(i) for i in range(181)], [_persian(str(i)) for i in range(181)]
    form = np.array([_FORMS.index(p.form) for p in PLACES])[place]
    street = choose(form, join(name, " ", pick(plain, house)), join(pick(plain, house), " ", name), join(name, "، پلاک ", pick(persian, house)))
    town_i = first_town + head.below("town", n_towns[place])
    prefix, rest = pick(_PREFIXES, town_i), head.below("postcode", 10**9)
    postcode = prefix
    for width in sorted({p.postcode_digits for p in PLACES} - {0}):
        has = np.array([p.postcode_digits == width for p in PLACES])[place]
        postcode = where(has, join(prefix, digits(rest, width)), postcode)
    letters = list("ABDEFGHJLNPQRSTUWXYZ")
    one, two = pick(letters, rest % 20), pick(letters, rest // 20 % 20)
    digit = pick(list("123456789"), rest // 400 % 9)
    postcode = where(np.isin(place, _UK), join(prefix, digit, " ", digit, one, two), postcode)
    postcode = where(np.isin(place, _CANADA), join(prefix, one, " ", digit, two, digit), postcode)
    return street, postcode, pick(_TOWNS, town_i), pick(_REGIONS, place)


def _persian(text: str) -> str:
    return text.translate(str.maketrans("0123456789", _PERSIAN_DIGITS))


def address(place: Ints, street: Text, postcode: Text, town: Text, region: Text) -> Text:
    # Lines are separated by commas, as the register wants it; the order of town and postcode is the country's own.
    form = np.array([{"GB": 1, "IR": 2}.get(p.code, 3 if p.region else 0) for p in PLACES])[place]
    return choose(
        form,
        join(street, ", ", postcode, " ", town),
        join(street, ", ", town, ", ", postcode),
        join(street, ", ", town, ", ", postcode),
        join(street, ", ", town, " ", region, " ", postcode),
    )
