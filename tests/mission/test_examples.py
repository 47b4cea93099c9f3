"""The sixteen worked examples that the product was made for, each built through the form.

Every example runs with a phrasing that must fire and one that must not, once with a scripted
model and once in practice mode, where it fires too, or its card says that it needs a model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from actions.hours import Hours
from agents.calendars.forms import CalendarForm, ServiceRow
from agents.calendars.services import save_calendar
from agents.contacts.models import Contact, ContactList, Disposition
from agents.conversations.models import ActionRun, Conversation
from agents.functions.forms import FunctionForm
from agents.functions.services import save_function
from agents.routing.models import Inbox, Person, RingGroup
from agents.sequences.forms import SequenceForm
from agents.sequences.models import Sequence as SequenceRow
from agents.sequences.services import save_sequence
from tests.engine.world import Reply, World, call
from tests.mission.panel import Panel, done, left

pytestmark = pytest.mark.django_db
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Build = Callable[[Panel], str]
Drive = Callable[[World], None]


@dataclass(frozen=True)
class Example:
    """One example. `calls` are what a model would call, one list for each message."""

    quote: str
    kind: str
    build: Build
    says: Sequence[str]
    quiet: Sequence[str]
    calls: Sequence[Sequence[Any]]
    proof: Callable[[World], bool]
    how: dict[str, Any] = field(default_factory=dict)
    drive: Drive | None = None
    drive_quiet: Drive | None = None
    unknown: bool = False


def talk_it(world: World, says: Sequence[str]) -> None:
    """Say one message after the other."""
    for text in says:
        world.say(text)


# --- voice ----------------------------------------------------------------------------------


def transfer(panel: Panel) -> str:
    """Sales is a ring group."""
    group = RingGroup.objects.create(name="Sales")
    group.members.add(Person.objects.get(name="Ana Ruiz"))
    return panel.add(
        "transfer_call",
        "the customer asks about pricing",
        {"destinations": [{"ref": f"ring_group:{group.pk}"}]},
    )


def rings(label: str) -> Callable[[World], bool]:
    """The call was handed to somebody."""

    def proof(world: World) -> bool:
        if world.row().state != Conversation.State.RINGING:
            return False
        world.do(world.session.leg("answered"))
        return world.row().outcome == f"transferred to {label}"

    return proof


def no_answer(panel: Panel) -> str:
    """Two actions on the same event: the disposition stands below the end and is set all the
    same, because an ending comes last.
    """
    outcome, _ = Disposition.objects.get_or_create(name="No Answer")
    panel.add("end_call", moment="no_answer", no_answer="not_answered")
    return panel.add(
        "call_disposition",
        moment="no_answer",
        no_answer="not_answered",
        config={"dispositions": [{"disposition": f"disposition:{outcome.pk}"}]},
    )


def no_answer_set(world: World) -> bool:
    """Disposition and end."""
    row = world.row()
    name = Disposition.objects.get(name="No Answer").pk
    return row.world.get("disposition") == f"disposition:{name}" and row.state == "ended"


def save_email(panel: Panel) -> str:
    """One field."""
    return panel.add(
        "update_contact_property",
        "the customer provides their email",
        {"fields": [{"property": "property:email"}]},
    )


def stop_calling(panel: Panel) -> str:
    """The trigger is the quoted one."""
    return panel.add("set_dnc", "the contact says “stop calling me”")


# --- text -----------------------------------------------------------------------------------


def responses(panel: Panel) -> str:
    """The three expected responses."""
    return panel.add(
        "sms_sequence",
        "the contact wants to get started",
        {
            "steps": [
                {
                    "messages": [{"text": "Shall we begin?"}],
                    "expected": "Any positive response",
                },
                {
                    "messages": [{"text": "What is your email?"}],
                    "expected": "A valid email",
                },
                {
                    "messages": [{"text": "When suits you?"}],
                    "expected": "A date or time preference",
                },
            ],
            "completion": "See you then.",
        },
    )


def captures(panel: Panel) -> str:
    """Two answers are kept."""
    return panel.add(
        "sms_sequence",
        "the contact says “sign me up”",
        {
            "steps": [
                {
                    "messages": [{"text": "What is your email?"}],
                    "expected": "A valid email",
                    "capture": "property:email",
                },
                {
                    "messages": [{"text": "What is your name?"}],
                    "expected": "A name",
                    "capture": "property:first_name",
                },
            ],
            "completion": "Thank you, [FirstName].",
        },
    )


def three_steps(panel: Panel) -> str:
    """Greeting, capture, product info."""
    return panel.add(
        "sms_sequence",
        "the contact writes “hello”",
        {
            "steps": [
                {"messages": [{"text": "Welcome."}, {"text": "What is your email?"}],
                 "expected": "A valid email", "capture": "property:email"},
                {"messages": [{"text": "Our product does it all. Want a call?"}],
                 "expected": "Any positive response"},
                {"messages": [{"text": "Which day?"}]},
            ],
            "completion": "We will call you.",
        },
    )  # fmt: skip


def written_stop(panel: Panel) -> str:
    """The reply is the keyword."""
    return panel.add("set_dnc", "the contact replies “Stop”")


def assistance(panel: Panel) -> str:
    """A ticket during a text conversation."""
    return panel.add(
        "create_ticket",
        "the contact asks for technical assistance",
        {
            "pipeline": "hubspot_pipeline:practice-support",
            "status": "hubspot_status:practice-support-new",
        },
    )


def first_name(panel: Panel) -> str:
    """A template with the variable."""
    return panel.add(
        "send_sms",
        "the contact asks for the brochure",
        {"text": "Hi [FirstName], here is our brochure."},
    )


def new_lead(panel: Panel) -> str:
    """A field and a list on the same words."""
    leads, _ = ContactList.objects.get_or_create(name="New Leads")
    when = "the contact provides their phone number"
    panel.add("update_contact_property", when, {"fields": [{"property": "property:phone"}]})
    changes = {"changes": [{"how": "add", "ref": f"list:{leads.pk}", "when": ""}]}
    return panel.add("contact_disposition", when, changes)


def on_list(name: str, key: str, wanted: str) -> Callable[[World], bool]:
    """A property is saved and the contact is on the list, in the conversation's own world."""

    def proof(world: World) -> bool:
        contact = world.row().world["contact"]
        row = ContactList.objects.get(name=name)
        assert not row.contacts.exists()
        return contact["values"].get(key) == wanted and contact["lists"] == [f"list:{row.pk}"]

    return proof


