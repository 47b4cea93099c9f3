"""Appointments in a conversation: practice mode, both worlds, and what Try it plays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from actions.base import ActionError
from agents.calendars import services
from agents.calendars.models import Booking, Calendar
from agents.contacts.models import Contact
from agents.engine import compiled
from agents.outbox.models import Delivery
from agents.ports.live_answers import LiveAnswers
from agents.tryit.simulated_answers import SimulatedAnswers
from tests.calendars.conftest import Make, refs
from tests.engine.world import Reply as Said
from tests.engine.world import World, action, call, make_world

pytestmark = pytest.mark.django_db
WHEN = "the contact replies ‘Reschedule’"
WORLDS = pytest.mark.parametrize("sandbox", [False, True], ids=["live", "sandbox"])
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NEW_YORK = ZoneInfo("America/New_York")
SMS = "See you [AppointmentDate] at [AppointmentTime]."
Open = Callable[..., World]


@pytest.fixture(autouse=True)
def _forget() -> None:
    compiled.forget()


@pytest.fixture
def front(make: Make) -> Calendar:
    """Open every day from 9 to 5, whatever day the tests run on."""
    return make(hours={"zone": "America/New_York", **dict.fromkeys(WEEK, "9:00-17:00")})


@pytest.fixture
def talk(front: Calendar, maria: Contact) -> Open:
    """A thread with Maria on a panel that manages appointments."""

    def made(when: str = WHEN, *replies: Any, practice: bool = True, **values: Any) -> World:
        own = {name: values.pop(name) for name in ("sandbox", "verdicts") if name in values}
        config = {**refs(front), "confirmation": SMS, **values}
        names = {refs(front)["calendar"]: "Front desk", refs(front)["service"]: "Consultation"}
        acts = [action("manage_appointment", when, config=config)]
        return make_world(
            acts, *replies, channel="sms", practice=practice, contact=maria, names=names, **own
        )

    return made


def tomorrow(hour: int = 10) -> datetime:
    day = timezone.now().astimezone(NEW_YORK) + timedelta(days=1)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def booked(front: Calendar, maria: Contact, start: datetime | None = None) -> Booking:
    return services.book(
        **refs(front), start=start or tomorrow(), contact=maria, conversation_id=None,
        key=f"made {start}", now=timezone.now(),
    )  # fmt: skip


def sms(world: World) -> list[str]:
    rows = Delivery.objects.filter(conversation_id=world.conversation.id, kind="sms")
    return [row.payload["text"] for row in rows]


def test_if_the_contact_replies_reschedule(talk: Open, front: Calendar, maria: Contact) -> None:
    made = booked(front, maria)
    world = talk(sandbox=False)
    world.say("Reschedule")
    assert "Which one suits you?" in world.heard.all and not sms(world)
    options = world.row().memory["script"]["options"]
    world.say("the second one")
    made.refresh_from_db()
    start = datetime.fromisoformat(options[1][0])
    assert made.start == start and Booking.objects.count() == 1
    assert f"Moved to {options[1][1]}" in world.heard.all
    assert len(sms(world)) == 1 and sms(world)[0].startswith(f"See you {start:%A}")
    assert world.runs() == [("manage_appointment", "done")], "asking was no run of its own"
    assert maria.timeline.filter(text__startswith="Moved").exists()


@WORLDS
@pytest.mark.parametrize(
    ("where", "named"),
    [("", False), ("America/New_York", False), ("Asia/Tokyo", True)],
)
def test_the_calendar_s_zone_is_named_where_the_contact_s_clock_differs(
    talk: Open, maria: Contact, sandbox: bool, where: str, named: bool
) -> None:
    Contact.objects.update(time_zone=where)
    maria.refresh_from_db()
    world = talk("the contact wants to book or cancel an appointment", sandbox=sandbox)
    world.say("I want an appointment tomorrow at 10")
    zone = f" {tomorrow().tzname()}" if named else ""
    start, label = world.row().memory["script"]["options"][0]
    assert start == tomorrow().isoformat() and label.endswith(f"10:00 AM{zone}")
    world.say("1")
    assert f"Booked {label}" in world.heard.all and sms(world)[0].endswith(f"10:00 AM{zone}.")
    world.say("please cancel my appointment")
    assert f"Cancelled {label}" in world.heard.all


@WORLDS
def test_booking_then_moving_then_cancelling(talk: Open, maria: Contact, sandbox: bool) -> None:
    when = "the contact wants to book, move or cancel an appointment"
    world = talk(when, sandbox=sandbox)
    world.say("I want an appointment tomorrow at 10")
    first = world.row().memory["script"]["options"][0]
    assert first[0] == tomorrow().isoformat()
    world.say("1")
    assert f"Booked {first[1]}" in world.heard.all
    assert len(world.conversation.facts.bookings) == 1
    world.say("I need to reschedule my appointment")
    assert first[0] not in {value for value, _ in world.row().memory["script"]["options"]}
    second = world.row().memory["script"]["options"][2]
    world.say(second[1])
    assert f"Moved to {second[1]}" in world.heard.all
    assert len(sms(world)) == 2
    world.say("please cancel my appointment")
    assert f"Cancelled {second[1]}" in world.heard.all
    states = list(Booking.objects.values_list("state", flat=True))
    assert states == ([] if sandbox else ["cancelled"])
    assert not world.conversation.facts.bookings or not sandbox
    world.say("cancel my appointment")
    assert "There is no appointment to come." in world.heard.all


@WORLDS
def test_a_reminder_when_a_booking_is_confirmed(
    talk: Open, front: Calendar, maria: Contact, sandbox: bool
) -> None:
    booking = action(
        "manage_appointment", "the contact wants an appointment",
        config={**refs(front), "offered": 1},
    )  # fmt: skip
    guard = {
        "id": "1", "kind": "ended_with", "ref": f"action:{booking['uid']}", "value": "booked",
        "scope": "turn",
    }  # fmt: skip
    reminder = action("send_sms", "", config={"text": SMS}, only_if=[guard])
    names = {refs(front)["calendar"]: "Front desk", refs(front)["service"]: "Consultation"}
    world = make_world(
        [booking, reminder], channel="sms", practice=True, contact=maria, names=names,
        sandbox=sandbox,
    )  # fmt: skip
    world.say("I want an appointment")
    assert not sms(world)
    label = world.row().memory["script"]["options"][0][1]
    world.say("yes please")
    assert f"Booked {label}" in world.heard.all
    assert len(sms(world)) == 1 and label.partition(" at ")[0] in sms(world)[0]


def test_an_answer_in_words_of_today(talk: Open) -> None:
    world = talk("the contact wants an appointment", sandbox=False)
    world.say("I want an appointment tomorrow at 3pm")
    world.say("tomorrow at 3 pm please")
    assert Booking.objects.get().start == tomorrow(15)


def test_somebody_else_was_faster(talk: Open, front: Calendar, maria: Contact) -> None:
    other = Contact.objects.create(phone="+14155550188")
    world = talk("the contact wants an appointment", sandbox=False)
    world.say("I want an appointment tomorrow at 10")
    taken = world.row().memory["script"]["options"][0]
    booked(front, other, datetime.fromisoformat(taken[0]))
    world.say(taken[1])
    assert "That time is taken. I can offer" in world.heard.all
    assert taken not in world.row().memory["script"]["options"]
    assert Booking.objects.get().contact == other and not sms(world)


def test_faster_by_a_hair(
    talk: Open, front: Calendar, maria: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken between the look and the write: nothing of the run is kept, not even the SMS."""
    world = talk("the contact wants an appointment", sandbox=False)
    world.say("I want an appointment tomorrow at 10")
    taken = world.row().memory["script"]["options"][0]
    look = LiveAnswers.slot

    def slow(self: Any, *asked: Any) -> Any:
        found = look(self, *asked)
        booked(front, Contact.objects.create(), found.start)
        return found

    monkeypatch.setattr(LiveAnswers, "slot", slow)
    world.say(taken[1])
    assert world.runs()[-1] == ("manage_appointment", "failed")
    assert "That time is taken." in world.heard.all
    assert Booking.objects.count() == 1 and not sms(world)


