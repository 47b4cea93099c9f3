"""Write `docs/actions.md` from the catalog: `python -m docs.make_actions_page`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from actions import registry
from actions.base import ALL, ActionType, Moment

PAGE = Path(__file__).with_name("actions.md")
MOMENTS = {
    Moment.DURING: "during the conversation",
    Moment.BEFORE_HANDOFF: "before a hand-off",
    Moment.AFTER_END: "after the end",
    Moment.NO_ANSWER: "no answer",
    Moment.IDLE: "silence",
}
TOP = """# Actions

What an agent can do. This page is made from the catalog with `python -m docs.make_actions_page`.

"""


def page() -> str:
    """The whole page."""
    parts = [TOP]
    for group, kinds in groupby(registry.all_types(), lambda kind: kind.group):
        parts.append(f"## {group}\n\n")
        parts += ["".join(_type(kind)) for kind in kinds]
    return "".join(parts).rstrip() + "\n"


def _type(kind: ActionType) -> Iterator[str]:
    yield f"### {kind.label}\n\n{kind.about}\n\n"
    yield f"- Name of the tool: `{kind.slug}`\n"
    channels = "all" if kind.channels == ALL else ", ".join(sorted(kind.channels))
    yield f"- Channels: {channels}\n"
    moments = [words for moment, words in MOMENTS.items() if moment in kind.moments]
    yield f"- Moments: {'every' if len(moments) == len(MOMENTS) else ', '.join(moments)}\n"
    yield f"- Repeat, unless chosen otherwise: {kind.default_repeat.replace('_', ' ')}\n"
    if traits := list(_traits(kind)):
        yield f"- {'; '.join(traits)}\n"
    if kind.outcomes != ActionType.outcomes:
        yield f"- May end as: {', '.join(kind.outcomes)}\n"
    if kind.needs:
        yield f"- To act for real it needs {' and '.join(n.sentence for n in kind.needs)}\n"
    if fields := list(_fields(kind.Config.model_json_schema())):
        yield "\n| Setting | |\n|---|---|\n"
        yield from fields
    arguments = kind.Arguments.model_json_schema().get("properties", {})
    if arguments:
        yield "\n| The model supplies | |\n|---|---|\n"
        for name, about in arguments.items():
            yield f"| `{name}` | {_cell(about.get('description', ''))} |\n"
    yield "\n"


def _traits(kind: ActionType) -> Iterator[str]:
    if kind.ends:
        yield "It ends the agent's part of the conversation"
    if kind.consequential:
        yield "It is consequential: both keys, or the contact is asked"
    if kind.one_key:
        yield "One key is enough"
    if kind.with_handoff:
        yield "At a hand-off it leaves with the hand-off or not at all"


def _fields(schema: Mapping[str, Any], inside: str = "") -> Iterator[str]:
    """One line per setting; those of a row are named after their list."""
    known = schema.get("$defs", {})
    for name, field in schema.get("properties", {}).items():
        if name == "id" or not field.get("widget"):
            continue
        label = f"{inside}{field.get('title', name)}"
        yield f"| {_cell(label)} | {_cell(_about(field))} |\n"
        row = field.get("items", {}).get("$ref", "").rpartition("/")[2]
        if row in known:
            yield from _fields({**known[row], "$defs": known}, f"{label}: ")


def _about(field: Mapping[str, Any]) -> str:
    parts = [field.get("help", "").rstrip(".")]
    if labels := field.get("labels"):
        parts.append("one of " + ", ".join(f"“{text}”" for text in labels.values()))
    if picked := field.get("pick"):
        parts.append("picked: " + ", ".join(slug.replace("_", " ") for slug in picked))
    default = field.get("default")
    if default not in (None, "", False, []) and not isinstance(default, dict):
        words = f"“{default}”" if isinstance(default, str) else default
        shown = "on" if default is True else (labels or {}).get(default, words)
        parts.append(f"at first {shown} {field.get('unit', '')}".strip())
    return "; ".join(part for part in parts if part)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page())
