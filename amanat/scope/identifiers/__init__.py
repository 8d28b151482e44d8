"""Open set: one kind of identifier per file."""

import sys
from types import ModuleType
from typing import Any


class _Members(ModuleType):
    """`scope.identifiers` is a function of the front door and, once a member is imported, this folder: both give the members."""

    def __call__(self) -> dict[str, Any]:
        from amanat.scope.identifier import identifiers

        return identifiers()


sys.modules[__name__].__class__ = _Members
