"""A notice never asks for a secret or money, and never threatens: that is how swindlers write."""

from amanat.notify.check import Check, phrases

CHECK = Check(is_blocking=True, look=phrases, source="Vt. Stat. tit. 9 § 2435(b)(6); EDPB Guidelines 9/2022, section III", read_on="2026-11-22")
