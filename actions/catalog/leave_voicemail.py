"""Leave voicemail: words for the answering machine that has picked up."""

from __future__ import annotations

from typing import Any

from actions.base import (
    VOICE,
    ActionError,
    ActionType,
    End,
    Event,
    Example,
    Finding,
    Moment,
    Names,
    Need,
    Outcome,
    Repeat,
    Settings,
)
from actions.context import Context
from actions.fields import line, picks, switch, template
from actions.registry import register
from actions.sending import tell, voicemail


@register
class LeaveVoicemail(ActionType):
    """Speaks after the beep, and tells colleagues that it did."""

    slug, label = "leave_voicemail", "Leave voicemail"
    group, icon = "Messaging", "voicemail"
    rank = 40
    also_called = ("answering machine", "message", "mailbox")
    about = "Leave a message when an answering machine picks up."
    tool_help = "Leave a message on the answering machine."
    when_hint = "an answering machine picks up"
    channels = VOICE
    moments = frozenset({Moment.NO_ANSWER})
    default_moment = Moment.NO_ANSWER
    default_repeat = Repeat.ONCE
    ends = True
    needs = (Need("telephony", "a telephone connection"),)

    class Config(Settings):
        """What is said or played, and who is told."""

        text: str = template("Says", max=1000, show_if={"recording": ""})
        recording: str = line(
            "Or plays", placeholder="https://example.com/message.mp3", max=500,
            help="The web address of a recording to play instead",
        )  # fmt: skip
        after_beep: bool = switch("Wait for the beep", True)
        told: list[str] = picks("Who to notify", "person")

    def summary(self, config: Any, names: Names) -> str:
        """What is left."""
        return "play the recording" if config.recording else f"say “{config.text}”"

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Something is said, and a recording can be fetched."""
        if config.recording and not config.recording.startswith("https://"):
            text = "The address of a recording must start with https://."
            return [Finding("error", text, ("recording",))]
        if not (config.text or config.recording):
            return [
                Finding(
                    "error", "Write what to say, or enter the address of a recording.", ("text",)
                )
            ]
        return []

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any] | None:
        """Only a machine can be spoken to."""
        return {} if event.kind == "machine" else None

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Speak, then tell who wants to know."""
        text = "" if config.recording else ctx.fill(config.text)
        if not (text or config.recording):
            raise ActionError("There is nothing to say. Write the message on the card.")
        ctx.emit(
            voicemail(ctx.facts, text, recording=config.recording, after_beep=config.after_beep)
        )
        who = ctx.facts.contact.name or "the contact"
        tell(ctx, config.told, f"Voicemail left for {who}: {text or 'a recording'}")
        return Outcome(f"Voicemail: {text or 'a recording'}", flow=End(how="voicemail left"))

    examples = (
        Example(
            "words with a name, and a colleague is told",
            {"text": "Hi [FirstName|there], please call us back.", "told": ["person:1"]},
            contact={"first_name": "Maria", "phone": "+14155550142"},
            moment="no_answer",
            effects=(
                "Voicemail: Hi Maria, please call us back.",
                "Notice to Ana Ruiz: Voicemail left for Maria: Hi Maria, please call us back.",
            ),
            line="Voicemail: Hi Maria, please call us back.",
            flow=End,
        ),
        Example(
            "a recording",
            {"text": "unused", "recording": "https://example.com/hello.mp3"},
            moment="no_answer",
            effects=("Voicemail: a recording",),
            line="Voicemail: a recording",
            flow=End,
        ),
        Example("nothing to say", {}, moment="no_answer", error="There is nothing to say"),
        Example("too long", {"text": "x" * 1001}, error="invalid"),
    )
