"""Conditions in plain language: how the card puts it, what meets them and what does not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from actions.practice import expected_response, understand

PRICING = "Transfer the call to Sales if the customer asks about pricing."
ACCOUNT = "Connect the caller to their account manager when requested."
NO_ANSWER = "If the customer does not answer, set disposition to No Answer and end the call."
EMAIL = "If the customer provides their email, save it to the Email field."
STOP_CALLING = "“stop calling me”"
PHONE = (
    "If the contact provides their phone number, save it to the Phone property "
    "and add them to the New Leads list."
)
RESCHEDULE = "If the contact replies ‘Reschedule’, update the calendar and send confirmation SMS."
WELCOME = "Enroll the contact in the onboarding sequence after they respond to the welcome message."
STOP = "If a contact replies ‘Stop’, mark as DNC and stop all further messaging."
TECHNICAL = "Create a support ticket if a contact asks for technical assistance via SMS."
PURCHASE = (
    "Call an API to update the contact’s loyalty points when they respond with a "
    "purchase confirmation."
)
BOOKED = "Send appointment reminder SMS when a booking is confirmed."


@pytest.mark.parametrize(
    ("condition", "kind", "sentence"),
    [
        (PRICING, "words", "Practice mode looks for a question about the price."),
        (NO_ANSWER, "event", "Fires when nobody answers, not on words."),
        (EMAIL, "format", "Practice mode looks for an e-mail address."),
        (PHONE, "format", "Practice mode looks for a phone number."),
        (RESCHEDULE, "words", "Practice mode looks for the word “reschedule”."),
        (WELCOME, "event", "Fires on any reply."),
        (
            STOP,
            "opt_out",
            "Practice mode looks for wording such as “stop calling me”, or STOP alone.",
        ),
        (
            "asks about shipping or returns",
            "words",
            "Practice mode looks for a question about an order or a delivery; or for a wish for "
            "a refund.",
        ),
        (
            "mentions solar panels",
            "words",
            "Practice mode looks for the words “solar panels” only.",
        ),
        (
            "provides name and email",
            "format",
            "Practice mode looks for a name together with an e-mail address.",
        ),
        ("agrees", "answer", "Practice mode looks for a positive answer."),
        ("always", "event", "Fires every time."),
        ("the call ends", "event", "Fires when the conversation has ended, not on words."),
        (
            "a live transfer is initiated",
            "event",
            "Fires when the conversation is handed over, not on words.",
        ),
    ],
)  # fmt: skip
def test_sentence(condition: str, kind: str, sentence: str) -> None:
    known = understand(condition)
    assert (known.kind, known.sentence, known.needs_model) == (kind, sentence, False)


@pytest.mark.parametrize(
    "condition",
    [
        "the caller seems unhappy", "is frustrated", "the customer is a good fit", "is qualified",
        "sounds interested in buying", "after multiple failed call attempts or inactivity",
        "the customer does not want a refund", "unless they asked for pricing",
        "the caller has more than two children", "when it is appropriate", "when requested",
        "the customer does not provide an email", "the customer is from Texas and rich",
    ],
)  # fmt: skip
def test_needs_model(condition: str) -> None:
    known = understand(condition)
    assert known.needs_model
    assert known.sentence.endswith("Needs a language model: will not fire in practice mode.")
    assert known.match("yes, pricing, refund, maria@lopez.com") is None


def test_empty_condition() -> None:
    known = understand("  ")
    assert known.kind == "empty"
    assert known.needs_model
    assert known.match("anything") is None


@pytest.mark.parametrize(
    ("condition", "message", "quote"),
    [
        (PRICING, "How much does it cost?", "How much"),
        (PRICING, "What are your prices", "prices"),
        (PRICING, "Could I get a quote please", "quote"),
        (PRICING, "I don't know the price, tell me", "price"),
        (PRICING, "You haven't told me the price", "price"),
        (PRICING, "No, I want to know the price", "price"),
        (PRICING, "Why don't you just tell me the price", "price"),
        (ACCOUNT, "Can I talk to my account manager?", "account manager"),
        (ACCOUNT, "get me my rep", "my rep"),
        (EMAIL, "it's maria@lopez.com", "maria@lopez.com"),
        (EMAIL, "maria at lopez dot com", "maria at lopez dot com"),
        (STOP_CALLING, "please stop calling me", "stop calling me"),
        (STOP_CALLING, "take me off your list", "take me off your list"),
        (PHONE, "my number is 415 555 0123", "415 555 0123"),
        (RESCHEDULE, "reschedule", "reschedule"),
        (RESCHEDULE, "I need to reschedule please", "reschedule"),
        (WELCOME, "hello", "hello"),
        (STOP, "STOP", "STOP"),
        (STOP, "don't text me anymore", "don't text me"),
        (TECHNICAL, "my modem isn't working", "isn't working"),
        (TECHNICAL, "It doesn't work", "doesn't work"),
        (TECHNICAL, "I have a technical problem", "technical problem"),
        (TECHNICAL, "can't log in", "can't log in"),
        (PURCHASE, "I just bought the blue one", "just bought"),
        (PURCHASE, "Order placed, my order number is 12", "Order placed"),
        (BOOKED, "I confirm my appointment", "confirm my appointment"),
        ("asks for a human", "let me talk to a person", "talk to a person"),
        ("wants to speak to a representative", "representative!", "representative"),
        ("wants to reschedule their appointment", "can we do another day", "another day"),
        ("wants to cancel their subscription", "cancel my subscription", "cancel"),
        ("asks about our return policy", "what's the return policy", "return"),
        ("asks about shipping and returns", "do you ship to Texas", "ship"),
        ("asks about delivery", "when are deliveries made", "deliveries"),
        ("The customer asks when you open", "when do you open", "open"),
        ("asks for their extension", "extension 204", "204"),
        ("enters an extension", "two oh four", "two oh four"),
        ("enters an extension", "I'd like to dial an extension", "extension"),
        ("gives their account number", "account number is 4411", "4411"),
        ("gives their account number", "AB-4411", "AB-4411"),
        ("gives their name", "I'm Maria", "Maria"),
        ("gives a date or time", "tomorrow at 3pm works", "tomorrow at 3pm"),
        ("says yes", "yes please", "yes please"),
        ("declines or says no", "no thanks", "no thanks"),
        ("replies “yes”", "yep", "yep"),
        ("says 'talk to sales' or 'buy now'", "I want to buy now", "buy now"),
        ("always", "whatever", "whatever"),
        ("asks about pricing or seems interested", "the cost?", "cost"),
        ("the customer says goodbye", "ok bye", "bye"),
        ("wants an appointment", "could you book me in", "book me"),
        ("has a billing issue", "I was overcharged", "overcharged"),
        ("calls about billing", "question about my invoice", "invoice"),
        ("If the caller asks about fees, explain our plans", "any fees?", "fees"),
    ],
)  # fmt: skip
def test_met(condition: str, message: str, quote: str) -> None:
    found = understand(condition).match(message)
    assert found is not None
    assert quote in found.quote or found.quote in quote
    assert message[found.start : found.end] == found.quote


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (PRICING, "I don't want to know the price"),
        (PRICING, "I'm not interested in pricing"),
        (PRICING, "please do not send me a quote"),
        (PRICING, "no pricing questions today"),
        (PRICING, "the price doesn't matter"),
        (PRICING, "I already know the price"),
        (PRICING, "how much longer will this take"),
        (PRICING, "priceless"),
        (PRICING, "what a costly... costume"),
        (PRICING, "tell me about Sales"),
        (ACCOUNT, "I manage an account"),
        (ACCOUNT, "I don't have an account manager"),
        (NO_ANSWER, "no answer"),
        (EMAIL, "my e-mail is john at"),
        (EMAIL, "do you have an email address?"),
        (STOP_CALLING, "don't stop calling me"),
        (STOP_CALLING, "can you stop the water"),
        (PHONE, "what is your phone number"),
        (RESCHEDULE, "I don't need to reschedule"),
        (RESCHEDULE, "schedule"),
        (WELCOME, "   "),
        (STOP, "stop by my house"),
        (STOP, "don't stop"),
        (TECHNICAL, "no problem"),
        (TECHNICAL, "that's not a problem"),
        (TECHNICAL, "it works now, problem solved"),
        (PURCHASE, "can you confirm my order?"),
        (PURCHASE, "I want to buy it"),
        (BOOKED, "book a table"),
        ("wants an appointment", "I read a book"),
        (BOOKED, "I don't confirm the appointment"),
        ("asks for a human", "I don't want to talk to a person"),
        ("wants to cancel their subscription", "I like my subscription"),
        ("mentions solar panels", "solar"),
        ("enters an extension", "I have two dogs"),
        ("enters an extension", "I need an extension on my deadline"),
        ("gives their account number", "I have 200 cats and some dogs too"),
        ("gives their name", "I'm interested"),
        ("says yes", "yes and no"),
        ("says no", "no problem"),
        ("the call ends", "the call ends"),
    ],
)
def test_not_met(condition: str, message: str) -> None:
    assert understand(condition).match(message) is None


def test_words_said_before_give_the_object() -> None:
    known = understand("wants to cancel their subscription")
    assert known.match("please cancel it", ["it is about my subscription"])
    assert known.match("my subscription", ["please cancel it"]) is None
    both = understand("provides name and email")
    assert both.match("maria@lopez.com", ["I'm Maria"])
    assert both.match("maria@lopez.com") is None


def test_events() -> None:
    ended = understand("after the conversation ends")
    assert ended.event == "ended"
    assert ended.match("", event="ended")
    assert ended.match("it ended") is None
    first = understand("the conversation starts")
    assert first.match("hello")
    assert first.match("again", ["hello"]) is None


@pytest.mark.parametrize(
    ("expectation", "reply", "before", "met"),
    [
        ("", "anything", (), True),
        ("Any reply", "ok", (), True),
        ("", "  ", (), False),
        ("Any positive response", "sounds good", (), True),
        ("Any positive response", "👍", (), True),
        ("Any positive response", "I'm interested", (), True),
        ("Any positive response", "not really", (), False),
        ("Any positive response", "maybe", (), False),
        ("A valid email", "maria@lopez.com", (), True),
        ("A valid email", "maria at", (), False),
        ("A date or time preference", "Tuesday", (), True),
        ("A date or time preference", "in the afternoon", (), True),
        ("A date or time preference", "hm", (), False),
        ("yes or no", "nope", (), True),
        ("yes or no", "maybe", (), False),
        ("Their name", "Maria", (), True),
        ("Their name", "why?", (), False),
        ("A phone number or an email", "maria@lopez.com", (), True),
        ("A phone number", "415 555 0123", (), True),
        ("a number", "five", (), True),
        ("zip code", "94105", (), True),
        ("“blue” or “red”", "the red one", (), True),
        ("“blue” or “red”", "green", (), False),
    ],
)
def test_expected_response(expectation: str, reply: str, before: Sequence[str], met: bool) -> None:
    assert bool(expected_response(expectation).match(reply, before)) is met


def test_expected_response_may_need_a_model() -> None:
    assert expected_response("a reason for the visit").needs_model
