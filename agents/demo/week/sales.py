"""Calls about prices, quotes and installations."""

from __future__ import annotations

from agents.demo.story import HangsUp, Rings, Story, call, says, use

QUOTE = use("outcome", disposition="Quote")
FOLLOW_UP = use("quote_follow_up")


STORIES: tuple[Story, ...] = (
    call(
        "boiler-price", "june", (0, "9:12"),
        says(
            "Hi, my name is June Abernathy. I'd like to know what a new boiler would cost.",
            QUOTE, use("details", first_name="June", last_name="Abernathy"),
            use("sales", reason="Wants a quote for a new boiler"), handoff=(),
        ),
        Rings(outcome="answered", after=9),
        summary="June Abernathy asks what a new boiler would cost. Connected to Sales.",
    ),
    call(
        "second-try", "victor", (0, "14:40"),
        says("Hello, do you also replace old furnaces?",
             reply="Yes, we replace furnaces in Fairmont, Eastport and Northfield. May I have your name?"),
        says("Victor Almeida.", use("details", first_name="Victor", last_name="Almeida"),
             reply="Thank you, Mr. Almeida. Would you like to talk to Sales about it?"),
        says("Yes please, I want a quote before the winter.",
             QUOTE, use("sales", reason="Quote for replacing a furnace"), handoff=()),
        Rings(outcome="no_answer", after=20),
        Rings(outcome="answered", after=8),
        summary="Victor Almeida wants his old furnace replaced before the winter. Sales did not pick "
        "up, Ben Carver did.",
    ),
    call(
        "sales-is-busy", "tyrone", (1, "11:05"),
        says("I want to know the price of a heat pump for a small house.",
             QUOTE, use("tags", tags=["Heat pump"]),
             use("sales", reason="Price of a heat pump for a small house"), handoff=()),
        Rings(outcome="no_answer", after=20),
        Rings(outcome="busy", after=3),
        Rings(outcome="no_answer", after=20),
        Rings(outcome="message_taken", after=31),
        summary="Tyrone Banks asks for the price of a heat pump. Nobody picked up; he left a message.",
    ),
    call(
        "just-looking", "jamal", (2, "16:22"),
        says("Hi. I'm only comparing prices, what does a gas boiler cost with you?",
             QUOTE, use("sales", reason="Compares prices of gas boilers"), handoff=()),
        Rings(outcome="declined", after=6),
        Rings(outcome="caller_gone", after=12),
        summary="Jamal Pierce compared prices of gas boilers and hung up while Sales was ringing.",
    ),
    call(
        "heat-pump-visit", "claire", (3, "10:15"),
        says("Good morning, Claire Fontaine. We are thinking about a heat pump for our house in Eastport.",
             use("details", first_name="Claire", last_name="Fontaine"),
             use("tags", tags=["Heat pump"]),
             reply="Good morning, Ms. Fontaine. What heats your house today?"),
        says("A furnace, it is twenty years old.", use("details", heating_system="Furnace"),
             reply="Thank you, I have noted that. Would you like a quote from Sales?"),
        says("Yes, a quote would be great.", QUOTE, FOLLOW_UP,
             use("sales", reason="Heat pump instead of a twenty-year-old furnace, Eastport"), handoff=()),
        Rings(outcome="answered", after=7),
        summary="Claire Fontaine wants to replace a twenty-year-old furnace with a heat pump and asks "
        "for a quote. Connected to Sales.",
    ),
    call(
        "offer-in-hand", "naomi", (3, "15:30"),
        says("This is Naomi Sato. I have an offer from you here. Who is handling it?",
             use("details", first_name="Naomi", last_name="Sato"), use("owner"), handoff=()),
        Rings(outcome="answered", after=11),
        summary="Naomi Sato asked for the colleague who made her offer. Connected.",
    ),
    call(
        "asked-twice", "nils", (4, "9:48"),
        says("Hello, can I get a quote for a heat pump? It's a small cottage.",
             QUOTE, use("tags", tags=["Heat pump"]), FOLLOW_UP,
             use("sales", reason="Quote for a heat pump in a cottage"), handoff=()),
        Rings(outcome="answered", after=14),
        summary="Nils Bergstrom wants a quote for a heat pump in a cottage. Connected to Sales; the "
        "follow-up after a quote begins.",
    ),
    call(
        "where-is-my-order", "alan", (4, "13:20"),
        says("Hi, Alan Brody. Where is my order? The number is HW4820.",
             use("details", first_name="Alan", last_name="Brody"),
             use("order", order_number="HW4820"),
             reply="Your order has been shipped and arrives on Thursday, Mr. Brody."),
        says("Perfect, thank you. Goodbye.", use("goodbye")),
        summary="Alan Brody asked about order HW4820: shipped, arrives on Thursday.",
    ),
    call(
        "order-system-down", "paul", (5, "9:05"),
        says("Paul Ferris here. Can you tell me where my order is? HW5177.",
             use("details", first_name="Paul", last_name="Ferris"),
             use("order", order_number="HW5177"),
             reply="I am sorry, I cannot look up orders right now. Shall I connect you to a colleague?"),
        says("Yes, I want to speak to a person.", use("person", reason="Where is order HW5177"), handoff=()),
        Rings(outcome="answered", after=10),
        simulated={"function": "fails"},
        summary="Paul Ferris asked about order HW5177; the order system did not answer. Connected to "
        "Service.",
    ),
    call(
        "not-a-sales-call", "frank", (5, "10:52"),
        says("Who is this? You called me yesterday.",
             reply="This is the front desk of Hartwell Heating. May I ask your name?"),
        says("Frank Dubois. Please stop calling me."),
        HangsUp(after=5),
        summary="Frank Dubois does not want to be called any more.",
    ),
)  # fmt: skip
