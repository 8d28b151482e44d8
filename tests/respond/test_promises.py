"""The register of public promises: what makes one, how each is kept, broken or moved, and that nothing of it is ever taken out."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from amanat.lib.journal import Journal, verify_file
from amanat.respond.__main__ import VERB
from amanat.respond.promises import FILE, BadPromise, a_promise, break_, keep, move, promises_made, read_promises, take_promises, write_promises
from amanat.terms.fact import Fact

NOW = datetime(2026, 3, 6, 17, 0, tzinfo=timezone.utc)
DUE = datetime(2026, 3, 10, 17, 0, tzinfo=timezone.utc)
FACTS = {
    "next_update": Fact(name="next_update", value=DUE, status="known"),
    "what_we_offer": Fact(name="what_we_offer", value={"en": "We watch your credit file.", "fr": "Nous surveillons votre dossier."}, status="known"),
    "what_we_will_do": Fact(name="what_we_will_do", value={"en": "We replace every card."}, status="believed"),
    "what_happened": Fact(name="what_happened", value={"en": "Thieves came."}, status="known"),
}


def made(carried=("next_update", "what_we_offer", "what_we_will_do"), facts=FACTS):
    return promises_made(facts, carried, made_in="notice", made_at=NOW, owner="ana")


def one(**more):
    return a_promise("other", {"en": "We publish the report."}, **{"made_in": "press", "made_at": NOW, "due_at": DUE, "owner": "ana", **more})


@pytest.fixture
def case(tmp_path):
    Journal(tmp_path / "journal.jsonl").write(who="test", act="run.started", at=NOW, what={"incident": "practice"})
    return tmp_path


def run(*arguments, capsys):
    code = VERB.main([*map(str, arguments), "--format", "json"])
    out = capsys.readouterr()
    return code, json.loads(out.out)


def test_the_next_update_the_offers_and_the_measures_of_a_text_are_promises():
    found = {promise.kind: promise for promise in made()}
    assert set(found) == {"next_update", "offer", "measure"}
    assert (found["next_update"].due_at, found["next_update"].words) == (DUE, {})
    assert found["offer"].words["fr"] == "Nous surveillons votre dossier." and found["offer"].due_at is None


def test_what_nobody_read_and_what_is_unknown_was_promised_to_nobody():
    assert made(carried=("what_happened",)) == []
    assert made(facts={"next_update": Fact(name="next_update", value=None, status="unknown")}) == []


def test_a_moment_that_was_noted_as_text_is_the_same_promise():
    as_text = {"next_update": Fact(name="next_update", value="2026-03-10T18:00:00+01:00", status="known")}
    assert made(("next_update",), as_text)[0].id == made(("next_update",))[0].id


def test_the_same_words_and_date_are_one_promise_and_another_date_is_another():
    assert one().id == one(made_at=NOW + timedelta(days=1)).id
    assert one().id != one(due_at=DUE + timedelta(hours=1)).id


@pytest.mark.parametrize("more", [{"owner": " "}, {"words": {"en": "  "}}])
def test_a_promise_without_words_or_owner_is_none(more):
    given = {"words": {"en": "We publish."}, "owner": "ana", **more}
    with pytest.raises(BadPromise):
        a_promise("other", given["words"], made_in="press", made_at=NOW, due_at=None, owner=given["owner"])


def test_kept_needs_evidence_and_says_when_it_was_late():
    with pytest.raises(BadPromise, match="where anybody can see"):
        keep(one(), at=DUE, evidence=" ")
    with pytest.raises(BadPromise, match="before it was made"):
        keep(one(), at=NOW - timedelta(seconds=1), evidence="https://example.org")
    assert keep(one(), at=DUE, evidence="https://example.org").standing(DUE) == "kept"
    assert keep(one(), at=DUE + timedelta(seconds=1), evidence="https://example.org").standing(DUE) == "kept_late"


def test_broken_and_moved_need_a_reason_and_happen_once():
    with pytest.raises(BadPromise):
        break_(one(), at=NOW, why="")
    with pytest.raises(BadPromise):
        move(one(), at=NOW, due_at=DUE + timedelta(days=1), why="")
    broken = break_(one(), at=NOW, why="The experts found more.")
    with pytest.raises(BadPromise, match="settled already"):
        move(broken, at=NOW, due_at=DUE + timedelta(days=1), why="later")
    # Somebody settled it as broken too early: that it was kept may still be shown.
    assert keep(broken, at=DUE, evidence="press release 4").state == "kept"


@pytest.mark.parametrize("due_at", [DUE, NOW, NOW - timedelta(days=1)])
def test_a_promise_is_not_moved_to_its_own_date_nor_into_the_past(due_at):
    with pytest.raises(BadPromise):
        move(one(), at=NOW, due_at=due_at, why="later")


def test_a_promise_that_is_moved_away_and_back_is_another_promise():
    first, second = move(one(), at=NOW, due_at=DUE + timedelta(days=1), why="later")
    _gone, third = move(second, at=NOW, due_at=DUE, why="sooner")
    assert len({first.id, second.id, third.id}) == 3
    assert first.standing(DUE) == "moved" and first.moved_to == second.id


def test_sending_twice_promises_once_and_the_register_keeps_every_line(tmp_path):
    assert len(take_promises(tmp_path, FACTS, set(FACTS), made_in="notice", made_at=NOW, owner="ana")) == 3
    assert take_promises(tmp_path, FACTS, set(FACTS), made_in="notice", made_at=NOW + timedelta(hours=1), owner="bob") == []
    first = next(iter(read_promises(tmp_path).values()))
    write_promises(tmp_path, [keep(first, at=DUE, evidence="update 2")])
    assert read_promises(tmp_path)[first.id].state == "kept"
    assert len((tmp_path / FILE).read_text(encoding="utf-8").splitlines()) == 4


def test_a_register_that_was_cut_is_said_with_its_line(tmp_path):
    write_promises(tmp_path, [one(), one(owner="bob", due_at=None)])
    whole = (tmp_path / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(whole[:-30], encoding="utf-8")
    with pytest.raises(BadPromise, match="line 2 is no promise"):
        read_promises(tmp_path)


def test_the_commands_make_list_and_settle_and_the_journal_has_each(case, capsys):
    code, keys = run(
        "promise", case, "--says", "en=We publish.", "--says", "fa=منتشر می‌کنیم.", "--owner", "ana", "--due", DUE.isoformat(), capsys=capsys
    )
    name = keys["promise"]["id"]
    assert code == 0 and keys["promise"]["words"]["fa"] == "منتشر می‌کنیم."
    assert run("promises", case, "--now", (DUE - timedelta(hours=1)).isoformat(), capsys=capsys)[1]["promises"][0]["standing"] == "due_soon"
    code, keys = run("promises", case, "--now", (DUE + timedelta(hours=1)).isoformat(), capsys=capsys)
    assert (code, keys["n_overdue"]) == (1, 1)
    code, keys = run("settle-promise", case, name, "kept", "--as", "ana", "--evidence", "https://example.org/report", capsys=capsys)
    assert code == 0
    acts = [json.loads(line)["act"] for line in (case / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    assert acts == ["run.started", "promise.made", "promise.kept"]
    assert verify_file(case / "journal.jsonl").is_whole


@pytest.mark.parametrize(
    "arguments",
    [
        ("promise", "CASE", "--says", "We publish.", "--owner", "ana"),
        ("settle-promise", "CASE", "0123456789ab", "kept", "--as", "ana", "--evidence", "x"),
        ("promises", "ELSEWHERE"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_exit_2(arguments, case, tmp_path, capsys):
    given = [{"CASE": str(case), "ELSEWHERE": str(tmp_path / "none")}.get(a, a) for a in arguments]
    assert VERB.main(given) == 2
    assert capsys.readouterr().err.startswith("amanat: ")
