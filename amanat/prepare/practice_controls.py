"""`controls.toml` of the practice company: a middling one, with the mistakes that are most common.

The password policy was looked at long ago, encryption has no evidence, one person has two roles, the second channel is mail, nothing was restored.
"""

from datetime import datetime, timedelta
from pathlib import Path

# Control, state, owner, evidence, days before awareness on which somebody looked.
_ENTRIES = (
    ("second_factor", "partly", "IT", "Enforced for administrators and mail; not for the booking system", 40),
    ("encryption_at_rest", "in place", "IT", "", 40),
    ("backups", "in place", "IT", "Nightly job, second copy in another town, restore keys in the safe", 25),
    ("patching", "partly", "IT", "Workstations weekly; two servers of the booking system wait for their maker", 25),
    ("firewall", "in place", "IT", "Export of the rules, reviewed by the supplier", 90),
    ("endpoint_protection", "in place", "IT", "Console: 61 of 61 machines report", 25),
    ("password_policy", "in place", "IT", "Policy of the directory, page 2", 610),
    ("log_retention", "in place", "IT", "Log server, 180 days", 60),
    ("least_privilege", "missing", "Heads of office", "", 60),
    ("data_retention", "partly", "Data protection", "Bookings after ten years; exports and mailboxes not yet", 120),
    ("data_inventory", "in place", "Data protection", "Record of processing, September", 70),
    ("awareness", "in place", "Personnel office", "Training list, spring", 200),
    ("suppliers", "partly", "Data protection", "4 of 6 contracts name hours", 120),
)


def write_controls(folder: Path, at: datetime) -> None:
    """The sheet as it stood when the company became aware at `at`."""

    def day(before: int) -> str:
        return (at - timedelta(days=before)).date().isoformat()

    lines = ["# What the staff of the invented company say about its controls. `amanat prepare controls` reads it.", ""]
    for name, state, owner, evidence, before in _ENTRIES:
        lines += [f"[control.{name}]", f'state = "{state}"', f'owner = "{owner}"']
        lines += [f'evidence = "{evidence}"'] if evidence else []
        lines += [f"on = {day(before)}", ""]
    lines += [
        "[plan]",
        f"written_on = {day(500)}",
        "offline_copy = false",
        f"rehearsed_on = {day(420)}",
        'out_of_band = ["mail"]',
        "",
        "# Ids of company.toml.",
        *_role("incident lead", "incident-lead", "data-protection"),
        *_role("data protection", "data-protection", "incident-lead"),
        *_role("communication", "incident-lead", ""),
    ]
    contacts = (
        ("authority", 150, "portal"),
        ("police", 640, "phone"),
        ("counsel", 150, "phone"),
        ("insurer", 150, "mail"),
        ("processor", 150, "phone"),
    )
    for party, before, way in contacts:
        lines += ["[[plan.contact]]", f'party = "{party}"', f"checked_on = {day(before)}", f'reached_by = ["{way}"]', ""]
    lines += ["[dkim]", 'selectors = ["k1"]', ""]
    (folder / "controls.toml").write_text("\n".join(lines), encoding="utf-8")


def _role(role: str, staff: str, deputy: str) -> list[str]:
    return ["[[plan.role]]", f'role = "{role}"', f'staff = "{staff}"', *([f'deputy = "{deputy}"'] if deputy else []), ""]
