"""The person whose data were taken is not to blame."""

from amanat.notify.check import Check, phrases

CHECK = Check(is_blocking=True, look=phrases, source="EDPB Guidelines 9/2022, section III", read_on="2026-11-22")
