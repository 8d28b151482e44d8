"""Approval: author and a different approver stand for one text and one list of recipients. A change of either voids it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What two named members of staff put their names to."""

    incident: str = ""  # id of the incident's record; an approval of one incident is worth nothing in another
    notices_hash: str  # over the content hashes of all notices
    recipients_hash: str  # over the list of sendings
    n_recipients: int
    author: str  # staff id
    authored_at: datetime
    approver: str  # staff id, another one
    approved_at: datetime
    author_signature: str  # Ed25519 over the fields above that concern them, hex
    approver_signature: str
