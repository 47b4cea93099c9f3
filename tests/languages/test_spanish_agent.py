"""A Spanish agent on the real engine: what it says by itself is a Spanish sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from actions.languages import ENGLISH, language
from agents.calendars.forms import CalendarForm, Hours, ServiceRow
from agents.calendars.services import save_calendar
from agents.contacts.models import Contact, Property
from agents.conversations.models import ActionRun, Turn
from agents.engine import compiled
from agents.routing.models import Person
from tests.engine.world import Reply, World, action, call, make_world

pytestmark = pytest.mark.django_db
SPANISH = language("es")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNSET = {"greeting": ENGLISH.say("greeting"), "disclosure": ENGLISH.say("disclosure")}


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    compiled.forget()
    yield
    compiled.forget()


def _pattern(template: str) -> str:
    return re.sub(r"\\\{\w+\\\}", ".+?", re.escape(template))


def _is_spanish(said: str, own: tuple[str, ...] = ()) -> bool:
    """Whether it is made of the Spanish sentences and of the admin's own words alone."""
    known = "|".join(_pattern(text) for text in (*SPANISH.sentences.values(), *own))
    return re.fullmatch(rf"(?:(?:{known})\s*)+", said) is not None


def _calendar() -> dict[str, str]:
    hours = Hours(zone="UTC", **dict.fromkeys(WEEK, "8:00-18:00"))
    form = CalendarForm(
        name="Visitas", services=[ServiceRow(name="Visita", minutes=30)], hours=hours
    )
    row = save_calendar(form=form)
    return {"calendar": f"calendar:{row.pk}", "service": f"service:{row.services.get().pk}"}


def _names(**more: str) -> dict[str, str]:
    labels = {"property:first_name": "Nombre", "property:phone": "Teléfono"}
    Property.objects.get_or_create(key="first_name", defaults={"label": "Nombre", "kind": "text"})
    Property.objects.get_or_create(key="phone", defaults={"label": "Teléfono", "kind": "phone"})
    return labels | more


def _said(world: World) -> list[str]:
    rows = Turn.objects.filter(conversation_id=world.conversation.id).order_by("number")
    return [row.reply for row in rows if row.reply]


class TestCall:
    """A test call in practice mode, where every word is the engine's own."""

    @pytest.fixture
    def world(self) -> World:
        Person.objects.create(name="Ana Ruiz", extension="555", phone="+14155550101")
        there = _calendar()
        fields = [
            {"id": "1", "property": "property:email", "read_back": True},
            {"id": "2", "property": "property:first_name"},
        ]
        return make_world(
            [
                action("manage_appointment", "dice “cita”", config=there),
                action("update_contact_property", "dice “correo”", config={"fields": fields}),
                action("route_extension", "dice “extensión”", config={"tries": 3}),
                action(
                    "transfer_call",
                    "dice “ventas”",
                    config={"destinations": [{"id": "1", "ref": "person:1"}]},
                ),
                action("end_call", "dice “adiós”"),
            ],
            channel="voice",
            practice=True,
            names=_names(**{there["calendar"]: "Visitas", there["service"]: "Visita"}),
            settings={"language": "es", **UNSET},
        )

    def test_every_sentence_is_spanish(self, world: World) -> None:
        world.do(world.session.greet())
        assert world.heard.all.startswith("Hola, ¿en qué le puedo ayudar?")
        for said in (
            "Hola, buenas tardes",
            "Quisiera una cita",
            "¿Hablan inglés?",
            "el segundo",
            "Mi correo es ana arroba",
            "Mi correo es ana arroba ejemplo punto com",
            "mmm, no sé",
            "sí, claro",
            "Quiero marcar una extensión",
            "no la sé",
            "cinco cinco cinco",
        ):
            world.say(said)
        world.do(world.session.leg("no_answer"))
        world.say("¿Me comunica con ventas?")
        world.do(world.session.leg("busy"))
        world.say("ya no me llamen por favor")
        world.say("adiós")
        said = _said(world)
        assert not [one for one in said if not _is_spanish(one)]
        whole = " ".join(said)
        for key in (
            "disclosure", "practice_answer", "offered", "which_time", "half_email", "read_back",
            "which_extension", "unknown_extension", "connecting", "nobody_free", "opted_out",
            "goodbye", "booked",
        ):  # fmt: skip
            assert re.search(_pattern(SPANISH.sentences[key]), whole), key
        assert world.row().state == "ended"

    def test_what_was_said_in_spanish_was_understood(self, world: World) -> None:
        world.say("Quisiera una cita mañana a las diez")
        world.say("mañana a las diez")
        world.say("Mi correo es ana arroba ejemplo punto com, me llamo Ana María López")
        world.say("no")
        world.say("Mi correo es ana arroba ejemplo punto com")
        world.say("sí, es correcto")
        snapshot = world.row().world
        assert [one["start"][11:16] for one in snapshot["bookings"]] == ["10:00"]
        assert snapshot["contact"]["values"]["email"] == "ana@ejemplo.com"
        assert snapshot["contact"]["values"]["first_name"].startswith("Ana")


