"""Log lines hold no token."""

from __future__ import annotations

import logging

from aloai.logs import WithoutTokens


def test_the_token_of_a_link_is_taken_out() -> None:
    record = logging.LogRecord(
        "django", logging.WARNING, "", 1, "Forbidden: %s", ("/enter/abcDEF_123-45/",), None
    )
    assert WithoutTokens().filter(record)
    assert record.getMessage() == "Forbidden: /enter/…/"
    other = logging.LogRecord("django", logging.WARNING, "", 1, "Not found: %s", ("/x/",), None)
    assert WithoutTokens().filter(other) and other.getMessage() == "Not found: /x/"
