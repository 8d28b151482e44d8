"""Languages: who gets which, and how each writes dates, digits and plurals."""

import re
from datetime import datetime, timezone

import pytest

from amanat import wording
from amanat.lib.shape import NotToml
from amanat.terms.kinds import KINDS
from amanat.wording import language as of
from amanat.wording.language import BadWording, UnknownLanguage


@pytest.mark.parametrize(
    ("tag", "got"),
    [("fr", "fr"), ("fr-CA", "fr"), ("FR_ca", "fr"), ("fa-IR", "fa"), ("de", "fr"), (None, "fr"), ("", "fr"), ("x", "fr")],
)
def test_a_person_gets_their_language_or_the_companys(tag, got):
    assert wording.language_for(tag, ["en", "fa", "fr"], "fr") == got


def test_without_either_a_person_gets_english():
    assert wording.language_for("de", ["fr"], "es") == "en"


def test_a_language_we_lack_is_said_with_those_we_have():
    with pytest.raises(UnknownLanguage, match="We have: "):
        wording.words("tlh")


def test_a_missing_key_is_named(tmp_path):
    path = tmp_path / "en.toml"
    path.write_text(of.TEMPLATE.read_text(encoding="utf-8").replace('closing = "Yours sincerely,"\n', ""), encoding="utf-8")
    with pytest.raises(BadWording, match=r"\[text\] lacks 'closing'"):
        of._read(path)


def test_an_unknown_key_is_named_with_its_line(tmp_path):
    path = tmp_path / "en.toml"
    path.write_text(of.TEMPLATE.read_text(encoding="utf-8").replace("closing =", "closnig ="), encoding="utf-8")
    with pytest.raises(BadWording, match=r"clos(ing|nig)"):
        of._read(path)


def test_a_sentence_that_is_no_message_format_is_named(tmp_path):
    path = tmp_path / "en.toml"
    path.write_text(of.TEMPLATE.read_text(encoding="utf-8").replace("Yours sincerely,", "Yours {sincerely"), encoding="utf-8")
    with pytest.raises(BadWording, match="closing is not valid MessageFormat"):
        of._read(path)


def test_a_file_that_is_no_toml_is_said(tmp_path):
    path = tmp_path / "en.toml"
    path.write_text("[text\n", encoding="utf-8")
    with pytest.raises(NotToml):
        of._read(path)


def test_english_has_two_plurals():
    words = wording.words("en")
    assert words.say(words.text["minutes"], n=1) == "about 1 minute"
    assert words.say(words.text["told"], n=41870) == "We are writing to 41,870 people about this."


def test_a_date_is_that_of_the_readers_zone():
    late = datetime(2026, 3, 6, 23, 30, tzinfo=timezone.utc)
    assert wording.words("en").day(late, "Europe/Paris") == "7 March 2026"
    assert wording.words("en").moment(late, "Europe/Paris") == "7 March 2026, 00:30 UTC+1"


