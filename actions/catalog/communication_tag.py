"""Add communication tag: labels of the conversation."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from actions.base import (
    ActionType,
    Event,
    Example,
    Finding,
    Names,
    Outcome,
    Row,
    Settings,
    ToolArguments,
)
from actions.fields import Choices, condition, pick, rows
from actions.ports import Context
from actions.registry import register


class TagRow(Row):
    """One tag and when it applies."""

    tag: str = pick("Tag", "tag")
    when: str = condition("When", placeholder="the contact asks about prices")


@register
class AddCommunicationTag(ActionType):
    """Labels a conversation by what it is about."""

    slug, label = "communication_tag", "Add communication tag"
    group, icon = "Outcomes and tracking", "tag"
    about = "Label the conversation, for filters and reports."
    tool_help = "Label this conversation with the tags that apply."
    when_hint = "the conversation is about one of the tags"

    class Config(Settings):
        """The tags of this panel."""

        tags: list[TagRow] = rows("Add", min=1, add="tag")

    class Arguments(ToolArguments):
        """Any of the list."""

        tags: list[str] = Field(min_length=1, max_length=50, description="The tags that apply")

    def choices(self, config: Any, names: Names) -> dict[str, Choices]:
        """The tags that still exist."""
        return {"tags": Choices((r.tag, names[r.tag]) for r in config.tags if r.tag in names)}

    def predicates(self, config: Any, when: str, names: Names) -> dict[str, str]:
        """One condition per tag that has its own."""
        own = {row.tag: row.when for row in config.tags if row.when and row.tag in names}
        return own or super().predicates(config, when, names)

    def default_config(self, channel_kind: str) -> dict[str, Any]:
        """One empty row."""
        return {"tags": [{"id": "1"}]}

    def summary(self, config: Any, names: Names) -> str:
        """The list."""
        return "add " + ", ".join(names.label(row.tag) for row in config.tags)

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Every row needs a tag."""
        return [
            Finding("error", "Choose a tag.", ("tags", n, "tag"))
            for n, row in enumerate(config.tags)
            if not row.tag
        ]

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any] | None:
        """Where no model is asked, all tags of the list."""
        labels = [names[row.tag] for row in config.tags if row.tag in names]
        return {"tags": labels} if labels else None

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Add them, each once."""
        known = self.choices(config, ctx.names)["tags"]
        labels = list(dict.fromkeys(args.tags))
        ctx.conversation.add_tags([known.ref(label) for label in labels])
        return Outcome(f"Tagged {', '.join(labels)}")

    examples = (
        Example(
            "two of two",
            {"tags": [{"id": "1", "tag": "tag:1"}, {"id": "2", "tag": "tag:2"}]},
            {"tags": ["Sales", "Support"]},
            effects=("Tags: Sales, Support",),
            line="Tagged Sales, Support",
        ),
        Example(
            "the same twice is one",
            {"tags": [{"id": "1", "tag": "tag:1"}]},
            {"tags": ["Sales", "Sales"]},
            effects=("Tags: Sales",),
        ),
        Example("none", {"tags": [{"id": "1", "tag": "tag:1"}]}, {"tags": []}, error="invalid"),
    )
