"""How texts are read, and how the errors of the reading are taken out of a share."""

import pytest

from amanat.trust import reading, sentiment
from amanat.trust.sentiment import Accuracy, corrected_difference, corrected_share

GOOD = Accuracy(n_complaints=100, n_found=80, n_others=100, n_cleared=90)


def test_the_correction_by_hand():
    # Rogan and Gladen: (0.45 + 0.90 - 1) / (0.80 + 0.90 - 1) = 0.5
    share = corrected_share(450, 1000, GOOD)
    assert share.value == pytest.approx(0.5)
    assert 0.35 < share.low < 0.5 < share.high < 0.65


def test_a_faultless_reading_changes_nothing():
    perfect = Accuracy(n_complaints=10**6, n_found=10**6, n_others=10**6, n_cleared=10**6)
    assert corrected_share(30, 100, perfect).value == pytest.approx(0.3)


def test_a_difference_grows_by_what_the_reading_misses():
    # (0.45 - 0.24) / 0.7 = 0.3
    gap = corrected_difference((450, 1000), (240, 1000), GOOD)
    assert gap.value == pytest.approx(0.3) and gap.low < 0.3 < gap.high


def test_fewer_judged_texts_make_the_interval_wider():
    few = Accuracy(n_complaints=20, n_found=16, n_others=20, n_cleared=18)
    wide, narrow = corrected_share(450, 1000, few), corrected_share(450, 1000, GOOD)
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_a_reading_that_is_hardly_better_than_chance_gives_no_number():
    coin = Accuracy(n_complaints=20, n_found=8, n_others=20, n_cleared=15)
    assert corrected_share(40, 100, coin) is None
    assert corrected_difference((40, 100), (20, 100), coin) is None


@pytest.mark.parametrize(
    ("language", "text", "is_complaint"),
    [
        ("en", "This is unacceptable, I am furious.", True),
        ("en", "Not bad at all, thank you!", False),
        ("en", "Thank you, no complaints.", False),
        ("fr", "C’est inacceptable.", True),
        ("fr", "Aucun problème, merci beaucoup.", False),
        ("fa", "خيلي عصباني‌ام", True),  # written with Arabic letters
        ("fa", "عالی بود، ممنونم.", False),
    ],
)
def test_the_lexicon_reads_plain_words_and_their_negation(language, text, is_complaint):
    assert sentiment.reader(language).complains(text) is is_complaint


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_no_held_out_text_was_used_to_make_the_reading(language):
    made, held = (reading.judged(part, language) for part in ("made_with", "held_out"))
    assert not {*made["complaints"], *made["others"]} & {*held["complaints"], *held["others"]}


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_the_stated_accuracy_is_what_the_reading_reaches(language):
    layer, stated = reading.stored()
    measured = reading.measured(layer, language)

    # Another processor may round a text on the border to the other side.
    assert abs(measured["n_found"] - stated[language]["n_found"]) <= 1
    assert abs(measured["n_cleared"] - stated[language]["n_cleared"]) <= 1
    assert {k: measured[k] for k in ("n_complaints", "n_others")} == {"n_complaints": 20, "n_others": 20}


def test_a_text_that_comes_twice_is_read_once(monkeypatch):
    seen = []
    monkeypatch.setattr(reading, "vectors", lambda texts: seen.extend(texts) or reading.np.zeros((len(texts), 384)))
    reading.complains(["a", "b", "a"])
    assert seen == ["a", "b"]


def test_without_the_package_the_lexicon_reads_and_its_own_accuracy_is_stated(monkeypatch):
    sentiment.accuracy.cache_clear()
    monkeypatch.setattr(reading, "is_installed", lambda: False)
    accuracy = sentiment.accuracy("fr")
    sentiment.accuracy.cache_clear()

    assert accuracy.n_found < 17 and accuracy.n_complaints == 20
