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
from actions.context import Context, new_value
from actions.fields import line, pick, rows, switch
from actions.languages import ENGLISH
from actions.ports import PropertyInfo
from actions.practice.noticing import half_given, noticed
from actions.registry import register

TALKING = {"common.moment": "during"}
SILENT = {"common.moment": ("no_answer", "idle")}


class FieldRow(Row):
    """One property to capture, and how."""

    property: str = pick("Property", "property")
    ask: str = line(
        "Ask",
        placeholder="What is your e-mail address?",
        help="Leave empty to only listen",
        show_if=TALKING,
    )
    read_back: bool = switch(
        "Read back", help="Save only after the contact says yes", show_if=TALKING
    )
    keep: bool = switch("Only when empty", help="Never replace a known value")
    fixed: str = line("Value", help="Saved as it is: nobody speaks at this moment", show_if=SILENT)


@register
class UpdateContactProperty(ActionType):
    """Captures details and saves them to the contact's properties."""

    slug, label = "update_contact_property", "Update contact property"
    group, icon = "Contact and CRM", "pencil"
    rank = 10
    also_called = ("save", "capture", "field", "name", "email", "crm", "form")
    about = "Save what the contact says: name, e-mail, phone and other properties."
    tool_help = (
        "Save details that the contact gave about themselves. Null for every field that was not "
        "given in their own words; never guess."
    )
    when_hint = "the contact gives a name, an e-mail address or a phone number"
    many = saves = True

    class Config(Settings):
        """The properties."""

        fields: list[FieldRow] = rows("Save", min=1, add="property")

    def arguments(self, config: Any, names: Names) -> type[ToolArguments]:
        """One nullable text per property."""
        made: dict[str, Any] = {
            _argument(row): (str | None, Field(max_length=2000, description=_described(row, names)))
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
        """What to ask for, and how."""
        asked = []
        for row in config.fields:
            if row.ask and row.property in names:
                only = ", only if it is not known yet" if row.keep else ""
                asked.append(f"{names[row.property]}{only}: ask once, when it fits: “{row.ask}”")
        return "\n".join(asked)

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Missing and double properties."""
        found, seen = [], set()
        for n, row in enumerate(config.fields):
            loc = ("fields", n, "property")
            if not row.property:
                found.append(Finding("error", "Choose a property.", loc))
            elif row.property in seen:
                found.append(Finding("error", "This property is listed twice.", loc))
            seen.add(row.property)
        return found

    def unclear(self, config: Any, names: Names, heard: Heard) -> str:
        """Half an address or number is asked for again."""
        return half_given((_key(row) for row in config.fields), heard)

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any] | None:
        """Formats and names found by rule; nothing found, nothing proposed."""
        values = {
            _argument(row): noticed(_key(row), names[row.property], heard.message, heard.language)
            for row in config.fields
            if row.property in names
        }
        return values if any(values.values()) else None

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any] | None:
        """Where no model is asked, the fixed values."""
        values = {_argument(r): r.fixed or None for r in config.fields if r.property in names}
        return values if any(values.values()) else None

    def answer_hint(self, config: Any) -> str:
        """What is read back is saved after a yes."""
        back = any(row.get("read_back") for row in config.get("fields", ()))
        return "answer yes" if back else ""

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Check each value; what is right is saved, what is wrong is said to the model."""
        given = {key: value for key, value in args.model_dump().items() if value}
        if not given:
            raise ActionError("No value was given.", to_model="No value was given: nothing saved.")
        values, wrong = self._checked(ctx, config, given)
        fresh = {row.property: values[row.property] for row in self._due(ctx, config, values)}
        kept = [
            ref for ref, value in values.items() if ref not in fresh and _known(ctx, ref, value)
        ]
        back = [r.property for r in config.fields if r.read_back and r.property in fresh]
        waits = back if not ctx.confirmed else []
        for ref, value in fresh.items():
            if ref not in waits:
                ctx.emit(new_value(ctx, ref, value))
        if waits:
            return _read_back(ctx, {ref: fresh[ref] for ref in waits})
        if wrong:
            raise ActionError("; ".join(wrong), to_model=f"Not saved: {' '.join(wrong)} Ask again.")
        return _saved(ctx, fresh, kept)

    def _due(self, ctx: Context, config: Any, values: dict[str, str]) -> list[FieldRow]:
        """What is new: known already, or to be kept as it is, are left alone."""
        rows_ = []
        for row in config.fields:
            known = ctx.value(_key(row))
            new = values.get(row.property) not in (None, known)
            if new and not (row.keep and known):
                rows_.append(row)
        return rows_

    def _checked(
        self, ctx: Context, config: Any, given: dict[str, str]
    ) -> tuple[dict[str, str], list[str]]:
        values, wrong = {}, []
        for row in config.fields:
            raw = given.get(_argument(row))
            info = ctx.directory.property(row.property) if raw else None
            if raw is None or info is None:
                continue
            try:
                values[row.property] = _parse(ctx, info, raw)
            except ValueError as error:
                wrong.append(f"{info.label}: {error}")
        if not values and not wrong:
            raise ActionError("Its properties were deleted.", to_model="That cannot be saved.")
        return values, wrong

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
            "after the contact said yes",
            {"fields": [{"id": "1", "property": "property:email", "read_back": True}]},
            {"email": "maria@lopez.com"},
            effects=("Email: maria@lopez.com",),
            confirmed=True,
        ),
        Example(
            "a fixed value where nobody spoke",
            {"fields": [{"id": "1", "property": "property:rooms", "fixed": "1"}]},
            {"rooms": "1"},
            moment="no_answer",
            effects=("Number of rooms: 1",),
        ),
        Example(
            "half an address; the name is saved all the same",
            {
                "fields": [
                    {"id": "1", "property": "property:email"},
                    {"id": "2", "property": "property:first_name"},
                ]
            },
            {"email": "john at", "first_name": "John"},
            effects=("First name: John",),
            error="Email: “john at” is not a complete e-mail address",
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


def _argument(row: Any) -> str:
    """The property's key, set apart where it would hide something of the arguments' own."""
    key = _key(row)
    return f"contact_{key}" if hasattr(ToolArguments, key) else key


def _described(row: Any, names: Names) -> str:
    """What the model reads: the property, how it is asked, and never to guess."""
    asked = f" (asked as: {row.ask})" if row.ask else ""
    return f"{names[row.property]}{asked}, as the contact gave it; null if not given; never guess"


def _parse(ctx: Context, info: PropertyInfo, raw: str) -> str:
    today = f"{ctx.facts.local:%Y-%m-%d}"
    return understood.parse_value(info.kind, raw, ctx.language, choices=info.choices, today=today)


def _listed(ctx: Context, values: dict[str, str]) -> str:
    return ", ".join(f"{ctx.names.label(ref)} {value}" for ref, value in values.items())


def _spoken(ctx: Context, values: dict[str, str], joiner: str) -> str:
    """The values as the contact hears them; the labels are the house's own words."""
    return joiner.join(f"{ctx.names.label(ref)} {value}" for ref, value in values.items())


def _read_back(ctx: Context, values: dict[str, str]) -> Outcome:
    said = _spoken(ctx, values, f" {ctx.language.speaking.both} ")
    question = Ask(ctx.language.say("read_back", values=said))
    return Outcome(f"Asked whether {_listed(ctx, values)} is right", flow=question)


def _known(ctx: Context, ref: str, value: str) -> bool:
    """Whether another value stands there, which is not to be replaced."""
    return ctx.value(ref.partition(":")[2]) not in ("", value)


def _saved(ctx: Context, fresh: dict[str, str], kept: list[str]) -> Outcome:
    labels = ", ".join(ctx.names.label(ref) for ref in kept)
    left = f"Known already, not changed: {labels}." if kept else ""
    if not fresh:
        line = f"Nothing changed: {labels} already known" if kept else "Nothing new"
        return Outcome(line, to_model=left or "Known already.")
    done = _listed(ctx, fresh)
    told = f"Saved {done}." if ctx.confirmed or kept else ""
    heard = ctx.language.say("saved", values=_spoken(ctx, fresh, ", "))
    spoken = heard if told and ctx.language is not ENGLISH else ""
    return Outcome(f"Saved {done}", to_model=f"{told} {left}".strip(), to_contact=spoken)
