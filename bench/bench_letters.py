"""Letters a second: the hotel's real letter as a tagged PDF with address and stamp, beside WeasyPrint with the same words as HTML."""

import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.bench_mail_path import NOW, the_notice

N_LETTERS, N_PEER = 400, 5


def measure() -> list[dict[str, str]]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from amanat import notify
    from amanat.lib.private import Private
    from amanat.lib.signing import Signer
    from amanat.notify.channel import Message
    from amanat.notify.letter import letter_data
    from amanat.notify.stamp import stamper
    from amanat.notify.typesetter import Typesetter
    from amanat.terms.company import read_company
    from amanat.terms.contact import Contact

    with tempfile.TemporaryDirectory(prefix="amanat-bench-") as temporary:
        toml, notice = the_notice(Path(temporary))
        company = read_company(toml)
    on = datetime.fromisoformat(NOW).date()
    stamp = stamper(Signer(Ed25519PrivateKey.generate()), [notice], company, on=on)
    setter = Typesetter()

    def one(n: int) -> None:
        code = notify.code_for(b"k" * 32, f"{n:032x}")
        contact = Contact(
            person_id=str(n),
            name=Private("name", f"Guest {n}"),
            emails=(),
            phones=(),
            address=Private("address", f"{n} Example Street, 75000 Paris"),
            residence="FR",
            language="en",
            minor=False,
            deceased=None,
            needs=None,
        )
        kinds, basis = frozenset({"name", "email", "phone", "address"}), "content"
        message = Message(sending_id=f"{n:032x}", notice=notice, contact=contact, kinds=kinds, basis=basis, code=code, stamp=stamp(code, notice.id))
        assert setter.pdf(letter_data(notice, message, company, on=on), on).startswith(b"%PDF")

    html = notify.previews(notice, company, on=on)[0].html
    ours, theirs = _rate(one, N_LETTERS), _rate(lambda n: _weasyprint(html.replace("Sara", f"Guest {n}")), N_PEER)
    return [
        {
            "what": "letters as PDF/UA, per core",
            "ours": f"{ours:,.0f}/s",
            "peer": "WeasyPrint, PDF/UA",
            "theirs": f"{theirs:,.1f}/s",
            "ratio": f"{ours / theirs:.0f}×",
        }
    ]


def _rate(one: Callable[[int], Any], n: int) -> float:
    """How many for each second of processor time, after the first."""
    one(0)
    began = time.process_time()
    for i in range(1, n + 1):
        one(i)
    return n / (time.process_time() - began)


def _weasyprint(html: str) -> None:
    from weasyprint import HTML  # type: ignore[import-not-found]

    assert (HTML(string=html).write_pdf(pdf_variant="pdf/ua-1") or b"").startswith(b"%PDF")
