"""Cluster: the two steps of a scan on many machines, by Ray.

One node for each machine holds the register in memory and works with all its processors. What a lost machine had not yet written is done
again by the others. Ray carries numbers of files and shares, and no more; everything else is in the folder that the machines share.
"""

import logging
import shutil
import socket
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from amanat.lib.errors import Fixable
from amanat.lib.progress import Progress, silent
from amanat.scope.counted import counted_folder, read_counted
from amanat.scope.hits import Hits
from amanat.scope.node import Node
from amanat.scope.order import Order, remove_order, write_entries, write_order
from amanat.scope.read import Unit, bundles
from amanat.scope.steps import lots_of
from amanat.scope.tally import Counted

TRIES_MAX = 3  # of one piece of work by machines that are lost over it


class NotShared(Fixable):
    """A machine of the cluster does not see the files as the first one does."""


class NoCluster(Fixable):
    """There is no cluster to work on, or none of its machines can take part."""


@dataclass(slots=True)
class _Machine:
    """A machine of the cluster, and how many pieces of work it still can take."""

    where: str
    actor: Any
    n_free: int


@dataclass(frozen=True, slots=True)
class _Work:
    """Files to be read, by number, or a share to be counted, by its first entry and its end; and how often it was given to somebody."""

    numbers: tuple[int, ...]
    n_tries: int = 0


