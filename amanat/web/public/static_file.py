"""What everybody reads as plain files in DATA/status: any web server can show them when everything here is down."""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from amanat import notify
from amanat.web.languages import LANGUAGES
from amanat.web.notify.outlets_queries import portal_files
from amanat.web.public import queries

MEDIA_TYPES = {
    "index.html": "text/html; charset=utf-8",
    "before.html": "text/html; charset=utf-8",
    "feed.atom": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
    "portal.html": "text/html; charset=utf-8",
    "portal.json": "application/json",
}
URLS = "amanat.web.public_urls"


def folder_of(language: str) -> Path:
    """Where the files of a language lie."""
    return Path(settings.DATA) / "status" / language


def write_files() -> Path:
    """Writes each language's page, feeds and portal message, each whole or not at all; what is no longer there goes. Returns the folder."""
    for language, _name in LANGUAGES:
        files = {name: text.encode() for name, text in rendered(language).items()} | portal_files(language)
        for name in MEDIA_TYPES:
            if name in files:
                _write(folder_of(language) / name, files[name])
            else:
                (folder_of(language) / name).unlink(missing_ok=True)
    return Path(settings.DATA) / "status"


def rendered(language: str) -> dict[str, str]:
    """The status page and both feeds in one language, as the database has them now."""
    stories = queries.stories(language)
    page = f"{settings.PUBLIC_URL}/{language}/"
    feeds = {
        name: write(stories, language, page_url=page, feed_url=page + name)
        for name, write in (("feed.atom", notify.atom), ("feed.json", notify.json_feed))
    }
    return notify.status_pages(stories, _frame(language)) | feeds


def _frame(language: str) -> notify.Frame:
    """Links to other languages lead from file to file; those to other pages to the public door, wherever the file is read."""

    def at_the_door(name: str) -> str:
        return f"{settings.PUBLIC_URL}{reverse(name, urlconf=URLS)}"

    with override(language):
        pages = (
            ("status", _("What we know")),
            ("public_promises", _("What we promised")),
            ("verify", _("Is this message really from us?")),
            ("my_code", _("My page")),
            ("learn", _("Protect yourself")),
            ("bulletin", _("Security bulletin")),
        )
        return notify.Frame(
            language=language,
            languages=[notify.Link(label=name, url=f"../{code}/index.html", language=code, is_here=code == language) for code, name in LANGUAGES],
            pages=[notify.Link(label=label, url=at_the_door(name), is_here=name == "status") for name, label in pages],
            verify_url=at_the_door("verify"),
            atom_url="feed.atom",
            json_url="feed.json",
            here_url="index.html",
            zone=queries.zone(),
        )


def _write(file: Path, content: bytes) -> None:
    # For everyone to read: a web server of another account hands it out.
    file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("wb", dir=file.parent, delete=False) as part:
        part.write(content)
    os.chmod(part.name, 0o644)
    os.replace(part.name, file)
