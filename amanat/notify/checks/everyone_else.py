"""That others are attacked too does not help the person who reads."""

from amanat.notify.check import Check, phrases

CHECK = Check(is_blocking=False, look=phrases, source="amanat's own promise: no excuse stands beside an apology", read_on="2026-11-22")