# --- colleagues, sequences, appointments ------------------------------------------------------


def account_manager(panel: Panel) -> str:
    """The owner of the deal in the practice HubSpot, else an inbox."""
    inbox = Inbox.objects.get(name="Support")
    return panel.add(
        "route_deal_owner",
        "the caller asks for their account manager",
        {"pipeline": "hubspot_pipeline:practice-support", "fallback": f"inbox:{inbox.pk}"},
    )


def onboarding(panel: Panel) -> str:
    """A sequence of the library."""
    step = {"wait": 1, "unit": "days", "text": "How is it going?"}
    form = SequenceForm.model_validate({"name": "Onboarding", "steps": [step]})
    row = save_sequence(form=form)
    return panel.add(
        "enroll_sequence",
        "the contact answers “ready” to the welcome message",
        {"sequence": f"sequence:{row.pk}"},
    )


def loyalty(panel: Panel) -> str:
    """A function of the library; its sample answer is what Try it plays."""
    form = FunctionForm.model_validate(
        {
            "name": "Loyalty points",
            "url": "https://1.1.1.1/points",
            "parameters": [{"name": "purchase", "about": "What was bought"}],
            "values": [{"name": "total", "path": "points"}],
            "sample": '{"points": 120}',
            "succeeds": "Your points are booked.",
        }
    )
    row = save_function(form=form)
    return panel.add(
        "custom_function",
        "the contact confirms a “purchase”",
        {"function": f"function:{row.pk}"},
    )


def called(line: str) -> Callable[[World], bool]:
    """The function was called and answered so."""
    return lambda world: (
        line
        in [run.line for run in ActionRun.objects.filter(conversation_id=world.conversation.id)]
    )


def enrolled(world: World) -> bool:
    """The contact is in the sequence, in the conversation's own world only."""
    row = SequenceRow.objects.get(name="Onboarding")
    assert not row.enrolments.exists()
    return bool(world.row().world["contact"]["sequences"] == [f"sequence:{row.pk}"])


def _appointments(panel: Panel, **config: Any) -> str:
    hours = Hours(zone="UTC", **dict.fromkeys(WEEK, "0:00-23:30"))
    form = CalendarForm(name="Visits", services=[ServiceRow(name="Visit", minutes=30)], hours=hours)
    calendar = save_calendar(form=form)
    picked = {
        "calendar": f"calendar:{calendar.pk}",
        "service": f"service:{calendar.services.get().pk}",
    }
    return panel.add("manage_appointment", "the contact wants an appointment", {**picked, **config})


def reminder(panel: Panel) -> str:
    """An SMS that waits for another action's outcome."""
    booking = _appointments(panel)
    confirmed = {"kind": "ended_with", "ref": f"action:{booking}", "value": "booked"}
    return panel.add(
        "send_sms", "", {"text": "Reminder: see you [AppointmentDate]."}, only_if=[confirmed]
    )


