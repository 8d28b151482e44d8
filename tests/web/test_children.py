"""What a child leaves behind when it ends badly: a sentence with a place in our code, and no value."""

from amanat.web import children
from amanat.web.children import ask_amanat, how_it_ended

TRACEBACK = """Traceback (most recent call last):
  File "/opt/x/site-packages/amanat/pipeline.py", line 12, in run
    go()
  File "/opt/x/site-packages/amanat/scope/find.py", line 120, in _add
    raise KeyError("sara@example.org")
KeyError: 'Sara Nemouneh, sara@example.org'
"""


def test_the_sentence_has_the_sort_of_the_error_and_its_place_and_no_value():
    said = how_it_ended(1, TRACEBACK)

    assert said.startswith("the reading ended unexpectedly (exit 1: KeyError in amanat/scope/find.py, line 120); ask again")
    assert "Sara" not in said and "sara" not in said


def test_who_was_killed_for_want_of_memory_is_told_what_to_do():
    assert how_it_ended(-9, "").startswith("the machine ended the reading (SIGKILL), most likely for want of memory;")


def test_words_that_are_no_traceback_are_not_repeated():
    assert "Sara" not in how_it_ended(3, "Sara: not found\n")


def test_a_child_that_gives_no_answer_leaves_its_sentence_and_the_log_has_it_too(tmp_path, monkeypatch, caplog):
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\ncat >&2 <<'END'\n" + TRACEBACK + "END\nexit 1\n")
    program.chmod(0o700)
    monkeypatch.setattr(children.sys, "executable", str(program))
    code, answer = ask_amanat(["run", "story"])

    assert (code, answer["error"]) == (1, how_it_ended(1, TRACEBACK))
    assert "KeyError in amanat/scope/find.py" in caplog.text and "Sara" not in caplog.text
