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
from amanat.prepare.trade import Trade
from amanat.prepare.truth import Truth


class Reach(Sink):
    """Writes the lists of persons within reach. `folder` is the story's `access/`."""

    def __init__(self, folder: Folder, truth: Truth, trade: Trade, *, since: str, until: str) -> None:
        self._folder, self._truth = folder, truth
        self._optin, self._ledger = (f"tables/{table.split('.')[-1]}.csv" for table in (trade.optin_table, trade.ledger_table))
        self._ledger_kinds = trade.ledger_kinds
        self._mailbox, home = f"accounts/{trade.mailbox}.csv", trade.domains[0]
        folder.begin(self._optin, "person_id\n")
        folder.begin(self._ledger, "person_id\n")
        folder.begin(self._mailbox, f"email\nnight.desk@{home}\nreception@{home}\n")
        tables = (
            "table,reached,kinds,since,until,persons",
            f"{trade.optin_table},accessible,name;email;phone,{since},{until},{self._optin}",
            f"{trade.ledger_table},accessed,{';'.join(trade.ledger_kinds)},{since},{until},{self._ledger}",
        )
        accounts = (
            "account,kind,reached,kinds,since,until,persons",
            f"{trade.mailbox}@{home},mailbox,accessed,email;communications,{since},{until},{self._mailbox}",
        )
        folder.put("tables.csv", ("\n".join(tables) + "\n").encode())
        folder.put("accounts.csv", ("\n".join(accounts) + "\n").encode())

    def write(self, block: Block, members: Members) -> None:
        has = what_persons_have(block)
        is_in = filled(block.loyalty_id) if "loyalty_id" in self._ledger_kinds else np.ones(len(block), dtype=bool)
        ledger = ~block.is_outsider & is_in & block.draw.chance("ledger", 0.03)
        for path, member, kinds in ((self._optin, members.optin, ("name", "email", "phone")), (self._ledger, ledger, self._ledger_kinds)):
            self._folder.add(path, join(block.take(member).person_id, "\n"))
            self._truth.note(f"access/{path}", block, member, {kind: has.get(kind, True) for kind in kinds})
        self._folder.add(self._mailbox, join(block.take(members.correspondents).email, "\n"))
        everyone = np.ones(len(block), dtype=bool)
        self._truth.note(f"access/{self._mailbox}", block, members.correspondents, {"email": everyone, "communications": everyone})
