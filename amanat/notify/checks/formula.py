"""No empty formula that everyone writes."""

from amanat.notify.check import Check, phrases

CHECK = Check(is_blocking=False, look=phrases, is_left_out=True, source="Zou et al., CHI 2019", read_on="2026-11-22")
