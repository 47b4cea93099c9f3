"""Threads by SMS."""

from __future__ import annotations

from agents.demo.story import HangsUp, Released, Story, says, thread, use, waits

LATER = use("visit", do="book", start=None, after="{+9}")

STORIES: tuple[Story, ...] = (
    thread(
        "quote-in-three-steps", "mei", (0, "11:40"),
        says("Hi, I'm Mei Chang. Could I get a quote for a heat pump?",
             use("details", first_name="Mei", last_name="Chang"), use("topics", tags=["Heat pump"]),
             use("quote")),
        says("mei.chang@example.com"),
        says("2400"),
        says("Tomorrow afternoon"),
        waits(25),
        summary="Mei Chang wants a quote for a heat pump, 2,400 square feet. Sales may call tomorrow "
        "afternoon.",
    ),
    thread(
        "yearly-by-text", "ingrid", (0, "15:21"),
        says("Hello, I'd like an appointment for the yearly service, in about ten days.", LATER,
             reply="Gladly. Free are {times}."),
        says("The second one please", reply="Booked: {times}."),
        says("Thank you!", reply="You are welcome. See you then."),
        waits(25),
        summary="Ingrid Solberg has booked her yearly service.",
    ),
    thread(
        "unhappy", "ed", (1, "10:10"),
        says("Nobody showed up this morning. This is a complaint!",
             use("topics", tags=["Complaint"]), use("person")),
        says("I took a day off for this.", after=300),
        Released(after=5400),
        says("ok the technician just called me, thanks",
             reply="Good to hear that it is settled, Mr. Kowalski.", after=600),
        HangsUp(how="closed by Nora Whitfield", after=1200),
        summary="Ed Kowalski complained that nobody came in the morning. Nora took over, the technician "
        "called him.",
    ),
    thread(
        "stop-it", "tyrone", (1, "16:33"),
        says("STOP"),
        waits(25),
    ),
    thread(
        "stopped-by-mistake", "carmen", (2, "8:50"),
        says("STOP"),
        says("Sorry, wrong number.", after=240),
        says("START", reply="Welcome back. You will get our messages again.", after=600),
        says("I do want my yearly service reminders from you.",
             reply="Of course, you will keep getting them."),
        waits(25),
        summary="Carmen Reyes wrote STOP by mistake and START afterwards.",
    ),
    thread(
        "what-does-the-plan-cover", "hugo", (2, "14:05"),
        says("What does the maintenance plan cover?", use("topics", tags=["Maintenance plan"]),
             reply="One yearly service, and repairs are done first for you."),
        says("Nice, thanks", reply="You are welcome, Hugo."),
        waits(25),
        summary="Hugo Marchetti asked what the maintenance plan covers.",
    ),
    thread(
        "is-my-plan-valid", "samir", (3, "9:20"),
        says("Hi, until when does my maintenance plan run? Account 48502",
             use("details", account_number="48502"), use("topics", tags=["Maintenance plan"]),
             use("plan", account_number="48502"),
             reply="Your Comfort plan runs until June 30."),
        HangsUp(how="closed by Nora Whitfield", after=900),
        summary="Samir Haddad asked until when his maintenance plan runs: June 30.",
    ),
    thread(
        "plan-lookup-failed", "lena", (3, "14:48"),
        says("Can you tell me when my maintenance plan ends? 48733",
             use("details", account_number="48733"), use("topics", tags=["Maintenance plan"]),
             use("plan", account_number="48733"),
             reply="I am sorry, I cannot see the plans right now. Please try again a little later."),
        HangsUp(how="closed by Nora Whitfield", after=900),
        simulated={"function": "fails"},
        summary="Lena Hofmann asked when her plan ends; the plan system did not answer.",
    ),
    thread(
        "fell-silent", "dawn", (3, "10:55"),
        says("Hello, do you repair oil burners?", reply="Yes, we do. What does yours not do?"),
        waits(5),
        waits(21),
        summary="Dawn Whitaker asked about oil burners and did not write again.",
    ),
    thread(
        "remind-me", "helen", (4, "12:05"),
        says("Could you send me a reminder for my yearly service?", use("reminder"),
             reply="Done. You will get a message when it is time."),
        HangsUp(how="closed by Nora Whitfield", after=900),
        summary="Helen Tran wants to be reminded of her yearly service.",
    ),
    thread(
        "cancel-the-visit", "ingrid", (4, "8:36"),
        says("I have to cancel the appointment, sorry. I'm away.", use("visit", do="cancel", start=None, after=None),
             reply="No problem, it is cancelled. Write to us when you are back."),
        HangsUp(how="closed by Nora Whitfield", after=900),
        summary="Ingrid Solberg has cancelled her yearly service.",
    ),
    thread(
        "moved-house", "paul", (4, "16:20"),
        says("My new email is paul.ferris@example.org", use("details", email="paul.ferris@example.org"),
             reply="Thank you, I have changed it."),
        HangsUp(how="closed by Nora Whitfield", after=900),
        summary="Paul Ferris has a new e-mail address.",
    ),
    thread(
        "no-thanks", "jamal", (5, "10:18"),
        says("I'm not interested, thank you.", use("not_interested"),
             reply="Thank you for letting us know. All the best."),
        HangsUp(how="closed by Nora Whitfield", after=900),
        summary="Jamal Pierce is not interested.",
    ),
    thread(
        "talk-to-somebody", "ruth", (5, "15:45"),
        says("Can I talk to a person? It is about the gas smell on the phone.", use("person")),
        says("It's Ruth Eisenberg by the way", after=90),
        summary="",
    ),
)  # fmt: skip
