"""What an admin types about a model server: read, shown again, explained field by field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson
from pydantic import ValidationError

from integrations.llm.settings import ModelSettings

KEY = "api_key"
TYPED = 20_000  # characters of one field that are shown again
BODY = 4_000
PARTS = 100
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_KEY = re.compile(r"[!-~]{1,2000}\Z")


@dataclass(frozen=True, slots=True)
class Spec:
    """One field of the form."""

    name: str
    label: str
    kind: str = "line"
    help: str = ""
    example: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""


MAIN = (
    Spec(
        "base_url",
        "Base URL",
        help="An OpenAI-compatible server: OpenAI, Ollama, llama.cpp, vLLM.",
        example="https://api.openai.com/v1",
    ),
    Spec(KEY, "API key", "secret"),
    Spec("chat", "Model for talking", "model"),
    Spec("judge", "Model for judging", "model", help="Leave empty for the model for talking."),
    Spec("analysis", "Model for analysis", "model", help="Leave empty for the model for talking."),
    Spec("fallback", "Fallback model", "model", help="Used when the first one fails."),
    Spec(
        "judge_kind",
        "The judge asks",
        "choice",
        choices=(
            ("auto", "what Check now finds"),
            ("decisions", "the decisions endpoint"),
            ("chat", "the chat model"),
            ("none", "nobody: the model’s tool call decides"),
        ),
    ),
)
MORE = (
    Spec("timeout", "Time limit", "number", unit="s", help="For a complete answer."),
    Spec(
        "max_tokens_param",
        "Limit of an answer",
        "choice",
        help="The name the server uses for it.",
        choices=(
            ("max_tokens", "max_tokens"),
            ("max_completion_tokens", "max_completion_tokens"),
        ),
    ),
    Spec("supports_strict", "Strict tools", "switch", help="The server accepts strict schemas"),
    Spec(
        "supports_stream_usage",
        "Token counts",
        "switch",
        help="The server counts tokens in a stream",
    ),
    Spec(
        "extra_body",
        "Extra body",
        "json",
        help="A JSON object that goes with every request. Not for secrets: it is shown.",
        example='{"service_tier": "priority"}',
    ),
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field with what was typed into it and what is wrong with it."""

    spec: Spec
    value: Any
    error: str = ""


@dataclass
class ModelForm:
    """The form of a model server."""

    values: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    credentials: dict[str, str] | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def stored(cls, settings: Mapping[str, Any]) -> ModelForm:
        """As it was saved; for a new connection, as it starts."""
        known = ModelSettings.model_construct(**{"base_url": "", "chat": "", **settings})
        values = known.model_dump(warnings=False)
        body = values["extra_body"]
        values["extra_body"] = (
            orjson.dumps(body, option=orjson.OPT_INDENT_2).decode() if body else ""
        )
        values["timeout"] = f"{values['timeout']:g}"
        return cls(values)

    @classmethod
    def posted(cls, data: Mapping[str, str]) -> ModelForm:
        """As it was typed, with what is wrong; `settings` can be saved where nothing is."""
        form = cls({spec.name: _typed(spec, data) for spec in (*MAIN, *MORE) if spec.name != KEY})
        form.values["remove_key"] = bool(data.get("remove_key"))
        form._read_key(data)
        body = form._read_body(str(form.values["extra_body"]))
        form._explain_address(str(form.values["base_url"]))
        try:
            shaped = ModelSettings.model_validate(
                {name: form.values[name] for name in ModelSettings.model_fields}
                | {"extra_body": body}
            )
            form.settings = shaped.model_dump()
        except ValidationError as error:
            for item in error.errors():
                form.errors.setdefault(str(item["loc"][0]), _sentence(item))
        return form

    @property
    def main(self) -> list[Field]:
        """What everybody fills in."""
        return self._fields(MAIN)

    @property
    def more(self) -> list[Field]:
        """What few servers need."""
        return self._fields(MORE)

    @property
    def more_open(self) -> bool:
        """Whether something is wrong there."""
        return any(spec.name in self.errors for spec in MORE)

    @property
    def wrong(self) -> list[Field]:
        """What is to be corrected, in the form's order."""
        return [each for each in (*self.main, *self.more) if each.error]

    @property
    def focus(self) -> str:
        """Where the reader starts."""
        return self.wrong[0].spec.name if self.wrong else MAIN[0].name

    def _fields(self, specs: Iterable[Spec]) -> list[Field]:
        return [
            Field(spec, self.values.get(spec.name, ""), self.errors.get(spec.name, ""))
            for spec in specs
        ]

    def _read_key(self, data: Mapping[str, str]) -> None:
        typed = data.get(KEY, "").strip()
        if typed and not _KEY.match(typed):
            self.errors[KEY] = "A key is one word of up to 2000 plain letters, digits and signs."
        elif typed:
            self.credentials = {KEY: typed}
        elif data.get("remove_key"):
            self.credentials = {}

    def _read_body(self, text: str) -> Any:
        if not text.strip():
            return {}
        try:
            body = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            self.errors["extra_body"] = f"This is not JSON: {error.msg}, line {error.lineno}."
            return {}
        if not isinstance(body, dict):
            self.errors["extra_body"] = 'Enter a JSON object, as in {"name": "value"}.'
        elif len(text) > BODY:
            self.errors["extra_body"] = f"At most {BODY} characters."
        elif text.count("{") + text.count("[") > PARTS or "\\u0000" in text:
            self.errors["extra_body"] = f"At most {PARTS} objects and lists, and no \\u0000."
        return {} if "extra_body" in self.errors else body

    def _explain_address(self, url: str) -> None:
        """The usual mistakes in plain words; the rest is refused by the address table."""
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        if not url:
            self.errors["base_url"] = "Fill this in."
        elif parts.scheme not in ("http", "https") or not parts.netloc:
            self.errors["base_url"] = "Enter a web address, as in https://api.openai.com/v1."
        elif "@" in parts.netloc:
            self.errors["base_url"] = "Leave name and password out; the key has its own field."
        elif parts.query or parts.fragment:
            self.errors["base_url"] = "Leave out what follows ? or #."


def _typed(spec: Spec, data: Mapping[str, str]) -> Any:
    text = _UNSTORABLE.sub("", data.get(spec.name, ""))[:TYPED]
    if spec.kind == "switch":
        return bool(text)
    return text if spec.kind == "json" else text.strip()


def _sentence(item: Any) -> str:
    context = item.get("ctx", {})
    return {
        "string_too_short": "Fill this in.",
        "string_too_long": f"At most {context.get('max_length')} characters.",
        "greater_than_equal": f"At least {context.get('ge'):g}." if "ge" in context else "",
        "less_than_equal": f"At most {context.get('le'):g}." if "le" in context else "",
        "float_parsing": "Enter a number.",
        "literal_error": "Pick one of the choices.",
    }.get(item["type"]) or str(item["msg"])
