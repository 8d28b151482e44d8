"""Check a code from a message: is it really from the company?"""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable

if TYPE_CHECKING:
    from amanat.notify import Answer

VERB = Verb("verify", __doc__)
_TEXT_MAX = 100_000


class NowhereToAsk(Fixable):
    """Neither a case folder nor an address was given, or both, or one that does not answer."""


@VERB.command(
    "",
    argument("code", nargs="?", help="as it stands in the message; blanks, dashes and lower case do not matter"),
    argument(
        "--qr",
        metavar="TEXT",
        help="instead of a code: the text of the QR code on a letter, or of the signed lines under a mail; - reads it from the input",
    ),
    argument("--key", type=Path, metavar="FILE", help="with --qr and --original: the company's published keys.json; nothing is asked over the net"),
    argument("--original", type=Path, metavar="FILE", help="instead of a code: a press release, post or picture that should be the company's"),
    argument("--list", dest="listed", type=Path, metavar="FILE", help="with --original: the originals.json that the company publishes"),
    argument("--certificate", type=Path, metavar="PEM", help="with --original: the authority under which the company signs its pictures (C2PA)"),
    argument("--case", type=Path, metavar="DIR", help="the folder that `amanat run --out` wrote"),
    argument("--url", help="the public page of the company where codes are checked"),
    argument("--came-by", choices=("email", "sms", "letter", "call", "site", "social", "other"), default="", help="how the message came"),
    json_keys=("state", "title", "language", "sent_on", "company", "is_mistyped", "code", "why", "c2pa"),
)
def verify(given: Namespace) -> Result:
    """Say whether a code stands in a message of the company: true, unknown, withdrawn, or never used on this channel.

    The answer names the notice and the day on which it was sent, and nothing about the person. With --qr the signature in the
    message itself is checked, offline: "signed" says that it is the company's, not that it was never withdrawn. Of a picture or
    film given with --original it is also said what its C2PA manifest proves. It ends with 0 when the code is true, the text signed, or
    the file an original or signed under the company's certificate, and with 1 otherwise.
    """
    if given.original is not None:
        return _check_original(given)
    if given.qr is not None:
        return _check_stamp(given)
    if not given.code:
        raise NowhereToAsk("give the code of the message, or --qr TEXT with --key FILE")
    if (given.case is None) == (given.url is None):
        raise NowhereToAsk("give either --case DIR or --url URL")
    if given.case is not None:
        from amanat import notify

        # A statement to everybody may be out before any message is: then there are no codes of messages yet.
        said = notify.verify_statement(given.code, given.case, came_by=given.came_by)
        answer = said if said.state != "unknown" else notify.verify(given.code, given.case, came_by=given.came_by)
    else:
        answer = _ask(given.url, given.code, given.came_by)
    return Result(keys=asdict(answer) | {"code": "", "why": "", "c2pa": ""}, text=_sentence(answer), is_passed=answer.state == "true")


def _check_stamp(given: Namespace) -> Result:
    """What the signature in a message says, by the company's published keys."""
    from amanat import notify
    from amanat.lib.signing import read_keys

    if given.code or given.case or given.url or given.key is None:
        raise NowhereToAsk("--qr TEXT goes with --key FILE and nothing else; the code that it holds is then checked with --case or --url")
    text = sys.stdin.read(_TEXT_MAX) if given.qr == "-" else given.qr[:_TEXT_MAX]
    found = notify.stamps_in(text)
    keys: dict[str, Any] = {
        "state": "unknown",
        "title": "",
        "language": "",
        "sent_on": "",
        "company": "",
        "is_mistyped": not found,
        "code": "",
        "why": "",
        "c2pa": "",
    }
    if not found:
        says = (
            "UNKNOWN: this text holds no signed stamp of ours (it begins with AMANAT1: and ends with a full stop). Scan or copy it again as a whole."
        )
        return Result(keys=keys, text=says, is_passed=False)
    stamp, published = found[0], read_keys(given.key)
    keys["why"] = notify.check_stamp(stamp, published)
    if keys["why"]:
        says = f"NOT GENUINE: {keys['why']}. Treat the message as a fake: follow no link, call no number in it."
        return Result(keys=keys, text=says, is_passed=False)
    keys |= {"state": "signed", "sent_on": stamp.day.isoformat(), "company": stamp.company, "code": stamp.code}
    says = f"SIGNED: {stamp.company} signed a message with the code {stamp.code} on {stamp.day.isoformat()}.\n"
    says += "A genuine code can be copied into a false message: its code must be this one. Whether it was withdrawn since is not seen offline;\n"
    says += "ask the company's own page with that code."
    return Result(keys=keys, text=says, is_passed=True)


