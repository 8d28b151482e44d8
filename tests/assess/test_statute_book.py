from pathlib import Path

import pytest

from amanat import assess
from amanat.assess.examples import check_examples
from amanat.assess.statute_book import LAWS, read_law
from amanat.lib.errors import Fixable

TEMPLATE = Path(assess.__file__).parent / "laws" / "_template.toml"


def written(folder: Path, *changes: tuple[str, str], name: str = "xx_name") -> Path:
    text = TEMPLATE.read_text(encoding="utf-8").replace("xx_name", name).replace("xx-name", name.replace("_", "-"))
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_template_is_a_law_that_holds_its_examples(tmp_path: Path):
    ready = read_law(written(tmp_path, name="fr_lil"))

    assert ready.law.id == "fr-lil"
    assert check_examples([ready]) == (3, ())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("within_hours = 72", "within_huors = 72", "did you mean 'within_hours'"),
        ("risk >= 'risk'", "rsik >= 'risk'", "did you mean 'risk'"),
        ("risk >= 'risk'", "risk >= 'rsik'", "did you mean 'risk'"),
        ('from = "awareness"', 'from = "awarness"', "did you mean 'awareness'"),
        ('cite     = "s. 1"', 'cite     = ""', "has no 'cite'"),
        ('source   = "https://www.example.org/law"', 'source   = "a book"', "https address"),
        ('source   = "https://www.example.org/law"\n', "", "'source' is missing"),
        ('id       = "xx-name.authority"', 'id       = "yy.authority"', "must be xx-name."),
        ('id       = "xx-name"', 'id       = "xx-nam"', "let them agree"),
        ('zone     = "Europe/Paris"', 'zone     = "Europe/Pariss"', "no time zone"),
        ('places   = ["FR"]', 'places   = ["FRR"]', "is no place"),
        ('risk = "high", role = "controller", encrypted = "no"', "rsk = 1", "no fact 'rsk'"),
        ('risk = "high", role = "controller", encrypted = "no"', 'risk = "hihg"', "risk must be one of"),
        ('"xx-name.authority" = 2026-03-09T18:00:00+01:00', '"xx-name.authorty" = "due"', "did you mean 'xx-name.authority'"),
        ('"xx-name.authority" = 2026-03-09T18:00:00+01:00', '"xx-name.authority" = 2026-03-09T18:00:00', "with its offset"),
        ("within_hours = 72", "within_hours = 0", "one limit"),
        ("within_hours = 72", "within_hours = 72, within_days = 3", "one limit"),
        ("within_hours = 72", "within_working_days = 3", "need a `calendar`"),
        (
            'from = "awareness" }',
            'from = "awareness", after = "xx-name.authority" }\n[[duty.version]]\nsince = 2019-01-01\nwhen = "always"',
            "overlap",
        ),
        ("since    = 2020-01-01", "since    = 2020-01-01\nuntil    = 2019-01-01", "before it begins"),
        ('to       = "authority"', 'to       = "authorities"', "did you mean 'authority'"),
        ("read_on  = 2026-11-22", 'read_on  = "soon"', "a date"),
    ],
)
def test_what_cannot_be_is_said_with_the_file_and_what_to_write_instead(tmp_path: Path, old: str, new: str, says: str):
    path = written(tmp_path, (old, new))

    with pytest.raises(Fixable) as caught:
        read_law(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_mistake_in_a_condition_is_named_with_its_line(tmp_path: Path):
    path = written(tmp_path, ("risk >= 'risk'", "rsik >= 'risk'"))
    line = next(n for n, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if "rsik" in text)

    with pytest.raises(Fixable, match=f"xx_name.toml:{line}: there is no fact 'rsik'"):
        read_law(path)


def test_the_same_duty_twice_is_refused(tmp_path: Path):
    text = TEMPLATE.read_text(encoding="utf-8")
    duty = "[[duty]]" + text.split("[[duty]]")[1].split("[[example]]")[0]

    with pytest.raises(Fixable, match="stands here twice"):
        read_law(written(tmp_path, ("[[duty]]", duty + "[[duty]]")))


def test_no_example_no_law(tmp_path: Path):
    path = tmp_path / "xx_name.toml"
    path.write_text(TEMPLATE.read_text(encoding="utf-8").split("[[example]]")[0], encoding="utf-8")

    with pytest.raises(Fixable, match="'example' is missing"):
        read_law(path)


def in_extra(folder: Path, monkeypatch: pytest.MonkeyPatch, *laws: tuple[str, list[tuple[str, str]]]) -> None:
    (folder / "assess" / "laws").mkdir(parents=True)
    for name, changes in laws:
        written(folder / "assess" / "laws", *changes, name=name)
    monkeypatch.setenv("AMANAT_EXTRA", str(folder))


def test_a_law_of_ones_own_joins_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    n_before, _ = assess.check_laws()
    in_extra(tmp_path, monkeypatch, ("fr_lil", []))

    assert "fr-lil" in assess.laws()
    assert assess.check_laws() == (n_before + 3, ())


def test_duties_that_wait_for_each_other_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    ring = [
        ('from = "awareness" }', 'from = "awareness", after = "fr-two.authority" }'),
    ]
    in_extra(tmp_path, monkeypatch, ("fr_one", ring), ("fr_two", [('from = "awareness" }', 'from = "awareness", after = "fr-one.authority" }')]))

    with pytest.raises(Fixable, match="waits for itself"):
        assess.laws()


def test_a_duty_that_comes_after_no_duty_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    in_extra(tmp_path, monkeypatch, ("fr_one", [('from = "awareness" }', 'from = "awareness", after = "us-ca.individual" }')]))

    with pytest.raises(Fixable, match=r"did you mean 'us-ca\.individuals'"):
        assess.laws()


def test_an_example_that_comes_out_otherwise_is_named_with_what_was_expected_and_what_came(tmp_path: Path):
    ready = read_law(written(tmp_path, ("2026-03-09T18:00:00+01:00 }", "2026-03-09T19:00:00+01:00 }")))

    n, (miss,) = check_examples([ready])
    assert n == 3
    assert (miss.duty, miss.expected, miss.got) == ("xx-name.authority", "2026-03-09T19:00:00+01:00", "2026-03-09T18:00:00+01:00")


@pytest.mark.parametrize("name", sorted(LAWS.paths()))
def test_each_law_has_at_least_three_examples_a_reading_day_and_official_sources(name: str):
    law = read_law(LAWS.paths()[name]).law

    assert len(law.example) >= 3
    assert law.read_on.year >= 2026
    assert all(rule.source.startswith("https://") for rule in law.duty)
