"""Why we tell whom, on a terminal: the groups of persons alike, the largest first."""

from typing import Any

from amanat.lib.table import table

# Groups on the screen and in JSON; a file takes them all.
GROUPS_SHOWN = 40


def as_text(groups: list[dict[str, Any]], *, n_persons: int, n_groups: int) -> str:
    """Why we tell whom, the largest group first."""
    rows = [
        [
            group["n_persons"],
            group["residence"] or "not known",
            group["language"] or "",
            {True: "yes", False: "no", None: ""}[group["minor"]],
            ", ".join(group["kinds"]),
            ", ".join(group["laws"]) or "none that we know",
            f"{group['due_at']:%Y-%m-%d %H:%M} UTC" if group["due_at"] else "no number of days" if group["laws"] else "",
            group["letter_group"],
        ]
        for group in groups
    ]
    text = table(["persons", "residence", "language", "minor", "kinds of data", "laws", "by", "letter"], rows, right=[0])
    more = f", the largest {len(groups)} shown; --out writes all" if n_groups > len(groups) else ""
    return f"{text}\n\n{n_persons:,} persons in {n_groups:,} groups{more}."