LANGUAGES = tuple(wording.languages())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_words_in_every_language(language):
    kinds = wording.words(language).kinds
    assert set(kinds) == set(KINDS)
    assert all(kind.name.strip() and kind.means.strip() for kind in kinds.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing_or_left_empty(language):
    words = wording.words(language)
    empty = [
        key
        for part in (words.headings, words.text, words.unknown, words.consequences, words.steps, words.contacts)
        for key, t in part.items()
        if not t
    ]
    assert empty == ["apology"]  # the apology stands without a heading


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slot_of_a_sentence_is_that_of_the_english_one(language):
    english, words = wording.words("en"), wording.words(language)
    for part in ("text", "unknown", "consequences", "steps", "contacts"):
        for key, text in getattr(words, part).items():
            assert set(re.findall(r"\{(\w+)", text)) - branches(text) == set(re.findall(r"\{(\w+)", getattr(english, part)[key])) - branches(
                getattr(english, part)[key]
            ), key


def branches(text: str) -> set[str]:
    # "one {One person …}": the first word of a plural's branch looks like a slot and is none.
    return set(re.findall(r"(?:one|many|other|=\d+) \{(\w+)", text))


def test_we_have_english_french_and_persian():
    assert dict(wording.languages()) == {"en": "English", "fa": "فارسی", "fr": "français"}


def test_french_writes_plurals_spaces_and_the_first_of_the_month():
    words = wording.words("fr")
    assert words.say(words.text["told"], n=1) == "Nous écrivons à ce sujet à une personne."
    assert words.say(words.text["told"], n=41870) == "Nous écrivons à ce sujet à 41\u202f870 personnes."
    assert words.say(words.text["minutes"], n=0) == "environ 0 minute"
    assert words.day(datetime(2026, 3, 1, 12, tzinfo=timezone.utc), "Europe/Paris") == "1er mars 2026"
    assert words.day(datetime(2026, 3, 21, 12, tzinfo=timezone.utc), "Europe/Paris") == "21 mars 2026"
    assert words.moment(datetime(2026, 7, 14, 12, tzinfo=timezone.utc), "Europe/Paris") == "14 juillet 2026 à 14 h 00 (UTC+2)"


def test_french_punctuation_keeps_its_hard_spaces():
    words = wording.words("fr")
    for part in (words.headings, words.text, words.unknown, words.consequences, words.steps, words.contacts):
        for key, text in part.items():
            assert not re.search(r"[\w}] [:;?!»](\s|$)|« ", text), key
            assert "'" not in text or "''" in text, key


# Nowruz (1 Farvardin) fell on 21 March 2025 and 21 March 2026; 1403 was a leap year, so 30 Esfand 1403 is 20 March 2025.
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 21, 12, tzinfo=timezone.utc), "۱ فروردین ۱۴۰۵"),
        (datetime(2026, 3, 20, 12, tzinfo=timezone.utc), "۲۹ اسفند ۱۴۰۴"),
        (datetime(2025, 3, 20, 12, tzinfo=timezone.utc), "۳۰ اسفند ۱۴۰۳"),
        (datetime(2026, 11, 22, 12, tzinfo=timezone.utc), "۱ آذر ۱۴۰۵"),
        (datetime(2026, 3, 20, 20, 45, tzinfo=timezone.utc), "۱ فروردین ۱۴۰۵"),  # already past midnight in Tehran
    ],
)
def test_persian_days_are_jalali(moment, day):
    assert wording.words("fa").day(moment, "Asia/Tehran") == day


def test_persian_digits_plurals_and_time_of_day():
    words = wording.words("fa")
    assert words.say(words.text["told"], n=41870) == "ما دربارهٔ این رویداد به ۴۱٬۸۷۰ نفر نامه می‌نویسیم."
    assert words.say(words.text["told"], n=1) == "ما دربارهٔ این رویداد به یک نفر نامه می‌نویسیم."
    # Persian counts nothing as "one": a sentence that writes "یک" out must ask for exactly one.
    assert words.say(words.text["form_draft"], n=0) == "هیچ پاسخ الزامی نمانده است."
    assert words.say(words.text["no_language"], n=0, language="فارسی").startswith("زبان ۰ نفر")
    assert words.say(words.text["minutes"], n=15) == "حدود ۱۵ دقیقه"
    assert words.moment(datetime(2026, 3, 20, 14, 30, tzinfo=timezone.utc), "Asia/Tehran") == "۲۹ اسفند ۱۴۰۴، ساعت ۱۸:۰۰ به وقت UTC+3:30"


def test_persian_is_written_with_its_own_letters_and_punctuation():
    words = wording.words("fa")
    said = [t for part in (words.headings, words.text, words.unknown, words.consequences, words.steps, words.contacts) for t in part.values()]
    said += [t for kind in words.kinds.values() for t in (kind.name, kind.means)]
    for text in said:
        bare = re.sub(r"\{n, plural.*\}", "", text)
        assert not re.search("[يكى]", text), text  # Arabic yeh and kaf
        assert not re.search("[?,;]", re.sub(r"\{[^{}]*\}|; ", "", bare)), text  # Latin punctuation
        assert not re.search(r"(^|\s)(می|نمی) \w", text), text  # a prefix torn off its verb


def test_the_template_is_not_a_language():
    assert "_template" not in wording.languages()


