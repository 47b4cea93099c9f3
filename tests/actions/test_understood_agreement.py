"""Yes and no: a short yes is one, whatever takes it back or puts it off is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.practice import expected_response
from actions.text import listed
from actions.understood import negative, positive, yes_no

DOUBTFUL = (
    "yep, cancel",
    "okay so the thing is I changed my mind",
    "yes I do not want that",
    "alright, hold on",
    "yes but not today",
    "yes, wait",
    "yeah, hang on a second",
    "yes, one moment",
    "ok give me a minute",
    "sure, if it is free",
    "yes, only if it is free",
    "yes unless it costs something",
    "yes, but later",
    "okay, maybe",
    "yeah I guess",
    "yes I think so",
    "yes, actually no",
    "yeah, no",
    "yes, never mind",
    "okay, forget it",
    "yes, stop it",
    "okay stop",
    "yes please don't",
    "ok dont",
    "sure, why would I?",
    "yes, what does it cost?",
    "ok, how long does it take",
    "yes, who are you?",
    "okay I have a question",
    "yes I have another question",
    "right, I was just asking",
    "right, that is my problem",
    "fine, I'll do it myself",
    "great, another robot",
    "yeah right",
    "yeah, as if",
    "yeah, whatever",
    "ok whatever",
    "ok bye",
    "okay, goodbye then",
    "yes, let me check first",
    "yes let me ask my wife",
    "okay I need to think",
    "ok I have to go",
    "yes I will call back",
    "yes, hello, I need help with my invoice",
    "okay hello",
    "yes that is the wrong number",
    "yes that is a mistake",
    "yes it is too expensive",
    "sure, another time",
    "yes, someone else please",
    "yes, something different",
    "I would rather talk to a person, yes",
    "yes I'd rather wait",
    "yes, instead of Tuesday",
    "yes, until Friday",
    "yes, after I have talked to my husband",
    "ok I called yesterday about my bill",
    "okay so I moved",
    "ok my name is Maria Lopez",
    "yes I called in last week and nobody answered me about the bill",
    "okay listen",
    "okay look",
    "ok hear me out",
    "yes...",
    "ok…",
    "yes, um",
    "yes and",
    "yeah so",
    "yes or no",
    "y/n",
    "yes 👎",
    "👍 but wait",
    "ok 🤔",
    "yes, right?",
    "ok?",
    "yes, is that safe?",
    "yes, are you sure?",
    "no, yes",
    "no wait, go ahead",
    "no, actually do it",
    "sure, sorry, I can't",
    "yes sorry",
    "yes, remove me",
    "yes, please unsubscribe",
    "yes, hmm, difficult",
    "yes I was wondering",
    "yes, without the extras",
    "yes, I wanted something",
    "yes, except Monday",
    "sure, I doubt it",
    "okay good for you",
    "good morning",
    "good question",
    "correct me there",
    "please help me",
    "yes on second thought",
    "ok hold",
    "yes, undo that",
    "yes, I hardly know you",
    "ok, it depends",
    "sounds good but let me check",
    "that works for me, except on Mondays",
    "yes, as long as it is free",
    "yes, say that again",
    "yes, tell me more",
    "sure, repeat that",
)
YES = (
    "yes",
    "Yes.",
    "YES!",
    "y",
    "Y",
    "yep",
    "yup",
    "yeah",
    "yess",
    "ok",
    "OK",
    "kk",
    "okay",
    "sure",
    "sure thing",
    "👍",
    "👍🏽",
    "✅ thanks",
    "👍 sounds good",
    "yes please",
    "yes, please do",
    "yeah, do it",
    "yes, that is right",
    "yes thats right",
    "correct",
    "that's correct",
    "exactly",
    "go ahead",
    "yes, go ahead please",
    "ok go ahead and book it",
    "yes that works for me",
    "works for me",
    "sounds good",
    "Sounds great to me",
    "absolutely",
    "definitely",
    "of course",
    "yes, of course",
    "by all means",
    "yes yes yes",
    "yes, yes, I do",
    "yes ma'am",
    "yes, Ana",
    "ok, Ana",
    "sure thing, Ana",
    "yes thank you very much",
    "ok great, thanks",
    "lets do it",
    "ok let's do it",
    "yes, transfer me",
    "okay, connect me please",
    "yes, send it now",
    "sure, why not",
    "why not?",
    "no problem",
    "no problem, go ahead",
    "yes I don't mind",
    "um, yes",
    "oh, okay then",
    "yes, uh, please",
    "sorry, yes",
    "yes, Tuesday at 3 would be great",
    "sure, tomorrow works",
    "Yes, can you come at 3?",
    "yes, could you please?",
    "I'd love to",
    "I would like that",
    "I agree",
    "confirmed",
    "I confirm",
    "perfect, thanks",
    "fine by me",
    "all right",
    "count me in",
    "can't wait",
)
NO = (
    "no",
    "No.",
    "NO!",
    "n",
    "N",
    "nope",
    "nah",
    "no thanks",
    "no thank you",
    "no, thank you very much",
    "not really",
    "not now",
    "not today",
    "not yet",
    "not this time",
    "not at all",
    "not interested",
    "I'm not interested",
    "I am not interested, sorry",
    "I don't think so",
    "i dont think so",
    "I don't want that",
    "I do not want to",
    "I don't",
    "please don't",
    "please do not",
    "don't do it",
    "dont",
    "don't call me",
    "never",
    "never mind",
    "no way",
    "absolutely not",
    "definitely not",
    "certainly not",
    "of course not",
    "I'd rather not",
    "rather not",
    "I can't",
    "I won't",
    "I cannot",
    "no I am busy",
    "no, do not do that",
    "no, leave it",
    "no, forget it",
    "forget it",
    "no, cancel that",
    "no sir",
    "no ma'am",
    "thanks but no thanks",
    "sorry, no",
    "um, no",
    "no no no",
    "I decline",
    "👎",
    "❌",
    "👎 thanks",
)
FIRM = ("yes", "Yes,", "yeah", "yep", "Y", "sure,", "ok", "okay", "alright,", "absolutely", "👍")
POLITE = ("", "please", "thanks", "Ana", "that is right", "yes", "great", "sure thing")
TAKES_BACK = (
    "no",
    "not today",
    "don't",
    "I do not want that",
    "never",
    "I can't",
    "nothing of that",
    "cancel",
    "but wait",
    "but",
    "hold on",
    "actually",
    "I changed my mind",
    "maybe",
    "I guess",
    "not sure",
    "stop",
    "if it is free",
    "later",
    "let me think",
    "one moment",
    "instead",
    "forget it",
    "first tell me the price",
    "what does it cost",
    "somebody else",
)
STORY = listed("my bill from last month sent twice to our street in the big town by your office")


def test_the_lists_are_long_enough_and_have_no_doubles() -> None:
    for phrases, at_least in ((DOUBTFUL, 65), (YES, 40), (NO, 40)):
        assert len(set(phrases)) == len(phrases) >= at_least


@pytest.mark.parametrize("text", DOUBTFUL)
def test_doubt_is_no_yes(text: str) -> None:
    assert yes_no(text) is not True


@pytest.mark.parametrize("text", YES)
def test_a_short_yes_is_a_yes(text: str) -> None:
    assert yes_no(text) is True
    assert positive(text)
    assert expected_response("Any positive response").match(text)


@pytest.mark.parametrize("text", NO)
def test_a_no_is_a_no(text: str) -> None:
    assert yes_no(text) is False
    assert negative(text)
    assert positive(text) is None


@given(st.sampled_from(FIRM), st.lists(st.sampled_from(POLITE), max_size=3),
       st.sampled_from(TAKES_BACK), st.sampled_from(POLITE))  # fmt: skip
def test_what_takes_a_yes_back_wins(yes: str, polite: list[str], but: str, end: str) -> None:
    assert yes_no(" ".join(filter(None, (yes, *polite, but, end)))) is not True


@given(st.sampled_from(FIRM), st.lists(st.sampled_from(POLITE), max_size=3, unique=True))
def test_politeness_a_name_and_repetition_leave_a_yes_a_yes(yes: str, more: list[str]) -> None:
    assert yes_no(" ".join(filter(None, (yes, *more)))) is True


@given(st.sampled_from(FIRM), st.lists(st.sampled_from(STORY), min_size=9, max_size=20))
def test_a_yes_that_goes_on_and_on_is_none(yes: str, story: list[str]) -> None:
    assert yes_no(f"{yes} {' '.join(story)}") is not True


@pytest.mark.parametrize(
    "text",
    [
        "Yes, my email is maria@lopez.com",
        "yes I would like to have the report for our three offices in Boston",
        "tell me more",
        "yes, tell me more",
        "sure, tell me more",
        "Yes, call me back tomorrow",
        "yes, I am interested in the bigger one for my company",
    ],
)
def test_a_script_takes_a_longer_yes_too(text: str) -> None:
    """It answers “Shall we go on?”, and nothing consequential hangs on it."""
    assert expected_response("Any positive response").match(text)


@pytest.mark.parametrize(
    "text", ["yep, cancel", "alright, hold on", "yes but not today", "yes I do not want that"]
)
def test_a_script_takes_no_doubt_for_a_yes(text: str) -> None:
    assert expected_response("Any positive response").match(text) is None
    assert expected_response("says yes").match(text) is None
