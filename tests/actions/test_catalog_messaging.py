"""Send SMS and SMS sequence."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from pydantic import ValidationError

from actions import understood
from actions.base import ActionError, Event, Heard, Script
from actions.effects import Send
from actions.languages import ENGLISH
from agents.engine.scripts import captured
from tests.fakes.ports import NAMES, FakeContext, configured, findings, kind_of, refused, run

MARIA = {"first_name": "Maria", "phone": "+14155550142"}
TOPIC = {"id": "1", "name": "Topic", "help": "what it is about"}


def _sent(config: dict[str, Any], args: dict[str, Any] | None = None, **more: Any) -> Send:
    context = FakeContext({**MARIA}, **more)
    run("send_sms", config, args, context)
    (effect,) = context.effects
    assert isinstance(effect, Send)
    return effect


def test_a_message_goes_to_the_contact() -> None:
    sent = _sent({"text": "Hi [FirstName|there]", "from_line": "line:1"})
    assert (sent.kind, sent.to, sent.purpose) == ("sms", "+14155550142", "reply")
    assert sent.payload == {
        "text": "Hi Maria",
        "line": "line:1",
        "media": "",
        "to_contact": True,
    }
    assert _sent({"text": "Hi"}, direction="outbound").purpose == "outreach"


def test_a_message_goes_to_a_fixed_number_whatever_the_model_says() -> None:
    config = {"text": "New lead", "to": "number", "number": "external:+14155550199"}
    sent = _sent(config)
    assert (sent.to, sent.purpose) == ("+14155550199", "notification")
    with pytest.raises(ValidationError):
        _sent(config, {"number": "external:+15005550006"})


def test_a_number_that_is_not_used_is_not_sent_to() -> None:
    sent = _sent({"text": "Hi", "to": "contact", "number": "external:+14155550199"})
    assert sent.to == "+14155550142"


def test_the_model_fills_only_what_the_admin_marked() -> None:
    config = {"text": "About [Topic|it]: call us", "slots": [TOPIC]}
    assert _sent(config, {"Topic": "boilers"}).payload["text"] == "About boilers: call us"
    assert _sent(config, {"Topic": None}).payload["text"] == "About it: call us"
    for wrong in ({}, {"Topic": 1}, {"Topic": "x" * 301}, {"Topic": "x", "text": "y"}):
        with pytest.raises(ValidationError):
            _sent(config, wrong)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("a\r\nb", "a b"),
        ("\x07\x1b[0m", "[0m"),
        ("\u202eevil", "evil"),
        ("[FirstName]", "[FirstName]"),
        ("<b>", "<b>"),
    ],
)
def test_a_value_of_the_model_cannot_change_the_message(value: str, sent: str) -> None:
    config = {"text": "About [Topic|it]", "slots": [TOPIC]}
    assert _sent(config, {"Topic": value}).payload["text"] == f"About {sent}"


def test_a_message_without_words_or_too_long_is_not_sent() -> None:
    slot = {"text": "[Topic|]", "slots": [TOPIC]}
    with pytest.raises(ActionError, match="empty"):
        _sent(slot, {"Topic": None})
    with pytest.raises(ActionError, match="longer than 1600"):
        _sent({"text": "x" * 1500 + "[Topic|]", "slots": [TOPIC]}, {"Topic": "y" * 300})


def test_a_missing_name_or_number_is_said_to_the_model() -> None:
    for config, values in (({"text": "Hi [Email]"}, MARIA), ({"text": "Hi"}, {})):
        with pytest.raises(ActionError):
            run("send_sms", config, {}, FakeContext({**values}))


@pytest.mark.parametrize(
    ("change", "loc", "sentence"),
    [
        ({"text": "Reply STOP to hear more"}, ("text",), "STOP"),
        ({"to": "number"}, ("number",), "Choose the number."),
        ({"media": "http://a.example/x.png"}, ("media",), "https://"),
        ({"media": "https://user:pw@a.example/x"}, ("media",), "https://"),
        ({"slots": [{"id": "1", "name": "a b"}]}, ("slots", 0, "name"), "letters and digits"),
        ({"slots": [{"id": "1", "name": "FirstName"}]}, ("slots", 0, "name"), "already"),
        ({"slots": [{"id": "1", "name": "model_dump"}]}, ("slots", 0, "name"), "cannot be used"),
    ],
)
def test_wrong_settings_are_refused_at_their_place(
    change: dict[str, Any], loc: Any, sentence: str
) -> None:
    ((found, said),) = refused("send_sms", {"text": "Hi", **change})
    assert found == loc and sentence in said


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"text": "Hi [FirstName|there]"}, []),
        ({"text": " "}, [("error", ("text",))]),
        ({"text": "Hi [FirstNme"}, [("error", ("text",))]),
        ({"text": "Hi [open"}, [("error", ("text",))]),
        ({"text": "[Topic|it]", "slots": [TOPIC]}, []),
        ({"text": "Hi", "slots": [TOPIC]}, [("warning", ("slots", 0, "name"))]),
        ({"text": "Hi", "slots": [{"id": "1"}]}, [("error", ("slots", 0, "name"))]),
        ({"text": "[Topic|]", "slots": [TOPIC, TOPIC]}, [("error", ("slots", 1, "name"))]),
    ],
)
def test_what_the_linter_says_of_a_message(config: dict[str, Any], expected: Any) -> None:
    assert findings("send_sms", config) == expected


def test_the_card_shows_how_the_message_begins_and_where_it_goes() -> None:
    kind = kind_of("send_sms")
    config = {"text": "x" * 100, "to": "number", "number": "external:+14155550199"}
    assert kind.summary(configured(kind.slug, config), NAMES).endswith("…” to +1 415 555 0199")
    assert [need.kind for need in kind.needs] == ["line"]


def test_where_no_model_is_asked_values_stay_empty() -> None:
    kind = kind_of("send_sms")
    config = configured(kind.slug, {"text": "[Topic|it]", "slots": [TOPIC]})
    assert kind.event_arguments(config, NAMES, Event("busy")) == {"Topic": None}
    assert kind.practise(config, NAMES, Heard("hello", {})) == {"Topic": None}


@pytest.mark.parametrize("said", ["I'll text you the address.", "I have sent you a text."])
def test_a_promise_of_a_message_is_known(said: str) -> None:
    assert understood.promised(said, ENGLISH.promises["send_sms"])


# --- the sequence ----------------------------------------------------------------------------


def _step(text: str = "What is your email?", **more: Any) -> dict[str, Any]:
    return {"id": "1", "messages": [{"id": "1", "text": text}], **more}


def _script(*steps: dict[str, Any], **more: Any) -> Script:
    outcome, context = run("sms_sequence", {"steps": list(steps), **more})
    assert isinstance(outcome.flow, Script) and context.effects == []
    return outcome.flow


def test_a_sequence_hands_its_steps_to_the_engine() -> None:
    capture: dict[str, Any] = {
        "expected": "A valid email",
        "capture": "property:email",
        "max_reasks": 1,
    }
    never: dict[str, Any] = {"never": "inbox", "never_ref": "inbox:1", "reminder_hours": 4}
    script = _script(_step(**capture, **never), _step("Thanks"), completion="Bye [FirstName|]")
    first, second = script.steps
    assert first.messages == ("What is your email?",) and first.capture_kind == "email"
    assert (first.capture, first.max_reasks, first.reminder_hours) == ("property:email", 1, 4)
    assert (first.never, first.never_ref) == ("inbox", "inbox:1")
    assert (second.expected, second.capture, second.never) == ("", "", "stop")
    assert script.completion == "Bye [FirstName|]"


def test_a_choice_goes_along_with_its_values() -> None:
    script = _script(_step("Which plan?", expected="Basic or premium", capture="property:plan"))
    step = asdict(script.steps[0])
    assert step["capture_choices"] == ("Basic", "Premium")
    now = FakeContext().now()
    assert captured(step, "I take the premium one", now) == "Premium"
    with pytest.raises(ValueError, match="Basic, Premium"):
        captured(step, "the gold one", now)


def test_several_messages_stand_in_one_step() -> None:
    messages = [{"id": "1", "text": "Hi"}, {"id": "2", "text": ""}, {"id": "3", "text": "You?"}]
    script = _script({"id": "1", "messages": messages})
    assert script.steps[0].messages == ("Hi", "You?")


def test_a_step_that_says_nothing_is_left_out() -> None:
    assert len(_script(_step(""), _step("Hi")).steps) == 1
    with pytest.raises(ActionError, match="no step"):
        _script(_step(""))


def test_a_deleted_property_is_not_captured() -> None:
    script = _script(_step(expected="A valid email", capture="property:gone"))
    assert script.steps[0].capture == ""


@pytest.mark.parametrize(
    ("step", "loc"),
    [
        ({"capture": "property:email"}, ("capture",)),
        ({"expected": "yes", "never": "inbox"}, ("never_ref",)),
        ({"reask": "Reply CANCEL to go on"}, ("reask",)),
        ({"max_reasks": 11}, ("max_reasks",)),
        ({"messages": []}, ("messages",)),
        ({"messages": [{"id": "1", "text": "Text END to begin"}]}, ("messages", 0, "text")),
    ],
)
def test_a_wrong_step_is_refused_at_its_place(step: dict[str, Any], loc: Any) -> None:
    ((found, _),) = refused("sms_sequence", {"steps": [_step(**step)]})
    assert found == ("steps", 0, *loc)


def test_what_the_linter_says_of_a_sequence() -> None:
    steps = [_step("Hi [Frst"), _step(""), _step("Hi", reask="[Nme")]
    assert findings("sms_sequence", {"steps": steps, "completion": "[x"}) == [
        ("error", ("steps", 0, "messages", 0, "text")),
        ("error", ("steps", 1, "messages", 0, "text")),
        ("error", ("steps", 2, "reask")),
        ("error", ("completion",)),
    ]


def test_the_card_shows_the_steps_and_what_is_kept() -> None:
    kind = kind_of("sms_sequence")
    steps = [_step(), _step(expected="x", capture="property:email")]
    assert kind.summary(configured(kind.slug, {"steps": steps}), NAMES) == "2 steps, save Email"
    assert kind.speaks and kind.default_config("text")["steps"]
