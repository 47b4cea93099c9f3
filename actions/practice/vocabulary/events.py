"""How conditions name what happens: patterns that are looked for in the condition."""

from __future__ import annotations

from actions.text import listed

EVENTS: tuple[tuple[str, str], ...] = (
    (
        "no_answer",
        r"\b(?:does(?: not|n['’]t)|do(?: not|n['’]t)|did(?: not|n['’]t)|not|nobody|no one) "
        r"(?:answer|answers|answered|pick up|picks up|reply|respond)\b"
        r"|\bno (?:answer|reply|response)\b|\bunanswered\b|\bnot answered\b|\bis busy\b|"
        r"\bvoicemail\b|\banswering machine\b|\bcall fails\b|\bno one picks\b",
    ),
    (
        "ended",
        r"\b(?:call|conversation|chat|interaction|thread|it)\s(?:has\s|is\s|was\s)?"
        r"(?:ends?|ended|ending|"
        r"over|finished|finishes|complete[sd]?|closed?s?|done|resolved)\b|"
        r"\bend of (?:the|each|every|a|this) "
        r"(?:call|conversation|chat)\b|\bhangs? up\b|\bhung up\b"
        r"|^(?:each|every|the|a)\s(?:call|conversation|chat)$",
    ),
    (
        "handoff",
        r"\b(?:call|conversation|caller|contact|customer)\s(?:is|gets|was|has been)\s"
        r"(?:transferred|handed|"
        r"escalated|routed)\b|\btransfer (?:is|has been|was) (?:initiated|started|decided|made)\b|"
        r"\bhand-?off\b|\bbefore (?:the|a|any) (?:live )?transfer\b|"
        r"^(?:a |the |any )?(?:live )?transfer$",
    ),
    (
        "started",
        r"\b(?:call|conversation|chat)\s(?:starts|begins|started|opens)\b|"
        r"\b(?:start|beginning) of (?:the|each|every|a) (?:call|conversation|chat)\b|"
        r"\b(?:first|initial) message\b",
    ),
    (
        "reply",
        r"^(?:the |a |an |our |any )?"
        r"(?:contact|customer|caller|lead|user|client|person|they|someone)?\s?"
        r"(?:repl(?:y|ies)|responds?|answers?|writes(?: back)?|sends (?:a|any) (?:message|reply))"
        r"(?: to (?:the|our|your|a) (?:\w+ ){0,3}(?:message|text|sms|greeting))?$|"
        r"^any (?:reply|response|answer|message)$",
    ),
    (
        "always",
        r"^(?:always|every time|in (?:any|every|all) cases?|"
        r"(?:on |for |with )?(?:every|each|any|all) "
        r"(?:calls?|conversations?|messages?|turns?|chats?|contacts?))$",
    ),
)

_WORDS = listed("one two three four five six seven eight nine ten")
MANY = 3  # what "multiple" and "several" come to
NUMBERS = {word: n for n, word in enumerate(_WORDS, 1)} | {
    "a": 1, "an": 1, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "twice": 2,
    "couple of": 2, "both": 2,
}  # fmt: skip
_N = (
    rf"(?P<n>\d{{1,3}}|{'|'.join(_WORDS)}|an?|couple of|multiple|several|first|second|third|fourth"
    r"|fifth)"
)
ATTEMPTS = (
    rf"\b{_N}?\s*(?:st|nd|rd|th)?\s*(?:(?:failed|unsuccessful|unanswered|missed|call|calling)\s+)*"
    r"(?:attempts?|tries)\b(?!\s+to\s+(?:log|sign|pay|buy|reach us))"
)
SILENCES = (
    r"\b(?:silent|silence|inactiv\w+|quiet|(?:no|without(?: an?)?) (?:reply|response|answer)|"
    r"(?:not|n['’]t) (?:\w+ )?(?:repl\w+|respond\w*|written|react\w*))\b"
    rf"(?:.{{0,20}}?\b{_N}\s+(?P<unit>hours?|days?|weeks?)\b)?"
)
UNANSWERED = (
    ("busy", r"\bbusy\b"),
    ("machine", r"\bvoicemail|answering machine|\bmachine\b"),
    ("failed", r"\bfails?\b|\bfailed\b"),
)
