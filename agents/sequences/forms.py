"""What people fill in about a sequence."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import field_validator, model_validator

from actions.base import Row, Settings
from actions.fields import choice, line, number, pick, rows, switch, template
from agents.routing.forms import named

HOURS = {"hours": 1, "days": 24}


class StepRow(Row):
    """One message or call."""

    wait: int = number("After", 1, ge=0, le=365)
    unit: Literal["hours", "days"] = choice(
        "Unit", "days", labels={"hours": "hours", "days": "days"}
    )
    how: Literal["sms", "call"] = choice("How", "sms", labels={"sms": "SMS", "call": "call"})
    text: str = template("Message", sms=True, max=1600, show_if={"how": "sms"})
    agent: str = pick("Agent", "agent", help="Who calls, or answers what comes back")

    @property
    def hours(self) -> int:
        """The wait."""
        return self.wait * HOURS[self.unit]


class SequenceForm(Settings):
    """The steps of one sequence, and what ends it early."""

    name: str = line("Name", placeholder="Onboarding", max=120)
    steps: list[StepRow] = rows("Steps", min=1, max=30, add="step")
    stop_on_reply: bool = switch("Ends when the contact answers", True)
    stop_on_booking: bool = switch("Ends when an appointment is booked", True)

    _name = field_validator("name")(named)

    @model_validator(mode="after")
    def _steps_do_something(self) -> Self:
        for number_, step in enumerate(self.steps, start=1):
            if step.how == "sms" and not step.text:
                raise ValueError(f"Step {number_}: write the message.")
            if step.how == "call" and not step.agent:
                raise ValueError(f"Step {number_}: choose the agent who calls.")
        return self
