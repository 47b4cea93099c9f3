"""Who is called hears other words than who calls, and that an AI speaks, in one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from actions.disclosure import names_ai, opening
from tests.engine.world import make_world

pytestmark = pytest.mark.django_db
ABOUT = "Hi [FirstName|there], this is the AI assistant of [BusinessName|our team]."


def heard(direction: str, **settings: Any) -> str:
    """The first words of a call in this direction."""
    values = {"disclosure": "I am an AI.", "greeting": "Hello.", "greeting_out": ABOUT} | settings
    world = make_world([], channel="voice", direction=direction, settings=values)
    outgoing = direction == "outbound"
    world.do(world.session.answered() if outgoing else world.session.greet())
    return world.heard.all.strip()


def test_each_direction_has_its_own_words() -> None:
    assert heard("inbound") == "Hello. I am an AI."
    said = heard("outbound", business="Brightwave")
    assert said == "Hi Maria, this is the AI assistant of Brightwave."
    assert heard("outbound") == "Hi Maria, this is the AI assistant of our team."


def test_words_that_say_nothing_of_an_ai_are_followed_by_the_disclosure() -> None:
    assert heard("outbound", greeting_out="Hi, it is Brightwave.") == (
        "Hi, it is Brightwave. I am an AI."
    )
    assert heard("outbound", greeting_out="Hi.", disclose=False) == "Hi."
    assert heard("outbound", greeting_out="") == "Hello. I am an AI."


def test_a_variable_that_is_gone_does_not_leave_the_contact_in_silence() -> None:
    assert heard("outbound", greeting_out="Hi [Gone].") == "Hello. I am an AI."


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("This is the AI assistant of Brightwave", "en", True),
        ("I am a virtual assistant", "en", True),
        ("You have reached the bot of Brightwave", "en", True),
        ("This is Ana of Brightwave", "en", False),
        ("I said hello", "en", False),
        ("Our assistant will help you", "en", False),
        ("Soy un asistente de inteligencia artificial", "es", True),
        ("Soy el asistente virtual", "es", True),
        ("Le llamo de Brightwave", "es", False),
    ],
)
def test_words_that_name_an_ai(words: str, code: str, says: bool) -> None:
    assert names_ai(words, code) is says
    assert (opening(words, "Extra.", code) == words) is says
