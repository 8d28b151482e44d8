"""Sending and receipt: one notice to one person on one channel, and what became of it."""

from typing import Literal

import pyarrow as pa

Delivery = Literal["queued", "attempting", "accepted", "delivered", "bounced", "refused", "unsure", "opened_page"]

# What is to be sent. The contact itself stays in the register or in the encrypted snapshot.
SENDINGS = pa.schema(
    [
        ("sending_id", pa.string()),
        ("notice_id", pa.string()),
        ("person_id", pa.string()),
        ("channel", pa.string()),
    ]
)

# One row for each change of a sending's state.
RECEIPTS = pa.schema(
    [
        ("sending_id", pa.string()),
        ("notice_id", pa.string()),
        ("person_id", pa.string()),
        ("channel", pa.string()),
        ("state", pa.string()),  # a Delivery
        ("at", pa.timestamp("us", tz="UTC")),
        ("answer", pa.string()),  # the server's words, without addresses
    ]
)
