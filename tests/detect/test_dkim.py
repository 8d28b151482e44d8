"""DKIM and ARC, judged by messages that an independent program signed."""

from pathlib import Path

import pytest

from amanat.detect.dkim import EXAMPLE_KEYS as KEYS_OF_EXAMPLE
from amanat.detect.dkim import EXAMPLE_SIGNED, BadKeys, read_keys, signatures
from tests.detect.signed_elsewhere import KEYS, SEALED, SIMPLE


def whole(raw, keys):
    return [(s.kind, s.is_whole) for s in signatures(raw, keys)]


def test_signatures_made_elsewhere_fit():
    assert whole(SIMPLE, KEYS) == [("dkim", True)]
    assert whole(EXAMPLE_SIGNED, KEYS_OF_EXAMPLE) == [("dkim", True)]
    assert sorted(whole(SEALED, KEYS)) == [("arc-message", True), ("arc-seal", True), ("dkim", True)]


def test_a_message_with_unix_line_ends_is_the_same_message():
    assert whole(SIMPLE.replace(b"\r\n", b"\n"), KEYS) == [("dkim", True)]


def test_one_changed_word_breaks_it():
    assert whole(SIMPLE.replace(b"See you", b"See thee"), KEYS) == [("dkim", False)]
    assert whole(SIMPLE.replace(b"sara@example.org", b"zara@example.org"), KEYS) == [("dkim", False)]
    assert ("arc-seal", False) in whole(SEALED.replace(b"spf=pass", b"spf=fail"), KEYS)


def test_without_the_key_nothing_is_said():
    assert whole(SIMPLE, {}) == [("dkim", None)]


def test_a_file_of_keys_that_is_none_is_said_with_its_line(tmp_path: Path):
    file = tmp_path / "keys.txt"
    file.write_text("probe._domainkey.example.org v=DKIM1; p=AAAA\nnonsense\n", encoding="utf-8")
    with pytest.raises(BadKeys, match=r"keys.txt:2"):
        read_keys(file)
