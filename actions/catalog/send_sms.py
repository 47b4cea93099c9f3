"""Send SMS: one message from a template, to the contact or to a fixed number."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import Field, ValidationInfo, create_model, field_validator

from actions import understood, variables
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
    Repeat,
    Row,
    Settings,
    ToolArguments,
)
from actions.context import Context
from actions.effects import Send
from actions.fields import choice, line, pick, rows, template
from actions.registry import register
from actions.sending import sms_to_contact, sms_to_number
from actions.text import clean, one_line

_SLOT = re.compile(r"^[A-Za-z][A-Za-z0-9_]{0,40}$")
_ADDRESS = re.compile(r"^https://[^\s/@:]+\.[^\s/@:]+(?::\d+)?/\S*$")
LONGEST = 1600  # characters of one message; carriers refuse more


def no_reserved_answer(value: str) -> str:
    """Refuse a template that asks for a word which stops all messages."""
    if word := understood.invites_reserved_word(value):
        raise ValueError(f"The reply “{word}” stops all messages. Ask for another word.")
    return value


class SlotRow(Row):
    """A value that the model may fill into the template."""

    name: str = line("Name", placeholder="Topic", max=40)
    help: str = line("What the agent fills in", placeholder="what the contact asked about")

    @field_validator("name")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        if value and not _SLOT.match(value):
            raise ValueError("Use letters and digits only, starting with a letter.")
        if value in variables.VARIABLES:
            raise ValueError(f"{value} is already a variable.")
        if hasattr(ToolArguments, value):
            raise ValueError(f"{value} cannot be used as a name.")
        return value


@register
class SendSms(ActionType):
    """Delivers a message during or after a conversation."""

    slug, label, group, icon = "send_sms", "Send SMS", "Messaging", "message-square"
    rank = 10
    also_called = ("text", "text message", "message", "link")
    about = "Send a text message to the contact or to a fixed number."
    tool_help = "Send the prepared text message. Its words are fixed; you cannot change them."
    when_hint = "the contact asks for the details in writing"
    default_repeat = Repeat.ONCE
    needs = (Need("line", "a telephone line"),)

    class Config(Settings):
        """The message and where it goes."""

        text: str = template("Message", sms=True, max=LONGEST, slots="slots")
        to: Literal["contact", "number"] = choice(
            "To", "contact", labels={"contact": "the contact", "number": "a fixed number"}
        )
        number: str = pick("Number", "external", checked=True, show_if={"to": "number"})
        from_line: str = pick("From", "line", help="Leave empty for the agent’s line")
        slots: list[SlotRow] = rows("Filled in by the agent", max=8, add="value")
        media: str = line(
            "Picture",
            placeholder="https://…",
            help="Web address of a picture. Leave empty for none",
        )

        @field_validator("media")
        @classmethod
        def _https_only(cls, value: str) -> str:
            if value and not _ADDRESS.match(value):
                raise ValueError("Enter a full address that starts with https://.")
            return value

        _no_reserved_answer = field_validator("text")(no_reserved_answer)

        @field_validator("number")
        @classmethod
        def _number_is_chosen(cls, value: str, info: ValidationInfo) -> str:
            if not value and info.data.get("to") == "number":
                raise ValueError("Choose the number.")
            return value

    def arguments(self, config: Any, names: Names) -> type[ToolArguments]:
        """One nullable text per value that the admin marked."""
        made: dict[str, Any] = {
            row.name: (str | None, Field(max_length=300, description=row.help or row.name))
            for row in config.slots
            if row.name
        }
        return create_model("SmsArguments", __base__=ToolArguments, **made)

    def summary(self, config: Any, names: Names) -> str:
        """To whom, and how it begins."""
        to = "" if config.to == "contact" else f" to {names.label(config.number)}"
        short = config.text if len(config.text) < 60 else f"{config.text[:57]}…"
        return f"send “{short}”{to}"

    def lint(self, config: Any, when: str) -> list[Finding]:
        """An empty message, a value without a name or without use."""
        found = template_findings(config.text, ("text",))
        seen: set[str] = set()
        for n, row in enumerate(config.slots):
            loc = ("slots", n, "name")
            if not row.name:
                found.append(Finding("error", "Name this value.", loc))
            elif row.name in seen:
                found.append(Finding("error", "This name is listed twice.", loc))
            elif not found and row.name not in variables.used(config.text):
                text = f"The message does not use [{row.name}]."
                found.append(Finding("warning", text, loc))
            seen.add(row.name)
        return found

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any]:
        """Values stay empty; the template's fallbacks serve."""
        return {row.name: None for row in config.slots if row.name}

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any]:
        """Values stay empty."""
        return {row.name: None for row in config.slots if row.name}

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Fill the template and hand it over."""
        slots = {name: one_line(value or "", 300) for name, value in args.model_dump().items()}
        text = clean(ctx.fill(config.text, slots)).strip()
        if not text:
            raise ActionError(
                "The message is empty.", to_model="Not sent: there is nothing to say."
            )
        if len(text) > LONGEST:
            sentence = f"The message is longer than {LONGEST} characters."
            raise ActionError(sentence, to_model="Not sent: the message is too long.")
        ctx.emit(_message(ctx, config, text))
        return Outcome(f"SMS: {text[:80]}", facts={"text": text})

    examples = (
        Example(
            "to the contact",
            {"text": "Hi [FirstName|there], we open at 8."},
            contact={"first_name": "Maria", "phone": "+14155550142"},
            effects=("SMS to +14155550142: Hi Maria, we open at 8.",),
            line="SMS: Hi Maria, we open at 8.",
        ),
        Example(
            "with a value and a fixed number",
            {
                "text": "Call about [Topic|a question]",
                "to": "number",
                "number": "external:+14155550199",
                "slots": [{"id": "1", "name": "Topic"}],
            },
            {"Topic": "boilers"},
            effects=("SMS to +14155550199: Call about boilers",),
        ),
        Example(
            "a value on one line, whatever the model sends",
            {"text": "About [Topic|it]", "slots": [{"id": "1", "name": "Topic"}]},
            {"Topic": "boilers\r\n\u202enow"},
            contact={"phone": "+14155550142"},
            effects=("SMS to +14155550142: About boilers now",),
        ),
        Example("a word that stops all", {"text": "Reply STOP to go on"}, error="invalid"),
        Example("no number chosen", {"text": "Hi", "to": "number"}, error="invalid"),
        Example("no number known", {"text": "Hi"}, error="The contact has no phone number"),
        Example(
            "a name that is not known",
            {"text": "Hi [FirstName]"},
            contact={"phone": "+14155550142"},
            error="There is no value for FirstName",
        ),
    )


def _message(ctx: Context, config: Any, text: str) -> Send:
    how = {"line": config.from_line, "media": config.media}
    if config.to == "number":
        return sms_to_number(config.number.partition(":")[2], text, **how)
    return sms_to_contact(ctx.facts, ctx.moment, text, **how)


def template_findings(text: str, loc: tuple[str | int, ...]) -> list[Finding]:
    """A template without words or with an open bracket; the form knows which names there are."""
    if not text.strip():
        return [Finding("error", "Write the message.", loc)]
    try:
        variables.used(text)
    except variables.UnknownVariable as error:
        return [Finding("error", error.sentence, loc)]
    return []
