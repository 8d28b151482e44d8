"""Reading files and folders: paths, numbers, gaps, and the confined child."""

import contextlib
import os
import socket
from pathlib import Path

import pytest

from amanat.lib.errors import Fixable
from amanat.scope.read import Batch, Limits, confinement, read_passwords, read_units
from amanat.scope.record import FIELD, RECORDS
from amanat.terms.finding import Gap
from tests.scope import hostile

MISBEHAVING = '''
"""Readers that do what hostile files would make them do."""
import ctypes, os, socket, subprocess, sys
from amanat.scope.reader import Fields, Reader

def read(source, context):
    deed = source.whole(1000).decode().split(":")[1].strip()
    yield Fields(["before"])
    if deed == "loop":
        while True: pass
    elif deed == "sleep":
        import time
        time.sleep(3600)
    elif deed == "memory": held = bytearray(4 << 30)
    elif deed == "passwd": yield Fields([open("/etc/passwd").read()])
    elif deed == "passwd-raw":
        libc = ctypes.CDLL(None)
        if libc.open(b"/etc/passwd", 0) < 0: raise PermissionError
        yield Fields(["opened"])
    elif deed == "socket": socket.socket(); yield Fields(["made a socket"])
    elif deed == "exec": os.execv("/bin/true", ["true"])
    elif deed == "fork": os.fork(); yield Fields(["forked"])
    elif deed == "write": open("/tmp/amanat-written-by-a-reader", "w").write("x"); yield Fields(["wrote"])
    elif deed == "kill": os.kill(os.getppid(), 9); yield Fields(["killed"])
    elif deed == "crash": ctypes.string_at(0)
    elif deed == "exit": os._exit(0)
    elif deed == "descriptors":
        for _ in range(10_000): os.dup(0)
        yield Fields(["has ten thousand files open"])
    elif deed == "unlink": os.unlink("/tmp"); yield Fields(["removed"])
    elif deed == "limit":
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40)); yield Fields(["raised its limit"])
    elif deed == "forge": os.write(4, b"R" * 100); os._exit(0)
    elif deed == "environment": yield Fields([",".join(sorted(os.environ))])
    elif deed == "root": yield Fields([str(os.geteuid())])

READER = Reader(
    says="misbehaving", looks=lambda s: 1.0 if s.peek(10).startswith(b"MISBEHAVE:") else 0.0, read=read, suffixes=(),
    source="https://example.org", examples=lambda: (), not_examples=lambda: (),
)
'''


def read_all(*paths: Path, **options) -> tuple[dict[str, list[str]], dict[str, Gap]]:
    """Texts by path and gaps by path; the last gap of a path is kept."""
    texts: dict[str, list[str]] = {}
    gaps: dict[str, Gap] = {}
    for result in read_units(list(paths), **options):
        if isinstance(result, Batch):
            assert result.records.schema == RECORDS
            have = texts.setdefault(result.path, [])
            assert result.records.column("record").to_pylist() == list(range(len(have), len(have) + result.records.num_rows))
            have += result.records.column("text").to_pylist()
        else:
            gaps[result.path] = result
    return texts, gaps


def test_paths_are_relative_and_members_stand_behind_an_exclamation_mark(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "backup.zip").write_bytes(hostile.zip_of({"old/inner.zip": hostile.zip_of({"guests.csv": hostile.TABLE})}))
    texts, gaps = read_all(tmp_path)
    assert texts == {"a/backup.zip!/old/inner.zip!/guests.csv": [f"Sara{FIELD}sara@example.org", f"Omid{FIELD}omid@example.org"]}
    assert not gaps


def test_a_file_that_changes_while_it_is_read_is_read_and_is_a_gap(tmp_path):
    live = tmp_path / "live.csv"
    live.write_bytes(hostile.TABLE)

    def leave(file) -> bool:
        with live.open("ab") as more:  # after the walk, before the reading
            more.write(b"Mina,mina@example.org\n")
        return False

    texts, gaps = read_all(tmp_path, leave=leave)
    assert f"Sara{FIELD}sara@example.org" in texts["live.csv"]
    assert (gaps["live.csv"].reason, gaps["live.csv"].next_step) == (
        "It changed while it was read: what was found may be of two versions.",
        "Scan a copy that nothing writes to.",
    )


