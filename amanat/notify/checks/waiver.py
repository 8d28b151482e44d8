"""A notice takes away no right and asks for no agreement."""

from amanat.notify.check import Check, phrases

CHECK = Check(is_blocking=True, look=phrases, is_left_out=True, source="GDPR Art. 82; Directive 93/13/EEC, Annex 1(q)", read_on="2026-11-22")
