"""Contact disposition, tag and list: where the contact stands, and what it belongs to."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from actions import effects
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
from actions.fields import Choices, choice, condition, pick, rows
from actions.registry import register

STATUS, TAG, LIST = "contact_disposition", "tag", "list"
WORDS = {
    (STATUS, "add"): "set {}",
    (TAG, "add"): "tag {}",
    (LIST, "add"): "add to {}",
    (TAG, "remove"): "take off tag {}",
    (LIST, "remove"): "remove from {}",
}


class ChangeRow(Row):
    """One change of the contact and when it applies."""

    how: Literal["add", "remove"] = choice("Do", "add", labels={"add": "add", "remove": "remove"})
    ref: str = pick("Disposition, tag or list", STATUS, TAG, LIST)
    when: str = condition("When", placeholder="asks for an offer")

    @property
    def kind(self) -> str:
        """Disposition, tag or list."""
        return self.ref.partition(":")[0]

    @property
    def key(self) -> str:
        """What tells this change from the others: adding is another one than removing."""
        return f"{self.how} {self.ref}"

    def words(self, name: str) -> str:
        """The change, as people and the model read it."""
        return WORDS.get((self.kind, self.how), "remove {}").format(name)


@register
class SetContactDisposition(ActionType):
    """Says where a contact stands, labels it, and moves it between lists."""

    slug, label = "contact_disposition", "Contact disposition / tag / list"
    group, icon = "Contact and CRM", "user-check"
    rank = 20
    also_called = ("status", "segment", "label", "lead")
    about = "Set the contact’s disposition, add or remove its tags and lists."
    tool_help = "Record where this contact stands; name the changes that apply."
    when_hint = "the contact wants to get started or is not interested"
    many = True

    class Config(Settings):
        """The changes of this panel."""

        changes: list[ChangeRow] = rows("Change", min=1, add="change")

    class Arguments(ToolArguments):
        """Any of the list."""

        changes: list[str] = Field(
            min_length=1, max_length=50, description="The changes that apply now"
        )

    def choices(self, config: Any, names: Names) -> dict[str, Choices]:
        """The changes to what still exists."""
        known = (row for row in config.changes if row.ref in names)
        return {"changes": Choices((row.key, row.words(names[row.ref])) for row in known)}

    def predicates(self, config: Any, when: str, names: Names) -> dict[str, str]:
        """One condition per change that has its own."""
        known = (row for row in config.changes if row.ref in names)
        return conditions(((row.key, row.when) for row in known), when)

    def default_config(self, channel_kind: str) -> dict[str, Any]:
        """One empty row."""
        return {"changes": [{"id": "1"}]}

    def summary(self, config: Any, names: Names) -> str:
        """The list."""
        return ", ".join(row.words(names.label(row.ref)) for row in config.changes)

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Missing and contrary changes, and one that nothing ever makes."""
        found: list[Finding] = []
        own = any(row.when for row in config.changes)
        seen: dict[str, str] = {}
        for n, row in enumerate(config.changes):
            loc = ("changes", n)
            if not row.ref:
                text = "Choose a disposition, a tag or a list."
                found.append(Finding("error", text, (*loc, "ref")))
            elif row.kind == STATUS and row.how == "remove":
                text = "A disposition cannot be removed. Set another one instead."
                found.append(Finding("error", text, (*loc, "how")))
            elif row.key in seen:
                found.append(Finding("warning", "This is listed twice.", (*loc, "ref")))
            elif row.ref in seen.values() and not own:
                text = "The same condition both adds and removes it."
                found.append(Finding("error", text, (*loc, "ref")))
            if own and not (row.when or when):
                text = "The others have a condition. Say when this one applies."
                found.append(Finding("error", text, (*loc, "when")))
            seen[row.key] = row.ref
        return found

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any] | None:
        """The changes whose condition was met; without one of their own, all that share it."""
        shared = {row.key for row in config.changes if not row.when}
        picked = picked_by_rule(self.choices(config, names)["changes"], heard, shared)
        return {"changes": picked} if picked else None

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any] | None:
        """Where no model is asked, all of them."""
        labels = list(self.choices(config, names)["changes"].labels)
        return {"changes": labels} if labels else None

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Make the changes, each once; of several dispositions the last one wins."""
        known = self.choices(config, ctx.names)["changes"]
        labels = list(dict.fromkeys(args.changes))
        if not known.keys.keys() >= set(labels):
            raise ActionError("What it sets was deleted.", to_model="That is not possible now.")
        wanted = {known.ref(label) for label in labels}
        made = [row for row in config.changes if row.key in wanted]
        for status in [row.ref for row in made if row.kind == STATUS][-1:]:
            ctx.emit(effects.SetContactDisposition(status, ctx.existing(status)))
        for how in ("add", "remove"):
            for kind, change in ((TAG, effects.TagContact), (LIST, effects.ListContact)):
                if refs := _refs(made, kind, how):
                    existing = tuple(ctx.existing(ref) for ref in refs)
                    ctx.emit(change(refs, existing, how == "remove"))
        return Outcome(", ".join(labels)[:1].upper() + ", ".join(labels)[1:])

    examples = (
        Example(
            "disposition, tag and list",
            {
                "changes": [
                    {"id": "1", "ref": "contact_disposition:1"},
                    {"id": "2", "ref": "tag:1"},
                    {"id": "3", "ref": "list:1"},
                    {"id": "4", "ref": "list:2", "how": "remove"},
                ]
            },
            {
                "changes": [
                    "set Qualified",
                    "tag Sales",
                    "add to New Leads",
                    "remove from Customers",
                ]
            },
            effects=(
                "Contact disposition: Qualified",
                "Contact tags added: Sales",
                "Added to New Leads",
                "Removed from Customers",
            ),
            line="Set Qualified, tag Sales, add to New Leads, remove from Customers",
        ),
        Example(
            "the last disposition wins",
            {
                "changes": [
                    {"id": "1", "ref": "contact_disposition:1"},
                    {"id": "2", "ref": "contact_disposition:2"},
                ]
            },
            {"changes": ["set Qualified", "set Closed"]},
            effects=("Contact disposition: Closed",),
        ),
        Example(
            "the list was deleted",
            {"changes": [{"id": "1", "ref": "list:99"}]},
            {"changes": [""]},
            error="What it sets was deleted",
        ),
        Example(
            "none", {"changes": [{"id": "1", "ref": "tag:1"}]}, {"changes": []}, error="invalid"
        ),
    )


def _refs(made: list[ChangeRow], kind: str, how: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.ref for row in made if (row.kind, row.how) == (kind, how)))
