"""Why an action fired or not, in the words that staff read: situation by situation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from actions.hours import DAYS
from agents.conversations import reading
from agents.conversations.models import Conversation, Turn
from agents.conversations.reading import DecisionView
from agents.conversations.reasons import SENTENCES, Reason
from agents.conversations.why import figures, sentence
from agents.engine.limits import ACTIONS_A_CONVERSATION
from agents.routing.models import Person
from integrations.llm.types import ModelError
from tests.engine.world import Reply, World, action, call, make_world

pytestmark = pytest.mark.django_db
SAVE = {"fields": [{"id": "a", "property": "property:email"}]}


def seen(world: World, slug: str, turn: int = -1) -> DecisionView:
    """The decision about a type in a turn, as the page shows it."""
    row = Conversation.everything.get(id=world.conversation.id)
    rows = reading.with_runs(Turn.objects.filter(conversation=row).order_by("number"))
    uids = {one.frozen.type: one.uid for one in world.conversation.version.actions}
    view = reading.turn_views(row, rows)[turn]
    return next(one for one in view.decisions if one.action.uid == uids[slug])


def note(**values: Any) -> dict[str, Any]:
    """An action that writes a note, on a quoted word."""
    return action("summarize_note", values.pop("when", "the contact says “refund”"), **values)


def asked(*cards: dict[str, Any], say: str = "Hello there", **more: Any) -> World:
    """A message on a panel of these actions, in practice mode."""
    world = make_world(cards, practice=True, **more)
    world.say(say)
    return world


# --- in practice mode --------------------------------------------------------------------------


def _paused(world: World) -> None:
    world.conversation.paused = True


def _staff(world: World) -> None:
    world.conversation.state = "staff"


def _ran(world: World) -> None:
    world.say("I want a refund")


def _full(world: World) -> None:
    world.conversation.memory.runs = ACTIONS_A_CONVERSATION


PRACTICE: list[tuple[dict[str, Any], Callable[[World], None] | None, str, str]] = [
    ({}, None, "My fee was paid", "Looked for “refund”; heard “My fee was paid”."),
    (
        {"when": "the contact says “refund”, “money back” or “return”"}, None, "Hello",
        "Looked for “refund”, “money back” or “return”; heard “Hello”.",
    ),
    ({}, None, "A refund please", "Practice mode found its condition met."),
    ({"mode": "shadow"}, None, "A refund please",
     "It is in shadow mode: it would have run, but nothing was changed."),
    ({"enabled": False}, None, "A refund please", "It is disabled."),
    ({"moment": "after_end"}, None, "A refund please", "It runs only after the end."),
    (
        {"only_if": [{"kind": "has_property", "ref": "property:email"}]}, None, "A refund please",
        "It runs only if this holds: the contact has Email.",
    ),
    (
        {"repeat": "once"}, _ran, "A refund please",
        "It runs once per conversation and ran in turn 1.",
    ),
    (
        {"repeat": "once_per_contact"}, _ran, "A refund please",
        "It runs once per contact and ran in turn 1.",
    ),
    (
        {"repeat": "every_time", "cool_down": 1}, _ran, "A refund please",
        "It ran in turn 1 and then pauses for 1 turn.",
    ),
    (
        {"repeat": "every_time", "cool_down": 3}, _ran, "A refund please",
        "It ran in turn 1 and then pauses for 3 turns.",
    ),
    (
        {"when": "the caller seems unhappy"}, None, "Hello",
        "Practice mode does not understand its condition; a model would.",
    ),
    ({}, None, "Stop texting me", "The contact opted out with “Stop texting me”."),
    ({}, _staff, "A refund please", "Staff have taken over the conversation."),
    ({}, _paused, "A refund please", "The agent is paused."),
    (
        {}, _full, "A refund please",
        "At most 8 actions run in a turn and 40 in a conversation.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("card", "before", "say", "words"), PRACTICE)
def test_practice_mode_says_why(
    card: dict[str, Any], before: Callable[[World], None] | None, say: str, words: str
) -> None:
    world = make_world([note(**card)], practice=True)
    if before:
        before(world)
    world.say(say)
    view = seen(world, "summarize_note")
    assert (view.sentence, view.note) == (words, "")


def test_a_type_of_another_channel_says_where_it_works() -> None:
    world = asked(action("end_call", "the contact says “bye”"), say="bye")
    assert seen(world, "end_call").sentence == "It works in calls only."


def test_a_type_that_is_not_installed_says_so() -> None:
    world = asked(action("fax_the_office"))
    assert seen(world, "fax_the_office").sentence == "This type of action is not installed."


def test_settings_that_are_incomplete_say_so() -> None:
    world = asked(action("add_tag_nobody_has", "x"), action("communication_tag", "the call ends"))
    assert seen(world, "communication_tag").sentence == "Its last choice has been deleted."


def test_a_condition_that_is_met_without_what_the_action_needs() -> None:
    card = action("route_extension", "the caller says “extension”", config={"ask": False})
    world = asked(card, say="The extension, please", channel="voice")
    view = seen(world, "route_extension")
    assert view.sentence == "Its condition was met, but what it needs was not said."


def test_outside_business_hours_is_said_once() -> None:
    closed = {"outside_thread": "quiet", "hours": {_far_day(): "8:00-18:00"}}
    view = seen(asked(note(), say="refund", settings=closed), "summarize_note")
    assert view.code == Reason.OUTSIDE_HOURS
    assert (view.sentence, view.note) == (SENTENCES[Reason.OUTSIDE_HOURS], "")


def _far_day() -> str:
    """A day that is not today, wherever it is tried."""
    return DAYS[(datetime.now(UTC).weekday() + 3) % 7]


# --- with a model ------------------------------------------------------------------------------

OUT = call("summarize_note")


def modelled(
    *replies: Reply | str, verdict: float | None = None, card: dict[str, Any] | None = None
) -> World:
    """A message on a panel with one action, with a scripted model and judge."""
    verdicts = None if verdict is None else {card["type"] if card else "summarize_note": verdict}
    world = make_world([card or note(when="they ask for money")], *replies, verdicts=verdicts)
    world.say("Hello")
    return world


def test_the_model_did_not_propose_it() -> None:
    assert seen(modelled("Hi."), "summarize_note").sentence == "The model did not propose it."


@pytest.mark.parametrize(
    ("verdict", "words"),
    [(0.42, "Judged .42, needs .85."), (0.848, "Judged .848, needs .850.")],
)
def test_a_judgement_is_shown_so_that_it_differs_from_what_was_needed(
    verdict: float, words: str
) -> None:
    assert seen(modelled("Hi.", verdict=verdict), "summarize_note").sentence == words


def test_both_keys_and_one_key_say_who_decided() -> None:
    reply = Reply("Noted.", [OUT])
    assert seen(modelled(reply, verdict=0.94), "summarize_note").sentence == (
        "The model proposed it and the judge agreed (judged .94, needs .85)."
    )
    assert seen(modelled(reply, verdict=0.4), "summarize_note").sentence == (
        "The model proposed it, although the judge disagreed (judged .40, needs .85)."
    )
    assert seen(modelled(reply), "summarize_note").sentence == (
        "The model proposed it; no judge is connected."
    )
    assert seen(modelled("Hi.", "Hi.", verdict=0.9), "summarize_note").sentence == (
        "The judge agreed (judged .90, needs .85), but the model did not propose it."
    )
    again = seen(modelled("Hi.", Reply("", [OUT]), verdict=0.9), "summarize_note")
    assert again.sentence == (
        "The model proposed it when it was asked again; the judge had agreed "
        "(judged .90, needs .85)."
    )


def test_a_model_that_fails_is_named() -> None:
    error = ModelError("timeout", "The model did not answer in time.")
    world = modelled(*[Reply(error=error)] * 4)
    assert seen(world, "summarize_note").sentence == "The model did not answer in time."


def test_refused_values_are_named_once() -> None:
    card = action("route_extension", "they ask")
    bad = call("route_extension", extension="1" * 13)
    world = make_world([card], Reply("", [bad]), "All right.", channel="voice")
    world.say("Hello")
    view = seen(world, "route_extension")
    assert view.sentence.startswith("The model gave values that are not accepted: extension")
    assert view.note == "" and view.sentence.count("extension") == 1


def test_two_keys_that_disagree_ask_the_contact() -> None:
    Person.objects.create(pk=901, name="Cleo Ode", phone="+14155550100")
    card = action(
        "transfer_call", "they want sales",
        config={"destinations": [{"id": "a", "ref": "person:901"}]},
    )  # fmt: skip
    world = make_world(
        [card], Reply("", [call("transfer_call", reason="x", summary=None)]),
        channel="voice", verdicts={"transfer_call": 0.4}, names={"person:901": "Cleo Ode"},
    )  # fmt: skip
    world.say("Hello")
    view = seen(world, "transfer_call")
    assert view.code == Reason.CONFIRMING and view.words == "asked first"
    assert view.sentence == (
        "The model proposed it, the judge disagreed (judged .40, needs .85), "
        "so the contact is asked."
    )
    assert "waiting for the answer" in view.small


# --- questions and what becomes of them ---------------------------------------------------------


def extension() -> World:
    """A call in practice mode on which an extension is asked for."""
    Person.objects.create(name="Ana Ruiz", extension="204", phone="+14155550101")
    card = action(
        "route_extension", "the caller gives an extension or asks for one", config={"tries": 1}
    )
    return make_world([card, note()], practice=True, channel="voice")


def test_a_question_waits_for_its_answer() -> None:
    world = extension()
    world.say("Can you put me through to an extension?")
    view = seen(world, "route_extension")
    assert view.words == "asked first"
    assert view.small == ["The contact is asked for what it needs first", "waiting for the answer"]


def test_what_else_could_run_names_the_question_that_was_answered() -> None:
    world = extension()
    world.say("Can you put me through to an extension?")
    world.say("two zero four")
    assert seen(world, "summarize_note", 1).sentence == (
        "The contact was answering a question: Route to extension."
    )
    assert seen(world, "route_extension", 1).sentence == (
        "Decided by a fixed rule: the contact answered."
    )


def test_a_question_that_nobody_answered_before_the_end_does_not_wait() -> None:
    world = extension()
    world.say("Can you put me through to an extension?")
    world.do(world.session.hang_up())
    turns = Turn.objects.filter(conversation_id=world.conversation.id).order_by("number")
    first = list(turns.values_list("kind", flat=True)).index("message")
    assert seen(world, "route_extension", first).small[-1] == (
        "not answered before the conversation ended"
    )


def test_an_unknown_extension_is_named_and_said_once() -> None:
    world = extension()
    world.say("Extension 999, please")
    world.say("nine nine nine")
    view = seen(world, "route_extension")
    words = "There is no extension 999 among the people who may be reached."
    shown = [view.sentence.rstrip("."), view.note, *view.small, *(run.error for run in view.runs)]
    assert view.sentence == words
    assert [run.error for run in view.runs] == [words]
    assert view.small == [], shown


# --- every code --------------------------------------------------------------------------------


@pytest.mark.parametrize("code", list(Reason))
def test_every_code_has_a_sentence_without_a_note(code: Reason) -> None:
    words = sentence({"action": "x", "type": "send_sms", "code": code.value}, code)
    assert words == SENTENCES[code]
    assert words[0].isupper() and words.endswith(".")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"code": "integration_down", "note": "HubSpot does not answer"},
         "HubSpot does not answer."),
        ({"code": "approval_denied", "note": "Dana said no"}, "Dana said no."),
        ({"code": "turn_failed", "note": "KeyError"},
         "The turn failed before it was decided (KeyError)."),
        ({"code": "script_turn", "note": "SMS sequence, step 2 of 3"},
         "The contact was answering a question: SMS sequence, step 2 of 3."),
        ({"code": "fired_by_rule", "note": "not answered"},
         "Decided by a fixed rule: the call was not answered."),
        ({"code": "condition_not_met", "note": "the event was: busy"},
         "It waits for another event; this time the line was busy."),
        ({"code": "condition_not_met", "engine": "rules", "note": "Looked for “refund”"},
         "Looked for “refund”; it was not said."),
        ({"code": "not_confirmed", "note": "judge late"},
         "The model proposed it, but the judge did not answer in time."),
        ({"code": "conversation_over", "note": "another ending came first"},
         "Another action that ends the conversation came first."),
    ],
)  # fmt: skip
def test_a_note_becomes_a_sentence(entry: Any, words: str) -> None:
    assert sentence(entry, Reason(entry["code"])) == words


@pytest.mark.parametrize(
    ("p", "threshold", "shown"),
    [
        (0.848, 0.85, (".848", ".850")),
        (0.84996, 0.85, (".84996", ".85000")),
        (0.41, 0.85, (".41", ".85")),
        (0.85, 0.85, (".85", ".85")),
        (0.9996, 1.0, (".9996", "1")),
        (None, 0.85, ("", ".85")),
    ],
)
def test_two_figures_differ_where_they_differ(
    p: float | None, threshold: float, shown: tuple[str, str]
) -> None:
    assert figures({"p": p, "threshold": threshold}) == shown
