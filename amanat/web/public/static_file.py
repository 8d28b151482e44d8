"""The status page as plain files in DATA/status: any web server can show them when everything here is down."""

import os
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language_bidi, override

from amanat.web.languages import LANGUAGES
from amanat.web.public import queries
from amanat.web.public.feed import feed_of

CSS = Path(__file__).parent.parent / "static" / "css" / "public.css"
_FONT = re.compile(r"@font-face\s*{[^}]*}\s*")  # the file brings no fonts, so the reader's own are used


def write_files() -> Path:
    """Writes each language's page and feed, each whole or not at all; returns the folder."""
    folder = Path(settings.DATA) / "status"
    css = _FONT.sub("", CSS.read_text(encoding="utf-8"))
    for language, _name in LANGUAGES:
        with override(language):
            given = {"stories": queries.stories(language), "language": language, "languages": LANGUAGES, "css": css}
            given |= {"is_rtl": get_language_bidi(), "public_url": settings.PUBLIC_URL}
            _write(folder / language / "index.html", render_to_string("public/status_file.html", given))
            _write(folder / language / "feed.atom", feed_of(language))
    return folder


def _write(file: Path, text: str) -> None:
    # For everyone to read: a web server of another account hands it out.
    file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as part:
        part.write(text)
    os.chmod(part.name, 0o644)
    os.replace(part.name, file)
