"""Receipts sealed in the journal soon after they came: a Merkle root over what became of each message, so that none can be invented later.

A seal covers the messages that changed since the one before. Its leaves are kept (hashes only), and years later a proof for one
person needs no more than one part of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction

from amanat import notify
from amanat.lib.merkle import Tree
from amanat.web.notify.models import ReceiptRow, SealPart, SealRow, SendingRow
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.row_files import batched

PART = 1 << 16  # leaves; a power of two, so that each part but the last is a whole branch of the tree
# A worker notes the moment, and its transaction ends a little later: the next seal looks back this far. A message may stand in two.
LOOK_BACK = timedelta(minutes=5)
_ID = 16
_RECORD = _ID + 32


@transaction.atomic
def seal(incident: Incident, *, now: datetime) -> SealRow | None:
    """Seals what changed since the last seal; None when nothing did."""
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    last = SealRow.objects.filter(incident=incident).order_by("-id").first()
    changed = SendingRow.objects.filter(incident=incident).exclude(state="idle")
    if not (changed.filter(changed_at__gt=last.until) if last else changed).exists():
        return None
    since = last.until - LOOK_BACK if last else None
    row = SealRow(incident=incident, seq=0, until=now, n=0, root="")
    parts: list[SealPart] = []
    for number, some in enumerate(batched(_leaves(incident, since), PART)):
        leaves = b"".join(pk.bytes + leaf for pk, leaf in some)
        parts.append(SealPart(number=number, first_id=some[0][0], root=Tree(leaf for _pk, leaf in some).root(), leaves=leaves))
        row.n += len(some)
    if not parts:
        return None
    row.root = Tree(part.root for part in parts).root().hex()  # each part but the last is a whole branch
    row.seq = journal.write(incident, act="receipts.sealed", at=now, what={"n": row.n, "root": row.root}).seq
    row.save()
    for part in parts:
        part.seal = row
        part.save()
    return row


def leaves_of(row: SealRow) -> Iterator[bytes]:
    """The leaves of a seal as a pack holds them, part by part."""
    for number in SealPart.objects.filter(seal=row).order_by("number").values_list("number", flat=True):
        yield bytes(SealPart.objects.get(seal=row, number=number).leaves)


class ReceiptsChanged(Exception):
    """A seal in the journal holds other receipts of this message than stand in the database now."""


def seal_of(sending: SendingRow, states: Sequence[dict[str, str]]) -> dict[str, Any] | None:
    """Where the newest seal over this message's receipts stands, with the path to its root; None when there is none.

    Raises ReceiptsChanged when any seal says otherwise: a receipt that was changed later is sealed anew, but not in the old ones.
    """
    newest = None
    for row in SealRow.objects.filter(incident=sending.incident_id).order_by("-id"):
        part = SealPart.objects.filter(seal=row, first_id__lte=sending.pk).order_by("-number").first()
        at = _place_in(bytes(part.leaves), sending.pk.bytes) if part else None
        if part is None or at is None:
            continue
        leaves = [bytes(part.leaves)[i + _ID : i + _RECORD] for i in range(0, len(part.leaves), _RECORD)]
        n_states = _n_sealed(sending, states, leaves[at])
        if n_states is None:
            raise ReceiptsChanged
        if newest is None:
            roots = [bytes(root) for root in SealPart.objects.filter(seal=row).order_by("number").values_list("root", flat=True)]
            path = [*Tree(leaves).inclusion(at), *Tree(roots).inclusion(part.number)]  # up in this part, then over the parts' own roots
            newest = {
                "seq": row.seq,
                "size": row.n,
                "index": part.number * PART + at,
                "n_states": n_states,
                "path": [one.hex() for one in path],
            }
    return newest


def _place_in(leaves: bytes, sending_id: bytes) -> int | None:
    """Where the id stands among records in the order of ids."""
    low, high = 0, len(leaves) // _RECORD
    while low < high:
        middle = (low + high) // 2
        if leaves[middle * _RECORD : middle * _RECORD + _ID] < sending_id:
            low = middle + 1
        else:
            high = middle
    return low if leaves[low * _RECORD : low * _RECORD + _ID] == sending_id else None


def receipts_in_order(incident: Incident, pks: Iterable[UUID] | None = None) -> Iterator[tuple[UUID, list[dict[str, str]]]]:
    """Every receipt of each message, in the order of the messages' ids."""
    rows = ReceiptRow.objects.filter(sending__incident=incident) if pks is None else ReceiptRow.objects.filter(sending__in=list(pks))
    found = rows.order_by("sending_id", "pk").values_list("sending_id", "state", "at", "answer").iterator()
    for pk, mine in groupby(found, key=lambda receipt: receipt[0]):
        yield pk, [{"state": state, "at": at.isoformat(), "answer": answer} for _pk, state, at, answer in mine]


def _leaves(incident: Incident, since: datetime | None) -> Iterator[tuple[UUID, bytes]]:
    rows = SendingRow.objects.filter(incident=incident).exclude(state="idle").order_by("pk")
    if since is not None:
        rows = rows.filter(changed_at__gt=since)
    for some in batched(rows.values_list("pk", "notice__content_hash", "channel").iterator(), 5000):
        receipts = dict(receipts_in_order(incident, [pk for pk, _hash, _channel in some]))
        for pk, content_hash, channel in some:
            if pk in receipts:
                yield pk, notify.receipt_leaf(pk.hex, content_hash, channel, receipts[pk])


def _n_sealed(sending: SendingRow, states: Sequence[dict[str, str]], leaf: bytes) -> int | None:
    """How many receipts the leaf covers: the first ones; None when it covers others."""
    for n in range(len(states), 0, -1):
        if notify.receipt_leaf(sending.pk.hex, sending.notice.content_hash, sending.channel, states[:n]) == leaf:
            return n
    return None
