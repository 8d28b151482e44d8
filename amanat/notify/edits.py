"""Sentences that a person wrote otherwise than amanat: put into a text, and carried over when the text is composed anew.

What amanat wrote follows the facts. So an edit names the sentence in whose place it stands: once that is no longer said, because
a fact changed, the edit has lapsed and a person looks at it again. It is never quietly kept, and never quietly lost.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from amanat.lib.errors import Fixable
from amanat.notify.check import split
from amanat.notify.checks.numbers import number_of
from amanat.notify.gate import MOST_QUOTED, checks
from amanat.notify.runs import plain
from amanat.terms.fact import Fact
from amanat.terms.notice import Finding, Notice, Section, Sentence
from amanat.wording import words

ABOVE = ("subject", "title")  # what stands above the sections can be written otherwise too
LONGEST = 2000
_SLOT = re.compile(r"\{(\w*)\}")
_SLOTS = frozenset({"name", "code"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One sentence written otherwise."""

    where: str  # id of its section, or one of ABOVE
    before: str  # as amanat wrote it; "": there was none, it stands at the end of the section
    after: str  # what stands there instead; "": nothing


class CannotEdit(Fixable):
    """The sentence is not there, or what should stand in its place cannot be sent; `why` is one of same | long | above | slot | brace | lost."""

    def __init__(self, says: str, *, why: str) -> None:
        super().__init__(says)
        self.why = why


def tidied(text: str) -> str:
    """One line, without spaces at its ends. The narrow spaces of French and the joiners of Persian stay as they are."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip()


def checked_edit(edit: Edit) -> Edit:
    """The edit, tidied; raises CannotEdit for one that would break the message or say nothing."""
    edit = replace(edit, after=tidied(edit.after))
    if edit.after == edit.before:
        raise CannotEdit("these are the words that stand there already", why="same")
    if len(edit.after) > LONGEST:
        raise CannotEdit(f"a sentence has at most {LONGEST} characters; write two", why="long")
    if edit.where in ABOVE and not edit.after:
        raise CannotEdit("a message has a subject and a title; write other ones instead of none", why="above")
    was, will_be = (set(_SLOT.findall(_undoubled(text))) for text in (edit.before, edit.after))
    if strange := sorted(will_be - _SLOTS):
        raise CannotEdit(f"nothing is filled in for {{{strange[0]}}}; only {{name}} and {{code}} are, and other braces stand doubled", why="slot")
    if re.search(r"[{}]", _SLOT.sub("", _undoubled(edit.after))):
        raise CannotEdit("a single brace cannot stand in a message; double it", why="brace")
    if lost := sorted((was & _SLOTS) - will_be):
        raise CannotEdit(f"{{{lost[0]}}} must stay: without it the reader cannot tell that the message is meant for them, or is ours", why="lost")
    return edit


def joined_edits(edits: Sequence[Edit], edit: Edit) -> tuple[Edit, ...]:
    """The edits with one more. What was written otherwise twice is one edit, and what is as amanat wrote it is none."""
    for at, one in enumerate(edits):
        if one.where == edit.where and one.after == edit.before and one.after:
            merged = replace(one, after=edit.after)
            rest = (*edits[:at], *edits[at + 1 :])
            return rest if merged.before == merged.after else (*edits[:at], merged, *edits[at + 1 :])
    return (*edits, edit)


def with_edits(notice: Notice, edits: Iterable[Edit]) -> tuple[Notice, tuple[Edit, ...]]:
    """The text with the edits in it, and those that lapsed because what they replaced is no longer said."""
    lapsed = []
    for edit in edits:
        made = _with_one(notice, edit)
        if made is None:
            lapsed.append(edit)
        else:
            notice = made
    return notice, tuple(lapsed)


def one_press(finding: Finding, notice: Notice, facts: dict[str, Fact]) -> Edit | None:
    """The edit by which a finding of the gate is mended as it stands; None where only a person can find the words."""
    found = _sentence_of(finding, notice)
    check, gate = checks().get(finding.check), words(notice.language).gate.get(finding.check)
    model = gate.model if gate and _is_true_of(finding.check, facts) else ""
    if found is None:
        section = next((s.id for s in notice.sections if s.id == finding.check), notice.sections[0].id if notice.sections else "")
        return Edit(where=section, before="", after=model) if model and section and not finding.quote else None
    where, sentence, part = found
    if check is not None and check.is_left_out:
        return _kept(where, sentence, tidied(sentence.replace(part, "")))
    if finding.check == "numbers":
        return _kept(where, sentence, _right_number(sentence, notice.language, facts))
    if model:
        return _kept(where, sentence, f"{sentence} {model}" if gate and gate.is_added else sentence.replace(part, model))
    return None


def _is_true_of(check: str, facts: dict[str, Fact]) -> bool:
    """Whether the model sentence of a rule holds here: that we know nothing of misuse is not true once we searched and noted what we found."""
    searched = facts.get("search_for_misuse")
    return check != "no_evidence" or searched is None or searched.status == "unknown"


def _kept(where: str, before: str, after: str) -> Edit | None:
    try:
        return checked_edit(Edit(where=where, before=before, after=after))
    except CannotEdit:
        return None


def _sentence_of(finding: Finding, notice: Notice) -> tuple[str, str, str] | None:
    """Section and sentence in which the quoted words stand, and the whole of what was quoted."""
    if not finding.quote:
        return None
    for section in notice.sections:
        if finding.where in ("", section.id):
            for sentence in section.sentences:
                for part in split(plain(sentence.text)):
                    if part[:MOST_QUOTED] == finding.quote and part in sentence.text:
                        return section.id, sentence.text, part
    return None


def _right_number(sentence: str, language: str, facts: dict[str, Fact]) -> str:
    fact, spoken = facts.get("residents"), words(language)
    if fact is None or not isinstance(fact.value, dict) or "numbers" not in spoken.gate:
        return sentence
    right = {*fact.value.values(), sum(fact.value.values())}

    def put(found: re.Match[str]) -> str:
        times = (found[2] or "") if found.re.groups > 1 else ""
        if number_of(found[1], times) in right:
            return found[0]
        end = found.end(2) if times else found.end(1)
        return found[0][: found.start(1) - found.start()] + spoken.say("{n, number}", n=sum(fact.value.values())) + found[0][end - found.start() :]

    for pattern in spoken.gate["numbers"].patterns:
        sentence = re.sub(pattern, put, sentence, flags=re.IGNORECASE)
    return sentence


def _with_one(notice: Notice, edit: Edit) -> Notice | None:
    if edit.where in ABOVE:
        if getattr(notice, edit.where) != edit.before:
            return None
        return replace(notice, subject=edit.after) if edit.where == "subject" else replace(notice, title=edit.after)
    sections, is_done = [], False
    for section in notice.sections:
        if section.id == edit.where and (made := _in_section(section, edit)) is not None:
            section, is_done = made, True
        sections.append(section)
    return replace(notice, sections=tuple(sections)) if is_done else None


def _in_section(section: Section, edit: Edit) -> Section | None:
    if not edit.before:
        return replace(section, sentences=(*section.sentences, Sentence(text=edit.after)))
    if all(one.text != edit.before for one in section.sentences):
        return None
    # The same words may stand there several times, for readers of several places; who corrects them means all.
    written = (replace(one, text=edit.after) if one.text == edit.before else one for one in section.sentences)
    return replace(section, sentences=tuple(one for one in written if one.text))


def _undoubled(text: str) -> str:
    return text.replace("{{", "").replace("}}", "")
