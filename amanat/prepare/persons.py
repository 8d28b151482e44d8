"""The invented guests, block by block: register persons and, between them, outsiders that the company has no row for."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.prepare import homes, numbers
from amanat.prepare.block import Block
from amanat.prepare.column import Text, choose, digits, filled, join, or_null, pick, where
from amanat.prepare.draw import OUTSIDERS_FROM, Draw, Flags, Ints
from amanat.prepare.names import CULTURES, latin, written
from amanat.prepare.phones import RANGES, Exchange
from amanat.prepare.places import CODES, PLACES

OUTSIDERS_EVERY = 34  # one outsider after every 34 register persons; even, so that none stands inside a household
_TODAY = np.datetime64("2026-11-01", "D")

MAIL_DOMAINS = ("example.org", "example.com", "example.net", "mail.example", "post.example", "webmail.example")


def blocks(n_persons: int, seed: int, *, size: int, prefix: str = "KH", has_loyalty: bool = True) -> Iterator[Block]:
    """All persons, `size` register persons at a time; `size` changes only the memory needed.

    Args:
        prefix: of the register's numbers.
        has_loyalty: whether the company has a programme with numbers of its own.
    """
    exchange = Exchange()
    for first in range(0, n_persons, size):
        yield _block(first, min(first + size, n_persons), seed, exchange, prefix, has_loyalty)


def _block(first: int, until: int, seed: int, exchange: Exchange, id_prefix: str, is_loyal: bool) -> Block:
    register = np.arange(first, until, dtype=np.int64)
    outsiders = np.arange(first // OUTSIDERS_EVERY, until // OUTSIDERS_EVERY, dtype=np.int64)
    # Outsider k comes after register person 34k + 33, whatever the block.
    order = np.argsort(np.concatenate([register * 2, (outsiders * OUTSIDERS_EVERY + OUTSIDERS_EVERY - 1) * 2 + 1]), kind="stable")
    position = np.concatenate([register, outsiders * OUTSIDERS_EVERY + OUTSIDERS_EVERY - 1])[order]
    is_outsider = np.concatenate([np.zeros(len(register), bool), np.ones(len(outsiders), bool)])[order]
    number = np.concatenate([register, outsiders])[order]
    index = np.where(is_outsider, OUTSIDERS_FROM + number, number)
    draw = Draw(seed, index)

    # Neighbours 2m and 2m+1 may be a household: one surname, one home, one telephone, and some children a parent's e-mail.
    pair = Draw(seed, index // 2)
    is_second = (index % 2 == 1) & ~is_outsider
    is_household = pair.chance("household", 0.16) & ~is_outsider
    head = Draw(seed, np.where(is_household & is_second, index - 1, index))
    is_child = is_household & is_second & pair.chance("child", 0.3)

    place = head.weighted("place", [p.share for p in PLACES])
    culture = _by_place(head, place, "culture", list(CULTURES))
    language = pick(_LANGUAGES, _by_place(head, place, "language", _LANGUAGES))
    is_female = draw.below("sex", 2)
    given_i, family_i = _name_numbers(draw, head, culture, is_female)
    given, family = pick(_GIVEN, given_i), pick(_FAMILY, family_i)
    # Iranians abroad are written in Latin letters there, unless they asked to be written to in Persian.
    is_persian = (culture == list(CULTURES).index("fa")) & ((place == CODES.index("IR")) | np.asarray(pc.equal(language, "fa")))
    latin_given, latin_family = pick(_LATIN_GIVEN, given_i), pick(_LATIN_FAMILY, family_i)
    is_abroad = (culture == list(CULTURES).index("fa")) & ~is_persian
    given, family = where(is_abroad, pc.utf8_title(latin_given), given), where(is_abroad, pc.utf8_title(latin_family), family)

    age_days = np.where(is_child, 365 * 5 + draw.below("age.child", 365 * 12), 365 * 18 + 30 + draw.below("age", 365 * 70))
    birth_date = _TODAY - age_days
    person_number = np.where(is_outsider, number, number + 1)
    email = _email(draw, latin_given, latin_family, person_number, is_outsider)
    borrows = is_child & draw.chance("child.email", 0.3)
    # The parent stands just before the child, and blocks have an even size.
    before = np.maximum(np.arange(len(index)) - 1, 0)
    has_email = draw.chance("email.has", 0.955) | is_outsider
    email = or_null(has_email, email)
    email = pc.if_else(pa.array(borrows), email.take(pa.array(before)), email)
    has_email2 = has_email & ~borrows & draw.chance("email2", 0.07)
    email2 = or_null(
        has_email2,
        join(latin_given, ".", latin_family, digits(person_number, 7), "@", pick(["old.example", "work.example"], draw.below("email2.domain", 2))),
    )

    wants_phone = head.chance("phone.has", 0.85) & ~(is_household & is_second)
    phone, phone2 = _phones(exchange, place, wants_phone, wants_phone & draw.chance("phone2", 0.05))
    phone = pc.if_else(pa.array(is_household & is_second), phone.take(pa.array(before)), phone)

    street, postcode, town, region = homes.home(head, place)
    address = homes.address(place, street, postcode, town, region)
    months = birth_date.astype("datetime64[M]").astype(np.int64)
    national_id = _national_id(draw, place, is_female, months, is_child)
    iban = _iban(draw, place, is_child)
    has_card = draw.chance("card.has", 0.6) & ~is_child & ~np.isin(place, [CODES.index("IR")])
    has_loyalty = draw.chance("loyalty.has", 0.65) & ~is_child & ~is_outsider & is_loyal
    since = _TODAY - np.minimum(30 + draw.below("since", 3650), age_days - 1)
    deceased = draw.chance("deceased", 0.012) & ~is_child & ~is_outsider
    needs = or_null(draw.chance("needs", 0.03) & ~is_outsider, pick(_NEEDS, draw.below("needs.what", len(_NEEDS))))
    prefix = pick([f"{id_prefix}-", "out-"], is_outsider.astype(np.int64))
    return Block(
        draw=draw,
        position=position,
        is_outsider=is_outsider,
        person_id=join(prefix, digits(person_number, 8)),
        place=place,
        culture=culture,
        is_female=is_female,
        is_persian=is_persian,
        given=given,
        family=family,
        name=join(given, " ", family),
        latin_given=latin_given,
        latin_family=latin_family,
        email=email,
        email2=email2,
        phone=phone,
        phone2=phone2,
        street=street,
        postcode=postcode,
        town=town,
        region=region,
        address=address,
        language=language,
        birth_date=birth_date,
        minor=is_child,
        deceased=deceased,
        has_own_email=filled(email) & ~borrows,
        needs=needs,
        national_id=national_id,
        iban=iban,
        card=or_null(has_card, numbers.card(draw)),
        loyalty_id=or_null(has_loyalty, join(f"{id_prefix[0]}L", digits(person_number * 7 + 10**7, 9))),
        since=since,
        yearly_value_eur=np.round(60 * np.exp(draw.share("value") * 4.2)).astype(np.int64),
    )


_NEEDS = ("wheelchair", "large print", "sign language", "carer writes for the person", "phone calls only")
_LANGUAGES = sorted({language for place in PLACES for language in place.languages})

# Every culture's names in one list, with where each culture's part begins.
_GIVEN = [written(n) for c in CULTURES.values() for n in c.given]
_LATIN_GIVEN = [latin(n) for c in CULTURES.values() for n in c.given]
_FAMILY = [written(n) for c in CULTURES.values() for n in c.family]
_LATIN_FAMILY = [latin(n) for c in CULTURES.values() for n in c.family]


def _phones(exchange: Exchange, place: Ints, first: Flags, second: Flags) -> tuple[Text, Text]:
    # First and second numbers are asked for person by person, so that the size of a block does not change who gets which.
    wants = np.column_stack([first, second]).ravel()
    places = np.repeat(place, 2)
    phones = pa.nulls(len(wants), pa.string())
    for i, code in enumerate(CODES):
        if code in RANGES:
            phones = pc.coalesce(phones, exchange.give(code, wants & (places == i)))
    every = np.arange(0, len(wants), 2)
    return phones.take(pa.array(every)), phones.take(pa.array(every + 1))


def _name_numbers(draw: Draw, head: Draw, culture: Ints, is_female: Ints) -> tuple[Ints, Ints]:
    n_female = np.array([len(c.female) for c in CULTURES.values()])
    n_male = np.array([len(c.male) for c in CULTURES.values()])
    n_family = np.array([len(c.family) for c in CULTURES.values()])
    first_given = np.concatenate([[0], np.cumsum(n_female + n_male)[:-1]])
    first_family = np.concatenate([[0], np.cumsum(n_family)[:-1]])
    female = first_given[culture] + draw.below("given", n_female[culture])
    male = first_given[culture] + n_female[culture] + draw.below("given", n_male[culture])
    return np.where(is_female == 1, female, male), first_family[culture] + head.below("family", n_family[culture])


def _by_place(draw: Draw, place: Ints, what: str, values: list[str]) -> Ints:
    chosen = np.zeros(len(place), dtype=np.int64)
    for i, where_ in enumerate(PLACES):
        weights = where_.cultures if what == "culture" else where_.languages
        of_place = draw.weighted(what, [weights.get(value, 0) for value in values])
        chosen = np.where(place == i, of_place, chosen)
    return chosen


def _email(draw: Draw, given: Text, family: Text, number: Ints, is_outsider: Flags) -> Text:
    # The person's number makes the address unique, as people add digits when their name is taken.
    tail = join(pick(["", "x"], is_outsider.astype(np.int64)), pc.cast(pa.array(number), pa.string()))
    local = choose(
        draw.weighted("email.form", [45, 25, 15, 15]),
        join(given, ".", family, tail),
        join(pc.utf8_slice_codeunits(given, 0, 1), family, tail),
        join(family, "_", given, tail),
        join(given, tail, ".", family),
    )
    return join(local, "@", pick(MAIL_DOMAINS, draw.weighted("email.domain", [25, 25, 20, 12, 10, 8])))


def _national_id(draw: Draw, place: Ints, is_female: Ints, months: Ints, is_child: Flags) -> Text:
    year, month = 1970 + months // 12, months % 12 + 1
    columns = {
        ("FR",): numbers.fr_nir(draw, is_female=is_female, birth_year=year, birth_month=month),
        ("GB",): numbers.uk_nino(draw),
        ("IR",): numbers.ir_national_number(draw),
        ("BR",): numbers.br_cpf(draw),
        ("DE",): numbers.de_idnr(draw),
        ("US-CA", "US-NY", "US-TX", "US-FL"): numbers.us_ssn(draw),
    }
    # The register knows it only for some: hotels ask where local law makes them, and children have none with us.
    asked = draw.chance("national_id.has", 0.55) & ~is_child
    national_id = pa.nulls(len(place), pa.string())
    for codes, column in columns.items():
        has = asked & np.isin(place, [CODES.index(code) for code in codes])
        national_id = pc.coalesce(national_id, or_null(has, column))
    return national_id


def _iban(draw: Draw, place: Ints, is_child: Flags) -> Text:
    has = draw.chance("iban.has", 0.35) & ~is_child
    iban = pa.nulls(len(place), pa.string())
    for country in numbers.IBAN_COUNTRIES:
        iban = pc.coalesce(iban, or_null(has & (place == CODES.index(country)), numbers.iban(draw, country)))
    return iban
