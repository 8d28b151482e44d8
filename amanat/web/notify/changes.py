"""What changed between two versions of a text, sentence by sentence and word by word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

# A number with its separators is one word, and so is a Persian word with its joiner.
_WORD = re.compile(r"\s+|\d+(?:[.,٬٫\u202f\u00a0]\d+)*|\w+(?:[\u200c’'-]\w+)*|[^\w\s]", re.UNICODE)
ALIKE = 0.4  # sentences that share less are shown one after the other: word by word nobody could read them


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence in both versions: "same", "added", "removed" or "changed", with its parts."""

    state: str
    parts: tuple[tuple[str, str], ...]  # ("same" | "added" | "removed", text)


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Line]:
    """Both contents (`Notice.as_dict`) side by side: subject, title, greeting, each heading and sentence, and the closing."""
    before, after = sentences_of(old), sentences_of(new)
    found: list[Line] = []
    for act, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act == "equal":
            found += [Line("same", (("same", text),)) for text in after[c:d]]
            continue
        # Sentences in the same place are compared word by word; what is left over was added or removed as a whole.
        n = min(b - a, d - c)
        for i in range(n):
            found += _compared(before[a + i], after[c + i])
        found += [Line("removed", (("removed", text),)) for text in before[a + n : b]]
        found += [Line("added", (("added", text),)) for text in after[c + n : d]]
    return found


def sentences_of(content: Mapping[str, Any]) -> list[str]:
    """Every piece of a text in the order in which it is read."""
    texts = [content["subject"], content["title"], content["greeting"]]
    for section in content["sections"]:
        texts += [section["heading"], *[sentence["text"] for sentence in section["sentences"]]]
    return [text for text in [*texts, *content["closing"].split("\n")] if text]


def folded(lines: Sequence[Line]) -> list[tuple[bool, list[Line]]]:
    """The lines in groups, those that changed (True) and those that did not, so that a long letter shows its changes first."""
    return [(is_changed, list(each)) for is_changed, each in groupby(lines, key=lambda line: line.state != "same")]


def _compared(old: str, new: str) -> list[Line]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    n_shared = sum(not word.isspace() for block in matcher.get_matching_blocks() for word in before[block.a : block.a + block.size])
    if 2 * n_shared < ALIKE * sum(not word.isspace() for word in (*before, *after)):
        return [Line("removed", (("removed", old),)), Line("added", (("added", new),))]
    parts: list[tuple[str, str]] = []

    def add(state: str, words: Sequence[str]) -> None:
        if words:
            parts.append((state, "".join(words)))

    for act, a, b, c, d in matcher.get_opcodes():
        if act == "equal":
            add("same", after[c:d])
        else:
            add("removed", before[a:b])
            add("added", after[c:d])
    return [Line("changed", tuple(parts))]