def _check_original(given: Namespace) -> Result:
    """Whether a file is one that the company released, byte for byte or word for word."""
    from amanat import notify
    from amanat.lib.signing import read_keys

    if given.code or given.qr or given.case or given.url or given.key is None or given.listed is None:
        raise NowhereToAsk("--original FILE goes with --list FILE and --key FILE and nothing else")
    published = read_keys(given.key)
    found = notify.check_original(given.original.read_bytes(), given.listed, published)
    picture = notify.read_credentials(given.original, given.certificate, published)
    says = {
        "true": f"TRUE: {found.company} released this file ({found.name}, {found.released_at}), byte for byte.",
        "same_words": f"THE SAME WORDS: {found.company} released a text with these words ({found.name}, {found.released_at}), laid out otherwise.",
        "withdrawn": f"WITHDRAWN: {found.company} released this ({found.name}, {found.released_at}) and has withdrawn it.",
        "unknown": f"UNKNOWN: {found.why}. It is not one of the originals on this list; a newer list may know more.",
        "not_genuine": f"NO ANSWER: {found.why}. Take originals.json and keys.json from the company's own page.",
    }
    keys: dict[str, Any] = {"state": found.state, "title": found.name, "language": "", "sent_on": found.released_at[:10], "company": found.company}
    keys |= {"is_mistyped": False, "code": "", "why": found.why, "c2pa": "" if picture.state == "not_a_picture" else picture.state}
    # A picture that was shrunk or renamed is on no list, and its manifest may still prove whose it is; a withdrawn one stays withdrawn.
    is_ours = found.state in ("true", "same_words") or (found.state == "unknown" and picture.state == "trusted")
    text = "\n".join(filter(None, (says[found.state], picture.sentence)))
    return Result(keys=keys, text=text, is_passed=is_ours and picture.state != "broken")


def _sentence(answer: "Answer") -> str:
    if answer.state == "true":
        return f"TRUE: this code stands in a message of {answer.company}: “{answer.title}”, sent from {answer.sent_on} on."
    if answer.state == "withdrawn":
        return f"WITHDRAWN: {answer.company} sent this message (“{answer.title}”, {answer.sent_on}) and has withdrawn it. Do not act on it."
    if answer.state == "other_channel":
        return (
            f"NEVER ON THIS CHANNEL: the code is one of {answer.company}, and no message with it was ever sent this way. Somebody copied it: a fake."
        )
    if answer.is_mistyped:
        return "UNKNOWN: this cannot be a code of ours (13 letters and digits). If you typed it as it stands there, the message is not ours."
    return "UNKNOWN: no message of ours carries this code. Treat the message as a fake: follow no link, call no number in it."


def _ask(url: str, code: str, came_by: str) -> "Answer":
    """Posts the code to the public page, which answers in JSON. The code stands in the body, so no log of addresses holds it."""
    from amanat import notify

    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        raise NowhereToAsk("--url is no address; write it like https://notices.example.org/verify") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")):
        raise NowhereToAsk("the address must begin with https://; over anything else somebody in between could answer in the company's name")
    body = urllib.parse.urlencode({"code": code} | ({"came_by": came_by} if came_by else {})).encode()
    request = urllib.request.Request(url, data=body, headers={"Accept": "application/json"})  # noqa: S310 - the scheme was checked above
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:  # noqa: S310
            found = json.loads(reply.read(100_000))
        if found["state"] not in ("true", "unknown", "withdrawn", "other_channel"):
            raise ValueError
    except (OSError, urllib.error.URLError) as error:
        raise NowhereToAsk(
            f"{parts.scheme}://{parts.netloc}: does not answer ({getattr(error, 'reason', error)}); check the address, or try later"
        ) from None
    except (ValueError, KeyError, TypeError):
        raise NowhereToAsk(f"{parts.scheme}://{parts.netloc}{parts.path}: is not a page where codes are checked") from None
    return notify.Answer(**{name: found[name] for name in ("state", "title", "language", "sent_on", "company", "is_mistyped") if name in found})
