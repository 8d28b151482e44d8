"""`amanat notify compose | check | stale | overrule | preview`: write the texts, ask the honesty gate, answer it, look at them."""

import json
from argparse import Namespace
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable
from amanat.lib.moment import moment_of
from amanat.lib.parquet import read_parquet
from amanat.lib.table import table


class NotACase(Fixable):
    """The folder lacks what a notice is made of."""


class BadMoment(Fixable):
    """A moment that cannot be read or has no offset."""


def add_to(verb: Verb) -> None:
    """Gives the verb `notify` its writing commands."""
    verb.command(
        "compose",
        argument(
            "case",
            type=Path,
            metavar="CASE_DIR",
            help="folder with facts.toml, company.toml, assessment.json, exposures.parquet, persons_duties.parquet",
        ),
        argument("--audience", metavar="WHO", help="write for press, public, partner, employee, agent, authority, controller or guardian instead"),
        argument("--incident", metavar="KIND", help="tell it as data_breach, outage, impersonation, payment_fraud or account_takeover"),
        argument("--lang", action="append", metavar="TAG", help="write in this language; more than once for several; default: the company's"),
        argument("--easy", action="store_true", help="in easy language: short sentences, one thought in each"),
        argument("--now", metavar="MOMENT", help="when the notices go out (ISO 8601 with offset), for drills; default: now"),
        argument("--no-letter", action="store_true", help="leave the sample letters (PDF) out"),
        json_keys=("notices", "fallbacks"),
    )(compose)
    verb.command(
        "check",
        argument("file", type=Path, help="a text, or a notice.json"),
        argument("--lang", required=True, metavar="TAG", help="language of the text: en, fr, fa"),
        argument("--facts", type=Path, help="facts.toml, so that hedges, numbers and searches can be judged"),
        argument("--company", type=Path, help="company.toml, so that links can be judged"),
        json_keys=("findings", "n_blocking"),
    )(check)
    verb.command(
        "stale",
        argument("case", type=Path, metavar="CASE_DIR", help="folder with facts.toml and notices/ or texts/"),
        json_keys=("touched", "changed", "next_update", "unknown"),
    )(stale)
    verb.command(
        "overrule",
        argument("case", type=Path, metavar="CASE_DIR", help="folder with company.toml, journal.jsonl and notices/"),
        argument("notice", metavar="ID", help="the text, such as eu-gdpr.fr"),
        argument("--check", required=True, metavar="RULE", help="the rule whose advice is to stand"),
        argument("--quote", metavar="WORDS", help="only at these words, as the finding quotes them"),
        argument("--by", required=True, metavar="STAFF", help="who answers for it: an id of company.toml"),
        argument("--why", required=True, help="the reason, for the journal"),
        argument("--now", metavar="MOMENT", help="for drills; default: now"),
        json_keys=("notice", "check", "by", "n_findings"),
    )(overrule)
    verb.command(
        "preview",
        argument("case", type=Path, metavar="CASE_DIR", help="folder with company.toml and notices/"),
        argument("--notice", metavar="ID", help="only this notice"),
        argument("--html", type=Path, metavar="DIR", help="also write the HTML messages there"),
        json_keys=("previews",),
    )(preview)


