"""Delivery: sends what two persons approved, to everybody on the list, through crashes, bounces and busy servers."""

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa

from amanat.lib.errors import Fixable
from amanat.lib.progress import Progress, silent
from amanat.lib.signing import Signer
from amanat.notify.approve import check_approval, write_approval
from amanat.notify.book import Book
from amanat.notify.brake import Brake
from amanat.notify.channel import Channel, Concurrent, Listening, Message, Opening, Outcome, Refused, Texts, TryLater, open_channel
from amanat.notify.file_ledger import FileLedger
from amanat.notify.household import ALONE, shared_envelopes
from amanat.notify.ledger import Leasing, Ledger, Retry, Sending
from amanat.notify.plan import Plan, dues_of
from amanat.notify.quota import limits_of
from amanat.notify.reach import Reach, reach_of
from amanat.notify.receipts import write_receipts
from amanat.notify.stamp import stamper
from amanat.notify.verify import code_for, publish, write_codes
from amanat.terms.approval import Approval
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice

# Of the newest attempts on a channel, this many refusals say that something is wrong with us, not with the persons: sending stops
# before a million letters are printed because a relay dislikes our address.
REFUSALS_WINDOW = 200
REFUSALS_SHARE = 0.5
# So many deferrals in a row on a channel say that the server takes nothing for now. Then they use up nobody's tries: after ten of them
# everybody would get a letter for a filter of the relay that was down for an evening.
DEFERRALS_MOST = 100
IDLE_SECONDS = 0.02


class NotLocal(Fixable):
    """A drill tried to reach the world outside this machine."""


def deliver(
    plan: Plan,
    notices: Sequence[Notice],
    contacts: Iterable[Contact],
    exposures: pa.Table,
    out: Path,
    *,
    to: str,
    approval: Approval,
    company: Company,
    key: bytes,
    now: Callable[[], datetime],
    incident_id: str | None = None,
    hold_unsure: bool = False,
    retry: Retry | None = None,
    login_file: Path | None = None,
    ca_file: Path | None = None,
    gateways: Path | None = None,
    due: Mapping[str, datetime] | None = None,
    signer: Signer | None = None,
    n_parallel: int = 4,
    is_drill: bool = False,
    stop: Callable[[], bool] | None = None,
    progress: Progress = silent,
    texts: Mapping[str, Texts] | None = None,
    letters: Callable[[Notice, Sequence[Message], Path], Sequence[Path]] | None = None,
) -> Reach:
    """Sends the plan through the relay `to` and the print folder of the case `out`, and continues where an earlier run stopped.

    Writes `ledger.jsonl` while it goes, `codes.parquet` before the first message, `receipts.parquet` at the end and when it is
    interrupted. A file named `stop` in `out` stops it within a message per connection; delete it and send again to go on.

    Args:
        due: by notice id, when the last of its readers must have been told, by the case's own duties when left out; nights give way to it.
        gateways: folder with NAME.toml for each channel that goes through a gateway.
        signer: stamps each message with the company's signature (`notify.stamp`); without it messages carry their code alone.
        incident_id: when given, the approval must be of this incident; leave it out only where that was checked before.

    Raises NotApproved unless `approval` covers exactly these notices and recipients, and NotLocal for a drill that would
    leave this machine.
    """
    expected = approval.incident if incident_id is None else incident_id
    check_approval(approval, incident_id=expected, notices=notices, plan=plan, company=company)
    clock = _clock(now)
    today = clock().date()
    used = set(plan.sendings["channel"].unique().to_pylist()) | set(plan.further["channel"].unique().to_pylist())
    stop_file = out / "stop"
    with contextlib.ExitStack() as stack:
        opening = Opening(
            company=company,
            address=to,
            texts=texts if texts is not None else texts_of(notices, company, on=today),
            letters=letters or stack.enter_context(letters_of(company, on=today)),
            folder=out / "letters",
            login_file=login_file,
            ca_file=ca_file,
            n_parallel=n_parallel,
            gateways=gateways,
        )
        channels: dict[str, Channel] = {}
        for name in sorted(used):
            channels[name] = stack.enter_context(contextlib.closing(open_channel(name, opening)))
            if is_drill and not channels[name].is_local:
                raise NotLocal("a drill reaches only this machine: give smtp://127.0.0.1:PORT or smtp://localhost:PORT")
        chosen = retry or Retry(hold_unsure=hold_unsure)
        ledger = stack.enter_context(
            FileLedger(out / "ledger.jsonl", plan.sendings, plan.further, retry=chosen, limits=limits_of(company), at=clock())
        )
        # Codes are true before the first message can be read.
        write_codes(out / "codes.parquet", key, [plan.sendings, plan.further])
        publish(out, notices, now=clock())
        write_approval(out / "approval.toml", approval)
        try:
            ended = work(
                ledger,
                channels,
                messages=_Messages(
                    notices, Book(contacts, exposures, plan.together), plan.envelopes, key, stamper(signer, notices, company, on=today)
                ).of,
                now=clock,
                stop=lambda: stop_file.exists() or bool(stop and stop()),
                progress=progress,
                n_total=plan.sendings.num_rows,
                brake=Brake(company, due=dues_of(out, notices) if due is None else due, is_at_once=at_once),
            )
        finally:
            write_receipts(out / "receipts.parquet", ledger.receipts())
        return reach_of(ledger.states(), is_stopped=ended.is_stopped, stopped_because=ended.because)