def reschedule(panel: Panel) -> str:
    """A condition of its own for moving."""
    return _appointments(
        panel,
        reschedule_when="the contact replies ‘Reschedule’",
        confirmation="See you [AppointmentDate] at [AppointmentTime].",
    )


def moved(world: World) -> bool:
    """One appointment stands, and the contact was told twice when it is."""
    told = [one.payload["text"] for one in left(world) if one.kind == "sms"]
    return len(told) == 2 and told[0] != told[1] and len(world.row().world["bookings"]) == 1


def script_over(words: str, *values: str) -> Callable[[World], bool]:
    """The script came to its end, with its last words and what it kept."""

    def proof(world: World) -> bool:
        known = world.row().world["contact"]["values"]
        return (
            world.heard.all.endswith(words)
            and world.row().memory["script"] == {}
            and set(values) <= set(known.values())
        )

    return proof


def value(key: str, wanted: str) -> Callable[[World], bool]:
    """A property of the contact."""
    return lambda world: world.row().world["contact"]["values"].get(key) == wanted


def blocked(world: World) -> bool:
    """Every future message is blocked."""
    return bool(world.row().world["contact"]["dnc"])


def leaves(kind: str, words: str) -> Callable[[World], bool]:
    """It stands in the outbox."""
    return lambda world: any(
        one.kind == kind and words in f"{one.title} {one.payload}" for one in left(world)
    )


EXAMPLES = {
    "transfer on pricing": Example(
        "Transfer the call to Sales if the customer asks about pricing.",
        "voice",
        transfer,
        ["How much does the premium plan cost?"],
        ["When do you open tomorrow?"],
        [[call("transfer_call", reason="pricing", summary=None)]],
        rings("Sales"),
    ),
    "no answer": Example(
        "If the customer does not answer, set disposition to No Answer and end the call.",
        "voice",
        no_answer,
        [],
        [],
        [],
        no_answer_set,
        {"direction": "outbound"},
        lambda world: world.do(world.session.not_answered("not_answered")),
        lambda world: world.do(world.session.answered()),
    ),
    "e-mail to field": Example(
        "If the customer provides their email, save it to the Email field.",
        "voice",
        save_email,
        ["Sure, it is maria dot new at example dot com"],
        ["I would rather not give you my email"],
        [[call("update_contact_property", email="maria.new@example.com")]],
        value("email", "maria.new@example.com"),
    ),
    "stop calling me": Example(
        "stop calling me",
        "voice",
        stop_calling,
        ["Please stop calling me"],
        ["Please call me back tomorrow"],
        [[call("set_dnc", words="stop calling me")]],
        blocked,
    ),
    "three expected responses": Example(
        "Any positive response, a valid email, a date or time preference.",
        "text",
        responses,
        ["I want to get started", "Yes please", "maria.new@example.com", "Tuesday at 10"],
        ["I want to get started", "no", "not now", "never"],
        [[call("sms_sequence")]],
        script_over("See you then."),
    ),
    "capture to fields": Example(
        "What is your email? → save to email; What is your name? → save to first_name.",
        "text",
        captures,
        ["Sign me up", "anna@example.com", "My name is Anna"],
        ["Sign me up", "I have none", "no", "no"],
        [[call("sms_sequence")]],
        script_over("Thank you, Anna.", "anna@example.com", "Anna"),
    ),
    "three-step sequence": Example(
        "Send Step 1 greeting message, wait for reply, capture email, then product info.",
        "text",
        three_steps,
        ["Hello", "it is anna@example.com", "yes", "Monday"],
        ["Hello", "my e-mail is john at", "no", "no"],
        [[call("sms_sequence")]],
        script_over("We will call you.", "anna@example.com"),
    ),
    "stop": Example(
        "If a contact replies ‘Stop’, mark as DNC and stop all further messaging.",
        "text",
        written_stop,
        ["Stop"],
        ["Where is the next bus stop?"],
        [[call("set_dnc", words="Stop")]],
        blocked,
    ),
    "technical assistance": Example(
        "Create a support ticket if a contact asks for technical assistance via SMS.",
        "text",
        assistance,
        ["I need technical assistance with my modem"],
        ["What are your prices?"],
        [[call("create_ticket", steps=[], customer_name="Maria Lopez", account_number=None,
               address=None)]],
        leaves("hubspot_ticket", "Ticket"),
    ),
    "first name": Example(
        "You can include variables like [FirstName] for personalization.",
        "text",
        first_name,
        ["Can you send me the brochure?"],
        ["When do you open?"],
        [[call("send_sms")]],
        leaves("sms", "Hi Maria, here is our brochure."),
    ),
    "account manager": Example(
        "Connect the caller to their account manager when requested.",
        "voice",
        account_manager,
        ["I would like to speak to my account manager"],
        ["I would like to know your address"],
        [[call("route_deal_owner")]],
        rings("Ana Ruiz"),
    ),
    "reminder on booking": Example(
        "Send appointment reminder SMS when a booking is confirmed.",
        "text",
        reminder,
        ["I would like an appointment", "The first one, please"],
        ["I would like an appointment", "Oh, never mind"],
        [[call("manage_appointment", do="book", start=None, after=None)]],
        leaves("sms", "Reminder: see you"),
    ),
    "reschedule": Example(
        "If the contact replies ‘Reschedule’, update the calendar and send confirmation SMS.",
        "text",
        reschedule,
        ["I would like an appointment", "The first one", "Reschedule", "The second one"],
        ["I would like an appointment", "The first one", "Thank you", "See you then"],
        [
            [call("manage_appointment", do="book", start=None, after=None)],
            [],
            [],
            [call("manage_appointment", do="reschedule", start=None, after=None)],
        ],
        moved,
    ),
    "onboarding": Example(
        "Enroll the contact in the onboarding sequence after they respond to the welcome message.",
        "text",
        onboarding,
        ["Ready!"],
        ["What is this about?"],
        [[call("enroll_sequence")]],
        enrolled,
    ),
    "loyalty points": Example(
        "Call an API to update the contact’s loyalty points when they respond with a purchase "
        "confirmation.",
        "text",
        loyalty,
        ["I confirm my purchase of the heater"],
        ["How many points do I have?"],
        [[call("custom_function", purchase="the heater")]],
        called("Loyalty points: total: 120"),
    ),
    "phone and New Leads": Example(
        "If the contact provides their phone number, save it to the Phone property and add them "
        "to the New Leads list.",
        "text",
        new_lead,
        ["You can reach me at 415 555 0177."],
        ["What is your phone number?"],
        [[
            call("update_contact_property", phone="415 555 0177"),
            call("contact_disposition", changes=["add to New Leads"]),
        ]],
        on_list("New Leads", "phone", "+14155550177"),
    ),
}  # fmt: skip


