"""`access/`: what the intruder could reach, without the data in our hands.

`access/tables.csv` has the columns `table, reached, kinds, since, until, persons`; `access/accounts.csv` has `account, kind, reached,
kinds, since, until, persons`.

- `reached` is `accessed` (somebody looked) or `accessible` (somebody could have looked).
- `kinds` are separated by `;`. `since` and `until` are moments between which it was within reach; an empty `until` means that we do not know.
- `kind` of an account is `mailbox`.
- `persons` is the path, relative to `access/`, of a CSV that lists whose rows or messages they are: for a table it has the column `person_id`
  (ids of the register), for a mailbox the column `email` (those who wrote with it, our own staff among them).
"""

import numpy as np

from amanat.prepare.block import Block
from amanat.prepare.column import filled, join
from amanat.prepare.exports import what_persons_have
from amanat.prepare.folder import Folder, Sink
from amanat.prepare.members import Members
from amanat.prepare.truth import Truth

OPTIN, LEDGER, MAILBOX = "tables/marketing_optin.csv", "tables/loyalty_ledger.csv", "accounts/reservations.csv"


class Reach(Sink):
    """Writes the lists of persons within reach. `folder` is the story's `access/`."""

    def __init__(self, folder: Folder, truth: Truth, *, since: str, until: str) -> None:
        self._folder, self._truth = folder, truth
        folder.begin(OPTIN, "person_id\n")
        folder.begin(LEDGER, "person_id\n")
        folder.begin(MAILBOX, "email\nnight.desk@karvan-hotels.example\nreception@karvan-hotels.example\n")
        tables = (
            "table,reached,kinds,since,until,persons",
            f"crm.marketing_optin,accessible,name;email;phone,{since},{until},{OPTIN}",
            f"crm.loyalty_ledger,accessed,name;loyalty_id,{since},{until},{LEDGER}",
        )
        accounts = (
            "account,kind,reached,kinds,since,until,persons",
            f"reservations@karvan-hotels.example,mailbox,accessed,email;communications,{since},{until},{MAILBOX}",
        )
        folder.put("tables.csv", ("\n".join(tables) + "\n").encode())
        folder.put("accounts.csv", ("\n".join(accounts) + "\n").encode())

    def write(self, block: Block, members: Members) -> None:
        has = what_persons_have(block)
        ledger = ~block.is_outsider & filled(block.loyalty_id) & block.draw.chance("ledger", 0.03)
        for path, member, kinds in ((OPTIN, members.optin, ("name", "email", "phone")), (LEDGER, ledger, ("name", "loyalty_id"))):
            self._folder.add(path, join(block.take(member).person_id, "\n"))
            self._truth.note(f"access/{path}", block, member, {kind: has[kind] for kind in kinds})
        self._folder.add(MAILBOX, join(block.take(members.correspondents).email, "\n"))
        everyone = np.ones(len(block), dtype=bool)
        self._truth.note(f"access/{MAILBOX}", block, members.correspondents, {"email": everyone, "communications": everyone})
