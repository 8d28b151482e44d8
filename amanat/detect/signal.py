"""Signal: one sign of an attack in a message, with its proof. The members live in `signals/`, one file each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from amanat.detect.dkim import EXAMPLE_KEYS
from amanat.detect.mail import Mail, Ours
from amanat.lib.errors import Fixable
from amanat.lib.open_set import OpenSet
from amanat.terms.alert import STRENGTHS, Evidence, Strength

MEMBERS = OpenSet("detect/signals", "SIGNAL")

# The company that examples of signals speak of.
EXAMPLE_OURS = Ours(
    domains=("karvan.example", "karvan-hotels.example"),
    names=("Karvan Hotels", "Karvan Hotels SAS"),
    authserv_ids=("mx.karvan.example",),
    keys=EXAMPLE_KEYS,
)


class BadSignal(Fixable):
    """A signal's file says something that cannot be."""


class Sign(NamedTuple):
    """What a signal saw: how strong it is, a sentence with %(name)s for each detail, and the details."""

    strength: Strength
    says: str
    details: Mapping[str, Any] = {}
    about_us: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One sign. `sentences` are all that `look` can say; each stands in the catalogues of the screens' languages."""

    look: Callable[[Mail, Ours], Iterable[Sign]]
    sentences: tuple[str, ...]
    source: str  # who says that this is a sign
    examples: tuple[str | bytes, ...]  # made-up messages in which it is seen
    not_examples: tuple[str | bytes, ...]  # messages in which it is not

    def __post_init__(self) -> None:
        if not (self.sentences and self.source and self.examples and self.not_examples):
            raise BadSignal("a signal has sentences, a source, examples and counter-examples")


def signals() -> dict[str, Signal]:
    """Every signal, by name."""
    return MEMBERS.load()


def evidence_in(mail: Mail, ours: Ours) -> tuple[Evidence, ...]:
    """Everything that the signals see in one message, strongest first."""
    found = [evidence for name, signal in signals().items() for evidence in seen_by(name, signal, mail, ours)]
    return tuple(sorted(found, key=lambda e: (STRENGTHS.index(e.strength), not e.about_us, e.signal)))


def seen_by(name: str, signal: Signal, mail: Mail, ours: Ours) -> Iterator[Evidence]:
    """What one signal sees; the same sentence about the same things is said once."""
    told: set[str] = set()
    for sign in signal.look(mail, ours):
        assert sign.says in signal.sentences, f"signals/{name}.py says a sentence that is not in its list"
        sentence = sign.says % sign.details
        if sentence not in told and len(told) < 5:
            told.add(sentence)
            yield Evidence(signal=name, strength=sign.strength, says=sign.says, details=dict(sign.details), about_us=sign.about_us)


def a_mail(
    body: str = "See you on Monday.", *, sender: str = "Sara <sara@example.org>", subject: str = "Monday", more: str = "", kind: str = "plain"
) -> str:
    """A small message for examples."""
    return (
        f"From: {sender}\nTo: desk@karvan.example\nSubject: {subject}\nDate: Fri, 13 Nov 2026 09:00:00 +0100\n"
        f"Message-ID: <1@example.org>\nMIME-Version: 1.0\n{more}Content-Type: text/{kind}; charset=utf-8\n\n{body}\n"
    )


def a_mail_with(name: str, content: bytes, *, kind: str = "application/octet-stream", body: str = "Please see the file.") -> bytes:
    """A small message with one file attached, for examples."""
    from base64 import encodebytes

    head = (
        "From: Sara <sara@example.org>\nTo: desk@karvan.example\nSubject: A file\nDate: Fri, 13 Nov 2026 09:00:00 +0100\n"
        'Message-ID: <2@example.org>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{body}\n--b\nContent-Type: {kind}\n"
        f'Content-Disposition: attachment; filename="{name}"\nContent-Transfer-Encoding: base64\n\n'
    )
    return head.encode() + encodebytes(content) + b"--b--\n"