def compose(given: Namespace) -> Result:
    """Write the notices of a case: one for each letter group and language that occurs; or the text for another audience.

    Writes notices/ID/notice.json with every sentence and its facts, and the message to an invented person as text,
    HTML and letter. Says what the honesty gate thinks; a blocking finding gives exit code 1, and the files are there all the same.

    With --audience, --incident, --lang or --easy it writes texts/ID/ instead (notice.json, text.txt) and shows the text; for
    others than the persons facts.toml and company.toml are enough:

      amanat notify compose CASE                                       the letters to everybody affected
      amanat notify compose CASE --audience press --lang en --lang fr  a press release in two languages
      amanat notify compose CASE --audience agent --lang fa            questions and answers for the call centre
      amanat notify compose CASE --audience public --incident outage --easy --lang fr
      amanat notify compose CASE --audience individuals --easy         the letters in easy language
    """

    from amanat.notify.case_files import read_assessment
    from amanat.notify.compose import compose as write
    from amanat.notify.gate import check_notice
    from amanat.notify.groups import fallbacks
    from amanat.notify.overrule import carried_over
    from amanat.notify.store import read_findings, write_notices, write_sample_letters
    from amanat.terms.company import read_company
    from amanat.terms.fact import read_facts

    case: Path = given.case
    if given.audience or given.incident or given.lang or given.easy:
        return _texts(given)
    for name in ("facts.toml", "company.toml", "assessment.json", "exposures.parquet", "persons_duties.parquet"):
        if not (case / name).is_file():
            raise NotACase(f"{case}: {name} is missing; `amanat run STORY --out {case}` makes such a folder, or copy the file there")
    facts, company = read_facts(case / "facts.toml"), read_company(case / "company.toml")
    assessment = read_assessment(case / "assessment.json")
    exposures, persons_duties = read_parquet(case / "exposures.parquet"), read_parquet(case / "persons_duties.parquet")
    now = _moment(given.now)
    notices = write(facts, company, assessment, exposures, persons_duties, now=now)
    findings = {
        n.id: carried_over(read_findings(case / "notices" / n.id / "notice.json"), check_notice(n, facts, assessment.duties, company, now=now))
        for n in notices
    }
    write_notices(notices, case, findings=findings, company=company, on=now.date(), facts=facts)
    if not given.no_letter:
        write_sample_letters(notices, company, case, on=now.date())
    said = fallbacks(exposures, persons_duties, company)
    keys = {
        "notices": [
            {"id": n.id, "content_hash": n.content_hash, "duties": list(n.duty_ids), "findings": [asdict(f) for f in findings[n.id]]} for n in notices
        ],
        "fallbacks": said,
    }
    rows = [
        [n.id, sum(f.is_blocking for f in findings[n.id]), sum(not f.is_blocking for f in findings[n.id]), ", ".join(n.duty_ids)] for n in notices
    ]
    text = table(["notice", "blocking", "advice", "duties"], rows, right=[1, 2]) + f"\n\n{said}\nWritten to {case / 'notices'}."
    for notice in notices:
        text += "".join("\n" + _line(f, notice.id) for f in findings[notice.id] if f.is_blocking)
    return Result(keys=keys, text=text, is_passed=not any(f.is_blocking for each in findings.values() for f in each))


def _texts(given: Namespace) -> Result:
    """The text for one audience, from whatever of the case is there."""
    from amanat.notify.as_text import as_text
    from amanat.notify.case_files import read_assessment
    from amanat.notify.compose import compose as write
    from amanat.notify.gate import check_notice
    from amanat.notify.overrule import carried_over
    from amanat.notify.store import read_findings, write_texts
    from amanat.terms.company import read_company
    from amanat.terms.fact import read_facts

    case: Path = given.case
    for name in ("facts.toml", "company.toml"):
        if not (case / name).is_file():
            raise NotACase(f"{case}: {name} is missing; copy it there, or give a story's folder")
    facts, company = read_facts(case / "facts.toml"), read_company(case / "company.toml")
    assessment = read_assessment(case / "assessment.json") if (case / "assessment.json").is_file() else None
    names = ("exposures.parquet", "persons_duties.parquet")
    exposures, persons_duties = (read_parquet(case / name) if (case / name).is_file() else None for name in names)
    now = _moment(given.now)
    made = write(
        facts,
        company,
        assessment,
        exposures,
        persons_duties,
        now=now,
        audience=given.audience or "individuals",
        incident=given.incident,
        languages=given.lang,
        is_easy=given.easy,
    )
    duties = assessment.duties if assessment else ()
    findings = {
        n.id: carried_over(read_findings(case / "texts" / n.id / "notice.json"), check_notice(n, facts, duties, company, now=now)) for n in made
    }
    folders = write_texts(made, case, findings=findings, facts=facts)
    keys = {
        "notices": [
            {"id": n.id, "content_hash": n.content_hash, "duties": list(n.duty_ids), "findings": [asdict(f) for f in findings[n.id]]} for n in made
        ],
        "fallbacks": "",
    }
    text = "\n".join(
        f"=== {n.id}\n\n{as_text(n)}" + "".join("\n" + _line(f, n.id) for f in findings[n.id]) + f"\nWritten to {folder}.\n"
        for n, folder in zip(made, folders, strict=True)
    )
    return Result(keys=keys, text=text, is_passed=not any(f.is_blocking for each in findings.values() for f in each))