class Cluster:
    """The steps on the machines of a Ray cluster, in place of `steps.Here`."""

    def __init__(self, order: Order, address: str, *, progress: Progress = silent) -> None:
        """`address` is HOST:PORT of the cluster's head, or "auto" for the one that this machine belongs to. Raises NoCluster."""
        self._order, self._progress = order, progress
        self._ray, self._errors = _connect(address)
        self._machines: list[_Machine] = []
        self._coming: dict[Any, _Machine] = {}
        self._refused: list[str] = []
        self._files: dict[int, Unit] = {}
        self._n_lost = self._n_given = self._n_again = 0

    @property
    def notes(self) -> list[str]:
        """Sentences about machines that did not take part or were lost."""
        notes = [f"The machine {each}; it did not take part." for each in self._refused]
        if self._n_lost:
            notes.append(
                f"{self._n_lost:,} of the cluster's machines were lost on the way; {self._n_again:,} of {self._n_given:,} pieces of work"
                " were begun a second time by others."
            )
        return notes

    def judge(self, units: Sequence[Unit], hits: Hits) -> None:
        """The first step for all files."""
        files = self._files = {unit.number: unit for unit in units}
        write_order(self._order, units, hits.folder)
        n_done, total = 0.0, float(sum(unit.size for unit in units))

        def give(actor: Any, work: _Work) -> Any:
            mine = [files[number] for number in work.numbers if work.n_tries == 0 or not hits.is_done(files[number].as_file)]
            has = [sorted(hits.batches(unit.as_file)) for unit in mine]
            writer = f"{hits.session}-{work.numbers[0]:08}-{work.n_tries}"
            return actor.judge.remote(writer, [unit.number for unit in mine], has)

        for work in self._spread([_Work(tuple(unit.number for unit in bundle)) for bundle in bundles(units)], give, hits):
            n_done += sum(files[number].size for number in work.numbers)
            self._progress("reading", n_done, total)

    def count(self, hits: Hits) -> Iterator[Counted]:
        """The second step for everything that is kept, in order."""
        entries = hits.entries()
        if not entries:
            return
        write_order(self._order, [], hits.folder)
        name = write_entries(entries, hits.folder)
        ends = [0, *accumulate(len(lot) for lot in lots_of(entries))]
        shares = {_Work(pair): counted_folder(hits.folder, name, pair[0]) for pair in pairwise(ends)}
        for other in hits.folder.glob("counted-*"):
            if other != next(iter(shares.values())).parent:
                shutil.rmtree(other)
        missing = [work for work, folder in shares.items() if not folder.is_dir()]
        for n_done, _ in enumerate(self._spread(missing, lambda actor, work: actor.count.remote(name, *work.numbers), hits), start=1):
            self._progress("counting", n_done, len(missing))
        for folder in shares.values():
            yield read_counted(folder)
            shutil.rmtree(folder)

    def close(self, hits: Hits) -> None:
        """Leaves the cluster, and takes back what its machines were told."""
        self._ray.shutdown()
        remove_order(hits.folder)

    def _spread(self, work: Sequence[_Work], give: Callable[[Any, _Work], Any], hits: Hits) -> Iterator[_Work]:
        """Gives the work to machines that are free, and again when one is lost; each piece as it is done."""
        if not work:
            return
        if not self._machines and not self._coming:
            self._start(str(hits.folder.resolve()))
        todo = deque(work)
        self._n_given += len(work)
        at_work: dict[Any, tuple[_Machine, _Work]] = {}
        while todo or at_work:
            for machine in self._machines:
                while machine.n_free and todo:
                    mine = todo.popleft()
                    at_work[give(machine.actor, mine)] = machine, mine
                    machine.n_free -= 1
            if not at_work and not self._coming:
                raise NoCluster(f"no machine of the cluster can go on. {' '.join(self.notes)} Mend that and call again: what is done is kept".strip())
            (ready, *_), _ = self._ray.wait([*at_work, *self._coming], num_returns=1)
            if ready in self._coming:
                self._welcome(self._coming.pop(ready), ready)
                continue
            machine, mine = at_work.pop(ready)
            machine.n_free += 1
            try:
                unseen = self._ray.get(ready)
            except self._errors.RayActorError:
                if machine in self._machines:
                    self._machines.remove(machine)
                    self._n_lost += 1
                hits.refresh()
                self._n_again += 1
                if mine.n_tries + 1 >= TRIES_MAX:
                    raise NoCluster(
                        f"{TRIES_MAX} machines were lost over the same piece of work (number {mine.numbers[0]}); look into Ray's logs for why: "
                        "too little memory, mostly"
                    ) from None
                todo.appendleft(_Work(mine.numbers, mine.n_tries + 1))
            except self._errors.RayTaskError as error:
                raise error.cause or error from None
            else:
                if unseen:
                    self._say_unseen(machine, unseen)
                yield mine

    def _say_unseen(self, machine: _Machine, numbers: Sequence[int]) -> None:
        path = self._files[numbers[0]].path
        raise NotShared(
            f"{path}: the machine {machine.where} does not see this file, or sees it with another size; all machines must have the files"
            " under the same path"
        )

    def _start(self, folder: str) -> None:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        remote = self._ray.remote(Node)
        for node in self._ray.nodes():
            n = int(node["Resources"].get("CPU", 0))
            if node["Alive"] and n:
                here = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
                actor = remote.options(num_cpus=n, max_concurrency=n, max_restarts=0, scheduling_strategy=here).remote(folder)
                self._coming[actor.prepare.remote()] = _Machine(node["NodeManagerHostname"], actor, n)

    def _welcome(self, machine: _Machine, answer: Any) -> None:
        try:
            refusal = self._ray.get(answer)
        except self._errors.RayActorError:
            self._n_lost += 1
        except self._errors.RayTaskError as error:
            raise error.cause or error from None
        else:
            if refusal:
                self._refused.append(f"{machine.where} {refusal}")
            else:
                self._machines.append(machine)


def _connect(address: str) -> tuple[Any, Any]:
    try:
        import ray
        import ray.exceptions
    except ImportError:
        raise NoCluster("Ray is not installed; install amanat with its extra: pip install 'amanat[ray]', on every machine") from None
    try:
        if address != "auto":
            host, _, port = address.rpartition(":")
            socket.create_connection((host, int(port)), timeout=10).close()  # Ray itself would go on trying
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, RuntimeError, ValueError):
        raise NoCluster(
            f"{address}: no Ray cluster answers; start one (ray start --head here, ray start --address HOST:PORT on the others) and give its address"
        ) from None
    return ray, ray.exceptions
