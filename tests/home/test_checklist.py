"""The first steps: ticked by what is there, put away by each user alone."""

from __future__ import annotations

from typing import Any

import pytest

from agents.core.models import User
from agents.core.services import ensure_user
from agents.home.checklist import checklist
from agents.home.models import DismissedStep
from integrations.models import Connection
from tests.conversations.factories import make_agent, make_conversation, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana(db: None) -> User:
    return ensure_user(email="dana@example.com", role="admin")


def standing(user: User) -> dict[str, bool]:
    return {step.kind.slug: step.done for step in checklist(user)}


def test_a_step_is_done_by_what_is_there(dana: User) -> None:
    assert standing(dana) == {"try": False, "model": False, "publish": False, "invite": False}
    agent = make_agent()
    make_conversation(agent, version=make_version(agent))
    assert not standing(dana)["try"], "a real conversation is no test"
    make_conversation(agent, version=make_version(agent, 2), sandbox=True, started_by="Demo")
    assert not standing(dana)["try"], "nobody here has held it"
    make_conversation(agent, version=make_version(agent, 1), sandbox=True, started_by=dana.username)
    assert standing(dana) == {"try": True, "model": False, "publish": True, "invite": False}
    model = Connection.objects.create(vendor="model", name="Model", state="failed")
    assert not standing(dana)["model"]
    model.state = "ok"
    model.save()
    assert standing(dana)["model"]


def test_it_is_gone_when_all_is_done(dana: User) -> None:
    agent = make_agent()
    make_conversation(agent, version=make_version(agent, 1), sandbox=True, started_by=dana.username)
    Connection.objects.create(vendor="model", name="Model", state="ok")
    ensure_user(email="eli@example.com", role="builder")
    assert checklist(dana) == []


def test_a_builder_has_the_steps_of_a_builder(dana: User) -> None:
    eli = ensure_user(email="eli@example.com", role="builder")
    kim = ensure_user(email="kim@example.com", role="support")
    assert set(standing(eli)) == {"try", "publish"} and checklist(kim) == []


def test_putting_away_is_each_users_own(client_for: Any, dana: User) -> None:
    client = client_for("admin")
    response = client.post("/home/steps/", {"step": "invite"}, headers={"HX-Request": "true"})
    assert "Invite a colleague" not in response.content.decode()
    client.post("/home/steps/", {"step": "invite"})
    assert DismissedStep.objects.count() == 1
    assert "invite" in standing(dana)
    client.post("/home/steps/", {"step": "all"})
    assert "First steps</h2>" not in client.get("/home/").content.decode()
    client.post("/home/steps/", {"step": "show"})
    assert "First steps</h2>" in client.get("/home/").content.decode()


@pytest.mark.parametrize("step", ["", "line", "x" * 300, "try\x00"])
def test_nonsense_changes_nothing(client_for: Any, step: str) -> None:
    assert client_for("admin").post("/home/steps/", {"step": step}).status_code == 302
    assert not DismissedStep.objects.exists()
