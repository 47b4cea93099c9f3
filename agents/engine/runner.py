"""The one way through a turn: admit → decide → act → speak → end, whatever made the turn.

A turn always ends: done, or failed with words for the contact and its cause.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from agents.conversations.models import Turn
from agents.conversations.reasons import WOULD_RUN, Reason
from agents.conversations.services import LostLease, end_turn
from agents.engine import endings, performing
from agents.engine.handler import TurnKind, take
from agents.engine.turn import Interrupted, TurnState

log = logging.getLogger(__name__)
FAILED = "It was cut off too often."
Acknowledge = Callable[[], Awaitable[None]]


class Runner:
    """Takes one turn to its end."""

    def __init__(self, turn: TurnState, kind: TurnKind) -> None:
        self.turn, self._kind = turn, kind
        self._work: asyncio.Future[None] | None = None

    async def run(self, acknowledge: Acknowledge | None = None) -> TurnState:
        """Return when everything is written. `acknowledge` is called once the words are durable."""
        turn = self.turn
        durable = asyncio.ensure_future(self._acknowledge(acknowledge)) if acknowledge else None
        try:
            await self._taken()
            if durable:
                await durable
            if not turn.ended:
                await self._end()
        finally:
            turn.judgement.cancel()
            if durable:
                durable.cancel()
        return turn

    def interrupt(self, heard: str | None) -> None:
        """The contact spoke: stop speaking; what has not been claimed is dropped."""
        turn = self.turn
        turn.interrupted, turn.heard = True, heard
        turn.stop.set()
        if self._work and turn.leaving is None and turn.hand_over is None:
            self._work.cancel()

    async def fail(self, cause: str) -> TurnState:
        """End a turn without taking it any more."""
        await self._failed(cause)
        await self._end()
        return self.turn

    # --- the phases --------------------------------------------------------------------------

    async def _taken(self) -> None:
        """The phases; what is raised in them ends well."""
        turn = self.turn
        self._work = asyncio.ensure_future(self._phases())
        try:
            await self._work
        except LostLease:
            raise
        except (Interrupted, asyncio.CancelledError):
            if not turn.interrupted:
                raise
            await self._interrupted()
        except Exception as error:
            log.exception("A turn failed")
            await self._failed(type(error).__name__)

    async def _phases(self) -> None:
        turn = self.turn
        await take(turn, self._kind)
        if turn.leaving:
            await endings.leave(turn, turn.leaving)
        elif turn.hand_over:
            await endings.hand_over(turn, turn.hand_over)
        if not turn.ended:
            await self._kind.settle(turn)

    async def _interrupted(self) -> None:
        """The turn was cut: what runs comes to its end, what had not begun is marked so."""
        turn = self.turn
        if turn.acting:
            await asyncio.wait({turn.acting})
        for action in turn.eligible:
            entry = turn.decisions.get(action.uid)
            if entry is None or (entry["code"] in WOULD_RUN and not turn.has_run(action)):
                turn.decide(action, Reason.INTERRUPTED)

    async def _failed(self, cause: str) -> None:
        """Words for the contact, the cause for staff; nothing more is done in this turn."""
        turn = self.turn
        if turn.acting and not turn.acting.done():
            await asyncio.wait({turn.acting})
        turn.cause, turn.leaving, turn.hand_over = cause, None, None
        performing.give_up(turn)
        turn.notes.append(f"The turn failed: {cause}")
        for action in turn.conversation.version.actions:
            entry = turn.decisions.get(action.uid)
            if entry is None or (entry["code"] in WOULD_RUN and not turn.has_run(action)):
                turn.decide(action, Reason.TURN_FAILED, cause)
        endings.tell_staff(turn, "A turn failed and the contact may be waiting for an answer.")
        waits = turn.inbound.text or turn.row.kind == Turn.Kind.GREETING
        if waits and not turn.spoken and not turn.conversation.over:
            turn.reply.append(endings.sorry(turn))
            try:
                await turn.engine.say.text(turn.reply[-1])
            except Exception:
                log.exception("The words of a failed turn could not be said")

    async def _end(self) -> None:
        """Write the end of the turn."""
        turn = self.turn
        turn.keep_words()
        if turn.earlier:
            await performing.leftovers(turn)
        unit = partial(end_turn, fence=turn.conversation.fence, end=turn.ending())
        # The words have left: what is written of a message may wait for others to go with it.
        urgent = turn.row.kind != Turn.Kind.MESSAGE
        await asyncio.wrap_future(turn.engine.writer.submit(unit, urgent=urgent))
        turn.close()

    async def _acknowledge(self, acknowledge: Acknowledge) -> None:
        """The row goes to the writer while the model request leaves; then it is acknowledged."""
        await self.turn.ensure_written()
        await acknowledge()
