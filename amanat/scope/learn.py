"""Learning: what the company's own numbers look like, so that they are found where nothing says what they are."""

from collections.abc import Mapping

import pyarrow as pa

from amanat.scope.fold import fold_text
from amanat.scope.identifier import Identifier

SAMPLE = 2000
SHAPES_MAX = 4


def learn_numbers(columns: Mapping[str, pa.Array]) -> dict[str, Identifier]:
    """Identifiers for the customer and loyalty numbers of a register, from its first rows.

    A number without a letter that all share (`KL010000014` has two) is not learned: any number of that length would fit.
    """
    learned = {}
    for field, cells in columns.items():
        patterns = _patterns([_compact(text) for text in cells.drop_null().slice(0, SAMPLE).to_pylist()])
        if patterns:
            learned[f"register_{field}"] = Identifier(
                kind="loyalty_id" if field == "loyalty_id" else "",
                source="the register itself",
                patterns=patterns,
                field=field,
                is_strong=True,
                belief=0.85,
                examples=(),
                not_examples=(),
            )
    return learned


def _compact(text: str) -> str:
    return "".join(c for c in fold_text(text).upper() if c.isascii() and c.isalnum())


def _patterns(values: list[str]) -> tuple[str, ...]:
    by_shape: dict[str, list[str]] = {}
    for value in values:
        by_shape.setdefault("".join("9" if c.isdigit() else "A" for c in value), []).append(value)
    found = []
    for shape, members in sorted(by_shape.items(), key=lambda item: -len(item[1]))[:SHAPES_MAX]:
        if len(members) < 3 or len(members) < len(values) / 20 or not 5 <= len(shape) <= 40:
            continue
        places = [{value[i] for value in members} for i in range(len(shape))]
        if not any(len(letters) == 1 for kind, letters in zip(shape, places, strict=True) if kind == "A"):
            continue
        # A letter stands for itself where all have it; digits are never fixed, because the next thousand numbers differ.
        parts = (r"\d" if kind == "9" else next(iter(letters)) if len(letters) == 1 else "[A-Z]" for kind, letters in zip(shape, places, strict=True))
        found.append("".join(parts))
    return tuple(found)
