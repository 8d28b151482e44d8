"""Looking whether somebody pressed stop: before the first message, and then once a second however often it is asked."""

from amanat.web.notify import stopping


def test_it_looks_before_the_first_message_and_then_once_a_second(monkeypatch):
    now, looks, pressed = [100.0], [], [False]
    monkeypatch.setattr(stopping.time, "monotonic", lambda: now[0])
    stop = stopping.once_a_second(lambda: looks.append(now[0]) or pressed[0])

    assert looks == [100.0]
    pressed[0] = True
    assert [stop() for _ in range(50)] == [False] * 50 and looks == [100.0]
    now[0] = 101.0
    assert [stop() for _ in range(50)] == [True] * 50 and looks == [100.0, 101.0]


def test_what_was_stopped_before_is_known_at_once():
    assert stopping.once_a_second(lambda: True)() is True
