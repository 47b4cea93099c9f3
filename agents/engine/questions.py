"""Questions that a turn puts: the next message of the contact is taken as the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from actions.base import Ask, Collect, Names, Script
from actions.context import Occasion
from actions.flow import ASKS, Flow
from agents.conversations.models import ActionRun
from agents.conversations.services import drop_run
from agents.engine import scripts
from agents.engine.compiled import CompiledAction
from agents.engine.ledger import Run
from agents.engine.turn import TurnState

# What became of a run that had asked, as its outcome says.
REPLACED, REFUSED, UNANSWERED = "replaced", "refused", "unanswered"


def asking(run: Run, asked: int) -> dict[str, Any]:
    """The script of a run that asked the contact first."""
    uid, row_id, flow = run.action.uid, str(run.row.id), run.flow
    if isinstance(flow, Collect):
        return scripts.collecting(uid=uid, run=row_id, flow=flow, asked=asked)
    question = flow.question if isinstance(flow, Ask) else ""
    return scripts.confirming(uid=uid, run=row_id, question=question, asked=asked)


def is_question(flow: Flow) -> bool:
    """Whether the contact is asked before anything is done."""
    return isinstance(flow, ASKS)


def may_replace(turn: TurnState, action: CompiledAction) -> bool:
    """While a question is open only the action that put it may put another one."""
    script = turn.conversation.memory.script
    return not script or (script["kind"] != "steps" and script["uid"] == action.uid)


async def replace(turn: TurnState, script: dict[str, Any]) -> None:
    """Put a question; the run of one that was still open is void."""
    await withdraw(turn, REPLACED, but=str(script.get("run", "")))
    turn.keep_script(script)


async def withdraw(turn: TurnState, cause: str, but: str = "") -> None:
    """Nobody waits for an answer any more: the run that had asked is void."""
    script = turn.conversation.memory.script
    turn.keep_script({})
    if script.get("kind") in ("confirm", "collect") and script["run"] != but:
        unit = partial(
            drop_run,
            fence=turn.conversation.fence,
            run_id=script["run"],
            status=ActionRun.Status.CANCELLED,
            outcome=cause,
        )
        turn.apply.append(unit)


async def start(turn: TurnState, run: Run) -> None:
    """Say a sequence's first step and wait for its answer."""
    if not isinstance(run.flow, Script):
        return
    now = turn.conversation.facts.now
    begun = scripts.steps(uid=run.action.uid, run=str(run.row.id), script=run.flow, now=now)
    await replace(turn, begun)
    await say_templates(turn, run.action, run.flow.steps[0].messages)


async def say_templates(turn: TurnState, action: CompiledAction, templates: Sequence[str]) -> None:
    """Say each on its own line, with its variables; a value that is missing is left out."""
    for template in templates:
        await turn.say_line(await filled(turn, template, action.names))


async def filled(turn: TurnState, template: str, names: Names | None = None) -> str:
    """A template with its variables; a value that is missing is left out, and noted."""
    known = turn.conversation.content.labels() if names is None else names
    context, _ = turn.engine.adapters.context(turn.conversation, known, Occasion())
    # It looks values up, which the loop must not wait for.
    filling = turn.engine.asking.submit(context.fill_known, template)
    text, missing = await asyncio.wrap_future(filling)
    turn.notes += [f"There is no value for {', '.join(missing)}."] if missing else []
    return text
