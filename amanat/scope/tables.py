"""The identifiers' files, compiled into the arrays that the scan walks through."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import numpy as np

from amanat.scope.checks import CHECKS
from amanat.scope.fold import fold_text
from amanat.scope.identifier import FORMS, BadIdentifier, Identifier, identifiers
from amanat.scope.phone_plan import phone_plan, trunk_of

_ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SEPARATOR_BIT = {" ": 1, "-": 2, ".": 4, "/": 8}
LONGEST = 64  # compact characters of a pattern

# What a word means to the scan.
NEAR, LABEL, MONTH, TITLE, LABEL_WHOLE = range(5)

_MONTHS = (
    "january janvier januar enero janeiro jan janv ژانویه",
    "february fevrier februar febrero fevereiro feb fev فوریه",
    "march mars marz maerz marzo marco mar مارس",
    "april avril abril apr avr آوریل",
    "may mai mayo maio مه",
    "june juin juni junio junho jun ژوئن",
    "july juillet juli julio julho jul juil ژوئیه",
    "august aout agosto aug ago اوت",
    "september septembre septiembre setembro sep sept سپتامبر",
    "october octobre oktober octubre outubro oct okt اکتبر",
    "november novembre noviembre novembro nov نوامبر",
    "december decembre dezember diciembre dezembro dec dez دسامبر",
    "فروردین farvardin",
    "اردیبهشت ordibehesht",
    "خرداد khordad",
    "تیر tir",
    "مرداد mordad",
    "شهریور shahrivar",
    "مهر mehr",
    "آبان aban",
    "آذر azar",
    "دی dey",
    "بهمن bahman",
    "اسفند esfand",
)
_TITLES = (
    "mr mrs ms miss mx dr prof sir madam mme mlle monsieur madame mademoiselle herr frau sr sra srta senhor senhora dona"
    " آقای خانم جناب سرکار دکتر مهندس"
)


class Tables(NamedTuple):
    """Arrays for the compiled scan. Identifiers are numbers, in alphabetical order of their names."""

    form: Any  # [n] int32, index into FORMS
    field: Any  # [n] int32, tag of the field whose values are compared
    beliefs: Any  # [n, 4] float32: alone, near, headed, bare
    row_of_length: Any  # [LONGEST + 2] int32: rows of patterns with this many characters
    row_identifier: Any  # [n_rows] int32
    row_sets: Any  # [n_rows, LONGEST] uint64, allowed characters at each place
    row_separators: Any  # [n_rows] int32
    row_groups: Any  # [n_rows, 2] int32: from, until in `groups`; the same: any grouping
    groups: Any  # [n_groups] uint64
    check: Any  # [n] int32
    weights: Any  # [n, LONGEST] int64
    modulus: Any  # [n] int64
    rule: Any  # [n] int64
    n_key: Any  # [n] int64
    literal_of_byte: Any  # [257] int32: literals that begin with this byte
    literals: Any  # [n_literals, 32] uint8
    literal_numbers: Any  # [n_literals, 4] int32: identifier, length, least, most
    literal_alphabet: Any  # [n_literals, 256] uint8
    word_keys: Any  # [size] uint64, open addressing, 0 is free
    word_range: Any  # [size, 2] int32: from, until in `word_meaning`
    word_meaning: Any  # [n_meanings, 2] int32: identifier (or month), meaning
    word_bits: Any  # [1 << 16] uint8: whether a phrase ends with a word of this hash
    special: Any  # [8] int32: identifiers the scan knows by form (see SPECIAL)
    phone_next: Any
    phone_accepts: Any
    phone_start: Any
    phone_lengths: Any


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


def word_hash(word: str) -> int:
    """FNV-1a over the folded, lower-case bytes, as the scan computes it."""
    h = 0xCBF29CE484222325
    for byte in fold_text(word).lower().encode():
        h = ((h ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return h


def phrase_hash(words: Sequence[str]) -> int:
    """Up to three words in a row."""
    h = 0
    for word in words:
        h = ((h * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF) ^ word_hash(word)
    return h or 1


def words_of(text: str) -> list[str]:
    """The words of a label, folded.

    >>> words_of("Date de Naissance"), words_of("guest_eMail"), words_of("firstName")
    (['date', 'de', 'naissance'], ['guest', 'email'], ['first', 'name'])
    """
    folded = fold_text(text)
    folded = re.sub(r"(?<=[a-z])(?=[A-Z][a-z]{2})", " ", folded.replace("eMail", "email").replace("E-Mail", "email").replace("e-mail", "email"))
    return [w.lower() for w in re.findall(r"[^\W\d_]+|\d+", folded)]


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
                        bits |= 0x3FF
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


def compile_tables(members: Mapping[str, Identifier]) -> Tables:
    """The arrays for these identifiers."""
    names = list(members)
    n = len(names)
    rows: list[tuple[int, int, list[int], int, list[int]]] = []
    literals: list[tuple[bytes, int, int, int, str]] = []
    phrases: dict[int, set[tuple[int, int]]] = {}
    last_words: set[int] = set()

    def say(phrase: str, number: int, meaning: int) -> None:
        words = words_of(phrase)[-3:]
        if words:
            phrases.setdefault(phrase_hash(words), set()).add((number, meaning))
            last_words.add(word_hash(words[-1]))

    weights = np.zeros((n, LONGEST), np.int64)
    for i, (name, member) in enumerate(members.items()):
        separators = sum(_SEPARATOR_BIT[c] for c in member.separators)
        grouping = [group_number([int(g) for g in groups.split("-")]) for groups in member.groups]
        try:
            for pattern in member.patterns:
                sets = _pattern_sets(pattern)
                rows.append((len(sets), i, sets, separators, grouping))
        except BadIdentifier as error:
            raise BadIdentifier(f"identifier {name}: {error}") from None
        for literal, least, most in member.literals:
            literals.append((literal.encode(), i, least, most, member.alphabet))
        for word in member.words:
            say(word, i, NEAR)
        for header in member.headers:
            say(header.lstrip("="), i, LABEL_WHOLE if header.startswith("=") else LABEL)
        weights[i, : len(member.weights)] = member.weights
    for month, spellings in enumerate(_MONTHS, start=1):
        for word in spellings.split():
            say(word, month, MONTH)
    for word in _TITLES.split():
        say(word, 0, TITLE)

    rows.sort(key=lambda row: row[0])
    literals.sort(key=lambda literal: literal[0][0])
    row_of_length = np.searchsorted([row[0] for row in rows], np.arange(LONGEST + 2)).astype(np.int32)
    row_sets = np.zeros((max(len(rows), 1), LONGEST), np.uint64)
    row_groups = np.zeros((max(len(rows), 1), 2), np.int32)
    groups: list[int] = []
    for r, row in enumerate(rows):
        row_sets[r, : row[0]] = row[2]
        row_groups[r] = len(groups), len(groups) + len(row[4])
        groups += row[4]

    literal_bytes = np.zeros((max(len(literals), 1), 32), np.uint8)
    literal_numbers = np.zeros((max(len(literals), 1), 4), np.int32)
    literal_alphabet = np.zeros((max(len(literals), 1), 256), np.uint8)
    for r, (beginning, i, least, most, alphabet) in enumerate(literals):
        literal_bytes[r, : len(beginning)] = list(beginning)
        literal_numbers[r] = i, len(beginning), least, most
        literal_alphabet[r] = [bool(re.fullmatch(f"[{alphabet}]", chr(c))) if c < 128 else False for c in range(256)]
    literal_of_byte = np.searchsorted([literal[0][0] for literal in literals], np.arange(257)).astype(np.int32)

    size = 1 << max(10, (len(phrases) * 4).bit_length())
    word_keys = np.zeros(size, np.uint64)
    word_range = np.zeros((size, 2), np.int32)
    meanings: list[tuple[int, int]] = []
    for h, found in phrases.items():
        at = h & (size - 1)
        while word_keys[at]:
            at = (at + 1) & (size - 1)
        word_keys[at] = h
        word_range[at] = len(meanings), len(meanings) + len(found)
        meanings += sorted(found)
    word_bits = np.zeros(1 << 16, np.uint8)
    for h in last_words:
        word_bits[h & 0xFFFF] = 1

    plan = phone_plan()
    return Tables(
        form=np.array([FORMS.index(m.form) for m in members.values()], np.int32),
        field=np.array([field_tag(m.field) for m in members.values()], np.int64),
        beliefs=np.array(
            [[m.belief, m.belief_near, m.belief_headed, m.belief if m.belief_bare is None else m.belief_bare] for m in members.values()], np.float32
        ).reshape(n, 4),
        row_of_length=row_of_length,
        row_identifier=np.array([row[1] for row in rows] or [0], np.int32),
        row_sets=row_sets,
        row_separators=np.array([row[3] for row in rows] or [0], np.int32),
        row_groups=row_groups,
        groups=np.array(groups or [0], np.uint64),
        check=np.array([CHECKS[m.check] for m in members.values()], np.int32),
        weights=weights,
        modulus=np.array([m.modulus for m in members.values()], np.int64),
        rule=np.array([m.rule for m in members.values()], np.int64),
        n_key=np.array([m.n_key for m in members.values()], np.int64),
        literal_of_byte=literal_of_byte,
        literals=literal_bytes,
        literal_numbers=literal_numbers,
        literal_alphabet=literal_alphabet,
        word_keys=word_keys,
        word_range=word_range,
        word_meaning=np.array(meanings or [(0, 0)], np.int32),
        word_bits=word_bits,
        special=np.array([names.index(s) if s in names else -1 for s in SPECIAL], np.int32),
        phone_next=plan.next,
        phone_accepts=plan.accepts,
        phone_start=plan.start,
        phone_lengths=plan.lengths,
    )


@cache
def standard_tables() -> Tables:
    """The arrays for the identifiers of the open set."""
    return compile_tables(identifiers())


def dialled(regions: Sequence[str]) -> Any:
    """[n, 2] int32: calling code and trunk digit of the countries whose national spelling is read, each code once."""
    found: dict[int, int] = {}
    for region in regions:
        code, trunk = trunk_of(region)
        if code:
            found.setdefault(code, trunk)
    return np.array(list(found.items()), np.int32).reshape(-1, 2)


# A column whose name has one of these beside a known name does not hold the value itself (`password_changed_at`).
_ABOUT = frozenset(
    "at date changed change expires expiry reset hint count type status verified valid policy is has updated created time age length domain provider"
    " ok flag optin opt last4 attempts failed required score source verification question".split()
)


class Headers:
    """Which identifiers the name of a column, field or key speaks of."""

    def __init__(self, members: Mapping[str, Identifier]) -> None:
        self._whole: dict[tuple[str, ...], set[int]] = {}
        self._part: dict[tuple[str, ...], set[int]] = {}
        for i, member in enumerate(members.values()):
            for header in member.headers:
                words = tuple(words_of(header.lstrip("=")))
                (self._whole if header.startswith("=") else self._part).setdefault(words, set()).add(i)
        self._longest = max([len(w) for w in self._part], default=1)

    def of(self, label: str) -> frozenset[int]:
        """The identifiers of the longest known name within the label. Of a path (`guest.name.first`) the innermost keys count."""
        keys = [key for key in label.replace("/", ".").split(".") if words_of(key)]
        for n_keys in (1, 2):
            found = self._of_words(tuple(words_of(" ".join(keys[-n_keys:])))) if keys else frozenset()
            if found:
                return found
        return frozenset()

    def _of_words(self, words: tuple[str, ...]) -> frozenset[int]:
        if words in self._whole:
            return frozenset(self._whole[words] | self._part.get(words, set()))
        for length in range(min(len(words), self._longest), 0, -1):
            found: set[int] = set()
            for at in range(len(words) - length + 1):
                if _ABOUT.isdisjoint(words[:at] + words[at + length :]):
                    found |= self._part.get(words[at : at + length], set())
            if found:
                return frozenset(found)
        return frozenset(self._part.get(("".join(words),), set()))
