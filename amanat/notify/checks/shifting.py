"""What a supplier of ours did, we answer for: whoever gave us data gave them to us."""

from amanat.notify.check import Check, phrases

CHECK = Check(is_blocking=False, look=phrases, source="GDPR Article 28(1): the controller answers for the processors it chose", read_on="2026-11-22")
