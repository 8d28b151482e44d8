"""Counting how often somebody tries: quick where it stands alone, and never at the cost of what must last."""

import pytest
from django.db import connection, transaction

from amanat.web.accounts import limits


@pytest.fixture(autouse=True)
def waiting_for_the_disk(transactional_db):
    """As a server of ours is set up; that of the tests waits for no disk at all."""
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit to on")
    yield
    connection.close()


def waits_for_the_disk():
    with connection.cursor() as cursor:
        cursor.execute("show synchronous_commit")
        return cursor.fetchone()[0] == "on"


def test_a_count_goes_up_and_what_follows_on_the_connection_waits_for_the_disk_as_ever():
    assert [limits.count("a try", seconds=60) for _ in range(3)] == [1, 2, 3]
    assert limits.seen("a try") == 3
    assert waits_for_the_disk()


def test_a_count_inside_a_transaction_leaves_its_commit_as_sure_as_it_was():
    with transaction.atomic():
        assert limits.count("another try", seconds=60) == 1
        assert waits_for_the_disk()


def test_alone_a_count_does_not_wait_for_the_disk():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"select * from {limits.QUICKLY}")
        assert not waits_for_the_disk()
    assert waits_for_the_disk()
    assert limits.alone() == limits.QUICKLY
