"""The public door under load: pages a second with `wrk`, beside the smallest possible Django page on the same server."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AMANAT = Path(sys.executable).parent / "amanat"
PAGES = {"status page": "/en/", "is this message from us": "/en/verify/", "entrance of my page": "/en/my/"}
SECONDS = 8
START_SECONDS = 120

SMALLEST = """
from django.conf import settings
settings.configure(SECRET_KEY="-", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__)
from django.http import HttpResponse
from django.urls import path
from django.core.wsgi import get_wsgi_application
urlpatterns = [path("", lambda request: HttpResponse("<!doctype html><title>hello</title>"))]
application = get_wsgi_application()
"""


def measure() -> list[dict[str, str]]:
    if not shutil.which("wrk"):
        return [{"what": "public pages", "ours": "not measured", "peer": "install wrk (apt install wrk)", "theirs": "", "ratio": ""}]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "smallest.py").write_text(SMALLEST, encoding="utf-8")
        with _smallest(folder) as base:
            theirs = _pages_a_second(base + "/")
        with _amanat(folder) as base:
            ours = {what: _pages_a_second(base + page) for what, page in PAGES.items()}
    return [
        {
            "what": f"{what}: pages a second, one process",
            "ours": f"{rate:,.0f}/s",
            "peer": "smallest Django page, granian",
            "theirs": f"{theirs:,.0f}/s",
            "ratio": f"{rate / theirs:.2f}×",
        }
        for what, rate in ours.items()
    ]


def _pages_a_second(url: str) -> float:
    """Requests a second that were answered with 2xx; raises when any was not."""
    done = subprocess.run(["wrk", "-t", "1", "-c", "16", "-d", f"{SECONDS}s", url], capture_output=True, text=True, check=True).stdout
    # wrk's own patience of two seconds may end once on a busy machine; an answer that is none, or a broken connection, counts as failure.
    assert "Non-2xx" not in done and not re.search(r"(connect|read|write) [1-9]", done), done
    found = re.search(r"Requests/sec:\s+([\d.]+)", done)
    assert found, done
    return float(found[1])


@contextmanager
def _smallest(folder: Path) -> Iterator[str]:
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    with _running([*command, "smallest:application"], cwd=folder) as _process:
        yield _answering(f"http://127.0.0.1:{port}", "/")


@contextmanager
def _amanat(folder: Path) -> Iterator[str]:
    staff, public = _free_port(), _free_port()
    given = {"AMANAT_DATA": str(folder / "data"), "AMANAT_STAFF_HOST": f"127.0.0.1:{staff}", "AMANAT_PUBLIC_HOST": f"127.0.0.1:{public}"}
    # PostgreSQL does not run as root, so its unprivileged account must be able to pass through the folder.
    folder.chmod(0o711)
    with _running([str(AMANAT), "up"], env={**os.environ, **given}) as _process:
        yield _answering(f"http://127.0.0.1:{public}", "/en/")


@contextmanager
def _running(command: list[str], **options: object) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **options)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def _answering(base: str, page: str) -> str:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(base + page, timeout=5):
                return base
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise TimeoutError(f"{base} does not answer")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
