"""No word that only lawyers or technicians understand."""

from amanat.notify.check import Check, phrases

CHECK = Check(is_blocking=False, look=phrases, source="GDPR Art. 34(2): clear and plain language", read_on="2026-11-22")
