"""What persons do has one table, and every word in it is explained."""

from amanat.terms.event import EVENT_KINDS, EVENTS, QUESTIONS, REQUIRED


def test_person_time_and_kind_are_always_there():
    assert REQUIRED == ("person_id", "at", "kind")
    assert set(REQUIRED) < set(EVENTS.names)
    assert str(EVENTS.field("at").type) == "timestamp[us, tz=UTC]"


def test_every_kind_and_question_is_explained():
    assert {"joined", "order", "login", "cancelled", "contacted", "post", "review", "answer"} <= set(EVENT_KINDS)
    assert all(kind.says for kind in EVENT_KINDS.values())
    assert all(question.says and question.least < question.most for question in QUESTIONS.values())


def test_the_scale_of_the_net_promoter_score_has_eleven_steps():
    assert (QUESTIONS["nps"].least, QUESTIONS["nps"].most) == (0, 10)
