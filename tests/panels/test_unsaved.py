"""What was typed and cannot be stored, and typing as one step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents.core.models import User
from agents.core.services import ensure_user
from agents.panels import history, services, unsaved
from agents.panels.freeze import settings_of
from agents.panels.models import Action, Agent, Edit, Unsaved, mark_of
from agents.panels.schema import AgentSettings
from tests.panels.conftest import HTMX, filled, url_of

WRONG = {"config.stops.b.seconds": "soon", "auto": "1"}


@pytest.fixture
def dana(builder: Client) -> User:
    """Who is signed in."""
    return User.objects.get(pk=builder.session["_auth_user_id"])


def typed(action: Action, when: str, user: User) -> None:
    """A card saves itself with another condition."""
    action.refresh_from_db()
    draft = services.ActionDraft(when=when, config=action.config)
    services.save_action(action=action, draft=draft, user=user)


# --- one step ---------------------------------------------------------------------------------


def test_typing_in_one_card_is_one_step(action: Action, dana: User) -> None:
    before = Edit.objects.count()
    for text in ("t", "the", "the caller", "the caller asks"):
        typed(action, text, dana)
    [edit] = Edit.objects.all()[: Edit.objects.count() - before]
    assert edit.before["cards"][str(action.uid)]["when"] == ""
    assert edit.after["cards"][str(action.uid)]["when"] == "the caller asks"
    services.undo(edit=edit, user=dana)
    action.refresh_from_db()
    assert action.when == ""
    services.redo(edit=edit, user=dana)
    action.refresh_from_db()
    assert action.when == "the caller asks"


def test_typing_back_to_where_it_began_is_no_step(action: Action, dana: User) -> None:
    before = Edit.objects.count()
    for text in ("the caller", ""):
        typed(action, text, dana)
    assert Edit.objects.count() == before


def test_a_pause_another_card_another_person_or_another_deed_is_a_step_of_its_own(
    action: Action, dana: User
) -> None:
    other = services.duplicate_action(action=action, user=dana)
    eli = ensure_user(email="eli@example.com", role="builder")
    before = Edit.objects.count()
    typed(action, "a", dana)
    Edit.objects.update(at=timezone.now() - timedelta(seconds=21))
    typed(action, "ab", dana)
    typed(other, "b", dana)
    typed(other, "bc", eli)
    services.set_enabled(action=other, enabled=False, user=eli)
    typed(other, "bcd", eli)
    assert Edit.objects.count() == before + 6


def test_settings_and_the_name_are_steps_too(agent: Agent, dana: User) -> None:
    for greeting in ("Good", "Good day."):
        services.save_settings(
            agent=agent, settings=AgentSettings(greeting=greeting), fields=["greeting"],
            label="Settings: Name and greeting", user=dana,
        )  # fmt: skip
    services.rename_agent(agent=agent, name="Night desk", user=dana)
    labels = []
    while edit := history.last_step(agent.panel, dana):
        labels.append(edit.label)
        services.undo(edit=edit, user=dana)
    assert labels == ["Name changed", "Settings: Name and greeting changed"]
    agent.refresh_from_db()
    assert agent.name == "Front desk"
    assert settings_of(agent.panel).greeting == AgentSettings().greeting


# --- kept -------------------------------------------------------------------------------------


def test_what_is_wrong_is_kept_as_it_was_typed(builder: Client, action: Action, dana: User) -> None:
    answer = builder.post(url_of(action), filled(**WRONG), headers=HTMX).content.decode()
    assert "Not saved: 1 to correct" in answer and "1 card not saved" in answer
    assert "Enter a whole number." in answer and f'id="form-{action.uid}"' not in answer
    action.refresh_from_db()
    assert action.config == {}, "nothing of it is stored"
    page = builder.get(f"{reverse('panels:instructions', args=[action.panel.agent.uuid])}"
                       f"?open={action.uid}").content.decode()  # fmt: skip
    assert 'value="soon"' in page and "Not saved: 1 to correct" in page
    right = filled(auto="1")
    answer = builder.post(url_of(action), right, headers=HTMX).content.decode()
    assert "Not saved" not in answer.replace("Not saved. Trying again…", "")
    assert not Unsaved.objects.exists()


def test_it_is_kept_for_the_one_who_typed_it(
    builder: Client, client_for: Any, action: Action
) -> None:
    builder.post(url_of(action), filled(**WRONG), headers=HTMX)
    page = client_for("admin").get(url_of(action), headers=HTMX).content.decode()
    assert 'value="soon"' not in page


def test_discarding_brings_back_what_is_stored(builder: Client, action: Action) -> None:
    builder.post(url_of(action), filled(**WRONG), headers=HTMX)
    answer = builder.post(url_of(action), {"discard": "1", "auto": "1"}, headers=HTMX)
    assert 'value="soon"' not in answer.content.decode() and not Unsaved.objects.exists()


def test_what_belongs_to_a_deleted_card_waits_for_its_return(
    builder: Client, action: Action, dana: User
) -> None:
    builder.post(url_of(action), filled(**WRONG), headers=HTMX)
    services.delete_action(action=action, user=dana)
    assert unsaved.of(action.panel, dana) == {}
    edit = history.last_step(action.panel, dana)
    assert edit is not None
    services.undo(edit=edit, user=dana)
    assert list(unsaved.of(action.panel, dana)) == [str(action.uid)]


def test_ones_own_undo_is_nobody_elses_change(builder: Client, action: Action, dana: User) -> None:
    typed(action, "the caller asks", dana)
    wrong = filled(**WRONG, revision=str(action.revision))
    builder.post(url_of(action), wrong, headers=HTMX)
    builder.post(reverse("panels:step", args=[action.panel.agent.uuid, "undo"]), headers=HTMX)
    page = builder.get(url_of(action), headers=HTMX).content.decode()
    action.refresh_from_db()
    assert f'name="revision" value="{action.revision}"' in page and 'value="soon"' in page


def test_autosave_asks_again_and_again_until_it_is_decided(
    builder: Client, action: Action, dana: User
) -> None:
    eli = ensure_user(email="eli@example.com", role="builder")
    typed(action, "theirs", eli)
    old = filled(auto="1", revision="0")
    for _ in range(2):
        answer = builder.post(url_of(action), old, headers=HTMX).content.decode()
        assert "<b>eli@example.com</b> changed this action" in answer
        assert 'name="revision" value="0"' in answer
    action.refresh_from_db()
    assert action.when == "theirs"
    answer = builder.post(url_of(action), old | {"mine": str(action.revision)}, headers=HTMX)
    assert "changed this action" not in answer.content.decode()
    action.refresh_from_db()
    assert action.when == "the caller asks for “stops”" and not Unsaved.objects.exists()


def test_a_section_that_somebody_else_changed_asks(
    builder: Client, agent: Agent, dana: User
) -> None:
    eli = ensure_user(email="eli@example.com", role="builder")
    url = reverse("panels:section", args=[agent.uuid, "greeting"])
    page = builder.get(reverse("panels:settings", args=[agent.uuid])).content.decode()
    was = page.partition('id="saved-greeting"')[2].partition('name="was" value="')[2][:16]
    services.save_settings(agent=agent, settings=AgentSettings(greeting="Theirs."), user=eli)
    mine = {"name": agent.name, "settings.greeting": "Mine.", "was": was, "auto": "1"}
    answer = builder.post(url, mine, headers=HTMX).content.decode()
    assert "<b>eli@example.com</b> changed these settings" in answer and "Keep mine" in answer
    agent.refresh_from_db()
    assert settings_of(agent.panel).greeting == "Theirs."
    now = answer.partition('name="mine" value="')[2][:16]
    builder.post(url, mine | {"mine": now}, headers=HTMX)
    agent.refresh_from_db()
    assert settings_of(agent.panel).greeting == "Mine."


def test_instructions_that_wait_for_a_decision_come_back(builder: Client, agent: Agent) -> None:
    url = reverse("panels:save_instructions", args=[agent.uuid])
    services.save_instructions(panel=agent.panel, text="Theirs")
    builder.post(url, {"instructions": "Mine", "was": mark_of(""), "auto": "1"}, headers=HTMX)
    page = builder.get(reverse("panels:instructions", args=[agent.uuid])).content.decode()
    assert ">\nMine</textarea>" in page and "Take theirs" in page
    answer = builder.post(url, {"discard": "1", "auto": "1"}, headers=HTMX).content.decode()
    assert ">\nTheirs</textarea>" in answer and not Unsaved.objects.exists()
