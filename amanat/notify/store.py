"""Notices on disk: `notices/<id>/notice.json`, read back only when every word is still the one that was written."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from amanat import wording
from amanat.lib.errors import Fixable
from amanat.notify.as_text import as_text
from amanat.notify.overrule import carried_over
from amanat.notify.previews import previews, sample_persons
from amanat.notify.stale import fingerprints
from amanat.terms.company import Company
from amanat.terms.fact import Fact
from amanat.terms.notice import Finding, Notice, Section, Sentence


class ChangedNotice(Fixable):
    """A stored notice is not readable, or its words are not those that its hash stands for."""


def write_notices(
    notices: Iterable[Notice],
    out: Path,
    *,
    findings: Mapping[str, Sequence[Finding]] | None = None,
    company: Company | None = None,
    on: date | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> list[Path]:
    """Writes `notices/<id>/notice.json` under `out`; gives the folders.

    With `company`, also the message to an invented person as text and HTML (`sample.txt`, `sample.html`); without `on`
    they carry today's date. With `findings`, what the honesty gate says of each notice is stored beside its words; with `facts`,
    how each fact stood, so that a changed one shows which sentences to say anew.
    """
    folders = []
    for notice in notices:
        folder = out / "notices" / notice.id
        folder.mkdir(parents=True, exist_ok=True)
        body = {"content_hash": notice.content_hash, **notice.as_dict()}
        if findings is not None:
            said = carried_over(read_findings(folder / "notice.json"), findings.get(notice.id, ()))
            body["findings"] = [asdict(finding) for finding in said]
        if facts is not None:
            body["facts"] = fingerprints(facts)
        (folder / "notice.json").write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if company is not None:
            shown = previews(notice, company, on=on or date.today())  # noqa: DTZ011 - a sample's date stands for nothing
            (folder / "sample.txt").write_text(shown[0].text, encoding="utf-8")
            (folder / "sample.html").write_text(shown[0].html, encoding="utf-8")
        folders.append(folder)
    return folders


def write_sample_letters(notices: Iterable[Notice], company: Company, out: Path, *, on: date | None = None) -> list[Path]:
    """One letter of each notice to an invented person, `notices/<id>/sample.pdf`."""
    from amanat.notify.letter import render_letters

    paths = []
    for notice in notices:
        folder = out / "notices" / notice.id
        person = sample_persons(notice, wording.words(notice.language))[0]
        [path] = render_letters(notice, [person], company, folder, on=on or date.today())  # noqa: DTZ011
        paths.append(path.replace(folder / "sample.pdf"))
    return paths


def read_notices(out: Path) -> list[Notice]:
    """The notices under `out/notices`, by id; raises ChangedNotice."""
    return [read_notice(path) for path in sorted((out / "notices").glob("*/notice.json"))]


def write_texts(notices: Iterable[Notice], out: Path, *, findings: Mapping[str, Sequence[Finding]], facts: Mapping[str, Fact]) -> list[Path]:
    """Writes texts for others than the persons of the case to `texts/<id>/`: `notice.json` and `text.txt`; gives the folders.

    They stand apart from `notices/`: an approval names what is sent to persons, and a press release more does not void it.
    """
    folders = []
    for notice in notices:
        folder = out / "texts" / notice.id
        folder.mkdir(parents=True, exist_ok=True)
        said = carried_over(read_findings(folder / "notice.json"), findings.get(notice.id, ()))
        body = {"content_hash": notice.content_hash, **notice.as_dict(), "findings": [asdict(f) for f in said], "facts": fingerprints(facts)}
        (folder / "notice.json").write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (folder / "text.txt").write_text(as_text(notice), encoding="utf-8")
        folders.append(folder)
    return folders


def read_findings(path: Path) -> list[Finding]:
    """What the gate said of a notice when it was written; nothing where there is no such file."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8")).get("findings") or []
        return [Finding(**{f.name: entry[f.name] for f in fields(Finding) if f.name in entry}) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def read_stood(path: Path) -> dict[str, str] | None:
    """How each fact stood when a text was written, as fingerprints; None where nobody kept it."""
    stood = json.loads(path.read_text(encoding="utf-8")).get("facts")
    return {str(name): str(print_) for name, print_ in stood.items()} if isinstance(stood, dict) else None


def write_findings(path: Path, findings: Sequence[Finding]) -> None:
    """Puts what the gate says beside the words of a notice that is written already; its words stay as they are."""
    body = json.loads(path.read_text(encoding="utf-8"))
    body["findings"] = [asdict(finding) for finding in findings]
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_notice(path: Path) -> Notice:
    """One notice; raises ChangedNotice when a word of it was changed after it was written."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        content_hash = body.pop("content_hash")
        for beside in ("findings", "facts"):
            body.pop(beside, None)
        notice = notice_from(body)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ChangedNotice(f"{path}: is not a notice ({type(error).__name__}); compose it again with `amanat notify compose`") from None
    if notice.content_hash != content_hash:
        raise ChangedNotice(f"{path}: was changed after it was composed; change facts.toml or the wording and compose it again")
    return notice


def notice_from(body: Mapping[str, Any]) -> Notice:
    """The notice again from its words as `Notice.as_dict` gave them, read back from JSON."""
    tuples = {name: tuple(body[name]) for name in ("duty_ids", "content")}
    sections = tuple(Section(id=s["id"], heading=s["heading"], sentences=tuple(_sentence(each) for each in s["sentences"])) for s in body["sections"])
    return Notice(
        **{
            **body,
            **tuples,
            "sections": sections,
            **{name: tuple(_sentence(each) for each in body.get(name, ())) for name in ("other_greetings", "other_titles")},
        }
    )


def _sentence(body: dict[str, Any]) -> Sentence:
    # A notice that an earlier version wrote says nothing of bases: such a sentence is for all.
    return Sentence(**{**body, **{name: tuple(body.get(name, ())) for name in ("facts", "kinds", "places", "bases", "readers")}})
