"""What a tester's socket brings: one class per type of frame, which knows its shape and its effect.

A frame that does not have this shape is refused before anything is done or kept.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Coroutine, Mapping
from typing import Any, ClassVar, Literal, Protocol, Self
from uuid import uuid4

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from actions.text import clean
from agents.engine.session import Session
from agents.engine.turn import Inbound
from agents.tryit.simulations import known

MAX_FRAME = 600_000
MAX_TEXT = 100_000
SKIP_LIMIT = 90 * 24 * 3600
UNREADABLE = "This frame cannot be read."


class FrameRefused(Exception):
    """A frame that is not taken; its text is a sentence for the tester."""


class TestInHand(Protocol):
    """The open test that frames act on."""

    session: Session
    tester: str

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this beside all else."""

    async def tell(self, **frame: Any) -> None:
        """Answer the tester."""

    async def tell_state(self, label: str = "", outcome: str = "", why: str = "") -> None:
        """Where the conversation stands now."""


class Frame(BaseModel):
    """One frame; unknown fields are ignored."""

    model_config = ConfigDict(strict=True, frozen=True)

    kept: ClassVar[bool] = False
    """A replay repeats it."""
    reaches_in: ClassVar[bool] = False
    """It acts at once, on the turn that is running; everything else waits for its turn."""

    type: str

    @abstractmethod
    async def act(self, test: TestInHand) -> None:
        """Its effect on the test."""


class Say(Frame):
    """A message of the contact; acknowledged once it is durable."""

    text: str = ""
    id: str = Field("", max_length=60)

    async def act(self, test: TestInHand) -> None:
        """See `Frame`."""
        text, name = clean(self.text, MAX_TEXT), clean(self.id)
        if text.strip():
            await say(test, text, name)
        else:
            await test.tell(type="ack", id=name)


class Key(Frame):
    """A key of the telephone."""

    digit: str = Field(pattern=r"^[0-9*#]$")

    async def act(self, test: TestInHand) -> None:
        """See `Frame`."""
        test.session.keys.press(self.digit, lambda said: test.start(say(test, said)))


class Interrupt(Frame):
    """The contact speaks while the agent does."""

    reaches_in = True

    heard: str = ""

    async def act(self, test: TestInHand) -> None:
        """See `Frame`."""
        test.session.interrupt(clean(self.heard, MAX_TEXT))


class HangUp(Frame):
    """The contact ends the conversation."""

    kept = True

    async def act(self, test: TestInHand) -> None:
        """See `Frame`."""
        await test.session.hang_up()
        await test.tell_state()


class CallOutcome(Frame):
    """What became of an outgoing call."""

    kept = True

    kind: Literal["answered", "not_answered", "busy", "failed", "machine"]

    async def act(self, test: TestInHand) -> None:
        """See `Frame`."""
        if self.kind == "answered":
            await test.session.answered()
        else:
            await test.session.not_answered(self.kind)
        await test.tell_state()


class LegOutcome(Frame):
    """What the colleague did who was rung."""

    kept = True

    outcome: Literal[
        "picked_up", "answered", "declined", "no_answer", "busy", "failed", "machine",
        "caller_gone", "message_taken",
    ]  # fmt: skip

    async def act(self, test: TestInHand) -> None:
        """See `Frame`."""
        step = await test.session.leg(self.outcome)
        if step is None:
            await test.tell_state()
        else:
            await test.tell_state(step.label, step.outcome, step.why)


class Skip(Frame):
    """Time passes."""

    kept = True

    seconds: float = Field(gt=0, le=SKIP_LIMIT, allow_inf_nan=False)

    async def act(self, test: TestInHand) -> None:
        """See `Frame`."""
        await test.session.skip(self.seconds)
        await test.tell_state()


class Release(Frame):
    """Staff give the conversation back to the agent."""

    kept = True

    async def act(self, test: TestInHand) -> None:
        """See `Frame`."""
        await test.session.release(test.tester)
        await test.tell_state()


class Simulate(Frame):
    """From now on somebody answers otherwise."""

    kept = True

    what: str
    how: str

    @model_validator(mode="after")
    def _known(self) -> Self:
        if not known(self.what, self.how):
            raise ValueError("Nobody can answer like this.")
        return self

    async def act(self, test: TestInHand) -> None:
        """See `Frame`."""
        await test.session.simulate(self.what, self.how)
        await test.tell(type="simulate", what=self.what, how=self.how)


FRAMES: Mapping[str, type[Frame]] = {
    "say": Say,
    "key": Key,
    "interrupt": Interrupt,
    "hangup": HangUp,
    "outcome": CallOutcome,
    "leg": LegOutcome,
    "skip": Skip,
    "release": Release,
    "simulate": Simulate,
}


def read_text(text: str) -> Frame:
    """The frame in what came over the socket; raises FrameRefused."""
    if len(text) > MAX_FRAME:
        raise FrameRefused("This message is too long.")
    try:
        return read_frame(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        raise FrameRefused(UNREADABLE) from error


def read_frame(stored: Any) -> Frame:
    """The frame in a mapping; raises FrameRefused."""
    try:
        return FRAMES[stored["type"]].model_validate(stored)
    except (ValidationError, KeyError, TypeError, IndexError) as error:
        raise FrameRefused(UNREADABLE) from error


async def say(test: TestInHand, text: str, name: str = "") -> None:
    """A message goes to the agent; the same name twice is one message."""
    key = f"{test.session.conversation.id}:{name or uuid4().hex}"

    async def acknowledge() -> None:
        if name:
            await test.tell(type="ack", id=name)

    await test.session.say(Inbound(text, key), acknowledge)
