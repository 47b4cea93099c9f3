"""What both sides of the bench are given: instructions, twelve conditions, the turns."""

from __future__ import annotations

CONDITIONS = [
    f"the contact asks about {topic}"
    for topic in (
        "prices", "opening hours", "an appointment", "a repair", "a refund", "delivery",
        "a contract", "an invoice", "a complaint", "a new heater", "insurance", "a spare part",
    )
]  # fmt: skip
INSTRUCTIONS = "You are the front desk of a heating company. Be brief and friendly. " + " ".join(
    f"If {condition}, answer in one sentence and offer to note it down for a colleague, who will "
    "call back within one working day; never promise a date or a price yourself."
    for condition in CONDITIONS
)
TURNS = 10  # a conversation; the turns below call a tool
CALLING = (2, 5, 8)
CALL = ("communication_tag", '{"tags": ["Tag 0"]}')


def words(number: int) -> str:
    """What the contact says in one turn; the scripted model obeys a `call:`."""
    if number in CALLING:
        return "Please note it. call:" + " ".join(CALL)
    return "And what else should I know about my heater before the winter comes?"
