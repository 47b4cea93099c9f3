"""Outcomes bound to an event, on a card whose others are spoken of."""

from __future__ import annotations

import pytest

from agents.contacts.models import Disposition
from agents.engine import compiled
from agents.engine.turn import Inbound
from tests.engine.world import World, action, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds() -> None:
    compiled.forget()


def desk(direction: str) -> World:
    quote, missed = (Disposition.objects.create(name=name) for name in ("Quote", "No Answer"))
    rows = [
        {"id": "1", "disposition": f"disposition:{quote.pk}", "when": "the caller says “quote”"},
        {"id": "2", "disposition": f"disposition:{missed.pk}", "event": "not_answered"},
    ]
    names = {f"disposition:{one.pk}": one.name for one in (quote, missed)}
    card = action("call_disposition", "", config={"dispositions": rows})
    return make_world(
        [card], channel="voice", direction=direction, practice=True, names=names, sandbox=False
    )


def outcome(world: World) -> str:
    row = world.row()
    row.refresh_from_db()
    return row.disposition.name if row.disposition else ""


@pytest.mark.parametrize(("event", "set_"), [("not_answered", "No Answer"), ("busy", "")])
def test_it_is_set_when_that_happens(event: str, set_: str) -> None:
    world = desk("outbound")
    world.do(world.session.not_answered(event))
    assert outcome(world) == set_


def test_the_others_are_set_by_words_and_that_one_never() -> None:
    world = desk("inbound")
    world.do(world.session.say(Inbound("nobody answers the call")))
    assert outcome(world) == ""
    world.do(world.session.say(Inbound("a quote, please")))
    assert outcome(world) == "Quote"
