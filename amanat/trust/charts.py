"""Pictures of measures as SVG: curves with their bands, and points with their intervals. No script, no colour alone.

Charts of a right-to-left language read from the right: its time axis runs from right to left.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 14, 14, 40
# Dark blue and grey differ in lightness too, and the second one is dashed: the pictures survive a black-and-white printer.
INK = {"affected": ("#1d5a8c", ""), "unaffected": ("#5b6770", "6 4"), "difference": ("#1d5a8c", ""), "before": ("#5b6770", "2 3")}


@dataclass(frozen=True, slots=True)
class Line:
    """A curve with its band; `who` is a key of INK."""

    who: str
    x: Sequence[float]
    value: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places on the paper."""

    x0: float
    x1: float
    y0: float
    y1: float
    is_rtl: bool

    def x(self, value: float) -> float:
        share = (value - self.x0) / ((self.x1 - self.x0) or 1)
        inside = WIDTH - LEFT - RIGHT
        return round(RIGHT + inside * (1 - share) if self.is_rtl else LEFT + inside * share, 1)

    def y(self, value: float) -> float:
        share = (value - self.y0) / ((self.y1 - self.y0) or 1)
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share, 1)


def curves(lines: Sequence[Line], *, title: str, x_title: str, x_says: Callable[[float], str], y_says: Callable[[float], str], is_rtl: bool) -> str:
    """Curves over time, each with its band."""
    scale, ticks = _scale(lines, is_rtl)
    parts = [_axes(scale, ticks, _round_days(lines), x_says, y_says, x_title)]
    for line in lines:
        colour, dash = INK[line.who]
        there = [f"{scale.x(x)},{scale.y(y)}" for x, y in zip(line.x, line.high, strict=True)]
        back = [f"{scale.x(x)},{scale.y(y)}" for x, y in zip(line.x, line.low, strict=True)]
        middle = " ".join(f"{scale.x(x)},{scale.y(y)}" for x, y in zip(line.x, line.value, strict=True))
        parts.append(f'<polygon points="{" ".join(there + back[::-1])}" fill="{colour}" fill-opacity="0.16"/>')
        parts.append(f'<polyline points="{middle}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
    return _svg(parts, title)


def points(line: Line, *, title: str, x_title: str, x_says: Callable[[float], str], y_says: Callable[[float], str], is_rtl: bool) -> str:
    """Points with their intervals, and a dashed upright where the incident lies (at -0.5)."""
    scale, ticks = _scale([line], is_rtl, margin=0.5)
    parts = [_axes(scale, ticks, [int(x) for x in line.x], x_says, y_says, x_title)]
    at = scale.x(-0.5)
    parts.append(f'<line x1="{at}" x2="{at}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#5b6770" stroke-dasharray="4 4"/>')
    colour = INK[line.who][0]
    for x, value, low, high in zip(line.x, line.value, line.low, line.high, strict=True):
        parts.append(f'<line x1="{scale.x(x)}" x2="{scale.x(x)}" y1="{scale.y(low)}" y2="{scale.y(high)}" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<circle cx="{scale.x(x)}" cy="{scale.y(value)}" r="4.5" fill="{colour}"/>')
    return _svg(parts, title)


def rows(entries: Sequence[tuple[str, str, float, float, float]], *, title: str, y_says: Callable[[float], str], is_rtl: bool) -> str:
    """Levels of groups below each other, each with its interval: (label, who, value, low, high)."""
    low, high = min(e[3] for e in entries), max(e[4] for e in entries)
    ticks = nice(min(low, 0.0), high)
    height = 46 + 34 * len(entries)
    side = 150
    scale = Scale(ticks[0], ticks[-1], 0, 1, is_rtl)

    def x(value: float) -> float:
        share = (value - scale.x0) / ((scale.x1 - scale.x0) or 1)
        inside = WIDTH - side - 34
        return round(24 + inside * (1 - share) if is_rtl else side + 10 + inside * share, 1)

    parts = []
    for tick in ticks:
        parts.append(f'<line x1="{x(tick)}" x2="{x(tick)}" y1="8" y2="{height - 28}" stroke="#d9dfe6"/>')
        parts.append(_text(x(tick), height - 10, y_says(tick), "middle"))
    for i, (label, who, value, least, most) in enumerate(entries):
        y = 26 + 34 * i
        colour, dash = INK[who]
        parts.append(_text(WIDTH - 4 if is_rtl else 4, y + 4, label, "end" if is_rtl else "start", is_plain=True))
        parts.append(f'<line x1="{x(least)}" x2="{x(most)}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"/>')
        parts.append(f'<circle cx="{x(value)}" cy="{y}" r="5" fill="{colour}"/>')
    return _svg(parts, title, height)


def nice(low: float, high: float, n: int = 4) -> list[float]:
    """Round values that enclose low and high.

    >>> nice(0, 0.037)
    [0.0, 0.01, 0.02, 0.03, 0.04]
    >>> nice(-11.8, 3)
    [-15.0, -10.0, -5.0, 0.0, 5.0]
    """
    import math

    if high <= low:
        high = low + (abs(low) or 1.0)
    rough = (high - low) / n
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


def _scale(lines: Sequence[Line], is_rtl: bool, margin: float = 0.0) -> tuple[Scale, list[float]]:
    ticks = nice(min(min(line.low) for line in lines), max(max(line.high) for line in lines))
    first, last = min(min(line.x) for line in lines), max(max(line.x) for line in lines)
    return Scale(first - margin, last + margin, ticks[0], ticks[-1], is_rtl), ticks


def _round_days(lines: Sequence[Line]) -> list[int]:
    last = int(max(max(line.x) for line in lines))
    step = next(s for s in (1, 2, 5, 7, 14, 30, 60, 90) if last / s <= 8 or s == 90)
    return list(range(0, last + 1, step))


def _axes(
    scale: Scale, ticks: Sequence[float], at: Sequence[int], x_says: Callable[[float], str], y_says: Callable[[float], str], x_title: str
) -> str:
    parts = []
    start, end = (RIGHT, WIDTH - LEFT) if scale.is_rtl else (LEFT, WIDTH - RIGHT)
    for tick in ticks:
        y = scale.y(tick)
        parts.append(f'<line x1="{start}" x2="{end}" y1="{y}" y2="{y}" stroke="{"#5b6770" if tick == 0 else "#d9dfe6"}"/>')
        parts.append(
            _text(WIDTH - LEFT + 8 if scale.is_rtl else LEFT - 8, y + 4, y_says(tick), "end" if not scale.is_rtl else "start", is_plain=True)
        )
    for x in at:
        parts.append(_text(scale.x(x), HEIGHT - BOTTOM + 17, x_says(x), "middle"))
    parts.append(_text((start + end) / 2, HEIGHT - 4, x_title, "middle"))
    return "".join(parts)


def _text(x: float, y: float, says: str, anchor: str, *, is_plain: bool = False) -> str:
    # `start` and `end` turn round with the direction of the text in a browser and do not on paper, so what stands beside an axis
    # is always set left to right; the letters of a word keep their own direction.
    direction = ' direction="ltr"' if is_plain else ""
    return f'<text x="{round(x, 1)}" y="{round(y, 1)}" text-anchor="{anchor}" font-size="13" fill="#4e5d6c"{direction}>{escape(says)}</text>'


def _svg(parts: Sequence[str], title: str, height: int = HEIGHT) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'aria-label="{escape(title, quote=True)}">{"".join(parts)}</svg>'
    )
