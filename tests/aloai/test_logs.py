"""Log lines hold no token, no traceback of a refusal, and no flood."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from aloai import logs
from aloai.logs import WithoutFloods, WithoutTokens


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Of the filter."""
    return Clock()


@pytest.fixture
def lines(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the product's own handler prints, with three lines of a pattern each minute."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(WithoutFloods(most=3, clock=clock))
    handler.addFilter(WithoutTokens())
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    return stream


def _said(stream: io.StringIO) -> list[str]:
    return stream.getvalue().splitlines()


def test_the_token_of_a_link_is_taken_out() -> None:
    record = logging.LogRecord(
        "django", logging.WARNING, "", 1, "Forbidden: %s", ("/enter/abcDEF_123-45/",), None
    )
    assert WithoutTokens().filter(record)
    assert record.getMessage() == "Forbidden: /enter/…/"
    other = logging.LogRecord("django", logging.WARNING, "", 1, "Not found: %s", ("/x/",), None)
    assert WithoutTokens().filter(other) and other.getMessage() == "Not found: /x/"


def test_a_flood_is_a_few_lines_and_a_number(lines: io.StringIO, clock: Clock) -> None:
    log = logging.getLogger("some.room")
    for number in range(100_000):
        log.warning("Not Found: %s", f"/page-{number}/")
    assert len(_said(lines)) == 3
    clock.now += 61
    logging.getLogger("another.room").warning("Something else")
    assert _said(lines)[3:] == [
        "99997 more lines like this were left out: Not Found: %s",
        "Something else",
    ]
    log.warning("Not Found: %s", "/again/")
    assert _said(lines)[-1] == "Not Found: /again/"


def test_lines_of_other_kinds_stand_beside_a_flood(lines: io.StringIO) -> None:
    log = logging.getLogger("some.room")
    for _ in range(10):
        log.warning("Not Found: %s", "/x/")
    log.error("Not Found: %s", "/x/")
    logging.getLogger("another.room").warning("Not Found: %s", "/x/")
    for error in (ValueError("v"), TypeError("t")):
        log.error("It failed", exc_info=error)
    assert sum(line.startswith("Not Found") for line in _said(lines)) == 5
    assert sum(line.startswith("It failed") for line in _said(lines)) == 2


@pytest.mark.parametrize("words", ["Invalid HTTP_HOST header: '{}'.", "pid {}", "at 0xfe{}"])
def test_values_inside_the_words_are_no_other_kind(lines: io.StringIO, words: str) -> None:
    for number in range(50):
        logging.getLogger("some.room").error(words.format(number))
    assert len(_said(lines)) == 3


def test_words_that_never_repeat_are_bounded_too(
    lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "MOST_PATTERNS", 5)
    for number in range(100):
        logging.getLogger("some.room").error("x" * number)
    assert len(_said(lines)) == 5 + 3


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the site's own console handler prints; no line was counted as a flood before."""
    (handler,) = [h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler]
    for one in handler.filters:
        if isinstance(one, WithoutFloods):
            monkeypatch.setattr(one, "_patterns", {})
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before or stream)


@pytest.mark.django_db
def test_a_refusal_is_one_line_and_a_fault_has_its_traceback(console: io.StringIO) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/leave/").status_code == 403
    assert Client(SERVER_NAME="evil.example").get("/health/").status_code == 400
    assert len(_said(console)) == 2
    assert "Forbidden" in _said(console)[0]
    try:
        raise ValueError("a fault")
    except ValueError:
        logging.getLogger("django.request").exception("It failed", extra={"status_code": 500})
    assert "Traceback" in console.getvalue()


def test_the_web_server_writes_through_the_same_filters() -> None:
    """Its own handlers would let every line through."""
    assert settings.LOGGING["loggers"]["uvicorn"]["handlers"] == ["console"]
    names = {type(one).__name__ for one in logging.getLogger("uvicorn").handlers[0].filters}
    assert names == {"ShortRefusals", "WithoutFloods", "WithoutTokens"}
