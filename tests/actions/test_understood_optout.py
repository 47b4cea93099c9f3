"""Opting out: reserved words, wording, and templates that would misuse a word."""

from __future__ import annotations

import pytest

from actions.understood import (
    invites_reserved_word,
    opt_in_word,
    opt_out_word,
    opt_out_wording,
)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("STOP", "STOP"), ("stop.", "STOP"), ("Stop!!! 😡", "STOP"), ("“STOP”", "STOP"),
        ("stop all", "STOPALL"), ("STOPALL", "STOPALL"), ("opt-out", "OPTOUT"),
        ("Opt Out", "OPTOUT"), ("optout", "OPTOUT"), ("quit", "QUIT"), ("END", "END"),
        ("revoke", "REVOKE"), ("cancel", "CANCEL"), ("Unsubscribe", "UNSUBSCRIBE"),
        ("ＳＴＯＰ", "STOP"), ("st\u200bop", "STOP"), ("please stop", "STOP"),
        ("stop it there", None), ("don't stop", None), ("cancel please", None), ("nonstop", None),
        ("stop by", None), ("", None), ("😀", None), ("the end", None),
    ],
)  # fmt: skip
def test_opt_out_word(text: str, word: str | None) -> None:
    assert opt_out_word(text) == word


@pytest.mark.parametrize(
    ("text", "word"),
    [("START", "START"), ("unstop!", "UNSTOP"), ("yes", None), ("start now", None)],
)
def test_opt_in_word(text: str, word: str | None) -> None:
    assert opt_in_word(text) == word


@pytest.mark.parametrize(
    "text",
    [
        "stop calling me", "Please stop calling me!", "Can you stop texting me", "STOP CALLING",
        "please stop writing to me", "stop writing me",
        "I want you to stop calling me.", "I told you to stop calling me", "quit calling me",
        "stop sending me messages", "stop sending these texts", "please stop all messages",
        "take me off your list", "take me off of your calling list", "remove me from your list",
        "please remove my number from your database", "Remove me.", "don't contact me again",
        "do not call this number", "Do not call me", "don’t text me anymore", "never call me again",
        "leave me alone and never text me", "leave me alone", "lose my number",
        "I don't want any more calls", "I do not want to be contacted",
        "I don't want you to call me", "I no longer wish to receive messages from you" ,
        "I don't want to hear from you", "unsubscribe me", "I want to unsubscribe",
        "how do I opt out?", "opt me out", "put me on your do not call list",
        "I revoke my consent", "no more texts please", "If you don't stop calling me I will sue",
        "why won't you stop calling me", "you were asked not to call me again",
        "stop harassing me", "Stop  calling   me",
    ],
)  # fmt: skip
def test_wording(text: str) -> None:
    found = opt_out_wording(text)
    assert found
    assert text[found.start : found.end] == found.quote


@pytest.mark.parametrize(
    "text",
    [
        "don't stop calling me", "please don't ever stop texting me",
        "can you stop the water?", "stop by my house", "when does the bus stop",
        "my doctor told me to stop calling it a disease", "my mom told me to stop calling her",
        "tell him to stop calling me", "my ex won't stop calling me", "don't call me Bob",
        "don't call me before nine", "Don't call me, I'll call you", "why didn't you call me",
        "you never call me back", "take me off hold", "take me off speaker",
        "remove me from the waiting list", "did you take me off your list?",
        "I don't want to lose my number", "my kids never leave me alone",
        "can I opt out of the extended warranty?", "I don't want to unsubscribe",
        "stop texting while driving", "please call me back", "I don't want to be late",
        "cancel my appointment", "I have no more messages left on my plan", "they do not call me",
        "I didn't ask you to stop calling me", "if I unsubscribe, do I lose my data?", "",
    ],
)  # fmt: skip
def test_not_wording(text: str) -> None:
    assert opt_out_wording(text) is None


@pytest.mark.parametrize(
    ("template", "word"),
    [
        ("Reply CANCEL to cancel.", "CANCEL"),
        ("Reply YES to confirm or CANCEL to cancel", "CANCEL"),
        ("Text “end” to end your subscription", "END"),
        ("reply with quit to leave the game", "QUIT"),
        ("Reply STOP to cancel your appointment", "STOP"),
        ("Answer stop or go", "STOP"),
        ("Reply STOP to opt out", None),
        ("Reply STOP to unsubscribe, HELP for help.", None),
        ("Text STOP to cancel", None),
        ("Msg rates apply. Reply HELP for help, STOP to end.", None),
        ("Reply STOP if you no longer wish to receive texts", None),
        ("Reply END to stop messages", None),
        ("Reply to cancel your appointment", None),
        ("Send us your end date", None),
        ("Your trip ends today. Stop by our office!", None),
        ("Hi [FirstName], reply YES or NO", None),
    ],
)
def test_invites_reserved_word(template: str, word: str | None) -> None:
    assert invites_reserved_word(template) == word