def test_the_calendar_is_deleted_during_the_conversation(talk: Open, front: Calendar) -> None:
    world = talk("the contact wants an appointment", sandbox=False)
    world.say("I want an appointment")
    label = world.row().memory["script"]["options"][0][1]
    front.delete()
    world.say(label)
    assert world.runs()[-1] == ("manage_appointment", "failed")
    assert "No appointment can be offered right now." in world.heard.all


def test_a_calendar_without_hours(talk: Open, front: Calendar) -> None:
    front.hours = {"zone": "UTC"}
    front.save()
    world = talk("the contact wants an appointment")
    world.say("I want an appointment")
    assert world.runs() == [("manage_appointment", "failed")]
    assert "No appointment can be offered right now." in world.heard.all


def test_a_model_names_a_time_in_the_past_or_in_a_gap(talk: Open, front: Calendar) -> None:
    for start, sentence in (
        ("2020-01-01T10:00", "That time is in the past."),
        (tomorrow(3).isoformat(), "That is outside working hours."),
    ):
        asked = call("manage_appointment", do="book", start=start, after=None)
        world = talk(
            "x", Said("One moment.", [asked]), Said("Which one?"), practice=False, sandbox=False,
            verdicts={"manage_appointment": 0.99},
        )  # fmt: skip
        world.say("book me then")
        told = str(world.chat.requests[-1].messages)
        assert sentence in told and "Free times" in told
    assert not Booking.objects.exists()


