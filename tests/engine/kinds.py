"""Small action types that walk every path of the engine."""

from __future__ import annotations

from typing import Any, Literal

from actions import registry
from actions.base import (
    ActionError,
    ActionType,
    Ask,
    End,
    HandOff,
    Moment,
    Outcome,
    Repeat,
    Script,
    ScriptStep,
    Settings,
    Target,
    ToolArguments,
)
from actions.context import new_value
from actions.effects import AddNote, SetDnc
from actions.sending import ticket

PROMISE = {"en": ("i'm connecting you", "i've saved")}


class Save(ActionType):
    """An ordinary action with a value."""

    slug, label, group, icon = "t_save", "Save", "Contact and CRM", "pencil"
    many = True
    promises = {"en": ("i've saved",)}

    class Arguments(ToolArguments):
        """The value."""

        value: str

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """Save a property; some values are refused."""
        if args.value == "bad":
            raise ActionError("The value is bad.", to_model="“bad” cannot be saved.")
        ctx.emit(new_value(ctx, "property:email", args.value))
        return Outcome(f"Saved {args.value}")

    def event_arguments(self, config: Any, names: Any, event: Any) -> dict[str, Any]:
        """Bound to a fixed value."""
        return {"value": "by-event"}


class Look(ActionType):
    """An action whose result the model needs."""

    slug, label, group, icon = "t_look", "Look up", "Contact and CRM", "search"

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """An answer."""
        return Outcome("Looked", to_model="The answer is 42.")


class Pick(ActionType):
    """Choices with conditions of their own."""

    slug, label, group, icon = "t_pick", "Pick", "Contact and CRM", "tag"

    class Arguments(ToolArguments):
        """One of two."""

        choice: Literal["red", "blue"]

    def predicates(self, config: Any, when: str, names: Any) -> dict[str, str]:
        """One per choice."""
        return {"red": "wants red", "blue": "wants blue"}

    def named(self, config: Any, names: Any, args: Any) -> list[str]:
        """The choice."""
        return [args.choice]

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """Nothing."""
        return Outcome(f"Picked {args.choice}")


class Move(ActionType):
    """A consequential ending that hands over."""

    slug, label, group, icon = "t_move", "Move", "Call routing", "phone"
    moments = frozenset({Moment.DURING})
    ends = consequential = True
    promises = {"en": ("i'm connecting you",)}

    class Config(Settings):
        """Closing words and what follows when nobody answers."""

        closing: str = "Connecting you now."
        fallback: str = "agent"

    class Arguments(ToolArguments):
        """Why."""

        reason: str

    def summary(self, config: Any, names: Any) -> str:
        """For the question."""
        return "connect you with Sales"

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """Two destinations."""
        targets = (Target("person:1", "Ana"), Target("person:2", "Ben"))
        flow = HandOff(
            targets,
            closing_words=config.closing,
            reason=args.reason,
            fallback=config.fallback,
            fallback_words="Nobody was free.",
        )
        return Outcome("Transfer", flow=flow)


class Bye(ActionType):
    """An ending."""

    slug, label, group, icon = "t_bye", "End", "Call routing", "phone-off"
    moments = frozenset({Moment.DURING, Moment.NO_ANSWER})
    ends = consequential = True

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """End."""
        return Outcome("Ended", flow=End("Goodbye."))


class Block(ActionType):
    """One key is enough."""

    slug, label, group, icon = "set_dnc", "Set contact as DNC", "Compliance", "ban"
    one_key = True
    default_repeat = Repeat.ONCE

    class Arguments(ToolArguments):
        """The words."""

        words: str

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """Block."""
        ctx.emit(SetDnc(args.words))
        return Outcome("Blocked")


class Ticket(ActionType):
    """Committed with the hand-off."""

    slug, label, group, icon = "t_ticket", "Ticket", "Automation and integrations", "ticket"
    with_handoff = True

    class Arguments(ToolArguments):
        """The customer."""

        name: str | None

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """A ticket in the outbox."""
        ctx.emit(ticket(f"Help {args.name}", {}))
        return Outcome(f"Ticket for {args.name}")


class Note(ActionType):
    """Runs at any moment without values."""

    slug, label, group, icon = "t_note", "Note", "Messaging", "file-text"

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """A note."""
        ctx.emit(AddNote("noted"))
        return Outcome("Noted")


class Confirmed(ActionType):
    """Reads back before it saves."""

    slug, label, group, icon = "t_confirm", "Read back", "Contact and CRM", "check"

    class Arguments(ToolArguments):
        """The value."""

        value: str

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """Ask first."""
        if not ctx.confirmed:
            return Outcome("Asked", flow=Ask(f"Is {args.value} right?"))
        ctx.emit(new_value(ctx, "property:email", args.value))
        return Outcome(f"Saved {args.value}", to_model=f"Saved {args.value}.")


class Steps(ActionType):
    """A script."""

    slug, label, group, icon = "t_steps", "Steps", "Messaging", "list"
    moments = frozenset({Moment.DURING})
    default_repeat = Repeat.ONCE

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """Two steps."""
        steps = (
            ScriptStep(
                ("What is your email?",), "A valid email", "property:email", "email", max_reasks=1
            ),
            ScriptStep(
                ("Shall we go on?",), "Any positive response", max_reasks=1, reminder_hours=2
            ),
        )
        return Outcome("Sequence started", flow=Script(steps, "Thank you."))


class Crash(ActionType):
    """An executor with a bug."""

    slug, label, group, icon = "t_crash", "Crash", "Messaging", "bug"

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """Fail."""
        raise ZeroDivisionError


ALL = (Save, Look, Pick, Move, Bye, Block, Ticket, Note, Confirmed, Steps, Crash)


def install() -> dict[str, Any]:
    """Put them into the catalog; returns what stood there before."""
    registry.all_types()
    before = dict(registry._types)
    for kind in ALL:
        registry._types.pop(kind.slug, None)
        registry.register(kind)
    return before


def restore(before: dict[str, Any]) -> None:
    """Take them out again."""
    registry._types.clear()
    registry._types.update(before)
