"""Who may see and do what: the whole table, in one place.

A role belongs to a person *in one incident* (`respond.Membership`). Who is no member of an incident does not learn
that it exists. Whether something may happen *now* is the stage's question, not this file's.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

ROLES = {
    "lead": _("Incident lead"),
    "dpo": _("Data-protection officer"),
    "communicator": _("Communicator"),
    "support": _("Support"),
    "counsel": _("Counsel"),
    "viewer": _("Viewer"),
}

# What each permission lets a member do in their incident.
PERMISSIONS: dict[str, frozenset[str]] = {
    "see": frozenset(ROLES),  # the incident, counts, duties, notices, reach
    "see_journal": frozenset({"lead", "dpo", "counsel"}),
    "see_people": frozenset({"lead", "dpo", "support"}),  # a person's name, contact and what of theirs
    "review_people": frozenset({"lead", "dpo"}),  # settle the review queue
    "export_people": frozenset({"lead", "dpo"}),  # take the list of persons out, with names and contacts
    "reveal_values": frozenset({"lead", "dpo"}),  # see a record of the stolen files as it stands, one at a time
    "change_facts": frozenset({"lead", "dpo", "communicator"}),
    "change_promises": frozenset({"lead", "dpo", "communicator"}),  # what we promised in public: write down, settle with evidence or reason
    "run": frozenset({"lead", "dpo"}),  # read files again, assess again
    "move_phase": frozenset({"lead", "dpo"}),  # from identification to the close, and back
    "decide_duties": frozenset({"lead", "dpo", "counsel"}),
    "fill_forms": frozenset({"lead", "dpo", "counsel"}),  # of authorities: enter answers, note what was handed in
    "see_money": frozenset({"lead", "dpo", "counsel", "viewer"}),  # what it may cost: for those who answer for it, and a board that looks on
    "change_money": frozenset({"lead", "dpo", "counsel"}),
    "write_notices": frozenset({"lead", "dpo", "communicator"}),
    "approve_notices": frozenset({"lead", "dpo"}),  # and never one's own
    "help_people": frozenset({"lead", "dpo", "support"}),  # read and answer cases, call who depends on us
    "decide_claims": frozenset({"lead", "dpo"}),
    "open_offers": frozenset({"lead", "dpo"}),  # and set what may be spent
    "choose_pace": frozenset({"lead", "dpo", "communicator"}),  # how fast the notices go out, within deadline and danger
    "stop_sending": frozenset(ROLES) - {"viewer"},  # stopping is always the safer mistake
    "manage_members": frozenset({"lead"}),
    "erase_people": frozenset({"dpo"}),  # ask for it
    "confirm_erasure": frozenset({"lead", "dpo"}),  # and never one's own wish
}

# What staff may do outside any incident.
HOUSE_PERMISSIONS = frozenset({"use", "declare", "administer"})


def may(staff: Any, permission: str, incident: Any = None) -> bool:
    """Whether this staff member has the permission, in this incident where it is about one."""
    if not staff.is_authenticated or not staff.is_active:
        return False
    if permission in HOUSE_PERMISSIONS:
        return staff.is_administrator if permission == "administer" else True
    return bool(PERMISSIONS[permission] & roles_of(staff, incident))


def roles_of(staff: Any, incident: Any) -> frozenset[str]:
    """The roles of a staff member in one incident; empty for everyone else."""
    return frozenset(incident.memberships.filter(staff=staff).values_list("role", flat=True))


def has_second_factor(staff: Any) -> bool:
    """Whether the staff member has a passkey or an authenticator app; recovery codes alone are none."""
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user=staff, type__in=(Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)).exists()
