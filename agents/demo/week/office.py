"""Calls about bills and the showroom, and calls that the front desk makes itself."""

from __future__ import annotations

from agents.demo.story import HangsUp, NotAnswered, Rings, Story, call, says, use

INFORMATION = use("outcome", disposition="Information")
BILL = (use("outcome", disposition="Billing question"), use("billing"))

STORIES: tuple[Story, ...] = (
    call(
        "opening-hours", "rosa", (0, "12:15"),
        says("What are your opening hours on Saturday?", INFORMATION,
             reply="On Saturday we are open from 8 am to 4 pm."),
        HangsUp(after=4),
        summary="Rosa Quintero asked for the opening hours on Saturday.",
    ),
    call(
        "question-about-a-bill", "omar", (1, "9:55"),
        says("Omar Nasser from Nasser Bakery. I have a question about my last bill.",
             use("details", first_name="Omar", last_name="Nasser"), *BILL, handoff=()),
        Rings(outcome="answered", after=11),
        summary="Omar Nasser has a question about the last bill of the bakery. Connected to Billing.",
    ),
    call(
        "invoice-twice", "gordon", (2, "13:36"),
        says("Gordon Pryce, Pryce Property Management. I got the same invoice twice.",
             use("details", first_name="Gordon", last_name="Pryce"), *BILL, handoff=()),
        Rings(outcome="no_answer", after=20),
        Rings(outcome="message_taken", after=22),
        summary="Gordon Pryce got the same invoice twice. Billing did not pick up; he left a message.",
    ),
    call(
        "visit-tomorrow", "derek", (1, "15:50"),
        says("Yes, Derek Olsen speaking.",
             use("details", first_name="Derek", last_name="Olsen"),
             reply="Hello Mr. Olsen, this is Hartwell Heating. Our technician would come tomorrow at nine. Does that still suit you?"),
        says("That's fine, the gate is open.", reply="Wonderful, I will pass that on."),
        says("Thanks, goodbye.", use("goodbye")),
        outgoing=True,
        summary="Derek Olsen confirms the visit tomorrow at nine; the gate is open.",
    ),
    call("nobody-home", "louis", (3, "9:30"), NotAnswered(kind="not_answered", after=25), outgoing=True),
    call("voicemail-beth", "beth", (4, "11:48"), NotAnswered(kind="machine", after=22), outgoing=True),
    call("still-nobody-home", "louis", (4, "17:10"), NotAnswered(kind="not_answered", after=25),
         outgoing=True, attempt=2),
    call("line-is-busy", "walter", (5, "13:15"), NotAnswered(kind="busy", after=4), outgoing=True),
)  # fmt: skip
