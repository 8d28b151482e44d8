"""No word makes the matter smaller than it is for the person who reads it."""

from amanat.notify.check import Check, phrases

CHECK = Check(is_blocking=True, look=phrases, source="Zou et al., CHI 2019 (161 notices); GDPR Art. 5(1)(a)", read_on="2026-11-22")
