"""The demo's inbox: takes every mail by SMTP, sends none on, and shows them on a small read-only page.

HTML mail is shown in a frame without scripts, forms or network, so that a mail can do nothing but be looked at.
With a folder, mails outlive the process: a demonstration that goes on finds the messages of its invented persons again.
"""

import asyncio
import html
import json
import signal
import sys
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

from amanat.web.children import end_with_parent

N_KEPT = 5_000
N_LISTED = 200  # and as many are found again after a restart
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
body{{font:1rem/1.5 system-ui,sans-serif;color:#1c2733;max-width:60rem;margin:0 auto;padding:1rem}}
h1{{font-size:1.4rem}}a{{color:#1d5a8c}}table{{border-collapse:collapse;width:100%}}th,td{{text-align:start;padding:.4rem .8rem .4rem 0;
border-bottom:1px solid #d9dfe6;vertical-align:top;overflow-wrap:anywhere}}iframe{{width:100%;height:44rem;border:1px solid #d9dfe6;background:#fff}}
pre{{white-space:pre-wrap;unicode-bidi:plaintext;background:#f6f7f9;padding:1rem}}:focus-visible{{outline:3px solid #1d5a8c}}
</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"""


@dataclass(frozen=True, slots=True)
class Mail:
    """One caught mail."""

    number: int
    at: datetime
    to: tuple[str, ...]
    message: EmailMessage

    def part(self, kind: str) -> str | None:
        """The text of the first part of this kind ("html" or "plain")."""
        body = self.message.get_body((kind,))
        return body.get_content() if body else None


class Inbox:
    """The mails that were caught, newest last; old ones make room."""

    def __init__(self, folder: Path | None = None) -> None:
        self.mails: deque[Mail] = deque(maxlen=N_KEPT)
        self.folder = folder
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            there = sorted(folder.glob("*.eml"))
            for path in there[:-N_LISTED]:
                path.unlink()
            self.mails += [_read(path) for path in there[-N_LISTED:]]
        self.n_caught = self.mails[-1].number if self.mails else 0
        self._numbers = count(self.n_caught + 1)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.n_caught += 1
        mail = Mail(next(self._numbers), datetime.now(timezone.utc), tuple(envelope.rcpt_tos), message)
        if self.folder is not None:
            envelope_line = json.dumps({"at": mail.at.isoformat(), "to": mail.to}).encode()
            half = self.folder / f"{mail.number:08d}.half"
            half.write_bytes(envelope_line + b"\n" + envelope.content)
            half.rename(half.with_suffix(".eml"))
        self.mails.append(mail)
        return "250 2.0.0 caught"

    def find(self, number: int) -> Mail | None:
        return next((m for m in reversed(self.mails) if m.number == number), None)


def _read(path: Path) -> Mail:
    """A kept mail: who got it and when in the first line, then the mail as it came."""
    first, _newline, content = path.read_bytes().partition(b"\n")
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    said = json.loads(first)
    return Mail(int(path.stem), datetime.fromisoformat(said["at"]), tuple(said["to"]), message)


def list_page(inbox: Inbox) -> str:
    """All mails, newest first."""
    if not inbox.mails:
        return _PAGE.format(title="Inbox of the demonstration", body="<p>Nothing was sent yet. Mails appear here after two people have approved.</p>")
    rows = "".join(
        f"<tr><td>{m.at:%H:%M:%S}</td><td><bdi>{html.escape(', '.join(m.to))}</bdi></td>"
        f'<td><a href="/{m.number}"><bdi>{html.escape(str(m.message["Subject"] or "(no subject)"))}</bdi></a></td></tr>'
        for m in list(reversed(inbox.mails))[:N_LISTED]
    )
    head = f"<p>{inbox.n_caught:,} mails caught, none sent on. The newest {N_LISTED} are listed.</p>"
    table = f'<table><thead><tr><th scope="col">UTC</th><th scope="col">To</th><th scope="col">Subject</th></tr></thead><tbody>{rows}</tbody></table>'
    return _PAGE.format(title="Inbox of the demonstration", body=head + table)


def mail_page(mail: Mail) -> str:
    """One mail: headers, HTML in a sandbox, plain text below."""
    subject = html.escape(str(mail.message["Subject"] or "(no subject)"))
    frame = f'<h2>HTML</h2><iframe sandbox="" title="The mail as HTML" src="/{mail.number}/html"></iframe>' if mail.part("html") is not None else ""
    text = f"<h2>Text</h2><pre>{html.escape(mail.part('plain') or '')}</pre>" if mail.part("plain") is not None else ""
    heads = "".join(
        f"<tr><th scope=row>{html.escape(name)}</th><td><bdi>{html.escape(str(value))}</bdi></td></tr>" for name, value in mail.message.items()
    )
    body = f'<p><a href="/">All mails</a></p>{frame}{text}<h2>Headers</h2><table><tbody>{heads}</tbody></table>'
    return _PAGE.format(title=subject, body=body)


class _Pages(BaseHTTPRequestHandler):
    inbox: Inbox

    def do_GET(self) -> None:
        parts = self.path.strip("/").split("/")
        mail = self.inbox.find(int(parts[0])) if parts[0].isascii() and parts[0].isdigit() else None
        if parts == [""]:
            self._answer(list_page(self.inbox))
        elif mail is not None and parts[1:] == ["html"]:
            self._answer(mail.part("html") or "", policy="sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
        elif mail is not None and len(parts) == 1:
            self._answer(mail_page(mail))
        else:
            self._answer(_PAGE.format(title="There is no such mail", body='<p><a href="/">All mails</a></p>'), status=404)

    def _answer(self, page: str, *, status: int = 200, policy: str = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'") -> None:
        content = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing: addresses of persons have no place in a log."""


def serve(inbox: Inbox, smtp: tuple[str, int], pages: tuple[str, int]) -> None:
    """Listens on both until the process ends."""
    from aiosmtpd.smtp import SMTP

    web = ThreadingHTTPServer(pages, type("Pages", (_Pages,), {"inbox": inbox}))
    threading.Thread(target=web.serve_forever, daemon=True).start()

    async def listen() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(inbox, enable_SMTPUTF8=True, ident="amanat demo inbox", loop=loop), *smtp, backlog=200)
        loop.add_signal_handler(signal.SIGTERM, server.close)
        while server.is_serving():
            await asyncio.sleep(0.2)

    asyncio.run(listen())


def main() -> None:
    """`python -m amanat.web.inbox HOST:PORT HOST:PORT [FOLDER]`: SMTP first, then the page, then where mails are kept."""
    end_with_parent(signal.SIGTERM)
    addresses = [(host, int(port)) for host, _colon, port in (a.rpartition(":") for a in sys.argv[1:3])]
    serve(Inbox(Path(sys.argv[3]) if len(sys.argv) > 3 else None), *addresses)


if __name__ == "__main__":
    main()