def at_once(message: Message) -> bool:
    """Whether nothing slows this message: what was exposed of the person, or who they are, puts them at high risk."""
    from amanat.notify.surge_plan import is_at_once

    return is_at_once(message.kinds, is_minor=bool(message.contact.minor), has_needs=message.contact.needs is not None)


@dataclass(slots=True)
class Ended:
    """Why the work ended: nothing left, or stopped with a reason."""

    is_stopped: bool = False
    because: str = ""


def work(
    ledger: Ledger,
    channels: Mapping[str, Channel],
    *,
    messages: Callable[[Sequence[Sending]], Sequence[Message]],
    now: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
    progress: Progress = silent,
    n_total: int = 0,
    brake: Brake | None = None,
) -> Ended:
    """Sends what is queued in `ledger` until nothing is left, or `stop` says so. The heart that the command line and the web share.

    Args:
        messages: what is sent for claimed sendings, in their order; it looks up contact, kinds and code.
        brake: what makes messages wait; without it nothing does.
    """
    run = _Run(ledger, channels, messages, now, stop, progress, n_total, brake)
    threads = [
        threading.Thread(target=run.worker, args=(name,), name=f"{name}-{i}", daemon=True)
        for name, channel in channels.items()
        for i in range(channel.n_parallel)
    ]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except BaseException:
        # Ctrl-C: let each connection finish the message it is in, so that nobody becomes unsure for it.
        run.ended.is_stopped = True
        for thread in threads:
            thread.join()
        raise
    if run.crash is not None:
        raise run.crash
    return run.ended


