"""Whoever acted is named."""

from amanat.notify.check import Check, phrases

CHECK = Check(is_blocking=False, look=phrases, source="US Federal Plain Language Guidelines: use active voice", read_on="2026-11-22")
