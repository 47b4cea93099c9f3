"""Validate: every line of every action type can be ticked, at every moment it may be given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import orjson
import pytest

from actions import registry
from actions.base import ActionType, Event, Moment
from agents.panels import services
from agents.panels.models import Action, Agent
from agents.tryit.services import start_test
from agents.tryit.test_goals import UNANSWERED
from agents.tryit.validation import ValidationLine, validation
from integrations.llm.types import ToolCall
from tests.catalog import showcase
from tests.engine.world import Reply, World, ids, join

pytestmark = pytest.mark.django_db
LEAVING = {"voice": "transfer_call", "text": "assign_inbox"}
EVENTS = (Moment.NO_ANSWER, Moment.IDLE)
A_MONTH = 31 * 24 * 3600
LEGS = ("answered", "no_answer")


def _cases() -> Iterator[Any]:
    for kind in registry.all_types():
        channels = {str(channel) for channel in kind.channels}
        for agent_kind in ("voice", "text"):
            if not channels & ({"voice"} if agent_kind == "voice" else {"sms", "chat"}):
                continue
            for moment in sorted(kind.moments_for(agent_kind)):
                name = f"{kind.slug} {agent_kind} {moment}"
                yield pytest.param(kind, agent_kind, moment, id=name)


def _configs(kind: ActionType) -> list[dict[str, Any]]:
    """The settings of all examples, the plainest first."""
    fit = [one for one in kind.examples if one.error != "invalid"]
    return [showcase.config_of(kind), *(showcase.config_of(kind, one) for one in fit)]


def _config(kind: ActionType, moment: Moment) -> dict[str, Any]:
    """Settings that have something to do at this moment."""
    for stored in _configs(kind):
        config = kind.Config.model_validate(stored)
        events = (Event(name, silent_hours=744) for name in ("busy", "machine", "silent"))
        if moment not in EVENTS or any(
            kind.event_arguments(config, showcase.labels(), event) is not None for event in events
        ):
            return stored
    raise AssertionError("No example shows what it does where no model is asked.")


def _add(agent: Agent, slug: str, moment: Moment) -> Action:
    kind = registry.get(slug)
    assert kind is not None
    made = services.add_action(panel=agent.panel, slug=slug)
    when = "" if moment in EVENTS else "it is so"
    draft = services.ActionDraft(when=when, moment=str(moment), config=_config(kind, moment))
    services.save_action(action=made, draft=draft)
    return made


def _arguments(kind: ActionType) -> list[dict[str, Any]]:
    """Those of the example, and for each choice with a line of its own those that name it."""
    config, names = kind.Config.model_validate(showcase.config_of(kind)), showcase.labels()
    wanted = kind.predicates(config, "it is so", names)
    plain = dict(showcase.example_of(kind).arguments)
    found = [plain]
    for name, choices in kind.choices(config, names).items():
        for label, key in choices.keys.items():
            if key in wanted:
                found.append(plain | {name: [label] if isinstance(plain[name], list) else label})
    return found


@dataclass
class Try:
    """One test: what the model calls the action with, what happens to a call that is placed."""

    action: Action
    arguments: dict[str, Any]
    leg: str
    event: str

    def play(self) -> None:
        """From its start to its end."""
        agent, moment = self.action.panel.agent, self.action.moment
        world = join(
            start_test(
                agent=agent,
                contact=showcase.maria(),
                channel="voice" if agent.kind == "voice" else "sms",
                direction="outbound" if moment == Moment.NO_ANSWER else "inbound",
                attempt=5,
                user=None,
            ),
            verdicts={kind.slug: 0.99 for kind in registry.all_types()},
        )
        world.chat.replies = self._replies(world)
        self._drive(world)
        while world.conversation.state == "ringing":
            world.do(world.session.leg(self.leg))
            world.do(world.session.leg("message_taken"))  # an inbox that nobody answers records

    def _replies(self, world: World) -> list[Reply]:
        actions = world.conversation.version.actions
        own = next(one for one in actions if one.uid == str(self.action.uid))
        raw = orjson.dumps(self.arguments).decode()
        call = Reply("", [ToolCall(f"c{next(ids)}", own.tool_name, raw)])
        if self.action.moment == Moment.BEFORE_HANDOFF:
            return [Reply("", [showcase.called(actions[0].frozen.type)]), call]
        return [Reply("Tell me."), call] if self.action.moment == Moment.AFTER_END else [call]

    def _drive(self, world: World) -> None:
        moment, voice = self.action.moment, world.conversation.facts.channel == "voice"
        if moment == Moment.NO_ANSWER:
            world.do(world.session.not_answered(self.event))
            return
        world.say("My name is Maria, I need help")
        if options := world.conversation.memory.script.get("options"):
            world.say(options[0][1])
        if voice and moment in (Moment.AFTER_END, Moment.IDLE):
            world.do(world.session.hang_up())
        if moment == Moment.IDLE or (moment == Moment.AFTER_END and not voice):
            world.do(world.session.skip(A_MONTH))


def _open(agent: Agent, action: Action) -> list[ValidationLine]:
    return [
        line
        for line in validation(Agent.objects.get(pk=agent.pk)).lines
        if line.uid == action.uid and not line.ticked
    ]


@pytest.mark.parametrize(("kind", "agent_kind", "moment"), list(_cases()))
def test_every_line_can_be_ticked(kind: ActionType, agent_kind: str, moment: Moment) -> None:
    agent = services.create_agent(name="Desk", kind=agent_kind)
    Action.objects.filter(panel=agent.panel).delete()
    if moment is Moment.BEFORE_HANDOFF:
        _add(agent, LEAVING[agent_kind], Moment.DURING)
    action = _add(agent, kind.slug, moment)
    before = _open(agent, action)
    assert before and all(line.hint.endswith(".") for line in before)
    for arguments, leg, event in product(_arguments(kind), LEGS, UNANSWERED):
        if _open(agent, action):
            Try(action, arguments, leg, event).play()
    assert [(line.what, line.trouble) for line in _open(agent, action)] == []
