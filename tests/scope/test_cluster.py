"""A cluster of two machines gives the answer of one, also when one of them is lost. Needs Ray: `./run cluster`."""

import os
import re
import shutil
from datetime import date

import pyarrow.parquet as pq
import pytest

from amanat import scope
from amanat.scope import steps

pytestmark = pytest.mark.cluster
NOW, N_FILES = date(2026, 11, 22), 40
RESULTS = ("exposures", "findings", "places", "links", "outsiders", "bases")


class Stopped(Exception):
    """As if somebody had pulled the plug of the first machine."""


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """Files that are large enough to be read one by one, of 4,000 persons and some strangers."""
    home = tmp_path_factory.mktemp("shared")
    (home / "files").mkdir()
    rows = [f"P-{i},Sara{i},Ahmadi,s{i}@example.org" for i in range(4000)]
    (home / "register.csv").write_text("\n".join(["person_id,given_name,family_name,email", *rows]) + "\n", encoding="utf-8")
    for n in range(N_FILES):
        with (home / "files" / f"{n:02}.csv").open("w", encoding="utf-8") as file:
            file.write("note,email,password\n")
            for i in range(6000):
                file.write(f"{'x' * 160},s{(i * 7 + n) % 4400}@example.{'org' if i % 11 else 'com'},pw{i}xyzzy\n")
    return home


@pytest.fixture(scope="module")
def ray_cluster():
    """A head and one more machine, as processes here; the second one can be lost."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    yield cluster
    cluster.shutdown()


@pytest.fixture
def second(ray_cluster):
    node = ray_cluster.add_node(num_cpus=1)
    yield node
    if node in ray_cluster.list_all_nodes():
        ray_cluster.remove_node(node)


def find(case, out, **options):
    given = {"out": out, "key": bytes(32), "now": NOW, "workers": 2} | options
    return scope.find_exposures([case / "files"], case / "register.csv", **given)


@pytest.fixture(scope="module")
def alone(case, tmp_path_factory):
    out = tmp_path_factory.mktemp("alone")
    find(case, out)
    return out


def same(out, other):
    tables = all(pq.read_table(out / f"{name}.parquet").equals(pq.read_table(other / f"{name}.parquet")) for name in RESULTS)
    return tables and (out / "gaps.csv").read_bytes() == (other / "gaps.csv").read_bytes()


def again_of(found):
    """How many machines were lost, and how many of how many pieces of work were begun twice."""
    told = [re.search(r"([\d,]+) of the cluster's machines were lost on the way; ([\d,]+) of ([\d,]+) pieces", note) for note in found.notes]
    (numbers,) = [match.groups() for match in told if match] or [("0", "0", "1")]
    return tuple(int(number.replace(",", "")) for number in numbers)


def losing(cluster, node, during, share):
    """A progress that takes a machine away, without a word, once a share of a step is done."""
    left = [node]

    def progress(what, done, total):
        if what == during and left and done >= share * total:
            cluster.remove_node(left.pop(), allow_graceful=False)

    return progress


def test_two_machines_give_the_answer_of_one(case, alone, ray_cluster, second, tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "LOT_BYTES", 1 << 20)
    found = find(case, tmp_path, engine="ray", cluster=ray_cluster.address)
    assert same(tmp_path, alone) and again_of(found) == (0, 0, 1)
    left = {path.suffix for path in (tmp_path / "hits").rglob("*") if path.is_file()}
    assert left == {".arrow", ".jsonl"} and not list((tmp_path / "hits").rglob("order.json"))


def test_a_machine_lost_while_files_are_read_costs_what_it_had_in_hand(case, alone, ray_cluster, second, tmp_path):
    found = find(case, tmp_path, engine="ray", cluster=ray_cluster.address, progress=losing(ray_cluster, second, "reading", 0.3))
    assert same(tmp_path, alone)
    n_lost, n_again, _ = again_of(found)
    assert n_lost == 1 and n_again <= N_FILES / 10


def test_a_machine_lost_while_hits_are_counted_costs_what_it_had_in_hand(case, alone, ray_cluster, second, tmp_path, monkeypatch):
    shutil.copytree(alone, tmp_path, dirs_exist_ok=True)  # the first step is done already
    monkeypatch.setattr(steps, "LOT_BYTES", 1 << 20)
    found = find(case, tmp_path, engine="ray", cluster=ray_cluster.address, progress=losing(ray_cluster, second, "counting", 0.3))
    assert same(tmp_path, alone) and found.n_kept == N_FILES
    n_lost, n_again, n_given = again_of(found)
    assert n_lost == 1 and n_given >= N_FILES and n_again <= n_given / 10


@pytest.mark.parametrize(("during", "engine"), [("reading", "local"), ("counting", "ray")])
def test_a_run_whose_first_machine_stopped_goes_on_with_either_engine(case, alone, ray_cluster, tmp_path, monkeypatch, during, engine):
    monkeypatch.setattr(steps, "LOT_BYTES", 1 << 20)

    def progress(what, done, total):
        if what == during and done >= 0.4 * total:
            raise Stopped

    with pytest.raises(Stopped):
        find(case, tmp_path, engine="ray", cluster=ray_cluster.address, progress=progress)
    found = find(case, tmp_path, engine=engine, cluster=ray_cluster.address)
    assert same(tmp_path, alone)
    assert found.n_kept >= (0.4 if during == "reading" else 1) * N_FILES


def test_an_address_where_no_cluster_is_gets_a_sentence(case, tmp_path):
    from amanat.scope.cluster import NoCluster

    with pytest.raises(NoCluster, match="no Ray cluster answers"):
        find(case, tmp_path, engine="ray", cluster="127.0.0.1:1")


def test_files_that_the_other_machines_do_not_see_stop_the_scan_with_a_sentence(case, ray_cluster, tmp_path):
    from amanat.scope.cluster import NotShared

    home = tmp_path / "files"
    home.mkdir()
    (home / "a.csv").write_bytes((case / "files" / "00.csv").read_bytes())

    from amanat.scope import cluster as module

    began = module.write_order

    def shortened(order, units, folder):
        (home / "a.csv").write_bytes(b"email\nshorter@example.org\n")
        return began(order, units, folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "write_order", shortened)
        with pytest.raises(NotShared, match=r"a\.csv: the machine .* does not see this file"):
            scope.find_exposures(
                [home], case / "register.csv", out=tmp_path / "out", key=bytes(32), now=NOW, engine="ray", cluster=ray_cluster.address
            )