def test_another_day_is_wished_for(talk: Open) -> None:
    world = talk("the contact wants an appointment")
    world.say("I need an appointment")
    day = tomorrow() + timedelta(days=2)
    world.say(f"{day:%A} afternoon would be better")
    options = world.row().memory["script"]["options"]
    assert options[0][0] == day.replace(hour=12).isoformat()
    world.say("the first one")
    assert f"Booked {options[0][1]}" in world.heard.all
    assert world.runs()[-1] == ("manage_appointment", "done")


def test_what_is_neither_a_time_nor_a_day_is_answered_and_asked_once_more(talk: Open) -> None:
    world = talk("the contact wants an appointment")
    world.say("I need an appointment")
    again = world.say("what does it cost?")
    assert again.spoken.endswith(world.row().memory["script"]["question"])
    world.say("and where are you?")
    assert not world.row().memory["script"]
    assert world.runs() == [("manage_appointment", "cancelled")]


# --- what Try it plays ----------------------------------------------------------------------


def test_what_try_it_plays(talk: Open, front: Calendar, maria: Contact) -> None:
    conversation = talk().conversation
    answers, asked = SimulatedAnswers(), (*refs(front).values(),)
    now = conversation.now()
    free = answers.free_slots(conversation, *asked, now, 3)
    assert answers.slot(conversation, *asked, free[0].start, "") == free[0]
    conversation.facts.simulated["calendar"] = "taken"
    assert answers.free_slots(conversation, *asked, now, 3) == free
    with pytest.raises(ActionError, match="just been taken"):
        answers.slot(conversation, *asked, free[0].start, "")
    conversation.facts.simulated["calendar"] = "full"
    assert answers.free_slots(conversation, *asked, now, 3) == []
    with pytest.raises(ActionError, match="just been taken"):
        answers.slot(conversation, *asked, free[0].start, "")
    conversation.facts.simulated["calendar"] = "down"
    for look in (
        lambda: answers.free_slots(conversation, *asked, now, 3),
        lambda: answers.slot(conversation, *asked, free[0].start, ""),
        lambda: answers.bookings(conversation, asked[0]),
    ):
        with pytest.raises(ActionError, match="does not answer") as down:
            look()
        assert not down.value.permanent


def test_a_test_sees_real_appointments_as_taken(
    talk: Open, front: Calendar, maria: Contact
) -> None:
    conversation, answers, asked = talk().conversation, SimulatedAnswers(), (*refs(front).values(),)
    booked(front, maria)
    with pytest.raises(ActionError, match="taken"):
        answers.slot(conversation, *asked, tomorrow(), "")
    assert answers.bookings(conversation, asked[0]) == []
