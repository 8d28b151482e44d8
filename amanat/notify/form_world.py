"""Answers the expressions of a form from one case: facts with their families, totals, duties, company, earlier fields."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from amanat.lib.errors import did_you_mean
from amanat.notify.form import Form, Phase
from amanat.notify.form_case import FormCase
from amanat.notify.form_expression import BadFormExpression, Got, World
from amanat.terms.fact import fact_types
from amanat.terms.places import PLACES, country_of, lies_in

_FROM_EXPOSURES = ("exposures",)


class CaseWorld(World):
    """One case, one form, one phase, one language, one moment."""

    def __init__(self, form: Form, phase: Phase, case: FormCase, *, language: str, now: datetime, their_reference: str, has_earlier: bool) -> None:
        self._form, self._phase, self._case, self._language, self._now = form, phase, case, language, now
        self._their_reference, self._has_earlier = their_reference, has_earlier
        self.fields: dict[str, Got] = {}
        self.is_complete = True

    # ---- facts ----

    def fact(self, name: str) -> Got:
        fact = self._case.facts.get(name)
        notes: tuple[str, ...] = ()
        source = name
        if fact is None or fact.status == "unknown":
            like = fact_types()[name].like
            other = self._case.facts.get(like) if like and like != name and fact is None else None
            if other is None or other.status == "unknown":
                return Got(ask=(name,))
            # One date per family is enough, and the form says so.
            fact, source, notes = other, like, (f"taken from {like}",)
        if fact.status == "believed":
            notes = (*notes, "believed")
        value = fact.value
        if isinstance(value, dict) and fact_types()[name].type == "statement":
            language = next((tag for tag in (self._language, self._case.company.default_language, "en", *value) if value.get(tag)), "")
            if not language:
                return Got(ask=(name,))
            notes = notes if language == self._language else (*notes, f"written in {language}")
            value = value[language]
        if isinstance(value, str) and fact_types()[name].type in ("moment", "day"):
            value = (datetime if fact_types()[name].type == "moment" else date).fromisoformat(value)
        return Got(value, (f"fact:{source}",), (), notes)

    # ---- words ----

    def word(self, name: str) -> Got:
        found: Got = getattr(self, f"_word_{name}")
        return found

    @property
    def _word_always(self) -> Got:
        return Got(True)

    @property
    def _word_phase(self) -> Got:
        return Got(self._phase.id)

    @property
    def _word_now(self) -> Got:
        return Got(self._now)

    @property
    def _word_is_follow_up(self) -> Got:
        return Got(self._phase.is_follow_up or self._has_earlier)

    @property
    def _word_is_complete(self) -> Got:
        return Got(self.is_complete)

    @property
    def _word_our_reference(self) -> Got:
        return Got(self._case.id or None, ("case",))

    @property
    def _word_their_reference(self) -> Got:
        return Got(self._their_reference or None, ("submission",))

    @cached_property
    def due_at(self) -> datetime | None:
        """The deadline of the phase's duty: the earliest, where it answers several."""
        due = [d.due_at for d in self._case.assessment.duties if d.id in self._phase.duties and d.state != "not_due" and d.due_at]
        return min(due, default=None)

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self._now > self.due_at

    @property
    def _word_due_at(self) -> Got:
        return Got(self.due_at, ("assessment",))

    @property
    def _word_is_late(self) -> Got:
        return Got(self.is_late, ("assessment",))

    @property
    def _word_severity(self) -> Got:
        severity = self._case.assessment.severity
        return Got(None if severity.band == "unknown" else severity.band, ("assessment",), severity.ask if severity.band == "unknown" else ())

    @property
    def _word_is_told(self) -> Got:
        at = self._word_told_at
        # A sending that nobody recorded may have happened elsewhere: without the fact it is not "no" but "not known".
        return Got(at.value <= self._now if at.value else None, at.sources, at.ask, at.notes)

    @property
    def _word_told_at(self) -> Got:
        noted = self.fact("notice_to_individuals")
        if self._case.told.first_at and (noted.value is None or self._case.told.first_at < noted.value):
            return Got(self._case.told.first_at, ("receipts",))
        return noted

    @property
    def _word_n_told(self) -> Got:
        return Got(self._case.told.n or None, ("receipts",))

    @property
    def _word_channels(self) -> Got:
        return Got(list(self._case.assessment.channel_order) if self._case.notices else None, ("assessment",))

    @property
    def _word_n_minors(self) -> Got:
        return self._total("n_minors")

    @property
    def _word_n_records(self) -> Got:
        return self._total("n_records")

    @property
    def _word_n_gaps(self) -> Got:
        return self._total("n_gaps")

    @property
    def _word_n_review(self) -> Got:
        totals = self._case.totals
        return Got(totals.n_review() if totals else None, _FROM_EXPOSURES)

    def _total(self, name: str) -> Got:
        return Got(getattr(self._case.totals, name) if self._case.totals else None, _FROM_EXPOSURES)

    # ---- functions ----

    def open_fields(self, got: Got) -> tuple[str, ...]:
        """The earlier fields without an answer that this rests on."""
        named = [source.removeprefix("field:") for source in got.sources if source.startswith("field:")]
        return tuple(id for id in named if self.fields.get(id, Got()).value is None)

    def call(self, name: str, arguments: tuple[Got, ...]) -> Got:
        function: Callable[..., Got] = getattr(self, f"_{name}")
        if name in ("join", "first", "day", "count", "hours", "minutes", "thousands"):
            return function(*arguments)
        return function(*(one.value for one in arguments))

    def _persons(self, *places: str) -> Got:
        _known(places)
        totals = self._case.totals
        if totals is not None:
            waiting = totals.n_review(places)
            notes = (f"{waiting} more wait for a reviewer",) if waiting else ()
            return Got(totals.n(places), _FROM_EXPOSURES, (), (*notes, f"{totals.n_gaps} files could not be read") if totals.n_gaps else notes)
        given = self.fact("residents")
        return given if given.value is None else replace(given, value=sum(n for place, n in given.value.items() if lies_in(place, places)))

    def _all_kinds(self, places: tuple[str, ...]) -> Got:
        totals = self._case.totals
        if totals is not None:
            return Got(list(totals.kinds_in(places)), _FROM_EXPOSURES)
        return self.fact("kinds")

    def _has_kind(self, *kinds: str) -> Got:
        got = self._all_kinds(())
        return got if got.value is None else replace(got, value=bool(set(kinds) & set(got.value)))

    def _has_kind_in(self, place: str, *kinds: str) -> Got:
        got = self._all_kinds((place,))
        return got if got.value is None else replace(got, value=bool(set(kinds) & set(got.value)))

    def _kinds(self) -> Got:
        from amanat.wording import words

        got = self._all_kinds(())
        if not got.value:
            return replace(got, value=None)
        language = words(self._language)
        return replace(got, value=language.listed([language.kinds[kind].name for kind in got.value]))

    def _by_place(self, places: tuple[str, ...]) -> tuple[Got, dict[str, int]]:
        totals = self._case.totals
        given = Got(dict(totals.persons), _FROM_EXPOSURES) if totals is not None else self.fact("residents")
        if given.value is None:
            return given, {}
        counts: dict[str, int] = {}
        for place, n in given.value.items():
            if place and n and lies_in(place, places):
                counts[country_of(place)] = counts.get(country_of(place), 0) + n
        return given, dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def _places(self, *places: str) -> Got:
        given, counts = self._by_place(places)
        return given if given.value is None else replace(given, value=list(counts))

    def _places_abroad(self, *places: str) -> Got:
        given, counts = self._by_place(places)
        return given if given.value is None else replace(given, value=[place for place in counts if place != self._case.company.country])

    def _per_place(self, *places: str) -> Got:
        given, counts = self._by_place(places)
        return given if given.value is None else replace(given, value=", ".join(f"{place}: {n}" for place, n in counts.items()) or None)

    def _company(self, key: str) -> Got:
        if not hasattr(self._case.company, key):
            raise BadFormExpression(f"company.toml has no {key!r}")
        value = getattr(self._case.company, key)
        if isinstance(value, dict):
            value = value.get(self._language) or value.get("default") or next(iter(value.values()), None)
        return Got(value or None, (f"company:{key}",))

    def _contact(self, number: int, key: str) -> Got:
        contacts = self._case.company.authority_contact
        value = getattr(contacts[number - 1], key) if len(contacts) >= number else ""
        return Got(value or None, (f"company:authority_contact[{number}].{key}",))

    def _field(self, id: str) -> Got:
        got = self.fields.get(id, Got())
        return replace(got, sources=(f"field:{id}",))

    def _duty(self, id: str) -> Got:
        state = next((d.state for d in self._case.assessment.duties if d.id == id), "not_due")
        return Got({"due": True, "undetermined": None}.get(state, False), ("assessment",))

    def _established(self, *places: str) -> Got:
        _known(places)
        got = self.fact("establishments")
        return got if got.value is None else replace(got, value=any(lies_in(place, places) for place in got.value))

    def _join(self, *parts: Got) -> Got:
        known = [part for part in parts if part.value]
        value = "\n\n".join(str(part.value) for part in known) or None
        # One text is enough to stand in the field; the others are asked for only when there is none at all.
        return Got(value).with_(*(known or parts))

    def _first(self, *parts: Got) -> Got:
        return next((part for part in parts if part.value is not None), Got().with_(*parts))

    def _day(self, moment: Got) -> Got:
        return moment if moment.value is None else replace(moment, value=moment.value.astimezone(ZoneInfo(self._form.zone)).date())

    def _count(self, items: Got) -> Got:
        return items if items.value is None else replace(items, value=len(items.value))

    def _hours(self, begin: Got, end: Got) -> Got:
        known = begin.value is not None and end.value is not None
        return Got((end.value - begin.value).total_seconds() / 3600 if known else None).with_(begin, end)

    def _thousands(self, amount: Got) -> Got:
        return amount if amount.value is None else replace(amount, value=round(float(amount.value) / 1000, 3))

    def _minutes(self, number: Got, of_minutes: Got) -> Got:
        if number.value is None:
            return number
        minutes = round(number.value * of_minutes.value)
        return replace(number, value=f"{minutes // 1440:02}:{minutes % 1440 // 60:02}:{minutes % 60:02}")

    def _notice(self, law: str) -> Got:
        fitting = [n for n in self._case.notices if n.audience == "individuals" and any(duty.split(".")[0] == law for duty in n.duty_ids)]
        notice = next((n for n in fitting if n.language == self._language), fitting[0] if fitting else None)
        if notice is None:
            return Got(None, ("notices",))
        lines = [notice.title, *(part for s in notice.sections for part in (s.heading, *(one.text for one in s.sentences))), notice.closing]
        return Got("\n".join(line for line in lines if line), (f"notice:{notice.id}",))


def _known(places: tuple[str, ...]) -> None:
    from amanat.terms.places import GROUPS

    known: Mapping[str, Any] = {**dict.fromkeys(PLACES), **GROUPS}
    for place in places:
        if place not in known:
            raise BadFormExpression(f"there is no place {place!r}{did_you_mean(place, known)}")
