"""`amanat up`: everything starts, answers, is started again, and is gone afterwards, however it ends."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ENTRY = [sys.executable, "-m", "amanat", "up"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def place():
    """A data folder and free ports, kept for all tests of this file, so that only the first start is a first start."""
    with tempfile.TemporaryDirectory(prefix="amanat-up-test-") as name:
        Path(name).chmod(0o711)
        yield {
            **os.environ,
            "AMANAT_DATA": f"{name}/data",
            "AMANAT_STAFF_HOST": f"127.0.0.1:{free_port()}",
            "AMANAT_PUBLIC_HOST": f"127.0.0.1:{free_port()}",
            "DATABASE_URL": "",
            "AMANAT_DOOR": "",
            "AMANAT_DEMO": "",
        }


def start(place):
    process = subprocess.Popen(ENTRY, env=place, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = []
    for line in process.stderr:
        said.append(line)
        if "Ctrl-C stops everything" in line:
            return process, "".join(said)
    raise AssertionError("".join(said))


def children_of(place):
    """Processes that carry this data folder in their environment or command, except ourselves."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                text = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(place["AMANAT_DATA"]) in text:
                found.append(int(entry.name))
    return found


def wait_until(condition, seconds=120):
    until = time.monotonic() + seconds
    while time.monotonic() < until and not condition():
        time.sleep(0.1)
    assert condition()


def get(place, door, path="/"):
    with urllib.request.urlopen(f"http://{place[f'AMANAT_{door}_HOST']}{path}", timeout=20) as answer:
        return answer.status, answer.geturl(), answer.headers, answer.read().decode()


def test_both_doors_answer_and_each_knows_only_its_own_pages(place):
    process, said = start(place)
    try:
        link = next(word for word in said.split() if "/setup/" in word)
        assert get(place, "STAFF")[1].endswith("/login/?next=/")
        assert "Set up your account" in get(place, "STAFF", link.split("://")[1].partition("/")[1] + link.split("://")[1].partition("/")[2])[3]
        status, url, headers, page = get(place, "PUBLIC")
        assert (status, url.endswith("/en/")) == (200, True)
        assert headers["Set-Cookie"] is None
        assert "<script" not in page
        assert "script-src 'none'" in headers["Content-Security-Policy"]
        for path in ("/login/", "/declare/", "/staff/", "/en/login/"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                get(place, "PUBLIC", path)
        known = [(Path("/proc") / str(pid) / "environ").read_bytes() for pid in children_of(place)]
        of_public = [text for text in known if b"AMANAT_DOOR=public" in text]
        password = (Path(place["AMANAT_DATA"]) / "database.amanat.password").read_bytes()
        assert of_public and all(b"postgresql://amanat_public:" in text and password not in text for text in of_public)
    finally:
        process.send_signal(signal.SIGINT)
    assert process.wait(timeout=120) == 0
    assert children_of(place) == []


def test_a_second_copy_and_a_taken_port_get_a_sentence_and_exit_2(place):
    process, _said = start(place)
    try:
        taken = subprocess.run(ENTRY, env=place, capture_output=True, text=True, timeout=180)
        assert taken.returncode == 2
        assert f"{place['AMANAT_STAFF_HOST']} cannot be used" in taken.stderr
        assert "set AMANAT_STAFF_HOST to another HOST:PORT" in taken.stderr

        elsewhere = {**place, "AMANAT_STAFF_HOST": f"127.0.0.1:{free_port()}", "AMANAT_PUBLIC_HOST": f"127.0.0.1:{free_port()}"}
        second = subprocess.run(ENTRY, env=elsewhere, capture_output=True, text=True, timeout=180)
        assert second.returncode == 2
        assert "another amanat is running on this folder" in second.stderr
        assert get(place, "PUBLIC")[0] == 200  # the first one is not disturbed
    finally:
        process.terminate()
    assert process.wait(timeout=120) == 0


def test_what_is_killed_comes_back_and_a_killed_parent_leaves_nothing(place):
    process, _said = start(place)
    try:
        worker = next(pid for pid in children_of(place) if b"amanat.web.worker" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: any(b"amanat.web.worker" in Path(f"/proc/{p}/cmdline").read_bytes() and p != worker for p in children_of(place)))
    finally:
        process.kill()
        process.wait()
    wait_until(lambda: children_of(place) == [])


def test_an_address_without_a_port_is_said_before_anything_starts(place):
    done = subprocess.run(ENTRY, env={**place, "AMANAT_STAFF_HOST": "localhost"}, capture_output=True, text=True, timeout=180)

    assert done.returncode == 2
    assert "AMANAT_STAFF_HOST: 'localhost' is not HOST:PORT" in done.stderr
