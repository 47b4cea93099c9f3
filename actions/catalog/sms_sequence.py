"""SMS sequence: a script of messages inside one conversation, step by step."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator

from actions import understood
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
    Settings,
    Step,
)
from actions.catalog.send_sms import template_findings
from actions.fields import choice, line, number, pick, rows, template
from actions.ports import Context
from actions.registry import register


class MessageRow(Row):
    """One message of a step."""

    text: str = template("Message", sms=True, max=1600)


class StepRow(Row):
    """What is said, which answer moves it on, what is kept of it."""

    messages: list[MessageRow] = rows("Say", min=1, max=10, add="message")
    expected: str = line(
        "Expected response", placeholder="A valid email", help="Empty: any reply", max=500
    )
    capture: str = pick("Save it to", "property", help="Needs an expected response")
    reask: str = template("Ask again with", help="Empty: the last message again", max=800)
    max_reasks: int = number("At most", 2, ge=0, le=10, unit="times")
    reminder_hours: int = number("Remind after", 0, ge=0, le=720, unit="hours", help="0: never")
    never: Literal["stop", "continue", "inbox"] = choice(
        "If it never matches",
        "stop",
        labels={"stop": "stop", "continue": "go on", "inbox": "hand to an inbox"},
    )
    never_ref: str = pick("Inbox", "inbox", show_if={"never": "inbox"})

    @model_validator(mode="after")
    def _capture_needs_an_expectation(self) -> StepRow:
        if self.capture and not self.expected:
            raise ValueError("Say which response is expected: only then can it be saved.")
        if self.never == "inbox" and not self.never_ref:
            raise ValueError("Choose the inbox.")
        return self


@register
class SmsSequence(ActionType):
    """Guides the contact through a script and waits for a reply after each step."""

    slug, label, group, icon = "sms_sequence", "SMS sequence", "Messaging", "messages-square"
    about = "Run a script of messages, step by step, and keep the answers."
    tool_help = "Start the prepared script of messages. Say nothing else."
    when_hint = "the contact wants to get started"
    channels = TEXT
    moments = frozenset({Moment.DURING})
    default_repeat = Repeat.ONCE
    speaks = True
    outcomes = ("done", "failed")

    class Config(Settings):
        """The steps and the last words."""

        steps: list[StepRow] = rows("Steps", min=1, max=30, add="step")
        completion: str = template("At the end", max=1600, help="Said after the last step")

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
        """Templates, and answers that stop all messages."""
        found: list[Finding] = []
        for n, step in enumerate(config.steps):
            for m, message in enumerate(step.messages):
                loc = ("steps", n, "messages", m, "text")
                found += template_findings(message.text, loc, set())
                if word := understood.invites_reserved_word(message.text):
                    sentence = f"“{word}” stops all messages: ask for another word."
                    found.append(Finding("error", sentence, loc))
        return found

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Begin; the following turns belong to the script."""
        steps = tuple(self._step(ctx, row) for row in config.steps if row.messages)
        if not steps:
            raise ActionError("The sequence has no step.", to_model="That is not possible now.")
        script = Script(steps, config.completion)
        return Outcome(f"Sequence of {len(steps)} steps started", flow=script)

    def _step(self, ctx: Context, row: Any) -> Step:
        info = ctx.directory.property(row.capture) if row.capture else None
        return Step(
            tuple(message.text for message in row.messages if message.text),
            row.expected,
            row.capture if info else "",
            info.kind if info else "text",
            row.reask,
            row.max_reasks,
            row.reminder_hours,
            row.never,
            row.never_ref,
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
            line="Sequence of 1 steps started",
            flow=Script,
        ),
        Example(
            "any reply goes on",
            {"steps": [{"id": "1", "messages": [{"id": "1", "text": "Hi"}]}], "completion": "Bye"},
            flow=Script,
        ),
        Example("no step", {"steps": []}, error="invalid"),
    )
