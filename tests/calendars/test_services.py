"""Booking, moving and cancelling; calendars in the library; nothing is ever booked twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.base import ActionError, Audience, Need
from agents.calendars import reading, services
from agents.calendars.forms import CalendarForm
from agents.calendars.models import Booking, Calendar
from agents.contacts.models import Contact
from agents.core import needs, picks
from agents.panels import services as panels
from agents.panels.services import ActionDraft
from agents.routing.services import InUse, NameTaken, Refused
from tests.calendars.conftest import NOW, Make, refs
from tests.threads import at_the_same_time

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)  # 10:00 in New York


def book(calendar: Calendar, start: datetime = TEN, **values: Any) -> Booking:
    given = {"contact": None, "conversation_id": uuid4(), "key": str(uuid4()), "now": NOW}
    return services.book(**refs(calendar), start=start, **{**given, **values})


def test_an_appointment(desk: Calendar, maria: Contact) -> None:
    made = book(desk, contact=maria, key="run:1:0")
    assert (made.start, made.end) == (TEN, TEN + timedelta(minutes=30))
    assert str(made) == "Consultation, Tuesday, March 3 at 10:00 AM"
    entry = maria.timeline.get()
    assert entry.text == "Booked: Consultation, Tuesday, March 3 at 10:00 AM"
    assert book(desk, contact=maria, key="run:1:0") == made
    assert Booking.objects.count() == 1 and maria.timeline.count() == 1


def test_a_taken_time_is_refused_with_a_sentence(desk: Calendar) -> None:
    book(desk)
    with pytest.raises(ActionError) as refused:
        book(desk)
    assert refused.value.sentence == "That time is taken."
    assert refused.value.audience is Audience.CONTACT
    with pytest.raises(ActionError, match="taken"):
        services.book(
            **refs(desk, 1), start=TEN - timedelta(minutes=60), contact=None,
            conversation_id=None, key="long", now=NOW,
        )  # fmt: skip
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ("2026-03-01T15:00+00:00", "past"),
        ("2026-03-08T02:30", "does not exist"),
        ("2026-03-03T03:00", "outside working hours"),
        ("2027-03-03T15:00+00:00", "too far ahead"),
    ],
)
def test_a_time_that_cannot_be_had(desk: Calendar, start: str, sentence: str) -> None:
    with pytest.raises(ActionError, match=sentence):
        book(desk, datetime.fromisoformat(start))
    assert not Booking.objects.exists()


def test_what_was_deleted(desk: Calendar) -> None:
    known = refs(desk)
    desk.delete()
    with pytest.raises(ActionError, match="The calendar was deleted"):
        services.book(
            **known, start=TEN, contact=None, conversation_id=None, key="x", now=NOW
        )  # fmt: skip


def test_moving_and_cancelling(desk: Calendar, maria: Contact) -> None:
    made = book(desk, contact=maria)
    later = TEN + timedelta(minutes=30)
    for _ in range(2):
        moved = services.move(booking=str(made.pk), **refs(desk), start=later, key="m", now=NOW)
        assert (moved.pk, moved.start) == (made.pk, later)
    assert book(desk, TEN).start == TEN
    for _ in range(2):
        gone = services.cancel(booking=str(made.pk), key="c")
        assert gone and gone.state == Booking.State.CANCELLED
    assert book(desk, later)
    assert [entry.text.partition(":")[0] for entry in maria.timeline.all()] == [
        "Cancelled", "Moved", "Booked",
    ]  # fmt: skip
    with pytest.raises(ActionError, match="does not exist any more"):
        services.move(booking=str(made.pk), **refs(desk), start=TEN, key="n", now=NOW)
    assert services.cancel(booking="nonsense", key="c") is None


def test_an_appointment_does_not_stand_in_its_own_way(make: Make) -> None:
    calendar = make(buffer_minutes=30)
    made = book(calendar)
    later = TEN + timedelta(minutes=30)
    moved = services.move(booking=str(made.pk), **refs(calendar), start=later, key="m", now=NOW)
    assert moved.start == later
    with pytest.raises(ActionError, match="taken"):
        book(calendar, TEN)


@pytest.mark.django_db(transaction=True)
def test_the_same_time_at_the_same_time_is_booked_once(make: Make) -> None:
    calendar = make()

    def attempt(number: int) -> Callable[[], str]:
        def call() -> str:
            try:
                # Half of them want a longer service that overlaps without the same start.
                services.book(
                    **refs(calendar, number % 2),
                    start=TEN - timedelta(minutes=30 * (number % 2)),
                    contact=None,
                    conversation_id=None,
                    key=f"k{number}",
                    now=NOW,
                )
            except ActionError as error:
                return error.sentence
            return "booked"

        return call

    said = at_the_same_time(*(attempt(number) for number in range(6)))
    assert sorted(said) == ["That time is taken."] * 5 + ["booked"]
    assert Booking.objects.filter(state=Booking.State.BOOKED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_time_is_one_appointment(make: Make) -> None:
    calendar = make()
    rows = at_the_same_time(*[lambda: book(calendar, key="run:1:0")] * 4)
    assert {row.pk for row in rows} == {Booking.objects.get().pk}


# --- looking --------------------------------------------------------------------------------


def test_the_contacts_appointments(desk: Calendar, maria: Contact) -> None:
    talk = uuid4()
    late = book(desk, TEN + timedelta(days=1), contact=maria)
    book(desk, TEN, contact=maria, now=NOW)
    book(desk, TEN + timedelta(hours=1), conversation_id=talk)
    known = {"conversation_id": talk, "now": TEN + timedelta(minutes=1)}
    found = reading.bookings(calendar="", contact_id=maria.pk, **known)  # type: ignore[arg-type]
    assert [one.id for one in found] == [str(late.pk)]
    assert found[0].calendar == refs(desk)["calendar"] and found[0].start.tzinfo == desk.zone
    unknown = reading.bookings(calendar=refs(desk)["calendar"], contact_id=None, **known)  # type: ignore[arg-type]
    assert len(unknown) == 1
    assert reading.bookings(calendar="calendar:0", contact_id=maria.pk, **known) == []  # type: ignore[arg-type]


def test_labels(desk: Calendar) -> None:
    assert reading.time_label(refs(desk)["calendar"], TEN) == "Tuesday, March 3 at 10:00 AM"
    assert reading.time_label("calendar:0", TEN) == "Tuesday, March 3 at 3:00 PM"


def test_a_calendar_can_be_booked_when_it_has_hours(make: Make) -> None:
    need = [Need("calendar", "a calendar")]
    assert needs.unmet(need) == need
    make("Closed", hours={"zone": "UTC"})
    assert needs.unmet(need) == need
    make()
    assert needs.unmet(need) == []


# --- the library ----------------------------------------------------------------------------


def test_a_calendar_keeps_its_services(desk: Calendar) -> None:
    first, second = desk.services.all()
    form = CalendarForm.model_validate(
        {
            "name": "Desk",
            "services": [
                {"id": "new", "name": "Visit", "minutes": 60},
                {"id": str(first.pk), "name": "Talk", "minutes": 15},
            ],
        }
    )
    services.save_calendar(form=form, row=desk)
    rows = list(Calendar.objects.get().services.all())
    assert [(row.name, row.minutes) for row in rows] == [("Visit", 60), ("Talk", 15)]
    assert rows[1].pk == first.pk and second.pk not in {row.pk for row in rows}


def test_names_are_taken_once(make: Make) -> None:
    make()
    with pytest.raises(NameTaken):
        make("FRONT DESK")


@pytest.mark.parametrize(
    "names", [["Talk", "talk"], ["Talk", ""], []], ids=["twice", "no name", "none"]
)
def test_services_that_cannot_be_told_apart(names: list[str]) -> None:
    rows = [{"name": name} for name in names]
    with pytest.raises(ValueError, match=r"service|at least 1"):
        CalendarForm.model_validate({"name": "Desk", "services": rows})


def soon() -> datetime:
    """Tomorrow at noon in New York, for what looks at the real clock."""
    day = timezone.now().astimezone(ZoneInfo("America/New_York")) + timedelta(days=1)
    return day.replace(hour=12, minute=0, second=0, microsecond=0)


ALWAYS = {"zone": "America/New_York", **dict.fromkeys(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "9:00-17:00"
)}  # fmt: skip


def test_what_is_in_use_stays(make: Make) -> None:
    calendar = make(hours=ALWAYS)
    made = book(calendar, soon(), now=timezone.now())
    with pytest.raises(InUse) as used:
        services.delete_calendar(row=calendar, ref=refs(calendar)["calendar"])
    assert [use.label for use in used.value.uses] == ["1 appointment to come"]
    left = CalendarForm.model_validate({"name": "Desk", "services": [{"name": "Other"}]})
    with pytest.raises(Refused, match="“Consultation” is in use: 1 appointment to come"):
        services.save_calendar(form=left, row=calendar)
    assert calendar.services.count() == 2
    services.cancel(booking=str(made.pk), key="c")
    services.delete_calendar(row=calendar, ref=refs(calendar)["calendar"])
    assert not Calendar.objects.exists() and not Booking.objects.exists()


def test_a_calendar_of_an_action_stays(desk: Calendar) -> None:
    agent = panels.create_agent(name="Desk", kind="text")
    action = panels.add_action(panel=agent.panel, slug="manage_appointment")
    panels.save_action(action=action, draft=ActionDraft(config=refs(desk)))
    with pytest.raises(InUse) as used:
        services.delete_calendar(row=desk, ref=refs(desk)["calendar"])
    assert {use.label for use in used.value.uses} == {"Manage appointment of Desk"}


def test_picks(make: Make) -> None:
    one, two = make(), make("Closed", hours={"zone": "UTC"})
    assert [(o.label, o.hint) for o in picks.options("calendar")] == [
        ("Closed (no working hours)", "UTC"), ("Front desk", "America/New_York"),
    ]  # fmt: skip
    within = picks.Within(parent=refs(two)["calendar"])
    offered = [option.ref for option in picks.options("service", within)]
    assert offered == [f"service:{row.pk}" for row in two.services.all()]
    assert len(picks.options("service")) == 4
    assert picks.labels([refs(one)["service"], refs(one)["calendar"], "service:0"]) == {
        refs(one)["service"]: "Consultation",
        refs(one)["calendar"]: "Front desk",
    }


def test_the_form(client_for: Callable[[str], Client]) -> None:
    client = client_for("builder")
    url = reverse("routing:new", args=["calendars"])
    page = client.get(url).content.decode()
    assert 'value="9:00-17:00"' in page and "America/New_York" in page
    data = {
        "settings.name": "Front desk",
        "settings.services": ["a"],
        "settings.services.a.name": "Talk",
        "settings.services.a.minutes": "20",
        "settings.hours.zone": "Mars/North",
        "settings.hours.monday": "9 to 5",
        "settings.step_minutes": "20",
        "settings.buffer_minutes": "0",
        "settings.notice_hours": "0",
        "settings.days_ahead": "14",
    }
    wrong = client.post(url, data).content.decode()
    assert "There is no time zone “Mars/North”." in wrong and "is not a span of time" in wrong
    client.post(url, data | {"settings.hours.zone": "UTC", "settings.hours.monday": ""})
    row = Calendar.objects.get()
    assert (row.services.get().minutes, row.days_ahead) == (20, 14)
    shelf = client.get(reverse("routing:shelf", args=["calendars"])).content.decode()
    assert "Talk 20 min" in shelf and "no working hours: nothing can be booked" in shelf
    entry = client.get(reverse("routing:entry", args=["calendars", row.pk])).content.decode()
    assert 'value="Talk"' in entry


def test_a_service_in_use_is_said_in_the_form(
    client_for: Callable[[str], Client], make: Make
) -> None:
    calendar = make(hours=ALWAYS)
    book(calendar, soon(), now=timezone.now())
    url = reverse("routing:entry", args=["calendars", calendar.pk])
    data = {"settings.name": "Desk", "settings.services": ["a"], "settings.services.a.name": "New",
            "settings.services.a.minutes": "20", "settings.hours.zone": "UTC",
            "settings.step_minutes": "20", "settings.buffer_minutes": "0",
            "settings.notice_hours": "0", "settings.days_ahead": "14"}  # fmt: skip
    assert "“Consultation” is in use" in client_for("builder").post(url, data).content.decode()


def test_raw_records(client_for: Callable[[str], Client], desk: Calendar) -> None:
    made = book(desk)
    client = client_for("admin")
    for name, pk in (("calendar", desk.pk), ("booking", made.pk)):
        for url in (
            reverse(f"admin:calendars_{name}_changelist"),
            reverse(f"admin:calendars_{name}_change", args=[pk]),
        ):
            assert client.get(url).status_code == 200
