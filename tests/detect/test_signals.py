"""Signals: each against its own examples, and what must hold for any message."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.detect.check import check_all
from amanat.detect.domains import lookalike
from amanat.detect.mail import read_mail
from amanat.detect.signal import EXAMPLE_OURS, a_mail, evidence_in, signals
from amanat.detect.verdict import judge


def test_every_signal_pattern_and_rule_sees_its_examples_and_no_counter_example():
    n_members, n_examples, problems = check_all()
    assert problems == [] and n_members > 25 and n_examples > 100


def test_every_signal_carries_its_source_and_examples_both_ways():
    for name, one in signals().items():
        assert re.match(r"https://", one.source), name
        assert one.examples and one.not_examples, name


def test_evidence_stands_strongest_first():
    raw = a_mail(
        '<p>Urgent</p><a href="http://203.0.113.9/x">https://www.karvan.example/login</a>', kind="html", more="Reply-To: <help@desk.example>\n"
    )
    found = evidence_in(read_mail(raw.encode()), EXAMPLE_OURS)
    assert [e.strength for e in found] == ["hard", "strong", "weak", "weak"]
    assert found[0].sentence == "A link shows www.karvan.example, but leads to 203.0.113.9."


def test_only_results_of_our_own_servers_count():
    forged = "Authentication-Results: mx.evil.example; spf=pass; dkim=pass header.d=karvan.example; dmarc=pass\n"
    real = "Authentication-Results: mx.karvan.example; spf=fail smtp.mailfrom=bulk.example; dmarc=fail header.from=karvan.example\n"
    verdict = judge(a_mail(sender="Karvan Hotels <desk@karvan.example>", more=forged + real).encode(), EXAMPLE_OURS)
    assert verdict.verdict == "impersonates_us" and verdict.evidence[0].signal == "dmarc_failed"
    assert not any("mx.evil" in e.sentence for e in verdict.evidence)


def test_authentication_that_passes_takes_nothing_off():
    body = '<a href="http://203.0.113.9/x">https://www.karvan.example/login</a> Please verify your account.'
    passes = "Authentication-Results: mx.karvan.example; spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example; dmarc=pass\n"
    with_it = judge(a_mail(body, sender="Desk <a@evil.example>", more=passes, kind="html").encode(), EXAMPLE_OURS)
    without = judge(a_mail(body, sender="Desk <a@evil.example>", kind="html").encode(), EXAMPLE_OURS)
    assert with_it.verdict == without.verdict == "impersonates_us"
    assert with_it.probability >= without.probability


def test_look_alikes_of_our_domain_are_told_from_honest_neighbours():
    ours = ("karvan.example", "karvan-hotels.example")
    assert lookalike("kаrvan.example", ours) == ("karvan.example", "same")  # a Cyrillic letter
    assert lookalike("xn--krvan-4ve.example", ours) == ("karvan.example", "same")
    assert lookalike("karvam.test", ours) == ("karvan.example", "near")
    assert lookalike("karvna.example", ours) == ("karvan.example", "near")
    assert lookalike("login.karvan-hotels.example.pay.test", ours) == ("karvan-hotels.example", "part")
    assert lookalike("www.karvan.example", ours) is None
    assert lookalike("caravan.example", ours) is None
    assert lookalike("203.0.113.9", ours) is None


@settings(max_examples=150, deadline=None)
@given(extra=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=300))
def test_no_pleasant_words_take_hard_evidence_away(extra):
    link = '<a href="http://203.0.113.9/x">https://www.karvan.example/login</a>'
    verdict = judge(a_mail(f"{link}<p>{extra.replace('<', ' ')}</p>", kind="html").encode(), EXAMPLE_OURS)
    assert verdict.verdict == "impersonates_us" and verdict.probability >= 0.97


@settings(max_examples=200, deadline=None)
@given(raw=st.binary(max_size=600))
def test_whatever_the_bytes_there_is_a_verdict(raw):
    verdict = judge(raw, EXAMPLE_OURS)
    assert 0 <= verdict.probability <= 1
    assert all(e.sentence for e in verdict.evidence)
