from decimal import Decimal
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


FACTS = 'risk = "high", role = "controller", encrypted = "no"'
WANTED = '"xx-name.authority" = 2026-03-09T18:00:00+01:00'

# What is changed in the template, into what, what is said, and the line (its beginning) at which it is said; None: the first line of the file.
MISTAKES = [
    ("within_hours = 72", "within_huors = 72", "did you mean 'within_hours'", "deadline = {"),
    ("risk >= 'risk'", "rsik >= 'risk'", "did you mean 'risk'", 'when     = "rsik'),
    ("risk >= 'risk'", "risk >= 'rsik'", "did you mean 'risk'", "when     = \"risk >= 'rsik'"),
    ("risk >= 'risk'", "risk >= ", "is not an expression", 'when     = "risk >= '),
    ("not key_taken", "not key_takne", "did you mean 'key_taken'", '{ id = "unintelligible"'),
    ('from = "awareness"', 'from = "awarness"', "did you mean 'awareness'", "deadline = {"),
    ('from = "awareness"', 'from = "risk"', "there is no event 'risk'", "deadline = {"),
    ('cite     = "s. 1"', 'cite     = ""', "has no 'cite'", 'cite     = ""'),
    ('cite     = "s. 1"\n', "", "'cite' is missing", "[[duty]]"),
    ('cite = "s. 2"', 'cite = " "', "the exemption 'unintelligible' of xx-name.authority has no citation", '{ id = "unintelligible"'),
    (', cite = "s. 2"', "", "'cite' is missing", '{ id = "unintelligible"'),
    ('source   = "https://www.example.org/law"', 'source   = "a book"', "https address", 'source   = "a book"'),
    ('source   = "https://www.example.org/law"\n', "", "'source' is missing", "[[duty]]"),
    ('confidence = "low"', 'confidence = "certain"', "It is one of high, medium, low", 'confidence = "certain"'),
    ('id       = "xx-name.authority"', 'id       = "yy.authority"', "must be xx-name.", 'id       = "yy.authority"'),
    ('id       = "xx-name"', 'id       = "xx-nam"', "let them agree", 'id       = "xx-nam"'),
    ('zone     = "Europe/Paris"', 'zone     = "Europe/Pariss"', "no time zone", 'zone     = "Europe/Pariss"'),
    ('places   = ["FR"]', 'places   = ["FRR"]', "is no place", 'places   = ["FRR"]'),
    ("within_hours = 72", "within_hours = 0", "one limit", "deadline = {"),
    ("within_hours = 72", "within_hours = 72, within_days = 3", "one limit", "deadline = {"),
    ("within_hours = 72", "within_working_days = 3", "need a `calendar`", "deadline = {"),
    ("within_hours = 72", 'within_working_days = 3, calendar = "QQ"', "no calendar of holidays 'QQ'", "deadline = {"),
    ("within_hours = 72", 'within_days = 3, roll = "next_working_day"', "needs a `calendar`", "deadline = {"),
    ("within_hours = 72", 'within_hours = 72, at = "same_time"', "a number or `at`, not both", "deadline = {"),
    (', from = "awareness" }', " }", "counts `from` an event; name it", "deadline = {"),
    (
        'from = "awareness" }',
        'from = "awareness", after = "xx-name.authority" }\n[[duty.version]]\nsince = 2019-01-01\nwhen = "always"',
        "overlap",
        "since    = 2020-01-01",  # of two that overlap the later one
    ),
    (
        'from = "awareness" }',
        'from = "awareness" }\n[[duty.version]]\nstatus = "proposed"\nsince = 2027-01-01\nwhen = "always"\n'
        '[[duty.version]]\nstatus = "proposed"\nsince = 2028-01-01\nwhen = "always"',
        "the versions since 2027-01-01 and since 2028-01-01 overlap",
        "since = 2028-01-01",
    ),
    (
        "unless   = [\n",
        'unless   = [\n    { id = "unintelligible", when = "redacted", cite = "s. 3" },\n',
        "two exemptions 'unintelligible' at the same time",
        '{ id = "unintelligible", when = "encrypted',
    ),
    ("since    = 2020-01-01", "since    = 2020-01-01\nuntil    = 2019-01-01", "before it begins", "until    = 2019-01-01"),
    ("since    = 2020-01-01", 'since    = "2020"', "must be a date", 'since    = "2020"'),
    ('to       = "authority"', 'to       = "authorities"', "did you mean 'authority'", 'to       = "authorities"'),
    ("read_on  = 2026-11-22", 'read_on  = "soon"', "a date", 'read_on  = "soon"'),
    ("read_on  = 2026-11-22", "", "'read_on' is missing", None),
    (FACTS, "rsk = 1", "no fact 'rsk'", "facts  = { awareness = 2026-03-06T18:00:00+01:00, residents = { FR = 12000 }, rsk"),
    (FACTS, 'risk = "hihg"', "risk must be one of", 'facts  = { awareness = 2026-03-06T18:00:00+01:00, residents = { FR = 12000 }, risk = "hihg'),
    (WANTED, '"xx-name.authorty" = "due"', "did you mean 'xx-name.authority'", 'duties = { "xx-name.authorty"'),
    (WANTED, '"xx-name.authority" = 2026-03-09T18:00:00', "with its offset", 'duties = { "xx-name.authority" = 2026-03-09T18:00:00 }'),
    (WANTED, '"xx-name.authority" = "maybe"', "must be due, not_due", 'duties = { "xx-name.authority" = "maybe"'),
    (WANTED, "", "expects nothing", "duties = {  }"),
    (WANTED + " }", WANTED + ' }\nadds = { "xx-name.person" = [] }', "which this law has not", "adds = {"),
    (WANTED + " }", WANTED + ' }\nby = { "xx-name.person" = "x" }', "which this law has not", "by = {"),
    (WANTED + " }", WANTED + " }\nresidents = { QQ = 1 }", "is no place", "residents = {"),
    (WANTED + " }", WANTED + ' }\nkinds = { FR = ["emial"] }', "did you mean 'email'", "kinds = {"),
]


