"""How many persons are affected is said with a number, where the number is known."""

from amanat.notify.check import Check, vague

CHECK = Check(
    is_blocking=False, look=vague("residents"), source="GDPR Article 33(3)(a), told to the authority: the public learns no less", read_on="2026-11-22"
)
