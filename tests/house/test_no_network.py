"""Whatever may wait for others happens outside any transaction; vendors have one door."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from actions.catalog.communication_tag import AddCommunicationTag
from agents.contacts.models import Tag
from agents.engine import compiled
from agents.engine.compiled import CompiledAction
from agents.engine.judging import JudgeAnswer, Reading
from integrations.llm.types import ChatRequest, Event
from tests.engine.world import (
    Reply,
    ScriptedChat,
    ScriptedJudge,
    action,
    call,
    make_world,
)

CLIENTS = re.compile(r"^\s*(?:import|from) (requests|httpx|aiohttp|urllib\.request|openai)\b", re.M)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    compiled.forget()
    yield
    compiled.forget()


def _open_transaction() -> bool:
    return connection.in_atomic_block


class Watching(ScriptedChat):
    """A model that looks whether a transaction is open while it is asked."""

    def __init__(self, seen: list[tuple[str, bool]], *replies: Reply | str) -> None:
        super().__init__(*replies)
        self.seen = seen

    async def stream(self, request: ChatRequest) -> AsyncIterator[Event]:
        """Look at every piece."""
        async for event in super().stream(request):
            self.seen.append(("chat", _open_transaction()))
            yield event


class WatchingJudge(ScriptedJudge):
    """A judge that looks as well."""

    seen: list[tuple[str, bool]]

    async def ask(self, actions: Sequence[CompiledAction], reading: Reading) -> JudgeAnswer:
        """Look, then answer."""
        self.seen.append(("judge", _open_transaction()))
        return await super().ask(actions, reading)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sandbox", [True, False])
def test_models_and_executors_run_outside_any_transaction(
    monkeypatch: pytest.MonkeyPatch, sandbox: bool
) -> None:
    seen: list[tuple[str, bool]] = []
    execute = AddCommunicationTag.execute

    def looking(self: Any, ctx: Any, config: Any, args: Any) -> Any:
        seen.append(("execute", _open_transaction()))
        return execute(self, ctx, config, args)

    monkeypatch.setattr(AddCommunicationTag, "execute", looking)
    tag = Tag.objects.create(name="Sales")
    tags = {"tags": [{"id": "1", "tag": f"tag:{tag.pk}"}]}
    world = make_world(
        [action("communication_tag", config=tags), action("end_call")],
        verdicts={},
        channel="voice",
        sandbox=sandbox,
    )
    version = world.conversation.version
    names = {**version.content.names, f"tag:{tag.pk}": "Sales"}
    row = world.row().version
    row.content = {**row.content, "names": names}
    row.save()
    compiled.forget()
    from tests.engine.world import join

    world = join(world.row(), verdicts={})
    judge = WatchingJudge({"communication_tag": 0.99, "end_call": 0.99})
    judge.seen = seen
    world.session.engine.models.judge = judge
    world.session.engine.models.chat = Watching(
        seen,
        Reply("Sure.", [call("communication_tag", tags=["Sales"]), call("end_call")]),
    )
    world.say("sales please")
    assert {what for what, _ in seen} == {"chat", "judge", "execute"}
    assert not any(is_open for _, is_open in seen)
    assert world.row().state == "ended"


def test_only_the_integrations_speak_to_the_network(project: Path) -> None:
    rooms = [*project.glob("agents/**/*.py"), *project.glob("actions/**/*.py")]
    assert rooms
    found = [path for path in rooms if CLIENTS.search(path.read_text())]
    assert found == []


def test_action_types_know_nothing_of_the_house(project: Path) -> None:
    ours = re.compile(r"^\s*(?:import|from) (agents|integrations|django|aloai)\b", re.M)
    found = [path for path in project.glob("actions/**/*.py") if ours.search(path.read_text())]
    assert found == []
