"""Show: a reckoning as text for the terminal, as a picture, and as plain keys. Sums are rounded: two figures are all that such numbers carry."""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import asdict
from html import escape
from math import floor, log10
from typing import Any

from amanat.assess.edpb import SOURCE, FineRange, gravest
from amanat.assess.money.case import Case
from amanat.assess.money.inputs import Input
from amanat.assess.money.reckon import Part, Point, Range, Reckoning
from amanat.lib.table import table
from amanat.terms.fact import fact_types

SAYS = {
    "detection": "finding out and repairing",
    "notification": "telling the persons",
    "call_centre": "answering them",
    "legal": "counsel",
    "damages": "damages paid one by one",
    "goodwill": "goodwill for everybody",
    "collective": "collective action",
    "monitoring": "identity monitoring",
    "lost_business": "customers who leave",
    "lost_sales": "sales lost while services were down",
    "lost_work": "work lost while services were down",
    "insurance": "dearer insurance",
    "partners": "business customers who leave",
    "fine": "fine under the GDPR",
}
CAUTION = "A range, not a forecast: it is as good as its inputs, of which many are judgements. Edit them for the case."


def rounded(sum_: float) -> int:
    """To two figures that count.

    >>> rounded(1_234_567.8), rounded(0), rounded(86)
    (1200000, 0, 86)
    """
    if sum_ < 1:
        return 0
    step = 10 ** max(floor(log10(sum_)) - 1, 0)
    return int(round(sum_ / step) * step)


def as_keys(found: Reckoning, case: Case, inputs: Mapping[str, Input]) -> dict[str, Any]:
    """The keys of `--format json`."""
    return {
        "currency": "EUR",
        "caution": CAUTION,
        "total": asdict(found.total),
        "parts": [asdict(part) for part in found.parts],
        "curve": [asdict(point) for point in found.curve],
        "drivers": [asdict(driver) for driver in found.drivers],
        "needs": list(found.needs),
        "gdpr_fines": [_fine_keys(one) for one in case.ranges],
        "circumstances": [asdict(one) for one in case.circumstances],
        "legal_maxima": list(case.legal_maxima),
        "persons": case.persons,
        "seed": found.seed,
        "n_draws": found.n_draws,
        "inputs": [asdict(one) | {"read_on": one.read_on.isoformat()} for one in inputs.values()],
    }


def _fine_keys(one: FineRange) -> dict[str, Any]:
    return {
        "article": one.article,
        "legal_maximum": float(one.maximum),
        "start_low": float(one.low),
        "start_high": float(one.high),
        "seriousness": list(one.seriousness),
        "is_turnover_known": one.is_turnover_known,
        "method": SOURCE,
    }


def as_text(found: Reckoning, case: Case, inputs: Mapping[str, Input]) -> str:
    """The whole for the terminal."""
    lines = ["WHAT IT MAY COST, in euros", *textwrap.wrap(CAUTION, 140), ""]
    rows = [_row(part) for part in found.parts]
    rows.append(["all that could be counted", *_cells(found.total)])
    lines.append(table(["", "5 of 100 below", "middle", "95 of 100 below"], rows, right=[1, 2, 3]))
    if found.needs:
        lines += ["", "NOT COUNTED YET, for want of:"]
        for name in found.needs:
            lines += textwrap.wrap(f"{name}: {asked(name, inputs)}", 140, initial_indent="  ", subsequent_indent="    ")
    lines += ["", "HOW LIKELY IT IS THAT THE LOSS IS MORE", *_ascii_curve(found.curve)]
    lines += ["", "WHAT DRIVES THE SPREAD (how much narrower it would be if this were known; the middle with it low, and high)"]
    driving = [d for d in found.drivers if d.share >= 0.01][:8]
    lines.append(
        table(
            ["input", "narrower by", "if low", "if high"],
            [[d.input, f"{d.share:.0%}", *map(_sum, (d.if_low, d.if_high))] for d in driving],
            right=[1, 2, 3],
        )
    )
    lines += _fine_lines(case)
    changed = [one for one in inputs.values() if one.changed_in]
    lines += ["", f"INPUTS: {len(inputs)}, of them {len(changed)} changed for this case; {found.n_draws:,} draws, seed {found.seed}."]
    lines += ["`amanat assess inputs` shows all with their sources."]
    lines += [f"  {one.id}: {one.why} ({one.changed_in})" for one in changed]
    return "\n".join(lines)


def _row(part: Part) -> list[str]:
    if part.range is None:
        return [SAYS[part.id], "not counted", "", ""]
    if part.if_happens is None:
        return [SAYS[part.id], "0", "0", "0"]
    if part.happens < 0.95:
        return [f"{SAYS[part.id]}, in {part.happens:.0%} of cases; then", *_cells(part.if_happens)]
    return [SAYS[part.id], *_cells(part.range)]


def asked(name: str, inputs: Mapping[str, Input]) -> str:
    """The question for something that nobody knows: an input, or a fact."""
    return inputs[name].says if name in inputs else fact_types()[name].says


