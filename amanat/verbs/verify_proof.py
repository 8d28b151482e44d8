"""Check a proof of what was sent: one person's, or a whole proof pack; offline."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable

if TYPE_CHECKING:
    from amanat.lib.signing import PublicKey
    from amanat.notify import ProofVerdict

VERB = Verb("verify-proof", __doc__)


class BadOpening(Fixable):
    """The opening is not what is handed out beside a proof."""


class NotForAPack(Fixable):
    """A pack names nobody, so nobody can be looked for in it."""


@VERB.command(
    "",
    argument("file", type=Path, metavar="FILE", help="a proof for one person (.json), or a proof pack (.zip)"),
    argument("--keys", type=Path, metavar="FILE", help="the keys.json that the company publishes; without it a forger's own key looks as good"),
    argument("--heads", type=Path, metavar="FILE", help="the heads.json that the company publishes: is its journal the one behind the proof?"),
    argument("--name", metavar="NAME", help="whether the proof is about the person of this name"),
    argument("--email", metavar="ADDRESS", help="whether it is about the person with this e-mail address"),
    argument("--opening", metavar="HEX", help="the key that was handed out beside the proof; needed where it does not name the person"),
    json_keys=(
        "is_whole", "is_key_known", "is_head_published", "is_about", "problems", "gaps", "incident", "company", "made_at", "key", "head", "messages",
    ),
)  # fmt: skip
def verify_proof(given: Namespace) -> Result:
    """Check that nothing in a proof was changed since it was signed, and that its parts bear one another out.

    Texts, receipts, signatures of two persons, the journal and its signed head are compared with one another; nothing is asked over
    the net. Give --keys: without the company's published keys only this is shown, that whoever made the file signed it. It ends
    with 0 when all is well, and with 1 when something was changed or is not what it should be.
    """
    from amanat.lib.signing import read_keys
    from amanat.notify import verify_pack, verify_person_proof

    keys = read_keys(given.keys) if given.keys else None
    about = {name: value for name, value in (("name", given.name), ("email", given.email)) if value}
    if _is_zip(given.file):
        if about:
            raise NotForAPack("a proof pack names nobody; leave --name and --email out, or give the proof for one person")
        verdict = verify_pack(given.file, keys=keys)
    else:
        verdict = verify_person_proof(_content(given.file), keys=keys, about=about or None, opening=_opening(given.opening))
    why_not = _why_not_published(given, verdict, keys)
    is_published = None if why_not is None else not why_not
    found = asdict(verdict) | {"is_head_published": is_published, "problems": [*verdict.problems, *filter(None, [why_not])]}
    return Result(keys=found, text=_text(verdict, why_not, has_keys=keys is not None), is_passed=verdict.is_passed and is_published is not False)


def _why_not_published(given: Namespace, verdict: "ProofVerdict", keys: "Mapping[str, PublicKey] | None") -> str | None:
    """None when it was not asked, or nothing is there to compare."""
    from amanat.lib.tree_head import read_heads, why_not_published

    if given.heads is None:
        return None
    heads = read_heads(given.heads)
    if verdict.head is None:
        return None
    return why_not_published(verdict.head, heads.get(verdict.head.log, []), keys)


def _text(verdict: "ProofVerdict", why_not: str | None, *, has_keys: bool) -> str:
    lines = []
    if verdict.problems:
        lines += ["CHANGED OR NOT GENUINE:", *(f"- {says}" for says in verdict.problems)]
    elif verdict.is_key_known is False:
        lines += [
            f"NOT THE COMPANY'S: the file fits together, but its key {verdict.key} is not among the published ones. Anybody can make such a file."
        ]
    elif not has_keys:
        lines += [f"WHOLE, BY A KEY THAT WAS NOT CHECKED ({verdict.key}): nothing was changed since it was signed. Who signed it is not shown:"]
        lines += ["give the company's published keys with --keys, or anybody's own key looks as good."]
    else:
        lines += ["GENUINE: nothing was changed since the company signed it, and its parts bear one another out."]
    if why_not:
        lines += [f"THE JOURNAL: {why_not}."]
    elif why_not == "":
        lines += ["The journal that it rests on is the one that the company published."]
    if verdict.is_about is not None:
        lines += [
            "It is about the person named."
            if verdict.is_about
            else "IT IS NOT SHOWN to be about the person named (or the opening is missing or wrong)."
        ]
    if verdict.incident:
        lines += ["", f"{verdict.company or 'Company without a name'}, incident {verdict.incident}, made {verdict.made_at}"]
    if verdict.head:
        lines += [f"Journal: {verdict.head.size:,} lines, head signed {verdict.head.at}"]
    for message in verdict.messages:
        lines += ["", f"“{message['title']}” ({message['language']}) by {message['channel']}  text {message['content_hash'][:16]}…"]
        for number, state in enumerate(message["states"]):
            late = "" if number < message["n_sealed"] else "  (not sealed by the journal)"
            lines += [f"  {state['at']}  {state['state']:<11} {state['answer']}{late}"]
    lines += [f"What it cannot show: {says}." for says in verdict.gaps]
    return "\n".join(lines)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _content(path: Path) -> bytes:
    from amanat.notify import PROOF_SIZE_MAX

    with path.open("rb") as file:
        return file.read(PROOF_SIZE_MAX + 1)


def _opening(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        return bytes.fromhex(text.replace(" ", "").replace("-", ""))
    except ValueError:
        raise BadOpening("--opening: is not made of hex digits; write it as it was handed out beside the proof") from None
