"""Is something happening: phishing and borrowed names in messages, attacks in logs."""

from argparse import Namespace
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable
from amanat.lib.table import table

if TYPE_CHECKING:
    from amanat.detect.mail import Ours

VERB = Verb("detect", __doc__ or "")

_COMPANY = (
    argument("--company", type=Path, metavar="FILE", help="company.toml: our domains and names, which somebody may borrow"),
    argument("--domain", action="append", default=[], metavar="DOMAIN", help="a domain of ours (may be repeated)"),
    argument("--name", action="append", default=[], metavar="NAME", help="a name of ours as customers know it (may be repeated)"),
)


class NothingToRead(Fixable):
    """No file was named."""


@VERB.command(
    "mail",
    argument("paths", nargs="*", type=Path, metavar="FILE", help="messages as they came (EML), or mailboxes (mbox, recognised by themselves)"),
    argument("--mbox", action="append", default=[], type=Path, metavar="FILE", help="a mailbox, whatever it looks like (may be repeated)"),
    *_COMPANY,
    argument(
        "--authserv",
        action="append",
        default=[],
        metavar="ID",
        help="name by which our own mail server signs its Authentication-Results; only those count (may be repeated)",
    ),
    argument("--keys", type=Path, metavar="FILE", help="public keys to check DKIM and ARC signatures with: NAME, a blank, the TXT record"),
    json_keys=("messages", "verdicts", "alerts", "could_not_say"),
)
def mail(given: Namespace) -> Result:
    """Judge messages: phishing, impersonates_us, unwanted, clean or cannot_say, with a probability and the evidence.

    A forwarded message (attached whole, or copied into the text) is judged instead of the one around it. Each message is opened
    in a confined process. Nothing is looked up in the network. Evidence is listed strongest first; hard evidence is never averaged away.
    """
    from amanat.detect.as_json import alert_as_json, verdict_as_json
    from amanat.detect.read import judge_files
    from amanat.detect.verdict import alert_of

    if not given.paths and not given.mbox:
        raise NothingToRead("name at least one message or mailbox: amanat detect mail FILE…, or --mbox FILE")
    ours = _ours(given)
    verdicts = [*judge_files(given.paths, ours), *judge_files(given.mbox, ours, is_mbox=True)]
    counts = Counter(v.verdict for v in verdicts)
    keys = {
        "messages": [verdict_as_json(v) for v in verdicts],
        "verdicts": dict(counts.most_common()),
        "alerts": [alert_as_json(a) for v in verdicts if (a := alert_of(v))],
        "could_not_say": counts["cannot_say"],
    }
    return Result(keys=keys, text=_mails_as_text(verdicts))


def _mails_as_text(verdicts: list[Any]) -> str:
    rows = [
        [f"{v.path}{f' ({v.message})' if v.message > 1 else ''}", v.verdict, f"{v.probability:.3f}", v.evidence[0].sentence if v.evidence else ""]
        for v in verdicts[:200]
    ]
    parts = [table(["message", "verdict", "probability", "first reason"], rows, right=[2])]
    if len(verdicts) == 1:
        parts += ["", *(f"{e.strength:>8}  {e.sentence}" for e in verdicts[0].evidence)]
    elif len(verdicts) > 200:
        parts.append(f"… and {len(verdicts) - 200:,} more; --format json lists all")
    counts = Counter(v.verdict for v in verdicts)
    parts += ["", f"{len(verdicts):,} messages: " + ", ".join(f"{n:,} {name}" for name, n in counts.most_common()) + "."]
    return "\n".join(parts)


def _ours(given: Namespace) -> "Ours":
    from amanat.detect.dkim import read_keys
    from amanat.detect.mail import Ours, ours_of
    from amanat.terms.company import read_company

    keys = read_keys(given.keys) if getattr(given, "keys", None) else {}
    authserv = tuple(getattr(given, "authserv", ()))
    ours = ours_of(read_company(given.company), authserv_ids=authserv, keys=keys) if given.company else Ours(authserv_ids=authserv, keys=keys)
    return Ours(
        domains=(*ours.domains, *(d.lower() for d in given.domain)), names=(*ours.names, *given.name), authserv_ids=ours.authserv_ids, keys=ours.keys
    )


