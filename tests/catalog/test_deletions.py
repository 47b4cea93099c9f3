"""What an action uses is deleted: refused with its uses; where it is gone, nothing crashes."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actions import registry
from actions.base import ActionType, Moment
from agents.conversations.models import ActionRun, Turn
from agents.core import picks
from agents.panels import services
from agents.panels.models import Action, Agent
from agents.routing.views.shelves import row_of
from tests.catalog import showcase
from tests.engine.world import Reply, make_world

pytestmark = pytest.mark.django_db


def _uses() -> list[Any]:
    found = []
    for kind in registry.all_types():
        config = kind.Config.model_validate(showcase.config_of(kind))
        for ref in dict.fromkeys(kind.refs(config)):
            if not ref.startswith(("external:", "hubspot_")):
                found.append(pytest.param(kind, ref, id=f"{kind.slug} {ref}"))
    return found


each_use = pytest.mark.parametrize(("kind", "ref"), _uses())


@pytest.fixture
def card(kind: ActionType) -> Action:
    """The action on an agent's panel."""
    voice = "voice" in {str(channel) for channel in kind.channels}
    agent = services.create_agent(name="Desk", kind="voice" if voice else "text")
    Action.objects.filter(panel=agent.panel).delete()
    made = services.add_action(panel=agent.panel, slug=kind.slug)
    draft = services.ActionDraft(when="it is so", config=showcase.config_of(kind))
    services.save_action(action=made, draft=draft)
    return made


def test_every_kind_of_row_is_used_by_an_action() -> None:
    kinds = {param.values[1].partition(":")[0] for param in _uses()}
    assert kinds >= {"person", "ring_group", "inbox", "tag", "disposition", "property", "calendar"}


@each_use
def test_a_row_in_use_stays_and_the_uses_are_named(
    kind: ActionType, ref: str, card: Action, client_for: Any
) -> None:
    found = row_of(ref)
    if found is None or found[0].locked(found[1]):
        pytest.skip("It has no page of its own to be deleted on, or is never deleted.")
    shelf, row = found
    url = reverse("routing:delete", args=[shelf.slug, row.pk])
    page = client_for("admin").post(url)
    assert picks.exists(ref) and page.status_code == 200
    assert card.panel.agent.name in page.content.decode()


@each_use
def test_a_row_that_is_gone_breaks_its_card_and_no_conversation(
    kind: ActionType, ref: str, card: Action, client_for: Any, caplog: Any
) -> None:
    assert not _broken(card, client_for("admin"))
    _remove(ref)
    assert not picks.exists(ref)
    assert _broken(card, client_for("admin"))
    channel = "voice" if card.panel.agent.kind == "voice" else "sms"
    talks = Moment.DURING in kind.moments
    world = make_world(
        [showcase.one_of(kind.slug, moment=str(Moment.DURING if talks else Moment.NO_ANSWER))],
        Reply("", [showcase.called(kind.slug)]),
        *[Reply("I am sorry.")] * 3,
        verdicts={kind.slug: 0.99},
        channel=channel,
        names={**showcase.names(), ref: showcase.names()[ref]},
        contact=showcase.maria(),
        direction="inbound" if talks else "outbound",
    )
    with caplog.at_level(logging.ERROR):
        if talks:
            world.say("My name is Maria, I need help")
        else:
            world.do(world.session.not_answered("machine"))
    assert not [record for record in caplog.records if record.exc_info], "a crash"
    turn = Turn.objects.filter(conversation_id=world.conversation.id).order_by("number")[0]
    assert turn.state == "done" and len(turn.decisions) == 1
    assert turn.reply.strip() or world.row().state in ("ringing", "ended")
    for run in ActionRun.objects.filter(conversation_id=world.conversation.id, status="failed"):
        assert run.error["sentence"].endswith(".")


def _remove(ref: str) -> None:
    """Delete the row as nobody may, behind the back of the services."""
    kind, _, key = ref.partition(":")
    if kind == "property":
        showcase.Property.objects.filter(key=key).delete()
    else:
        showcase.MODELS[kind].objects.filter(pk=key).delete()


def _broken(card: Action, client: Client) -> bool:
    """Whether the builder shows that something is gone."""
    agent = Agent.objects.get(panel=card.panel)
    page = client.get(reverse("panels:instructions", args=[agent.uuid]), {"open": str(card.uid)})
    assert page.status_code == 200
    text = page.content.decode()
    return "deleted" in text or "missing" in text
