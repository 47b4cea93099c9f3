"""Every type of action, with the condition that its form proposes: what Validate says ticks it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from actions import registry
from actions.base import ActionType, Moment
from agents.core.models import User
from agents.panels import services
from agents.panels.models import Agent
from agents.transfers.models import Leg
from agents.tryit.hints import BUTTONS
from agents.tryit.services import start_test
from agents.tryit.validation import ValidationLine, validation
from tests.catalog import showcase
from tests.engine.inline import beside
from tests.tryit.socket import TryItSocket, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
EVENTS = {words: event for event, words in BUTTONS.items()}
# What these forms propose needs a language model, is empty or is the same as another card's.
WHEN = {
    "assign_inbox": "the contact wants a callback",
    "call_disposition": "",
    "communication_tag": "the contact mentions a heater",
    "contact_disposition": "the contact asks about financing",
    "summarize_note": "",
}
LONG = {"hour": 3600, "hours": 3600, "day": 86400, "days": 86400}
PERSON = "I want to speak to a person"


class Follower:
    """Does what the lines of Validate say, each in a test of its own."""

    def __init__(self, agent: Agent, user: User) -> None:
        self.agent, self.user, self.contact = agent, user, showcase.maria()
        self.session = signed_in()

    def line(self, number: int) -> ValidationLine:
        """One line as it is now."""
        return validation(Agent.objects.get(pk=self.agent.pk)).lines[number]

    def follow(self, line: ValidationLine) -> None:
        """A test with what this line says."""
        outgoing = "outgoing" in line.hint
        test = start_test(
            agent=self.agent,
            contact=self.contact,
            channel="voice" if self.agent.kind == "voice" else "chat",
            direction="outbound" if outgoing else "inbound",
            attempt=1,
            user=self.user,
        )

        async def run() -> None:
            async with TryItSocket(test, self.user, self.session) as socket:
                await socket.until("ready")
                if not outgoing:
                    await socket.until("state")
                for frame in self.frames(line):
                    await socket.send(**frame)
                    now = await socket.until("state")
                outcome = "declined" if "“declines”" in line.hint else "answered"
                while now["state"] == "ringing":
                    # What an inbox that nobody picks up takes is a message.
                    await socket.send(type="leg", outcome=outcome)
                    now = await socket.until("state")
                    if now["state"] == "ringing" and self.recording():
                        outcome = "message_taken"

        asyncio.run(run())

    def frames(self, line: ValidationLine) -> list[dict[str, Any]]:
        """What is said and pressed."""
        hint = line.hint
        if event := re.search(r"outgoing call and press “(.*?)”", hint):
            return [{"type": "outcome", "kind": EVENTS[event.group(1)]}]
        said = [self.say(line.say or "Hello")]
        if "hand-off" in hint:
            said.append(self.say(PERSON))
        if "End the call" in hint:
            said.append({"type": "hangup"})
        if skip := re.search(r"skip (\d+) (\w+)", hint):
            said.append({"type": "skip", "seconds": int(skip[1]) * LONG[skip[2]]})
        if "choose one of the times" in hint:
            said.append(self.say("the first one"))
        return said

    @staticmethod
    def recording() -> bool:
        """Whether a message is being taken."""
        return beside(lambda: Leg.objects.filter(state="recording").exists())

    @staticmethod
    def say(text: str) -> dict[str, Any]:
        return {"type": "say", "id": text[:50], "text": text}


def place(agent: Agent, kind: ActionType) -> None:
    """The type as the palette adds it, with the condition that its form proposes."""
    action = services.add_action(panel=agent.panel, slug=kind.slug, user=None)
    if action.moment in (Moment.DURING, Moment.BEFORE_HANDOFF):
        action.when = WHEN.get(kind.slug, kind.when_hint)
    action.config = showcase.config_of(kind)
    for row in action.config.get("dispositions", ()):
        row["when"] = row.get("when") or f"the caller says “outcome {row['id']}”"
    action.save()


@pytest.mark.parametrize("kind", ["voice", "text"])
def test_what_every_line_proposes_ticks_it(
    user_of: Callable[[str], User], client_for: Callable[[str], Client], kind: str
) -> None:
    call_command("basics")
    for model in showcase.MODELS.values():
        model.objects.all().delete()
    showcase.furnish()
    agent = services.create_agent(name="Front desk", kind=kind)
    for one in registry.all_types():
        if services.fits(one, agent):
            place(agent, one)
    tester = Follower(agent, user_of("builder"))
    for number in range(validation(agent).total):
        line = tester.line(number)
        if not line.ticked:
            tester.follow(line)
            line = tester.line(number)
        assert line.ticked, line
    assert validation(agent).complete
    total = validation(agent).total
    page = client_for("builder")
    cards = page.get(reverse("panels:instructions", args=[agent.uuid])).content.decode()
    figures = cards.partition("data-tried-now")[0]
    assert figures.count("<span>tried</span>") == agent.panel.actions.count()
    dock = page.get(reverse("tryit:dock", args=[agent.uuid])).content.decode()
    assert f"{total}/{total}" in dock
    dialog = page.get(reverse("panels:publish", args=[agent.uuid])).content.decode()
    assert f"Try it has shown {total} of {total} things" in dialog
