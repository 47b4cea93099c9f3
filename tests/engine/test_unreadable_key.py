"""A model's key that cannot be read: the contact gets words, staff and the connection are told."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet

from agents.channels.models import models_for, summariser
from agents.conversations.models import Conversation, InboxItem, Turn
from agents.panels.schema import AgentSettings
from integrations.models import Connection
from integrations.services import save_connection
from tests.engine.world import World, action, make_world, threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(settings: Any) -> Connection:
    """A connection whose key was changed since."""
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    made = save_connection(
        vendor="model",
        name="Models",
        settings={"base_url": "https://models.example/v1", "chat": "large"},
        credentials={"api_key": "secret-of-the-model"},
    )
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    return made


def _world(connection: Connection, **more: Any) -> World:
    world = make_world([action("t_save")], sandbox=False, **more)
    world.session.engine.models = models_for(connection, AgentSettings(), threads.writer)
    return world


def test_the_contact_gets_words_and_staff_an_item(connection: Connection) -> None:
    world = _world(connection)
    turn = world.say("hello")
    assert world.heard.all.strip() and "colleague" not in world.heard.all
    row = Turn.objects.get(id=turn.row.id)
    assert row.state == Turn.State.DONE and row.reply == world.heard.all
    assert InboxItem.objects.get().inbox is None
    assert world.codes() == {"t_save": "model_failed"}


def test_the_connection_is_told_and_nothing_of_the_secret_is_shown(
    connection: Connection,
) -> None:
    turn = _world(connection).say("hello")
    connection.refresh_from_db()
    assert connection.state == "failed" and "credentials" in connection.last_error
    shown = f"{connection.last_error} {turn.notes}"
    assert "secret-of-the-model" not in shown and connection.secret not in shown


def test_a_call_goes_to_the_fallback_destination(connection: Connection) -> None:
    world = _world(connection, channel="voice", settings={"fallback_ref": "person:1"})
    world.say("hello")
    assert world.row().state == Conversation.State.RINGING and world.heard.all.strip()


def test_a_call_can_still_be_greeted_and_ended(connection: Connection) -> None:
    world = _world(connection, channel="voice")
    world.do(world.session.greet())
    assert world.heard.all == "Hello. I am an AI."
    world.do(world.session.hang_up())
    assert world.row().state == Conversation.State.ENDED
    assert not Turn.objects.exclude(state="done").exists()


def test_there_is_nobody_to_write_summaries(connection: Connection) -> None:
    assert summariser(connection, AgentSettings()) is None
