"""A forecast as a picture: lines of blocks for the terminal, and an SVG for a page or a file."""

from collections.abc import Callable
from datetime import date
from html import escape

from amanat.notify.surge_plan import Outlook

_BLOCKS = "▁▂▃▄▅▆▇█"
_CLOSED, _NONE = "·", " "
# Of the SVG, in its own units.
WIDTH, HEIGHT, TOP, FOOT = 720, 200, 14, 34


def strip(hours: tuple[float | None, ...], most: float) -> str:
    """The hours of a day as blocks: a dot while the desk is closed, nothing where nobody comes.

    >>> strip((None, 0.0, 5.0, 10.0), 10.0)
    '· ▄█'
    """

    def block(n: float | None) -> str:
        eighths = 0 if n is None else min(round(n / most * 8), 8)
        return _CLOSED if n is None else _BLOCKS[eighths - 1] if eighths else _NONE

    return "".join(map(block, hours))


def surge_svg(
    outlook: Outlook,
    *,
    n_days: int = 7,
    came: dict[int, int] | None = None,
    is_rtl: bool = False,
    number: Callable[[float], str] = lambda n: f"{n:,.0f}",
    day: Callable[[date], str] = lambda d: d.isoformat(),
    title: str = "Contacts an hour",
    capacity_says: str = "what the desk can take",
) -> str:
    """Contacts an hour as bars with their interval, what the desk can take as a line; time runs from the right where the language does.

    Colours are classes with a plain colour for a file that has no stylesheet: `bar`, `doubt`, `capacity`, `came`.

    Args:
        came: contacts that really came, by hour of the forecast; hours below 0 lie before it.
    """
    hours = [one for one in outlook.forecast.hours if one.hour < n_days * 24]
    came = {hour: n for hour, n in (came or {}).items() if -48 <= hour < n_days * 24}
    first = min([0, *came])
    span = n_days * 24 - first
    most = max([1.0, *(one.contacts_high for one in hours), *came.values(), *([outlook.capacity * 1.1] if outlook.capacity else [])])
    step, high = WIDTH / span, HEIGHT - TOP - FOOT

    def x(hour: float) -> float:
        at = (hour - first) * step
        return WIDTH - at if is_rtl else at

    def y(n: float) -> float:
        return TOP + high * (1 - n / most)

    def box(name: str, colour: str, hour: int, low: float, top: float) -> str:
        left = min(x(hour), x(hour + 1))
        wide, tall = max(step - 0.6, 0.6), max(y(low) - y(top), 0)
        return f'<rect class="{name}" fill="{colour}" x="{left:.2f}" y="{y(top):.2f}" width="{wide:.2f}" height="{tall:.2f}"/>'

    def words(name: str, colour: str, at: float, down: float, anchor: str, says: str) -> str:
        where = f'x="{at:.1f}" y="{down:.1f}" text-anchor="{anchor}" direction="{"rtl" if is_rtl else "ltr"}"'
        return f'<text class="{name}" fill="{colour}" {where}>{escape(says)}</text>'

    def line(name: str, colour: str, x1: float, y1: float, x2: float, y2: float, more: str = "") -> str:
        return f'<line class="{name}" stroke="{colour}" x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}"{more}/>'

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="surge" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}" '
        'font-family="sans-serif" font-size="11">',
        f"<title>{escape(title)}</title>",
    ]
    parts += [box("doubt", "#cfd8e3", one.hour, one.contacts_low, one.contacts_high) for one in hours if one.contacts_high > 0]
    parts += [box("bar", "#2b5c8a", one.hour, 0, one.contacts) for one in hours if one.contacts > 0]
    parts += [box("came", "#1d7a46", hour, 0, n) for hour, n in sorted(came.items()) if n]
    base = HEIGHT - FOOT
    parts.append(line("axis", "#5b6770", 0, base, WIDTH, base))
    # In a text from the right, "end" is its left: so both languages anchor their labels with the same words.
    begins, ends = (WIDTH - 2, 2) if is_rtl else (2, WIDTH - 2)
    parts.append(words("most", "#5b6770", begins, 10, "start", number(most)))
    if outlook.capacity:
        at = y(outlook.capacity)
        parts.append(line("capacity", "#9a5b00", 0, at, WIDTH, at, ' stroke-width="1.5" stroke-dasharray="5 3"'))
        parts.append(words("capacity-says", "#7a4800", ends, max(at - 4, 10), "end", f"{capacity_says} ({number(outlook.capacity)})"))
    begins_in = -outlook.moment_of(first).hour % 24
    if begins_in >= 12:  # the day that has begun has room for its name only while half of it is left
        parts.append(words("day", "#5b6770", x(first + begins_in / 2), base + 18, "middle", day(outlook.moment_of(first).date())))
    for hour in range(first, n_days * 24):
        moment = outlook.moment_of(hour)
        if moment.hour == 0:
            parts.append(line("tick", "#5b6770", x(hour), base, x(hour), base + 5))
            if hour + 12 < n_days * 24:
                parts.append(words("day", "#5b6770", x(hour + 12), base + 18, "middle", day(moment.date())))
    return "".join(parts) + "</svg>\n"
