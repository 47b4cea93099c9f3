"""What people call the things that conditions are about: a small set of synonyms."""

from __future__ import annotations

from typing import Any

# How conditions name a thing, what is said for it, what rules it out, and the words of the
# condition that say nothing more beside it (`covers`).
CONCEPTS: tuple[dict[str, Any], ...] = (
    {
        "named": "pricing, price, prices, cost, costs, quote, rates, fees, how much",
        "said": (
            "price, cost, quote, how much, pricing, quotation, rates, fee, fees, what do you charge"
        ),
        "unless": (
            "how much longer, how much time, how much further, at all costs, how much do you know"
        ),
        "covers": "information, details, question",
    },
    {
        "named": "discount, discounts, coupon, promo code",
        "said": "discount, coupon, promo code, promotion, cheaper, special offer",
    },
    {
        "named": (
            "account manager, account owner, account rep, account representative, account executive"
        ),
        "said": (
            "account manager, account rep, account executive, account owner, account "
            "representative, my rep, person who handles my account, who manages my account"
        ),
    },
    {
        "named": (
            "human, real person, live agent, live person, representative, operator, person, "
            "agent, human agent, someone, somebody, to be transferred, transfer"
        ),
        "said": (
            "human, real person, representative, operator, live agent, live person, human being, "
            "actual person, real human, real agent, speak to an agent, talk to an agent, speak "
            "with an agent, talk with an agent, speak to a person, talk to a person, speak with a"
            " person, talk with a person, speak to someone, talk to someone, speak with someone, "
            "talk with someone, speak to somebody, talk to somebody, transfer me, connect me to "
            "someone, connect me with someone, connect me to a person, put me through, an agent "
            "please, agent please, customer service, human please"
        ),
        "covers": "live real speak talk",
    },
    {
        "named": "manager, supervisor",
        "said": "manager, supervisor, your boss, someone in charge",
        "unless": "i am the manager, i'm the manager",
    },
    {
        "named": "billing, bill, invoice, invoices",
        "said": "bill, billing, invoice, charged, overcharged, payment",
        "covers": "question issue problem",
    },
    {
        "named": (
            "technical assistance, technical support, tech support, technical help, technical "
            "issue, technical issues, technical problem, technical problems, support, "
            "troubleshooting, problem, problems, issue, issues, not working, is broken, broken, "
            "error, outage"
        ),
        "said": (
            "not working, broken, problem, technical support, technical help, technical "
            "assistance, tech support, technical problem, technical issue, support, troubleshoot,"
            " issue, error, error message, stopped working, not work, broke, crash, crashing, "
            "outage, malfunction, out of order, not turn on, not start, not log in, not connect, "
            "not load, keeps freezing, is down"
        ),
        "unless": (
            "problem solved, problem is solved, problem is fixed, issue is resolved, issue is "
            "fixed, works now, working now, no problem, not a problem, no issues, support group, "
            "child support, i support"
        ),
        "covers": "experiencing technical",
    },
    {
        "named": (
            "reschedule, rescheduling, change their appointment, move their appointment, "
            "different time, another time, postpone"
        ),
        "said": (
            "reschedule, different time, another time, another day, different day, postpone, move"
            " my appointment, change my appointment, change the appointment, move the "
            "appointment, change my booking, push back my appointment"
        ),
        "covers": "appointment booking meeting visit",
        "action": True,
    },
    {
        "named": "cancel, cancels, cancellation",
        "said": "cancel, cancellation, call off, cancelling",
        "action": True,
    },
    {
        "named": (
            "appointment is booked, appointment booked, booking is made, booking is confirmed, "
            "booking confirmed, appointment is confirmed, confirms the appointment, confirms the "
            "booking, confirms their appointment, confirms a booking, confirms an appointment, "
            "confirms their booking, booking confirmation, appointment confirmation, appointment "
            "confirmed"
        ),
        "said": (
            "confirm my appointment, confirm the appointment, confirm my booking, confirm the "
            "booking, booking is confirmed, appointment is confirmed, that time works, book it, "
            "i'll be there, see you then"
        ),
        "unless": "can you confirm, could you confirm",
    },
    {
        "named": (
            "purchase confirmation, confirms the purchase, confirms their purchase, confirm a "
            "purchase, purchase is confirmed, confirms the order, order confirmation, purchase "
            "confirmed, confirms a purchase"
        ),
        "said": (
            "I bought, I purchased, order is confirmed, placed the order, purchase confirmation, "
            "order confirmation, just bought, just purchased, i have bought, i've bought, i have "
            "purchased, i've purchased, placed my order, placed an order, i ordered, just "
            "ordered, confirm my purchase, confirm the purchase, confirm my order, purchase is "
            "confirmed, purchase is complete, payment went through, i have paid, i've paid, my "
            "order number is, confirmation number"
        ),
        "unless": "can you confirm, could you confirm",
    },
    {
        "named": (
            "appointment, appointments, booking, book a time, schedule a visit, book, schedule, "
            "meeting, reservation"
        ),
        "said": (
            "appointment, booking, schedule, book an appointment, book a, book an, book me, book "
            "my, to book, reservation, set up a time, set up a meeting, meeting, make a "
            "reservation"
        ),
        "unless": "read a book, read the book, reading a book, a good book, book about",
        "covers": "time set make",
    },
    {
        "named": "refund, refunds, money back",
        "said": "refund, money back, reimburse, reimbursement",
    },
    {
        "named": "buy, buys, purchase, place an order",
        "said": "buy, purchase, place an order, want to order, like to order, sign up",
        "action": True,
    },
    {
        "named": "opening hours, business hours, hours, opening times",
        "said": (
            "opening hours, business hours, what time do you open, what time do you close, when "
            "do you open, when do you close, are you open, your hours"
        ),
    },
    {
        "named": "location, address, directions, where you are",
        "said": "address, location, located, where are you, directions, how do i get there",
    },
    {
        "named": "callback, call back, called back, be called back, a call back",
        "said": (
            "callback, call back, call me back, ring me back, call me later, call me tomorrow, "
            "give me a call"
        ),
        "covers": "later",
    },
    {
        "named": "goodbye, bye, nothing else, says goodbye",
        "said": (
            "goodbye, bye, that's all, nothing else, that will be all, have a good day, have a "
            "nice day, that is all"
        ),
    },
    {
        "named": "thanks, thank you",
        "said": "thank you, thanks, thx",
    },
    {
        "named": "wrong number",
        "said": "wrong number, wrong person, nobody here by that name",
    },
    {
        "named": "not interested",
        "said": "not interested, no thanks, no thank you, not for me",
        "unless": "not not interested",
    },
    {
        "named": "demo, demonstration",
        "said": "demo, demonstration, see it in action, show me how it works",
    },
    {
        "named": "emergency",
        "said": "emergency, urgent, urgently, life threatening, right away",
    },
    {
        "named": "complain, complains, complaint, make a complaint",
        "said": (
            "complaint, complain, unacceptable, terrible service, not happy with, disappointed"
        ),
        "covers": "make file",
    },
    {
        "named": "more information, information, more info, details",
        "said": (
            "more information, more info, tell me more, learn more, more details, information"
        ),
        "covers": "more",
    },
    {
        "named": "help, assistance",
        "said": "help, assistance, assist me",
        "unless": "no help, not help",
    },
    {
        "named": "sales, sales team",
        "said": "sales, sales team, salesperson, sales department",
    },
)
