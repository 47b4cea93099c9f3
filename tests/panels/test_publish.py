"""Publishing: strict, numbered, explained."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents.contacts.models import Tag
from agents.core import needs
from agents.panels import services
from agents.panels.diff import changes
from agents.panels.freeze import content_of
from agents.panels.linter import lint
from agents.panels.models import Action, Agent
from agents.panels.schema import AgentSettings
from agents.panels.services import ActionDraft
from agents.routing.models import Inbox, Person
from tests.panels.conftest import HTMX


def put(agent: Agent, slug: str, when: str = "the caller asks", **draft: Any) -> Action:
    action = services.add_action(panel=agent.panel, slug=slug)
    known = {"moment": action.moment, "repeat": action.repeat, "config": action.config}
    services.save_action(action=action, draft=ActionDraft(when=when, **{**known, **draft}))
    return action


def transfer(agent: Agent, ref: str, **draft: Any) -> Action:
    config = {"destinations": [{"id": "a", "ref": ref}]}
    return put(agent, "transfer_call", config=config, **draft)


@pytest.fixture
def ready(agent: Agent) -> Agent:
    services.save_instructions(panel=agent.panel, text="Be brief.")
    put(agent, "end_call", "the caller says “goodbye”")
    return agent


def texts(agent: Agent, level: str) -> list[str]:
    return [finding.text for finding in lint(agent.panel) if finding.level == level]


def test_numbers_count_up_and_the_live_version_follows(ready: Agent) -> None:
    first = services.publish(panel=ready.panel, user=None, note="First")
    services.save_instructions(panel=ready.panel, text="Be very brief.")
    second = services.publish(panel=ready.panel, user=None)
    ready.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert ready.live_version == second
    assert first.note == "First"


def test_publishing_the_same_again_makes_no_second_number(ready: Agent) -> None:
    first = services.publish(panel=ready.panel, user=None)
    assert services.publish(panel=ready.panel, user=None).pk == first.pk


def test_what_was_tried_is_what_is_published(ready: Agent) -> None:
    tried = services.freeze_panel(panel=ready.panel)
    assert services.publish(panel=ready.panel, user=None).pk == tried.pk


def test_errors_block(ready: Agent) -> None:
    put(ready, "transfer_call")
    with pytest.raises(services.NotPublishable) as refused:
        services.publish(panel=ready.panel, user=None)
    assert "Add at least one destination." in str(refused.value)
    ready.refresh_from_db()
    assert ready.live_version is None


def test_a_disabled_action_does_not_block(ready: Agent) -> None:
    services.set_enabled(action=put(ready, "transfer_call"), enabled=False)
    assert services.publish(panel=ready.panel, user=None).number == 1


def test_an_unknown_type_blocks(ready: Agent) -> None:
    Action.objects.create(panel=ready.panel, type="gone")
    assert "The action type “gone” is not installed." in texts(ready, "error")


def test_what_lacks_something_becomes_shadow(ready: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    sms = put(ready, "send_sms", config={"text": "Hello"})
    services.publish(panel=ready.panel, user=None, modes={str(sms.uid): "live"})
    sms.refresh_from_db()
    assert sms.mode == "shadow"
    monkeypatch.setitem(needs._checks, "line", lambda: True)
    services.publish(panel=ready.panel, user=None, modes={str(sms.uid): "live"})
    sms.refresh_from_db()
    assert sms.mode == "live"


# --- findings -------------------------------------------------------------------------------


def test_a_disposition_behind_a_transfer_and_its_remedy(agent: Agent) -> None:
    inbox = Inbox.objects.get()
    transfer(agent, f"inbox:{inbox.pk}")
    late = put(agent, "set_dnc", "the caller says “stop”")
    found = next(finding for finding in lint(agent.panel) if finding.fix)
    assert found.fix and (found.fix.uid, found.fix.to) == (str(late.uid), 0)
    services.move_action(action=late, to=found.fix.to)
    assert not [finding for finding in lint(agent.panel) if finding.fix]


def test_two_endings_with_the_same_condition(agent: Agent) -> None:
    transfer(agent, f"inbox:{Inbox.objects.get().pk}", when="the caller is done")
    put(agent, "end_call", "The caller  is done")
    assert any("end the conversation on the same condition" in t for t in texts(agent, "warning"))


def test_the_same_action_twice(agent: Agent) -> None:
    put(agent, "set_dnc", "no more calls")
    put(agent, "set_dnc", "no more calls")
    assert any("listed twice" in text for text in texts(agent, "warning"))


def test_a_condition_is_needed_during_the_conversation(agent: Agent) -> None:
    put(agent, "end_call", "")
    assert texts(agent, "error") == ["Say when it should happen."]


def test_waiting_for_another_action_is_a_condition(agent: Agent) -> None:
    first = put(agent, "set_dnc", "no more calls")
    guard = {"id": "g", "kind": "ended_with", "ref": f"action:{first.uid}", "value": "done"}
    put(agent, "end_call", "", only_if=[guard])
    assert texts(agent, "error") == []
    services.delete_action(action=first)
    assert "Only if: it waits for an action that is not on this panel." in texts(agent, "error")


def test_what_was_deleted_is_an_error(agent: Agent, ana: Person) -> None:
    transfer(agent, f"person:{ana.pk}")
    ana.delete()
    assert any("This was deleted." in text for text in texts(agent, "error"))


def test_an_unknown_variable_is_an_error(agent: Agent) -> None:
    put(agent, "send_sms", config={"text": "Hi [FirstNme]"})
    assert any("did you mean FirstName?" in text for text in texts(agent, "error"))


def test_a_ticket_without_a_summary(agent: Agent) -> None:
    config = {
        "pipeline": "hubspot_pipeline:practice-support",
        "status": "hubspot_status:practice-support-new",
    }
    put(agent, "create_ticket", "", config=config)
    assert any("has no summary" in text for text in texts(agent, "warning"))
    put(agent, "summarize_note", "")
    assert not any("has no summary" in text for text in texts(agent, "warning"))


# --- what changed, in words -----------------------------------------------------------------


def lines(old: Any, new: Any) -> list[str]:
    found = []
    for change in changes(old, new):
        for line in change.lines or ((),):
            words = " ".join(f"{piece.how}:{piece.text}" for piece in line)
            found.append(f"{change.how} {change.title} {words}".strip())
    return found


def test_changes_in_words(ready: Agent, ana: Person) -> None:
    end = ready.panel.actions.get()
    first = put(ready, "set_dnc", "no more calls")
    old = content_of(ready.panel)
    services.save_instructions(panel=ready.panel, text="Be kind.")
    services.save_action(action=end, draft=ActionDraft(when="it is over", config=end.config))
    transfer(ready, f"person:{ana.pk}", when="the caller wants Ana")
    services.delete_action(action=first)
    services.save_settings(agent=ready, settings=AgentSettings(threshold=90))
    ready.refresh_from_db()
    found = lines(old, content_of(ready.panel))
    assert "changed Instructions :Be del:brief. ins:kind." in found
    assert "changed Settings: Models and judging :Threshold  del:– :→ ins:90 :%" in found
    assert "changed End call :When  del:the caller says “goodbye” :→ ins:it is over" in found
    assert "added Transfer call :When the caller wants Ana → Ana Ruiz, cold" in found
    assert "removed Set contact as DNC" in found


def test_every_part_of_an_action_is_said_in_words(ready: Agent, ana: Person) -> None:
    tag = Tag.objects.get(name="Urgent")
    move = transfer(ready, f"person:{ana.pk}", when="the caller asks")
    old = content_of(ready.panel)
    ben = Person.objects.create(name="Ben", phone="+14155550102")
    config = {
        "destinations": [
            {"id": "a", "ref": f"person:{ana.pk}", "when": "it is urgent"},
            {"id": "b", "ref": f"person:{ben.pk}"},
        ],
        "warm": True,
    }
    guards = [{"id": "g", "kind": "has_tag", "ref": f"tag:{tag.pk}"}]
    draft = ActionDraft(when="the caller asks", only_if=guards, repeat="once", config=config)
    services.save_action(action=move, draft=draft)
    found = lines(old, content_of(ready.panel))
    assert [line.removeprefix("changed Transfer call ") for line in found] == EDITED


EDITED = [
    ":Only if  del:always :→ ins:tagged Urgent",
    ":Repeat  del:Every time :→ ins:Once per conversation",
    ":Transfer to, Ana Ruiz: Only when:  ins:it is urgent",
    ":Transfer to:  ins:Ben",
    ":Warm transfer  del:off :→ ins:on",
]


def test_settings_in_words(ready: Agent, ana: Person) -> None:
    old = content_of(ready.panel)
    changed = {"outside_call": "transfer", "outside_ref": f"person:{ana.pk}"}
    settings = AgentSettings.model_validate({"hours": {"monday": "8:00-18:00"}, **changed})
    services.save_settings(agent=ready, settings=settings)
    ready.refresh_from_db()
    assert lines(old, content_of(ready.panel)) == [
        "changed Settings: Business hours :Business hours, Monday  del:– :→ ins:8:00-18:00",
        "changed Settings: Business hours :Outside these hours, a call  "
        "del:is answered as usual :→ "
        "ins:hears a message and is transferred",
        "changed Settings: Business hours :Transferred to  del:– :→ ins:Ana Ruiz",
    ]


def test_a_move_is_one_line(ready: Agent) -> None:
    put(ready, "set_dnc", "no more calls")
    last = put(ready, "summarize_note", "")
    old = content_of(ready.panel)
    services.move_action(action=last, to=0)
    moved = "moved Summarize conversation as note :moved to the top"
    assert lines(old, content_of(ready.panel)) == [moved]


def test_no_change_no_lines(ready: Agent) -> None:
    assert changes(content_of(ready.panel), content_of(ready.panel)) == []


# --- the dialog -----------------------------------------------------------------------------


def test_the_dialog_says_what_changes_and_publishes(builder: Client, ready: Agent) -> None:
    url = reverse("panels:publish", args=[ready.uuid])
    body = builder.get(url, headers=HTMX).content.decode()
    assert "Publish version 1" in body and "End call" in body
    answer = builder.post(url, {"note": "Go"}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == reverse("panels:instructions", args=[ready.uuid])
    assert ready.versions.get().note == "Go"
    assert "Nothing has changed since version 1" in builder.get(url).content.decode()


def test_the_dialog_names_the_errors(builder: Client, ready: Agent) -> None:
    put(ready, "transfer_call")
    url = reverse("panels:publish", args=[ready.uuid])
    body = builder.post(url, headers=HTMX).content.decode()
    assert "1 thing to correct first" in body
    assert not ready.versions.exclude(number=None).exists()
