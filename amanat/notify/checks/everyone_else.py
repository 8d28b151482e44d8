"""That others are attacked too does not help the person who reads."""

from amanat.notify.check import Check, phrases

CHECK = Check(
    is_blocking=False, look=phrases, is_left_out=True, source="amanat's own promise: no excuse stands beside an apology", read_on="2026-11-22"
)
