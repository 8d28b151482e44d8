"""How clever the attackers were does not make us less responsible."""

from amanat.notify.check import Check, phrases

CHECK = Check(
    is_blocking=False,
    look=phrases,
    source="Coombs, situational crisis communication theory: an excuse denies control, and is no answer to a crisis one could have prevented",
    read_on="2026-11-22",
)