@dataclass(slots=True)
class _Run:
    ledger: Ledger
    channels: Mapping[str, Channel]
    messages: Callable[[Sequence[Sending]], Sequence[Message]]
    now: Callable[[], datetime]
    stop: Callable[[], bool]
    progress: Progress
    n_total: int
    brake: Brake | None = None
    ended: Ended = field(default_factory=Ended)
    crash: BaseException | None = None
    n_done: int = 0
    refusals: dict[str, list[bool]] = field(default_factory=dict)
    n_deferred: dict[str, int] = field(default_factory=dict)  # in a row
    deferring: dict[str, str] = field(default_factory=dict)  # channels whose server takes nothing for now, with its words
    pauses: dict[str, int] = field(default_factory=dict)
    paused_until: dict[str, datetime] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def worker(self, name: str) -> None:
        try:
            self._work(name, self.channels[name])
        except BaseException as error:
            # A mistake of ours must be seen, and must not leave the other connections running on.
            self.crash = self.crash or error
            self._end(f"an error of the program: {type(error).__name__}")

    def _work(self, name: str, channel: Channel) -> None:
        idle_seconds = IDLE_SECONDS
        while not self._must_stop():
            now = self.now()
            if isinstance(channel, Listening):
                for heard in channel.reports():
                    self.ledger.note(heard.sending_id, heard.became, at=now, answer=heard.answer)
            is_paused = name in self.paused_until and now < self.paused_until[name]
            claimed = [] if is_paused else self.ledger.claim(name, channel.batch_size, at=now)
            if claimed:
                self._send(name, channel, claimed)
                idle_seconds = IDLE_SECONDS
            elif self._is_finished():
                return
            else:
                time.sleep(idle_seconds)
                idle_seconds = min(idle_seconds * 1.5, 0.5)

    def _send(self, name: str, channel: Channel, claimed: Sequence[Sending]) -> None:
        left = {sending.sending_id for sending in claimed}
        why = "stopped before the attempt"
        try:
            ready = self._hold_back(name, self._messages(claimed), left)
            of = {message.sending_id: message for message in ready}
            for outcomes in self._outcomes(name, channel, ready) if ready else ():
                own = [outcome for outcome in outcomes if not self._is_everybodys(name, outcome)]
                if own:
                    self.ledger.record(*own, at=self.now())
                for outcome in own:
                    left.discard(outcome.sending_id)
                    self._count(name, outcome)
                    if self.brake:
                        self.brake.learn(name, of[outcome.sending_id], outcome, self.now())
                self._must_stop()
            if answer := self.deferring.pop(name, ""):
                why = answer
                self._pause(name)
        except TryLater as error:
            why = str(error)
            self._pause(name)
        except Refused as error:
            why = str(error)
            self._end(why)
        # After any other error, a mistake of ours, the batch stays `attempting`: nobody can know how far it came.
        back = [s.sending_id for s in claimed if s.sending_id in left]
        if back:
            self.ledger.put_back(back, at=self.now(), answer=why)

    def _outcomes(self, name: str, channel: Channel, ready: Sequence[Message]) -> Iterator[Sequence[Outcome]]:
        """What becomes of the messages, in the order of their answers, until they end, somebody says stop, or the server takes nothing."""

        def goes_on(_message: Message | None = None) -> bool:
            return not self.ended.is_stopped and name not in self.deferring

        if isinstance(channel, Concurrent):
            yield from channel.send_many(filter(self._is_ours, itertools.takewhile(goes_on, ready)))
            return
        ours = list(filter(self._is_ours, ready))
        for n, outcome in enumerate(channel.send(ours), 1):
            yield [outcome]
            if not goes_on() or not all(map(self._is_ours, ours[n : n + 1])):
                return

    def _is_everybodys(self, name: str, outcome: Outcome) -> bool:
        """Whether the answer is about the server and not about this person, whose try it does not use up."""
        with self.lock:
            n = self.n_deferred[name] = self.n_deferred.get(name, 0) + 1 if outcome.became == "try_later" else 0
            if n > DEFERRALS_MOST:
                self.deferring[name] = outcome.answer or "the server takes nothing for now"
        return n > DEFERRALS_MOST

    def _is_ours(self, message: Message) -> bool:
        # Whose batch was taken over meanwhile would tell the same persons again.
        return not isinstance(self.ledger, Leasing) or self.ledger.holds(message.sending_id)

    def _hold_back(self, name: str, messages: Sequence[Message], left: set[str]) -> Sequence[Message]:
        """Those that may go now; the others are put back until their moment."""
        if self.brake is None:
            return messages
        ready: list[Message] = []
        waits: dict[tuple[datetime, str], list[str]] = {}
        for message in messages:
            wait = self.brake.look(name, message, self.now())
            if wait is None:
                ready.append(message)
            else:
                waits.setdefault((wait.until, wait.why), []).append(message.sending_id)
        for (until, why), ids in waits.items():
            self.ledger.put_back(ids, at=self.now(), answer=why, until=until)
            left.difference_update(ids)
        return ready

    def _messages(self, claimed: Sequence[Sending]) -> Sequence[Message]:
        try:
            return self.messages(claimed)
        except BaseException:
            self.ledger.put_back([s.sending_id for s in claimed], at=self.now(), answer="could not be composed")
            raise

    def _pause(self, name: str) -> None:
        """The whole channel waits after it failed as a whole: 1, 2, 4 … 300 seconds. Otherwise a relay that is down would see every sending."""
        with self.lock:
            n = self.pauses[name] = self.pauses.get(name, 0) + 1
            self.paused_until[name] = self.now() + timedelta(seconds=min(2 ** (n - 1), 300))

    def _count(self, name: str, outcome: Outcome) -> None:
        with self.lock:
            self.pauses.pop(name, None)
            if outcome.became in ("accepted", "delivered"):
                self.n_done += 1
            window = self.refusals.setdefault(name, [])
            window.append(outcome.became == "refused")
            if len(window) > REFUSALS_WINDOW:
                window.pop(0)
            is_too_many = len(window) == REFUSALS_WINDOW and sum(window) > REFUSALS_WINDOW * REFUSALS_SHARE
            self.progress("sending", self.n_done, self.n_total)
        if is_too_many:
            self._end(
                f"{name}: more than half of the last {REFUSALS_WINDOW} were refused, so something is wrong with the sender or the server, "
                f"not with the persons; the last answer is in the ledger"
            )

    def _end(self, because: str) -> None:
        with self.lock:
            self.ended.is_stopped = True
            self.ended.because = self.ended.because or because

    def _must_stop(self) -> bool:
        if not self.ended.is_stopped and self.stop():
            self._end("asked to stop")
        return self.ended.is_stopped

    def _is_finished(self) -> bool:
        # Of all channels: an e-mail that is in the air may still queue a letter.
        return self.ledger.n_open(list(self.channels)) == 0


