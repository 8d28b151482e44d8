"""Commands about money: `amanat assess money` and `amanat assess inputs`."""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amanat.lib.command import Argument, Result, Verb, argument, one_or_more

if TYPE_CHECKING:
    from amanat.assess.money.inputs import Input

_INPUTS = argument(
    "--inputs",
    type=Path,
    action="append",
    default=[],
    metavar="FILE",
    help="our own numbers in place of those shipped (TOML); may be given twice, the later one counts",
)
_COMPANY = argument(
    "--company", type=Path, metavar="FILE", help="our company.toml: what a letter and an e-mail cost us (unit_cost) in place of what is shipped"
)
_KEYS = ("currency", "caution", "total", "parts", "curve", "drivers", "needs", "gdpr_fines", "circumstances", "legal_maxima", "persons")


def add_to(verb: Verb, case: tuple[Argument, ...], *, known: Callable[[Namespace], tuple[Any, Any, Any]]) -> None:
    """Adds the commands to `amanat assess`.

    Args:
        case: the arguments that name an incident.
        known: from these arguments its facts, its exposures and its assessment.
    """

    @verb.command(
        "money",
        *case,
        _INPUTS,
        _COMPANY,
        argument("--seriousness", choices=("low", "medium", "high"), help="of the infringement, as a person decided it (EDPB Guidelines 04/2022)"),
        argument("--seed", type=int, default=1, help="the same seed gives the same answer (default 1)"),
        argument("--draws", type=one_or_more, default=20_000, help="how often the inputs are drawn (default 20000)"),
        argument("--svg", type=Path, metavar="FILE", help="write the loss-exceedance curve there as a picture"),
        json_keys=(*_KEYS, "seed", "n_draws", "inputs"),
    )
    def money(given: Namespace) -> Result:
        """Show what the incident may cost, as ranges: response, damages, lost business, fines, and what drives the spread.

        Fines under the GDPR follow the five steps of EDPB Guidelines 04/2022. Every input has a source and can be replaced:
        `amanat assess inputs` lists them, --inputs FILE replaces them. What nobody knows is not counted, and asked for.
        A range, not a forecast.
        """
        from amanat import assess
        from amanat.assess.money import show

        numbers = _read(given)
        facts, exposures, assessment = known(given)
        found, about = assess.reckon_money(
            facts, assessment, exposures=exposures, inputs=numbers, seriousness=given.seriousness, seed=abs(given.seed), draws=given.draws
        )
        text = show.as_text(found, about, numbers)
        if given.svg:
            given.svg.write_text(show.as_svg(found.curve, title="How likely it is that the loss is more", x_title="euros"), encoding="utf-8")
            text += f"\n\nThe curve is in {given.svg}."
        return Result(keys=show.as_keys(found, about, numbers), text=text)

    @verb.command("inputs", _INPUTS, _COMPANY, json_keys=("inputs",))
    def inputs(given: Namespace) -> Result:
        """List every number that `amanat assess money` rests on, with its source, how sure it is, and how to replace it."""
        from dataclasses import asdict

        from amanat.lib.table import table

        found = _read(given).values()
        rows = [[one.id, _numbers(one), one.unit, one.basis, one.confidence, one.why or one.source] for one in found]
        text = table(["input", "numbers", "unit", "basis", "confidence", "source or reason"], rows)
        text += "\n\nTo replace one, write it into a file for --inputs: [letter_cost], then value, or low and high, or low, mode and high; and why."
        return Result(keys={"inputs": [asdict(one) | {"read_on": one.read_on.isoformat()} for one in found]}, text=text)


def _read(given: Namespace) -> "dict[str, Input]":
    from amanat import assess
    from amanat.terms.company import read_company

    return assess.money_inputs(company=read_company(given.company) if given.company else None, files=given.inputs)


def _numbers(one: "Input") -> str:
    numbers = [f"{n:g}" for n in (one.value, one.low, one.mode, one.high) if n is not None]
    return f"{one.shape} {' – '.join(numbers)}".strip()
