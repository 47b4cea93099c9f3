"""While a script has the turn: other words are heard too, and then it asks again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import pytest

from actions import registry
from actions.base import Outcome, Script, ScriptStep
from agents.contacts.models import Contact
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.engine.compiled import CompiledAction
from agents.engine.judging import JudgeAnswer, Reading
from agents.routing.models import Person
from integrations.llm.types import ModelError
from tests.engine import kinds
from tests.engine.test_orders import _call
from tests.engine.world import Reply, ScriptedJudge, World, action, call, make_world

pytestmark = pytest.mark.django_db
EMAIL = "maria@lopez.example"
DOWN = ModelError("unavailable", "The model server answered 503.")


class Greeted(kinds.Steps):
    """A sequence whose texts name the contact."""

    slug = "t_greeted"

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """One step that is asked again."""
        first = "Hi [FirstName], are you still with [Company]?"
        step = ScriptStep((first,), "Any positive response", reask="[FirstName|You], yes or no?")
        return Outcome("Sequence started", flow=Script((step,), "Thanks, [FirstName] [LastName]."))


class Judging(ScriptedJudge):
    """A judge that fails whenever it is asked."""

    def __init__(self, how: str) -> None:
        super().__init__({})
        self.how = how

    async def ask(self, actions: Sequence[CompiledAction], reading: Reading) -> JudgeAnswer:
        """Fail in the chosen way."""
        if self.how == "503":
            raise DOWN
        if self.how == "bug":
            raise RuntimeError("a bug")
        await asyncio.sleep(30)
        return JudgeAnswer()


@pytest.fixture(autouse=True)
def _greeted() -> Iterator[None]:
    registry.register(Greeted)
    yield
    registry.unregister(Greeted.slug)


def _extension(*others: dict[str, Any], **more: Any) -> World:
    """A call that has been asked which extension."""
    Person.objects.create(name="Ana Ruiz", extension="204", phone="+14155550101")
    config = {"tries": 5, **more.pop("config", {})}
    world = make_world(
        [action("route_extension", config=config), *others],
        Reply("", [call("route_extension", extension=None)]),
        verdicts={"route_extension": 0.99},
        channel="voice",
        **more,
    )
    world.say("an extension please")
    _quiet(world)
    return world


def _confirm(*others: dict[str, Any]) -> World:
    """A thread that has been asked whether a value is right."""
    world = make_world(
        [action("t_confirm"), *others],
        Reply("", [call("t_confirm", value="x@lopez.example")]),
        verdicts={"t_confirm": 0.99},
    )
    world.say("x@lopez.example")
    _quiet(world)
    return world


def _sequence(*others: dict[str, Any]) -> World:
    """A thread in the first step of a sequence that asks for an address."""
    world = make_world(
        [action("t_steps"), *others],
        Reply("", [call("t_steps")]),
        verdicts={"t_steps": 0.99},
    )
    world.say("start")
    _quiet(world)
    return world


def _quiet(world: World) -> None:
    """What is looked at begins here; from now on the proposal alone decides."""
    world.chat.requests.clear()
    world.heard.pieces.clear()
    world.session.engine.models.judge = None


SCRIPTS = pytest.mark.parametrize(
    ("made", "asks"),
    [
        (_extension, "extension"),
        (_confirm, "Is x@lopez.example right?"),
        (_sequence, "What is your email?"),
    ],
    ids=["extension", "confirmation", "sequence"],
)


@SCRIPTS
def test_what_the_contact_tells_meanwhile_is_kept_and_it_asks_again(made: Any, asks: str) -> None:
    world = made(action("t_save"))
    world.chat.replies = [Reply("", [call("t_save", value=EMAIL)])]
    turn = world.say("by the way, my husband can be reached too")
    assert ActionRun.objects.get(type="t_save").status == "done"
    assert world.conversation.facts.contact.values["email"] == EMAIL
    assert asks in turn.spoken and world.codes()["t_save"] == "fired"
    assert world.row().memory["script"], "the question is still open"


@SCRIPTS
def test_a_side_question_is_answered_and_then_it_asks_again(made: Any, asks: str) -> None:
    world = made(action("t_save"))
    world.chat.replies = [Reply("We open at eight.")]
    turn = world.say("When do you open?")
    assert turn.spoken.startswith("We open at eight.")
    assert turn.spoken.index(asks) > turn.spoken.index("eight")
    assert world.row().memory["script"]


@SCRIPTS
def test_nothing_consequential_and_no_ending_runs_meanwhile(made: Any, asks: str) -> None:
    world = made(action("t_move"), action("t_bye"), action("t_save"))
    world.chat.replies = [Reply("", [_call("t_move"), call("t_bye")]), Reply("At eight.")]
    turn = world.say("Could you tell me when you open?")
    offered = {name for number in range(len(world.chat.requests))
               for name in world.chat.tools(number)}  # fmt: skip
    assert not offered & {"t_move", "t_bye", "route_extension"}
    assert world.row().state == Conversation.State.OPEN and asks in turn.spoken
    codes = world.codes()
    assert codes["t_move"] == codes["t_bye"] == "script_turn" or made is not _extension
    assert not ActionRun.objects.filter(type__in=("t_move", "t_bye")).exists()


@SCRIPTS
@pytest.mark.parametrize("words", ["hm, let me think about that", "When do you open?"])
def test_a_dead_model_does_not_keep_the_script_from_asking_again(
    made: Any, asks: str, words: str
) -> None:
    world = made(action("t_save"))
    world.chat.replies = [Reply(error=DOWN) for _ in range(4)]
    turn = world.say(words)
    assert asks in turn.spoken and ("sorry" in turn.spoken) == ("?" in words)
    assert world.row().memory["script"]
    assert Turn.objects.get(id=turn.row.id).state == Turn.State.DONE


def test_the_extension_after_a_side_question_still_rings() -> None:
    world = _extension(action("t_save"))
    world.chat.replies = [Reply("We open at eight.")]
    world.say("When do you open?")
    world.say("two zero four")
    assert world.row().state == Conversation.State.RINGING
    assert world.runs() == [("route_extension", "running")]


def test_by_rule_the_address_said_meanwhile_is_saved_too() -> None:
    fields = [{"id": "1", "property": "property:email"}]
    saving = action(
        "update_contact_property", "the contact gives an e-mail address", config={"fields": fields}
    )
    Person.objects.create(name="Ana Ruiz", extension="204", phone="+14155550101")
    world = make_world(
        [action("route_extension", "the caller asks for an extension"), saving],
        channel="voice",
        practice=True,
    )
    world.say("Can you put me through to an extension?")
    turn = world.say(f"my email is {EMAIL}")
    assert world.conversation.facts.contact.values["email"] == EMAIL
    assert "extension" in turn.spoken and world.row().memory["script"]


def test_who_wants_no_more_contact_is_heard_in_every_script() -> None:
    world = _sequence(action("set_dnc", "the contact wants no more contact"))
    world.chat.replies = [Reply("", [call("set_dnc", words="enough")])]
    world.say("I have had enough of this")
    assert world.conversation.facts.contact.dnc


# --- the judge of a step ----------------------------------------------------------------------


@pytest.mark.parametrize("how", ["503", "hangs"])
def test_a_judge_that_fails_leaves_the_step_open_and_it_is_asked_again(
    how: str, settings: Any
) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "judge": 0.02}
    step = {
        "id": "1",
        "messages": [{"id": "1", "text": "Tell us about your roof."}],
        "expected": "They describe damage to a roof",
    }
    world = make_world(
        [action("sms_sequence", config={"steps": [step], "completion": "Thank you."})],
        Reply("", [call("sms_sequence")]),
        channel="sms",
        verdicts={"sms_sequence": 0.99},
    )
    world.say("start")
    world.session.engine.models.judge = Judging(how)
    turn = world.say("the storm took half of it")
    row = Turn.objects.get(id=turn.row.id)
    assert row.state == Turn.State.DONE and row.reply == "Tell us about your roof."
    assert world.row().memory["script"]["reasks"] == 1
    assert world.codes() == {"sms_sequence": "script_turn"}


# --- texts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("sandbox", [True, False])
def test_a_missing_value_leaves_no_brackets_in_what_a_script_says(sandbox: bool) -> None:
    contact = Contact.objects.create(values={}, phone="+14155550142")
    world = make_world(
        [action("t_greeted")],
        Reply("", [call("t_greeted")]),
        verdicts={"t_greeted": 0.99},
        channel="sms",
        contact=contact,
        sandbox=sandbox,
    )
    world.say("hello")
    assert "are you still with" in world.heard.all
    world.chat.replies = [Reply("", [])]
    world.say("hm")
    assert "You, yes or no?" in world.heard.all
    world.say("yes")
    assert world.heard.all.endswith("Thanks.")
    assert "[" not in world.heard.all and "]" not in world.heard.all
    assert world.row().memory["script"] == {}
    said = orjson.dumps(list(Turn.objects.values_list("reply", flat=True))).decode()
    assert "[FirstName" not in said and "[Company" not in said