class _Messages:
    """Messages for claimed sendings: the person's contact, kinds, code and stamp beside the notice."""

    def __init__(self, notices: Sequence[Notice], book: Book, envelopes: pa.Table, key: bytes, stamp: Callable[[str, str], str]) -> None:
        self._notices = {n.id: n for n in notices}
        self._book, self._shared = book, shared_envelopes(envelopes)
        self._key = key
        self._stamp = stamp

    def of(self, sendings: Sequence[Sending]) -> list[Message]:
        found = self._book.look_up([s.person_id for s in sendings])
        codes = [code_for(self._key, s.sending_id) for s in sendings]
        return [
            Message(
                sending_id=s.sending_id,
                notice=self._notices[s.notice_id],
                contact=contact,
                kinds=kinds,
                basis=basis,
                code=code,
                stamp=self._stamp(code, s.notice_id),
                envelope=self._shared.get(s.sending_id, ALONE)[0],
                n_in_envelope=self._shared.get(s.sending_id, ALONE)[1],
            )
            for s, code, (contact, kinds, basis) in zip(sendings, codes, found, strict=True)
        ]


def texts_of(notices: Iterable[Notice], company: Company, *, on: date) -> dict[str, Texts]:
    """The text and HTML of each notice, compiled once; `on` is the day that stands at its top."""
    from amanat.notify.render import HtmlTemplate, TextTemplate

    return {n.id: Texts(text=TextTemplate(n, company, on=on), html=HtmlTemplate(n, company, on=on)) for n in notices}


@contextlib.contextmanager
def letters_of(company: Company, *, on: date) -> Iterator[Callable[[Notice, Sequence[Message], Path], Sequence[Path]]]:
    """The function that sets letters, as the letter channel calls it; they are set in a process of their own until the context ends."""
    from amanat.notify.letter import render_letters
    from amanat.notify.typesetter import TypesetterChild

    with TypesetterChild() as setter:
        yield lambda notice, messages, folder: render_letters(notice, messages, company, folder, on=on, setter=setter)


def _clock(now: Callable[[], datetime]) -> Callable[[], datetime]:
    """The given clock, but never slower than real time: one that stands still (`--now`) would never end a wait."""
    began, since = now(), time.monotonic()
    return lambda: max(now(), began + timedelta(seconds=time.monotonic() - since)).astimezone(timezone.utc)
