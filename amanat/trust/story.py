"""A report in the words of a language: for each measure a title, its number or why there is none, a picture, and the same as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from amanat import wording
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.open_set import OpenSet
from amanat.lib.shape import build, read_toml
from amanat.trust import charts

SET = OpenSet("trust/words", suffix=".toml")
# What a board asks first stands first.
ORDER = ("excess_churn", "recovery_day", "hazard_ratio", "orders", "logins", "reach", "survey", "sentiment", "cost")
_DAYS_SHOWN = (0, 7, 14, 30, 60, 90, 120, 150, 180)
# Differences carry their sign.
_SIGNED = ("orders", "logins", "survey", "sentiment")
_PATTERNS = {
    "share": "{x, number, ::percent scale/100 .0}",
    "signed share": "{x, number, ::scale/100 .0 sign-except-zero}",  # in percentage points: a difference of shares is no share
    "ratio": "{x, number, ::.00}",
    "eur": "{x, number, ::.}",
    "eur_per_month": "{x, number, ::.00}",
    "signed eur_per_month": "{x, number, ::.00 sign-except-zero}",
    "logins_per_month": "{x, number, ::.000}",
    "signed logins_per_month": "{x, number, ::.000 sign-except-zero}",
    "days": "{x, number, ::.}",
    "points": "{x, number, ::.}",
    "signed points": "{x, number, ::. sign-except-zero}",
    "score": "{x, number, ::.00}",
    "signed score": "{x, number, ::.00 sign-except-zero}",
    "p": "{x, number, ::.000}",
}


class NoWords(Fixable):
    """A language in which the report has no words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWords:
    """`trust/words/<language>.toml`."""

    text: dict[str, str]
    standing: dict[str, str]
    who: dict[str, str]
    measure: dict[str, str]
    reason: dict[str, str]
    aside: dict[str, str]


@cache
def report_words(language: str) -> ReportWords:
    """The words of the report in one language."""
    paths = SET.paths()
    if language not in paths:
        raise NoWords(f"the report has no words in {language!r}{did_you_mean(language, paths)}; it speaks {', '.join(paths)}")
    return build(ReportWords, read_toml(paths[language]), where=paths[language])


