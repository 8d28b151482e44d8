"""Every word that people outside read; one language per file.

Front door: `words(language)` gives one language, `languages()` those we have, `language_for` which of them a person gets.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amanat.wording.language import Words

__all__ = ["language_for", "languages", "words"]


def words(language: str) -> "Words":
    """The words of one language; raises UnknownLanguage when there is no file for it."""
    from amanat.wording.language import read_words

    return read_words(language)


def languages() -> Mapping[str, str]:
    """Tag of each language we have, and its name in that language."""
    from amanat.wording.language import SET, read_words

    return {tag: read_words(tag).language.name for tag in SET.paths()}


def language_for(tag: str | None, available: Collection[str], default: str) -> str:
    """The language in which a person is written to: their own, else the company's, else English.

    >>> language_for("fr-CA", ["en", "fr"], "en"), language_for("de", ["en", "fr"], "fr"), language_for(None, ["en"], "de")
    ('fr', 'fr', 'en')
    """
    for wish in (tag, default):
        tried = (wish or "").replace("_", "-").lower()
        while tried:
            if tried in available:
                return tried
            tried = tried.rpartition("-")[0]
    return "en"
