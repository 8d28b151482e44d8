"""Which persons stand in which stolen file: about half of the register, each with another mixture."""

from dataclasses import dataclass

import numpy as np

from amanat.prepare.block import Block
from amanat.prepare.column import filled
from amanat.prepare.draw import Flags

# Where a person's only or main trace lies, as shares of the register; the rest is not affected.
# `slip` keeps persons whose only trace is a mistyped address below 0.3 % of the affected: a recall of 99 % stays honest, and hard.
_PROFILES = {
    "stay": 0.30,
    "export": 0.09,
    "users": 0.05,
    "app": 0.03,
    "mail": 0.02,
    "birthday": 0.02,
    "labels": 0.012,
    "archive": 0.012,
    "sheet": 0.01,
    "slip": 0.001,
}
_OUTSIDER_PROFILES = {"stay": 0.5, "export": 0.35, "users": 0.08, "app": 0.07}
_N_SHEET_ROWS = 9000  # workbooks are slow to write and to read: no more rows than this in all of them


@dataclass(slots=True, kw_only=True)
class Members:
    """One flag for each person of a block and each file or table of the heap."""

    guests: Flags
    users: Flags
    passwords: Flags
    export: Flags
    app: Flags
    access_log: Flags
    mail: Flags
    birthday: Flags
    labels: Flags
    archive: Flags
    sheet: Flags
    wifi: Flags
    wifi_slip: Flags
    cut: Flags  # in a truncated file
    locked: Flags  # in an encrypted archive
    optin: Flags  # in the table that the intruder's account could reach
    correspondents: Flags  # wrote with a mailbox that was broken into


def members_of(block: Block, n_persons: int) -> Members:
    """Where each person of the block stands."""
    draw = block.draw
    profile = np.where(
        block.is_outsider,
        _drawn(block, _OUTSIDER_PROFILES),
        _drawn(block, _PROFILES),
    )
    stay = profile == "stay"
    has_email, own_email = filled(block.email), block.has_own_email
    sheet_share = min(1.0, _N_SHEET_ROWS / 2 / (0.01 * n_persons))  # of those whose only trace is a workbook
    users = own_email & ((profile == "users") | stay & draw.chance("users.stay", 0.4))
    app = own_email & ((profile == "app") | stay & draw.chance("app.stay", 0.45))
    unaffected = ~block.is_outsider & (profile == "none")
    return Members(
        guests=stay,
        users=users,
        passwords=users & draw.chance("passwords", 0.5),
        export=(profile == "export") | stay & draw.chance("export.stay", 0.3),
        app=app,
        access_log=app & draw.chance("access_log", 0.6),
        mail=own_email & ((profile == "mail") | stay & draw.chance("mail.stay", 0.3)),
        birthday=(profile == "birthday") | stay & draw.chance("birthday.stay", 0.05),
        labels=(profile == "labels") | stay & draw.chance("labels.stay", 0.04),
        archive=(profile == "archive") | stay & draw.chance("archive.stay", 0.05),
        sheet=(profile == "sheet") & draw.chance("sheet", sheet_share) | stay & draw.chance("sheet.stay", min(0.015, _N_SHEET_ROWS / 2 / n_persons)),
        wifi=own_email & (stay & draw.chance("wifi.stay", 0.05)),
        wifi_slip=own_email & (profile == "slip"),
        cut=has_email & (unaffected & draw.chance("cut", 0.02) | stay & draw.chance("cut.stay", 0.02)),
        locked=has_email & (unaffected & draw.chance("locked", 0.01) | stay & draw.chance("locked.stay", 0.01)),
        optin=~block.is_outsider & draw.chance("optin", 0.10),
        correspondents=own_email & ~block.is_outsider & draw.chance("correspondents", 0.02),
    )


def _drawn(block: Block, shares: dict[str, float]) -> np.ndarray:
    names = np.array([*shares, "none"])
    return names[block.draw.weighted("profile", [*shares.values(), max(0.0, 1 - sum(shares.values()))])]
