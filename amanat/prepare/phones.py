"""Telephone numbers that ring nowhere: the ranges that regulators keep for film, radio and books.

These ranges are small (Ofcom, ARCEP, Bundesnetzagentur and the North American plan together hold some hundred thousand numbers), so a number is given
to one household only, and when a country's range is used up its further persons have no number. A number held by forty strangers would be
no identifier.
"""

import numpy as np
import pyarrow as pa

from amanat.prepare.column import Text, digits, join, or_null, pick, where
from amanat.prepare.draw import Flags, Ints

# The German blocks are those of Bundesnetzagentur, Mitteilung 148/2021 (Amtsblatt 7/2021); the French, British and North American ones
# were written down from memory of the regulators' pages and not read again.
#
# ARCEP, numbering plan, numbers for audiovisual works: ten thousand after each.
_FR = tuple((f"+33{block}", 4) for block in ("19900", "26191", "35301", "46571", "53649", "63998"))
# Ofcom, "Telephone numbers for use in TV and radio drama": a thousand numbers after each.
_GB = tuple(
    (f"+44{block}", 3)
    for block in "1134960 1144960 1154960 1164960 1174960 1184960 1214960 1314960 1414960 1514960 1614960 2079460 "
    "1914980 2890180 2920180 7700900 1632960".split()
)
# Bundesnetzagentur, "Rufnummern für Fernsehen und Medien (Drama Numbers)": a thousand, or a hundred for the mobile ones.
_DE = (*((f"+49{block}", 3) for block in "3023125 6990009 4066969 2214710 8999998".split()), ("+4917139200", 2), ("+49176040690", 2))
# NANPA: 555-0100 to 555-0199 in every area code.
_US_CA = tuple(
    (f"+1{area}55501", 2)
    for area in "209 213 310 323 341 408 415 424 442 510 530 559 562 619 626 650 657 661 707 714 747 760 805 818 831 858 909 916 925 949 951".split()
)
_US_NY = tuple((f"+1{area}55501", 2) for area in "212 315 332 347 516 518 585 607 631 646 680 716 718 845 914 917 929 934".split())
_US_TX = tuple(
    (f"+1{area}55501", 2)
    for area in "210 214 254 281 325 346 361 409 430 432 469 512 682 713 737 806 817 830 832 903 915 936 940 956 972 979".split()
)
_US_FL = tuple((f"+1{area}55501", 2) for area in "239 305 321 352 386 407 561 727 754 772 786 813 850 863 904 941 954".split())
_CA_QC = tuple((f"+1{area}55501", 2) for area in "367 418 438 450 514 579 581 819 873".split())
_CA_ON = tuple((f"+1{area}55501", 2) for area in "226 249 289 343 365 416 437 519 548 613 647 705 807 905".split())
# Iran and Brazil publish no such range. We take blocks that no operator is known to hold (0999 999…, and mobile numbers beginning 9 00);
# that is our reading of the numbering plans, not a promise of the regulators (CRA, Anatel).
_IR = (("+98999999", 4), ("+98999998", 4), ("+98999997", 4))
_BR = tuple((f"+55{area}900", 6) for area in "11 21 31 41 51 61 71 81 91".split())
# For Italy, Spain and Switzerland we know of no range: their persons have no number.

RANGES: dict[str, tuple[tuple[str, int], ...]] = {
    "FR": _FR,
    "GB": _GB,
    "DE": _DE,
    "US-CA": _US_CA,
    "US-NY": _US_NY,
    "US-TX": _US_TX,
    "US-FL": _US_FL,
    "CA-QC": _CA_QC,
    "CA-ON": _CA_ON,
    "IR": _IR,
    "BR": _BR,
}
CAPACITY = {place: sum(10**width for _, width in ranges) for place, ranges in RANGES.items()}

# The last number of each French block is kept for the company itself.
CAPACITY["FR"] -= len(_FR)


class Exchange:
    """Hands out each number once. Called block after block in the order of persons, so the size of a block changes nothing."""

    def __init__(self) -> None:
        self._given = dict.fromkeys(RANGES, 0)

    def give(self, place: str, wants: Flags) -> Text:
        """A number in E.164 for each row that wants one, as long as there are any; null elsewhere."""
        n = len(wants)
        if place not in RANGES:
            return pa.nulls(n, pa.string())
        order = np.cumsum(wants) - 1 + self._given[place]
        has = wants & (order < CAPACITY[place])
        self._given[place] += int(wants.sum())
        return or_null(has, number(place, np.where(has, order, 0)))


def number(place: str, order: Ints) -> Text:
    """The `order`-th number of a place, in E.164; neighbours in order lie in different blocks."""
    ranges = RANGES[place]
    # Blocks of one place may differ in size: fill them in the order of their size, round about.
    widths = sorted({width for _, width in ranges})
    taken, text = 0, None
    for width in widths:
        blocks = [prefix for prefix, w in ranges if w == width]
        within = np.clip(order - taken, 0, len(blocks) * 10**width - 1)
        # 7919 is prime, so the walk through a block (a power of ten) meets every number once.
        column = join(pick(blocks, within % len(blocks)), digits(within // len(blocks) * 7919 % 10**width, width))
        text = column if text is None else where(order >= taken, column, text)
        taken += len(blocks) * 10**width
    assert text is not None
    return text