def test_the_file_is_called_like_its_language(tmp_path):
    path = tmp_path / "de.toml"
    path.write_text(of.TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(BadWording, match="call both the same"):
        of._read(path)


@pytest.mark.parametrize("spelling", ["fr", "FR", "fr-CA", "fr_CA", "FR_fr", "fr-Latn-CA", " fr"])
def test_every_spelling_of_french_finds_french(spelling):
    assert wording.choose_language(spelling, ["en", "fa", "fr"], "en") == ("fr", "")


def test_a_reader_of_a_language_gets_its_regional_form_before_another_language():
    assert wording.choose_language("es", ["en", "es-419"], "en") == ("es-419", "")
    assert wording.choose_language("zh-HANT-tw", ["en", "zh-Hant"], "en") == ("zh-Hant", "")


def test_an_unknown_language_gives_the_company_s_with_the_reason():
    assert wording.choose_language("pt-BR", ["en", "fr"], "fr_FR") == ("fr", "we do not write pt-br")
    assert wording.choose_language("", ["en", "fr"], "fr") == ("fr", "no language is known")
    assert wording.choose_language("tel. 0199001234", ["en"], "fr") == ("en", "we do not write this language")


def every_text(words):
    """All that stands in a language's file and is read by somebody."""
    for part in (words.headings, words.text, words.unknown, words.consequences, words.steps, words.contacts, words.family):
        yield from (text for key, text in part.items() if key != "sample_names")  # a list, not a text
    for table in (words.outside, words.audiences, words.incidents, words.outlets, words.easy):
        yield from leaves(table)
    for kind in words.kinds.values():
        yield from (kind.name, kind.means)
    for rule in words.gate.values():
        yield from (rule.says, rule.rewrite, *rule.good)


def test_french_has_a_hard_space_before_every_double_sign_and_inside_every_pair_of_quotes():
    for text in every_text(wording.words("fr")):
        assert not re.search(r"(?<![\u00a0\u202f:/])[;?!»](?=\s|$|”)|(?<![\u00a0\u202f\d]):(?=\s|$)|«(?![\u00a0\u202f])", text), text
        assert "..." not in text and "'" not in text.replace("''", ""), text


def test_persian_keeps_prefixes_suffixes_and_plurals_with_their_word():
    # The half-space (U+200C) joins می, نمی, ها, های, هایی, ترین, ام, اند to their word; a whole space would tear them off.
    torn = re.compile(r"(?:^|\s)(?:می|نمی)\s|\s(?:ها|های|هایی|هایم|هایتان|ترین|اند|ایم|اید)(?=[\s،.؛:؟!)»]|$)")
    for text in every_text(wording.words("fa")):
        assert not torn.search(text), text
        assert "\u200c " not in text and " \u200c" not in text and "\u200c\u200c" not in text, text
        assert not re.search("[يكى0-9٠-٩]", re.sub(r"=[01]|[{]\w+[}]|[A-Za-z][\w.]*", "", text)), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_a_doubled_or_stray_space(language):
    for text in every_text(wording.words(language)):
        assert text == text.strip() and "  " not in text and not re.search(r" [,.،](?=\s|$)", text), text


def every_french_text():
    words = wording.words("fr")
    for part in (words.text, words.family, words.outside, words.outlets, words.easy):
        yield from leaves(part)
    for part in (words.audiences, words.incidents):
        yield from leaves(part)


def leaves(table):
    for value in table.values():
        if isinstance(value, dict):
            yield from leaves(value)
        else:
            yield value


def test_no_french_word_that_is_cut_before_a_vowel_stands_before_a_name():
    # "de Hôtel", "que Omar": we do not know how a company's or a person's name begins, so the sentence must not care.
    for text in every_french_text():
        assert not re.search(r"\b(de|que|le|la|se|ne|je|lorsque|puisque|jusque) \{(company|name|by|whom|topic|language)\}", text), text


@pytest.mark.parametrize("tag", ["en", "en-x-easy", "fr", "fr-x-easy", "fa", "fa-x-easy"])
def test_a_list_of_one_kind_of_data_does_not_say_that_not_everybody_has_all_of_them(tag):
    words = wording.words(tag)
    one, several = (words.say(words.outside["kinds"], n=n) for n in (1, 2))
    assert len(one) < len(several) and one[-1] == several[-1] == ":"


@pytest.mark.parametrize("tag", ["fr", "fr-x-easy"])
def test_nobody_is_not_one_person_in_french(tag):
    # French grammar takes zero for a singular: a branch that writes "une personne" would say so of nobody.
    words = wording.words(tag)
    for text in (words.text["told"], words.outside["number"], words.outside["number_believed"], words.text["form_draft"]):
        said = words.say(text, n=0)
        assert "une " not in said.lower().replace("aucune", ""), said
