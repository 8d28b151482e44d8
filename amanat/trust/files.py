"""The report as files: JSON for machines, a page of pictures that needs nothing else, and a PDF for the board."""

import base64
import json
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from amanat.trust.results import Report, as_json
from amanat.trust.story import story
from amanat.wording import FONTS

HOME = Path(__file__).parent
_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 "Source Sans 3", Vazirmatn, system-ui, sans-serif; color: #1c2733; background: #f6f7f9; }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem 1rem 4rem; }
[dir=rtl] { line-height: 1.8; }
h1 { font-size: 1.7rem; line-height: 1.3; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 0; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
section { background: #fff; border: 1px solid #d9dfe6; border-radius: 8px; padding: 1rem 1.25rem; margin-block: 1rem; break-inside: avoid; }
.value { font-size: 1.35rem; font-weight: 650; margin: .25rem 0; font-variant-numeric: tabular-nums; }
.none { color: #8a5a00; } .quiet { color: #4e5d6c; margin: .25rem 0; }
.tag { border: 1px solid #73808d; border-radius: 99px; padding: 0 .5rem; font-size: .9rem; color: #4e5d6c; white-space: nowrap; }
svg { display: block; width: 100%; height: auto; margin-block: .5rem; } svg text { font-family: inherit; }
.key { display: inline-block; inline-size: 1.6rem; border-block-start: 3px solid #1d5a8c; vertical-align: middle; margin-inline: .75rem .3rem; }
.key-unaffected { border-block-start: 3px dashed #5b6770; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: start; padding: .3rem .5rem; border-block-end: 1px solid #d9dfe6; }
.wide { overflow-x: auto; } summary { cursor: pointer; } :focus-visible { outline: 3px solid #1d5a8c; outline-offset: 2px; }
@media print { body { background: #fff; max-width: none; } details:not([open]) > * { display: block; } }
"""


def write(made: Report, out: Path, *, language: str, company: str) -> list[Path]:
    """Writes `report.json`, `report.html` and `report.pdf`, and gives their paths."""
    content = as_json(made)
    told = story(content, language)
    out.mkdir(parents=True, exist_ok=True)
    paths = [out / name for name in ("report.json", "report.html", "report.pdf")]
    paths[0].write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    paths[1].write_text(page(told, company), encoding="utf-8")
    paths[2].write_bytes(paper(told, company, made.until))
    return paths


def page(told: dict[str, Any], company: str) -> str:
    """One HTML page: no script, no font or picture from elsewhere."""
    text = told["text"]
    face = ""
    if told["language"] == "fa":
        font = base64.b64encode((FONTS / "Vazirmatn-Regular.ttf").read_bytes()).decode()
        face = f'@font-face {{ font-family: Vazirmatn; src: url("data:font/ttf;base64,{font}"); }}'
    parts = [f"<h1>{_e(text['title'])}</h1>"]
    if company:
        parts.append(f'<p class="quiet"><bdi>{_e(company)}</bdi></p>')
    parts += [f"<p>{_e(line)}</p>" for line in told["lead"]]
    parts.append(f'<p class="quiet">{_e(text["interval_note"])}</p>')
    parts += [_section(m, text) for m in told["measures"]]
    parts.append(_own(told["own"]) if told["own"]["tables"] else "")
    parts.append(_list(text["sources"], told["sources"]) if told["sources"] else "")
    parts.append(_list(text["cautions"], told["cautions"]) if told["cautions"] else "")
    parts.append(_list(text["set_aside"], told["set_aside"] or [text["nothing_aside"]]))
    parts.append(f'<p class="quiet">{_e(text["made"])}</p>')
    return (
        f'<!doctype html>\n<html lang="{told["language"]}" dir="{told["direction"]}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{_e(text["title"])}</title>'
        f"<style>{face}{_STYLE}</style></head><body><main>{''.join(parts)}</main></body></html>\n"
    )


def _section(m: dict[str, Any], text: dict[str, str]) -> str:
    parts = [f"<h2>{_e(m['title'])}</h2>"]
    if m["has_number"]:
        parts.append(f'<p class="value">{_e(m["value"])}</p>')
        parts.append(f'<p class="quiet"><span class="tag">{_e(m["standing_says"])}</span> {_e(m["compared"])}</p>')
        parts += [f'<p class="quiet">{_e(line)}</p>' for line in m["why"]]
    else:
        parts += [f'<p class="none"><strong>{_e(m["standing_says"] + text["colon"])}</strong>{_e(line)}</p>' for line in m["why"]]
    if m["legend"]:
        parts.append(f'<p class="quiet">{"".join(_key(who, says) for who, says in m["legend"])}</p>')
    parts.append(m["chart"])
    if m["table"]:
        parts.append(f"<details><summary>{_e(text['as_table'])}</summary>{_table(m['table'])}</details>")
    return f"<section>{''.join(parts)}</section>"


def _table(table: dict[str, Any]) -> str:
    head = "".join(f'<th scope="col">{_e(h)}</th>' if h else "<td></td>" for h in table["head"])
    rows = "".join(f'<tr><th scope="row">{_e(h)}</th>{"".join(f"<td>{_e(c)}</td>" for c in cells)}</tr>' for h, cells in table["rows"])
    thead = f"<thead><tr>{head}</tr></thead>" if head else ""
    return f'<div class="wide"><table>{thead}<tbody>{rows}</tbody></table></div>'


def _own(own: dict[str, Any]) -> str:
    tables = "".join(f"<h3>{_e(table['title'])}</h3>{_table(table)}" for table in own["tables"])
    return f'<section><h2>{_e(own["title"])}</h2><p class="quiet">{_e(own["note"])}</p>{tables}</section>'


def _key(who: str, says: str) -> str:
    return f'<span class="key key-{who}"></span>{_e(says)}'


def _list(title: str, lines: list[str]) -> str:
    return f"<section><h2>{_e(title)}</h2><ul>{''.join(f'<li>{_e(line)}</li>' for line in lines)}</ul></section>"


def paper(told: dict[str, Any], company: str, at: datetime) -> bytes:
    """The same for the board, on A4, tagged (PDF/UA-1)."""
    import typst

    from amanat import wording

    words = wording.words(told["language"])
    data = {
        **told,
        "company": company,
        "digits": [words.say("{n,number}", n=n) for n in range(10)],
        "page": words.say(told_page(told), n="\ue001", total="\ue002"),
    }
    # A measure may have two pictures below each other; typst takes them one by one.
    data["measures"] = [{**m, "charts": [part + "</svg>" for part in m["chart"].split("</svg>") if part]} for m in told["measures"]]
    compiler = typst.Compiler(HOME / "board.typ", root=HOME, font_paths=[FONTS], ignore_system_fonts=True)
    inputs = {"report": json.dumps(data, ensure_ascii=False)}
    made_pdf = compiler.compile(sys_inputs=inputs, format="pdf", pdf_standards=["ua-1"], timestamp=at)
    assert isinstance(made_pdf, bytes)
    return made_pdf


def told_page(told: dict[str, Any]) -> str:
    """How a page number is written in the report's language."""
    from amanat.trust.story import report_words

    return report_words(told["language"]).text["page"]


def _e(text: str) -> str:
    return escape(text, quote=True)
