"""What people call the things that conditions are about: a small set of synonyms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actions.understood.evidence import Evidence
from actions.understood.words import stems, words


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(stems(part.strip()) for part in text.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Element:
    """Something a message must mention: any of these phrases, none of which may be denied."""

    label: str
    phrases: tuple[tuple[str, ...], ...]
    unless: tuple[tuple[str, ...], ...] = ()
    action: bool = False

    def find(self, message: str) -> Evidence | None:
        """The first mention that counts."""
        read = words(message)
        if any(True for phrase in self.unless for _ in read.at(phrase)):
            return None
        hits = sorted(
            (at, -len(phrase))
            for phrase in self.phrases
            for at in read.at(phrase)
            if not read.denied(at, len(phrase))
        )
        return read.evidence(hits[0][0], -hits[0][1]) if hits else None


@dataclass(frozen=True, slots=True)
class Concept:
    """How a condition names it, and the element that messages are searched for."""

    named: tuple[tuple[str, ...], ...]
    element: Element
    covers: tuple[str, ...] = ()


def _concept(
    named: str, said: str, *, unless: str = "", covers: str = "", action: bool = False
) -> Concept:
    shown = [part.strip() for part in said.split(",")][:4]
    label = ", ".join(f"“{part}”" for part in shown[:-1]) + f" or “{shown[-1]}”"
    element = Element(label, _phrases(said), _phrases(unless), action)
    return Concept(_phrases(named), element, tuple(s for p in _phrases(covers) for s in p))


def literal(word_stems: Iterable[str], label: str) -> Element:
    """An element for words that are looked for as they stand."""
    return Element(f"“{label}”", (tuple(word_stems),))


# `covers` are words of the condition that say nothing more beside the concept.
CONCEPTS: tuple[Concept, ...] = (
    _concept(
        "pricing, price, prices, cost, costs, quote, rates, fees, how much",
        "price, cost, quote, how much, pricing, quotation, rates, fee, fees, what do you charge",
        unless="how much longer, how much time, how much further, at all costs, "
        "how much do you know",
        covers="information, details, question",
    ),
    _concept(
        "discount, discounts, coupon, promo code",
        "discount, coupon, promo code, promotion, cheaper, special offer",
    ),
    _concept(
        "account manager, account owner, account rep, account representative, account executive",
        "account manager, account rep, account executive, account owner, account representative, "
        "my rep, person who handles my account, who manages my account",
    ),
    _concept(
        "human, real person, live agent, live person, representative, operator, person, agent, "
        "human agent, someone, somebody, to be transferred, transfer",
        "human, real person, representative, operator, live agent, live person, human being, "
        "actual person, real human, real agent, speak to an agent, talk to an agent, "
        "speak with an agent, talk with an agent, speak to a person, talk to a person, "
        "speak with a person, talk with a person, speak to someone, talk to someone, "
        "speak with someone, talk with someone, speak to somebody, talk to somebody, "
        "transfer me, connect me to someone, connect me with someone, connect me to a person, "
        "put me through, an agent please, agent please, customer service, human please",
        covers="live real speak talk",
    ),
    _concept(
        "manager, supervisor",
        "manager, supervisor, your boss, someone in charge",
        unless="i am the manager, i'm the manager",
    ),
    _concept(
        "billing, bill, invoice, invoices",
        "bill, billing, invoice, charged, overcharged, payment",
        covers="question issue problem",
    ),
    _concept(
        "technical assistance, technical support, tech support, technical help, technical issue, "
        "technical issues, technical problem, technical problems, support, troubleshooting, "
        "problem, problems, issue, issues, not working, is broken, broken, error, outage",
        "not working, broken, problem, technical support, technical help, technical assistance, "
        "tech support, technical problem, technical issue, support, troubleshoot, issue, "
        "error, error message, stopped working, "
        "not work, broke, crash, crashing, outage, malfunction, out of order, not turn on, "
        "not start, not log in, not connect, not load, keeps freezing, is down",
        unless="problem solved, problem is solved, problem is fixed, issue is resolved, "
        "issue is fixed, works now, working now, no problem, not a problem, no issues, "
        "support group, child support, i support",
        covers="experiencing technical",
    ),
    _concept(
        "reschedule, rescheduling, change their appointment, move their appointment, "
        "different time, another time, postpone",
        "reschedule, different time, another time, another day, different day, postpone, "
        "move my appointment, change my appointment, change the appointment, "
        "move the appointment, change my booking, push back my appointment",
        covers="appointment booking meeting visit",
        action=True,
    ),
    _concept(
        "cancel, cancels, cancellation",
        "cancel, cancellation, call off, cancelling",
        action=True,
    ),
    _concept(
        "appointment is booked, appointment booked, booking is made, "
        "booking is confirmed, booking confirmed, appointment is confirmed, "
        "confirms the appointment, confirms the booking, confirms their appointment, "
        "confirms a booking, confirms an appointment, confirms their booking, "
        "booking confirmation, appointment confirmation, appointment confirmed",
        "confirm my appointment, confirm the appointment, confirm my booking, "
        "confirm the booking, booking is confirmed, appointment is confirmed, "
        "that time works, book it, i'll be there, see you then",
        unless="can you confirm, could you confirm",
    ),
    _concept(
        "purchase confirmation, confirms the purchase, confirms their purchase, "
        "confirm a purchase, purchase is confirmed, confirms the order, order confirmation, "
        "purchase confirmed, confirms a purchase",
        "I bought, I purchased, order is confirmed, placed the order, purchase confirmation, "
        "order confirmation, just bought, just purchased, i have bought, i've bought, "
        "i have purchased, i've purchased, placed my order, placed an order, i ordered, "
        "just ordered, confirm my purchase, confirm the purchase, confirm my order, "
        "purchase is confirmed, purchase is complete, payment went through, i have paid, "
        "i've paid, my order number is, confirmation number",
        unless="can you confirm, could you confirm",
    ),
    _concept(
        "appointment, appointments, booking, book a time, schedule a visit, book, schedule, "
        "meeting, reservation",
        "appointment, booking, schedule, book an appointment, book a, book an, book me, book my, "
        "to book, reservation, set up a time, set up a meeting, meeting, make a reservation",
        unless="read a book, read the book, reading a book, a good book, book about",
        covers="time set make",
    ),
    _concept("refund, refunds, money back", "refund, money back, reimburse, reimbursement"),
    _concept(
        "buy, buys, purchase, place an order",
        "buy, purchase, place an order, want to order, like to order, sign up",
        action=True,
    ),
    _concept(
        "opening hours, business hours, hours, opening times",
        "opening hours, business hours, what time do you open, what time do you close, "
        "when do you open, when do you close, are you open, your hours",
    ),
    _concept(
        "location, address, directions, where you are",
        "address, location, located, where are you, directions, how do i get there",
    ),
    _concept(
        "callback, call back, called back, be called back, a call back",
        "callback, call back, call me back, ring me back, call me later, call me tomorrow, "
        "give me a call",
        covers="later",
    ),
    _concept(
        "goodbye, bye, nothing else, says goodbye",
        "goodbye, bye, that's all, nothing else, that will be all, have a good day, "
        "have a nice day, that is all",
    ),
    _concept("thanks, thank you", "thank you, thanks, thx"),
    _concept("wrong number", "wrong number, wrong person, nobody here by that name"),
    _concept(
        "not interested",
        "not interested, no thanks, no thank you, not for me",
        unless="not not interested",
    ),
    _concept(
        "demo, demonstration",
        "demo, demonstration, see it in action, show me how it works",
    ),
    _concept("emergency", "emergency, urgent, urgently, life threatening, right away"),
    _concept(
        "complain, complains, complaint, make a complaint",
        "complaint, complain, unacceptable, terrible service, not happy with, disappointed",
        covers="make file",
    ),
    _concept(
        "more information, information, more info, details",
        "more information, more info, tell me more, learn more, more details, information",
        covers="more",
    ),
    _concept("help, assistance", "help, assistance, assist me", unless="no help, not help"),
    _concept("sales, sales team", "sales, sales team, salesperson, sales department"),
)
