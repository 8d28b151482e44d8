"""Encryption of personal data: bound to its row, and gone with its key."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.web import crypto

ROW = UUID("00000000-0000-4000-8000-000000000001")
OTHER = UUID("00000000-0000-4000-8000-000000000002")
PLACE = "scope_affectedperson.secret"
KEYS = crypto.IncidentKeys(b"d" * 32, b"i" * 32)

values = st.recursive(st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)


@given(values)
def test_what_is_encrypted_comes_back_unchanged(value):
    assert KEYS.decrypt(KEYS.encrypt(value, place=PLACE, row=ROW), place=PLACE, row=ROW) == value


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_any_changed_byte_is_noticed(position, change):
    sealed = bytearray(KEYS.encrypt({"name": "Sara"}, place=PLACE, row=ROW))
    sealed[position % len(sealed)] ^= change
    with pytest.raises(crypto.DoesNotOpen):
        KEYS.decrypt(bytes(sealed), place=PLACE, row=ROW)


def test_a_value_moved_to_another_row_or_column_does_not_open():
    sealed = KEYS.encrypt("Sara", place=PLACE, row=ROW)
    with pytest.raises(crypto.DoesNotOpen):
        KEYS.decrypt(sealed, place=PLACE, row=OTHER)
    with pytest.raises(crypto.DoesNotOpen):
        KEYS.decrypt(sealed, place="scope_affectedperson.other", row=ROW)


def test_a_short_or_empty_value_does_not_open():
    for sealed in (b"", b"\x01", b"\x01" + b"x" * 20):
        with pytest.raises(crypto.DoesNotOpen):
            KEYS.decrypt(sealed, place=PLACE, row=ROW)


def test_the_same_person_is_blind_in_another_way_in_another_incident():
    other = crypto.IncidentKeys(b"d" * 32, b"j" * 32)

    assert KEYS.blind("email", "sara@example.org") == KEYS.blind("email", "sara@example.org")
    assert KEYS.blind("email", "sara@example.org") != KEYS.blind("person", "sara@example.org")
    assert KEYS.blind("email", "sara@example.org") != other.blind("email", "sara@example.org")


def test_wrapped_keys_belong_to_their_incident():
    keys = crypto.new_keys()
    wrapped = crypto.wrap(keys, incident_id=ROW)

    assert crypto.unwrap(wrapped, incident_id=ROW) == keys
    with pytest.raises(crypto.DoesNotOpen):
        crypto.unwrap(wrapped, incident_id=OTHER)


def test_keys_do_not_print():
    assert repr(KEYS) == "<incident keys>"


def test_a_master_key_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "master.key"
    path.write_text("ab" * 32)
    path.chmod(0o644)
    with pytest.raises(crypto.BadMasterKey, match="chmod 600"):
        crypto._read_key(path)


def test_a_master_key_of_the_wrong_length_is_refused_without_showing_it(tmp_path):
    path = tmp_path / "master.key"
    path.touch(mode=0o600)
    path.write_text("abcd")
    with pytest.raises(crypto.BadMasterKey, match="64 hexadecimal digits") as error:
        crypto._read_key(path)
    assert "abcd" not in str(error.value)


def test_a_secret_file_that_is_there_is_kept(tmp_path):
    crypto.make_secret_file(tmp_path / "k", "first")
    crypto.make_secret_file(tmp_path / "k", "second")

    assert (tmp_path / "k").read_text() == "first"
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
