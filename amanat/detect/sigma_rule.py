"""Sigma rules: parsed by pySigma, compiled to functions over one event.

A rule that asks for something that cannot be evaluated here is not run: it is counted, with the reason.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from amanat.detect.event import Event
from amanat.detect.rule_set import Need, needs_of
from amanat.detect.sigma_condition import CannotRun, Test, test_of
from amanat.lib.errors import Fixable
from amanat.terms.alert import AlertKind, Severity

HOME = Path(__file__).parent / "rules"


class BadRules(Fixable):
    """The folder of rules cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, ready to run."""

    id: str
    title: str
    severity: Severity
    kind: AlertKind
    product: str
    category: str
    service: str
    test: Test
    needs: tuple[Need, ...] | None  # one of these must be in the event; None: nothing is known beforehand
    path: str

    def is_about(self, event: Event) -> bool:
        """Whether the event comes from where the rule looks; where the log does not say, the rule's fields decide."""
        return (
            (not self.product or not event.product or self.product == event.product)
            and (not self.category or self.category == event.category or (not event.category and not event.product))
            and (not self.service or self.service == event.service or (not event.service and not event.product))
        )


@dataclass(frozen=True, slots=True)
class NotRun:
    """A rule that is not run, and why."""

    path: str
    reason: str


def rule_texts(folder: Path | None) -> list[tuple[str, str]]:
    """Name and text of every rule file in a folder (None: amanat's own)."""
    folder = folder or HOME
    if not folder.is_dir():
        raise BadRules(f"{folder}: there is no such folder; name one with Sigma rules (*.yml)")
    paths = sorted(p for p in folder.rglob("*") if p.suffix in (".yml", ".yaml"))
    if not paths:
        raise BadRules(f"{folder}: holds no Sigma rules (*.yml); name the folder that does")
    return [(str(p.relative_to(folder)), p.read_text(encoding="utf-8", errors="replace")) for p in paths]


def titles() -> list[str]:
    """What amanat's own rules are called, without compiling them."""
    import yaml

    return [str(yaml.safe_load(text)["title"]) for _path, text in rule_texts(None)]


def compile_rules(texts: Sequence[tuple[str, str]]) -> tuple[list[Rule], list[NotRun]]:
    """Every rule that can be run, and every one that cannot."""
    rules: list[Rule] = []
    not_run: list[NotRun] = []
    for path, text in texts:
        try:
            rules += _rules_of(path, text, not_run)
        except Exception as error:  # whatever a strange file does to the parsers: one rule less, said, and the others run
            not_run.append(NotRun(path, f"it does not parse ({type(error).__name__}: {' '.join(str(error).split())[:160]})"))
    return rules, not_run


def _rules_of(path: str, text: str, not_run: list[NotRun]) -> list[Rule]:
    import yaml
    from sigma.rule import SigmaRule

    found = []
    for document in yaml.safe_load_all(text):
        if not isinstance(document, dict):
            raise ValueError("it is no Sigma rule")
        if "correlation" in document:
            not_run.append(NotRun(path, "correlation rules are not run; the patterns of amanat count instead"))
            continue
        parsed = SigmaRule.from_dict(document)
        try:
            tests, needs = [], []  # type: ignore[var-annotated]
            for condition in parsed.detection.parsed_condition:
                tests.append(test_of(condition.parsed))
                needs.append(needs_of(condition.parsed))
        except CannotRun as reason:
            not_run.append(NotRun(path, str(reason)))
            continue
        source, tags = parsed.logsource, [f"{t.namespace}.{t.name}" for t in parsed.tags]
        found.append(
            Rule(
                id=str(parsed.id or parsed.title),
                title=str(parsed.title)[:200],
                severity=_severity(parsed.level.name.lower() if parsed.level else ""),
                kind=_kind(tags),
                product=source.product or "",
                category=source.category or "",
                service=source.service or "",
                test=tests[0] if len(tests) == 1 else lambda event, tests=tests: any(test(event) for test in tests),  # type: ignore[misc]
                needs=None if any(n is None for n in needs) else tuple(need for each in needs for need in each or ()),
                path=path,
            )
        )
    return found


def _severity(level: str) -> Severity:
    return {"critical": "critical", "high": "high", "medium": "medium"}.get(level, "low")  # type: ignore[return-value]


def _kind(tags: Sequence[str]) -> AlertKind:
    said = " ".join(tags)
    if re.search(r"attack\.(?:impact|t1498|t1499)\b", said) and "t1486" not in said:
        return "denial_of_service"
    if re.search(r"attack\.(?:exfiltration|collection)|attack\.t1190", said):
        return "data_breach"
    if re.search(r"attack\.(?:credential.access|t1110|t1078|t1621)", said):
        return "social_engineering"
    return "phishing" if "attack.t1566" in said else "malware"
