"""Panels: what changes, what survives, what is written down."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from actions.base import ActionType
from agents.core.models import AuditRow
from agents.panels import services
from agents.panels.history import deletion_of
from agents.panels.models import Action, Agent
from agents.panels.schema import AgentSettings, VersionContent
from agents.panels.services import ActionDraft
from agents.panels.starters import STARTERS
from agents.routing.models import Person


@pytest.fixture
def three(agent: Agent, dropped: type[ActionType]) -> list[Action]:
    rows = [services.add_action(panel=agent.panel, slug="dropped") for _ in range(3)]
    for row, when in zip(rows, ("one", "two", "three"), strict=True):
        services.save_action(action=row, draft=ActionDraft(when=when))
    return rows


def order(agent: Agent) -> list[str]:
    return [row.when for row in agent.panel.actions.all()]


def test_a_new_action_takes_the_defaults_of_its_type(agent: Agent) -> None:
    note = services.add_action(panel=agent.panel, slug="summarize_note")
    assert (note.moment, note.repeat, note.position) == ("after_end", "once", 0)


@pytest.mark.parametrize("slug", ["nothing", "sms_sequence", ""])
def test_a_type_that_is_unknown_or_for_text_is_refused(agent: Agent, slug: str) -> None:
    with pytest.raises(services.UnknownType):
        services.add_action(panel=agent.panel, slug=slug)


@pytest.mark.parametrize(
    ("to", "expected"),
    [(0, ["three", "one", "two"]), (1, ["one", "three", "two"]), (99, ["one", "two", "three"])],
)
def test_move(agent: Agent, three: list[Action], to: int, expected: list[str]) -> None:
    services.move_action(action=three[2], to=to)
    assert order(agent) == expected
    assert [row.position for row in agent.panel.actions.all()] == [0, 1, 2]


def test_order_keeps_what_is_not_named(agent: Agent, three: list[Action]) -> None:
    services.order_actions(panel=agent.panel, uids=[three[2].uid, uuid4(), three[0].uid])
    assert order(agent) == ["three", "one", "two"]


def test_a_duplicate_is_another_action_right_behind(agent: Agent, three: list[Action]) -> None:
    copy = services.duplicate_action(action=three[0])
    assert copy.uid != three[0].uid
    assert order(agent) == ["one", "one", "two", "three"]


def test_undo_brings_back_place_and_uid(agent: Agent, three: list[Action]) -> None:
    uid = three[1].uid
    services.delete_action(action=three[1])
    assert order(agent) == ["one", "three"]
    deletion = deletion_of(agent.panel, str(uid))
    assert deletion is not None
    services.undo(edit=deletion)
    assert agent.panel.actions.get(uid=uid)
    assert order(agent) == ["one", "two", "three"]
    with pytest.raises(services.CannotUndo, match="already there"):
        services.undo(edit=deletion)


def test_every_change_counts_and_is_written_down(agent: Agent, three: list[Action]) -> None:
    agent.panel.refresh_from_db()
    before = agent.panel.revision
    AuditRow.objects.all().delete()
    services.set_enabled(action=three[0], enabled=False, user="dana")
    services.save_action(action=three[0], draft=ActionDraft(when="else"), user="dana")
    services.save_action(action=three[0], draft=ActionDraft(when="else"), user="dana")
    agent.panel.refresh_from_db()
    assert agent.panel.revision == before + 2
    rows = list(AuditRow.objects.order_by("id").values_list("actor", "verb"))
    assert rows == [("dana", "disabled"), ("dana", "changed")]
    changed = AuditRow.objects.get(verb="changed")
    assert (changed.before, changed.after) == ({"when": "one"}, {"when": "else"})


def test_instructions_are_cleaned(agent: Agent) -> None:
    services.save_instructions(panel=agent.panel, text="a\x00b\ud800\r\nc" + "x" * 200_000)
    agent.panel.refresh_from_db()
    assert agent.panel.instructions.startswith("ab\ncx")
    assert len(agent.panel.instructions) <= 100_000


@pytest.mark.parametrize("starter", list(STARTERS))
def test_a_ready_made_start_can_be_published(basics: None, starter: str) -> None:
    start = STARTERS[starter]
    agent = services.create_agent(name=start.label, kind=start.kind, starter=starter)
    assert agent.panel.actions.count() >= 3
    version = services.publish(panel=agent.panel, user=None)
    assert version.number == 1


# --- freezing -------------------------------------------------------------------------------


def test_the_same_content_is_the_same_row(agent: Agent, three: list[Action]) -> None:
    first = services.freeze_panel(panel=agent.panel)
    assert services.freeze_panel(panel=agent.panel).pk == first.pk
    assert first.number is None
    services.save_action(action=three[0], draft=ActionDraft(when="changed"))
    second = services.freeze_panel(panel=agent.panel)
    assert second.pk != first.pk
    services.save_action(action=three[0], draft=ActionDraft(when="one"))
    assert services.freeze_panel(panel=agent.panel).pk == first.pk


def test_a_version_knows_the_names_of_what_it_refers_to(
    agent: Agent, three: list[Action], ana: Person
) -> None:
    config: dict[str, Any] = {"stops": [{"id": "a", "who": f"person:{ana.pk}"}]}
    guards = [
        {"id": "g", "kind": "ended_with", "ref": f"action:{three[1].uid}", "value": "done"},
        {"id": "h", "kind": "has_property", "ref": "property:email"},
    ]
    services.save_action(action=three[0], draft=ActionDraft(config=config, only_if=guards))
    content = VersionContent.model_validate(services.freeze_panel(panel=agent.panel).content)
    assert content.names == {
        f"person:{ana.pk}": "Ana Ruiz",
        f"action:{three[1].uid}": "Dropped in",
        "property:email": "E-mail",
    }
    assert [str(action.uid) for action in content.actions] == [str(row.uid) for row in three]


def test_incomplete_and_unknown_actions_can_be_tried(agent: Agent) -> None:
    services.add_action(panel=agent.panel, slug="transfer_call")
    Action.objects.create(panel=agent.panel, type="gone", config={"x": [1]})
    content = VersionContent.model_validate(services.freeze_panel(panel=agent.panel).content)
    assert [action.type for action in content.actions] == ["transfer_call", "gone"]


def test_settings_of_another_time_are_read(agent: Agent) -> None:
    agent.settings = {"greeting": "Hi", "what_was_once": 1}
    agent.save()
    content = VersionContent.model_validate(services.freeze_panel(panel=agent.panel).content)
    assert content.settings == AgentSettings(greeting="Hi")