@pytest.mark.parametrize(("old", "new", "says", "line"), MISTAKES, ids=[f"{says} ({new[:25]!r})" for _, new, says, _ in MISTAKES])
def test_what_cannot_be_is_said_with_its_line_and_what_to_write_instead(tmp_path: Path, old: str, new: str, says: str, line: str | None):
    path = written(tmp_path, (old, new))
    lines = [text.strip() for text in path.read_text(encoding="utf-8").split("\n")]
    number = 1 if line is None else next(n for n, text in enumerate(lines, 1) if text.startswith(line))

    with pytest.raises(Fixable) as caught:
        read_law(path)
    assert says in str(caught.value)
    assert str(caught.value).startswith(f"{path}:{number}: ")


def test_a_mistake_in_a_condition_is_named_with_its_line(tmp_path: Path):
    path = written(tmp_path, ("risk >= 'risk'", "rsik >= 'risk'"))
    line = next(n for n, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if "rsik" in text)

    with pytest.raises(Fixable, match=f"xx_name.toml:{line}: there is no fact 'rsik'"):
        read_law(path)


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ("fixed = 1000000", "fixed is 1,000,000, which its sentence"),
        ('fixed = 10000000\nturnover_share = 0.03\nrule = "whichever_is_higher"', "turnover_share is 3 %, which its sentence"),
        ('each = 501\nunit = "person"', "each is 501, which its sentence"),
    ],
)
def test_a_sum_that_its_own_sentence_does_not_name_is_refused_with_its_line(tmp_path: Path, numbers: str, says: str):
    sentence = "up to EUR 10 million or 2 % of turnover, whichever is higher; EUR 1,500.50 for each person"
    penalty = f'[[penalties]]\nsays = "{sentence}"\ncite = "s. 9"\ncurrency = "EUR"\n'
    right = written(tmp_path, ("[[duty]]", f'{penalty}fixed = 10000000\nturnover_share = 0.02\neach = 1500.50\nunit = "person"\n\n[[duty]]'))
    assert read_law(right).law.penalties[0].each == Decimal("1500.50")

    wrong = written(tmp_path, ("[[duty]]", f"{penalty}{numbers}\n\n[[duty]]"))
    key = says.split(" ")[0]
    line = next(n for n, text in enumerate(wrong.read_text(encoding="utf-8").split("\n"), 1) if text.startswith(f"{key} ="))
    with pytest.raises(Fixable) as caught:
        read_law(wrong)
    assert str(caught.value).startswith(f"{wrong}:{line}: {says}")


def test_the_same_duty_twice_is_refused(tmp_path: Path):
    text = TEMPLATE.read_text(encoding="utf-8")
    duty = "[[duty]]" + text.split("[[duty]]")[1].split("[[example]]")[0]

    path = written(tmp_path, ("[[duty]]", duty + "[[duty]]"))
    second = [n for n, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if line.startswith('id       = "xx-name.authority"')][1]

    with pytest.raises(Fixable, match=rf":{second}: the duty 'xx-name.authority' stands here twice"):
        read_law(path)


def test_no_example_no_law(tmp_path: Path):
    path = tmp_path / "xx_name.toml"
    path.write_text(TEMPLATE.read_text(encoding="utf-8").split("[[example]]")[0], encoding="utf-8")

    with pytest.raises(Fixable, match=r"xx_name\.toml:1: 'example' is missing"):
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

    with pytest.raises(Fixable, match=r"fr_one\.toml:\d+: fr-one\.authority waits for itself"):
        assess.laws()


def test_a_duty_that_comes_after_no_duty_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    in_extra(tmp_path, monkeypatch, ("fr_one", [('from = "awareness" }', 'from = "awareness", after = "us-ca.individual" }')]))

    with pytest.raises(Fixable, match=r"fr_one\.toml:\d+: fr-one\.authority comes after .*did you mean 'us-ca\.individuals'"):
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
