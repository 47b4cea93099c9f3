"""Asking the contact first is not doing: the run waits for its answer and is then one run."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from agents.contacts.models import Contact
from agents.conversations.models import ActionRun, Conversation
from agents.sequences.models import Enrolment, Sequence
from tests.engine.world import Reply, World, action, call, join, make_world

pytestmark = pytest.mark.django_db
EMAIL = "maria@lopez.example"


def _after(first: dict[str, Any]) -> list[dict[str, Any]]:
    ref = f"action:{first['uid']}"
    return [{"kind": "ended_with", "ref": ref, "value": "done", "scope": "conversation"}]


def _read_back(**values: Any) -> list[dict[str, Any]]:
    """A value that is read back, and a note that waits for it to be saved."""
    first = action("t_confirm", **values)
    return [first, action("t_note", "", only_if=_after(first))]


def _proposal(value: str = EMAIL) -> Reply:
    return Reply("", [call("t_confirm", value=value)])


def _prompt(world: World, number: int = -1) -> str:
    return orjson.dumps(world.chat.requests[number].messages).decode()


def _doubt(world: World) -> None:
    """From now on the judge finds no condition met; a proposal counts by itself."""
    world.session.engine.models.judge = None


@pytest.fixture
def world() -> World:
    """The contact has been asked whether the address is right."""
    made = make_world(
        _read_back(repeat="once"),
        _proposal(),
        verdicts={"t_confirm": 0.99},
    )
    made.say(f"my address is {EMAIL}")
    return made


def test_a_run_that_asked_is_not_done_and_nothing_waits_for_it(world: World) -> None:
    assert world.runs() == [("t_confirm", "asked")]
    assert world.codes() == {"t_confirm": "fired", "t_note": "only_if_failed"}
    assert (
        not world.row()
        .memory["used"]
        .get(world.conversation.version.actions[0].uid, {})
        .get("done")
    )
    assert world.row().memory["ended"] == [] and world.row().memory["done_lines"] == []
    assert "email" not in world.conversation.facts.contact.values


def test_with_a_yes_the_same_run_is_done_and_what_waited_runs(world: World) -> None:
    asked = ActionRun.objects.get()
    world.say("yes")
    assert world.runs() == [("t_confirm", "done"), ("t_note", "done")]
    assert ActionRun.objects.get(type="t_confirm").id == asked.id
    assert world.codes() == {"t_confirm": "fired_by_rule", "t_note": "fired_by_rule"}
    assert world.conversation.facts.contact.values["email"] == EMAIL
    assert "Just done: Saved" in _prompt(world)


def test_with_a_no_it_is_cancelled_and_may_run_again_although_it_runs_once(world: World) -> None:
    world.chat.replies = [Reply("Then how is it spelled?"), _proposal("ana@lopez.example")]
    _doubt(world)
    world.say("no")
    assert world.runs() == [("t_confirm", "cancelled")]
    assert "Just done" not in _prompt(world) and "did not confirm" in _prompt(world)
    world.say("it is ana@lopez.example")
    assert [status for _, status in world.runs()] == ["cancelled", "asked"]
    world.say("yes")
    assert world.runs()[-1] == ("t_note", "done")
    assert world.conversation.facts.contact.values["email"] == "ana@lopez.example"


def test_the_model_is_not_told_that_it_was_done_before_the_yes(world: World) -> None:
    world.chat.replies = [Reply("We open at eight.")]
    world.say("hm, when do you open?")
    assert all("Just done" not in _prompt(world, n) for n in range(len(world.chat.requests)))
    assert "Saved" not in _prompt(world)


def test_doubt_is_asked_once_more_and_is_then_a_no(world: World) -> None:
    world.chat.replies = [Reply("Hm."), Reply("All right, what else can I do?")]
    _doubt(world)
    again = world.say("okay so the thing is I changed my mind")
    assert again.spoken.strip().endswith(f"Is {EMAIL} right?")
    assert world.runs() == [("t_confirm", "asked")]
    last = world.say("I do not know")
    assert world.runs() == [("t_confirm", "cancelled")]
    assert last.spoken.strip() == "All right, what else can I do?"
    assert world.row().memory["script"] == {}
    assert "email" not in world.conversation.facts.contact.values


def test_a_question_that_was_put_before_a_crash_is_answered_after_it(world: World) -> None:
    again = join(world.row(), verdicts={})
    again.say("yes")
    assert again.runs() == [("t_confirm", "done"), ("t_note", "done")]


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_once_per_contact_is_used_up_by_the_yes_alone(answer: str) -> None:
    contact = Contact.objects.create(values={"first_name": "Maria"}, phone="+14155550142")
    actions = [action("t_confirm", repeat="once_per_contact")]

    def talk() -> World:
        return make_world(
            actions, _proposal(), verdicts={"t_confirm": 0.99}, sandbox=False, contact=contact
        )

    first = talk()
    first.say(EMAIL)
    first.say(answer)
    contact.refresh_from_db()
    assert contact.values.get("email") == (EMAIL if answer == "yes" else None)
    second = talk()
    second.say(EMAIL)
    assert second.codes() == {"t_confirm": "already_done" if answer == "yes" else "fired"}


def test_a_confirmation_of_a_consequential_action_is_an_asked_run() -> None:
    moving = action("t_move", repeat="once")
    world = make_world(
        [moving, action("t_note", "", only_if=_after(moving))],
        Reply("", [call("t_move", reason="price")]),
        "How can I help?",
        Reply("", [call("t_move", reason="price")]),
        verdicts={"t_move": 0.2},
        channel="voice",
    )
    world.say("hm")
    assert world.runs() == [("t_move", "asked")]
    world.say("no")
    assert world.runs() == [("t_move", "cancelled")] and world.row().state == "open"
    world.say("well")
    asked = ActionRun.objects.get(status="asked")
    world.say("yes please")
    assert world.row().state == Conversation.State.RINGING
    assert ActionRun.objects.get(status="running").id == asked.id
    world.do(world.session.leg("answered"))
    assert [status for _, status in world.runs()] == ["cancelled", "done"]


# --- the real types ---------------------------------------------------------------------------


def _enrolling(**repeat: Any) -> tuple[World, Contact]:
    """An address that is read back, and a sequence that begins once it is saved."""
    contact = Contact.objects.create(values={"first_name": "Maria"}, phone="+14155550142")
    sequence = Sequence.objects.create(name="Welcome")
    ref = f"sequence:{sequence.pk}"
    fields = [{"id": "1", "property": "property:email", "read_back": True}]
    saving = action("update_contact_property", config={"fields": fields}, **repeat)
    enrolling = action("enroll_sequence", "", config={"sequence": ref}, only_if=_after(saving))
    world = make_world(
        [saving, enrolling],
        Reply("", [call("update_contact_property", email=EMAIL)]),
        names={ref: "Welcome"},
        verdicts={"update_contact_property": 0.99},
        sandbox=False,
        contact=contact,
    )
    world.say(f"my e-mail is {EMAIL}")
    return world, contact


def test_a_contact_is_enrolled_only_once_the_address_is_confirmed() -> None:
    world, contact = _enrolling()
    assert world.runs() == [("update_contact_property", "asked")]
    assert not Enrolment.objects.exists()
    world.say("yes")
    assert world.runs() == [("update_contact_property", "done"), ("enroll_sequence", "done")]
    assert Enrolment.objects.get().contact == contact


def test_a_no_saves_nothing_enrols_nobody_and_leaves_the_occasion() -> None:
    world, contact = _enrolling(repeat="once_per_contact")
    world.say("no")
    assert world.runs() == [("update_contact_property", "cancelled")]
    assert not Enrolment.objects.exists()
    contact.refresh_from_db()
    assert "email" not in contact.values
    world.chat.replies = [Reply("", [call("update_contact_property", email="m@lopez.example")])]
    world.say("it is m@lopez.example")
    world.say("yes")
    contact.refresh_from_db()
    assert contact.values["email"] == "m@lopez.example" and Enrolment.objects.count() == 1


def test_a_value_that_is_asked_for_is_an_asked_run() -> None:
    world = make_world(
        [action("route_extension", repeat="once")],
        Reply("", [call("route_extension", extension=None)]),
        verdicts={"route_extension": 0.99},
        channel="voice",
    )
    world.say("an extension please")
    assert world.runs() == [("route_extension", "asked")]
    assert world.row().memory["ended"] == []
