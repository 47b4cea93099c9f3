"""Templates with variables in brackets: `[FirstName]`, `[FirstName|there]`; `[[` is a bracket."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"\[\[|\[([^\[\]]*)\]|\[")

_GAP = "\x00"  # where a value is missing; no text that is stored holds it
_CLOSING = (
    (re.compile(r"\x00['’]s\b"), _GAP),
    (re.compile(r"[(“‘\"«][ \t]*\x00[ \t]*[)”’\"»]"), _GAP),
    (re.compile(r"\x00(?:[ \t,;/–-]*\x00)+"), _GAP),
    (re.compile(r"^[ \t]*\x00[ \t,;:.!?–-]*", re.M), _GAP),
    (re.compile(r"(?<![ \t])[ \t]*+,?[ \t]*+\x00[ \t]*(?=[,;:.!?)]|$)", re.M), ""),
    (re.compile(r"(?<=[(“‘\"«])\x00[ \t]*"), ""),
    (re.compile(r"(?<=\S)(?:[ \t]+\x00[ \t]*|\x00[ \t]+)"), " "),
)
_BEGINNING = re.compile(r"\x00([^\W\d_])")


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that templates may use; `needs` says where its value comes from.

    `key` is the property of the contact that it shows, where it shows one.
    """

    name: str
    label: str
    sample: str
    needs: str = "contact"
    key: str = ""


VARIABLES: Mapping[str, Variable] = {
    variable.name: variable
    for variable in (
        Variable("FirstName", "First name", "Maria", key="first_name"),
        Variable("LastName", "Last name", "Lopez", key="last_name"),
        Variable("FullName", "Full name", "Maria Lopez"),
        Variable("Email", "E-mail", "maria@lopez.com", key="email"),
        Variable("Phone", "Phone", "+14155550123", key="phone"),
        Variable("Company", "Company", "Lopez Plumbing", key="company"),
        Variable("AgentName", "Agent's name", "Ava", "agent"),
        Variable("BusinessName", "Business name", "Acme Home Services", "agent"),
        Variable("Date", "Today's date", "March 12", "clock"),
        Variable("Time", "Current time", "3:00 PM", "clock"),
        Variable("AppointmentDate", "Appointment date", "Tuesday, March 12", "appointment"),
        Variable("AppointmentTime", "Appointment time", "3:00 PM", "appointment"),
    )
}


class UnknownVariable(ValueError):
    """A template names something that is no variable; it says which, and what was meant."""

    def __init__(self, name: str, suggestion: str | None, sentence: str = "") -> None:
        self.name, self.suggestion = name, suggestion
        if not sentence:
            meant = f": did you mean {suggestion}?" if suggestion else ". Write [[ for a bracket."
            sentence = f"Unknown variable {name or '[]'}{meant}"
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class TemplateSlot:
    """One place where a value goes; a fallback of None means that the value must be there."""

    name: str
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A template as text and slots, in order."""

    parts: tuple[str | TemplateSlot, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The variables in it, each once, in order."""
        return tuple(
            dict.fromkeys(part.name for part in self.parts if isinstance(part, TemplateSlot))
        )


@dataclass(frozen=True, slots=True)
class Rendered:
    """A filled template, and the variables that had neither value nor fallback."""

    text: str
    missing: tuple[str, ...] = ()


def is_name(text: str) -> bool:
    """Whether a template can name it: brackets and bars would end the name."""
    return bool(text.strip()) and text == text.strip() and not set(text) & set("[]|")


def parse(template: str, known: Mapping[str, Variable] = VARIABLES) -> Parsed:
    """Read a template; raises UnknownVariable."""
    parts = _read(template)
    for part in parts:
        if isinstance(part, TemplateSlot) and part.name not in known:
            raise UnknownVariable(part.name, _suggest(part.name, known))
    return Parsed(parts)


def render(
    template: str,
    values: Mapping[str, str],
    known: Mapping[str, Variable] = VARIABLES,
    *,
    leave_out: bool = False,
) -> Rendered:
    """Fill a template once: brackets inside a value stay what they are.

    `leave_out`: blanks and signs around a missing value go with it, "Hi [FirstName]," → "Hi,".
    """
    filled: list[str] = []
    missing: dict[str, None] = {}
    for part in parse(template, known).parts:
        if isinstance(part, str):
            filled.append(part)
        elif value := values.get(part.name, "").strip():
            filled.append(value)
        elif part.fallback is not None:
            filled.append(part.fallback)
        else:
            missing[part.name] = None
            filled.append(_GAP if leave_out else "")
    return Rendered(_closed("".join(filled)) if leave_out else "".join(filled), tuple(missing))


def _closed(text: str) -> str:
    """The text without its gaps; what stands elsewhere stays as it was written."""
    for pattern, instead in _CLOSING:
        text = pattern.sub(instead, text)
    return _BEGINNING.sub(lambda found: found[1].upper(), text).replace(_GAP, "")


def used(template: str) -> tuple[str, ...]:
    """The names in a template, known or not; raises UnknownVariable on an open bracket."""
    return Parsed(_read(template)).names


def _read(template: str) -> tuple[str | TemplateSlot, ...]:
    parts: list[str | TemplateSlot] = []
    at = 0
    for match in _TOKEN.finditer(template):
        if match.start() > at:
            parts.append(template[at : match.start()])
        at = match.end()
        if match.group() == "[[":
            parts.append("[")
        elif match.group(1) is None:
            raise _unclosed(template, match.start())
        else:
            name, bar, fallback = match.group(1).partition("|")
            parts.append(TemplateSlot(name.strip(), fallback.strip() if bar else None))
    if at < len(template):
        parts.append(template[at:])
    return tuple(parts)


def _unclosed(template: str, start: int) -> UnknownVariable:
    shown = template[start : start + 20].split("\n")[0]
    return UnknownVariable(
        shown[1:].strip(), None, f"“{shown}” is not closed. Add ], or write [[ for a bracket."
    )


def _suggest(name: str, known: Mapping[str, Variable]) -> str | None:
    plain = {re.sub(r"[\W_]", "", key).casefold(): key for key in known}
    plain |= {re.sub(r"[\W_]", "", item.label).casefold(): key for key, item in known.items()}
    wanted = re.sub(r"[\W_]", "", name[:60]).casefold()
    close = difflib.get_close_matches(wanted, plain, n=1, cutoff=0.7)
    return plain[close[0]] if close else None
