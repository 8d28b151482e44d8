"""Our own server found that the message does not come from the domain it shows as sender (DMARC, SPF and DKIM)."""

from collections.abc import Iterator

from amanat.detect.authentication import is_aligned, trusted_results
from amanat.detect.domains import is_under, registered
from amanat.detect.mail import Mail, Ours
from amanat.detect.signal import Sign, Signal, a_mail

OURS = "It shows our domain %(domain)s as sender, and our server found that it does not come from there (%(results)s)."
FAILED = "Our server found that it does not come from %(domain)s, the sender it shows (%(results)s)."
UNPROVED = "Nothing proves that it comes from %(domain)s, the sender it shows (%(results)s)."
PROVED = "It really comes from %(domain)s (%(results)s). That says who sent it, not that it is honest."


def look(mail: Mail, ours: Ours) -> Iterator[Sign]:
    sender, results = mail.sender, trusted_results(mail, ours)
    if sender is None or not sender.domain or not results:
        return
    says = {"domain": registered(sender.domain), "results": ", ".join(f"{r.method}={r.result}" for r in results[:6])}
    verdicts = [r.result for r in results if r.method == "dmarc"]
    is_proved = "pass" in verdicts or any(r.result == "pass" and r.method in ("spf", "dkim") and is_aligned(r, sender.domain) for r in results)
    if is_proved:
        yield Sign("context", PROVED, says)
    elif is_under(sender.domain, ours.domains):
        yield Sign("hard", OURS, says, about_us=True)
    elif "fail" in verdicts:
        yield Sign("strong", FAILED, says)
    elif any(r.result in ("fail", "permerror") for r in results if r.method in ("spf", "dkim")):
        yield Sign("weak", UNPROVED, says)


_FORGED = "Authentication-Results: mx.karvan.example; spf=fail smtp.mailfrom=bulk.example; dkim=none; dmarc=fail header.from=karvan.example\n"
_OTHER = "Authentication-Results: mx.karvan.example;\n dkim=pass header.d=mail.example.org; spf=fail smtp.mailfrom=lists.example; dmarc=pass\n"

SIGNAL = Signal(
    look=look,
    sentences=(OURS, FAILED, UNPROVED, PROVED),
    source="https://www.rfc-editor.org/rfc/rfc8601",
    examples=(
        a_mail(sender="Desk <desk@karvan.example>", more=_FORGED),
        a_mail(more=_FORGED.replace("karvan.example\n", "example.org\n")),
        a_mail(more=_OTHER),
    ),
    # Results that another server wrote, or the sender itself, count for nothing.
    not_examples=(a_mail(), a_mail(sender="Desk <desk@karvan.example>", more=_FORGED.replace("mx.karvan.example;", "mx.evil.example;"))),
)
