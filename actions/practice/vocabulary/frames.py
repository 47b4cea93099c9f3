"""The words around what a condition is about."""

from __future__ import annotations

from actions.text import listed

# Words of a condition that say nothing beside what it is about.
FRAME = frozenset(
    listed(
        "a about already also an and answer answers any any_more anybody anymore anyone "
        "anything are as ask asked asking asks at be been being bring brings business by call "
        "caller callers calling calls can chat client company concerning contact contacts could "
        "customer customers decides details did discuss discusses do does else enquire enquires "
        "enquiry everyone experiences experiencing facing for from get gets getting give gives "
        "guest had has have having he help her here him his hopes hoping how i if in "
        "information inquire inquires inquiries inquiring inquiry interested into is issue "
        "issues it its just know knows lead like longer look looking looks make makes may me "
        "member mention mentioning mentions might more must my need needed needing needs next "
        "now of offer on one ones or our out own patient people person's phone phrase please "
        "problem problems product products prospect provide provides question questions raise "
        "raises regarding replies reply report reports request requested requesting requests "
        "respond responds said say saying says service services she should sms so some somebody "
        "someone something speak speaking speaks start starts state states still such talk "
        "talking talks team tell tells text texts than that the their them then there these "
        "they this those to topic tries try trying type types up us use user via visitor want "
        "wanted wanting wants was we were what when whenever where whether which who will wish "
        "wishes with wonders word words would write writes you your"
    )
)

OPTING_OUT = """
    stop|stopped|quit ~ calling|texting|messag*|contact*|emailing|calls|texts|outreach|messages;
    not ~ call|called|contact|contacted|text|texted|message|messaged any_more|anymore|again?;
    opt|opts|opted|opting|opt-out out?; opts|opt|opting out; unsubscrib*; dnc;
    do not call|contact list?; be? remov*|taken|take|takes ~ from|off ~ list|lists;
    no longer ~ contact*|called|messages|calls|texts; left alone; revok* ~ consent;
    not ~ be? contacted|called|texted;
"""
STOP_WORDS = frozenset(listed("stop stopall unsubscribe optout revoke"))

EVENT_SENTENCES = {
    "always": "Fires every time.",
    "reply": "Fires on any reply.",
    "started": "Fires on the first message.",
    "ended": "Fires when the conversation has ended, not on words.",
    "no_answer": "Fires when nobody answers, not on words.",
    "handoff": "Fires when the conversation is handed over, not on words.",
}
