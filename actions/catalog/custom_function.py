"""Execute custom function: a request to another system, and its answer in the conversation."""

from __future__ import annotations

import json
from typing import Any

from pydantic import Field, create_model

from actions.base import (
    ActionError,
    ActionType,
    Event,
    Example,
    Finding,
    Heard,
    Names,
    Need,
    Outcome,
    Row,
    Settings,
    ToolArguments,
)
from actions.context import Context, new_value
from actions.fields import line, pick, rows, template
from actions.ports import FunctionAnswer
from actions.registry import register
from actions.sending import request_made
from actions.text import identifier
from actions.understood import find_digits

KINDS: dict[str, str] = {"text": "str", "number": "float", "boolean": "bool"}


class MappingRow(Row):
    """A parameter whose value is not the model's to choose."""

    parameter: str = line("Parameter", placeholder="customer_id", max=40)
    value: str = template("Always set to", max=500)


@register
class ExecuteCustomFunction(ActionType):
    """Calls a function of the library and tells the conversation what came back."""

    slug, label = "custom_function", "Execute custom function"
    group, icon = "Automation and integrations", "function-square"
    rank = 30
    also_called = ("api", "webhook", "http", "request", "integration", "zapier")
    about = "Call a function from the library and use its answer."
    tool_help = "Call this function; its answer tells you what to say."
    when_hint = "the contact confirms a purchase"
    asks = may_be_consequential = many = True
    answered_by = ("function",)
    needs = (Need("functions", "custom functions that are called for real"),)

    class Config(Settings):
        """Which function, and what is fixed."""

        function: str = pick("Function", "function")
        mapping: list[MappingRow] = rows(
            "Fixed values", max=20, add="value", help="The model supplies all other parameters"
        )

    def details(self, config: Any, names: Names) -> dict[str, Any]:
        """What the version knows of the function."""
        known = names.get(f"{config.function}#details")
        found: dict[str, Any] = json.loads(known) if known else {}
        return found

    def asked(self, config: Any, names: Names) -> list[dict[str, Any]]:
        """The parameters that the model supplies."""
        fixed = {row.parameter for row in config.mapping}
        wanted = self.details(config, names).get("parameters") or []
        return [one for one in wanted if one["name"] not in fixed]

    def arguments(self, config: Any, names: Names) -> type[ToolArguments]:
        """One argument per parameter, null where it may be left out."""
        fields: dict[str, Any] = {}
        for one in self.asked(config, names):
            annotation = KINDS[one["kind"]] + ("" if one["required"] else " | None")
            fields[one["name"]] = (annotation, Field(description=one["about"] or one["name"]))
        if not fields:
            return self.Arguments
        return create_model("FunctionArguments", __base__=self.Arguments, **fields)

    def is_consequential(self, config: Any, names: Names) -> bool:
        """The function says whether it does something that cannot be undone."""
        return bool(self.details(config, names).get("consequential"))

    def tool_name(self, config: Any, names: Names) -> str:
        """The function's own name."""
        return identifier(names.get(config.function, "")) or self.slug

    def tool_description(self, config: Any, when: str, names: Names) -> str:
        """What the function does, and what is said first."""
        known = self.details(config, names)
        said = f" Say first: “{known['starts']}”" if known.get("starts") else ""
        about = f" {known['about']}." if known.get("about") else ""
        return f"{super().tool_description(config, when, names)}{about}{said}"

    def summary(self, config: Any, names: Names) -> str:
        """Which function."""
        return f"call {names.label(config.function)}" if config.function else "call a function"

    def lint(self, config: Any, when: str) -> list[Finding]:
        """The function is chosen, fixed values have a name."""
        found = [
            Finding("error", "Name the parameter.", ("mapping", n, "parameter"))
            for n, row in enumerate(config.mapping)
            if not row.parameter
        ]
        if not config.function:
            found.append(Finding("error", "Choose a function.", ("function",)))
        return found

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any] | None:
        """A number where one was said, the words where text is wanted; else nothing is done."""
        made: dict[str, Any] = {}
        digits = find_digits(heard.message, heard.language)
        for one in self.asked(config, names):
            made[one["name"]] = None
            if one["kind"] == "number" and digits:
                made[one["name"]] = float(digits.value)
            elif one["kind"] == "text" and one["required"]:
                made[one["name"]] = heard.message[:500]
            elif one["kind"] == "boolean" and one["required"]:
                made[one["name"]] = True
            elif one["required"]:
                return None
        return made

    def sample_values(self, config: Any, names: Names) -> str:
        """A number, where one is required."""
        asked = self.asked(config, names)
        return next(
            (f"{o['name']}: 5" for o in asked if o["required"] and o["kind"] == "number"), ""
        )

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any] | None:
        """Only where everything that is required is fixed."""
        asked = self.asked(config, names)
        return None if any(one["required"] for one in asked) else {o["name"]: None for o in asked}

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Call it; keep what its mapping keeps; tell the model what to say."""
        values = args.model_dump() | self._fixed(ctx, config)
        answer = ctx.functions.call(config.function, values)
        if answer.exchange:
            ctx.emit(request_made(answer.exchange))
        for ref, value in answer.properties.items():
            ctx.emit(new_value(ctx, ref, value))
        told = "; ".join(f"{name}: {value}" for name, value in answer.values.items())
        said = f"Say: {answer.sentence}" if answer.sentence else ""
        to_model = " ".join(filter(None, (told and f"Result: {told}.", said))) or "Done."
        return Outcome(
            answer.line,
            to_model=to_model,
            to_contact=answer.sentence,
            outcome="done" if answer.ok else "failed",
            facts=dict(answer.values),
        )

    def _fixed(self, ctx: Context, config: Any) -> dict[str, Any]:
        """The values of the settings, as their parameters want them."""
        known = self.details(config, ctx.names).get("parameters") or []
        kinds = {one["name"]: one["kind"] for one in known}
        return {
            row.parameter: _typed(ctx.fill(row.value), kinds.get(row.parameter, "text"))
            for row in config.mapping
        }

    examples = (
        Example(
            "with a value of the model and a fixed one",
            {
                "function": "function:1",
                "mapping": [{"id": "1", "parameter": "email", "value": "[Email|unknown]"}],
            },
            {"points": 20.0},
            line="200",
        ),
        Example(
            "what its mapping keeps",
            {"function": "function:1"},
            {"points": 20.0, "email": None},
            simulated={
                "function": FunctionAnswer(
                    True, "Loyalty points: total 120", "Done.", {"total": "120"},
                    {"property:account_number": "120"},
                )
            },
            effects=("Account number: 120",),
            line="Loyalty points: total 120",
        ),
        Example(
            "every value fixed: no model is needed",
            {
                "function": "function:1",
                "mapping": [{"id": "1", "parameter": "points", "value": "20"}],
            },
            {"email": None},
            moment="no_answer",
            line="200",
        ),
        Example(
            "the function was deleted",
            {"function": "function:9"},
            error="“function:9” was deleted",
        ),
    )  # fmt: skip


def _typed(text: str, kind: str) -> Any:
    """A fixed value as its kind; what is no number is refused."""
    if kind == "boolean":
        return text.casefold() in ("yes", "true", "1")
    if kind == "number":
        try:
            return float(text)
        except ValueError:
            raise ActionError(f"“{text}” is not a number.") from None
    return text
