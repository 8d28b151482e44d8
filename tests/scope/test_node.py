"""What each machine of a cluster does, without a cluster: shares of the work, in any order and by several, give the answer of one machine."""

import json
import stat
import sys
from datetime import date
from pathlib import Path

import pytest

from amanat import scope
from amanat.scope import node as node_module
from amanat.scope import steps
from amanat.scope.cluster import Cluster, NoCluster
from amanat.scope.counted import counted_folder, read_counted
from amanat.scope.hits import Hits, run_key
from amanat.scope.node import Node
from amanat.scope.order import Order, read_order, remove_order, write_entries, write_order
from amanat.scope.people import read_people
from amanat.scope.read import abilities, walk
from amanat.scope.register import open_register
from amanat.scope.tally import Tally

NOW, KEY = date(2026, 11, 22), bytes(32)


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """Sixty persons, twelve files."""
    home = tmp_path_factory.mktemp("shared")
    (home / "files").mkdir()
    rows = [f"P-{i},Sara{i},Ahmadi,s{i}@example.org,+1 202 555 01{i:02}" for i in range(60)]
    (home / "register.csv").write_text("\n".join(["person_id,given_name,family_name,email,phone", *rows]) + "\n", encoding="utf-8")
    for n in range(12):
        lines = ["email,password"] + [f"s{i}@example.org,pw{i}xyzzy" for i in range(n, 60, 3)] + [f"stranger{n}@example.com,secret{n}xyz"]
        (home / "files" / f"{n}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return home


@pytest.fixture
def told(case, tmp_path):
    """An order in the folder of the hits, as the first machine writes it."""
    order = Order(register=case / "register.csv", key=KEY, own_domains=(), passwords=("a password",), now=NOW)
    people = read_people(open_register(order.register), KEY, now=NOW)
    hits = Hits(tmp_path / "hits", run_key(people, KEY, (), NOW.year, repr((order.passwords, abilities()))))
    units, _ = walk([case / "files"])
    for unit in units:
        hits.leave(unit.as_file)
    write_order(order, units, hits.folder)
    return hits, units, people


def test_several_machines_do_the_work_of_one_and_what_one_left_undone_another_does(case, told, tmp_path, monkeypatch):
    hits, units, people = told
    alone = scope.find_exposures([case / "files"], case / "register.csv", out=tmp_path / "alone", key=KEY, passwords=("a password",), now=NOW)
    one, other = Node(str(hits.folder)), Node(str(hits.folder))
    assert one.prepare() == other.prepare() == ""
    for unit in units[:4]:
        one.judge(f"one-{unit.number}", [unit.number], [[]])
    for unit in units[3:]:  # the fourth is read by both
        other.judge(f"other-{unit.number}", [unit.number], [[]])
    hits.refresh()
    entries = hits.entries()
    assert len(entries) == 12
    monkeypatch.setattr(steps, "LOT_BYTES", 1)
    name = write_entries(entries, hits.folder)
    tally = Tally(people, KEY)
    begin = 0
    shares = []
    for lot in steps.lots_of(entries):
        (one, other)[begin % 2].count(name, begin, begin + len(lot))
        shares.append(begin)
        begin += len(lot)
    assert len(shares) == 12
    other.count(name, 0, 1)  # a machine that was thought lost does its share all the same
    for begin in shares:
        tally.add(read_counted(counted_folder(hits.folder, name, begin)))
    assert tally.exposures().equals(alone.exposures)
    assert not list(hits.folder.rglob("*.part"))


def test_the_order_is_for_its_owner_only_and_is_taken_back(told):
    hits, units, _ = told
    order, read = read_order(hits.folder)
    assert (order.key, order.passwords, [read[u.number] for u in units]) == (KEY, ("a password",), [*units])
    assert stat.S_IMODE((hits.folder / "order.json").stat().st_mode) == 0o600
    assert KEY.hex() in json.loads((hits.folder / "order.json").read_text())["key"]
    assert KEY.hex() not in repr(order) and "a password" not in repr(order)
    remove_order(hits.folder)
    assert not list(hits.folder.iterdir())


def test_a_machine_that_cannot_confine_readers_does_not_take_part(told, monkeypatch):
    monkeypatch.setattr(node_module, "confinement", lambda: {"no network": True, "no files": False})
    assert "cannot confine the process that opens hostile files (no files)" in Node(str(told[0].folder)).prepare()


def test_a_machine_that_sees_another_register_or_no_folder_does_not_take_part(told, case, tmp_path):
    hits, units, _ = told
    other = tmp_path / "register.csv"
    other.write_text("person_id,email\nP-1,s1@example.org\n", encoding="utf-8")
    write_order(Order(register=other, key=KEY, own_domains=(), passwords=("a password",), now=NOW), units, hits.folder)
    assert "another register" in Node(str(hits.folder)).prepare()
    assert "does not see the folder" in Node(str(tmp_path / "elsewhere")).prepare()


def test_files_that_a_machine_does_not_see_are_told_and_are_no_gap(case, told, tmp_path):
    hits, units, _ = told
    node = Node(str(hits.folder))
    assert node.prepare() == ""
    node._units[0] = units[0].__class__(0, tmp_path / "not-mounted" / "0.csv", "0.csv", 10)
    assert node.judge("w", [0, 1], [[], []]) == [0]
    hits.refresh()
    assert not hits.gaps() and not hits.entries()


def test_without_ray_or_a_cluster_there_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(NoCluster, match="install amanat with its extra"):
        Cluster(Order(register=Path("r.csv"), key=KEY, own_domains=(), passwords=(), now=NOW), "auto")