def test_a_file_that_goes_away_while_the_folder_is_walked_does_not_end_the_scan(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_bytes(hostile.TABLE)
    (tmp_path / "gone.csv").write_bytes(hostile.TABLE)
    listed = os.walk

    def walk_and_remove(*given, **options):
        found = list(listed(*given, **options))
        (tmp_path / "gone.csv").unlink()
        return found

    monkeypatch.setattr(os, "walk", walk_and_remove)
    texts, gaps = read_all(tmp_path)
    assert list(texts) == ["a.csv"] and list(gaps) == ["gone.csv"] and "could not be looked at" in gaps["gone.csv"].reason


def test_units_are_numbered_in_sorted_order_and_all_bytes_are_covered(tmp_path):
    for name in ("b.csv", "a.csv", "c.csv"):
        (tmp_path / name).write_bytes(hostile.TABLE)
    seen = []
    batches = [b for b in read_units([tmp_path], progress=lambda what, done, total: seen.append((done, total))) if isinstance(b, Batch)]
    assert {b.path: b.unit for b in batches} == {"a.csv": 0, "b.csv": 1, "c.csv": 2}
    assert seen[-1] == (3.0 * len(hostile.TABLE), 3.0 * len(hostile.TABLE))


def test_a_missing_path_is_said_and_can_be_mended(tmp_path):
    with pytest.raises(Fixable, match="no such file"):
        list(read_units([tmp_path / "nowhere"]))


def test_an_empty_folder_and_an_empty_file_are_no_gaps(tmp_path):
    assert read_all(tmp_path) == ({}, {})
    (tmp_path / "empty.csv").write_bytes(b"")
    assert read_all(tmp_path) == ({}, {})


def test_the_same_name_under_two_roots_stays_two_paths(tmp_path):
    for root in ("one", "two"):
        (tmp_path / root).mkdir()
        (tmp_path / root / "guests.csv").write_bytes(hostile.TABLE)
    texts, _ = read_all(tmp_path / "one", tmp_path / "two")
    assert sorted(texts) == [f"{tmp_path}/one/guests.csv", f"{tmp_path}/two/guests.csv"]


def test_links_out_of_the_folder_and_special_files_are_gaps_and_links_within_are_read_once(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "guests.csv").write_bytes(hostile.TABLE)
    (tmp_path / "in" / "again.csv").symlink_to("guests.csv")
    (tmp_path / "in" / "passwd").symlink_to("/etc/passwd")
    (tmp_path / "in" / "dangling").symlink_to("nowhere")
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    (tmp_path / "in" / "round").symlink_to("round")
    (tmp_path / "in" / "null").symlink_to("/dev/null")
    socket.socket(socket.AF_UNIX).bind(str(tmp_path / "in" / "s"))
    os.mkfifo(tmp_path / "in" / "pipe")
    texts, gaps = read_all(tmp_path / "in")
    assert list(texts) == ["guests.csv"]
    assert sorted(gaps) == ["dangling", "null", "passwd", "pipe", "round", "s", "up"]


def test_a_name_with_a_line_end_is_shown_on_one_line(tmp_path):
    (tmp_path / "guests\nof july.csv").write_bytes(hostile.TABLE)
    texts, _ = read_all(tmp_path)
    assert list(texts) == ["guests\\nof july.csv"]


def test_a_file_that_lies_about_its_type_is_read_as_what_it_is(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(hostile.TABLE)
    (tmp_path / "guests.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(30))
    (tmp_path / "table.xlsx").write_bytes(b'{"name": "Sara"}\n{"name": "Omid"}\n')
    (tmp_path / "text.txt").write_bytes(hostile.zip_of({"guests.csv": hostile.TABLE}))
    texts, gaps = read_all(tmp_path)
    assert texts["photo.jpg"] == [f"Sara{FIELD}sara@example.org", f"Omid{FIELD}omid@example.org"]
    assert texts["table.xlsx"] == ["Sara", "Omid"]
    assert list(texts["text.txt!/guests.csv"]) == texts["photo.jpg"]
    assert "picture" in gaps["guests.csv"].reason


def test_unknown_and_known_binary_formats_are_gaps_with_a_next_step(tmp_path):
    (tmp_path / "random.bin").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "guests.dump").write_bytes(b"PGDMP" + bytes(range(256)) * 20)
    _, gaps = read_all(tmp_path)
    assert "not known" in gaps["random.bin"].reason
    assert "PostgreSQL" in gaps["guests.dump"].reason and "pg_restore" in gaps["guests.dump"].next_step


def test_ten_gigabytes_of_hole_are_a_gap_at_once_and_the_data_behind_a_hole_is_read(tmp_path):
    with open(tmp_path / "hole.csv", "wb") as file:
        file.truncate(10 << 30)
    with open(tmp_path / "island.txt", "wb") as file:
        file.write(b"a@example.org\n")
        file.seek(3 << 30)
        file.write(b"\nb@example.org\n")
    texts, gaps = read_all(tmp_path)
    assert "holes" in gaps["hole.csv"].reason and gaps["hole.csv"].size_bytes == 10 << 30
    assert [line.strip() for line in texts["island.txt"] if line.strip()] == ["a@example.org", "b@example.org"]
    assert "holes" in gaps["island.txt"].reason


def test_every_hostile_file_is_read_as_far_as_it_goes_or_is_a_gap(tmp_path):
    hostile.write_all(tmp_path)
    guests = [f"Sara{FIELD}sara@example.org", f"Omid{FIELD}omid@example.org"]
    texts, gaps = read_all(tmp_path, limits=Limits(memory_bytes=1 << 30))
    # Bombs.
    assert "250 times" in gaps["ratio.zip!/blank.txt"].reason and "250 times" in gaps["ratio.7z!/blank.txt"].reason
    assert texts["ratio.zip!/guests.csv"] == guests
    assert any("deep" in gap.reason for path, gap in gaps.items() if path.startswith("deep.zip!/"))
    assert "entities" in gaps["entities.docx"].reason
    assert "entities" in gaps["external.xml"].reason and "entities" in gaps["quadratic.xml"].reason
    assert not any("root:" in text for text in texts["external.xml"])
    assert "times its size" in gaps["sheet.xlsx"].reason
    assert "17,179,869,184 cells" in gaps["far.xlsx"].reason or "far apart" in gaps["far.xlsx"].reason
    assert len([path for path in texts if path.startswith("overlap.zip!/")]) == 1 and "as in bombs" in gaps["overlap.zip!/a.txt (400)"].reason
    assert "deeply" in gaps["deep.json"].reason and "not well formed" in gaps["deep.xml"].reason
    assert "deeply" in gaps["forwarded.eml"].reason
    # Liars.
    assert len(texts["lying.zip!/a.csv"]) == 100_002
    assert "memory" in gaps["liar.avro"].reason
    assert gaps["dictionary.lzma!/dictionary"] and gaps["window.zst!/window"]
    assert "damaged" in gaps["loop.db!/table a"].reason
    assert texts["loop.pdf"] == ["Sara"]
    assert {"loop.doc", "store.pst"} <= set(gaps)
    # Two files in one.
    assert texts["both.pdf"] == ["Invoice for Sara"] and texts["both.pdf!/(archive behind it)!/guests.csv"] == guests
    assert texts["both.gif!/(archive behind it)!/guests.csv"] == guests
    # Names and links that lead out.
    assert sorted(path for path in texts if path.startswith("names.zip")) == [
        "names.zip!/../../etc/guests.csv", "names.zip!//etc/passwd.csv", "names.zip!/C:\\guests.csv", "names.zip!/line\\nfeed.csv",
    ]  # fmt: skip
    assert texts["link.zip!/guests.csv"] == guests and "link" in gaps["link.zip!/passwd"].reason
    assert texts["link.tar!/../guests.csv"] == guests
    assert texts["odd.tar!//etc/guests.csv"] == guests and texts["odd.tar!/endless.csv"] == guests
    assert "breaks off" in gaps["odd.tar!/endless.csv"].reason and "breaks off" in gaps["odd.tar"].reason
    # Locked, cut off, empty.
    assert "encrypted" in gaps["locked.zip!/guests.csv"].reason and "password" in gaps["locked.zip!/guests.csv"].next_step
    assert "encrypted" in gaps["locked.7z"].reason
    assert "damaged" in gaps["cut.zip"].reason
    assert len(texts["cut.csv.gz!/cut.csv"]) > 1000 and "only up to record" in gaps["cut.csv.gz!/cut.csv"].reason
    assert {"cut.docx", "cut.pdf", "zeros.csv"} <= set(gaps)
    assert "empty.csv" not in gaps and "empty.csv" not in texts
    assert len(texts["wide.csv"]) == 2
    assert texts["good.csv"] == guests


def test_passwords_are_tried_on_what_is_locked(tmp_path):
    (tmp_path / "a.zip").write_bytes(hostile.encrypted_zip())
    (tmp_path / "a.7z").write_bytes(hostile.locked_7z())
    guests = [f"Sara{FIELD}sara@example.org", f"Omid{FIELD}omid@example.org"]
    texts, gaps = read_all(tmp_path, passwords=["crocus", "saffron"])
    assert texts == {"a.zip!/guests.csv": guests, "a.7z!/guests.csv": guests} and not gaps
    texts, gaps = read_all(tmp_path, passwords=["crocus"])
    assert not texts and {gap.reason for gap in gaps.values()} == {"It is encrypted, and none of the passwords given opens it."}


def test_a_list_of_passwords_is_lines_of_a_file_and_a_bad_one_is_said(tmp_path):
    (tmp_path / "p.txt").write_text("saffron\n\n کلید \nsaffron\n", encoding="utf-8")
    assert read_passwords(tmp_path / "p.txt") == ("saffron", " کلید ")
    with pytest.raises(Fixable, match="cannot be opened"):
        read_passwords(tmp_path / "none.txt")
    (tmp_path / "p.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(Fixable, match="UTF-8"):
        read_passwords(tmp_path / "p.txt")
    (tmp_path / "p.txt").write_text("\n".join(map(str, range(5000))))
    with pytest.raises(Fixable, match="5,000 passwords"):
        read_passwords(tmp_path / "p.txt")


def test_too_many_entries_end_the_archive_and_what_came_before_is_kept(tmp_path):
    (tmp_path / "many.zip").write_bytes(hostile.many_entries(10_000))
    texts, gaps = read_all(tmp_path / "many.zip", limits=Limits(entries=100))
    assert len(texts) == 100 and "more files" in gaps["many.zip"].reason


def test_an_endless_line_is_cut_where_words_end(tmp_path):
    (tmp_path / "line.txt").write_bytes(b"sara@example.org " * 1_000_000)
    texts, gaps = read_all(tmp_path, limits=Limits(record_bytes=1 << 20))
    assert not gaps
    assert max(map(len, texts["line.txt"])) <= 1 << 20
    assert sum(text.count("sara@example.org") for text in texts["line.txt"]) == 1_000_000


def test_a_message_too_large_to_be_held_is_a_gap(tmp_path):
    (tmp_path / "a.eml").write_bytes(b"From: a@example.org\nTo: b@example.org\nSubject: x\n\n" + b"y\n" * 1_000_000)
    _, gaps = read_all(tmp_path, limits=Limits(held_bytes=1 << 20))
    assert "held whole" in gaps["a.eml"].reason


@pytest.fixture
def misbehaving(tmp_path, monkeypatch):
    home = tmp_path / "extra" / "scope" / "readers"
    home.mkdir(parents=True)
    (home / "misbehaving.py").write_text(MISBEHAVING)
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path / "extra"))
    return tmp_path


def test_a_reader_taken_over_by_its_file_is_stopped_and_the_other_files_are_read(misbehaving):
    files = misbehaving / "files"
    files.mkdir()
    deeds = "loop sleep memory passwd passwd-raw socket exec fork write kill crash exit forge descriptors unlink limit".split()
    for deed in deeds:
        (files / f"{deed}.x").write_text(f"MISBEHAVE:{deed}")
    (files / "zz.csv").write_bytes(hostile.TABLE)
    texts, gaps = read_all(files, limits=Limits(cpu_seconds=2, wall_seconds=4, memory_bytes=1 << 30))
    assert sorted(gaps) == sorted(f"{deed}.x" for deed in deeds)
    assert texts["zz.csv"] == [f"Sara{FIELD}sara@example.org", f"Omid{FIELD}omid@example.org"]
    assert all(set(found) <= {"before"} for path, found in texts.items() if path != "zz.csv")
    assert not Path("/tmp/amanat-written-by-a-reader").exists()
    assert "longer" in gaps["sleep.x"].reason or "processor" in gaps["sleep.x"].reason
    assert "memory" in gaps["memory.x"].reason
    assert "crashed" in gaps["crash.x"].reason


def test_the_child_sees_none_of_our_environment_and_is_not_root(misbehaving, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    (misbehaving / "e.x").write_text("MISBEHAVE:environment")
    (misbehaving / "r.x").write_text("MISBEHAVE:root")
    texts, _ = read_all(misbehaving / "e.x", misbehaving / "r.x")
    assert "DATABASE_URL" not in texts["e.x"][1]
    assert texts["r.x"][1] != "0"


def killed_after(n: int, monkeypatch) -> None:
    """The first reading process is killed once n frames have come; what it wrote behind them is lost with it."""
    from amanat.lib.warm import Died
    from amanat.scope import confined

    whole, n_frames = confined.Zygote._frames, 0

    def frames(self, out, allowed):
        nonlocal n_frames
        with contextlib.closing(whole(self, out, allowed)) as coming:
            for frame in coming:
                yield frame
                n_frames += 1
                if n_frames == n:
                    self._process.kill()
                    self._process.wait()
                    raise Died

    monkeypatch.setattr(confined.Zygote, "_frames", frames)


# Of each file come three frames: it begins, its records, it is done.
FRAMES_OF_A_FILE = 3


def test_a_reading_process_that_is_killed_is_replaced_and_no_record_is_read_twice(tmp_path, monkeypatch):
    for i in range(40):
        (tmp_path / f"{i:02}.csv").write_bytes(hostile.TABLE)
    killed_after(7 * FRAMES_OF_A_FILE, monkeypatch)

    texts, gaps = read_all(tmp_path, workers=1)

    assert not gaps
    assert {path: len(found) for path, found in texts.items()} == {f"{i:02}.csv": 2 for i in range(40)}


def test_a_file_that_was_half_delivered_when_its_process_died_is_a_gap_and_the_others_are_whole(tmp_path, monkeypatch):
    for i in range(40):
        (tmp_path / f"{i:02}.csv").write_bytes(hostile.TABLE)
    killed_after(7 * FRAMES_OF_A_FILE - 1, monkeypatch)

    texts, gaps = read_all(tmp_path, workers=1)

    assert [(path, gap.reason) for path, gap in gaps.items()] == [
        ("06.csv", "It could be read only in part. The process that reads files died over it.")
    ]
    assert {path: len(found) for path, found in texts.items()} == {f"{i:02}.csv": 2 for i in range(40)}


def test_a_process_that_cannot_start_is_said(tmp_path, monkeypatch):
    (tmp_path / "extra" / "scope" / "readers").mkdir(parents=True)
    (tmp_path / "extra" / "scope" / "readers" / "broken.py").write_text("import no_such_module_anywhere\n")
    (tmp_path / "guests.csv").write_bytes(hostile.TABLE)
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path / "extra"))
    with pytest.raises(Fixable, match="no_such_module_anywhere"):
        read_all(tmp_path / "guests.csv")


def test_a_scan_that_is_given_up_leaves_nothing_running(tmp_path):
    (tmp_path / "big.csv").write_bytes(hostile.TABLE * 100_000)
    results = read_units([tmp_path])
    next(results)
    results.close()
    texts, _ = read_all(tmp_path)
    assert len(texts["big.csv"]) == 300_000 - 1


def test_the_confinements_are_named():
    assert set(confinement()) == {"no network", "limits", "no privileges", "no files", "few system calls"}
    assert confinement()["limits"]


def test_every_format_reads_the_same_in_the_confined_process(tmp_path):
    from tests.scope.readers.reading import READERS, read

    here = {}
    for name, reader in READERS.items():
        for number, data in enumerate(reader.examples()):
            path = f"{name}-{number}.bin"
            (tmp_path / path).write_bytes(data)
            here[path] = read(data, path)
    texts, gaps = read_all(tmp_path)
    expected: dict[str, list[str]] = {}
    for path, place, _, text in (row for rows in here.values() for row in rows):
        if place == "GAP":
            assert gaps[path].reason == text
        else:
            expected.setdefault(path, []).append(text)
    assert {path: [text.replace(FIELD, "|") for text in found] for path, found in texts.items()} == expected
