"""Small talk in practice mode gets an answer that a person would give."""

from __future__ import annotations

import pytest

from actions.languages import LANGUAGES
from actions.practice.smalltalk import small_talk
from tests.engine.world import action, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Hello", "talk_hello"), ("Good morning!", "talk_hello"), ("hi there", "talk_hello"),
        ("How are you?", "talk_well"), ("hey, how's it going?", "talk_well"),
        ("Thanks a lot", "talk_thanks"), ("ok thank you", "talk_thanks"),
        ("Who is this?", "talk_who"), ("sorry, who's calling?", "talk_who"),
        ("Are you there?", "talk_there"), ("can you hear me", "talk_there"),
        ("Are you a robot?", "talk_robot"), ("Am I talking to a real person?", "talk_robot"),
        ("I'm not interested", "talk_not_interested"), ("no thanks", "talk_not_interested"),
        ("What can you do?", "talk_can_do"), ("I don't understand", "talk_again"),
        ("what do you mean?", "talk_again"), ("Goodbye", "talk_goodbye"),
        ("see you", "talk_goodbye"),
        ("My heater makes a noise", ""), ("The parcel is for my sister in Ohio", ""), ("", ""),
    ],
)  # fmt: skip
def test_what_is_answered(said: str, answer: str) -> None:
    assert small_talk(said) == answer


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Hola", "talk_hello"), ("¿Cómo está?", "talk_well"), ("Gracias", "talk_thanks"),
        ("¿Quién habla?", "talk_who"), ("¿Es usted un robot?", "talk_robot"),
        ("¿Sigue ahí?", "talk_there"), ("No me interesa", "talk_not_interested"),
        ("Adiós", "talk_goodbye"), ("No entiendo", "talk_again"),
    ],
)  # fmt: skip
def test_in_spanish(said: str, answer: str) -> None:
    assert small_talk(said, "es") == answer
    assert answer in LANGUAGES["es"].sentences


def test_it_says_who_it_is_and_never_pushes() -> None:
    card = action("set_dnc", "the contact says “never call again”")
    world = make_world(
        [card], practice=True, channel="chat", settings={"business": "Northgate Heating"}
    )
    for said in ("Who is this?", "Are you a robot?", "I'm not interested"):
        world.say(said)
    heard = world.heard.all
    assert "the AI assistant of Northgate Heating" in heard
    assert "I am an AI assistant, not a person." in heard
    assert heard.endswith("I understand. Thank you for your time.")
    assert world.runs() == []
