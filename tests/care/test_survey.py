"""The survey's figures, against values worked out by hand, and none where too few answered."""

import pyarrow as pa
import pytest

from amanat import care
from amanat.care.survey import BadAnswers, read_answers


def answers(**columns):
    return pa.table({name: pa.array(values, pa.int8()) for name, values in columns.items()})


def figure(question, **columns):
    return next(f for f in care.figures(answers(**columns)) if f.question == question)


def test_nps_is_promoters_less_detractors_with_its_interval():
    # 50 of 100 promote, 20 detract: NPS 30. Var = .5 + .2 - .3^2 = .61; sqrt(.61/100) = .0781; half width 15.31 points.
    found = figure("nps", nps=[9] * 30 + [10] * 20 + [8] * 30 + [6] * 20)
    assert found.n == 100
    assert found.value == pytest.approx(30)
    assert (found.low, found.high) == (pytest.approx(14.69, abs=0.01), pytest.approx(45.31, abs=0.01))


def test_satisfaction_is_a_share_with_wilsons_interval():
    # Wilson for 8 of 10: 0.4902 to 0.9433 (the usual textbook example).
    found = figure("csat", csat=[5] * 8 + [2] * 2)
    assert found.value == pytest.approx(0.8)
    assert (found.low, found.high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


def test_trust_items_are_means():
    # Mean 3, sample variance 10/9 · … : values 1 to 5 twice; s² = 20/9 = 2.2222; se = sqrt(.22222) = .4714; half width .924.
    found = figure("integrity", integrity=[1, 2, 3, 4, 5] * 2)
    assert found.value == 3
    assert (found.low, found.high) == (pytest.approx(2.076, abs=1e-3), pytest.approx(3.924, abs=1e-3))


def test_fewer_than_ten_answers_give_no_figure():
    found = figure("nps", nps=[10] * 9)
    assert (found.n, found.value, found.low, found.high) == (9, None, None, None)


def test_what_was_left_out_is_not_zero():
    assert figure("csat", csat=[5] * 10 + [None] * 90).value == 1.0


@pytest.mark.parametrize(("question", "text"), [("nps", "11"), ("nps", "-1"), ("csat", "0"), ("csat", "6"), ("nps", "ten"), ("nps", "9.5")])
def test_an_answer_off_its_scale_is_refused(question, text):
    with pytest.raises(BadAnswers):
        care.check_answer(question, text)


def test_the_ends_of_the_scales_are_answers_and_nothing_is_none():
    assert [care.check_answer("nps", t) for t in ("0", "10", "", None)] == [0, 10, None, None]
    assert care.check_answer("benevolence", "۵") == 5  # a Persian keyboard


def test_a_file_of_answers_says_row_and_column(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("nps,csat\n9,4\n9,7\n", encoding="utf-8")
    with pytest.raises(BadAnswers, match="row 3, column csat"):
        read_answers(path)
