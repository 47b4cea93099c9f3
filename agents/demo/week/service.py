"""Calls about repairs, leaks and appointments."""

from __future__ import annotations

from agents.demo.story import Answer, HangsUp, Rings, Says, Story, call, says, use

EMERGENCY = (use("outcome", disposition="Emergency"), use("tags", tags=["Emergency"]))
VISIT = use("outcome", disposition="Appointment")
OFFER = use("visit", do="book", start=None, after=None)
LATER = use("visit", do="book", start=None, after="{+9}")
RESET = {"step": "Switched the boiler off and on again", "result": "The error code came back"}
PRESSURE = {"step": "Checked the pressure", "result": "1.5 bar, normal"}


STORIES: tuple[Story, ...] = (
    call(
        "smell-of-gas", "ruth", (0, "17:38"),
        says("Hello? There is a smell of gas in the basement!",
             *EMERGENCY, use("emergency", reason="Smell of gas in the basement"),
             handoff=(use("ticket", customer_name="Ruth Eisenberg", account_number="45870", address=None, steps=[]),)),
        Rings(outcome="answered", after=6),
        summary="Ruth Eisenberg reports a smell of gas in the basement. Connected to the technician "
        "on call.",
    ),
    call(
        "boiler-error", "maria", (0, "10:26"),
        says("Good morning, Maria Delgado, account number 48211. My boiler shows an error.",
             use("details", first_name="Maria", last_name="Delgado", account_number="48211"),
             reply="Good morning, Ms. Delgado. Which code does the display show, and since when?"),
        says("E9, since last night. It's cold in here.",
             reply="Please switch the boiler off, wait ten seconds and switch it on again. Is the code gone?"),
        says("No, it came back.", reply="I am sorry to hear that. Would you like an appointment for a repair visit?"),
        says("Yes please, an appointment as soon as possible.", VISIT, OFFER,
             reply="I can offer {times}. Which one suits you?"),
        says("The first one is fine.", reply="Done: {times}. You will get a text message as well."),
        says("Great, thank you. Goodbye.", use("goodbye")),
        summary="Boiler of Maria Delgado shows E9 since last night, switching it off and on did not "
        "help. Repair visit booked.",
    ),
    call(
        "technician-please", "walter", (1, "8:31"),
        says("Walter Nygaard. My oil boiler makes a knocking noise.",
             use("details", first_name="Walter", last_name="Nygaard"),
             reply="Good morning, Mr. Nygaard. Since when do you hear it, and is the heating still warm?"),
        says("Since Sunday. It is warm, but I'd rather talk to a technician.",
             use("person", reason="Knocking noise in an oil boiler since Sunday"),
             handoff=(use("ticket", customer_name="Walter Nygaard", account_number="47118", address=None, steps=[PRESSURE]),)),
        Rings(outcome="answered", after=12),
        summary="Walter Nygaard hears a knocking noise in his oil boiler since Sunday. Connected to "
        "Service.",
    ),
    call(
        "nobody-in-service", "dawn", (1, "12:47"),
        says("Hi, Dawn Whitaker. The radiators upstairs stay cold. Can I speak to a person?",
             use("details", first_name="Dawn", last_name="Whitaker"),
             use("person", reason="Radiators upstairs stay cold"),
             handoff=(use("ticket", customer_name="Dawn Whitaker", account_number="48951", address=None, steps=[]),)),
        Rings(outcome="no_answer", after=20),
        Rings(outcome="no_answer", after=20),
        Rings(outcome="message_taken", after=40),
        summary="Radiators upstairs of Dawn Whitaker stay cold. Nobody in Service picked up; she left a "
        "message for the service desk.",
    ),
    call(
        "yearly-visit", "beth", (2, "9:03"),
        says("Hello, Beth McAllister. I want an appointment, but not before the end of next week.",
             use("details", first_name="Beth", last_name="McAllister"), VISIT, LATER,
             reply="Gladly. {times}?"),
        says("The second one, please.", reply="Then we will see you on {times}."),
        says("That's it. Goodbye.", use("goodbye")),
        summary="Beth McAllister has booked a repair visit.",
    ),
    call(
        "two-cut-in", "louis", (2, "11:11"),
        says("My furnace keeps going off.",
             reply="I am sorry to hear that. Before we send somebody, please look at the small window in the front panel and tell me the number.",
             cut="I am sorry to hear that. Before we send"),
        says("I've done all of that, I just want an appointment.", VISIT, OFFER,
             reply="Of course. Free are {times}."),
        says("The first one.", reply="Booked for {times}."),
        HangsUp(after=6),
        summary="Furnace of Louis Grant keeps going off. Visit booked.",
    ),
    call(
        "extension-204", "aisha", (2, "15:14"),
        says("Extension 204, please.", use("extension", extension="204"), handoff=()),
        Rings(outcome="answered", after=5),
        summary="Aisha Bello asked for extension 204. Connected to Luis Ortega.",
    ),
    call(
        "wrong-extension", "sofia", (3, "8:44"),
        says("Hi, can you give me extension 299?", use("extension", extension="299")),
        says("Sorry, I meant 205.", handoff=()),
        Rings(outcome="answered", after=8),
        summary="Sofia Petrov asked for extension 299, then for 205. Connected to Hannah Doyle.",
    ),
    call(
        "water-on-the-floor", "hugo", (3, "13:58"),
        says("Hugo Marchetti here. We have a leak, there is water all over the floor!",
             use("details", first_name="Hugo", last_name="Marchetti"),
             *EMERGENCY, use("emergency", reason="Leak, water on the floor"),
             handoff=(use("ticket", customer_name="Hugo Marchetti", account_number="48963", address=None, steps=[]),)),
        Rings(outcome="no_answer", after=25),
        Rings(outcome="no_answer", after=20),
        Rings(outcome="message_taken", after=18),
        summary="Leak in the house of Hugo Marchetti. Nobody on call picked up; he left a message for the "
        "service desk.",
    ),
    call(
        "move-the-visit", "beth", (3, "16:41"),
        says("Beth McAllister again. I need to reschedule my appointment.",
             use("details", first_name="Beth", last_name="McAllister"),
             use("visit", do="reschedule", start=None, after="{+10}"),
             reply="No problem. I could do {times}."),
        says("The second one works.", reply="Moved to {times}."),
        says("Thank you. Bye.", use("goodbye")),
        summary="Beth McAllister has moved her repair visit.",
    ),
    call(
        "is-it-an-emergency", "helen", (4, "10:37"),
        says("Helen Tran. The heating is out and my mother is here, she is eighty-six.",
             use("details", first_name="Helen", last_name="Tran"),
             reply="I understand, we will not leave her in the cold. What does the display of the boiler show?"),
        says("It says low pressure.",
             reply="Please open the filling valve below the boiler until the needle stands at 1.5. Does it start?"),
        says("Wait. Yes! It is running again.", reply="Wonderful. Please call us again if the pressure drops."),
        says("I will. Thank you so much, goodbye.", use("goodbye")),
        summary="Heating of Helen Tran was out: low pressure. She refilled it herself, it runs again.",
    ),
    call(
        "complaint-about-noise", "ed", (4, "15:02"),
        says("Kowalski. Your people were here last week and the pump is louder than before. I want to make a complaint.",
             use("outcome", disposition="Complaint"), use("tags", tags=["Complaint"]),
             use("details", last_name="Kowalski"),
             reply="I am sorry, Mr. Kowalski, that is annoying. Shall I connect you to a technician?"),
        says("Yes, and quickly. A technician.", use("person", reason="Complaint: the pump is louder after the visit"),
             handoff=(use("ticket", customer_name="Ed Kowalski", account_number="46920", address=None, steps=[RESET]),)),
        Rings(outcome="declined", after=7),
        Rings(outcome="answered", after=9),
        summary="Ed Kowalski complains that the pump is louder since the visit last week. Connected to "
        "the service desk.",
    ),
    call(
        "address-by-text", "carmen", (5, "11:26"),
        Says(
            answers=(
                Answer("We are at 12 Mill Street in Fairmont, and we are open until 7 pm today."),
                Answer(calls=(use("address"),)),
            ),
            text="Where is your showroom? Could you text me the address in writing?",
        ),
        says("Great, bye.", use("goodbye")),
        summary="Carmen Reyes asked for the address of the showroom and got it by text.",
    ),
    call(
        "not-quite-goodbye", "lena", (5, "14:33"),
        says("Lena Hofmann. Is the yearly service part of my plan?",
             use("details", first_name="Lena", last_name="Hofmann"),
             reply="Yes, every maintenance plan covers one yearly service."),
        says("Good, then I think that would be all for now.", use("goodbye"), doubts={"goodbye": 0.52}),
        says("Yes."),
        summary="Lena Hofmann asked whether the yearly service is part of her plan. It is.",
    ),
    call(
        "model-was-away", "samir", (5, "16:08"),
        says("Samir Haddad. The heat pump of my neighbour is freezing over, is that normal?", fails=True,
             handoff=()),
        Rings(outcome="no_answer", after=20),
        Rings(outcome="message_taken", after=25),
        summary="Samir Haddad asked about a neighbour's heat pump; the model did not answer, and he "
        "left a message.",
    ),
)  # fmt: skip
