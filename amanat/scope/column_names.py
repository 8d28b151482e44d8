"""Names of columns: which identifiers the name of a column, field or key speaks of."""

from collections.abc import Mapping

from amanat.scope.identifier import Identifier
from amanat.scope.vocabulary import words_of

# A column whose name has one of these beside a known name does not hold the value itself (`password_changed_at`).
_ABOUT = frozenset(
    "at date changed change expires expiry reset hint count type status verified valid policy is has updated created time age length domain provider"
    " ok flag optin opt last4 attempts failed required score source verification question".split()
)


class Headers:
    """Which identifiers the name of a column, field or key speaks of."""

    def __init__(self, members: Mapping[str, Identifier]) -> None:
        self._whole: dict[tuple[str, ...], set[int]] = {}
        self._part: dict[tuple[str, ...], set[int]] = {}
        for i, member in enumerate(members.values()):
            for header in member.headers:
                words = tuple(words_of(header.lstrip("=")))
                (self._whole if header.startswith("=") else self._part).setdefault(words, set()).add(i)
        others = {(tuple(words_of(word)), i) for i, member in enumerate(members.values()) for word in member.other_words}
        self._others = {words: {i for of, i in others if of == words} for words, _ in others}
        self._longest = max([len(w) for w in self._part], default=1)

    def of(self, label: str) -> frozenset[int]:
        """The identifiers of the longest known name within the label. Of a path (`guest.name.first`) the innermost keys count."""
        keys = [key for key in label.replace("/", ".").split(".") if words_of(key)]
        for n_keys in (1, 2):
            found = self._of_words(tuple(words_of(" ".join(keys[-n_keys:])))) if keys else frozenset()
            if found:
                return found
        return frozenset()

    def not_of(self, label: str) -> frozenset[int]:
        """The identifiers of which a column of this name (`booking_number`) mostly holds none: it ends in one of their other words."""
        words = tuple(words_of(label))
        return frozenset().union(*(self._others.get(words[-length:], ()) for length in (1, 2, 3)))

    def _of_words(self, words: tuple[str, ...]) -> frozenset[int]:
        if words in self._whole:
            return frozenset(self._whole[words] | self._part.get(words, set()))
        for length in range(min(len(words), self._longest), 0, -1):
            found: set[int] = set()
            for at in range(len(words) - length + 1):
                if _ABOUT.isdisjoint(words[:at] + words[at + length :]):
                    found |= self._part.get(words[at : at + length], set())
            if found:
                return frozenset(found)
        return frozenset(self._part.get(("".join(words),), set()))
