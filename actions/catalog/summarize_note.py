"""Summarize conversation as note: what was said, in short, on the contact's timeline."""

from __future__ import annotations

from typing import Any

from actions.base import (
    ActionError,
    ActionType,
    Example,
    Finding,
    Moment,
    Names,
    Need,
    Outcome,
    Repeat,
    Row,
    Settings,
)
from actions.context import Context
from actions.effects import AddNote
from actions.fields import line, rows, switch, words
from actions.registry import register
from actions.text import clean

PROMPT = (
    "Summarize the conversation in at most five sentences: what the contact wanted, what was "
    "done, what is open."
)
UNANSWERED = "Called; nobody answered."
LAST_LINES = 6
SECONDS = 8.0
LONGEST = 8000  # characters of a note


class SectionRow(Row):
    """A heading of the note."""

    title: str = line("Section", placeholder="Next steps", max=80)


@register
class SummarizeNote(ActionType):
    """Writes a summary and saves it to the contact's timeline."""

    slug, label = "summarize_note", "Summarize conversation as note"
    group, icon = "Messaging", "file-text"
    rank = 30
    also_called = ("summary", "recap", "crm", "transcript")
    about = "Write a summary of the conversation on the contact's timeline."
    tool_help = "Write a note with a summary of the conversation."
    when_hint = "always"
    default_moment = Moment.AFTER_END
    default_repeat = Repeat.ONCE
    asks = True

    class Config(Settings):
        """How it is written."""

        prompt: str = words("How to write it", PROMPT, max=4000)
        language: str = line("Language", "en", max=40)
        sections: list[SectionRow] = rows("Sections", max=12, add="section")
        to_hubspot: bool = switch("Also save to HubSpot")

    def needs_of(self, config: Any) -> tuple[Need, ...]:
        """HubSpot only where the note goes there too."""
        return (Need("hubspot", "a HubSpot connection"),) if config.to_hubspot else ()

    def summary(self, config: Any, names: Names) -> str:
        """Where it goes."""
        return "write a summary on the timeline" + (" and in HubSpot" if config.to_hubspot else "")

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Ask for a summary; without a model the last lines stand for it."""
        transcript = ctx.transcript()
        if not transcript and ctx.moment == Moment.NO_ANSWER:
            ctx.emit(AddNote(UNANSWERED, config.to_hubspot))
            return Outcome("Note that nobody answered", facts={"note": UNANSWERED})
        if not transcript:
            raise ActionError("Nothing was said, so there is nothing to note.")
        prompt = config.prompt
        if titles := [row.title for row in config.sections if row.title]:
            prompt += f" Use these sections: {', '.join(titles)}."
        text = ctx.writing.summarise(
            prompt, transcript=transcript, language=config.language, seconds=SECONDS
        )
        last = "Last words:\n" + ctx.transcript(LAST_LINES)
        written = clean(text or last, LONGEST).strip()
        ctx.emit(AddNote(written, config.to_hubspot))
        how = "Note written" if text else "Note with the last words; no model wrote it"
        return Outcome(how, facts={"note": written[:500]})

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Sections without a name."""
        return [
            Finding("error", "Name this section.", ("sections", n, "title"))
            for n, row in enumerate(config.sections)
            if not row.title
        ]

    examples = (
        Example(
            "without a model",
            {},
            contact={"said": "My boiler leaks"},
            effects=("Note: Last words:\nContact: My boiler leaks",),
            line="Note with the last words",
        ),
        Example(
            "a model writes it",
            {"to_hubspot": True},
            contact={"said": "My boiler leaks", "model": "Leaking boiler, wants a visit."},
            effects=("Note: Leaking boiler, wants a visit.",),
            line="Note written",
        ),
        Example(
            "with sections",
            {"sections": [{"id": "1", "title": "Next"}]},
            contact={"said": "Hi"},
            line="Note",
        ),
        Example("nothing was said", {}, error="Nothing was said"),
        Example(
            "nobody answered",
            {},
            moment="no_answer",
            effects=("Note: Called; nobody answered.",),
            line="Note that nobody answered",
        ),
    )