def stale(given: Namespace) -> Result:
    """Say which sentences rest on facts that changed since they were written, in every text of the case; exit code 1 when there are some.

    Looks at notices/ and texts/. Compose them again, and tell the persons what changed with the next update.
    """
    from amanat.notify.stale import changed_since, touched
    from amanat.notify.store import read_notice, read_stood
    from amanat.terms.fact import read_facts

    case: Path = given.case
    facts = read_facts(case / "facts.toml")
    found: list[Any] = []
    unknown: list[str] = []
    changed: set[str] = set()
    for path in sorted([*(case / "notices").glob("*/notice.json"), *(case / "texts").glob("*/notice.json")]):
        notice, stood = read_notice(path), read_stood(path)
        if stood is None:
            unknown.append(notice.id)
            continue
        names = changed_since(stood, facts)
        changed.update(names)
        found += touched([notice], names)
    if not found and not unknown:
        return Result(
            keys={"touched": [], "changed": sorted(changed), "next_update": None, "unknown": []}, text="Every sentence says what the facts say."
        )
    promise = facts.get("next_update")
    next_at = promise.value.isoformat() if promise and isinstance(promise.value, datetime) else None
    rows = [[one.notice_id, one.section, ", ".join(one.facts), one.text[:90]] for one in found]
    text = table(["text", "section", "changed facts", "sentence"], rows)
    text += (
        f"\n\nCompose these texts again. The next update must say what changed; it is promised by {next_at or '(no moment yet)'}." if found else ""
    )
    text += f"\nOf {', '.join(unknown)} nobody kept how the facts stood; compose them again." if unknown else ""
    keys = {"touched": [asdict(one) for one in found], "changed": sorted(changed), "next_update": next_at, "unknown": unknown}
    return Result(keys=keys, text=text.strip(), is_passed=False)


def overrule(given: Namespace) -> Result:
    """Let an advice of the honesty gate stand, by name and with a reason; what blocks nobody can let stand.

    It is kept beside the words (notices/ID/notice.json, or texts/ID) and noted in the case's journal. It holds for these very
    words: when the sentence changes, the gate says it anew.
    """
    from amanat.lib.journal import Journal
    from amanat.notify.overrule import overrule as let_stand
    from amanat.notify.store import read_findings, read_notice, write_findings
    from amanat.terms.company import read_company

    case: Path = given.case
    path = next((p for kind in ("notices", "texts") if (p := case / kind / given.notice / "notice.json").is_file()), None)
    if path is None:
        raise NotACase(f"{case}: holds no notice {given.notice!r}; `amanat notify compose {case}` writes them")
    staff = {one.id: one.name for one in read_company(case / "company.toml").staff}
    if staff and given.by not in staff:
        raise NotACase(f"company.toml: no member of staff has the id {given.by!r}; there are: {', '.join(staff)}")
    notice, now = read_notice(path), _moment(given.now)
    findings = let_stand(read_findings(path), check=given.check, by=given.by, reason=given.why, quote=given.quote or "")
    mine = [f for f in findings if f.check == given.check and f.overruled_by]
    # The quotation may hold a statement of staff: the journal names the rule, the text by its hash, and how often it was let stand.
    what = {"notice_id": notice.id, "content_hash": notice.content_hash, "check": given.check, "n_findings": len(mine)}
    Journal(case / "journal.jsonl").write(who=given.by, act="finding.overruled", at=now, what=what, why=given.why)
    write_findings(path, findings)
    says = f"{given.check} stands in {notice.id}, on the word of {staff.get(given.by) or given.by}; noted in the journal."
    return Result(keys={"notice": notice.id, "check": given.check, "by": given.by, "n_findings": len(mine)}, text=says)


