"""Bodies are capped before anything of them is stored."""

from __future__ import annotations

import urllib.parse
import uuid
from typing import Any

import pytest

from aloai.asgi import application
from aloai.limits import BodyLimit
from tests.aloai.asking import Asked, scope_of

KB = 1024
LENGTH = "content-length"


class Reading:
    """An application that reads a whole body, as Django does, and says how much it was."""

    def __init__(self) -> None:
        self.called = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.called = True
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message["body"])
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(size).encode()})


def test_an_announced_body_that_is_too_large_is_not_read() -> None:
    inner, pieces = Reading(), [b"x"]
    asked = Asked(BodyLimit(inner), scope_of("/contacts/", [(LENGTH, str(200 * KB * KB))]), pieces)
    assert (asked.status, asked.left, inner.called) == (413, pieces, False)
    assert asked.text == "This is too large: at most 1024 KB can be sent here."
    assert asked.headers[b"connection"] == b"close"


def test_a_streamed_body_is_read_up_to_its_limit_only() -> None:
    pieces = [b"x" * 100 * KB] * 50
    asked = Asked(BodyLimit(Reading()), scope_of("/contacts/"), pieces)
    assert asked.status == 413
    assert len(asked.left) == 39


def test_a_length_that_lies_does_not_help() -> None:
    scope = scope_of("/contacts/", [(LENGTH, "10"), (LENGTH, "1")])
    assert Asked(BodyLimit(Reading()), scope, [b"x" * 700 * KB] * 2).status == 413


@pytest.mark.parametrize(("size", "status"), [(KB * KB, 200), (KB * KB + 1, 413)])
def test_the_limit_itself_may_be_sent(size: int, status: int) -> None:
    asked = Asked(BodyLimit(Reading()), scope_of("/contacts/"), [b"x" * size])
    assert asked.status == status


@pytest.mark.parametrize(("path", "status"), [("/import/", 200), ("/enter/", 413)])
def test_a_route_may_take_more_or_less(path: str, status: int, settings: Any) -> None:
    settings.BODY_LIMITS = {"/import/": 5 * KB * KB, "/enter/": 16 * KB}
    asked = Asked(BodyLimit(Reading()), scope_of(path), [b"x" * 2 * KB * KB])
    assert asked.status == status


def test_the_longest_instructions_fit_in_any_script() -> None:
    """A hundred thousand characters, twice: what is saved, and what was there."""
    text = "語" * 100_000
    body = urllib.parse.urlencode({"instructions": text, "was": text}).encode()
    path = f"/agents/{uuid.uuid4()}/instructions/"
    assert Asked(BodyLimit(Reading()), scope_of(path), [body]).status == 200


@pytest.mark.parametrize("headers", [[(LENGTH, str(17 * KB))], []])
def test_who_is_not_signed_in_sends_a_form_and_no_more(headers: list[tuple[str, str]]) -> None:
    """The site itself; it has asked neither the database nor the session so far."""
    asked = Asked(application, scope_of("/enter/", headers), [b"x" * 17 * KB])
    assert asked.status == 413
