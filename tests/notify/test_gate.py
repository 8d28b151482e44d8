"""The honesty gate: every rule against its own samples in every language, and our own letters through all of it."""

import tomllib
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from amanat import wording
from amanat.notify.check import split
from amanat.notify.checks.readability import lix
from amanat.notify.gate import check_notice, check_text, checks
from amanat.notify.render import render_text
from amanat.terms.fact import fact_types
from amanat.terms.kinds import KINDS
from tests.notify.writing_world import BASES, CODE, COMPANY, DUTIES, NOW, TODAY, fact, facts, known_by, notices, person

LANGUAGES = tuple(wording.languages())
# Rules that look at a whole notice with its duties, not at a sentence: their tests stand below.
OF_A_NOTICE = {"required_content", "untranslated"}


def against(rule, text, language):
    """The rule's findings on a sample, with the facts that the rule needs to judge it."""
    more = {}
    if rule == "hedging":
        more = {"facts": {"acquired": fact("acquired", True)}}
    if rule == "numbers":
        more = {"facts": {"residents": fact("residents", {"FR": 700, "GB": 500})}}
    if rule == "delay":
        more = {"facts": {"awareness": fact("awareness", datetime(2026, 1, 1, tzinfo=timezone.utc))}, "now": NOW}
    if rule == "easy_read":
        language = wording.easy(language)
    if rule == "discreet_subject":
        more = {"subject": text}
    return [f for f in check_text(text, language, **more) if f.check == rule]


def samples(which):
    return [
        pytest.param(language, rule, text, id=f"{language}-{rule}-{n}")
        for language in LANGUAGES
        for rule, words in wording.words(language).gate.items()
        for n, text in enumerate(getattr(words, which))
        if rule not in OF_A_NOTICE
    ]


@pytest.mark.parametrize(("language", "rule", "text"), samples("bad"))
def test_the_rule_objects_to_its_bad_sample(language, rule, text):
    assert against(rule, text, language)


