"""The versions of an agent: what differs between any two, and taking one back."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from agents.core.services import ensure_user
from agents.panels import history, services
from agents.panels.edits import SHOWN
from agents.panels.freeze import content_of, digest_of, settings_of
from agents.panels.models import Action, Agent, Edit
from agents.panels.schema import AgentSettings
from agents.panels.services import ActionDraft
from tests.panels.conftest import HTMX


@pytest.fixture
def desk(agent: Agent) -> Agent:
    """An agent with two published versions and another draft."""
    services.save_instructions(panel=agent.panel, text="Be brief.")
    end = services.add_action(panel=agent.panel, slug="end_call")
    dnc = services.add_action(panel=agent.panel, slug="set_dnc")
    for action in (end, dnc):
        services.save_action(action=action, draft=ActionDraft(when="it is over"))
    services.publish(panel=agent.panel, user=None, note="First words")
    services.save_instructions(panel=agent.panel, text="Be kind.")
    services.publish(panel=agent.panel, user=ensure_user(email="a@b.co", role="admin"))
    services.save_settings(agent=agent, settings=AgentSettings(threshold=90))
    services.save_action(action=end, draft=ActionDraft(when="they say goodbye"))
    services.delete_action(action=dnc)
    services.add_action(panel=agent.panel, slug="summarize_note")
    return Agent.objects.get(pk=agent.pk)


def page(builder: Client, agent: Agent, **asked: str) -> str:
    """The versions page."""
    return builder.get(reverse("panels:versions", args=[agent.uuid]), asked).content.decode()


def test_the_list_says_who_when_and_why(builder: Client, desk: Agent) -> None:
    body = page(builder, desk)
    assert "First words" in body and "no note" in body and "a@b.co" in body
    assert body.index("Version 2") < body.index("Version 1")


def test_any_two_are_compared(builder: Client, desk: Agent) -> None:
    assert "<del>brief.</del>" in page(builder, desk, old="1", new="2")
    assert "<del>brief.</del>" in page(builder, desk, old="2", new="1"), "the older one is first"
    draft = page(builder, desk, old="2", new="draft")
    for said in ("Settings: Models and judging", "they say goodbye", "Set contact as DNC"):
        assert said in draft
    assert "brief" not in draft
    assert "No differences" in page(builder, desk, old="1", new="1")
    assert "they say goodbye" in page(builder, desk, old="99", new="x"), "the newest, the draft"


def test_a_version_becomes_the_draft_in_one_step_that_can_be_undone(desk: Agent) -> None:
    user = ensure_user(email="dana@example.com", role="builder")
    today = digest_of(content_of(desk.panel))
    version = desk.versions.get(number=1)
    services.restore_version(version=version, user=user)
    fresh = Agent.objects.get(pk=desk.pk)
    assert digest_of(content_of(fresh.panel)) == version.digest
    step = history.last_step(fresh.panel, user)
    assert step is not None and step.label == "Version 1 restored"
    services.undo(edit=step, user=user)
    fresh = Agent.objects.get(pk=desk.pk)
    assert digest_of(content_of(fresh.panel)) == today
    assert settings_of(fresh.panel).threshold == 90
    services.redo(edit=Edit.objects.get(pk=step.pk), user=user)
    fresh = Agent.objects.get(pk=desk.pk)
    assert digest_of(content_of(fresh.panel)) == version.digest


def test_undo_does_not_overwrite_settings_that_were_changed_since(desk: Agent) -> None:
    user = ensure_user(email="dana@example.com", role="builder")
    services.restore_version(version=desk.versions.get(number=1), user=user)
    services.save_settings(agent=desk, settings=AgentSettings(threshold=70))
    step = history.last_step(desk.panel, user)
    assert step is not None
    with pytest.raises(services.CannotUndo):
        services.undo(edit=step, user=user)


def test_what_is_untouched_stays_untouched(desk: Agent) -> None:
    action = desk.panel.actions.get(type="end_call")
    services.publish(panel=desk.panel, user=None)
    before = Action.objects.get(pk=action.pk).revision
    services.restore_version(version=desk.versions.get(number=3))
    assert Action.objects.get(pk=action.pk).revision == before


def test_the_dialog_shows_what_it_would_do(builder: Client, desk: Agent) -> None:
    url = reverse("panels:restore_version", args=[desk.uuid, 1])
    body = builder.get(url, headers=HTMX).content.decode()
    assert "Restore version 1" in body and "Summarize conversation as note" in body
    answer = builder.post(url, headers=HTMX)
    assert answer.headers["HX-Redirect"] == reverse("panels:instructions", args=[desk.uuid])
    assert "already the same" in builder.get(url).content.decode()
    missing = reverse("panels:restore_version", args=[desk.uuid, 9])
    assert builder.get(missing).status_code == 404


# --- the edit history --------------------------------------------------------------------------


def edit(builder: Client, agent: Agent, step: Edit, way: str, **headers: str) -> HttpResponse:
    """Press the button of a step."""
    url = reverse("panels:edit", args=[agent.uuid, step.pk, way])
    response: HttpResponse = builder.post(url, headers=headers or None)
    return response


def test_the_edit_history_says_who_changed_what(builder: Client, desk: Agent) -> None:
    body = page(builder, desk)
    history = body[body.index('id="edits"') :]
    assert body.index("Published versions") < body.index("Edit history")
    assert history.index("Summarize conversation as note added") < history.index("End call added")
    changed = history[history.index("End call changed") :]
    assert "When" in changed[:200] and "Somebody" in changed[:400]


def test_any_step_is_taken_back_and_done_again(builder: Client, desk: Agent) -> None:
    step = Edit.objects.filter(label="Set contact as DNC deleted").get()
    answer = edit(builder, desk, step, "undo", **HTMX).content.decode()
    assert Action.objects.filter(panel=desk.panel, type="set_dnc").exists()
    assert 'class="undone"' in answer and f"{step.pk}/redo/" in answer
    edit(builder, desk, step, "redo")
    assert not Action.objects.filter(panel=desk.panel, type="set_dnc").exists()


def test_a_step_that_was_overtaken_says_so(builder: Client, desk: Agent) -> None:
    first = Edit.objects.filter(label="End call changed").last()
    assert first is not None
    answer = edit(builder, desk, first, "undo", **HTMX)
    assert "This action has been changed since." in answer.headers["HX-Trigger"]
    assert desk.panel.actions.get(type="end_call").when == "they say goodbye"


def test_a_step_of_another_agent_is_not_found(builder: Client, desk: Agent) -> None:
    other = services.create_agent(name="Other", kind="voice")
    step = Edit.objects.filter(panel=desk.panel).first()
    assert step is not None and edit(builder, other, step, "undo").status_code == 404


def test_only_the_newest_steps_are_shown_until_all_are_asked_for(
    builder: Client, desk: Agent
) -> None:
    for number in range(40):
        end = desk.panel.actions.get(type="end_call")
        services.move_action(action=end, to=1 - number % 2)
    assert page(builder, desk).count("data-edit") == SHOWN
    assert page(builder, desk, edits="all").count("data-edit") == Edit.objects.count()
