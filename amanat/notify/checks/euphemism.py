"""An attack is called an attack, a theft a theft."""

from amanat.notify.check import Check, phrases

CHECK = Check(
    is_blocking=False, look=phrases, source="Zou et al., CHI 2019, on the wording of 161 notices; amanat's own list of words", read_on="2026-11-22"
)
