"""`amanat notify outlets | publish | unpublish`: what is said to everybody, on two people's word."""

from argparse import Namespace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from amanat.lib.alone import while_nobody_rewrites
from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable
from amanat.lib.table import table


class NotSigned(Fixable):
    """A signature that is missing or does not fit."""


CASE = argument("case", type=Path, metavar="CASE", help="the folder that `amanat run --out` wrote")
OUTLET = argument("--outlet", action="append", default=[], metavar="NAME", help="only this outlet; may be given several times (default: all)")


def add_to(verb: Verb) -> None:
    """Gives the verb `notify` its commands for everybody."""
    verb.command(
        "outlets",
        argument("case", type=Path, metavar="CASE", nargs="?", help="also show what each outlet of this case carries"),
        json_keys=("outlets", "releases"),
    )(show)
    verb.command(
        "publish",
        CASE,
        OUTLET,
        argument("--as", dest="staff", metavar="STAFF_ID", help="who signs, by the id in company.toml; without it only drafts are written"),
        argument("--key", type=Path, metavar="KEYFILE", help="the signer's own key (amanat notify approve --new-key)"),
        json_keys=("drafts", "findings", "statement_hash", "author", "approver", "release"),
    )(publish)
    verb.command(
        "unpublish",
        CASE,
        argument("--outlet", required=True, metavar="NAME", help="the outlet, such as press_release"),
        argument("--why", required=True, help="for the journal"),
        argument("--as", dest="staff", required=True, metavar="STAFF_ID", help="who decides, by the id in company.toml"),
        json_keys=("outlet", "withdrawn_at"),
    )(unpublish)


def show(given: Namespace) -> Result:
    """Show the outlets through which everybody is told, and what each carries.

    An outlet is no channel: nobody in particular is written to. Some are released by amanat (status page, feeds, portal message), others
    are files for people to hand out or to post.
    """
    from amanat.notify.outlet import outlets
    from amanat.notify.releases import releases_of

    rows = [[name, "amanat" if one.released_by == "us" else "by hand", " or ".join(one.audiences), one.says] for name, one in outlets().items()]
    text = table(["outlet", "released", "notice for", "what it is"], rows)
    keys: dict[str, Any] = {"outlets": [dict(zip(("outlet", "released_by", "audiences", "says"), row, strict=True)) for row in rows], "releases": []}
    if given.case:
        found = [(row, one) for row in releases_of(given.case) for one in row.carried]
        keys["releases"] = [
            {"outlet": one.outlet, "released_at": row.at, "withdrawn_at": one.withdrawn_at, "author": row.author, "approver": row.approver}
            for row, one in found
        ]
        shown = [[one.outlet, row.at, one.withdrawn_at or "", f"{row.author}, {row.approver}"] for row, one in found]
        text += "\n\n" + (table(["carries", "since", "withdrawn", "signed by"], shown) if shown else "Nothing was released yet.")
    return Result(keys=keys, text=text)


def publish(given: Namespace) -> Result:
    """Write what each outlet would carry; sign it; with a second person's signature, release it.

    Without --as it writes drafts to CASE/public/drafts and says what is against them; exit code 1 when an outlet would not take a draft
    (a picture that is not described, a post that is too long). With --as and --key the first person signs as author; when a different
    member of staff runs the same command, the statement goes out: status page, feeds and portal message under CASE/public/site, which any
    web server can hand out, and the files for the press and for posting under CASE/public/handed. amanat posts nothing by itself.
    """
    from amanat.notify.publish import statement_hash
    from amanat.notify.releases import check_releasable, release, source_of, write_drafts
    from amanat.notify.statement_approval import countersign, sign, start_again

    now = datetime.now(timezone.utc)
    with while_nobody_rewrites(given.case):
        drafts = write_drafts(given.case, given.outlet, at=now)
        findings = [finding for one in drafts for finding in one.findings]
        digest = statement_hash(source_of(given.case), given.outlet)
        keys: dict[str, Any] = {
            "drafts": [{"outlet": one.outlet, "code": one.code, "files": [a.name for a in one.artefacts]} for one in drafts],
            "findings": [{"check": f.check, "is_blocking": f.is_blocking, "where": f.where, "says": f.says, "rewrite": f.rewrite} for f in findings],
            "statement_hash": digest,
            "author": None,
            "approver": None,
            "release": None,
        }
        text = table(
            ["outlet", "notices", "files", "code"], [[d.outlet, ", ".join(d.notice_ids), len(d.artefacts), d.code] for d in drafts], right=[2]
        )
        text += "".join(f"\n{'BLOCKS' if f.is_blocking else 'advice'}  {f.check} ({f.where}): {f.says}" for f in findings)
        if not given.staff:
            text += f"\n\nDrafts in {given.case / 'public' / 'drafts'}. Sign with --as STAFF_ID --key KEYFILE."
            return Result(keys=keys, text=text, is_passed=not any(one.is_blocked for one in drafts))
        if not given.key:
            raise NotSigned("--key KEYFILE is missing; a signature needs the signer's own key")
        check_releasable(given.case, drafts)
        file = given.case / "public" / "approval.toml"
        signed = sign(file, digest, case=given.case, staff_id=given.staff, key_file=given.key, now=now)
        if signed.approver is None:
            text += f"\n\nSigned by {signed.author}. Now a different member of staff looks at the drafts and runs the same command."
            return Result(keys=keys | {"author": signed.author}, text=text)
        countersign(signed, digest, case=given.case)
        row = release(given.case, given.outlet, author=signed.author, approver=signed.approver, now=now)
        start_again(file)
        text += f"\n\nReleased on the word of {signed.author} and {signed.approver}: {', '.join(one.outlet for one in row.carried)}."
        text += f"\nSite: {given.case / 'public' / 'site'}. To hand out: {given.case / 'public' / 'handed'}."
        return Result(keys=keys | {"author": signed.author, "approver": signed.approver, "release": row.id}, text=text)


def unpublish(given: Namespace) -> Result:
    """Withdraw what an outlet carries: its code is answered with "withdrawn", and the status page says so.

    One person may do it, because silence is the safer mistake. What people handed out or posted they must call back themselves.
    """
    from amanat.notify.approve import staff_of
    from amanat.notify.case import company_of
    from amanat.notify.outlet import outlet_named
    from amanat.notify.releases import withdraw_outlet

    staff_of(company_of(given.case), given.staff)
    one = outlet_named(given.outlet)
    carried = withdraw_outlet(given.case, given.outlet, why=given.why, who=given.staff, now=datetime.now(timezone.utc))
    text = f"Withdrawn: {given.outlet}."
    if one.released_by == "hand":
        text += " Its files are out of our hands: tell everyone who got them."
    return Result(keys={"outlet": given.outlet, "withdrawn_at": carried.withdrawn_at}, text=text)
