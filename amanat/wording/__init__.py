"""Every word that people outside read; one language per file, with a folder of the same name for what letters do not need.

Front door: `words(language)` gives one language, `languages()` those we have, `language_for` which of them a person gets
and `choose_language` why it is not their own. `easy(tag)` is the tag of a language's easy-read form: short sentences, one
thought in each, common words.
"""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amanat.wording.language import Words

__all__ = ["FONTS", "choose_language", "easy", "has_easy", "language_for", "languages", "words"]

# With these letters and papers are set; they lie in one place only, because they are a megabyte.
FONTS = Path(__file__).parent / "fonts"


def words(language: str) -> "Words":
    """The words of one language; raises UnknownLanguage when there is no file for it."""
    from amanat.wording.language import read_words

    return read_words(language)


def languages() -> Mapping[str, str]:
    """Tag of each language we have, and its name in that language."""
    from amanat.wording.language import SET, read_words

    return {tag: read_words(tag).language.name for tag in SET.paths()}


def easy(tag: str) -> str:
    """The tag of a language's easy-read form.

    >>> easy("fr"), easy("fr-x-easy")
    ('fr-x-easy', 'fr-x-easy')
    """
    from amanat.wording.language import EASY

    return tag if tag.endswith(EASY) else tag + EASY


def has_easy(tag: str) -> bool:
    """Whether there are easy words in this language."""
    return bool(words(tag).easy)


def language_for(tag: str | None, available: Collection[str], default: str) -> str:
    """The language in which a person is written to: their own, else the company's, else English.

    >>> language_for("fr-CA", ["en", "fr"], "en"), language_for("de", ["en", "fr"], "fr"), language_for(None, ["en"], "de")
    ('fr', 'fr', 'en')
    """
    return choose_language(tag, available, default)[0]


def choose_language(tag: str | None, available: Collection[str], default: str) -> tuple[str, str]:
    """The language in which a person is written to, and the reason when it is not their own ("" when it is).

    Spelling does not matter, the region gives way to the language: fr_CA, fr-CA and FR all find French.

    >>> choose_language("FR_ca", ["en", "fr"], "en")
    ('fr', '')
    >>> choose_language("de", ["en", "fr"], "fr")
    ('fr', 'we do not write de')
    >>> choose_language(None, ["en", "fr"], "fr")
    ('fr', 'no language is known')
    """
    own = _spelt(tag)
    if found := _found(own, available):
        return found, ""
    # What does not look like a language tag is not repeated: it may be anything that stood in the register.
    known = own if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", own) else "this language"
    return _found(_spelt(default), available) or "en", f"we do not write {known}" if own else "no language is known"


def _spelt(tag: str | None) -> str:
    return (tag or "").strip().replace("_", "-").lower()


def _found(wanted: str, available: Collection[str]) -> str:
    ours = {_spelt(tag): tag for tag in sorted(available)}
    tried = wanted
    while tried:
        if tried in ours:
            return ours[tried]
        tried = tried.rpartition("-")[0]
    # Only a regional form is there: nearer to the reader than another language.
    return next((ours[tag] for tag in ours if wanted and tag.partition("-")[0] == wanted.partition("-")[0]), "")
