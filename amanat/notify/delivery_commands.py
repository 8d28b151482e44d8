"""Commands of the delivery: approve, plan, test, reach, proof, settle, bounces, withdraw; `send` stands in `verbs/notify.py`, with the register."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amanat.lib.alone import while_nobody_rewrites
from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable
from amanat.lib.table import table
from amanat.notify.channel import without_addresses

if TYPE_CHECKING:
    from amanat.notify.imap_box import Waiting


class NotOurs(Fixable):
    """A test that would leave the house."""


class NotTyped(Fixable):
    """The number of recipients was not typed, or not rightly."""


CASE = argument("case", type=Path, metavar="CASE", help="the folder that `amanat run --out` wrote")

SURGE = (
    argument("--staff", type=int, metavar="N", help="how many of us answer; without it, the staff needed is shown and no pace is given"),
    argument("--hours", default="0-24", metavar="8-20", help="opening hours of the desk on each of its days (0-24)"),
    argument("--days", default="mon-sun", metavar="mon-fri", help="its days, such as mon-fri or sat-wed (mon-sun)"),
    argument("--zone", metavar="ZONE", help="the desk's time zone, such as Europe/Paris; without it, that of the authority whom we must tell"),
    argument("--service-level", default="80/60", metavar="80/60", help="80 of 100 callers answered within 60 seconds"),
    argument("--contacts", type=Path, metavar="FILE", help="CSV with opened_at (or at): when persons got in touch; the forecast learns from it"),
    argument("--chart", type=Path, metavar="FILE.svg", help="draw the contacts of each hour into this file"),
)
SURGE_KEYS = ("forecast", "paces", "n_at_once", "zone", "service_level")


def add_to(verb: Verb) -> None:
    """Adds the commands to `amanat notify`."""

    @verb.command(
        "approve",
        argument("case", type=Path, metavar="CASE", nargs="?", help="the folder that `amanat run --out` wrote"),
        argument("--as", dest="staff", metavar="STAFF_ID", help="who signs, by the id in company.toml"),
        argument("--key", type=Path, metavar="KEYFILE", help="the signer's own key"),
        argument("--file", type=Path, default=Path("approval.toml"), metavar="FILE", help="the approval that is written (approval.toml)"),
        argument("--typed", type=int, metavar="N", help="the number of recipients, typed by the signer"),
        argument("--new-key", type=Path, metavar="FILE", help="make a key instead, and print the public key for company.toml"),
        json_keys=(
            "file",
            "incident",
            "n_recipients",
            "n_together",
            "notices_hash",
            "recipients_hash",
            "author",
            "approver",
            "is_whole",
            "public_key",
        ),
    )
    def approve(given: Namespace) -> Result:
        """Sign what is about to be sent: first the author, then a different approver.

        Both sign the text of every notice and the list of every recipient; a change of either voids both signatures.
        Each types the number of recipients, so that nobody signs without having looked. Passages that the honesty gate
        blocks must be mended first. Without a whole approval nothing is sent.
        """
        if given.new_key:
            return _new_key(given.new_key)
        with while_nobody_rewrites(given.case or Path()):
            return _sign(given)

    @verb.command("plan", CASE, *SURGE, json_keys=("n_sendings", "channels", "n_together", "n_left_out", "reasons", "languages", *SURGE_KEYS))
    def plan(given: Namespace) -> Result:
        """Show who will be written to on which channel, who cannot be reached and why, and how many will then call.

        The forecast starts from documented guesses and learns from this incident's own contacts. With --staff it says how long
        callers wait, and the pace at which notices can go out so that the desk can follow: it never passes a deadline, and
        whoever is at high risk is told at once.
        """
        return _show_plan(given)

    @verb.command(
        "reach", CASE, json_keys=("n_persons", "n_reached", "n_waiting", "n_unsure", "n_failed", "n_left_out", "n_together", "states", "rows")
    )
    def reach(given: Namespace) -> Result:
        """Show who was reached and who was not, by channel, country and language."""
        return _show_reach(given.case)

    @verb.command("silence", CASE, json_keys=("public_at", "status", "first_at", "half_at", "all_at", "minutes", "is_running", "n_told", "n_persons"))
    def silence(given: Namespace) -> Result:
        """Show how long the public knew before our customers were told: the first of them, half, and all.

        It needs the fact `public_knowledge`. Exit code 1 while the public knows and nobody was told.
        """
        return _show_silence(given.case)

    @verb.command(
        "proof",
        CASE,
        argument("--person", required=True, metavar="ID", help="the person's id in the register"),
        json_keys=("person_id", "told_with", "sendings", "planned", "left_out", "approval"),
    )
    def proof(given: Namespace) -> Result:
        """Show for one person what was sent, when, what became of it, the text by its hash, and who approved it."""
        return _show_proof(given.case, given.person)

    @verb.command(
        "settle",
        CASE,
        argument("--as", dest="staff", required=True, metavar="STAFF_ID", help="who decides, by the id in company.toml"),
        argument("verdict", choices=("again", "told"), help="again: send once more, with the same Message-ID; told: the server has them"),
        json_keys=("n_settled", "verdict"),
    )
    def settle(given: Namespace) -> Result:
        """Decide about the sendings that were held as unsure, after a look into the mail server's log.

        A sending is unsure when the program or the connection died after the message was handed over and before the server
        answered. With --hold-unsure it waits for this decision; "again" is carried out by the next amanat notify send.
        """
        with while_nobody_rewrites(given.case):
            return _settle(given.case, given.verdict, given.staff)

    @verb.command(
        "test",
        CASE,
        argument("--to", default="", metavar="smtp://HOST:PORT", help="the company's mail relay; without one, --gateways"),
        argument(
            "--address", required=True, action="append", metavar="STAFF@OURS", help="an address of our own domains; may be given more than once"
        ),
        argument("--login-file", type=Path, metavar="FILE", help="USER:PASSWORD for the relay in its first line"),
        argument("--ca-file", type=Path, metavar="FILE", help="certificate authority (PEM) of a relay inside the company"),
        argument("--gateways", type=Path, metavar="DIR", help="folder with NAME.toml for each channel that needs a gateway"),
        json_keys=("n_sent", "answers"),
    )
    def test(given: Namespace) -> Result:
        """Send every notice to staff, to look at it where customers will: in a real mailbox.

        Each mail says [TEST], greets nobody real, and holds a code that is no code. It goes to addresses of the company's own
        domains only, needs no approval, and stands in no ledger.
        """
        return _send_tests(given)

    @verb.command(
        "bounces",
        argument("mailbox", metavar="MAILBOX", help="an mbox file, a Maildir, a folder of .eml files, or imaps://HOST/FOLDER[?move=OTHER]"),
        argument("--case", type=Path, metavar="DIR", help="the folder that `amanat run --out` wrote"),
        argument("--login-file", type=Path, metavar="FILE", help="of a mailbox on a server: USER:PASSWORD in its first line"),
        argument("--ca-file", type=Path, metavar="FILE", help="certificate authority of a mail server inside the company"),
        argument("--listen", metavar="HOST:PORT", help="take bounces from the mail server on this machine (LMTP) into the Maildir, until stopped"),
        json_keys=("n_messages", "says", "n_noted", "n_too_early", "n_unknown"),
    )
    def bounces(given: Namespace) -> Result:
        """Read bounces and take the next channel for everybody whose mail did not arrive.

        A message counts only with the Message-ID of a mail of ours, or when it came to that mail's own bounce address; an
        address alone proves nothing. Reading a mailbox twice changes nothing. The next amanat notify send writes the letters. A
        person who marked a notice as unwanted is still told what the law wants them told. In a mailbox on a server, what is on
        record is marked as seen, or moved; bounces of other cases stay unseen for those. With --listen, mails are taken and not yet read.
        """
        if given.listen:
            return _listen(given.listen, Path(given.mailbox))
        if given.case is None:
            raise NotTyped("--case DIR is missing: the folder that `amanat run --out` wrote")
        with while_nobody_rewrites(given.case):
            return _read_bounces(given)

    @verb.command(
        "withdraw",
        CASE,
        argument("--notice", required=True, metavar="ID", help="the notice, such as eu.en"),
        argument("--why", required=True, help="for the journal"),
        json_keys=("notice_id", "at"),
    )
    def withdraw(given: Namespace) -> Result:
        """Withdraw a notice: from now on its verification codes are answered with "withdrawn"."""
        return _withdraw(given.case, given.notice, given.why)


def _new_key(path: Path) -> Result:
    from amanat.notify.approve import new_key

    public = new_key(path)
    text = f'{path} holds the key; keep it to yourself. In company.toml, under your [[staff]]:\n\npublic_key = "{public}"'
    return Result(keys={"file": str(path), "public_key": public}, text=text)


def _sign(given: Namespace) -> Result:
    from amanat.notify import approve as approving  # the function of the front door
    from amanat.notify.approve import Authored, author, read_key, read_signed, write_approval
    from amanat.notify.case import company_of, findings_of, incident_of, notices_of
    from amanat.notify.plan import read_plan

    for name, option in (("case", "CASE"), ("staff", "--as STAFF_ID"), ("key", "--key KEYFILE")):
        if getattr(given, name) is None:
            raise NotTyped(f"{option} is missing; amanat notify approve CASE --as STAFF_ID --key KEYFILE --file approval.toml --typed N")
    plan = read_plan(given.case)
    if given.typed != plan.sendings.num_rows:
        raise NotTyped(_typed_wrongly(given.typed, plan.sendings.num_rows))
    company, now = company_of(given.case), datetime.now(timezone.utc)
    shared: dict[str, Any] = {
        "notices": notices_of(given.case),
        "plan": plan,
        "company": company,
        "staff_id": given.staff,
        "key": read_key(given.key),
        "now": now,
        "incident_id": incident_of(given.case),
        "findings": findings_of(given.case),
    }
    before = read_signed(given.file) if given.file.exists() else None
    # A whole approval, or one of another text or list, is not continued: signing begins anew.
    is_second = isinstance(before, Authored) and before.author != given.staff
    if is_second:
        assert isinstance(before, Authored)
        signed: Any = approving(before, **shared)
    else:
        signed = author(**shared)
    write_approval(given.file, signed)
    _note(given.case, given.staff, "notices.approved" if is_second else "notices.signed_by_author", signed, now)
    keys = {
        "file": str(given.file),
        "incident": signed.incident,
        "n_recipients": signed.n_recipients,
        "n_together": plan.together.num_rows,
        "notices_hash": signed.notices_hash,
        "recipients_hash": signed.recipients_hash,
        "author": signed.author,
        "approver": signed.approver if is_second else None,
        "is_whole": is_second,
    }
    whom = f"{signed.n_recipients:,} recipients" + (f" ({_same(plan.together.num_rows)[:-1]})" if plan.together.num_rows else "")
    if is_second:
        text = f"Approved: {signed.author} and {signed.approver} stand for {whom}. Send with:\n"
        text += f"amanat notify send {given.case} --to smtp://HOST:PORT --approval {given.file}"
    else:
        text = f"Signed by {signed.author} for {whom}. Now a different member of staff runs the same command with their own --as and --key."
    return Result(keys=keys, text=text)


def _typed_wrongly(typed: int | None, n: int) -> str:
    if typed is None:
        return "type the number of recipients with --typed N; `amanat notify plan CASE` shows it"
    return f"{typed:,} is not the number of recipients of this plan; look at `amanat notify plan CASE`, then type the number ({len(str(n))} digits)"


def _note(case: Path, who: str, act: str, signed: Any, now: datetime) -> None:
    from amanat.lib.journal import Journal

    what = {"notices_hash": signed.notices_hash, "recipients_hash": signed.recipients_hash, "n_recipients": signed.n_recipients}
    Journal(case / "journal.jsonl").write(who=who, act=act, at=now, what=what)


def _show_plan(given: Namespace) -> Result:
    from amanat.notify.plan import read_plan
    from amanat.notify.surge_show import surge_of

    plan = read_plan(given.case)
    by = (
        plan.sendings.group_by(["channel", "notice_id"])
        .aggregate([([], "count_all")])
        .sort_by([("channel", "ascending"), ("notice_id", "ascending")])
    )
    rows = [(r["channel"], r["notice_id"], r["count_all"]) for r in by.to_pylist()]
    reasons = {r["reason"]: r["count_all"] for r in plan.left_out.group_by("reason").aggregate([([], "count_all")]).to_pylist()}
    text = table(["channel", "notice", "persons"], [(c, n, f"{k:,}") for c, n, k in rows], right=[2])
    text += f"\n\nRecipients: {plan.sendings.num_rows:,}; further channels that stand ready if the first fails: {plan.further.num_rows:,}."
    if plan.together.num_rows:
        text += f"\n\n{_same(plan.together.num_rows)}"
    if plan.envelopes.num_rows:
        n = len(plan.envelopes["envelope"].unique())
        share = f"{plan.envelopes.num_rows:,} letters share {'one envelope' if n == 1 else f'{n:,} envelopes'}"
        text += f"\n\n{share}: whoever opens one sees who else of the family got a letter."
    if reasons:
        text += f"\n\n{plan.left_out.num_rows:,} cannot be reached:\n" + table(
            ["why", "persons"], [(w, f"{k:,}") for w, k in reasons.items()], right=[1]
        )
    if plan.languages.num_rows:
        others = [(r["notice_id"], r["reason"], f"{r['n_persons']:,}") for r in plan.languages.to_pylist()]
        text += "\n\nNot in the person's own language:\n" + table(["notice", "why", "persons"], others, right=[2])
    channels: dict[str, int] = {}
    for channel, _, n in rows:
        channels[channel] = channels.get(channel, 0) + n
    surge_keys, surge_text = surge_of(given, plan, now=datetime.now(timezone.utc))
    return Result(
        keys={
            "n_sendings": plan.sendings.num_rows,
            "channels": channels,
            "n_together": plan.together.num_rows,
            "n_left_out": plan.left_out.num_rows,
            "reasons": reasons,
            "languages": plan.languages.to_pylist(),
            **surge_keys,
        },
        text=f"{text}\n\n{surge_text}",
    )


def _same(n: int) -> str:
    return f"{n:,} {'record is' if n == 1 else 'records are'} the same person as another: one message, which says all that was exposed."


def _show_reach(case: Path) -> Result:
    from amanat.notify import reach
    from amanat.notify.case import left_out_of, table_of, together_of
    from amanat.notify.reach import reach_of
    from amanat.notify.receipts import states_of

    rows = reach(case).to_pylist()
    whole = reach_of(states_of(table_of(case, "receipts.parquet", made_by="sending (amanat notify send)")))
    n_left_out = left_out_of(case).num_rows
    shown = [(r["channel"] or "none", r["country"] or "unknown", r["language"] or "unknown", r["state"], f"{r['n']:,}") for r in rows]
    text = table(["channel", "country", "language", "state", "sendings"], shown, right=[4])
    text += (
        f"\n\n{whole.n_reached:,} of {whole.n_persons:,} persons reached; {whole.n_waiting:,} waiting, {whole.n_unsure:,} unsure, "
        f"{whole.n_failed:,} failed on every channel, {n_left_out:,} without an address."
    )
    if n_together := together_of(case).num_rows:
        text += f"\n{_same(n_together)}"
    keys = {k: getattr(whole, k) for k in ("n_persons", "n_reached", "n_waiting", "n_unsure", "n_failed")}
    return Result(keys=keys | {"n_left_out": n_left_out, "n_together": n_together, "states": dict(whole.states), "rows": rows}, text=text)


def _show_silence(case: Path) -> Result:
    import pyarrow.compute as pc

    from amanat.notify import silence as clock_of
    from amanat.notify.case import table_of
    from amanat.notify.receipts import REACHED
    from amanat.terms.fact import read_facts

    now = datetime.now(timezone.utc)
    n_persons = pc.count_distinct(table_of(case, "sendings.parquet")["person_id"]).as_py()
    told: list[datetime] = []
    if (case / "receipts.parquet").is_file():
        receipts = table_of(case, "receipts.parquet")
        reached = receipts.filter(pc.field("state").isin(REACHED))
        told = reached.group_by("person_id").aggregate([("at", "min")])["at_min"].to_pylist()
    found = clock_of(read_facts(case / "facts.toml"), told, n_persons, now=now)
    if found is None:
        text = "As far as we know, the public has not heard of it. Note the fact public_knowledge when it does; then the clock runs."
        return Result(keys={"public_at": None, "is_running": False, "n_told": len(told), "n_persons": n_persons}, text=text)
    names = ("public_at", "first_at", "half_at", "all_at")
    keys: dict[str, Any] = {name: moment.isoformat() if (moment := getattr(found, name)) else None for name in names}
    keys |= {name: getattr(found, name) for name in ("status", "minutes", "is_running", "n_told", "n_persons")}
    sure = "" if found.status == "known" else f" ({found.status})"
    rows = [("the public knew" + sure, keys["public_at"], "")]
    for says, name, minutes in (
        ("first person told", "first_at", found.minutes),
        ("half of them told", "half_at", found.minutes_to_half),
        ("all of them told", "all_at", found.minutes_to_all),
    ):
        rows.append((says, keys[name] or "not yet", _hours(minutes) if keys[name] else ""))
    text = table(["moment", "at", "after"], rows)
    if found.is_running:
        text += f"\n\nThe public has known for {_hours(found.minutes)}, and nobody was told by us."
    elif found.is_ahead:
        text += "\n\nOur customers heard it from us before the public did."
    return Result(keys=keys, text=text, is_passed=not found.is_running)


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"


def _show_proof(case: Path, person_id: str) -> Result:
    from amanat.notify import proof

    found = proof(case, person_id)
    lines = [f"Person {person_id}"]
    if found["told_with"]:
        lines.append(f"This record is the same person as {found['told_with']}: one message told both.")
    for sending in found["sendings"]:
        lines.append(f"\n{sending['notice_id']} by {sending['channel']}  (text {sending.get('content_hash', 'unknown')[:16]}…)")
        lines += [f"  {state['at']}  {state['state']:<10} {state['answer']}" for state in sending["states"]]
    if found["left_out"]:
        lines.append(f"\nNot written to: {found['left_out']}")
    if found["approval"]:
        lines.append(f"\nApproved by {found['approval']['author']} and {found['approval'].get('approver', 'nobody yet')}")
    return Result(keys=found, text="\n".join(lines))


def _settle(case: Path, verdict: str, staff: str) -> Result:
    from amanat.lib.journal import Journal
    from amanat.notify.approve import staff_of
    from amanat.notify.case import NotACase, company_of
    from amanat.notify.file_ledger import FileLedger
    from amanat.notify.ledger import Retry
    from amanat.notify.plan import read_plan
    from amanat.notify.receipts import write_receipts

    now = datetime.now(timezone.utc)
    staff_of(company_of(case), staff)  # raises for a stranger
    plan = read_plan(case)
    if not (case / "ledger.jsonl").is_file():
        raise NotACase(f"{case}: holds no ledger.jsonl; nothing was sent from it yet")
    with FileLedger(case / "ledger.jsonl", plan.sendings, plan.further, retry=Retry(hold_unsure=True), at=now) as ledger:
        settled = ledger.settle(verdict, who=staff, at=now)
        write_receipts(case / "receipts.parquet", ledger.receipts())
    Journal(case / "journal.jsonl").write(who=staff, act="unsure.settled", at=now, what={"verdict": verdict, "n_sendings": len(settled)})
    done = "are sent again by the next amanat notify send" if verdict == "again" else "count as accepted"
    return Result(keys={"n_settled": len(settled), "verdict": verdict}, text=f"{len(settled):,} unsure sendings {done}.")


def _send_tests(given: Namespace) -> Result:
    from amanat.lib.journal import Journal
    from amanat.notify.bounces import bounce_domains
    from amanat.notify.case import company_of, notices_of
    from amanat.notify.channel import Opening
    from amanat.notify.deliver import texts_of
    from amanat.notify.trial import marked, send_trials, trial_messages

    now, company = datetime.now(timezone.utc), company_of(given.case)
    ours = bounce_domains(company.sender, company.domains, "")
    for number, address in enumerate(given.address, 1):
        if address.rpartition("@")[2].lower() not in ours:
            raise NotOurs(f"--address number {number} is not of our domains ({', '.join(sorted(ours))}); a test goes to staff only")
    notices = marked(notices_of(given.case))
    opening = Opening(
        company=company,
        address=given.to,
        texts=texts_of(notices, company, on=now.date()),
        login_file=given.login_file,
        ca_file=given.ca_file,
        gateways=given.gateways,
        n_parallel=1,
    )
    messages = trial_messages(notices, given.address)
    outcomes = send_trials(messages, opening)
    sent = [o for o in outcomes if o.became in ("accepted", "delivered")]
    Journal(given.case / "journal.jsonl").write(who="command line", act="test.sent", at=now, what={"n_sent": len(sent), "n_notices": len(notices)})
    rows = [(m.notice.id, o.became, without_addresses(o.answer)) for m, o in zip(messages, outcomes, strict=True)]
    keys = {"n_sent": len(sent), "answers": [{"notice_id": notice, "became": became, "answer": answer} for notice, became, answer in rows]}
    return Result(keys=keys, text=table(["notice", "became", "answer"], rows), is_passed=len(sent) == len(outcomes))


def _listen(address: str, maildir: Path) -> Result:
    from amanat.notify.lmtp_door import take_bounces

    take_bounces(address, maildir)
    text = f"What came lies in {maildir}. To read it: amanat notify bounces {maildir} --case DIR"
    return Result(keys={"n_messages": 0, "says": {}, "n_noted": 0, "n_too_early": 0, "n_unknown": 0}, text=text)


def _waiting(given: Namespace) -> "Iterator[Waiting]":
    """The mails, each with what is to be called once it is on record."""
    from amanat.notify.bounces import read_mailbox
    from amanat.notify.imap_box import Waiting, imap_box, is_imap, waiting_mails

    if is_imap(given.mailbox):
        yield from waiting_mails(imap_box(given.mailbox, login_file=given.login_file, ca_file=given.ca_file))
        return
    for raw in read_mailbox(Path(given.mailbox)):
        yield Waiting(raw, lambda: None)


def _read_bounces(given: Namespace) -> Result:
    from collections import Counter

    from amanat.lib.journal import Journal
    from amanat.notify.bounces import bounce_domains, read_bounce
    from amanat.notify.case import NotACase, company_of
    from amanat.notify.file_ledger import FileLedger
    from amanat.notify.plan import read_plan
    from amanat.notify.receipts import write_receipts

    case: Path = given.case
    now, company, plan = datetime.now(timezone.utc), company_of(case), read_plan(case)
    if not (case / "ledger.jsonl").is_file():
        raise NotACase(f"{case}: holds no ledger.jsonl; nothing was sent from it yet")
    domains = bounce_domains(company.sender, company.domains, company.bounces)
    says: Counter[str] = Counter()
    became: Counter[str] = Counter()
    with FileLedger(case / "ledger.jsonl", plan.sendings, plan.further, at=now) as ledger:
        for mail in _waiting(given):
            bounce = read_bounce(mail.raw, domains)
            says[bounce.says] += 1
            if bounce.sending_id:
                state = "delivered" if bounce.says == "complained" else bounce.says
                noted = ledger.note(bounce.sending_id, state, at=now, answer=bounce.answer)
                became[noted] += 1
                if noted in ("unknown", "too_early"):
                    continue  # of another case, or of a sending that is in the air: it is read again the next time
            mail.done()
        write_receipts(case / "receipts.parquet", ledger.receipts())
    Journal(case / "journal.jsonl").write(who="command line", act="bounces.read", at=now, what=dict(says) | {"noted": became["noted"]})
    rows = [(_SAYS[name], f"{n:,}") for name, n in says.most_common()]
    text = table(["what it says", "messages"], rows, right=[1]) if rows else "The mailbox is empty."
    text += f"\n\n{became['noted']:,} noted; {became['known']:,} were known before; {became['unknown']:,} are of another case"
    text += f"; {became['too_early']:,} are being sent again and decide for themselves." if became["too_early"] else "."
    if says["bounced"]:
        text += f"\nWho has another channel gets the notice there: amanat notify send {case}"
    keys = {"n_messages": says.total(), "says": dict(says), "n_noted": became["noted"]}
    return Result(keys=keys | {"n_too_early": became["too_early"], "n_unknown": became["unknown"]}, text=text)


_SAYS = {
    "bounced": "did not arrive",
    "delivered": "arrived",
    "complained": "marked as unwanted",
    "delayed": "is still being tried",
    "no_bounce": "no bounce",
    "no_sending": "a bounce that names no mail of ours",
    "unreadable": "could not be read",
}


def _withdraw(case: Path, notice_id: str, why: str) -> Result:
    from amanat.lib.journal import Journal
    from amanat.notify import withdraw

    now = datetime.now(timezone.utc)
    withdraw(case, notice_id, why=why, now=now)
    Journal(case / "journal.jsonl").write(who="command line", act="notice.withdrawn", at=now, what={"notice_id": notice_id}, why=why)
    return Result(keys={"notice_id": notice_id, "at": now.isoformat()}, text=f"Withdrawn: {notice_id}. Its codes are now answered with “withdrawn”.")
