"""How a condition is read: which part of it is the *when*, and what kind of thing it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actions.practice.vocabulary.events import EVENTS
from actions.text import listed

QUOTED = re.compile(
    r"“([^“”]{1,200})”|\"([^\"]{1,200})\"|‘([^‘’]{1,200})’"
    r"|(?<!\w)'([^'\n]{1,200}?(?:'\w[^'\n]{0,200})?)'(?!\w)"
)
_MARKER = re.compile(
    r"\b(as soon as|every time|each time|whenever|when|once|after|if|in case|unless|until|while)\b",
    re.I,
)
_RELATIVE = re.compile(r"\bwho\b", re.I)
_DOING = listed(
    "transfer connect route send create add set save update enroll enrol mark tag apply "
    "forward assign summarize summarise leave end explain tell offer say ask give provide "
    "apologize apologise stop notify call book use run execute trigger record log open start "
    "move remove put hand pass redirect dial schedule reschedule cancel confirm do escalate "
    "disengage note label capture store collect write text email message invite reply respond "
    "answer check look point direct refer thank hang wait"
)
_THEN = re.compile(rf"\s*(?:then|please|you|we|the agent|immediately|{'|'.join(_DOING)})\b", re.I)
_IMPERATIVE = re.compile(
    r"^\s*(?:transfer|connect|route|send|create|add|set|save|update|enroll|enrol|mark|tag|apply|"
    r"forward|assign|summarize|summarise|leave)\s",
    re.I,
)
_BY_WAY_OF = re.compile(
    r"\b(?:via|by|over|through|on|in|during)\s(?:the\s|a\s|this\s)?"
    r"(?:sms|text(?:\smessage)?|phone|call|web\s?chat|chat|conversation)\b",
    re.I,
)
UNSURE = re.compile(
    r"\b(?:seems?|appears?|sounds?|feels?|looks? like|likely|probably|ready|qualif\w+|"
    r"unhappy|angry|"
    r"frustrat\w+|upset|happy|satisf\w+|polite|rude|confus\w+|important|appropriate|relevant|"
    r"suitable|necessary|good fit|serious|hot|warm|cold|more than|less than|at least|at most|"
    r"over|under|twice|times|again|second time|first time|new customer|existing|returning|"
    r"hesita\w+|unsure|doubt\w*|abusive|threat\w*|sarcas\w+|unless|until|while|without|except|"
    r"only|tone|mood|sentiment|intent|understands?|unable|fails?|failed|long|short|too)\b",
    re.I,
)
DENIED = re.compile(r"\b(?:not|never|no longer|\w+n['’]t|cannot|refus\w+)\b", re.I)
GIVES = re.compile(
    r"\b(?:provid\w+|giv(?:e|es|en|ing)|gave|shar\w+|leav(?:e|es)|left|tell(?:s)?|told|send(?:s)?|"
    r"enter\w*|stat(?:e|es)|suppl(?:y|ies)|repl(?:y|ies) with|respond(?:s)? with|answer(?:s)? with|"
    r"introduc\w+|submit\w*|repl(?:y|ies)|says? (?:their|his|her|an?)|"
    r"mentions? (?:their|his|her)|"
    r"confirm(?:s)? (?:their|his|her)|offers? (?:their|an?)|spell(?:s)?)\b",
    re.I,
)
ASKS = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|request\w*|want(?:s|ed)?|need(?:s|ed)?|would like|wish(?:es)?|"
    r"inquir\w+|enquir\w+|mention\w*|talk(?:s|ing)?|speak(?:s)?|say(?:s|ing)?|said|repl(?:y|ies)|"
    r"respond(?:s)?|answers?|writ(?:e|es)|types?|texts?|call(?:s|ing)? (?:about|for|to)|"
    r"complain\w*|report(?:s|ed)?|interested in|question(?:s)?|confirm(?:s|ed)?|has an?|have an?|"
    r"know|looking for|prefers?|raises?|brings? up|tell(?:s)?|states?)\b",
    re.I,
)
WISHES = re.compile(
    r"\b(?:asks|asking|wants|needs|requests|mentions|says|wonders|inquires|enquires|would like|"
    r"wishes|calls about|reports|complains|is interested)\b",
    re.I,
)
_LIST_OF_TOPICS = re.compile(r"\b(?:about|regarding|mentions?|concerning|says?)\b", re.I)


def quoted(condition: str) -> list[str]:
    """The words that stand in quotation marks."""
    found = (next(filter(None, m.groups()), "").strip() for m in QUOTED.finditer(condition))
    return [words for words in dict.fromkeys(found) if words]


def clause(condition: str) -> tuple[str, str]:
    """The *when* of a condition, and what stands around it."""
    text = " ".join(condition.split())
    marker = _MARKER.search(_masked(text))
    if marker and WISHES.search(text, 0, marker.start()):
        return _BY_WAY_OF.sub(" ", _until_doing(text)), ""
    if marker is None and _IMPERATIVE.match(text):
        marker = _RELATIVE.search(text)
    if marker is None:
        return _BY_WAY_OF.sub(" ", _until_doing(text)), ""
    rest = text[marker.end() :]
    strict = marker.group().lower() in ("unless", "until", "while")
    when = _BY_WAY_OF.sub(" ", _until_doing(rest)).strip()
    around = _IMPERATIVE.sub("", text[: marker.start()]).strip()
    return (f"{marker.group()} {when}" if strict else when), around


def _masked(text: str) -> str:
    """The text with its quotations blanked, letter for letter."""
    return QUOTED.sub(lambda m: "_" * len(m.group()), text)


def _until_doing(text: str) -> str:
    """Up to the comma or "then" behind which stands what is to be done."""
    masked = _masked(text)
    for comma in re.finditer(r"[,;:–—]|\.(?=\s|$)|\bthen\b", masked):
        behind = masked[comma.end() :]
        if comma.group() == "then" or not behind.strip() or _THEN.match(behind):
            return text[: comma.start()]
    return text


def alternatives(text: str) -> Iterator[str]:
    """The parts of a clause of which one is enough."""
    listing = bool(_LIST_OF_TOPICS.search(text))
    masked = _masked(text)
    at = 0
    for split in re.finditer(r"\s*(?:,\s*(?:or|and)\b|,|;|/|\bor\b|\band\b)\s*", masked):
        topic_only = listing and not ASKS.search(masked[split.end() :].split(" and ")[0])
        if "and" in split.group() and not topic_only:
            continue
        yield text[at : split.start()]
        at = split.end()
    yield text[at:]


_EVENT_PATTERNS = tuple((name, re.compile(pattern, re.I)) for name, pattern in EVENTS)


def event(text: str) -> str:
    """The event that a clause names; empty where it is about words."""
    return next((name for name, pattern in _EVENT_PATTERNS if pattern.search(text.strip())), "")
