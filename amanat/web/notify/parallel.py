"""One text in its languages side by side: each sentence beside its counterparts, with the facts that all of them point to."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from amanat.terms.fact import Fact
from amanat.web.notify import queries


def sections_of(columns: Sequence[Mapping[str, Any]], facts: Mapping[str, Fact], language: str) -> list[dict[str, Any]]:
    """The sections of a text in the order of its first language, each with rows of counterpart sentences.

    Args:
        columns: one for each language: `language`, `content` (`Notice.as_dict`), `findings` (`queries.once`).
        language: of the screen.
    """
    ids = list(dict.fromkeys(section["id"] for column in columns for section in column["content"]["sections"]))
    by_id = [{section["id"]: section for section in column["content"]["sections"]} for column in columns]
    found = []
    for id in ids:
        parts = [sections.get(id) for sections in by_id]
        rows = counterparts([part["sentences"] if part else [] for part in parts])
        left = [[f for f in column["findings"] if f.get("where") == id] for column in columns]
        shown: list[dict[str, Any]] = []
        said: list[str] = []
        for row in rows:
            cells = [_cell(column["language"], sentence, open_) for column, sentence, open_ in zip(columns, row, left, strict=True)]
            names = list(dict.fromkeys(name for sentence in row if sentence for name in sentence["facts"]))
            # A list of thirty kinds rests on the same count; saying so once is enough.
            names, said = ([] if names == said else names), names
            shown.append({"cells": cells, "facts": [queries.shown_fact(facts, name, language) for name in names]})
        below = [{"language": column["language"], "findings": open_} for column, open_ in zip(columns, left, strict=True)]
        found.append(
            {
                "id": id,
                "headings": [(column["language"], part["heading"] if part else "") for column, part in zip(columns, parts, strict=True)],
                "has_heading": any(part and part["heading"] for part in parts),
                "rows": shown,
                "below": below if any(left) else [],
            }
        )
    return found


def counterparts(columns: Sequence[Sequence[Mapping[str, Any]]]) -> list[list[Mapping[str, Any] | None]]:
    """The sentences of each language in rows: what rests on the same facts and is for the same readers stands in one row."""
    rows: list[list[Mapping[str, Any] | None]] = [[sentence] for sentence in columns[0]]
    for n, column in enumerate(columns[1:], 1):
        signs = [_sign(next(s for s in row if s is not None)) for row in rows]
        made: list[list[Mapping[str, Any] | None]] = []
        for _act, a, b, c, d in SequenceMatcher(None, signs, [_sign(s) for s in column], autojunk=False).get_opcodes():
            both = min(b - a, d - c)
            made += [[*rows[a + i], column[c + i]] for i in range(both)]
            made += [[*row, None] for row in rows[a + both : b]]
            made += [[*[None] * n, sentence] for sentence in column[c + both : d]]
        rows = made
    return rows


def _sign(sentence: Mapping[str, Any]) -> tuple[Any, ...]:
    return (*(tuple(sentence.get(name, ())) for name in ("facts", "kinds", "places", "bases", "readers")), sentence["is_item"])


def _cell(language: str, sentence: Mapping[str, Any] | None, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """One sentence with the findings that quote it, which are taken out of those still to be placed."""
    mine = [f for f in findings if sentence and f["shown"] and (f["shown"] in sentence["text"] or sentence["text"] in f["shown"])]
    findings[:] = [f for f in findings if f not in mine]
    return {"language": language, "sentence": sentence, "findings": mine}
