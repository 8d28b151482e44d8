"""Every signal, pattern and rule against its own examples and counter-examples."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from amanat.detect.event import Event
from amanat.detect.forwarded import messages_of
from amanat.detect.log_file import read_events
from amanat.detect.mail import read_mail
from amanat.detect.pattern import patterns
from amanat.detect.reading import Reading
from amanat.detect.signal import EXAMPLE_OURS, seen_by, signals


def check_all() -> tuple[int, int, list[str]]:
    """How many members and examples there are, and a sentence for each example that is not as its file says."""
    n_members, n_examples, problems = 0, 0, []
    for members, n, found in (check_signals(), check_patterns(), check_rules()):
        n_members, n_examples = n_members + members, n_examples + n
        problems += found
    return n_members, n_examples, problems


def check_signals() -> tuple[int, int, list[str]]:
    n, problems = 0, []
    for name, signal in signals().items():
        for number, example, wanted in _both(signal.examples, signal.not_examples):
            n += 1
            raw = example.encode() if isinstance(example, str) else example
            is_seen = any(list(seen_by(name, signal, mail, EXAMPLE_OURS)) for mail in messages_of(read_mail(raw)))
            problems += _problem(f"signals/{name}.py", number, is_seen, wanted)
    return len(signals()), n, problems


def check_patterns() -> tuple[int, int, list[str]]:
    n, problems = 0, []
    for name, pattern in patterns().items():
        for number, lines, wanted in _both(pattern.examples, pattern.not_examples):
            n += 1
            watcher = pattern.watch()
            for event in _events(lines):
                watcher.take(event)
            problems += _problem(f"patterns/{name}.py", number, any(True for _ in watcher.hits()), wanted)
    return len(patterns()), n, problems


def check_rules() -> tuple[int, int, list[str]]:
    import yaml

    from amanat.detect.rule_set import RuleSet
    from amanat.detect.sigma_rule import compile_rules, rule_texts

    n, problems = 0, []
    texts = rule_texts(None)
    for path, text in texts:
        rules, not_run = compile_rules([(path, text)])
        problems += [f"rules/{path}: {one.reason}" for one in not_run]
        given = yaml.safe_load(text)
        for number, line, wanted in _both(given.get("examples", ()), given.get("not_examples", ())):
            n += 1
            is_seen = any(RuleSet(rules).matches(event) for event in _events([line]))
            problems += _problem(f"rules/{path}", number, is_seen, wanted)
    return len(texts), n, problems


def _both(examples: Sequence[Any], not_examples: Sequence[Any]) -> Iterator[tuple[int, Any, bool]]:
    for some, wanted in ((examples, True), (not_examples, False)):
        for number, one in enumerate(some, start=1):
            yield number, one, wanted


def _events(lines: Sequence[str]) -> Iterator[Event]:
    return read_events(io.BytesIO("\n".join(lines).encode()), Reading(0))


def _problem(where: str, number: int, is_seen: bool, wanted: bool) -> list[str]:
    if is_seen == wanted:
        return []
    return [f"{where}: example {number} is not seen" if wanted else f"{where}: counter-example {number} is seen"]
