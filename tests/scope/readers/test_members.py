"""Every reader against its own examples, and against examples that somebody has damaged."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanat.lib.open_set import OpenSet
from amanat.scope.reader import EXAMPLE_PASSWORD, Limits
from amanat.scope.record import RECORDS
from amanat.scope.source import Source
from amanat.scope.unit import Lack, Lot, read_unit, recognise

READERS = OpenSet("scope/readers", "READER").load()
EXAMPLES = [(name, i, data) for name, reader in READERS.items() for i, data in enumerate(reader.examples())]


@pytest.mark.parametrize(("name", "i", "data"), EXAMPLES, ids=[f"{name}-{i}" for name, i, _ in EXAMPLES])
def test_an_example_is_recognised_by_its_bytes_alone_and_read(name, i, data):
    assert recognise(Source.of_bytes(data), READERS) is READERS[name]
    results = list(read_unit(Source.of_bytes(data), "x", READERS, Limits()))
    if name == "picture":
        assert len(results) == 1 and "picture" in results[0].reason
    else:
        assert any(isinstance(result, Lot) for result in results)


@pytest.mark.parametrize("name", READERS)
def test_counter_examples_are_left_to_others(name):
    for data in READERS[name].not_examples():
        assert recognise(Source.of_bytes(data), READERS) is not READERS[name]


@pytest.mark.parametrize("name", READERS)
def test_a_reader_names_its_specification(name):
    assert READERS[name].source.startswith("https://") and READERS[name].says


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_file_gives_batches_or_gaps_and_never_an_exception(data):
    _, _, example = data.draw(st.sampled_from(EXAMPLES))
    damaged = bytearray(example)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(len(damaged) - 1, 0)))
        match data.draw(st.sampled_from(["flip", "cut", "double", "drop", "fill"])):
            case "flip" if damaged:
                damaged[at] ^= 1 << data.draw(st.integers(0, 7))
            case "cut":
                del damaged[at:]
            case "double":
                damaged[at:at] = damaged[at : at + 64]
            case "drop":
                del damaged[at : at + data.draw(st.integers(1, 64))]
            case "fill":
                damaged[at:at] = data.draw(st.binary(max_size=16))
    results = list(read_unit(Source.of_bytes(bytes(damaged), name="x"), "x", READERS, Limits(expanded_bytes=1 << 24, memory_bytes=1 << 28)))
    for result in results:
        if isinstance(result, Lot):
            result.records.validate(full=True)
            assert result.records.schema == RECORDS
        else:
            assert isinstance(result, Lack) and result.reason and result.next_step


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=3000))
def test_any_bytes_give_batches_or_gaps(data):
    for result in read_unit(Source.of_bytes(data), "x", READERS, Limits()):
        assert isinstance(result, (Lot, Lack))


def test_a_packed_file_whose_first_bytes_are_damaged_is_a_gap_and_not_an_empty_file():
    import gzip

    damaged = bytearray(gzip.compress(b"name,email\nSara,sara@example.org\n", mtime=0))
    damaged[10] ^= 0xFF  # the head of its first block
    (gap,) = read_unit(Source.of_bytes(bytes(damaged)), "x.gz", READERS, Limits())
    assert isinstance(gap, Lack) and "damaged" in gap.reason


def test_an_archive_whose_directory_lists_nothing_although_bytes_are_there_is_a_gap():
    data = READERS["archive"].examples()[0]
    end = bytearray(data[data.rindex(b"PK\x05\x06") :])
    end[8:20] = bytes(12)  # no entries, no directory
    (gap,) = read_unit(Source.of_bytes(data[: data.rindex(b"PK\x05\x06")] + bytes(end)), "x.zip", READERS, Limits())
    assert isinstance(gap, Lack) and "lists no file" in gap.reason


LOCKED = [(name, i, data) for name, reader in READERS.items() for i, data in enumerate(reader.locked_examples())]


@pytest.mark.parametrize(("name", "i", "data"), LOCKED, ids=[f"{name}-{i}" for name, i, _ in LOCKED])
def test_a_locked_file_is_a_gap_without_its_password_and_is_read_with_it(name, i, data):
    assert recognise(Source.of_bytes(data), READERS) is READERS[name]
    closed = list(read_unit(Source.of_bytes(data), "x", READERS, Limits()))
    assert closed and all(isinstance(result, Lack) and "encrypted" in result.reason and "password" in result.next_step for result in closed)
    opened = list(read_unit(Source.of_bytes(data), "x", READERS, Limits(), ("crocus", EXAMPLE_PASSWORD)))
    assert opened and all(isinstance(result, Lot) for result in opened)
