"""Where a key stands in a TOML file, found by its place."""

from pathlib import Path

import pytest

from amanat.lib.toml_lines import line_at, lines_of

TEXT = '''# a law
id = "xx"            # not [ a bracket
says = """two lines
id = "not a key"
"""

[define]
covered = "a [ in a text"
"quoted key" = 1

[[duty]]
id = "one"
[[duty.version]]
when = "a"
unless = [
    { id = "first", when = "x" },
    # a comment
    { id = "second", when = "y ]" },
]
[[duty.version]]
when = "b"

[[duty]]
id = "two"
[[duty.version]]
when = "c"
content = [["a", "b"],
  ["c"]]
after.lists = 2
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("id", 2),
        ("says", 3),
        ("define.covered", 8),
        ("define.quoted key", 9),
        ("duty[0]", 11),
        ("duty[0].id", 12),
        ("duty[0].version[0].when", 14),
        ("duty[0].version[0].unless[0]", 16),
        ("duty[0].version[0].unless[1].when", 18),
        ("duty[0].version[1]", 20),
        ("duty[0].version[1].when", 21),
        ("duty[1].id", 24),
        ("duty[1].version[0].when", 26),
        ("duty[1].version[0].after.lists", 29),
        ("duty[1].cite", 23),  # missing: the duty in which it is missing
        ("", 1),
    ],
)
def test_each_place_has_its_own_line(tmp_path: Path, place: str, line: int):
    path = tmp_path / "law.toml"
    path.write_text(TEXT, encoding="utf-8")

    assert line_at(path, place) == f"{path}:{line}"


def test_a_place_that_is_nowhere_gets_the_path_alone(tmp_path: Path):
    assert line_at(tmp_path / "none.toml", "id") == str(tmp_path / "none.toml")
    (tmp_path / "law.toml").write_text(TEXT, encoding="utf-8")
    assert line_at(tmp_path / "law.toml", "nowhere") == str(tmp_path / "law.toml")


def test_what_stands_inside_a_text_of_several_lines_is_no_key():
    assert lines_of(TEXT)["id"] == 2
    assert lines_of("a = '''\nb = 1\n'''\nc = 2\n") == {"a": 1, "c": 4}
