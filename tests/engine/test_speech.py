"""What may be spoken when, rule by rule and for every way a message may be cut into pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from actions.understood import Phrases
from agents.engine.speech import SpeechBuffer

PROMISES = Phrases(["i'm connecting you", "i've saved"])
TEXTS = st.lists(
    st.sampled_from(
        [
            "We open at eight.",
            "Is it 3.5 percent?",
            "Dr. Ruiz is in.",
            "I've",
            "I've saved it.",
            "I'm connecting you now.",
            "I'm",
            "connecting",
            "I",
            "Wait…",
            "“Yes.”",
            "good",
            "\n",
            "I've seen it!",
            "è già",
            "🙂",
            "save",
            "i've  saved",
        ]
    ),
    max_size=12,
).map(" ".join)
CUTS = st.lists(st.integers(0, 200), max_size=40)


def pieces(text: str, cuts: Sequence[int]) -> list[str]:
    """The text cut at these places."""
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    return [text[a:b] for a, b in pairwise(places)]


class Ear:
    """A speech and what was heard of it."""

    def __init__(self, promises: Phrases | None = PROMISES) -> None:
        self.heard: list[str] = []
        self.speech = SpeechBuffer(self._say, promises)

    async def _say(self, piece: str) -> None:
        self.heard.append(piece)

    def feed(self, *parts: str) -> str:
        """Feed pieces; everything that was heard so far."""
        for part in parts:
            asyncio.run(self.speech.feed(part))
        return self.all

    @property
    def all(self) -> str:
        """Everything that was heard."""
        return "".join(self.heard)


def test_the_mouth_is_open_from_the_first_token() -> None:
    ear = Ear()
    assert ear.feed("We ") == "We "
    assert ear.feed("open") == "We open"
    assert ear.heard == ["We ", "open"] and ear.speech.held == ""


def test_it_closes_at_the_end_of_the_running_sentence() -> None:
    ear = Ear()
    ear.feed("We open")
    ear.speech.close()
    assert ear.feed(" at eight. And") == "We open at eight."
    assert ear.feed(" we close at six. ") == "We open at eight."
    assert ear.speech.held.strip() == "And we close at six."


def test_the_rest_of_the_running_sentence_is_spoken_as_it_comes() -> None:
    ear = Ear()
    ear.feed("We open")
    ear.speech.close()
    assert ear.feed(" at") == "We open at"
    assert ear.feed(" eight") == "We open at eight"


def test_a_full_stop_at_the_end_of_a_piece_ends_the_sentence_with_the_next_piece() -> None:
    ear = Ear()
    ear.feed("We open at eight.")
    ear.speech.close()
    assert ear.feed(" And") == "We open at eight."


def test_a_number_with_a_point_is_no_end_of_a_sentence() -> None:
    ear = Ear()
    ear.feed("It costs")
    ear.speech.close()
    assert ear.feed(" 3.5 dollars. Then") == "It costs 3.5 dollars."


def test_before_the_first_token_nothing_is_spoken() -> None:
    ear = Ear()
    ear.speech.close()
    assert ear.feed("We open. ", "Really.") == ""
    assert ear.speech.held == "We open. Really."


def test_white_space_is_no_first_token() -> None:
    ear = Ear()
    ear.feed("\n ")
    ear.speech.close()
    assert ear.feed("We open.").strip() == ""


def test_only_the_shortest_tail_that_may_begin_a_promise_waits() -> None:
    ear = Ear()
    ear.feed("Yes, I'm")
    assert "Yes, " in ear.all and ear.speech.held.strip() == "I'm"
    assert ear.feed(" happy") == "Yes, I'm happy", "no promise after all: the tail goes out"


def test_a_completed_promise_is_held_with_all_that_follows() -> None:
    ear = Ear()
    ear.feed("Sure. ", "I've sa", "ved it. ", "Goodbye.")
    assert ear.speech.promised
    assert ear.all.strip() == "Sure." and ear.speech.held.strip() == "I've saved it. Goodbye."


def test_a_held_promise_is_spoken_when_it_is_released() -> None:
    ear = Ear()
    ear.feed("Sure. I've saved it.")
    asyncio.run(ear.speech.release())
    assert ear.all == "Sure. I've saved it." and ear.speech.held == ""


def test_what_is_dropped_is_never_spoken() -> None:
    ear = Ear()
    ear.feed("Sure. I've saved it.")
    dropped = ear.speech.drop()
    asyncio.run(ear.speech.release())
    assert dropped.strip() == "I've saved it." and ear.all.strip() == "Sure."
    assert ear.speech.held == ""


def test_a_mere_tail_is_spoken_at_the_end() -> None:
    ear = Ear()
    ear.feed("So am I'm")
    asyncio.run(ear.speech.finish())
    assert ear.all == "So am I'm"


def test_the_end_of_a_message_does_not_open_a_closed_mouth() -> None:
    ear = Ear()
    ear.speech.close()
    ear.feed("Hello.")
    asyncio.run(ear.speech.finish())
    assert ear.all == ""


def test_without_promises_nothing_waits() -> None:
    assert Ear(None).feed("I'm", " connecting", " you") == "I'm connecting you"


@settings(max_examples=150, deadline=None)
@given(TEXTS, CUTS, st.integers(0, 40), st.booleans())
def test_spoken_and_held_are_what_was_fed(
    text: str, cuts: list[int], close_at: int, release: bool
) -> None:
    ear = Ear()
    fed = ""
    for number, piece in enumerate(pieces(text, cuts)):
        if number == close_at:
            ear.speech.close()
        fed += piece
        ear.feed(piece)
        assert ear.speech.spoken + ear.speech.held == fed
        assert ear.all == ear.speech.spoken
    if release:
        asyncio.run(ear.speech.release())
        assert ear.all == text and not ear.speech.held
    else:
        said, held = ear.speech.spoken, ear.speech.drop()
        assert said + held == text and ear.all == said


@settings(max_examples=150, deadline=None)
@given(TEXTS, CUTS)
def test_chunking_never_changes_what_is_spoken(text: str, cuts: list[int]) -> None:
    whole, cut = Ear(), Ear()
    whole.feed(*pieces(text, []))
    cut.feed(*pieces(text, cuts))
    for ear in (whole, cut):
        asyncio.run(ear.speech.finish())
    assert whole.all == cut.all and whole.speech.promised == cut.speech.promised


@settings(max_examples=150, deadline=None)
@given(TEXTS, CUTS)
def test_no_word_of_a_promise_is_spoken_before_it_is_settled(text: str, cuts: list[int]) -> None:
    ear = Ear()
    ear.feed(*pieces(text, cuts))
    assert PROMISES.found(ear.all) is None
