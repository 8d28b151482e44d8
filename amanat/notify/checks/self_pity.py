"""The persons whose data were taken are the victims; we are not, in their letter."""

from amanat.notify.check import Check, phrases

CHECK = Check(
    is_blocking=False,
    look=phrases,
    is_left_out=True,
    source="Coombs, situational crisis communication theory: “victimage” speaks of oneself, not to those who were hurt",
    read_on="2026-11-22",
)
