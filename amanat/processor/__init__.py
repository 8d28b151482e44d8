"""Processor: for each controller whose data we hold, a kit of its own: its persons, a draft of our notice to it, its clock. Nobody else's."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from amanat.lib.progress import Progress, silent

if TYPE_CHECKING:
    from amanat.processor.make import Made


def make_kits(
    story: Path,
    out: Path,
    *,
    now: Callable[[], datetime],
    facts: Path | None = None,
    told: Mapping[str, datetime] | None = None,
    workers: int = 2,
    progress: Progress = silent,
    who: str = "command line",
) -> "Made":
    """One folder and one zip for each controller of the story's controllers.toml, and for ourselves who could not be given to anybody.

    Args:
        facts: counts instead of the story's facts.toml.
        told: when we told a controller, by its id; counts before what controllers.toml says.

    Raises:
        Fixable: controllers.toml, the register or the story cannot be used; or a kit would have told of another controller, and none was made.
    """
    from amanat.processor.make import make_kits as make

    return make(story, out, now=now, facts=facts, told=told or {}, workers=workers, progress=progress, who=who)


def unknown_says(why: str) -> str:
    """Why a person could not be given to a controller, in words."""
    from amanat.processor.split import UNKNOWN

    return UNKNOWN[why]
