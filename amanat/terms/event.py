"""Events: what persons did, said and received before and after an incident, one row for each act."""

from dataclasses import dataclass

import pyarrow as pa

# Rows may stand in any order. Only `person_id`, `at` and `kind` are always there; the others are null where they say nothing.
EVENTS = pa.schema(
    [
        ("person_id", pa.string()),  # as in the register and in EXPOSURES
        ("at", pa.timestamp("us", tz="UTC")),
        ("kind", pa.string()),  # a key of EVENT_KINDS
        ("value_eur", pa.float64()),  # euros; order: what the person paid (returned goods are negative); paid: what we gave
        ("question", pa.string()),  # answer: a key of QUESTIONS
        ("score", pa.float64()),  # answer: on the scale of its question; review: stars 1..5
        ("text", pa.string()),  # the person's own words: personal data, erased with the incident
        ("language", pa.string()),  # BCP 47 language of `text`; null when unknown
        ("source", pa.string()),  # where it was done or said: web, app, desk, phone, mail, forum, social, review_site …
        ("ref", pa.string()),  # what it belongs to in our own records: notice id, case id, offer id
    ]
)
REQUIRED = ("person_id", "at", "kind")


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event: its name and what happened."""

    name: str
    says: str


EVENT_KINDS: dict[str, EventKind] = {
    kind.name: kind
    for kind in (
        EventKind("joined", "became a customer"),
        EventKind("order", "bought or booked something; `value_eur` is what was paid"),
        EventKind("login", "logged in"),
        EventKind("cancelled", "ended the relation: closed the account, ended the contract, left the programme"),
        EventKind("returned", "came back after having left"),
        EventKind("told", "a notice about the incident reached the person (delivered, or opened the page)"),
        EventKind("contacted", "wrote to us or called us (a ticket); `text` is what the person said"),
        EventKind("post", "wrote about us in public: forum, social network; `text`"),
        EventKind("review", "rated us in public; `score` is 1..5 stars, `text` the words"),
        EventKind("answer", "answered a survey question; `question` and `score`, `text` for free words"),
        EventKind("offer_accepted", "accepted an offer: monitoring, voucher, points; `ref` names it"),
        EventKind("paid", "received money or its worth from us because of the incident; `value_eur` is what it cost us"),
    )
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a survey: its name, its scale (lowest to highest, highest is best) and what it asks."""

    name: str
    least: int
    most: int
    says: str


QUESTIONS: dict[str, Question] = {
    question.name: question
    for question in (
        Question("nps", 0, 10, "how likely the person is to recommend us; 9 and 10 promote, 0 to 6 detract"),
        Question("csat", 1, 5, "satisfaction with the help received; 4 and 5 count as satisfied"),
        Question("ease", 1, 7, "how easy it was to get help; 5 and more count as easy"),
        Question("trust_care", 1, 7, "we act in the person's interest (benevolence)"),
        Question("trust_honesty", 1, 7, "we tell the truth about what happened (integrity)"),
        Question("trust_ability", 1, 7, "we are able to protect the person's data (competence)"),
        Question("stay", 1, 5, "how likely the person is to stay; an intention, never counted as behaviour"),
    )
}
