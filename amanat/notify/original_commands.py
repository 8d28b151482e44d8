"""Command of the signed originals: what was released to everybody, so that a copy can be held against it."""

from argparse import Namespace
from datetime import datetime, timezone
from pathlib import Path

from amanat.lib.command import Result, Verb, argument


def add_to(verb: Verb) -> None:
    """Adds `originals` to `amanat notify`."""

    @verb.command(
        "originals",
        argument("files", type=Path, nargs="+", metavar="FILE", help="what is released: press release, post, picture"),
        argument("--key", type=Path, required=True, metavar="KEYFILE", help="the company's own key (amanat notify approve --new-key)"),
        argument("--company", required=True, metavar="NAME", help="in whose name they are released"),
        argument("--out", type=Path, default=Path("originals.json"), metavar="FILE", help="the signed list (originals.json)"),
        json_keys=("file", "key", "n_files"),
    )
    def originals(given: Namespace) -> Result:
        """Sign a list of released files, so that anybody can hold a copy against it, offline.

        Publish the list beside the company's keys.json. Whoever meets a copy runs amanat verify --original FILE --list originals.json
        --key keys.json: it says whether the bytes, or at least the words, are those that were released.
        """
        return _sign(given)


def _sign(given: Namespace) -> Result:
    from amanat.lib.signing import Signer
    from amanat.notify.approve import read_key
    from amanat.notify.originals import original_of, signed_originals

    signer, now = Signer(read_key(given.key)), datetime.now(timezone.utc)
    found = [original_of(path.name, path.read_bytes(), released_at=now.isoformat(timespec="seconds")) for path in given.files]
    given.out.write_text(signed_originals(found, company=given.company, made_at=now, signer=signer), encoding="utf-8")
    keys = {"file": str(given.out), "key": signer.id, "n_files": len(found)}
    return Result(keys=keys, text=f"{given.out} names {len(found)} files, signed with the key {signer.id}. Its public half: {signer.public.hex()}")