STEPS: list[dict[str, Any]] = [
    {
        "id": "1",
        "messages": [{"id": "1", "text": "¿Le interesa una revisión sin costo?"}],
        "expected": "sí",
        "reask": "¿Sí o no?",
        "reminder_hours": 4,
    },
    {
        "id": "2",
        "messages": [{"id": "1", "text": "¿Cuál es su nombre?"}],
        "expected": "su nombre completo",
        "capture": "property:first_name",
    },
    {
        "id": "3",
        "messages": [{"id": "1", "text": "¿A qué número le llamamos?"}],
        "expected": "un teléfono válido",
        "capture": "property:phone",
        "reask": "No lo entendí. ¿Me da el número con código de área?",
    },
    {
        "id": "4",
        "messages": [{"id": "1", "text": "¿Qué día le conviene?"}],
        "expected": "una fecha",
    },
]
DONE = "Gracias, [FirstName]. Le llamamos pronto."


class TestSequence:
    """An SMS sequence, answered as people answer."""

    @pytest.fixture
    def world(self) -> World:
        contact = Contact.objects.create(values={"phone": "+14155550142"}, phone="+14155550142")
        start = Reply("", [call("sms_sequence")])
        return make_world(
            [action("sms_sequence", config={"steps": STEPS, "completion": DONE})],
            start,
            verdicts={"sms_sequence": 0.99},
            channel="sms",
            contact=contact,
            names=_names(),
            settings={"language": "es", **UNSET},
        )

    def test_steps_reask_reminder_and_completion(self, world: World) -> None:
        world.do(world.session.greet())
        world.say("quiero empezar")
        world.say("este, no entendí")
        world.do(world.session.skip(5 * 3600))
        world.say("claro que sí")
        world.say("soy Ana María López")
        world.say("no me acuerdo")
        world.say("cuatro uno cinco cinco cinco cinco cero uno nueve nueve")
        world.say("mañana a las diez")
        said = _said(world)
        own = [message["text"] for step in STEPS for message in step["messages"]]
        own += [step["reask"] for step in STEPS if "reask" in step]
        own += ["Gracias, Ana María. Le llamamos pronto.", "Gracias, Ana. Le llamamos pronto."]
        assert not [one for one in said if not _is_spanish(one, tuple(own))]
        assert said.count("¿Sí o no?") == 2  # asked again, and reminded
        assert "No lo entendí. ¿Me da el número con código de área?" in said
        assert said[-1].startswith("Gracias, Ana")
        assert world.row().world["contact"]["values"]["phone"] == "+14155550199"
        run = ActionRun.objects.get(conversation_id=world.conversation.id)
        assert run.outcome == "completed"

    @pytest.mark.parametrize("said", ["BAJA", "no me escriban más", "STOP"])
    def test_opting_out_ends_it(self, world: World, said: str) -> None:
        world.say("quiero empezar")
        turn = world.say(said)
        assert world.conversation.facts.contact.dnc and not turn.spoken
        assert not world.conversation.memory.script


def test_an_agent_of_a_language_without_a_folder_speaks_english() -> None:
    world = make_world([], channel="voice", practice=True, settings={"language": "fr", **UNSET})
    world.do(world.session.greet())
    world.say("bonjour")
    assert _said(world) == [
        f"{ENGLISH.say('greeting')} {ENGLISH.say('disclosure')}", ENGLISH.say("practice_answer"),
    ]  # fmt: skip


def test_words_of_an_admin_stay_what_they_are() -> None:
    settings = {"language": "es", "greeting": "¡Bienvenido!", "disclosure": ""}
    world = make_world([], channel="voice", practice=True, settings=settings)
    world.do(world.session.greet())
    assert _said(world) == ["¡Bienvenido!"]
