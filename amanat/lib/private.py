"""A value that belongs to somebody: it knows its kind and does not print itself."""

from typing import Any, NoReturn


class Private:
    """A value read from stolen files or from the register.

    >>> Private("email", "sara@example.org")
    <email>
    >>> f"{Private('email', 'sara@example.org')}"
    '<email>'
    >>> Private("email", "sara@example.org").reveal(why="address of the envelope")
    'sara@example.org'
    """

    __slots__ = ("__value", "kind")

    def __init__(self, kind: str, value: str) -> None:
        self.kind = kind
        self.__value = value

    def reveal(self, *, why: str) -> str:
        """The value itself. Every call says why, so that a reviewer finds and judges each one."""
        if not why:
            raise ValueError("a reason is needed to reveal a private value")
        return self.__value

    def __repr__(self) -> str:
        return f"<{self.kind}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Private) and self.__value == other.__value

    def __hash__(self) -> int:
        return hash(self.__value)

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __reduce__(self) -> NoReturn:
        # A pickle would carry the bare value into caches, queues and crash dumps.
        raise TypeError(f"a private value ({self.kind}) is not pickled; reveal() it where it must cross a border")

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a private value ({self.kind}) has no {name!r}; use reveal(why=…)")
