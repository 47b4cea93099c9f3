"""SMS sequence: a script of messages inside one conversation, step by step."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ValidationInfo, field_validator

from actions.base import (
    TEXT,
    ActionError,
    ActionType,
    Example,
    Finding,
    Moment,
    Names,
    Outcome,
    Repeat,
    Row,
    Script,
    ScriptStep,
    Settings,
)
from actions.catalog.send_sms import no_reserved_answer, template_findings
from actions.context import Context
from actions.fields import FILLED, choice, line, number, pick, rows, template
from actions.registry import register

ANSWERED = {"expected": FILLED}  # what only matters where a certain response is expected


class MessageRow(Row):
    """One message of a step."""

    text: str = template("Message", sms=True, max=1600)

    _no_reserved_answer = field_validator("text")(no_reserved_answer)


class StepRow(Row):
    """What is said, which answer moves it on, what is kept of it."""

    messages: list[MessageRow] = rows("Say", min=1, max=10, add="message")
    expected: str = line(
        "Expected response", placeholder="A valid email", help="Leave empty for any reply", max=500
    )
    capture: str = pick("Save it to", "property", show_if=ANSWERED)
    reask: str = template(
        "Ask again with", help="Leave empty to repeat the last message", max=800, show_if=ANSWERED
    )
    max_reasks: int = number("At most", 2, ge=0, le=10, unit="times", show_if=ANSWERED)
    reminder_hours: int = number("Remind after", 0, ge=0, le=720, unit="hours", help="0 for never")
    never: Literal["stop", "continue", "inbox"] = choice(
        "If it never matches",
        "stop",
        labels={"stop": "stop", "continue": "go on", "inbox": "hand over to an inbox"},
        show_if=ANSWERED,
    )
    never_ref: str = pick("Inbox", "inbox", checked=True, show_if=ANSWERED | {"never": "inbox"})

    _no_reserved_answer = field_validator("reask")(no_reserved_answer)

    @field_validator("capture")
    @classmethod
    def _capture_needs_an_expectation(cls, value: str, info: ValidationInfo) -> str:
        if value and not info.data.get("expected"):
            raise ValueError("Say which response is expected. Only then can it be saved.")
        return value

    @field_validator("never_ref")
    @classmethod
    def _inbox_is_chosen(cls, value: str, info: ValidationInfo) -> str:
        if not value and info.data.get("expected") and info.data.get("never") == "inbox":
            raise ValueError("Choose the inbox.")
        return value


@register
class SmsSequence(ActionType):
    """Guides the contact through a script and waits for a reply after each step."""

    slug, label, group, icon = "sms_sequence", "SMS sequence", "Messaging", "messages-square"
    rank = 20
    also_called = ("script", "questions", "survey", "form", "text")
    about = "Run a script of messages, step by step, and save the answers."
    tool_help = "Start the prepared script of messages. Say nothing else."
    when_hint = "the contact wants to get started"
    channels = TEXT
    moments = frozenset({Moment.DURING})
    default_repeat = Repeat.ONCE
    speaks = True
    outcomes = ("started", "completed", "never_matched", "failed")

    class Config(Settings):
        """The steps and the last words."""

        steps: list[StepRow] = rows("Steps", min=1, max=30, add="step")
        completion: str = template("Closing message", max=1600, help="Sent after the last step")

        _no_reserved_answer = field_validator("completion")(no_reserved_answer)

    def default_config(self, channel_kind: str) -> dict[str, Any]:
        """One empty step."""
        return {"steps": [{"id": "1", "messages": [{"id": "1"}]}]}

    def summary(self, config: Any, names: Names) -> str:
        """How many steps, what is kept."""
        kept = [names.label(step.capture) for step in config.steps if step.capture]
        count = len(config.steps)
        steps = f"{count} step{'' if count == 1 else 's'}"
        return f"{steps}, save {', '.join(kept)}" if kept else steps

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Every template, and a step that says nothing."""
        found: list[Finding] = []
        for n, step in enumerate(config.steps):
            for m, message in enumerate(step.messages):
                found += template_findings(message.text, ("steps", n, "messages", m, "text"))
            if step.reask:
                found += template_findings(step.reask, ("steps", n, "reask"))
        if config.completion:
            found += template_findings(config.completion, ("completion",))
        return found

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Begin; the following turns belong to the script."""
        made = (self._step(ctx, row) for row in config.steps)
        steps = tuple(step for step in made if step.messages)
        if not steps:
            raise ActionError("The sequence has no step.", to_model="That is not possible now.")
        count = "1 step" if len(steps) == 1 else f"{len(steps)} steps"
        flow = Script(steps, config.completion)
        return Outcome(f"Sequence of {count} started", flow=flow, outcome="started")

    def _step(self, ctx: Context, row: Any) -> ScriptStep:
        info = ctx.directory.property(row.capture) if row.capture else None
        return ScriptStep(
            tuple(message.text for message in row.messages if message.text),
            expected=row.expected,
            capture=row.capture if info else "",
            capture_kind=info.kind if info else "text",
            capture_choices=info.choices if info else (),
            reask=row.reask,
            max_reasks=row.max_reasks,
            reminder_hours=row.reminder_hours,
            never=row.never,
            never_ref=row.never_ref,
        )

    examples = (
        Example(
            "one step that keeps an e-mail address",
            {
                "steps": [
                    {
                        "id": "1",
                        "messages": [{"id": "1", "text": "What is your email?"}],
                        "expected": "A valid email",
                        "capture": "property:email",
                    }
                ]
            },
            line="Sequence of 1 step started",
            flow=Script,
        ),
        Example(
            "any reply goes on",
            {"steps": [{"id": "1", "messages": [{"id": "1", "text": "Hi"}]}], "completion": "Bye"},
            flow=Script,
        ),
        Example(
            "captured without an expected response",
            {
                "steps": [
                    {
                        "id": "1",
                        "messages": [{"id": "1", "text": "Your email?"}],
                        "capture": "property:email",
                    }
                ]
            },
            error="invalid",
        ),
        Example(
            "steps that say nothing",
            {"steps": [{"id": "1", "messages": [{"id": "1"}]}]},
            error="The sequence has no step",
        ),
        Example("no step", {"steps": []}, error="invalid"),
    )
