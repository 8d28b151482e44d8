"""Notify's command that needs the register, which another stage reads: sending."""

from argparse import Namespace
from datetime import datetime, timezone
from pathlib import Path

from amanat.lib.alone import while_nobody_rewrites
from amanat.lib.command import Result, Verb, argument
from amanat.lib.table import table


def add_to(verb: Verb) -> None:
    """Adds `send` to `amanat notify`."""
    verb.command(
        "send",
        argument("case", type=Path, metavar="CASE", help="the folder that `amanat run --out` wrote"),
        argument(
            "--to",
            default="",
            metavar="smtp://HOST:PORT",
            help="the company's mail relay (smtps:// for TLS from the first byte); without one, --gateways",
        ),
        argument("--approval", type=Path, metavar="FILE", help="signed by an author and a different approver (amanat notify approve)"),
        argument("--login-file", type=Path, metavar="FILE", help="USER:PASSWORD for the relay in its first line; readable by its owner only"),
        argument("--ca-file", type=Path, metavar="FILE", help="certificate authority (PEM) of a relay inside the company"),
        argument("--gateways", type=Path, metavar="DIR", help="folder with NAME.toml (sms_http, smpp, …) for each channel that needs a gateway"),
        argument("--sign", type=Path, metavar="KEYFILE", help="the company's own key: each message carries a signed stamp (QR on letters)"),
        argument("--story", type=Path, metavar="DIR", help="the story folder, when it was moved since the run"),
        argument("--hold-unsure", action="store_true", help="after a crash, do not send again what may already have gone out; leave it to a person"),
        argument("--dry-run", action="store_true", help="send nothing, ask for no approval: show what it would come to, by channel and cost"),
        argument("--drill", action="store_true", help="refuse any relay that is not on this machine"),
        json_keys=("n_persons", "n_reached", "n_waiting", "n_unsure", "n_failed", "states", "is_stopped", "stopped_because", "dry_run"),
    )(send)


def send(given: Namespace) -> Result:
    """Send a case that was composed and approved before: the same texts to the same persons, or nothing.

    The addresses are read from the register in the story folder; they are never copied into the case folder. To stop it,
    make a file named `stop` in the case folder, or press Ctrl-C: each connection finishes its message. Delete the file and
    send again, and it goes on with those who were not told. Exit code 1 when it stopped before its end.
    """
    from amanat import notify, pipeline
    from amanat.lib.progress import Line, silent

    if given.dry_run:
        return _dry_run(given.case, given.story)
    if given.approval is None:
        raise notify.NotApproved("--approval FILE is missing, signed by an author and a different approver; --dry-run needs none")
    line = Line()
    try:
        with while_nobody_rewrites(given.case):
            reach = pipeline.send_case(
                given.case,
                to=given.to,
                approval=given.approval,
                now=lambda: datetime.now(timezone.utc),
                story=given.story,
                hold_unsure=given.hold_unsure,
                login_file=given.login_file,
                ca_file=given.ca_file,
                gateways=given.gateways,
                sign=given.sign,
                is_drill=given.drill,
                progress=silent if given.format == "json" else line,
            )
    finally:
        line.close()
    keys = {name: getattr(reach, name) for name in ("n_persons", "n_reached", "n_waiting", "n_unsure", "n_failed", "is_stopped", "stopped_because")}
    text = table(["state", "sendings"], [(state, f"{n:,}") for state, n in reach.states.items()], right=[1])
    text += f"\n\n{reach.n_reached:,} of {reach.n_persons:,} persons reached. Who was not, and why: amanat notify reach {given.case}"
    if reach.is_stopped:
        text = f"Sending stopped: {reach.stopped_because}. Send again to go on.\n\n{text}"
    return Result(keys=keys | {"states": dict(reach.states)}, text=text, is_passed=not reach.is_stopped)


def _dry_run(case: Path, story: Path | None) -> Result:
    from amanat import pipeline

    found = pipeline.dry_run_case(case, story=story)
    rows = [
        (c.channel, f"{c.n:,}", f"{c.n_reserve:,}", f"{c.n_units:,}", f"{c.price.amount:,} {c.price.currency}" if c.price else "not known")
        for c in found.channels
    ]
    text = table(["channel", "persons", "in reserve", "units", "cost"], rows, right=[1, 2, 3, 4])
    if found.domains:
        text += "\n\n" + table(["mails to", "persons"], [(domain or "others", f"{n:,}") for domain, n in found.domains], right=[1])
    odd = [
        ("left out of the list", found.n_left_out),
        ("no longer in the register", found.n_no_contact),
        ("an e-mail address that cannot be one", found.n_bad_email),
        ("the same e-mail address as another person", found.n_same_email),
        ("the same postal address as another person; each gets a letter", found.n_same_household),
        ("letters that share an envelope with another of the household", found.n_shared_envelope),
        ("records that are the same person as another: one message", found.n_together),
        ("the same name and addresses as another record: perhaps one person, not surely; each gets a message", found.n_same_record),
        ("minors: their parents or guardian are written to", found.n_minor),
        ("have died: their family is written to, by letter", found.n_deceased),
    ]
    text += "\n\n" + table(["persons", ""], [(f"{n:,}", what) for what, n in odd if n], right=[0]) if any(n for _, n in odd) else ""
    text += "\n\nNothing was sent."
    keys = {
        "channels": [
            {"channel": c.channel, "n": c.n, "n_reserve": c.n_reserve, "n_units": c.n_units, "cost": str(c.price.amount) if c.price else None}
            for c in found.channels
        ],
        "domains": [list(d) for d in found.domains],
        **found.odd,
    }
    return Result(keys={"dry_run": keys}, text=text)