@VERB.command(
    "logs",
    argument("paths", nargs="+", type=Path, metavar="FILE", help="JSON lines, EVTX, web access logs (combined), or syslog; packed by gzip or not"),
    argument("--rules", type=Path, metavar="DIR", help="a folder of further Sigma rules (*.yml)"),
    json_keys=("alerts", "events", "rules", "rules_not_run", "gaps"),
)
def logs(given: Namespace) -> Result:
    """Watch logs: Sigma rules, guessed passwords, floods, probing, data carried out; one alert for each entity and stretch of time.

    Each file is opened in a confined process. Rules that cannot be evaluated, lines and files that cannot be read are counted and said.
    """
    from datetime import datetime, timezone

    from amanat.detect import watch_logs
    from amanat.detect.as_json import alert_as_json

    report = watch_logs(given.paths, rules=given.rules, now=datetime.now(timezone.utc))
    keys = {
        "alerts": [alert_as_json(a) for a in report.alerts],
        "events": report.n_events,
        "rules": report.n_rules,
        "rules_not_run": [{"rule": one.path, "reason": one.reason} for one in report.rules_not_run],
        "gaps": [asdict(gap) for gap in report.gaps],
    }
    return Result(keys=keys, text=_logs_as_text(keys))


def _logs_as_text(keys: dict[str, Any]) -> str:
    alerts = keys["alerts"]
    parts = [f"{keys['events']:,} events met {keys['rules']:,} rules and the patterns: {len(alerts):,} alerts."]
    for alert in alerts[:50]:
        when = f"{alert['since'][:16]} to {alert['until'][:16]}" if alert["since"] else "at no known time"
        head = f"{alert['severity']:>8}  {alert['kind']}: {alert['entity']['type']} {alert['entity']['value']}, {when}, {alert['n_events']:,} events"
        parts += ["", head, *(f"          {e['sentence']}" for e in alert["evidence"][:5])]
        if len(alert["evidence"]) > 5:
            parts.append(f"          … and {len(alert['evidence']) - 5} more")
    if len(alerts) > 50:
        parts += ["", f"… and {len(alerts) - 50:,} more alerts; --format json lists all"]
    if keys["rules_not_run"]:
        parts += ["", f"{len(keys['rules_not_run']):,} rules were not run:", *(f"  {r['rule']}: {r['reason']}" for r in keys["rules_not_run"][:10])]
    if keys["gaps"]:
        parts += ["", table(["file", "what could not be read", "what next"], [[g["path"], g["reason"], g["next_step"]] for g in keys["gaps"][:20]])]
    return "\n".join(parts)


@VERB.command(
    "brand",
    argument("paths", nargs="*", type=Path, metavar="FILE", help="domains: one a line, a zone file, or a log of certificates as JSON lines"),
    *_COMPANY,
    argument("--candidates", action="store_true", help="list what somebody could register to imitate us, to watch it or to take it ourselves"),
    json_keys=("found", "n_domains", "n_lines_without", "candidates"),
)
def brand(given: Namespace) -> Result:
    """Find domains that imitate ours in lists of registered names, and those that somebody could still register.

    An imitation looks the same to the eye (same), is our name under another ending (ending), is one letter off (near) or bears
    our name (part). Nothing is looked up in the network: whether a domain is a cheat's or a friend's, a person decides.
    """
    from amanat.detect import brand as brands

    if not given.paths and not given.candidates:
        raise NothingToRead("name at least one list of domains, or ask for --candidates: amanat detect brand FILE… --domain OURS")
    ours = _ours(given).domains
    found, n_domains, n_other = brands.find(given.paths, ours)
    made = {host: how for domain in ours for host, how in brands.candidates(domain).items()} if given.candidates else {}
    keys = {
        "found": [asdict(one) for one in found],
        "n_domains": n_domains,
        "n_lines_without": n_other,
        "candidates": [{"domain": host, "how": how} for host, how in sorted(made.items())],
    }
    parts = []
    if given.paths:
        rows = [[one.shown, one.domain if one.domain != one.shown else "", one.imitates, one.how, f"{one.file}:{one.line}"] for one in found[:200]]
        parts += [table(["domain", "in the DNS", "imitates", "how", "where"], rows)] if rows else []
        parts += [f"… and {len(found) - 200:,} more; --format json lists all"] if len(found) > 200 else []
        parts.append(f"{len(found):,} of {n_domains:,} domains imitate ours." + (f" {n_other:,} lines named no domain." if n_other else ""))
    if made:
        parts += ["", table(["somebody could register", "how it is made"], sorted(made.items()))]
    return Result(keys=keys, text="\n".join(parts))


@VERB.command("check", json_keys=("n_members", "n_examples", "problems"))
def check(given: Namespace) -> Result:
    """Try every signal, pattern and rule on its own examples and counter-examples."""
    from amanat.detect.check import check_all

    n_members, n_examples, problems = check_all()
    text = "\n".join(problems) if problems else f"All {n_examples} examples of {n_members} signals, patterns and rules are as they should be."
    return Result(keys={"n_members": n_members, "n_examples": n_examples, "problems": problems}, text=text, is_passed=not problems)
