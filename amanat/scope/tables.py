"""The identifiers' files, compiled into the tables that the scan walks through (`engine/layout.py` says what is where)."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import numpy as np

from amanat.scope.check_digits import ALNUM, NEXT, NO, PLACES_MAX, parts_of, places_of_day, shifted, skips_of
from amanat.scope.checks import CHECKS
from amanat.scope.engine import one_pass, patterns, state
from amanat.scope.engine.layout import LONGEST, TABLES
from amanat.scope.engine.letters import CLASS
from amanat.scope.identifier import BELIEF_MIN, FORMS, BadIdentifier, Identifier, identifiers
from amanat.scope.phone_plan import phone_plan, plan_lengths, trunk_of, trunks
from amanat.scope.vocabulary import add_words, free_slot

_DIGITS = 0x3FF
_SEPARATOR_BIT = {" ": 1, "-": 2, ".": 4, "/": 8}

# The identifiers that the scan knows by form.
SPECIAL = ("email", "phone", "birth_date", "ip", "password", "password_hash", "person_name", "postal_address", "mac_address", "coordinates")
FIELDS = (
    "",
    "email",
    "phone",
    "iban",
    "card",
    "national_id",
    "loyalty_id",
    "person_id",
    "passport",
    "name",
    "birth_date",
    "address",
    "ip",
    "name+birth_date",
    "name+address",
)


def field_tag(field: str) -> int:
    """The number of a field in hashes; fields of later identifiers get theirs from their name."""
    if field in FIELDS:
        return FIELDS.index(field)
    return 1000 + sum(ord(c) * 31**i for i, c in enumerate(field)) % 1_000_000_007


def _pattern_sets(pattern: str) -> list[int]:
    sets: list[int] = []

    def add(tree: Any) -> None:
        for what, value in tree:
            if what is op.LITERAL:
                sets.append(1 << ALNUM.index(chr(value)))
            elif what is op.IN:
                bits = 0
                for kind, inner in value:
                    if kind is op.LITERAL:
                        bits |= 1 << ALNUM.index(chr(inner))
                    elif kind is op.RANGE:
                        bits |= sum(1 << ALNUM.index(chr(c)) for c in range(inner[0], inner[1] + 1))
                    elif kind is op.CATEGORY and inner is op.CATEGORY_DIGIT:
                        bits |= _DIGITS
                    else:
                        raise ValueError
                sets.append(bits)
            elif what is op.MAX_REPEAT and value[0] == value[1]:
                for _ in range(value[0]):
                    add(value[2])
            else:
                raise ValueError

    try:
        add(parser.parse(pattern))
    except (ValueError, re.error):
        raise BadIdentifier(f"the pattern {pattern!r} uses more than letters, digits, [..], \\d and {{n}}") from None
    if not 0 < len(sets) <= LONGEST:
        raise BadIdentifier(f"the pattern {pattern!r} has {len(sets)} characters; there may be 1 to {LONGEST}")
    return sets


def group_number(lengths: Sequence[int]) -> int:
    """One number for the lengths of groups in a row; lengths beyond 31 count as 31."""
    number = 1
    for length in lengths:
        number = (number * 32 + min(length, 31)) & 0xFFFFFFFFFFFFFFFF
    return number


def compile_tables(members: Mapping[str, Identifier]) -> Any:
    """[1] TABLES for these identifiers, which are numbers in the order of the mapping; read-only.

    Raises:
        BadIdentifier: one has a pattern that the scan cannot follow, or all together are too many.
    """
    tables = np.zeros(1, TABLES)
    T = tables[0]
    names = list(members)
    T["n_headed"] = (len(names) + 63) // 64
    T["special"] = -1
    T["special"][: len(SPECIAL)] = [names.index(s) if s in names else -1 for s in SPECIAL]
    for i, m in enumerate(members.values()):
        T["tag"][i] = field_tag(m.field)
        T["form"][i] = FORMS.index(m.form)
        T["alone"][i], T["near"][i], T["headed"][i] = m.belief, m.belief_near, m.belief_headed
        T["bare"][i] = m.belief if m.belief_bare is None else m.belief_bare
        T["is_compared"][i] = (m.is_strong and m.belief > 0) or m.field in ("name", "birth_date", "address")
        T["check"][i], T["n_key"][i], T["needs_digit"][i] = CHECKS[m.check], m.n_key, m.needs_digit or T["tag"][i] != 0
        T["only_capitals"][i] = m.only_capitals
    try:
        _add_sums(T, members)
        _add_patterns(T, members)
        _add_literals(T, members)
        add_words(T, members)
    except IndexError:
        raise BadIdentifier(f"{len(members):,} identifiers have more patterns, literals or words than engine/layout.py has room for") from None
    _add_marks(T)
    plan = phone_plan()
    for name, numbers in zip(("phone_next", "phone_accepts", "phone_start", "phone_lengths"), plan, strict=True):
        T[name][: len(numbers)] = numbers
    T["phone_trunk"] = trunks()
    tables.flags.writeable = False  # one type of array, so that the scan is compiled once
    return tables


def _add_sums(T: Any, members: Mapping[str, Identifier]) -> None:
    s = 0
    for i, (name, m) in enumerate(members.items()):
        T["sum_from"][i] = s
        for one, skip in zip(m.sums, skips_of(m.sums), strict=True):
            lengths = {one.length} if one.length else {len(_pattern_sets(pattern)) for pattern in m.patterns}
            if max(lengths) > PLACES_MAX or (one.odd_values is not None and len(lengths) > 1):
                raise BadIdentifier(f"identifier {name}: a sum is over at most {PLACES_MAX} characters, and over one length where places differ")
            T["sum_length"][s], T["sum_plus"][s], T["sum_modulus"][s] = one.length, one.plus, one.modulus
            T["sum_at"][s], T["sum_skip"][s], T["sum_or_next"][s] = one.at if one.gives else 0, skip, one.or_next
            T["sum_starts"][s] = sum(1 << ALNUM.index(c) for c in one.starts or ALNUM)
            gives = [NO if c == "-" else NEXT if c == ">" else ALNUM.index(c) for c in one.gives]
            T["sum_gives"][s] = NO
            T["sum_gives"][s, : len(gives)] = gives
            T["sum_parts"][s] = parts_of(one, min(lengths))
            s += 1
        T["sum_until"][i] = s
        for k, template in enumerate(m.days):
            T["day_length"][i, k], T["year_at"][i, k], T["month_at"][i, k], T["day_at"][i, k] = places_of_day(template)
        T["month_of"][i], T["day_of"][i] = shifted(m.month_offsets, 12), shifted(m.day_offsets, 31)


def _add_patterns(T: Any, members: Mapping[str, Identifier]) -> None:
    """The patterns in two sorts: by the lengths of their groups, and by their length where any grouping will do."""
    grouped: dict[int, list[tuple[int, list[int], int]]] = {}
    free: list[tuple[int, list[int], int]] = []
    beginnings: set[int] = set()
    for i, (name, member) in enumerate(members.items()):
        separators = sum(_SEPARATOR_BIT[c] for c in member.separators)
        for pattern in member.patterns:
            try:
                sets = _pattern_sets(pattern)
            except BadIdentifier as error:
                raise BadIdentifier(f"identifier {name}: {error}") from None
            ways = {tuple(int(g) for g in groups.split("-")) for groups in member.groups}
            for way in sorted(way for way in ways if sum(way) == len(sets)):
                grouped.setdefault(group_number(way), []).append((i, sets, separators))
                beginnings |= {group_number(way[:n]) for n in range(1, len(way))}
            if not ways:
                free.append((i, sets, separators))

    def needs_company(row: tuple[int, list[int], int]) -> bool:
        return not (T["is_compared"][row[0]] or max(T["alone"][row[0]], T["bare"][row[0]]) >= BELIEF_MIN)

    rows: list[tuple[int, list[int], int]] = []
    n_chunks = n_places = 0

    def add_chunks(found: list[tuple[int, list[int], int]]) -> None:
        """Patterns that are tried for the same run: rows of one length stand together, so that one look at a character asks them all."""
        nonlocal n_chunks, n_places
        for begin in range(0, len(found), 64):
            chunk = found[begin : begin + 64]
            length = len(chunk[0][1])
            tries = dict.fromkeys((patterns.ALL, patterns.ALONE, patterns.ELSEWHERE), 0)
            for bit, (i, sets, separators) in enumerate(chunk):
                one = np.uint64(1 << bit)
                T["pattern_identifier"][len(rows) + bit] = i
                tries[patterns.ALL] |= 1 << bit
                if not needs_company(chunk[bit]):
                    tries[patterns.ALONE] |= 1 << bit
                if T["is_compared"][i] or max(T["alone"][i], T["bare"][i]) * np.float32(0.5) >= BELIEF_MIN:
                    tries[patterns.ELSEWHERE] |= 1 << bit
                T["chunk_separators"][n_chunks, [used for used in range(16) if not used & ~separators]] |= one
                for place, bits in enumerate(sets):
                    T["accepts"][n_places + place, [value for value in range(36) if bits >> value & 1]] |= one
            T["chunks"][n_chunks, [patterns.LENGTH, patterns.FIRST, patterns.ACCEPTS]] = length, len(rows), n_places
            T["chunks"][n_chunks, list(tries)] = np.array(list(tries.values()), np.uint64).view(np.int64)
            rows.extend(chunk)
            n_places += length
            n_chunks += 1

    shape_keys = T["shapes"][:, patterns.SHAPE].view(np.uint64)
    for number, found in grouped.items():
        at = free_slot(shape_keys, number, number ^ (number >> 17))
        found.sort(key=needs_company)
        first = n_chunks
        # Groups longer than 31 have one number, and their patterns may have different lengths.
        for _, alike in groupby(found, key=lambda row: len(row[1])):
            add_chunks(list(alike))
        T["shapes"][at, [patterns.SHAPE_FIRST, patterns.SHAPE_UNTIL]] = first, n_chunks
    for number in sorted(beginnings - set(grouped)):
        free_slot(shape_keys, number, number ^ (number >> 17))
    free.sort(key=lambda row: len(row[1]))
    for length in range(LONGEST + 2):
        T["free"][length] = n_chunks
        add_chunks([row for row in free if len(row[1]) == length])
    for _, sets, _ in free:
        for first in range(36):
            for second in range(36):
                if sets[0] >> first & 1 and (len(sets) < 2 or sets[1] >> second & 1):
                    T["free_pair"][first, second] = 1
    for n in range(len(T["lone"])):
        for row in [*grouped.get(group_number([n]), []), *free]:
            if len(row[1]) == n:
                T["lone"][n] = max(T["lone"][n], 1 if needs_company(row) else 2)


def _add_literals(T: Any, members: Mapping[str, Identifier]) -> None:
    literals = sorted(
        (
            (literal.encode(), i, least, most, m.alphabet, dict(m.never).get(literal, ""))
            for i, m in enumerate(members.values())
            for literal, least, most in m.literals
        ),
        key=lambda literal: literal[0][0],
    )
    T["literal_of_byte"] = np.searchsorted([literal[0][0] for literal in literals], np.arange(257))
    for r, (beginning, i, least, most, alphabet, never) in enumerate(literals):
        T["literal_bytes"][r, : len(beginning)] = list(beginning)
        T["literal_pair"][(beginning + b"\0")[0] << 8 | (beginning + b"\0")[1]] = 1
        first, second = (beginning.lower() + b"\0")[:2]
        T["word_lengths"][(first << 8) | (second if chr(second).isalpha() else 0)] |= 1
        T["literal_identifier"][r], T["literal_length"][r] = i, len(beginning)
        T["literal_least"][r], T["literal_most"][r] = least, most
        T["literal_alphabet"][r] = [c < 128 and bool(re.fullmatch(f"[{alphabet}]", chr(c))) for c in range(256)]
        T["literal_alphabet"][r, [*never.encode()]] = 2


def _add_marks(T: Any) -> None:
    T["marks"][np.flatnonzero(T["literal_of_byte"][1:] > T["literal_of_byte"][:-1])] = one_pass.BEGINNING
    for byte, mark, number in (
        (b"@", one_pass.AT_SIGN, state.THE_EMAIL),
        (b"%", one_pass.PERCENT, state.THE_EMAIL),
        (b":", one_pass.COLON, state.THE_IP),
        (b":", one_pass.COLON, state.THE_MAC),
        (b"+", one_pass.PLUS, state.THE_PHONE),
        (b"(", one_pass.BRACKET, state.THE_PHONE),
    ):
        if T["special"][number] >= 0:
            T["marks"][byte[0]] = mark
    stops = np.flatnonzero((T["marks"] != 0) & (CLASS == 0))
    T["n_stops"] = len(stops)
    T["stops"][: len(stops)] = stops


@cache
def standard_tables() -> Any:
    """The tables for the identifiers of the open set."""
    return compile_tables(identifiers())


def dialled(regions: Sequence[str]) -> Any:
    """[n, 4] int32 for each country whose national spelling is read: calling code (each once), trunk digit (-1: none),
    and bits of the lengths that its numbers can have as dialled, and without the trunk digit.
    """
    found: dict[int, int] = {}
    for region in regions:
        code, trunk = trunk_of(region)
        if code:
            found.setdefault(code, trunk)
    return np.array([(code, trunk, *plan_lengths(code, trunk)) for code, trunk in found.items()], np.int32).reshape(-1, 4)


def dialled_bits(rows: Any) -> tuple[Any, Any]:
    """Of which rows of `dialled` a number can be that begins with three digits, and that has so many: bits."""
    plan = phone_plan()
    after = plan.next.reshape(-1, 10)
    so = np.zeros((state.DIALLED_WORDS, 1000), np.uint64)
    long = np.zeros((state.DIALLED_WORDS, state.DIGITS_MAX + 1), np.uint64)
    first, second, third = np.indices((10, 10, 10)).reshape(3, 1000)
    for row, (code, trunk, lengths, _) in enumerate(rows.tolist()):
        word, bit = row // 64, np.uint64(1 << row % 64)
        start = plan.start[code]
        is_whole = after[after[after[start][first], second], third] != 0
        # Behind a trunk digit 0 also numbers that no plan gives out are read, see phones.py.
        is_trunked = (first == trunk) & ((trunk == 0) | (after[after[start][second], third] != 0))
        so[word, is_whole | is_trunked] |= bit
        long[word, [n for n in range(state.DIGITS_MAX + 1) if lengths >> n & 1]] |= bit
    return so, long
