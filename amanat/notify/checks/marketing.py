"""A notice sells nothing."""

from amanat.notify.check import Check, phrases

CHECK = Check(
    is_blocking=True,
    look=phrases,
    is_left_out=True,
    source="Regulation (EU) 611/2013, Art. 3(4); EDPB Guidelines 9/2022, section III",
    read_on="2026-11-22",
)
