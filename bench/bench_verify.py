"""The page for checking while notices go out: codes by POST from many visitors, and the page itself.

Everything is real: PostgreSQL, both doors, the worker that sends, Postfix's sink. `wrk` plays visitors behind the proxy that ends TLS, each
from an address of their own; half of them type a code that is true, half one that nobody ever got.
"""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from bench.bench_mail_path import a_sink
from bench.bench_web import AMANAT, _free_port, _running

N_MAILS = 60_000
SECONDS = 15
VISITORS = """
wrk.method = "{method}"
wrk.headers["Host"] = "hotel.example"
wrk.headers["X-Forwarded-Proto"] = "https"
wrk.headers["Accept"] = "text/html"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
local codes = {{ {codes} }}
local n = 0
request = function()
    n = n + 1
    wrk.headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", math.random(0, 255), math.random(0, 255), math.random(1, 254))
    return wrk.format(nil, nil, nil, "code=" .. codes[n % #codes + 1])
end
"""


def measure() -> list[dict[str, str]]:
    if not shutil.which("wrk") or not Path("/usr/sbin/smtp-sink").exists():
        return [{"what": "page for checking", "ours": "not measured", "peer": "apt install wrk postfix", "theirs": "", "ratio": ""}]
    from tests.crash import COMPANY, World

    with tempfile.TemporaryDirectory(prefix="amanat-bench-") as temporary, a_sink() as port:
        home = Path(temporary)
        home.chmod(0o711)
        world = World(home, COMPANY)
        os.environ["AMANAT_SMTP"] = f"smtp://127.0.0.1:{port}"
        try:
            approval = world.prepare(N_MAILS)
            rows = _measured(home, world, approval)
        finally:
            world.close()
    return rows


def _measured(home: Path, world: object, approval: str) -> list[dict[str, str]]:
    from amanat import notify
    from amanat.web.notify.models import SendingRow
    from amanat.web.notify.queries import code_key

    true = [notify.code_for(code_key(), pk.hex) for pk in SendingRow.objects.order_by("pk").values_list("pk", flat=True)[:200]]
    false = [notify.code_for(b"nobody", f"{n:032x}") for n in range(200)]
    staff, public = _free_port(), _free_port()
    given = {
        "AMANAT_STAFF_HOST": f"127.0.0.1:{staff}",
        "AMANAT_PUBLIC_HOST": f"127.0.0.1:{public}",
        "AMANAT_PUBLIC_URL": "https://hotel.example",
    }
    rows = []
    with _running([str(AMANAT), "up"], env={**os.environ, **given}):
        base = f"http://127.0.0.1:{public}"
        _listening(public)
        began, n_before = time.monotonic(), world.n_open(approval)  # type: ignore[attr-defined]
        while world.n_open(approval) == n_before and time.monotonic() < began + 180:  # type: ignore[attr-defined]
            time.sleep(0.5)
        for what, method, codes in (("codes checked", "POST", true + false), ("the page", "GET", true)):
            n_open, began = world.n_open(approval), time.monotonic()  # type: ignore[attr-defined]
            rate, slow = _visited(home, base + "/en/verify/", method, codes)
            sent = (n_open - world.n_open(approval)) / (time.monotonic() - began)  # type: ignore[attr-defined]
            assert sent > 0, "the sending had ended; more mails are needed"
            rows.append(
                {
                    "what": f"page for checking, {what}, while {sent:,.0f} mails a second go out",
                    "ours": f"{rate:,.0f}/s, 99 of 100 within {slow}",
                    "peer": "asked: 500/s within 100 ms",
                    "theirs": "",
                    "ratio": f"{rate / 500:.2f}×",
                }
            )
    return rows


def _listening(port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.3)
    raise TimeoutError("the public door does not open")


def _visited(home: Path, url: str, method: str, codes: list[str]) -> tuple[float, str]:
    """Answers a second, and the time within which 99 of 100 came; raises when one was not 200."""
    script = home / "visitors.lua"
    script.write_text(VISITORS.format(method=method, codes=", ".join(f'"{code}"' for code in codes)))
    done = subprocess.run(
        ["wrk", "-t", "1", "-c", "16", "-d", f"{SECONDS}s", "--latency", "-s", str(script), url], capture_output=True, text=True, check=True
    ).stdout
    assert "Non-2xx" not in done, done
    rate, slow = re.search(r"Requests/sec:\s+([\d.]+)", done), re.search(r"99%\s+(\S+)", done)
    assert rate and slow, done
    return float(rate[1]), slow[1]
