"""Posts: as long as each network counts them, split where sentences end, and nothing of what is said is lost."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.notify.outlet import Picture, draft
from amanat.notify.outlets import bluesky, linkedin, mastodon, x
from amanat.notify.post import sentences, thread
from amanat.notify.sheet import outlet_words, sheet_of
from amanat.terms.notice import Section, Sentence

from ..outlet_world import CODE, notice, statement

NETWORKS = {"bluesky": bluesky.NETWORK, "linkedin": linkedin.NETWORK, "mastodon": mastodon.NETWORK, "x": x.NETWORK}
URL = "https://hotel.example/notices"


@pytest.mark.parametrize(("network", "text", "n"), [(name, *example) for name, one in NETWORKS.items() for example in one.examples])
def test_a_network_counts_as_its_manual_says(network, text, n):
    assert NETWORKS[network].length(text) == n


def with_text(*texts, language="en"):
    said = replace(
        notice(language), sections=(Section(id="what_happened", heading="What happened", sentences=tuple(Sentence(text=text) for text in texts)),)
    )
    return statement(notices=(said,))


def posts_of(given_statement, network):
    [said] = given_statement.notices
    return thread(sheet_of(said, URL, code=CODE), given_statement, outlet_words(said.language), network)


def test_a_thread_on_x_breaks_between_sentences_and_not_within_one():
    first = "On 1 March 2026 attackers entered our booking system with a stolen password of a member of our staff, and stayed there for two days."
    second = "On 6 March we found them, closed the access and changed every key that they could have seen, on all our servers."
    posts, cut = posts_of(with_text(first, second), x.NETWORK)

    assert posts == [
        f"Attackers reached our booking system\nAll we know, and every update: {URL}\n\nWhat happened\n{first}\n1/2",
        f"{second}\n\nReally from us? Code {CODE} at {URL}\n2/2",
    ]
    assert cut == []


def test_what_fits_into_one_post_stands_in_one_without_a_number():
    posts, _ = posts_of(with_text("We closed it."), linkedin.NETWORK)

    begin, end = f"Attackers reached our booking system\nAll we know, and every update: {URL}", f"Really from us? Code {CODE} at {URL}"
    assert posts == [f"{begin}\n\nWhat happened\nWe closed it.\n\n{end}"]


def test_a_sentence_that_is_longer_than_a_post_is_cut_between_words_and_said():
    text = "word " * 99 + "end."
    made = draft("x", with_text(text))

    [finding] = made.findings
    assert (finding.check, finding.is_blocking, finding.where) == ("length", False, "x en")
    posts = [post["text"] for post in json.loads(made.artefacts[1].content)["posts"]]
    assert all(x.length(post) <= 280 for post in posts)
    assert " ".join(posts).count("word") == 99


def test_persian_posts_are_numbered_in_persian_digits_and_counted_with_their_zwnj():
    posts, _ = posts_of(with_text("گذرواژه‌تان را عوض کنید. " * 30, language="fa"), bluesky.NETWORK)

    assert posts[0].endswith("۱/۴") and posts[-1].endswith("۴/۴")
    assert all(bluesky.NETWORK.length(post) <= 300 for post in posts)
    assert sum(post.count("گذرواژه‌تان") for post in posts) == 30


def test_posts_say_what_happened_what_to_do_and_when_we_write_again_and_lead_to_the_rest():
    ids = ("consequences", "what_happened", "how_we_help", "what_you_do", "next_update")
    said = replace(notice("en"), sections=tuple(Section(id=id, heading="", sentences=(Sentence(text=f"Of {id}."),)) for id in ids))
    [post], _ = posts_of(statement(notices=(said,)), linkedin.NETWORK)

    assert "Of what_happened.\n\nOf what_you_do.\n\nOf next_update." in post
    assert "consequences" not in post and f"every update: {URL}" in post


def test_a_long_thread_is_advised_against():
    made = draft("x", with_text(*["We closed the access of everyone and gave out new keys to all who need one." for _ in range(60)]))

    assert ("thread", False) in [(f.check, f.is_blocking) for f in made.findings]


def test_a_picture_without_words_blocks_until_it_is_described_in_each_language():
    picture = Picture(name="map.png", content=b"\x89PNG", alt={"en": "Three hotels on a map of Lyon."})
    made = draft("mastodon", statement("en", "fa", pictures=(picture,)))

    assert [(f.check, f.is_blocking, f.where) for f in made.findings] == [("alt_text", True, "mastodon fa")]
    assert made.is_blocked
    described = replace(picture, alt={"en": "Three hotels on a map of Lyon.", "fa": "سه هتل روی نقشهٔ لیون."})
    whole = draft("mastodon", statement("en", "fa", pictures=(described,)))
    assert whole.findings == ()
    assert json.loads(whole.artefacts[3].content)["pictures"] == [{"file": "map.png", "alt": "سه هتل روی نقشهٔ لیون."}]
    assert ("map.png", "image/png") in [(a.name, a.media_type) for a in whole.artefacts]


def test_a_description_that_the_network_cuts_off_blocks():
    picture = Picture(name="map.png", content=b"", alt={"en": "x" * 1001})

    assert [f.check for f in draft("x", statement("en", pictures=(picture,))).findings] == ["alt_text"]
    assert draft("mastodon", statement("en", pictures=(picture,))).findings == ()


def test_sentences_of_three_languages_are_found():
    assert sentences("We closed it. Did they copy it? We do not know!", "en") == ["We closed it.", "Did they copy it?", "We do not know!"]
    assert sentences("Nous l’avons fermé. Est-ce fini ? Non.", "fr") == ["Nous l’avons fermé.", "Est-ce fini ?", "Non."]
    assert sentences("آن را بستیم. آیا تمام شده است؟ نه.", "fa") == ["آن را بستیم.", "آیا تمام شده است؟", "نه."]


WORDS = st.text(alphabet="abcé漢س‌ی👾.?! ", min_size=1, max_size=400).map(lambda t: " ".join(t.split())).filter(bool)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5), st.sampled_from(sorted(NETWORKS)))
def test_whatever_is_said_every_post_fits_and_no_letter_is_lost(texts, name):
    network = NETWORKS[name]
    posts, _ = posts_of(with_text(*texts), network)

    assert all(network.length(post) <= network.length_max for post in posts)
    assert all(len(post.encode()) <= (network.bytes_max or 10**9) for post in posts)
    bodies = [re.sub(r"\n\d+/\d+$", "", post) for post in posts] if len(posts) > 1 else posts
    begin = f"Attackers reached our booking system All we know, and every update: {URL} What happened"
    whole = f"{begin} {' '.join(texts)} Really from us? Code {CODE} at {URL}"
    assert "".join("".join(bodies).split()) == "".join(whole.split())
