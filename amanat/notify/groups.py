"""Who gets the same notice: persons of one letter group and one language, and what occurs among them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from amanat import wording
from amanat.lib.errors import Fixable, did_you_mean
from amanat.terms.assessment import Assessment, Duty
from amanat.terms.company import Company
from amanat.terms.kinds import KINDS

# The order in which the variants of a text stand: what is surest first; "" where the exposures do not say.
BASES = ("content", "access", "service", "")


class UnknownKind(Fixable):
    """The exposures hold a kind of data that has no words."""


class UnusableGroup(Fixable):
    """A letter group whose name cannot stand in a file name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Persons who get the same notice: which kinds of data and places occur among them."""

    letter_group: str
    language: str
    kinds: tuple[str, ...]
    bases: Mapping[str, frozenset[str]]  # kinds that occur with each basis; "" where the exposures say none
    is_mixed: bool  # somewhere in the incident persons are known by access alone, so that some of what is listed may be, too
    places: tuple[str, ...]
    duties: tuple[Duty, ...]
    n_told: int  # in the whole incident, without outsiders

    @property
    def data(self) -> tuple[str, ...]:
        """The kinds without `service`, which is no data."""
        return tuple(kind for kind in self.kinds if kind != "service")

    @property
    def content(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item for duty in self.duties for item in duty.content))

    def forbids(self, word: str) -> bool:
        return any(word in item.lower() for duty in self.duties for item in duty.forbidden)

    @property
    def headings(self) -> tuple[str, ...]:
        return next((duty.headings for duty in self.duties if duty.headings), ())

    @property
    def zone(self) -> str:
        # Californians of a European hotel are owed a letter under both laws; its dates are those of California.
        own = [duty for duty in self.duties if duty.letter_group == self.letter_group]
        return next((duty.zone for duty in (*own, *self.duties) if duty.zone), "UTC")


def assign(exposures: pa.Table, persons_duties: pa.Table, company: Company) -> pa.Table:
    """Which notice each person gets: `person_id, notice_id`, in the order of `persons_duties`."""
    languages = _languages(exposures, persons_duties, company)
    letter_groups = pc.fill_null(persons_duties["letter_group"], "")
    letter_groups = pc.if_else(pc.equal(letter_groups, ""), "general", letter_groups)
    return pa.table({"person_id": persons_duties["person_id"], "notice_id": pc.binary_join_element_wise(letter_groups, languages, ".")})


def fallbacks(exposures: pa.Table, persons_duties: pa.Table, company: Company) -> str:
    """Sentences in English: how many persons get the message in another language than their own, and which."""
    words = wording.words("en")
    tags = _tags(exposures, persons_duties)
    missing: dict[str, list[tuple[str, int]]] = {}
    says = []
    for counted in pc.value_counts(tags).to_pylist():
        tag, n = counted["values"], counted["counts"]
        got, why = wording.choose_language(tag, _with_easy(company), company.default_language)
        name = wording.words(got).language.name
        if not (tag or "").strip():
            says.append(words.say(words.text["no_language"], n=n, language=name))
        elif why:
            missing.setdefault(name, []).append((tag, n))
    for name, tagged in sorted(missing.items()):
        says.append(
            words.say(words.text["fallback"], n=sum(n for _, n in tagged), language=name, missing=words.listed(sorted({tag for tag, _ in tagged})))
        )
    return " ".join(says) or words.say(words.text["fallback"], n=0, language="", missing="")


def groups(company: Company, assessment: Assessment, exposures: pa.Table, persons_duties: pa.Table) -> list[Group]:
    """The groups that occur, in alphabetical order."""
    rows = _rows(exposures, persons_duties)
    assigned = assign(exposures, persons_duties, company)["notice_id"]
    n = n_told(exposures, persons_duties)
    is_mixed = pc.any(pc.equal(exposures["basis"], "access")).as_py() or False
    found = []
    for notice_id in sorted(pc.unique(assigned).to_pylist()):
        letter_group, _, language = notice_id.rpartition(".")
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", letter_group):
            raise UnusableGroup(f"letter group {letter_group!r}: small letters, digits, '-' and '.' only; mend it in the law file")
        mine = pc.equal(assigned, notice_id)
        here, told = rows.filter(mine), persons_duties.filter(mine)
        named = set(pc.unique(pc.list_flatten(told["duty_ids"].combine_chunks())).to_pylist())
        kinds = set(pc.unique(pc.list_flatten(here["kinds"].combine_chunks())).to_pylist())
        if unknown := sorted(kinds - KINDS.keys() - {None}):
            raise UnknownKind(f"exposures: {unknown[0]!r} is not a kind of data{did_you_mean(unknown[0], KINDS)}; see terms/kinds.py")
        found.append(
            Group(
                letter_group=letter_group,
                language=language,
                kinds=tuple(kind for kind in KINDS if kind in kinds),
                bases=_bases(here),
                is_mixed=is_mixed,
                places=tuple(sorted(p for p in pc.unique(here["residence"]).to_pylist() if p)),
                duties=tuple(
                    d
                    for d in assessment.duties
                    if d.to == "individuals" and (d.id in named or (d.letter_group == letter_group and d.state in ("due", "undetermined")))
                ),
                n_told=n,
            )
        )
    return found


def available(company: Company) -> list[str]:
    """The languages that the company writes and for which we have words."""
    ours = wording.languages()
    chosen = [wording.choose_language(tag, ours, "en") for tag in (*company.languages, company.default_language)]
    return sorted({language for language, reason in chosen if not reason}) or ["en"]


def _with_easy(company: Company) -> list[str]:
    """The same with their easy-read forms: who asked for one gets it."""
    plain = available(company)
    return [*plain, *(wording.easy(tag) for tag in plain if wording.has_easy(tag))]


def kinds_in(exposures: pa.Table) -> tuple[str, ...]:
    """The kinds of data that occur among the persons, in the usual order."""
    found = set(pc.unique(pc.list_flatten(exposures["kinds"].combine_chunks())).to_pylist())
    return tuple(kind for kind in KINDS if kind in found)


def n_told(exposures: pa.Table, persons_duties: pa.Table) -> int:
    """To how many persons we write: outsiders have no address with us, so that we do not claim to write to them."""
    rows = _rows(exposures, persons_duties)
    return int(rows.num_rows - (pc.sum(pc.equal(rows["state"], "outsider")).as_py() or 0))


def _rows(exposures: pa.Table, persons_duties: pa.Table) -> pa.Table:
    """The exposures of the persons in `persons_duties`, in their order; a person without exposure has nulls."""
    where = pc.index_in(persons_duties["person_id"], value_set=exposures["person_id"].combine_chunks())
    return exposures.select(["kinds", "residence", "language", "state", "basis"]).take(where)


def _bases(rows: pa.Table) -> dict[str, frozenset[str]]:
    """The kinds of data that occur with each basis."""
    bases = pc.fill_null(rows["basis"], "")
    found = {}
    for basis in sorted(pc.unique(bases).to_pylist(), key=lambda basis: (*BASES, basis).index(basis)):
        kinds = rows.filter(pc.equal(bases, basis))["kinds"].combine_chunks()
        found[basis] = frozenset(pc.unique(pc.list_flatten(kinds)).to_pylist()) - {None}
    return found


def _tags(exposures: pa.Table, persons_duties: pa.Table) -> pa.ChunkedArray:
    return _rows(exposures, persons_duties)["language"]


def _languages(exposures: pa.Table, persons_duties: pa.Table, company: Company) -> pa.ChunkedArray:
    tags = _tags(exposures, persons_duties)
    ours = _with_easy(company)
    unique = pc.unique(tags)
    resolved = pa.array([wording.language_for(tag, ours, company.default_language) for tag in unique.to_pylist()], pa.string())
    return resolved.take(pc.index_in(tags, value_set=unique).combine_chunks()) if len(unique) else pa.chunked_array([pa.array([], pa.string())])
