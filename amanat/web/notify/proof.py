"""The proof pack: what we can show to an authority or a court about who was told what, and when. It names nobody, and is signed."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from typing import IO, Any

from django.db import transaction

from amanat import notify
from amanat.web.accounts.models import Staff
from amanat.web.notify import sealing
from amanat.web.notify.models import ApprovalRow, NoticeRow, ReceiptRow, SealRow, SendingRow
from amanat.web.notify.queries import company_name
from amanat.web.respond import journal, signing
from amanat.web.respond.models import Incident

READ_ME = """Proof pack of an incident, made by amanat.

Check all of it offline:   amanat verify-proof proof.zip --keys keys.json
keys.json and heads.json stand beside the company's page where messages are checked (…/verify/keys.json, …/verify/heads.json).

manifest.json    every file with its SHA-256 and size, the signed head of the journal, the key, and a signature over all of it
notices.jsonl    every version of every text with its SHA-256 (over the "content", keys sorted, UTF-8, no spaces)
approvals.jsonl  who signed which texts and which list, by fingerprint, and when
sendings.jsonl   one line per message: its id, the text's hash, the channel, and every receipt with its instant
journal.jsonl    every act, each line with the hash of the one before; its lines are the leaves of the tree that the head stands for (RFC 9162)
seals/           receipts as the journal sealed them soon after they came: 16 bytes of id and 32 bytes of leaf for each message

A message's id is random to everybody outside: it leads to a person only with the keys of the incident.
"""


@transaction.atomic
def write_pack(incident: Incident, into: IO[bytes], *, by: Staff, now: datetime) -> str:
    """Writes the pack as ZIP and returns the journal's head. Taking it is itself a line of the journal, the last one in the pack.

    Raises signing.JournalChanged.
    """
    sealing.seal(incident, now=now)
    head = journal.write(incident, act="proof.taken", at=now, by=by, what={"n_sendings": SendingRow.objects.filter(incident=incident).count()}).hash
    tree_head, _tree = signing.sign_journal(incident, now=now)
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
        pack = _Pack(zipped)
        n = {
            "notices": pack.lines("notices.jsonl", _notices(incident)),
            "approvals": pack.lines("approvals.jsonl", _approvals(incident)),
            "sendings": pack.lines("sendings.jsonl", _sendings(incident)),
            "journal": pack.lines("journal.jsonl", journal.entries(incident.pk)),
        }
        for seal in SealRow.objects.filter(incident=incident).order_by("seq"):
            pack.file(notify.seal_name(seal.seq), sealing.leaves_of(seal))
        pack.file("README.txt", [READ_ME.encode()])
        manifest = {
            "incident": str(incident.pk),
            "company": company_name(incident),
            "made_at": now.isoformat(),
            "journal_head": head,
            "lines": n,
            "files": pack.files,
            "tree_head": asdict(tree_head),
        }
        zipped.writestr("manifest.json", notify.signed_manifest(manifest, signing.signer(now=now)))
    return head


class _Pack:
    """A ZIP that remembers the hash and size of each file."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zipped = zipped
        self.files: dict[str, dict[str, Any]] = {}

    def file(self, name: str, pieces: Iterable[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        with self._zipped.open(name, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
        self.files[name] = {"sha256": digest.hexdigest(), "size": size}

    def lines(self, name: str, entries: Iterator[dict[str, Any]]) -> int:
        n = 0

        def spelled() -> Iterator[bytes]:
            nonlocal n
            for entry in entries:
                yield json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                n += 1

        self.file(name, spelled())
        return n


def _notices(incident: Incident) -> Iterator[dict[str, Any]]:
    for row in NoticeRow.objects.filter(incident=incident).order_by("notice_id", "version"):
        yield {
            "notice_id": row.notice_id,
            "version": row.version,
            "content_hash": row.content_hash,
            "at": row.at.isoformat(),
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
            "content": row.content,
        }


def _approvals(incident: Incident) -> Iterator[dict[str, Any]]:
    for row in ApprovalRow.objects.filter(incident=incident).select_related("author", "approver").order_by("authored_at"):
        yield {
            "approval": str(row.pk),
            "notices_hash": row.notices_hash,
            "recipients_hash": row.recipients_hash,
            "n_recipients": row.n_recipients,
            "author": row.author.name,
            "authored_at": row.authored_at.isoformat(),
            "approver": row.approver.name if row.approver else None,
            "approved_at": row.approved_at.isoformat() if row.approved_at else None,
            "voided_at": row.voided_at.isoformat() if row.voided_at else None,
        }


def _sendings(incident: Incident) -> Iterator[dict[str, Any]]:
    """Each message with its receipts; the two tables are read side by side, in the order of ids, so that millions need no memory."""
    rows = (
        SendingRow.objects.filter(incident=incident).order_by("pk").values_list("pk", "notice__notice_id", "notice__content_hash", "channel", "state")
    )
    receipts = ReceiptRow.objects.filter(sending__incident=incident).order_by("sending_id", "pk").values_list("sending_id", "state", "at", "answer")
    grouped = groupby(receipts.iterator(), key=lambda receipt: receipt[0])
    waiting = next(grouped, None)
    for pk, notice_id, content_hash, channel, state in rows.iterator():
        mine = []
        if waiting and waiting[0] == pk:
            mine = [{"state": s, "at": at.isoformat(), "answer": answer} for _id, s, at, answer in waiting[1]]
            waiting = next(grouped, None)
        yield {"sending_id": pk.hex, "notice_id": notice_id, "content_hash": content_hash, "channel": channel, "state": state, "receipts": mine}
