"""Tools as the model sees them, and what comes back from it: all of it user input."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, get_args

import orjson
from pydantic import ValidationError

from actions.base import ToolArguments
from actions.stored import model_in
from actions.text import clean

MAX_ARGUMENTS = 20_000  # characters of one call


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tool call that names an action of this turn; `error` says why its values are refused."""

    uid: str
    call_id: str
    tool: str
    raw: str
    args: ToolArguments | None
    error: str = ""

    @property
    def digest(self) -> str:
        """Same action, same values → the same digest."""
        return digest_of(self.args.model_dump(mode="json") if self.args else self.raw)


def digest_of(values: Any) -> str:
    """A short digest of JSON values."""
    packed = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2s(packed, digest_size=6).hexdigest()


def tool(name: str, description: str, arguments: type[ToolArguments]) -> dict[str, Any]:
    """One tool in the shape of the chat completions API, fit for strict mode.

    What classes say about themselves is for developers and left out: small models take it for
    values.
    """
    schema = arguments.model_json_schema()
    definitions = schema.pop("$defs", {})
    for written in (schema, *definitions.values()):
        written.pop("description", None)
    return {
        "type": "function",
        "function": {
            "name": name,
            "description": description,
            "strict": True,
            "parameters": _strict(schema, definitions),
        },
    }


def _strict(node: Any, definitions: dict[str, Any]) -> Any:
    """Inline definitions, drop titles and defaults, turn `const` into `enum`, require all."""
    if isinstance(node, list):
        return [_strict(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = definitions[node["$ref"].rpartition("/")[2]]
        return _strict({**target, **{k: v for k, v in node.items() if k != "$ref"}}, definitions)
    made = {
        key: _strict(value, definitions)
        for key, value in node.items()
        if key not in ("title", "default", "const", "maxLength", "minLength", "properties")
    }
    if "const" in node:
        made["enum"] = [node["const"]]
    if "properties" in node:
        made["properties"] = {
            name: _strict(value, definitions) for name, value in node["properties"].items()
        }
    if node.get("type") == "object":
        made.setdefault("properties", {})
        made["required"] = list(made["properties"])
        made["additionalProperties"] = False
    return made


def read_call(uid: str, call: Any, arguments: type[ToolArguments]) -> Proposal:
    """Check one call; wrong JSON, unknown keys and values outside the panel become an error."""
    raw = clean(call.arguments or "{}").replace("\\u0000", "")
    if len(call.arguments or "") > MAX_ARGUMENTS:
        return Proposal(uid, call.id, call.name, raw[:200], None, "The arguments are too long.")
    try:
        args = _read(arguments, raw.strip() or "{}")
    except ValidationError as error:
        return Proposal(uid, call.id, call.name, raw[:2000], None, explain(error))
    return Proposal(uid, call.id, call.name, raw, args)


def _read(arguments: type[ToolArguments], raw: str) -> ToolArguments:
    """The values as they are, else with null for what was left out and may be null."""
    try:
        return arguments.model_validate_json(raw)
    except ValidationError as error:
        if not any(item["type"] == "missing" for item in error.errors(include_url=False)):
            raise
        with suppress(orjson.JSONDecodeError):  # pydantic also reads NaN
            raw = orjson.dumps(_filled(arguments, orjson.loads(raw))).decode()
    return arguments.model_validate_json(raw)


def _filled(annotation: Any, value: Any) -> Any:
    model = model_in(annotation)
    if model is None:
        return value
    if isinstance(value, list):
        return [_filled(model, item) for item in value]
    if not isinstance(value, dict):
        return value
    made = dict(value)
    for name, info in model.model_fields.items():
        if name in made:
            made[name] = _filled(info.annotation, made[name])
        elif type(None) in get_args(info.annotation):
            made[name] = None
    return made


def explain(error: ValidationError) -> str:
    """A validation error in one line, for the model and for staff."""
    parts = []
    for item in error.errors(include_url=False, include_input=False)[:5]:
        where = ".".join(str(part) for part in item["loc"]) or "the arguments"
        parts.append(f"{where}: {item['msg']}")
    return "; ".join(parts)


NONE_OF_THESE = {
    "type": "function",
    "function": {
        "name": "none_of_these",
        "description": "Call this when none of the other tools should be used now.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"reason": {"type": "string", "description": "Why not, in a few words"}},
            "required": ["reason"],
            "additionalProperties": False,
        },
    },
}
