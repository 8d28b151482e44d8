"""The public door hands out what lies in DATA/status without asking the database: a whole country may look at once.

A file counts while it is fresh; a worker writes it at each release, and once a minute whatever happens. Where there is none, as on a
machine without a worker, or only an old one, the page is made from the database, and while that does not answer the old file is shown.
"""

import gzip
import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from django.core.cache import caches
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from amanat.web.public.static_file import MEDIA_TYPES, folder_of, rendered
from amanat.web.public.steady import PAGE_SECONDS

FRESH_SECONDS = 300
# Whoever stands before us (a cache, a browser) keeps it as briefly, and shows what it has when we do not answer.
CACHE_CONTROL = f"public, max-age={PAGE_SECONDS}, stale-while-revalidate=60, stale-if-error=86400"


@dataclass(frozen=True, slots=True)
class Held:
    """A file as it was read last."""

    stamp: tuple[int, int, int]  # time, size and number on the disk
    content: bytes
    packed: bytes
    etag: str


_held: dict[Path, Held] = {}


def hand_out(request: HttpRequest, name: str) -> HttpResponse:
    """One of `MEDIA_TYPES` in the active language. Raises Http404."""
    language = get_language() or "en"
    path = folder_of(language) / name
    held, age = _read(path)
    if held is not None and age < FRESH_SECONDS:
        return _answer(request, held, name)
    try:
        held = _made(language).get(name)
    except DatabaseError:
        if held is None:
            raise
    if held is None:
        raise Http404
    return _answer(request, held, name)


def _made(language: str) -> dict[str, Held]:
    """The same out of the database, made once in a few seconds. It depends on the language and nothing else of the request."""
    pages, key = caches["pages"], f"status-{language}"
    files: dict[str, Held] | None = pages.get(key)
    if files is None:
        files = {name: _hold((0, 0, 0), text.encode()) for name, text in rendered(language).items()}
        pages.set(key, files, timeout=PAGE_SECONDS)
    return files


def _read(path: Path) -> tuple[Held | None, float]:
    """The file, read again only when it was written again, and its age in seconds."""
    try:
        found = os.stat(path)
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        held = _held.get(path)
        if held is None or held.stamp != stamp:
            content = path.read_bytes()
            held = _held[path] = _hold(stamp, content)
        return held, time.time() - found.st_mtime
    except FileNotFoundError:
        return None, 0.0


def _answer(request: HttpRequest, held: Held, name: str) -> HttpResponse:
    is_packed = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    etag = f'"{held.etag}{"-gz" if is_packed else ""}"'
    answer = HttpResponse(held.packed if is_packed else held.content, content_type=MEDIA_TYPES[name])
    if is_packed:
        answer["Content-Encoding"] = "gzip"
    answer["Content-Length"] = str(len(answer.content))
    answer["ETag"], answer["Cache-Control"], answer["Vary"] = etag, CACHE_CONTROL, "Accept-Encoding"
    return get_conditional_response(request, etag=etag, response=answer) or answer


def _hold(stamp: tuple[int, int, int], content: bytes) -> Held:
    return Held(stamp, content, gzip.compress(content, 6), hashlib.sha256(content).hexdigest()[:20])
