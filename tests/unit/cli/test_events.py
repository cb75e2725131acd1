"""The stream of events, read line by line."""

from leadersboard.answers import Event
from leadersboard.client import parse_events


def test_events_end_at_empty_lines_and_comments_are_passed_over() -> None:
    lines = [
        ": keep-alive",
        "",
        "event: status",
        'data: {"status": "running"}',
        "",
        "id: 7",
        "event:log",
        'data:{"text":',
        'data: "a\\nb"}',
        "",
        'data: {"unfinished": true}',
    ]

    assert list(parse_events(lines)) == [
        Event("status", {"status": "running"}),
        Event("log", {"text": "a\nb"}),
    ]


def test_an_event_without_a_name_is_a_message() -> None:
    assert list(parse_events(["data: {}", ""])) == [Event("message", {})]
