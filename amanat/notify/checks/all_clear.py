"""Nobody promises safety: what was copied stays copied, and no system is safe for ever."""

from amanat.notify.check import Check, phrases

CHECK = Check(is_blocking=False, look=phrases, source="FTC Act § 5 (15 U.S.C. § 45): no deceptive claims about security", read_on="2026-11-22")