def story(content: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Everything that a page or a paper says about a report (`results.as_json`)."""
    return _Teller(language).tell(content)


class _Teller:
    def __init__(self, language: str) -> None:
        self._ours = report_words(language)
        self._words = wording.words(language)
        self._language = language
        self._is_rtl = self._words.language.direction == "rtl"

    def tell(self, content: Mapping[str, Any]) -> dict[str, Any]:
        text = self._ours.text
        days = {name: self._words.day(datetime.fromisoformat(content[name]), "UTC") for name in ("since", "until")}
        lead = [self.say(text["period"], days=content["n_days"], **days)]
        lead.append(self.say(text["groups"], affected=content["n_affected"], unaffected=content["n_unaffected"]))
        if content["n_left_out"]:
            lead.append(self.say(text["left_out"], n=content["n_left_out"]))
        measures = sorted(content["measures"], key=lambda m: ORDER.index(m["name"].split(".")[0]) if m["name"].split(".")[0] in ORDER else len(ORDER))
        return {
            "language": self._language,
            "direction": self._words.language.direction,
            "text": {name: self.say(text[name]) for name in text if "{" not in text[name]},
            "lead": lead,
            "measures": [self.measure(m) for m in measures],
            "set_aside": [self.aside(one) for one in content["set_aside"]],
            "cautions": [self.aside(one) for one in content["cautions"]],
        }

    def say(self, text: str, **values: Any) -> str:
        return self._words.say(text, **values)

    def figure(self, value: float, unit: str, *, is_signed: bool = False) -> str:
        """A value with its unit; in a right-to-left text the number keeps its own direction, or its sign would change sides."""
        shown = self.number(value, _PATTERNS.get(f"signed {unit}" if is_signed else unit, _PATTERNS[unit]))
        if self._is_rtl:
            shown = f"\u2066{shown}\u2069"
        return f"{shown}\u00a0{self._ours.text['euros']}" if unit.startswith("eur") else shown

    def tick(self, value: float, unit: str) -> str:
        """A value beside an axis: no more digits than it needs, and no unit that the title gives already."""
        return self.number(value, "{x, number, ::percent scale/100 .#}" if unit == "share" else "{x, number, ::.###}")

    def number(self, value: float, pattern: str) -> str:
        # A minus is longer than a hyphen; Persian has its own already.
        return self.say(pattern, x=float(value)).replace("-", "\u2212")

    def aside(self, one: Mapping[str, Any]) -> str:
        example = f" ({one['example']})" if one["example"] and one["code"] == "unknown_kind" else one["example"]
        return self.say(self._ours.aside[one["code"]], n=one["n"], example=example)

    def measure(self, m: Mapping[str, Any]) -> dict[str, Any]:
        estimate, unit = m["estimate"], m["unit"]
        is_signed = m["name"].split(".")[0] in _SIGNED
        title = self.title(m["name"])
        shown = ""
        if estimate:
            value, low, high = (self.figure(estimate[name], unit, is_signed=is_signed) for name in ("value", "low", "high"))
            if is_signed and unit == "share":
                value += self.say(self._ours.text["points"])
            shown = value if m["standing"] == "counted" else self.say(self._ours.text["interval"], value=value, low=low, high=high)
        if m["compared_with"] == "everyone_affected":
            compared = self.say(self._ours.text["counted_of"], n=m["n_compared"])
        else:
            compared = self.say(self._ours.text["compared"], who=self._ours.who[m["compared_with"]], n=m["n_compared"])
        chart, table = self.picture(m, title)
        return {
            "name": m["name"],
            "title": title,
            "standing": m["standing"],
            "standing_says": self._ours.standing[m["standing"]],
            "has_number": estimate is not None,
            "value": shown,
            "compared": compared,
            "why": [self.reason(reason) for reason in m["why"]],
            "chart": chart,
            "legend": self.legend(m) if chart else [],
            "table": table,
        }

    def title(self, name: str) -> str:
        known = self._ours.measure
        key = (
            name.replace(".", "_") if name.replace(".", "_") in known else "sentiment_other" if name.startswith("sentiment.") else name.split(".")[0]
        )
        # A measure of somebody's own, without words in this language yet, is called by its name.
        return self.say(known[key]) if key in known else name

    def reason(self, reason: Mapping[str, Any]) -> str:
        shares = {"low", "high", "sensitivity", "specificity"} | ({"least"} if reason["code"] == "no_excess" else set())
        values: dict[str, Any] = {
            name: self.figure(value, "share") if name in shares else self.figure(value, "p") if name == "p" else value
            for name, value in reason["values"].items()
        }
        if "others" in values and reason["code"] == "paid":
            values["others"] = self.figure(values["others"], "eur")
        return self.say(self._ours.reason[reason["code"]], **values)

    def legend(self, m: Mapping[str, Any]) -> list[tuple[str, str]]:
        whos = {"excess_churn": ("affected", "unaffected"), "reach": ("affected",)}.get(m["name"].split(".")[0], ())
        return [(who, self._ours.text[who]) for who in whos if who in m["details"] or m["name"] == "reach"]

    # ---- pictures, each with its table ----

    def picture(self, m: Mapping[str, Any], title: str) -> tuple[str, dict[str, Any] | None]:
        details, kind = m["details"], m["name"].split(".")[0]
        if kind == "excess_churn" and details:
            return self._stays(details, title)
        if kind in ("orders", "logins") and details:
            return self._event_study(details, m["unit"], title)
        if kind == "recovery_day" and details:
            line = charts.Line("difference", details["days"], details["value"], details["low"], details["high"])
            return self._days([line], "share", title, [self._ours.text["difference"]])
        if kind == "reach" and details:
            by_day = details["by_day"]
            line = charts.Line("affected", details["days"], by_day, by_day, by_day)
            return self._days([line], "share", title, [self._ours.text["affected"]])
        if kind in ("survey", "sentiment") and ("shares" in details or "affected" in details):
            return self._levels(m, title)
        return "", None

    def _stays(self, details: Mapping[str, Any], title: str) -> tuple[str, dict[str, Any] | None]:
        whos = [who for who in ("affected", "unaffected") if who in details]
        if not whos:
            return "", None
        lines = [charts.Line(who, details["days"], details[who]["stay"], details[who]["low"], details[who]["high"]) for who in whos]
        names = [self._ours.text[who] for who in whos]
        if "excess" in details:
            chart, _ = self._days(lines, "share", title, names)
            excess = charts.Line("difference", details["days"], details["excess"]["value"], details["excess"]["low"], details["excess"]["high"])
            below, _ = self._days([excess], "share", title, [self._ours.text["difference"]])
            return chart + below, self._table([*lines, excess], "share", [*names, self._ours.text["difference"]])
        return self._days(lines, "share", title, names)

    def _days(self, lines: list[charts.Line], unit: str, title: str, names: list[str]) -> tuple[str, dict[str, Any]]:
        chart = charts.curves(
            lines,
            title=title,
            x_title=self._ours.text["since_day"],
            x_says=lambda x: self.tick(x, "days"),
            y_says=lambda y: self.tick(y, unit),
            is_rtl=self._is_rtl,
        )
        return chart, self._table(lines, unit, names)

    def _table(self, lines: list[charts.Line], unit: str, names: list[str]) -> dict[str, Any]:
        last = max(int(x) for x in lines[0].x)
        rows = []
        for day in sorted({d for d in _DAYS_SHOWN if d <= last} | {last}):
            cells = []
            for line in lines:
                at = [i for i, x in enumerate(line.x) if x == day]
                cells.append(self._interval(line.value[at[0]], line.low[at[0]], line.high[at[0]], unit) if at else "")
            rows.append((self.figure(day, "days"), cells))
        return {"head": [self._ours.text["day"], *names], "rows": rows}

    def _interval(self, value: float, low: float, high: float, unit: str, *, is_signed: bool = False) -> str:
        shown = [self.figure(x, unit, is_signed=is_signed) for x in (value, low, high)]
        return shown[0] if low == high else self.say(self._ours.text["interval"], value=shown[0], low=shown[1], high=shown[2])

    def _event_study(self, details: Mapping[str, Any], unit: str, title: str) -> tuple[str, dict[str, Any]]:
        study = details["event_study"]
        line = charts.Line("difference", details["periods"], *([e[name] for e in study] for name in ("value", "low", "high")))

        # Months are told as people count them: there is no month 0, the first month after is month 1.
        def month(period: float) -> str:
            return self.say("{x, number, ::. sign-except-zero}", x=int(period) + (1 if period >= 0 else 0))

        chart = charts.points(
            line, title=title, x_title=self._ours.text["since_month"], x_says=month, y_says=lambda y: self.tick(y, unit), is_rtl=self._is_rtl
        )
        rows = [
            (month(period), [self._interval(e["value"], e["low"], e["high"], unit, is_signed=True)])
            for period, e in zip(details["periods"], study, strict=True)
        ]
        return chart, {"head": [self._ours.text["month"], self._ours.text["difference"]], "rows": rows}

    def _levels(self, m: Mapping[str, Any], title: str) -> tuple[str, dict[str, Any] | None]:
        details, unit = m["details"], m["unit"]
        groups = details.get("shares") or {"affected": details["affected"], m["compared_with"]: details["compared"]}
        entries = [
            (self._ours.text[who], who, e["value"], e["low"], e["high"]) for who, e in groups.items() if who in ("affected", "unaffected", "before")
        ]
        if not entries:
            return "", None
        chart = charts.rows(entries, title=title, y_says=lambda y: self.tick(y, unit), is_rtl=self._is_rtl)
        rows = [(label, [self._interval(value, low, high, unit)]) for label, _, value, low, high in entries]
        return chart, {"head": ["", self._ours.text["value"]], "rows": rows}
