"""A plan as a value: who gets which notice on which channel, who is told with whom, who cannot be reached; and the ids of its sendings."""

import hashlib
from dataclasses import dataclass, field

import pyarrow as pa

from amanat.notify.case import ENVELOPES, LANGUAGES, TOGETHER
from amanat.terms.sending import SENDINGS

# Channels that follow when the one before failed. `turn` counts from 1; the plan's own sendings are turn 0.
FURTHER = pa.schema([*SENDINGS, pa.field("turn", pa.int8())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One sending for each person who can be reached, the channels that follow if it fails, and everybody else with the reason."""

    sendings: pa.Table  # SENDINGS
    further: pa.Table  # FURTHER
    left_out: pa.Table  # LEFT_OUT
    together: pa.Table = field(default_factory=TOGETHER.empty_table)  # TOGETHER: second records of persons, told by the message to the first
    envelopes: pa.Table = field(default_factory=ENVELOPES.empty_table)  # ENVELOPES: letters of one household, where the company chose so
    languages: pa.Table = field(default_factory=LANGUAGES.empty_table)  # LANGUAGES: who does not get their own, and why


def sending_id(key: bytes, notice_id: str, person_id: str, channel: str) -> str:
    """32 hex digits that are the same each time and tell a stranger nothing.

    >>> sending_id(b"k" * 32, "eu.en", "1", "email") == sending_id(b"k" * 32, "eu.en", "1", "email")
    True
    """
    named = hashlib.blake2b(key=hashlib.sha256(b"amanat sending id" + key).digest(), digest_size=16)
    for part in (notice_id, person_id, channel):
        text = part.encode()
        named.update(len(text).to_bytes(4, "big") + text)  # lengths, so that ("ab", "c") and ("a", "bc") differ
    return named.hexdigest()
