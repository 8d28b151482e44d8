"""A report in the words of a language: for each measure a title, its number or why there is none, a picture, and the same as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from amanat import wording
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.open_set import OpenSet
from amanat.lib.shape import build, read_toml
from amanat.terms.places import subdivision_name
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
    source: dict[str, str]
    own: dict[str, str]
    channel: dict[str, str]


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


def asides(found: Sequence[Any], language: str) -> list[str]:
    """What was set aside (`moments.Aside`), one sentence each."""
    teller = _Teller(language)
    return [teller.aside({"code": one.code, "n": one.n, "example": one.example}) for one in found]


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
            # Reports that were measured before amanat's own records were read have neither.
            "sources": [self.say(self._ours.source[one["code"]], **one["values"]) for one in content.get("sources", ())],
            "own": self.own(content.get("own", {})),
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
        if self._is_rtl and example:
            example = f"\u2066{example}\u2069"
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
        if m["compared_with"] in ("everyone_affected", "everyone_to_tell"):
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

    # ---- amanat's own records ----

    def own(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Told, answered, helped: counts and levels of amanat's own, which are the same on its other pages."""
        tables = [*self._reached(found.get("reach")), *self._levels_of(found.get("survey"))]
        return {"title": self._ours.own["title"], "note": self._ours.own["note"], "tables": [*tables, *self._helped(found.get("help"))]}

    def _reached(self, reach: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        said = self._ours.own
        names = {"channel": self._channel, "language": self._language_name, "residence": self._place}
        found = []
        for what, rows in (reach or {"by": {}})["by"].items():
            head = [said[what], said["to_tell"] if what != "channel" else said["tried"], said["reached"], said["share"]]
            cells = [(names[what](row["name"]), self._told_of(row)) for row in rows]
            if what != "channel" and reach:
                cells.append((said["all"], self._told_of(reach)))
            found.append({"title": said[f"by_{what}"], "head": head, "rows": cells})
        return found

    def _told_of(self, row: Mapping[str, Any]) -> list[str]:
        share = row["reached"] / row["n"] if row["n"] else 0.0
        return [self.count(row["n"]), self.count(row["reached"]), self.figure(share, "share")]

    def _levels_of(self, levels: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
        if not levels:
            return []
        said, rows = self._ours.own, []
        for one in levels:
            unit = {"nps": "points", "csat": "share"}.get(one["question"], "score")
            shown = said["too_few"] if one["value"] is None else self._interval(one["value"], one["low"], one["high"], unit)
            rows.append((said[one["question"]], [self.count(one["n"]), shown]))
        return [{"title": said["survey"], "head": [said["question"], said["answers"], self._ours.text["value"]], "rows": rows}]

    def _helped(self, told: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        if not told or not told["n"]:
            return []
        said = self._ours.own
        rows = [(said["cases"], self.count(told["n"])), (said["answered"], self.count(told["answered"]))]
        if told["over"]:
            share = self.figure(told["in_time"] / told["over"], "share")
            rows.append((said["in_time"], self.say(said["share_of"], share=share, n=told["over"])))
        if told["median_hours"] is not None:
            rows += [(said[name], self.say(said["hours"], hours=round(told[f"{name}_hours"], 1))) for name in ("median", "ninth_tenth")]
        return [{"title": said["help"], "head": [], "rows": [(name, [shown]) for name, shown in rows]}]

    def count(self, n: int) -> str:
        return self.say("{n, number}", n=n)

    def _channel(self, name: str) -> str:
        return self._ours.channel.get(name, name)

    def _language_name(self, tag: str) -> str:
        known = self._locale().languages.get(tag.split("-")[0])
        return str(known) if known else self._ours.own["unknown"]

    def _place(self, code: str) -> str:
        known = self._locale().territories.get(code.split("-")[0])
        name = str(known) if known else self._ours.own["unknown"]
        return f"{part} ({name})" if known and (part := subdivision_name(code, self._language)) else name

    def _locale(self) -> Any:
        from babel import Locale

        return Locale.parse(self._language)

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
