"""The identifiers' files, compiled into the arrays that the scan walks through."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import numpy as np

from amanat.scope.checks import CHECKS
from amanat.scope.engine import one_pass, state
from amanat.scope.engine.patterns import LONGEST
from amanat.scope.engine.state import IDENTIFIER, IDENTIFIERS_MAX
from amanat.scope.identifier import FORMS, BadIdentifier, Identifier, identifiers
from amanat.scope.phone_plan import PhonePlan, phone_plan, plan_lengths, trunk_of
from amanat.scope.vocabulary import Words, compile_words, slots_of

_ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = 0x3FF
_SEPARATOR_BIT = {" ": 1, "-": 2, ".": 4, "/": 8}

# The identifiers that the scan knows by form.
SPECIAL = ("email", "phone", "birth_date", "ip", "password", "password_hash", "person_name", "postal_address")
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


PATTERN = np.dtype(
    [
        ("must", np.uint64),  # bits: places where only letters fit
        ("may", np.uint64),  # places where letters fit
        ("identifier", np.int32),
        ("length", np.int32),
        ("separators", np.int32),
        ("is_plain", np.int32),  # any digits, nothing else
    ],
    align=True,
)
LITERAL = np.dtype([("identifier", np.int32), ("length", np.int32), ("least", np.int32), ("most", np.int32)], align=True)


class Tables(NamedTuple):
    """Arrays for the compiled scan. Identifiers are numbers, in alphabetical order of their names."""

    identifiers: Any  # [n] IDENTIFIER
    weights: Any  # [n, LONGEST] int64, for the check "weighted"
    special: Any  # [8] int32: numbers of SPECIAL; -1: not looked for
    marks: Any  # [256] uint8: what a mark can begin (one_pass.py)
    patterns: Any  # [n_patterns] PATTERN
    sets: Any  # [n_patterns, LONGEST] uint64, allowed characters at each place
    signatures: Any  # [2**k] vocabulary.SLOT: patterns by the lengths of their groups
    free: Any  # [LONGEST + 2] int32: patterns that may be grouped in any way, by their length
    literal_of_byte: Any  # [257] int32: literals that begin with this byte
    literals: Any  # [n_literals] LITERAL
    literal_bytes: Any  # [n_literals, 32] uint8
    literal_alphabet: Any  # [n_literals, 256] uint8
    words: Words
    phones: PhonePlan


def _pattern_sets(pattern: str) -> list[int]:
    sets: list[int] = []

    def add(tree: Any) -> None:
        for what, value in tree:
            if what is op.LITERAL:
                sets.append(1 << _ALNUM.index(chr(value)))
            elif what is op.IN:
                bits = 0
                for kind, inner in value:
                    if kind is op.LITERAL:
                        bits |= 1 << _ALNUM.index(chr(inner))
                    elif kind is op.RANGE:
                        bits |= sum(1 << _ALNUM.index(chr(c)) for c in range(inner[0], inner[1] + 1))
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


def _add_patterns(members: Mapping[str, Identifier]) -> tuple[Any, Any, Any, Any]:
    """The patterns in two sorts: by the lengths of their groups, and by their length where any grouping will do."""
    grouped: dict[int, list[tuple[int, list[int], int]]] = {}
    free: list[tuple[int, list[int], int]] = []
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
            if not ways:
                free.append((i, sets, separators))
    free.sort(key=lambda row: len(row[1]))
    rows: list[tuple[int, list[int], int]] = []
    ranges = {}
    for number, found in grouped.items():
        ranges[number] = len(rows), len(rows) + len(found)
        rows += found
    first_free = len(rows)
    rows += free
    patterns = np.zeros(max(len(rows), 1), PATTERN)
    all_sets = np.zeros((max(len(rows), 1), LONGEST), np.uint64)
    for r, (i, sets, separators) in enumerate(rows):
        all_sets[r, : len(sets)] = sets
        must = sum(1 << k for k, bits in enumerate(sets) if not bits & _DIGITS)
        may = sum(1 << k for k, bits in enumerate(sets) if bits & ~_DIGITS)
        patterns[r] = must, may, i, len(sets), separators, all(bits == _DIGITS for bits in sets)
    by_length = (first_free + np.searchsorted([len(row[1]) for row in free], np.arange(LONGEST + 2))).astype(np.int32)
    return patterns, all_sets, slots_of(ranges, lambda number: number ^ (number >> 17)), by_length


def _add_literals(members: Mapping[str, Identifier]) -> tuple[Any, Any, Any, Any]:
    literals = sorted(
        ((literal.encode(), i, least, most, m.alphabet) for i, m in enumerate(members.values()) for literal, least, most in m.literals),
        key=lambda literal: literal[0][0],
    )
    size = max(len(literals), 1)
    numbers, beginnings, alphabets = np.zeros(size, LITERAL), np.zeros((size, 32), np.uint8), np.zeros((size, 256), np.uint8)
    for r, (beginning, i, least, most, alphabet) in enumerate(literals):
        beginnings[r, : len(beginning)] = list(beginning)
        numbers[r] = i, len(beginning), least, most
        alphabets[r] = [bool(re.fullmatch(f"[{alphabet}]", chr(c))) if c < 128 else False for c in range(256)]
    return np.searchsorted([literal[0][0] for literal in literals], np.arange(257)).astype(np.int32), numbers, beginnings, alphabets


def _marks(special: Any, literal_of_byte: Any) -> Any:
    marks = np.zeros(256, np.uint8)
    marks[np.flatnonzero(literal_of_byte[1:] > literal_of_byte[:-1])] = one_pass.BEGINNING
    marks[0x1F] = one_pass.NEW_FIELD
    for byte, mark, number in (
        (b"@", one_pass.AT_SIGN, state.THE_EMAIL),
        (b":", one_pass.COLON, state.THE_IP),
        (b"+", one_pass.PLUS, state.THE_PHONE),
        (b"(", one_pass.BRACKET, state.THE_PHONE),
    ):
        if special[number] >= 0:
            marks[byte[0]] = mark
    return marks


def compile_tables(members: Mapping[str, Identifier]) -> Tables:
    """The arrays for these identifiers."""
    assert len(members) <= IDENTIFIERS_MAX
    known = np.zeros(len(members), IDENTIFIER)
    weights = np.zeros((len(members), LONGEST), np.int64)
    for i, m in enumerate(members.values()):
        known[i] = (
            field_tag(m.field),
            m.modulus,
            FORMS.index(m.form),
            CHECKS[m.check],
            m.rule,
            m.n_key,
            m.belief,
            m.belief_near,
            m.belief_headed,
            m.belief if m.belief_bare is None else m.belief_bare,
            m.is_strong or m.field in ("name", "birth_date", "address"),
        )
        weights[i, : len(m.weights)] = m.weights
    names = list(members)
    special = np.array([names.index(s) if s in names else -1 for s in SPECIAL], np.int32)
    literals = _add_literals(members)
    tables = Tables(known, weights, special, _marks(special, literals[0]), *_add_patterns(members), *literals, compile_words(members), phone_plan())
    for array in (*tables[:-2], *tables.words, *tables.phones):
        array.flags.writeable = False  # one type of array, so that the scan is compiled once
    return tables


@cache
def standard_tables() -> Tables:
    """The arrays for the identifiers of the open set."""
    return compile_tables(identifiers())


def dialled(regions: Sequence[str]) -> Any:
    """[n, 3] int32: calling code, trunk digit and possible lengths (bits) of the countries whose national spelling is read, each code once."""
    found: dict[int, int] = {}
    for region in regions:
        code, trunk = trunk_of(region)
        if code:
            found.setdefault(code, trunk)
    return np.array([(code, trunk, plan_lengths(code, trunk)) for code, trunk in found.items()], np.int32).reshape(-1, 3)
