"""Which models an agent gets from the connection."""

from __future__ import annotations

from typing import Any

import pytest

from agents.channels.models import models_for
from agents.core.writer import InlineWriter
from agents.panels.schema import AgentSettings
from integrations.services import save_connection

pytestmark = pytest.mark.django_db


def models(**settings: Any) -> Any:
    """The models of an agent of a site with these settings."""
    given = {"base_url": "https://models.example/v1", "chat": "large", **settings}
    connection = save_connection(vendor="model", name="Models", settings=given)
    return models_for(connection, AgentSettings(), InlineWriter())


@pytest.mark.parametrize("kind", ["auto", "decisions", "chat"])
def test_the_judge_that_was_chosen(kind: str) -> None:
    assert models(judge_kind=kind).judge.name == {"auto": "chat"}.get(kind, kind)


def test_no_judge_is_none_and_not_the_rules() -> None:
    assert models(judge_kind="none").judge is None


def test_practice_mode_is_judged_by_rules() -> None:
    assert models_for(None, AgentSettings(), InlineWriter()).judge.name == "rules"  # type: ignore[union-attr]


def test_a_model_has_the_time_that_the_admin_gives_it() -> None:
    found = models(timeout=90, fallback="small")
    assert (found.chat.limit, found.fallback.limit) == (90, 90)
