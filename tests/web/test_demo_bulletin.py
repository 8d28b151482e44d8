"""The demonstration's bulletin: one issue that went out, one that waits, and readers of whom one's mailbox is gone and one has left."""

import pytest
from django.utils import timezone

from amanat.web.bulletin import course
from amanat.web.bulletin.models import Issue, Subscriber
from amanat.web.demo import bulletin
from amanat.web.notify import outlets_queries
from amanat.web.public import files

from ..notify.delivery_world import Sink, a_server
from .test_approval import alice, incident, story  # noqa: F401  fixtures
from .test_outlets import staff

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_demonstration_has_an_issue_that_went_out_and_one_that_waits(incident, monkeypatch):  # noqa: F811
    both = {"author": staff("Alice"), "approver": staff("Bob")}
    monkeypatch.setattr(bulletin.inbox, "wait_for", lambda: None)
    handler = Sink()
    with a_server(handler) as url:
        monkeypatch.setenv("AMANAT_SMTP", url)
        assert not bulletin.is_there(incident)
        bulletin.send_one(incident, both, now=timezone.now())
        assert bulletin.is_there(incident)
        bulletin.send_one(incident, both, now=timezone.now())
    assert len(handler.messages) == 6
    found = course.course(Issue.objects.get(), now=timezone.now())
    assert (found.n, found.n_sent, found.n_failed, found.n_open, found.n_left_after) == (6, 5, 1, 0, 1)
    assert found.answers == [("550 5.1.1 The mailbox does not exist", 1)]
    assert Subscriber.objects.filter(left_at=None).count() == 4
    waiting = outlets_queries.standing(incident)
    assert (waiting.outlets, waiting.author.name) == (["bulletin"], "Alice")
    assert "security key" not in str(waiting.notices) and "is called back on the number" in str(waiting.notices)
    [issue] = files.released()
    assert sorted(row.name for row in issue.files) == ["en/bulletin.txt", "fa/bulletin.txt", "fr/bulletin.txt"]
    assert "security key" in bytes(files.file_of(issue.files[0].content_hash).content).decode()
