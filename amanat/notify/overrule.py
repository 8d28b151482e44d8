"""A person lets an advice of the honesty gate stand, by name and with a reason; what blocks nobody can let stand.

It holds for these very words: when the sentence changes, the gate says it anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from amanat.lib.errors import Fixable
from amanat.terms.notice import Finding

FEWEST_LETTERS = 10  # of a reason: "ok" is none


class CannotOverrule(Fixable):
    """The finding blocks, is not there, or nobody says why it should stand."""


def overrule(findings: Sequence[Finding], *, check: str, by: str, reason: str, quote: str = "", where: str = "") -> list[Finding]:
    """The findings, with one rule's advice let stand; raises CannotOverrule.

    Args:
        by: who answers for it: a person's name, or their id among the company's staff.
        quote: only at these words; without it the rule's whole advice on the text.
    """
    reason, by = " ".join(reason.split()), by.strip()
    if len(reason) < FEWEST_LETTERS:
        raise CannotOverrule("say why it should stand as it is, in a sentence that others can judge")
    if not by:
        raise CannotOverrule("say who lets it stand; it is a person's name that goes into the journal")
    meant = [f for f in findings if f.check == check and quote in ("", f.quote) and where in ("", f.where)]
    if not meant:
        said = ", ".join(dict.fromkeys(f.check for f in findings)) or "nothing"
        raise CannotOverrule(f"the gate says nothing of {check!r} here; it says: {said}")
    if any(f.is_blocking for f in meant):
        raise CannotOverrule(f"{check!r} blocks: mend the sentence or the fact it rests on; nobody can let it stand")
    return [replace(f, overruled_by=by, reason=reason) if f in meant else f for f in findings]


def carried_over(before: Iterable[Finding], now: Iterable[Finding]) -> list[Finding]:
    """What the gate says now, with what a person let stand at the same words before."""
    stand = {_place(f): f for f in before if f.overruled_by}
    found = []
    for finding in now:
        old = stand.get(_place(finding))
        found.append(replace(finding, overruled_by=old.overruled_by, reason=old.reason) if old and not finding.is_blocking else finding)
    return found


def _place(finding: Finding) -> tuple[str, str, str]:
    return finding.check, finding.where, finding.quote
