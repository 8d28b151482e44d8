"""The journal must show every change, removal and swap, and admit what it cannot see."""

import json
from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.lib.journal import FIRST, Journal, NotAJournal, as_line, link, verify_entries, verify_file

NOON = datetime(2026, 11, 13, 12, tzinfo=timezone.utc)


def a_journal(path, n=5):
    journal = Journal(path)
    for i in range(n):
        journal.write(who="staff-1", act="fact.entered", at=NOON, what={"fact": f"f{i}"}, why="known now")
    return journal


def test_a_journal_that_nobody_touched_is_whole(tmp_path):
    journal = a_journal(tmp_path / "journal.jsonl")
    verdict = verify_file(tmp_path / "journal.jsonl", head=journal.head)
    assert (verdict.is_whole, verdict.n_entries, verdict.head, verdict.is_head_checked) == (True, 5, journal.head, True)


def test_a_second_writer_continues_the_chain(tmp_path):
    a_journal(tmp_path / "j", 2)
    Journal(tmp_path / "j").write(who="staff-2", act="notice.approved", at=NOON)
    verdict = verify_file(tmp_path / "j")
    assert (verdict.is_whole, verdict.n_entries) == (True, 3)


def test_a_changed_word_is_found_at_its_entry(tmp_path):
    a_journal(tmp_path / "j")
    text = (tmp_path / "j").read_text().replace('"f2"', '"f9"')
    (tmp_path / "j").write_text(text)
    verdict = verify_file(tmp_path / "j")
    assert (verdict.is_whole, verdict.n_entries) == (False, 2)
    assert verdict.problem == "entry 3 was changed after it was written"


def test_an_entry_rewritten_with_a_right_hash_breaks_the_next_one(tmp_path):
    a_journal(tmp_path / "j")
    lines = (tmp_path / "j").read_text().splitlines()
    old = json.loads(lines[1])
    lines[1] = as_line(link(seq=2, at=NOON, who="intruder", act=old["act"], what=old["what"], why="", prev=old["prev"]))
    (tmp_path / "j").write_text("\n".join(lines) + "\n")
    assert verify_file(tmp_path / "j").problem == "entry 3 does not follow the one before it: an entry was removed, replaced or moved"


def test_cut_off_entries_are_seen_only_against_a_head_kept_elsewhere(tmp_path):
    head = a_journal(tmp_path / "j").head
    lines = (tmp_path / "j").read_text().splitlines()
    (tmp_path / "j").write_text("\n".join(lines[:3]) + "\n")
    assert verify_file(tmp_path / "j").is_whole
    assert not verify_file(tmp_path / "j", head=head).is_whole


def test_half_a_line_after_a_crash_is_mended_and_the_rest_kept(tmp_path):
    a_journal(tmp_path / "j", 3)
    with (tmp_path / "j").open("a") as file:
        file.write('{"seq": 4, "at": "20')
    Journal(tmp_path / "j").write(who="staff-1", act="fact.entered", at=NOON)
    verdict = verify_file(tmp_path / "j")
    assert (verdict.is_whole, verdict.n_entries) == (True, 4)


def test_a_broken_journal_is_not_continued(tmp_path):
    a_journal(tmp_path / "j")
    (tmp_path / "j").write_text((tmp_path / "j").read_text().replace("f1", "g1"))
    with pytest.raises(NotAJournal, match="entry 2 was changed"):
        Journal(tmp_path / "j")


def test_a_missing_journal_is_said(tmp_path):
    with pytest.raises(NotAJournal, match="cannot be opened"):
        verify_file(tmp_path / "nothing.jsonl")


def test_entries_hold_text_of_every_script(tmp_path):
    Journal(tmp_path / "j").write(who="کارمند", act="notice.approved", at=NOON, why="à l’heure")
    assert verify_file(tmp_path / "j").is_whole


@settings(max_examples=200)
@given(n=st.integers(2, 12), data=st.data())
def test_any_removal_or_swap_in_the_middle_is_found(n, data):
    entries, prev = [], FIRST
    for i in range(n):
        entry = link(seq=i + 1, at=NOON, who="s", act="a", what={"i": i}, why="", prev=prev)
        prev = entry.hash
        entries.append(json.loads(as_line(entry)))
    if data.draw(st.booleans()):
        del entries[data.draw(st.integers(0, n - 2))]
    else:
        i, j = data.draw(st.lists(st.integers(0, n - 1), min_size=2, max_size=2, unique=True))
        entries[i], entries[j] = entries[j], entries[i]
    assert not verify_entries(entries).is_whole


@settings(max_examples=300)
@given(position=st.integers(min_value=0), flip=st.integers(1, 127))
def test_any_changed_byte_is_found(tmp_path_factory, position, flip):
    path = tmp_path_factory.mktemp("j") / "j"
    a_journal(path, 3)
    text = bytearray(path.read_bytes())
    position %= len(text) - 1  # the last byte is the end of the last line
    text[position] ^= flip
    path.write_bytes(text)
    assert not verify_file(path).is_whole


def test_two_who_write_the_same_journal_leave_one_whole_chain(tmp_path):
    path, at = tmp_path / "journal.jsonl", datetime(2026, 3, 6, tzinfo=timezone.utc)
    one, other = Journal(path), Journal(path)
    for n in range(3):
        one.write(who="run", act="step.done", at=at, what={"n": n})
        other.write(who="sara", act="notices.approved", at=at, what={"n": n})

    verdict = verify_file(path)
    assert (verdict.is_whole, verdict.n_entries) == (True, 6)
    assert one.write(who="run", act="step.done", at=at).seq == 7