def _fine_lines(case: Case) -> list[str]:
    lines = []
    if case.ranges:
        lines += ["", "FINES UNDER THE GDPR, by the steps of EDPB Guidelines 04/2022 (starting amounts; the authority decides)"]
        rows = [
            [
                f"{'* ' if one is gravest(case.ranges) else ''}{one.article}",
                " to ".join(dict.fromkeys((one.seriousness[0], one.seriousness[-1]))),
                *map(_sum, (one.low, one.high)),
                _sum(one.maximum),
            ]
            for one in case.ranges
        ]
        lines.append(table(["infringement", "seriousness", "from", "to", "legal maximum"], rows, right=[2, 3, 4]))
        lines.append("* the gravest: for linked processing all fines together stay within its maximum (Art 83(3))")
        if not case.ranges[0].is_turnover_known:
            lines.append("The turnover is not known: the maxima are the fixed ones and may be higher. Ask for it: turnover_eur")
        for one in case.circumstances:
            lines.append(f"{'aggravating' if one.is_aggravating else 'mitigating'}: {one.id.replace('_', ' ')} ({one.cite})")
    if case.legal_maxima:
        lines += ["", "LEGAL MAXIMA OF ALL LAWS THAT REACH US (not in the sum; no exchange rate is assumed)"]
        for row in case.legal_maxima:
            lines += textwrap.wrap(
                f"{row['law']}: {maximum_says(row)}; {row['basis']} ({row['cite']})", 140, initial_indent="  ", subsequent_indent="    "
            )
    return lines


def maximum_says(row: Mapping[str, Any]) -> str:
    """A legal maximum in words: "up to USD 50,000", "USD 10,700 to 79,900"."""
    if row["maximum"] is None:
        return "no sum"
    low = row.get("minimum")
    return f"{row['currency']} {low:,} to {row['maximum']:,}" if low else f"up to {row['currency']} {row['maximum']:,}"


def _cells(one: Range) -> list[str]:
    return [_sum(one.p5), _sum(one.p50), _sum(one.p95)]


def _sum(amount: Any) -> str:
    return f"{rounded(float(amount)):,}"


def _ascii_curve(points: tuple[Point, ...], width: int = 50) -> list[str]:
    most = max((point.loss for point in points), default=0) or 1
    return [f"  {point.chance:>4.0%} {'█' * max(round(width * point.loss / most), 0):<{width}} more than {_sum(point.loss)}" for point in points]


WIDTH, HEIGHT = 640, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 20, 16, 46


def as_svg(
    points: tuple[Point, ...],
    *,
    title: str,
    x_title: str,
    x_says: Callable[[float], str] = lambda x: f"{x:,.0f}",
    y_says: Callable[[float], str] = lambda y: f"{y:.0%}",
    is_rtl: bool = False,
) -> str:
    """The loss-exceedance curve with its interval, as a picture that says its title to a screen reader. Its table twin stands beside it."""
    most = max((point.high for point in points), default=0) or 1

    def label(words: str) -> str:
        return f"\u2067{words}\u2069" if is_rtl else words  # isolated: the picture itself runs from left to right

    inside_x, inside_y = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM

    def x(loss: float) -> float:
        share = loss / most
        return round((WIDTH - _LEFT - inside_x * share) if is_rtl else _LEFT + inside_x * share, 1)

    def y(chance: float) -> float:
        return round(_TOP + inside_y * (1 - chance), 1)

    start = WIDTH - _LEFT if is_rtl else _LEFT
    end = _RIGHT if is_rtl else WIDTH - _RIGHT
    parts = [f'<line x1="{start}" x2="{end}" y1="{y(c)}" y2="{y(c)}" stroke="#d9dfe6"/>' for c in (0, 0.25, 0.5, 0.75, 1)]
    side = start + 8 if is_rtl else start - 8
    parts += [_text(side, y(c) + 4, label(y_says(c)), "start" if is_rtl else "end") for c in (0, 0.25, 0.5, 0.75, 1)]
    ticks = [most * i / 4 for i in range(5)]
    parts += [
        _text(x(t), HEIGHT - 26, label(x_says(t)), "middle" if 0 < i < 4 else ("start" if (i == 0) != is_rtl else "end")) for i, t in enumerate(ticks)
    ]
    parts.append(_text(WIDTH / 2, HEIGHT - 6, label(x_title), "middle"))
    band = [f"{x(p.low)},{y(p.chance)}" for p in points] + [f"{x(p.high)},{y(p.chance)}" for p in reversed(points)]
    parts.append(f'<polygon points="{" ".join(band)}" fill="#1d5a8c" fill-opacity="0.16"/>')
    line = " ".join(f"{x(p.loss)},{y(p.chance)}" for p in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#1d5a8c" stroke-width="2"/>')
    parts += [f'<circle cx="{x(p.loss)}" cy="{y(p.chance)}" r="3.5" fill="#1d5a8c"/>' for p in points]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}" direction="ltr">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="12" fill="#3b4650">{escape(words)}</text>'