@pytest.fixture
def panels(client_for: Callable[[str], Client]) -> Client:
    """A builder in a house with its basics."""
    call_command("basics")
    Person.objects.get_or_create(
        name="Ana Ruiz", email="ana@example.com", extension="204", phone="+14155550101"
    )
    Inbox.objects.get_or_create(name="Support")
    return client_for("builder")


def maria() -> Contact:
    """The sample contact who is known by name."""
    return Contact.objects.get(values__first_name="Maria")


def attempt(example: Example, panel: Panel, *, fires: bool, practice: bool) -> World:
    """The test conversation of one phrasing in one mode."""
    says = example.says if fires else example.quiet
    replies = []
    if not practice:
        for number, _ in enumerate(says):
            calls = example.calls[number] if fires and number < len(example.calls) else ()
            replies.append(Reply("" if calls else "I see.", calls))
        replies = replies or [Reply("I see.")]
    slugs = {one.name for calls in example.calls for one in calls}
    verdicts = None if practice else dict.fromkeys(slugs, 0.95 if fires else 0.05)
    world = panel.attempt(maria(), *replies, verdicts=verdicts, **example.how)
    drive = example.drive if fires else example.drive_quiet
    if drive:
        drive(world)
    else:
        talk_it(world, says)
    return world


each = pytest.mark.parametrize("name", list(EXAMPLES))
modes = pytest.mark.parametrize("practice", [True, False], ids=["practice", "model"])


@each
@modes
def test_it_fires(name: str, practice: bool, panels: Client) -> None:
    example = EXAMPLES[name]
    panel = Panel(panels, example.kind)
    uid = example.build(panel)
    world = attempt(example, panel, fires=True, practice=practice)
    if practice and panel.needs_model(uid):
        assert example.unknown and not done(world)
        return
    assert not (practice and example.unknown), "its card says nothing of a language model"
    assert example.proof(world), (world.heard.all, world.codes(), world.runs())


@each
@modes
def test_it_stays_quiet(name: str, practice: bool, panels: Client) -> None:
    example = EXAMPLES[name]
    panel = Panel(panels, example.kind)
    example.build(panel)
    world = attempt(example, panel, fires=False, practice=practice)
    assert not example.proof(world), (world.heard.all, world.codes(), world.runs())
