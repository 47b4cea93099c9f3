"""Every sentence the agent says by itself, in English."""

from __future__ import annotations

SENTENCES = {
    # The words of an agent's settings and cards, until somebody writes their own.
    "greeting": "Hello, how can I help you?",
    "calling": "Hi [FirstName|there], this is the AI assistant of [BusinessName|our team].",
    "disclosure": "I am an AI assistant.",
    "closed": "We are closed at the moment.",
    "fallback": "I am sorry, I cannot answer right now. A colleague will help you.",
    "filler": "One moment, please.",
    "cannot": "I am sorry, I cannot do that right now.",
    "opted_out": "Understood. We will not contact you again.",
    "cap": "I am sorry, I cannot answer any more today.",
    "connecting": "One moment, I am connecting you.",
    "nobody_free": "I am sorry, nobody is free right now.",
    "which_extension": "Which extension, please? You can also press the keys.",
    "unknown_extension": "I do not know that extension. Which one, please?",
    "goodbye": "Thank you for calling. Goodbye.",
    "colleague": "A colleague will help you in a moment.",
    # What the engine says.
    "try_later": "I am sorry, I cannot answer right now. Please try again later.",
    "thanks": "Thank you.",
    "was_done": "Done: {what}.",
    "confirm": "Just to be sure: shall I do this now: {what}?",
    "confirm_it": "Just to be sure: shall I do this now?",
    # Practice mode.
    "practice_answer": "I understand. What else can I do for you?",
    "practice_done": "All right.",
    "talk_hello": "Hello. How can I help you?",
    "talk_well": "I am doing well, thank you. How can I help you?",
    "talk_thanks": "You are welcome. Is there anything else?",
    "talk_who": "This is {name}, an AI assistant. How can I help you?",
    "talk_who_of": "This is {name}, the AI assistant of {business}. How can I help you?",
    "talk_there": "Yes, I am here. Go ahead.",
    "talk_robot": "I am an AI assistant, not a person. How can I help you?",
    "talk_not_interested": "I understand. Thank you for your time.",
    "talk_can_do": "Tell me in a few words what you need, and I will see what I can do.",
    "talk_again": "I am sorry. Could you tell me in a few words what you need?",
    "talk_goodbye": "Goodbye, and have a good day.",
    # What the contact is asked to confirm.
    "offer_connect": "connect you to {who}",
    # Appointments.
    "offered": "I can offer {times}.",
    "which_time": "Which one suits you?",
    "that_time": "Does that suit you?",
    "nothing_on_day": "Nothing is free on {day}.",
    "no_time": "No time is free.",
    "no_appointment": "There is no appointment to come.",
    "time_taken": "That time is not free.",
    "booked": "Booked {time}.",
    "moved": "Moved to {time}.",
    "cancelled": "Cancelled {time}.",
    # What is saved.
    "read_back": "I have {values}. Is that right?",
    "saved": "Saved {values}.",
    "half_email": (
        "I did not get the whole e-mail address. Could you say it again, as in ana at example dot "
        "com?"
    ),
    "half_phone": (
        "I did not get the whole phone number. Could you say it again, with the area code?"
    ),
}