def check(given: Namespace) -> Result:
    """Ask the honesty gate about a text in one language; exit code 1 when a finding blocks.

    Without --facts it cannot know what is known: hedges are then advice, and numbers are not compared.
    """
    from amanat import wording
    from amanat.notify.gate import check_notice, check_text
    from amanat.notify.store import read_notice
    from amanat.terms.company import read_company
    from amanat.terms.fact import read_facts

    facts = read_facts(given.facts) if given.facts else None
    company = read_company(given.company) if given.company else None
    if given.file.name.endswith(".json") and company is not None and facts is not None:
        findings = check_notice(read_notice(given.file), facts, (), company, now=datetime.now(timezone.utc))
    else:
        # However the tag is spelt; one that we lack stays as it was typed, so that the error names it.
        ours = [tag for each in wording.languages() for tag in (each, *([wording.easy(each)] if wording.has_easy(each) else []))]
        language, why = wording.choose_language(given.lang, ours, given.lang)
        findings = check_text(_text_of(given.file), given.lang if why else language, facts, company=company)
    blocking = sum(f.is_blocking for f in findings)
    text = "\n".join(_line(f, "") for f in findings) or "The gate has nothing to say."
    return Result(keys={"findings": [asdict(f) for f in findings], "n_blocking": blocking}, text=text, is_passed=not blocking)


def preview(given: Namespace) -> Result:
    """Show the notices of a case as invented persons will see them: three, and one more for each further way of knowing (basis)."""
    from amanat.notify.previews import previews
    from amanat.notify.store import read_notices
    from amanat.terms.company import read_company

    company = read_company(given.case / "company.toml")
    notices = [n for n in read_notices(given.case) if given.notice in (None, n.id)]
    if not notices:
        raise NotACase(
            f"{given.case}: holds no notice{f' {given.notice!r}' if given.notice else ''}; `amanat notify compose {given.case}` writes them"
        )
    on = datetime.now(timezone.utc).date()
    shown = {n.id: previews(n, company, on=on) for n in notices}
    if given.html:
        given.html.mkdir(parents=True, exist_ok=True)
        for id, each in shown.items():
            for number, one in enumerate(each, 1):
                (given.html / f"{id}.{number}.html").write_text(one.html, encoding="utf-8")
    text = "\n\n".join(f"=== {id} · {one.label}\nSubject: {one.subject}\n\n{one.text}" for id, each in shown.items() for one in each)
    return Result(keys={"previews": [{"notice": id, **asdict(one)} for id, each in shown.items() for one in each]}, text=text)


def _moment(given: str | None) -> datetime:
    moment = moment_of(given) if given else datetime.now(timezone.utc)
    if moment is None:
        raise BadMoment("--now: write a moment with its offset from UTC, such as 2026-03-06T18:00:00+01:00")
    return moment


def _text_of(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotACase(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError):
        raise NotACase(f"{path}: cannot be read as UTF-8 text; save it as UTF-8") from None
    if path.suffix == ".json":
        try:
            body: Any = json.loads(text)
            return "\n".join([body["title"], body["greeting"], *(s["text"] for part in body["sections"] for s in part["sentences"]), body["closing"]])
        except (ValueError, KeyError, TypeError):
            raise NotACase(f"{path}: is not a notice; give a text file or a notice.json") from None
    return text


def _line(finding: Any, where: str) -> str:
    mark = "BLOCKS" if finding.is_blocking else "stands" if finding.overruled_by else "advice"
    place = " · ".join(part for part in (where, finding.where) if part)
    return (
        f"{mark}  {finding.check}{f' ({place})' if place else ''}: {finding.says}"
        + (f"\n        “{finding.quote}”" if finding.quote else "")
        + (f"\n        → {finding.rewrite}" if finding.rewrite and not finding.overruled_by else "")
        + (f"\n        {finding.overruled_by}: {finding.reason}" if finding.overruled_by else "")
    )
