"""Add communication tag: labels of the conversation."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from actions.base import (
    ActionError,
    ActionType,
    Event,
    Example,
    Finding,
    Heard,
    Names,
    Outcome,
    Row,
    Settings,
    ToolArguments,
    conditions,
    picked_by_rule,
)
from actions.context import Context
from actions.effects import AddTags
from actions.fields import Choices, condition, pick, rows
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
    rank = 20
    also_called = ("label", "topic", "category")
    about = "Label the conversation, for filters and reports."
    tool_help = "Label this conversation with the tags that apply."
    when_hint = "the contact asks about the price or a bill"
    many = True

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
        return conditions(((r.tag, r.when) for r in config.tags if r.tag in names), when)

    def default_config(self, channel_kind: str) -> dict[str, Any]:
        """One empty row."""
        return {"tags": [{"id": "1"}]}

    def summary(self, config: Any, names: Names) -> str:
        """The list."""
        return "add " + ", ".join(names.label(row.tag) for row in config.tags)

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Missing and double tags, and one that nothing ever adds."""
        found: list[Finding] = []
        own = any(row.when for row in config.tags)
        seen: set[str] = set()
        for n, row in enumerate(config.tags):
            loc = ("tags", n)
            if not row.tag:
                found.append(Finding("error", "Choose a tag.", (*loc, "tag")))
            elif row.tag in seen:
                found.append(Finding("warning", "This tag is listed twice.", (*loc, "tag")))
            if own and not (row.when or when):
                text = "The others have a condition. Say when this one applies."
                found.append(Finding("error", text, (*loc, "when")))
            seen.add(row.tag)
        return found

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any] | None:
        """The tags whose condition was met; without one of their own, all that share it."""
        shared = {row.tag for row in config.tags if not row.when}
        picked = picked_by_rule(self.choices(config, names)["tags"], heard, shared)
        return {"tags": picked} if picked else None

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any] | None:
        """Where no model is asked, all tags of the list."""
        labels = list(self.choices(config, names)["tags"].labels)
        return {"tags": labels} if labels else None

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Add them, each once."""
        known = self.choices(config, ctx.names)["tags"]
        labels = list(dict.fromkeys(args.tags))
        if not known.keys.keys() >= set(labels):
            raise ActionError("Its tag was deleted.", to_model="That is not possible now.")
        refs = tuple(known.ref(label) for label in labels)
        ctx.emit(AddTags(refs, tuple(ctx.existing(ref) for ref in refs)))
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
        Example(
            "the only one was deleted",
            {"tags": [{"id": "1", "tag": "tag:99"}]},
            {"tags": [""]},
            error="Its tag was deleted",
        ),
        Example("none", {"tags": [{"id": "1", "tag": "tag:1"}]}, {"tags": []}, error="invalid"),
    )
