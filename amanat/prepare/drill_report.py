"""The report of a drill on one page: as text, as JSON, and as a web page that needs nothing else."""

import html
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from amanat import wording
from amanat.lib.shape import read_toml
from amanat.lib.table import table
from amanat.prepare.drill import Measure, Score, is_met
from amanat.terms.drill import Drill

WORDS = Path(__file__).parent / "drill_words.toml"
_SHARES = ("deadlines", "missed", "wrongly_told", "gaps")


class Speaker:
    """The report's words in one language, with numbers as it writes them."""

    def __init__(self, language: str) -> None:
        self.language = wording.language_for(language, _words(), "en")
        self._words = _words()[self.language]
        self._language_words = wording.words(self.language)

    def say(self, key: str, **values: Any) -> str:
        """`key` is dotted: "lessons.gaps_open"."""
        text: Any = self._words
        for part in key.split("."):
            text = text[part]
        if "step" in values:
            values["step"] = self._words["steps"][values["step"]]
        return self._language_words.say(text, **values)

    def duration(self, hours: float) -> str:
        whole, minutes = divmod(round(hours * 60), 60)
        if whole > 96:
            return self.say("long", days=whole // 24, hours=whole % 24)
        return self.say("duration", hours=whole, minutes=minutes)

    def value(self, measure: Measure) -> str:
        """A measure's result, in its own unit."""
        if measure.value is None:
            return self.say("nobody" if measure.name == "tell" and measure.points is not None else "cannot_say")
        return self.say("percent", n=measure.value) if measure.name in _SHARES else self.duration(measure.value)

    def limits(self, measure: Measure) -> str:
        key = "percent" if measure.name in _SHARES else "hours"
        # Numbers have no direction of their own: a mark keeps the better one first where one reads from the right.
        mark = "\u200f" if self.language == "fa" else ""
        return f"{mark}{self.say(key, n=measure.good)} / {self.say(key, n=measure.bad)}"


@cache
def _words() -> dict[str, Any]:
    return read_toml(WORDS)


def acts(drill: Drill) -> list[tuple[str, datetime]]:
    """What happened when, in order; what did not happen is not there."""
    found = {
        "declared": drill.declared_at,
        "known": drill.known_at,
        "written": drill.written_at,
        "approved": drill.approved_at,
        "told": drill.told_at,
        "ended": drill.ended_at,
    }
    return [(name, at) for name, at in found.items() if at is not None]


def lessons(score: Score, language: str) -> list[str]:
    """The lessons as sentences, what lost most points first."""
    speaker = Speaker(language)
    return [speaker.say(f"lessons.{key}", **details) for key, details in score.lessons] or [speaker.say("nothing")]


def as_json(drill: Drill, score: Score) -> dict[str, Any]:
    """Documented keys of `amanat prepare drill --format json`."""
    persons = drill.persons
    return {
        "story": drill.story,
        "points": round(score.points, 1),
        "points_max": score.points_max,
        "measures": [
            {
                "name": m.name,
                "unit": "share" if m.name in _SHARES else "hours",
                "value": None if m.value is None else round(m.value, 4),
                "good": m.good,
                "bad": m.bad,
                "points": None if m.points is None else round(m.points, 1),
                "points_max": m.points_max,
            }
            for m in score.measures
        ],
        "aware_at": drill.aware_at.isoformat(),
        "timeline": {name: at.isoformat() for name, at in acts(drill)},
        "speed": drill.speed,
        "steps": [{"name": s.name, "minutes": round(s.minutes, 1), "is_measured": s.is_measured} for s in drill.steps],
        "deadlines": [
            {
                "duty": d.duty,
                "to": d.to,
                "due_at": d.due_at.isoformat() if d.due_at else None,
                "done_at": d.done_at.isoformat() if d.done_at else None,
                "is_met": is_met(d) if d.due_at else None,
            }
            for d in drill.deadlines
        ],
        "persons": {
            "affected": persons.n_affected,
            "told": persons.n_told,
            "missed": dict(persons.missed),
            "wrongly_told": persons.n_wrongly_told,
        }
        if persons
        else None,
        "gaps": {"listed": len(drill.gaps_listed), "expected": None if drill.gaps_expected is None else len(drill.gaps_expected)},
        "lessons": [{"key": key, **details, "says": says} for (key, details), says in zip(score.lessons, lessons(score, "en"), strict=False)],
    }


def _rows(drill: Drill, score: Score, speaker: Speaker) -> dict[str, list[list[str]]]:
    return {
        "measures": [
            [
                speaker.say(f"measures.{m.name}"),
                speaker.value(m),
                speaker.limits(m),
                "–" if m.points is None else speaker.say("result", points=m.points, most=m.points_max),
            ]
            for m in score.measures
        ],
        "timeline": [[speaker.say(f"acts.{name}"), speaker.duration((at - drill.aware_at).total_seconds() / 3600)] for name, at in acts(drill)],
        "deadlines": [
            [
                d.duty,
                speaker.duration((d.due_at - drill.aware_at).total_seconds() / 3600) if d.due_at else speaker.say("no_instant"),
                speaker.duration((d.done_at - drill.aware_at).total_seconds() / 3600) if d.done_at else speaker.say("not_done"),
                (speaker.say("met") if is_met(d) else speaker.say("missed")) if d.due_at else "",
            ]
            for d in drill.deadlines
        ],
    }


def as_rows(drill: Drill, score: Score, language: str) -> dict[str, Any]:
    """The report's parts for a screen: result, measures, timeline, deadlines and lessons, in words."""
    speaker = Speaker(language)
    return {
        "result": speaker.say("result", points=score.points, most=score.points_max),
        "persons": _persons(drill, speaker) if drill.persons else "",
        "lessons": lessons(score, language),
        **_rows(drill, score, speaker),
    }


def as_text(drill: Drill, score: Score, language: str = "en") -> str:
    """The page for the terminal."""
    speaker = Speaker(language)
    rows, say = _rows(drill, score, speaker), speaker.say
    parts = [
        say("title", story=drill.story),
        f"{say('result', points=score.points, most=score.points_max)}. {say('not_counted')} {say('speed', n=drill.speed)}",
        *([_persons(drill, speaker)] if drill.persons else []),
        "",
        table([say("measure"), say("value"), say("limits"), say("points")], rows["measures"]),
        "",
        table([say("timeline"), say("after")], rows["timeline"]),
        "",
        table([say("duty"), say("due"), say("done"), ""], rows["deadlines"]),
        "",
        say("todo"),
        *[f"  {n}. {lesson}" for n, lesson in enumerate(lessons(score, language), 1)],
    ]
    return "\n".join(parts)


def _persons(drill: Drill, speaker: Speaker) -> str:
    assert drill.persons is not None
    p = drill.persons
    n_missed = sum(p.missed.values())
    return speaker.say("persons", affected=p.n_affected, told=p.n_affected - n_missed, missed=n_missed, wrongly=p.n_wrongly_told)


_STYLE = (
    "body{font:1rem/1.55 Vazirmatn,system-ui,sans-serif;color:#1c2733;max-width:52rem;margin:0 auto;padding:1rem}"
    "h1{font-size:1.5rem;margin-block-end:.2rem}h2{font-size:1.1rem;margin-block-start:1.6rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:start;padding:.35rem .8rem .35rem 0;vertical-align:top}"
    "td,th{border-bottom:1px solid #d9dfe6}"
    ".result{font-size:1.25rem;font-weight:600}.scroll{overflow-x:auto}"
)


def as_html(drill: Drill, score: Score, language: str = "en") -> str:
    """The page for a browser or the wall: no script, no other file."""
    speaker = Speaker(language)
    rows, say = _rows(drill, score, speaker), speaker.say

    def grid(head: list[str], body: list[list[str]]) -> str:
        top = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in head)
        lines = "".join("<tr>" + "".join(f"<td><bdi>{html.escape(cell)}</bdi></td>" for cell in row) + "</tr>" for row in body)
        label = f'class="scroll" tabindex="0" role="region" aria-label="{html.escape(head[0])}"'
        return f"<div {label}><table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table></div>"

    title = html.escape(say("title", story=drill.story))
    direction = "rtl" if speaker.language == "fa" else "ltr"
    items = "".join(f"<li>{html.escape(lesson)}</li>" for lesson in lessons(score, language))
    persons = f"<p>{html.escape(_persons(drill, speaker))}</p>" if drill.persons else ""
    return (
        f'<!doctype html><html lang="{speaker.language}" dir="{direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>{_STYLE}</style></head><body><main>'
        f'<h1>{title}</h1><p class="result">{html.escape(say("result", points=score.points, most=score.points_max))}</p>{persons}'
        f"<h2>{html.escape(say('todo'))}</h2><ol>{items}</ol>"
        + grid([say("measure"), say("value"), say("limits"), say("points")], rows["measures"])
        + f"<h2>{html.escape(say('timeline'))}</h2>"
        + grid([say("timeline"), say("after")], rows["timeline"])
        + f"<h2>{html.escape(say('deadlines'))}</h2>"
        + grid([say("duty"), say("due"), say("done"), say("value")], rows["deadlines"])
        + f"<p>{html.escape(say('not_counted'))} {html.escape(say('speed', n=drill.speed))}</p></main></body></html>\n"
    )