@pytest.mark.parametrize(("language", "rule", "text"), samples("good"))
def test_the_rule_is_content_with_its_good_sample(language, rule, text):
    assert not against(rule, text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_words_samples_and_a_way_out_in_every_language(language):
    gate = wording.words(language).gate
    assert set(gate) == set(checks())
    for rule, words in gate.items():
        assert words.says and words.rewrite
        assert rule in OF_A_NOTICE or (words.bad and words.good), rule


def test_there_are_at_least_thirty_rules_with_source_and_date():
    assert len(checks()) >= 30
    assert all(check.source and datetime.fromisoformat(check.read_on) for check in checks().values())


def test_our_own_letters_pass_without_a_blocking_finding_in_every_language():
    for notice in notices().values():
        assert [f for f in check_notice(notice, facts(), DUTIES, COMPANY, now=NOW) if f.is_blocking] == [], notice.id


def test_persian_typed_on_an_arabic_keyboard_is_read_like_any_other():
    ours = "ما امنیت داده‌های شما را بسیار جدی می‌گیریم. جای هیچ‌گونه نگرانی نیست. کلمهٔ عبور خود را وارد کنید."
    theirs = ours.replace("ی", "ي").replace("ک", "ك").replace("کلمهٔ", "كلمه‌ي").replace("كلمهٔ", "كلمه‌ي")
    assert [f.check for f in check_text(theirs, "fa") if f.quote] == [f.check for f in check_text(ours, "fa") if f.quote]
    assert {"formula", "minimising", "phishing"} <= {f.check for f in check_text(theirs, "fa")}


def test_our_own_letters_get_no_advice_either():
    for notice in notices().values():
        assert check_notice(notice, facts(), DUTIES, COMPANY, now=NOW) == [], notice.id


def test_a_hedge_on_a_known_fact_blocks_and_on_a_believed_one_does_not():
    text = "Your address may have been copied."
    assert [f.is_blocking for f in check_text(text, "en", {"acquired": fact("acquired", True)}) if f.check == "hedging"] == [True]
    assert [f for f in check_text(text, "en", {"acquired": fact("acquired", True, "believed")}) if f.check == "hedging"] == []
    assert [f.is_blocking for f in check_text(text, "en") if f.check == "hedging"] == [False]


def test_no_evidence_may_be_said_by_someone_who_looked():
    text = "We have no evidence of misuse."
    known = {"search_for_misuse": fact("search_for_misuse", {"en": "We searched until 3 March."})}
    unknown = {"search_for_misuse": fact("search_for_misuse", None, "unknown")}
    assert [f for f in check_text(text, "en", known) if f.check == "no_evidence"] == []
    assert [f.is_blocking for f in check_text(text, "en", unknown) if f.check == "no_evidence"] == [True]


def test_a_missing_required_item_blocks():
    [notice] = [n for n in notices(facts(what_we_did=None)).values() if n.id == "eu-gdpr.en"]
    found = [f for f in check_notice(notice, facts(what_we_did=None), DUTIES, COMPANY) if f.check == "required_content"]
    assert [(f.is_blocking, f.quote) for f in found] == [(True, "measures")]


def test_an_item_that_no_machine_understands_is_handed_to_a_person():
    duties = tuple(replace(d, content=(*d.content, "a poem")) for d in DUTIES)
    found = [f for f in check_notice(notices()["eu-gdpr.en"], facts(), duties, COMPANY) if f.check == "required_content"]
    assert [(f.is_blocking, f.quote) for f in found] == [(False, "a poem")]


def test_what_one_law_forbids_to_tell_does_not_block_because_another_asks_for_it():
    # Massachusetts forbids the nature of the breach, the GDPR asks for it.
    duties = tuple(
        replace(d, content=("nature", "consequences", "measures"), forbidden=("nature of the breach",)) if d.law == "eu-gdpr" else d for d in DUTIES
    )
    notice = notices()["eu-gdpr.en"]
    silent = replace(notice, sections=tuple(s for s in notice.sections if s.id not in ("what_happened", "consequences", "what_we_did")))

    found = check_notice(silent, facts(), duties, COMPANY)

    assert {f.quote: f.is_blocking for f in found if f.check == "required_content" and f.quote in ("nature", "consequences", "measures")} == {
        "nature": False,
        "consequences": False,
        "measures": True,
    }


def test_a_missing_prescribed_heading_blocks():
    notice = notices()["us-ca.en"]
    without = replace(notice, sections=tuple(replace(s, heading="Steps") if s.heading == "What You Can Do" else s for s in notice.sections))
    found = check_notice(without, facts(), DUTIES, COMPANY)
    assert [f.quote for f in found if f.check == "required_content"] == ["What You Can Do"]


def test_a_statement_without_text_in_the_language_blocks():
    ledger = facts(cause=fact("cause", {"en": "A stolen password."}))
    composed = notices(ledger)
    assert [f.where for f in check_notice(composed["eu-gdpr.fa"], ledger, DUTIES, COMPANY) if f.check == "untranslated"] == ["cause"]
    assert [f for f in check_notice(composed["eu-gdpr.en"], ledger, DUTIES, COMPANY) if f.check == "untranslated"] == []


def test_a_late_letter_must_say_why():
    late = tuple(replace(d, due_at=NOW - timedelta(hours=1)) for d in DUTIES)
    notice = notices()["eu-gdpr.en"]
    assert [f.is_blocking for f in check_notice(notice, facts(), late, COMPANY, now=NOW) if f.check == "delay"] == [True]
    reason = facts(delay_reason=fact("delay_reason", {"en": "The police asked us to wait.", "fr": "x", "fa": "x"}))
    assert [f for f in check_notice(notices(reason)["eu-gdpr.en"], reason, late, COMPANY, now=NOW) if f.check == "delay"] == []


def test_a_promise_in_the_past_blocks():
    ledger = facts(next_update=fact("next_update", NOW - timedelta(days=1)))
    assert [f.is_blocking for f in check_notice(notices(ledger)["eu-gdpr.en"], ledger, DUTIES, COMPANY, now=NOW) if f.check == "next_update"] == [
        True
    ]


def test_links_to_our_own_domains_and_their_subdomains_pass():
    text = "See https://hotel.example/notices and https://help.hotel.example/x, not https://hotel.example.evil.test/x."
    assert [f.quote for f in check_text(text, "en", company=COMPANY) if f.check == "outside_link"] == ["https://hotel.example.evil.test/x."]


def test_a_number_in_persian_digits_is_read():
    ledger = {"residents": fact("residents", {"IR": 41870})}
    assert [f for f in check_text("این حمله به ۴۱٬۸۷۰ نفر آسیب زد.", "fa", ledger) if f.check == "numbers"] == []
    assert [f for f in check_text("این حمله به ۴۱٬۸۷۱ نفر آسیب زد.", "fa", ledger) if f.check == "numbers"]


@pytest.mark.parametrize(
    ("rule", "fact_name", "value", "text"),
    [
        ("vague_time", "occurrence", datetime(2026, 3, 1, tzinfo=timezone.utc), "It happened recently."),
        ("vague_number", "residents", {"FR": 700}, "Some of our guests were affected by attackers."),
    ],
)
def test_what_is_known_exactly_may_not_be_said_vaguely(rule, fact_name, value, text):
    def blocks(ledger):
        return [f.is_blocking for f in check_text(text, "en", ledger) if f.check == rule]

    assert blocks({fact_name: fact(fact_name, value)}) == [True]
    assert blocks({fact_name: fact(fact_name, value, "believed")}) == [False]
    assert blocks({}) == [False]


def test_a_finding_never_repeats_the_secret_it_found():
    [found] = [f for f in check_text("Your card 4111-1111-1111-1111 was copied by thieves.", "en") if f.check == "secret_shown"]
    assert found.is_blocking and "1111" not in found.quote + found.says + found.rewrite
    [found] = [f for f in check_text("See https://www.hotel.example/n?person=8f3a.", "en", company=COMPANY) if f.check == "tracking"]
    assert "8f3a" not in found.quote


def test_steps_that_come_after_more_than_a_page_are_advised_upwards():
    notice = notices()["eu-gdpr.en"]
    [happened] = [s for s in notice.sections if s.id == "what_happened"]
    long = replace(
        happened, sentences=(*happened.sentences, *(replace(happened.sentences[0], text="One more thing happened then.") for _ in range(60)))
    )
    late = replace(notice, sections=tuple(long if s.id == "what_happened" else s for s in notice.sections))
    found = [f for f in check_notice(late, facts(), DUTIES, COMPANY, now=NOW) if f.check == "actions_first"]
    assert {(f.is_blocking, f.where) for f in found} == {(False, "what_you_do")}


def test_the_readability_formula_counts_as_its_author_did():
    # Twelve words in two sentences, four of them of more than six letters.
    assert lix(["Attackers entered our systems.", "They quickly copied all of the data there."]) == (12 / 2 + 100 * 4 / 12, 12)
    assert lix(["می\u200cنویسیم"]) == (1.0, 1)  # each part of a joined word is short
    assert lix([]) == (0.0, 0)


def test_blocking_findings_come_first():
    found = check_text("Our top priority is security. Only a small number of people. Click here.", "en")
    assert [f.is_blocking for f in found] == sorted((f.is_blocking for f in found), reverse=True)


def test_sentences_end_where_a_reader_would_end_them():
    assert split("سلام؟ بله. نه!\nخط تازه") == ["سلام؟", "بله.", "نه!", "خط تازه"]
    assert split("M. Exemple a écrit à No. 5. Voilà.") == ["M. Exemple a écrit à No. 5.", "Voilà."]


@pytest.mark.parametrize("text", ["", " \n ", "\u202e{{}}", "a" * 100_000, "؟؟؟", "{name", "0" * 5000 + " people"])
def test_any_text_gets_an_answer(text):
    for language in LANGUAGES:
        check_text(text, language, facts(residents=fact("residents", {"FR": 1})), company=COMPANY, subject=text)


LETTERS = tomllib.loads((Path(__file__).parent / "letters.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_that_companies_usually_write_is_stopped_for_each_of_its_faults(language):
    known = {"acquired": fact("acquired", True), "search_for_misuse": fact("search_for_misuse", None, "unknown")}
    found = check_text(LETTERS["usual"][language], language, known)
    assert {f.check for f in found if f.is_blocking} >= {"hedging", "no_evidence", "minimising", "marketing", "waiver", "phishing", "apology"}
    assert {f.check for f in found} >= {"next_update", "whom_to_ask", "genuine"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_that_one_would_wish_to_get_passes(language):
    assert check_text(LETTERS["honest"][language], language, {"acquired": fact("acquired", True)}) == []


def test_our_own_messages_pass_as_plain_text_too():
    for person_id, notice_id in (("p4", "us-ny.en"), ("p2", "us-ca.en"), ("p1", "eu-gdpr.fr"), ("p3", "eu-gdpr.fa"), ("p7", "us-ca.fa")):
        notice, someone = notices()[notice_id], person(person_id)
        text = render_text(notice, someone.contact, someone.kinds, someone.basis, someone.code, COMPANY, on=TODAY)
        assert check_text(text, notice.language, facts(), company=COMPANY, subject=notice.subject) == [], notice_id


# ---- our own texts, each as its persons read it ----

INCIDENTS = [*fact_types()["incident_kind"].choices, None]
ALL_KINDS = tuple(kind for kind in KINDS if kind != "service")
# What is known of the theft: known, believed, ruled out, unknown, never asked.
THEFT = {
    "known": fact("acquired", True),
    "believed": fact("acquired", True, "believed"),
    "ruled out": fact("acquired", False),
    "ruled out, we believe": fact("acquired", False, "believed"),
    "unknown": fact("acquired", None, "unknown"),
    "never asked": None,
}


@pytest.mark.parametrize("bases", [("content",), ("access",), ("service",), ("content", "access"), ("content", "access", "service")], ids="+".join)
@pytest.mark.parametrize("incident", INCIDENTS)
def test_the_gate_blocks_none_of_our_own_texts_whatever_happened_and_however_we_know(incident, bases):
    for theft in THEFT.values():
        ledger = facts(
            incident_kind=fact("incident_kind", incident) if incident else None,
            what_happened=None if incident else facts()["what_happened"],
            acquired=theft,
            occurrence_end=fact("occurrence_end", datetime(2026, 3, 4, 9, tzinfo=timezone.utc), "believed"),
            detection=fact("detection", datetime(2026, 3, 5, 9, tzinfo=timezone.utc), "believed"),
            notice_to_authority=fact("notice_to_authority", datetime(2026, 3, 9, 9, tzinfo=timezone.utc)),
        )
        for notice in known_by(bases, ledger, kinds=ALL_KINDS).values():
            found = check_notice(notice, ledger, DUTIES, COMPANY, now=NOW)
            assert [(f.check, f.quote) for f in found if f.is_blocking] == []


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("language", ("en", "fr", "fa"))
def test_the_gate_reads_the_filled_text_of_every_basis_without_objection(language, basis):
    for theft in THEFT.values():
        ledger = facts(acquired=theft)
        notice = known_by(BASES, ledger, kinds=ALL_KINDS)[language]
        own = {"service"} if basis == "service" else set(ALL_KINDS)
        text = render_text(notice, person("p1").contact, own, basis, CODE, COMPANY, on=TODAY)
        blocking = [f for f in check_text(text, language, ledger, company=COMPANY, now=NOW) if f.is_blocking]
        assert [(f.check, f.quote) for f in blocking] == []


def test_an_apology_that_only_some_of_the_readers_get_is_missed_for_the_others():
    notice = known_by(("content", "service"))["en"]
    for_some = tuple(
        replace(section, sentences=tuple(s for s in section.sentences if "content" not in s.bases)) if section.id == "apology" else section
        for section in notice.sections
    )
    found = check_notice(replace(notice, sections=for_some), facts(), DUTIES, COMPANY, now=NOW)
    assert [(f.check, f.is_blocking) for f in found if f.is_blocking] == [("apology", True)]
