"""Agents to build on, and an action type that only tests know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.test import Client

from actions import registry
from actions.base import ActionType, Names, Row, Settings, ToolArguments
from actions.context import Context
from actions.fields import choice, condition, line, number, pick, picks, rows, switch, template
from agents.panels import services
from agents.panels.models import Action, Agent
from agents.routing.models import Person


class Note(Row):
    """A row inside a row."""

    text: str = template("Text", sms=True)


class Stop(Row):
    """A row with everything."""

    who: str = pick("Who", "person", "inbox")
    when: str = condition("When")
    seconds: int = number("Rings", 20, ge=5, le=60, unit="s")
    notes: list[Note] = rows("Notes", add="note", max=3)


class Dropped(ActionType):
    """A type that was dropped into the catalog."""

    slug, label, group, icon = "dropped", "Dropped in", "Messaging", "zap"
    about = "For tests."

    class Config(Settings):
        """One field of each kind."""

        title: str = line("Title", max=40)
        kind: Literal["plain", "fancy"] = choice(
            "Kind", "plain", labels={"plain": "Plain", "fancy": "Fancy"}
        )
        colour: str = line("Colour", show_if={"kind": "fancy"})
        loud: bool = switch("Loud")
        tags: list[str] = picks("Tags", "tag")
        pipeline: str = pick("Pipeline", "hubspot_pipeline")
        status: str = pick("Status", "hubspot_status")
        stops: list[Stop] = rows("Stops", min=1, add="stop")

    class Arguments(ToolArguments):
        """What the model gives."""

        reason: str

    def summary(self, config: Any, names: Names) -> str:
        """The title and where it stops."""
        return f"{config.title} at {', '.join(names.label(s.who) for s in config.stops)}"

    def execute(self, ctx: Context, config: Any, args: Any) -> Any:
        """Nothing."""


@pytest.fixture
def dropped() -> Iterator[type[ActionType]]:
    """The catalog with one more type."""
    registry.all_types()
    registry.register(Dropped)
    yield Dropped
    registry.unregister("dropped")


@pytest.fixture
def basics(db: None) -> None:
    """What every installation starts with."""
    call_command("basics")


@pytest.fixture
def agent(basics: None) -> Agent:
    """A voice agent without actions."""
    return services.create_agent(name="Front desk", kind="voice")


@pytest.fixture
def ana(db: None) -> Person:
    """A colleague."""
    return Person.objects.create(name="Ana Ruiz", phone="+14155550101", extension="204")


@pytest.fixture
def builder(client_for: Callable[[str], Client]) -> Client:
    """A signed-in builder."""
    return client_for("builder")


@pytest.fixture
def action(agent: Agent, dropped: type[ActionType]) -> Action:
    """A dropped-in action on the panel."""
    return services.add_action(panel=agent.panel, slug="dropped")


HTMX = {"HX-Request": "true"}


def url_of(action: Action, name: str = "action") -> str:
    """The address of a card."""
    from django.urls import reverse

    return reverse(f"panels:{name}", args=[action.panel.agent.uuid, action.uid])


def filled(**changes: Any) -> dict[str, Any]:
    """A complete form of the dropped-in type; None takes a field away."""
    data: dict[str, Any] = {
        "common.moment": "during",
        "common.when": "the caller asks for “stops”",
        "common.no_answer": "always",
        "common.idle": "silent_hours",
        "common.n": "1",
        "common.repeat": "every_time",
        "common.cool_down": "0",
        "common.mode": "live",
        "common.confirm": "ask",
        "common.threshold": "",
        "common.note": "",
        "config.title": "Tour",
        "config.kind": "plain",
        "config.colour": "",
        "config.stops": ["a", "b"],
        "config.stops.a.who": "",
        "config.stops.a.when": "first",
        "config.stops.a.seconds": "20",
        "config.stops.a.notes": ["x"],
        "config.stops.a.notes.x.text": "Hi [FirstName|there]",
        "config.stops.b.when": "second",
        "config.stops.b.seconds": "30",
    }
    data |= changes
    return {key: value for key, value in data.items() if value is not None}


def query(data: dict[str, Any]) -> QueryDict:
    """As a browser posts it."""
    made = QueryDict(mutable=True)
    for key, value in data.items():
        made.setlist(key, value if isinstance(value, list) else [value])
    return made
