"""Offers, harms and lessons prove themselves; a false one is named."""

import re
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest

from amanat import care, wording
from amanat.care import check
from amanat.care.lesson import SET as LESSONS
from amanat.care.member import BadFile
from amanat.care.offer import OfferWords
from amanat.lib.shape import UnknownKey
from amanat.terms.claim import Claim

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=timezone.utc)


def test_every_example_holds_and_every_language_is_there():
    assert care.flaws() == []


def test_the_five_offers_and_the_named_harms_are_there():
    assert list(care.offers()) == ["refund", "card_reissue", "monitoring", "voucher", "loyalty_points"]
    assert {"identity_theft", "false_loan", "emptied_account", "card_misuse", "scam", "distress"} <= set(care.harms())


def test_the_gesture_is_a_fifth_off():
    voucher = care.offers()["voucher"]
    assert (voucher.amount, voucher.unit, voucher.is_goodwill) == (20, "percent", True)


def test_help_comes_before_goodwill():
    ranks = [(one.is_goodwill, one.rank) for one in care.offers().values()]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "By accepting this you waive any claim against us."),
        ("en", "You agree to our terms of use."),
        ("fr", "En acceptant, vous renoncez à toute réclamation."),
    ],
)
def test_an_offer_that_asks_to_give_up_a_right_is_found(language, says):
    assert check._takes_a_right(says, language)


def test_no_offer_does_so_in_any_language():
    for offer in care.offers().values():
        for tag, words in offer.words.items():
            assert isinstance(words, OfferWords)
            assert not check._takes_a_right(f"{words.says} {words.how}", tag), (offer.id, tag)


def test_persian_words_use_persian_letters_digits_and_half_spaces():
    texts = [t for o in care.offers().values() for w in [o.words["fa"]] for t in (w.name, w.says, w.how)]
    texts += [t for h in care.harms().values() for w in [h.words["fa"]] for t in (w.name, w.now)]
    texts += [t for lesson in care.lessons().values() for w in [lesson.words["fa"]] for t in (w.title, w.why, *w.steps)]
    for text in texts:
        plain = re.sub("\\{amount\\}|\u2066[^\u2069]*\u2069", "", text)
        assert not re.search(r"[A-Za-z0-9يك٠-٩]", plain), text
        assert not re.search(r"(?:^|\s)ن?می\s|\sها(?:\s|ی|$)", plain), text


def test_french_words_have_the_french_apostrophe():
    texts = [t for o in care.offers().values() for w in [o.words["fr"]] for t in (w.name, w.says, w.how)]
    texts += [t for lesson in care.lessons().values() for w in [lesson.words["fr"]] for t in (w.title, w.why, *w.steps)]
    assert [t for t in texts if "'" in t] == []


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_an_amount_is_said_as_the_language_writes_it(language):
    says = wording.words(language).say(care.offers()["loyalty_points"].words[language].name, amount=2000)
    assert {"en": "2,000", "fr": "2\u202f000", "fa": "۲٬۰۰۰"}[language] in says


def test_lessons_follow_the_kinds_and_the_place():
    ids = [lesson.id for lesson in care.lessons_for(["ssn"], "US-CA")]
    assert ids == ["credit_freeze_us", "phishing", "identity"]
    assert "credit_freeze_us" not in [lesson.id for lesson in care.lessons_for(["ssn"], "FR")]
    assert [lesson.id for lesson in care.lessons_for([], None)] == ["phishing"]


def test_a_member_with_an_unknown_kind_is_named(tmp_path, monkeypatch):
    folder = tmp_path / "care/lessons"
    folder.mkdir(parents=True)
    text = (LESSONS.paths()["phone"]).read_text(encoding="utf-8").replace('"phone"', '"phnoe"', 1)
    (folder / "mine.toml").write_text(
        text.replace('id = "phnoe"', 'id = "mine"').replace('kinds = ["phone"]', 'kinds = ["phnoe"]', 1), encoding="utf-8"
    )
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path))
    with pytest.raises(BadFile, match=r"mine\.toml.*'phnoe'.*did you mean 'phone'"):
        care.lessons()


def test_a_mistyped_key_is_named(tmp_path, monkeypatch):
    folder = tmp_path / "care/offers"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('id = "mine"\nrnak = 3\n', encoding="utf-8")
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path))
    with pytest.raises(UnknownKey, match="rnak"):
        care.offers()


# ---- claims ----


def a_claim(harm, happened=None):
    return Claim(harm=harm, happened_on=happened, received_at=NOW, lost_eur=Decimal(120))


@pytest.mark.parametrize(
    ("kinds", "happened", "began", "state", "reasons"),
    [
        (["iban"], date(2026, 3, 5), date(2026, 3, 2), "likely", ("data_fit", "after_incident")),
        (["iban"], date(2026, 3, 2), date(2026, 3, 2), "likely", ("data_fit", "after_incident")),  # on the first day itself
        (["iban"], date(2026, 2, 1), date(2026, 3, 2), "unlikely", ("data_fit", "before_incident")),
        (["iban"], None, date(2026, 3, 2), "possible", ("data_fit", "order_unknown")),
        (["iban"], date(2026, 3, 5), None, "possible", ("data_fit", "order_unknown")),
        (["email"], date(2026, 3, 5), date(2026, 3, 2), "cannot_say", ("data_do_not_fit", "after_incident")),
    ],
)
def test_the_link_of_an_emptied_account_to_the_incident(kinds, happened, began, state, reasons):
    link = care.link_of(a_claim("emptied_account", happened), kinds, began_on=began)
    assert (link.state, link.reasons) == (state, reasons)


def test_distress_needs_no_kind_of_data():
    assert care.link_of(a_claim("distress"), [], began_on=None).state == "possible"


def test_a_pressing_harm_is_answered_sooner_and_nobody_waits_longer_than_a_month():
    harms = care.harms()
    assert care.answer_due(harms["safety"], NOW) == datetime(2026, 3, 11, 9, 0, tzinfo=timezone.utc)
    assert care.answer_due(harms["distress"], NOW) == datetime(2026, 3, 24, 9, 0, tzinfo=timezone.utc)
    assert max(one.answer_days for one in harms.values()) <= 30
