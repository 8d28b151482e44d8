"""`traces/` of a practice story: the staff's mail and the machines' logs with one intrusion in them, and `truth.toml`, which says where it stands.

Nothing here is read by the run over the stolen files; it is what the security team could have seen before.
"""

import json
from datetime import datetime
from pathlib import Path

from amanat.prepare import trace_egress, trace_endpoints, trace_sign_ins, trace_web
from amanat.prepare.intrusion import LOOKALIKE, MAIL_SERVER, Intrusion
from amanat.prepare.trace_lines import Attack, write_lines
from amanat.prepare.trace_mail import MAILBOX, REPORTED, write_mail

# Acts that are in the logs of everybody all the time, and are no part of this incident.
NOISE = ("scan",)


def write_traces(folder: Path, seed: int, at: datetime) -> None:
    """The mail and the logs of the days before the company became aware at `at`, and the truth about them."""
    story = Intrusion(awareness=at)
    folder.mkdir()
    number = write_mail(folder, seed, story)
    attacks = [
        *write_lines(folder, trace_web.FILE, trace_web.web_lines(seed, story)),
        *write_lines(folder, trace_sign_ins.FILE, trace_sign_ins.sign_in_lines(seed, story)),
        *write_lines(folder, trace_endpoints.FILE, trace_endpoints.endpoint_lines(seed, story)),
        *write_lines(folder, trace_egress.FILE, trace_egress.egress_lines(seed, story)),
    ]
    (folder / "truth.toml").write_text("\n".join(_truth(number, attacks)), encoding="utf-8")


def _truth(number: int, attacks: list[Attack]) -> list[str]:
    lines = [
        "# Which mail and which lines are the attack. Messages and lines are counted from 1; a range holds both its ends.",
        f"authserv_ids = {json.dumps([MAIL_SERVER])}  # whose Authentication-Results count",
        f"lookalike = {json.dumps(LOOKALIKE)}",
        "",
        "[[mail]]",
        f"file = {json.dumps(MAILBOX)}",
        f"message = {number}",
        'what = "phishing"',
        "",
        "# the same, forwarded as an attachment",
        "[[mail]]",
        f"file = {json.dumps(REPORTED)}",
        "message = 1",
        'what = "phishing"',
        "",
    ]
    for attack in sorted(attacks, key=lambda a: a.since):
        ranges = ", ".join(f"[{first}, {last}]" for first, last in attack.lines)
        lines += [
            "[[lines]]",
            f"file = {json.dumps(attack.file)}",
            f"act = {json.dumps(attack.act)}",
            f"is_noise = {json.dumps(attack.act in NOISE)}",
            f"since = {attack.since.isoformat(timespec='milliseconds')}",
            f"until = {attack.until.isoformat(timespec='milliseconds')}",
            f"n_lines = {attack.n_lines}",
            f"lines = [{ranges}]",
            "",
        ]
    return lines
