"""Enroll to sequence: the contact enters a follow-up workflow."""

from __future__ import annotations

from typing import Any, Literal

from actions.base import (
    ActionType,
    Event,
    Example,
    Finding,
    Heard,
    Names,
    Need,
    Outcome,
    Repeat,
    Settings,
)
from actions.context import Context
from actions.effects import Enrol
from actions.fields import choice, pick
from actions.registry import register


@register
class EnrollToSequence(ActionType):
    """Starts messages and calls that follow by themselves."""

    slug, label = "enroll_sequence", "Enroll to sequence"
    group, icon = "Automation and integrations", "list-plus"
    rank = 40
    also_called = ("follow up", "drip", "campaign", "workflow", "nurture")
    about = "Add the contact to a follow-up sequence of messages and calls."
    tool_help = "Enrol the contact in the follow-up sequence."
    when_hint = "the contact wants to get started"
    default_repeat = Repeat.ONCE
    needs = (Need("sequences", "sequences that send"),)
    outcomes = ("done", "already", "failed")

    class Config(Settings):
        """Which one, and what if the contact is in it already."""

        sequence: str = pick("Sequence", "sequence")
        again: Literal["skip", "restart"] = choice(
            "If already enrolled", "skip", labels={"skip": "do nothing", "restart": "start over"}
        )

    def summary(self, config: Any, names: Names) -> str:
        """Which one."""
        return f"enroll in {names.label(config.sequence)}" if config.sequence else "enroll"

    def lint(self, config: Any, when: str) -> list[Finding]:
        """The sequence is chosen."""
        text = "Choose a sequence."
        return [] if config.sequence else [Finding("error", text, ("sequence",))]

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any]:
        """Nothing is needed."""
        return {}

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any]:
        """Nothing is needed."""
        return {}

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Enrol, unless the contact is in it and may stay where it is."""
        label = ctx.names.label(config.sequence)
        restart = config.again == "restart"
        if config.sequence in ctx.facts.contact.sequences and not restart:
            return Outcome(f"Already in {label}", outcome="already")
        label = ctx.existing(config.sequence)
        ctx.emit(Enrol(config.sequence, label, restart, ctx.directory.first_step(config.sequence)))
        return Outcome(f"Enrolled in {label}", facts={"sequence": label})

    examples = (
        Example(
            "enters",
            {"sequence": "sequence:1"},
            effects=("Enrolled in Onboarding",),
            line="Enrolled in Onboarding",
        ),
        Example(
            "begins anew",
            {"sequence": "sequence:1", "again": "restart"},
            effects=("Enrolled in Onboarding",),
        ),
        Example("the sequence was deleted", {"sequence": "sequence:9"}, error="“sequence:9” was"),
    )
