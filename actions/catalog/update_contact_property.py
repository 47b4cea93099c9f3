"""Update contact property: what the contact says about themselves, checked and saved."""

from __future__ import annotations

from typing import Any

from pydantic import Field, create_model

from actions import understood
from actions.base import (
    ActionError,
    ActionType,
    Ask,
    Event,
    Example,
    Finding,
    Heard,
    Names,
    Outcome,
    Row,
    Settings,
    ToolArguments,
)
from actions.fields import line, pick, rows, switch
from actions.ports import Context, PropertyInfo
from actions.registry import register

NAME_PARTS = {"first_name": "first", "last_name": "last", "full_name": "value"}
LOOKS_LIKE = {"email": "email", "phone": "phone"}


class FieldRow(Row):
    """One property to capture, and how."""

    property: str = pick("Property", "property")
    ask: str = line("Ask", placeholder="What is your e-mail address?", help="Empty: only listen")
    read_back: bool = switch("Read back", help="Save only after the contact says yes")
    keep: bool = switch("Only when empty", help="Never replace a known value")
    fixed: str = line("Fixed value", help="For moments without a conversation")


@register
class UpdateContactProperty(ActionType):
    """Captures details and saves them to the contact's properties."""

    slug, label = "update_contact_property", "Update contact property"
    group, icon = "Contact and CRM", "pencil"
    about = "Save what the contact says: name, e-mail, phone and other properties."
    tool_help = (
        "Save details that the contact gave about themselves. Null for every field that was not "
        "given in their own words; never guess."
    )
    when_hint = "the contact gives a name, an e-mail address or a phone number"
    promises = {"en": ("i've saved", "i have saved", "i've noted", "i have noted")}

    class Config(Settings):
        """The properties."""

        fields: list[FieldRow] = rows("Save", min=1, add="property")

    def arguments(self, config: Any, names: Names) -> type[ToolArguments]:
        """One nullable text per property."""
        made: dict[str, Any] = {
            _key(row): (
                str | None,
                Field(
                    max_length=2000,
                    description=f"{names[row.property]}, as the contact gave it; null if not given",
                ),
            )
            for row in config.fields
            if row.property in names
        }
        return create_model("PropertyArguments", __base__=ToolArguments, **made)

    def default_config(self, channel_kind: str) -> dict[str, Any]:
        """One empty row."""
        return {"fields": [{"id": "1"}]}

    def summary(self, config: Any, names: Names) -> str:
        """The list, and whether it is read back."""
        back = ", read back" if any(row.read_back for row in config.fields) else ""
        return f"save {', '.join(names.label(row.property) for row in config.fields)}{back}"

    def guidance(self, config: Any, names: Names) -> str:
        """What to ask for."""
        asked = [f"Ask once, when it fits: “{row.ask}”" for row in config.fields if row.ask]
        return "\n".join(asked)

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Missing and double properties."""
        found, seen = [], set()
        for n, row in enumerate(config.fields):
            loc = ("fields", n, "property")
            if not row.property:
                found.append(Finding("error", "Choose a property.", loc))
            elif row.property in seen:
                found.append(Finding("error", "This property stands here twice.", loc))
            seen.add(row.property)
        return found

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any] | None:
        """Formats and names found by rule; nothing found, nothing proposed."""
        values = {
            _key(row): _found(_key(row), heard) for row in config.fields if row.property in names
        }
        return values if any(values.values()) else None

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any] | None:
        """Where no model is asked, the fixed values."""
        values = {_key(r): r.fixed or None for r in config.fields if r.property in names}
        return values if any(values.values()) else None

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Check each value; what is right is saved, what is wrong is said to the model."""
        given = {key: value for key, value in args.model_dump().items() if value}
        if not given:
            raise ActionError("No value was given.", to_model="No value was given: nothing saved.")
        values, wrong = self._checked(ctx, config, given)
        kept = {row.property for row in config.fields if row.keep and ctx.contact.value(_key(row))}
        fresh = {ref: value for ref, value in values.items() if ref not in kept}
        back = [r.property for r in config.fields if r.read_back and r.property in fresh]
        if back and not ctx.confirmed:
            said = " and ".join(fresh[ref] for ref in back)
            return Outcome(
                f"Asked whether {said} is right", flow=Ask(f"I have {said}. Is that right?")
            )
        for ref, value in fresh.items():
            ctx.contact.set_property(ref, value)
        if wrong:
            raise ActionError("; ".join(wrong), to_model=f"Not saved: {' '.join(wrong)} Ask again.")
        return self._outcome(ctx, fresh, bool(kept & set(values)))

    def _checked(
        self, ctx: Context, config: Any, given: dict[str, str]
    ) -> tuple[dict[str, str], list[str]]:
        values, wrong = {}, []
        for row in config.fields:
            raw = given.get(_key(row))
            info = ctx.directory.property(row.property) if raw else None
            if raw is None or info is None:
                continue
            try:
                values[row.property] = _parse(info, raw, f"{ctx.facts.now:%Y-%m-%d}")
            except ValueError as error:
                wrong.append(f"{info.label}: {error}")
        if not values and not wrong:
            raise ActionError("Its properties were deleted.", to_model="That cannot be saved.")
        return values, wrong

    def _outcome(self, ctx: Context, fresh: dict[str, str], kept: bool) -> Outcome:
        if not fresh:
            return Outcome("Nothing changed: already known", to_model="Already known: kept.")
        done = ", ".join(f"{ctx.names.label(ref)} {value}" for ref, value in fresh.items())
        return Outcome(f"Saved {done}", to_model=f"Saved {done}." if ctx.confirmed else "")

    examples = (
        Example(
            "an e-mail address",
            {"fields": [{"id": "1", "property": "property:email"}]},
            {"email": "maria@lopez.com"},
            effects=("Email: maria@lopez.com",),
            line="Saved Email maria@lopez.com",
        ),
        Example(
            "only when empty",
            {"fields": [{"id": "1", "property": "property:email", "keep": True}]},
            {"email": "new@lopez.com"},
            {"email": "old@lopez.com"},
            line="Nothing changed",
        ),
        Example(
            "read back first",
            {"fields": [{"id": "1", "property": "property:email", "read_back": True}]},
            {"email": "maria@lopez.com"},
            flow=Ask,
        ),
        Example(
            "half an address",
            {"fields": [{"id": "1", "property": "property:email"}]},
            {"email": "john at"},
            error="Email: “john at” is not a complete e-mail address",
        ),
        Example(
            "nothing given",
            {"fields": [{"id": "1", "property": "property:email"}]},
            {"email": None},
            error="No value was given",
        ),
    )


def _key(row: Any) -> str:
    return str(row.property).partition(":")[2]


def _parse(info: PropertyInfo, raw: str, today: str) -> str:
    return understood.parse_value(info.kind, raw, choices=info.choices, today=today)


def _found(key: str, heard: Heard) -> str | None:
    """A value for a property in what was heard."""
    if part := NAME_PARTS.get(key):
        name = understood.find_name(heard.message)
        return (getattr(name, part) or None) if name else None
    found = understood.find_value(LOOKS_LIKE.get(key, "text"), heard.message)
    return found.value if found else None
