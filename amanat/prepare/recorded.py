"""What the DNS and our web pages said, kept: the questions take seconds, and a page that people open must not wait for them."""

from datetime import datetime
from typing import Any

from amanat.prepare.world import Answer, Dns, Handshake
from amanat.terms.company import Company


def record(company: Company, selectors: tuple[str, ...], dns: Dns, shake: Any) -> dict[str, Any]:
    """Asks whatever the controls ask about this company, and gives the answers as JSON."""
    from datetime import timezone

    from amanat.prepare.control import controls
    from amanat.prepare.world import World

    answers: dict[str, Any] = {"txt": {}, "exists": {}, "handshake": {}}

    class Recording:
        def txt(self, name: str) -> Answer:
            return self._ask("txt", name)

        def exists(self, name: str) -> Answer:
            return self._ask("exists", name)

        def _ask(self, kind: str, name: str) -> Answer:
            answer = dns.txt(name) if kind == "txt" else dns.exists(name)
            answers[kind][name] = [answer.state, list(answer.values), answer.why]
            return answer

    def recording(host: str) -> Handshake:
        found: Handshake = shake(host)
        answers["handshake"][host] = [found.state, found.until.isoformat() if found.until else None, found.why]
        return found

    world = World(now=datetime.now(timezone.utc), company=company, dkim_selectors=selectors, dns=Recording(), handshake=recording)
    for control in controls().values():
        if control.look:
            control.look(world)
    return answers


class Recorded:
    """The answers again. What was not asked then counts as not answered."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers

    def txt(self, name: str) -> Answer:
        return self._answer("txt", name)

    def exists(self, name: str) -> Answer:
        return self._answer("exists", name)

    def _answer(self, kind: str, name: str) -> Answer:
        if name not in self._answers[kind]:
            return Answer("failed", why="not asked yet")
        state, values, why = self._answers[kind][name]
        return Answer(state, tuple(values), why)

    def handshake(self, host: str) -> Handshake:
        if host not in self._answers["handshake"]:
            return Handshake("failed", why="not asked yet")
        state, until, why = self._answers["handshake"][host]
        return Handshake(state, datetime.fromisoformat(until) if until else None, why)
