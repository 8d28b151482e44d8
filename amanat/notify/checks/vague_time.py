"""When it happened is said with a day."""

from amanat.notify.check import Check, vague

CHECK = Check(
    is_blocking=False,
    look=vague("occurrence"),
    source="California Civil Code § 1798.82(d)(2)(C): the date of the breach, or its range",
    read_on="2026-11-22",
)
