"""Every signal, pattern and rule against its own examples and counter-examples."""

from amanat.detect.forwarded import messages_of
from amanat.detect.mail import read_mail
from amanat.detect.signal import EXAMPLE_OURS, seen_by, signals


def check_signals() -> tuple[int, list[str]]:
    """How many examples there are, and a sentence for each that is not as its file says."""
    n, problems = 0, []
    for name, signal in signals().items():
        for examples, wanted in ((signal.examples, True), (signal.not_examples, False)):
            for number, example in enumerate(examples, start=1):
                n += 1
                raw = example.encode() if isinstance(example, str) else example
                is_seen = any(list(seen_by(name, signal, mail, EXAMPLE_OURS)) for mail in messages_of(read_mail(raw)))
                if is_seen != wanted:
                    which = f"example {number} is not seen" if wanted else f"counter-example {number} is seen"
                    problems.append(f"signals/{name}.py: {which}")
    return n, problems
