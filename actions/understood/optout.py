"""Opting out: reserved words, and wording that any reasonable person reads as *leave me alone*."""

from __future__ import annotations

import re
import unicodedata

from actions.text import listed
from actions.understood.evidence import Evidence, every, of

_OUT = frozenset(listed("stop stopall quit end revoke optout cancel unsubscribe"))
_IN = frozenset(["start", "unstop"])
_POLITE = frozenset(["please", "pls", "now", "thanks"])
_PAIRS = {"stop all": "stopall", "opt out": "optout", "un stop": "unstop"}


def opt_out_word(text: str) -> str | None:
    """The reserved word that the whole message is, e.g. STOP; for SMS only."""
    return _reserved(text, _OUT)


def opt_in_word(text: str) -> str | None:
    """START or UNSTOP, where that is the whole message; for SMS only."""
    return _reserved(text, _IN)


def _reserved(text: str, reserved: frozenset[str]) -> str | None:
    folded = unicodedata.normalize("NFKC", text[:2000]).casefold()
    kept = (c if c.isalnum() else "" if unicodedata.category(c) == "Cf" else " " for c in folded)
    said = " ".join("".join(kept).split())
    word = _PAIRS.get(said, said)
    if word not in reserved and reserved is _OUT:
        rest = " ".join(part for part in said.split() if part not in _POLITE)
        rest = _PAIRS.get(rest, rest)
        word = rest if rest in ("stop", "stopall", "unsubscribe", "optout") else word
    return word.upper() if word in reserved else None


_A = "['’]?"
_END_WORDS = (
    r"please|pls|again|any\s?more|ever|at\sall|and|or|immediately|altogether|forever|ok|thanks|"
    r"thank|for\sgood|with|(?:at|on)\sthis\s(?:number|phone|line)"
)
_END = rf"(?=\s*(?:$|[^\w\s]|(?:{_END_WORDS})\b))"
_STOPS = rf"(?=\s*(?:$|[^\w\s]|(?:{_END_WORDS}|now|today|already|every|so|you|because|but)\b))"
_INSTEAD = r"(?!\W{0,3}(?:(?:just|please|but)\s)*(?:i['’]ll|i\swill|call|text|e-?mail|message)\b)"
_ME = (
    r"(?:me|us|(?:this|my|our)\s(?:\w+\s)?(?:number|phone|cell|mobile|house|home|office|line)|here)"
)
_MESSAGES = (
    r"(?:calls?|calling|texts?|texting|messages?|messaging|sms|e-?mails?|ads|offers|promotions|"
    r"spam|marketing|notifications|updates|this)\b"
)
_REACH = r"(?:call|text|message|contact|e-?mail|phone|ring|sms|bother|write|dial|reach\sout)"
_REACHING = (
    r"(?:calling|texting|messaging|contacting|e-?mailing|bothering|harassing|spamming|phoning|"
    r"ringing|dialing|writing|reaching\sout\sto)"
)
_NEVER = rf"(?:do\snot|don{_A}t|never|no\slonger|please\snot|not\sto)"
_NO_WISH = (
    rf"(?:do\snot|don{_A}t|no\slonger|never)\s(?:want|wish|like|need|care)(?:\sto|\sfor)?"
    rf"|would\s(?:rather|prefer)\snot(?:\sto)?|(?:i{_A}d|i\swould)\s(?:rather|prefer)\snot(?:\sto)?"
)
_LIST = r"(?:lists?|database|system|records?|contacts|campaigns?|subscribers)\b"


def _spaced(pattern: str) -> str:
    """Every blank of a pattern may be a few blanks."""
    return re.sub(r"(?<![\[=i o])\\s(?![?*+{-])", r"\\s{1,4}", pattern)


_WORDINGS = tuple(
    re.compile(rf"(?<!\w)(?:{_spaced(pattern)})", re.IGNORECASE)
    for pattern in (
        rf"(?:stop|quit|cease)\s{_REACHING}\s(?:to\s)?{_ME}\b(?!\s(?:a|an|the|names|mr|mrs|sir)\b)",
        rf"(?:stop|quit|cease)\s{_REACHING}{_STOPS}",
        rf"(?:stop|quit)\ssending\s(?:me\s)?"
        rf"(?:(?:these|your|any|all|more|the|out)\s)*{_MESSAGES}",
        r"(?:stop|quit)\ssending\sme\sthings",
        rf"(?:stop|cease)\s(?:(?:all|the|these|your|any|further)\s)+{_MESSAGES}(?<!this)",
        rf"{_NEVER}\s(?:ever\s)?{_REACH}\s(?:to\s)?{_ME}{_END}{_INSTEAD}",
        rf"{_NEVER}\s(?:ever\s)?{_REACH}\s(?:again|any\s?more)\b",
        rf"{_NEVER}\s(?:ever\s)?{_REACH}\s(?:to\s)?{_ME}\sback{_END}",
        rf"{_NEVER}\s(?:ever\s)?send\s(?:me|us)\s(?:(?:any|more|these|your|another)\s)+{_MESSAGES}",
        rf"{_NEVER}\s(?:ever\s)?send\s(?:me|us)\s(?:anything|things)"
        rf"(?:\s(?:else|more|again|any\s?more|ever)){{0,3}}{_END}",
        rf"(?:{_NO_WISH})\syou\s(?:to\s)?{_REACH}(?:ing)?\s(?:to\s)?{_ME}{_END}",
        rf"(?:{_NO_WISH})\s(?:be|being|get|getting)\s"
        rf"(?:called|texted|messaged|contacted|e-?mailed|bothered|phoned){_END}",
        rf"(?:{_NO_WISH})\s(?:(?:to\s)?(?:get|receive|receiving|getting)\s)?"
        rf"(?:(?:any|more|these|your|further|such)\s)+{_MESSAGES}",
        rf"(?:{_NO_WISH})\s(?:get|receive|receiving|getting)\s{_MESSAGES}",
        rf"(?:{_NO_WISH})\shear\sfrom\s(?:you|your)\b",
        rf"(?:take|remove|delete|get|drop|scratch|erase)\s"
        rf"(?:me|us|(?:my|this|our)\s(?:\w+\s){{0,1}}(?:number|name|phone|info|contact|information|"
        rf"e-?mail|details|data))\s(?:off|from|out\sof|of)\s(?:\w+['’]?\w*\s){{0,4}}?{_LIST}",
        r"(?:take|remove|delete)\s(?:me|my\s(?:phone\s)?number|this\snumber)(?:\soff)?"
        r"(?=\s*(?:$|[.,;!?\n]|please\b|now\b|immediately\b))",
        r"unsubscribe\s(?:me|us)\b",
        rf"unsubscribe{_END}",
        r"unsubscribe\sfrom\s(?:this|these|your|all|everything|the)\b",
        r"opt\s(?:me|us)\sout\b",
        rf"(?:want|like|wish|need|please|i|i{_A}m)\s(?:to\s)?opt(?:ing)?[\s-]out"
        rf"(?:{_END}|\sof\s(?:this|these|your|all|everything|the\s(?:texts|messages|calls|e-?mails))\b)",
        r"leave\s(?:me|us)\s(?:the\s\w+\s)?alone\b",
        r"(?<!i\s)(?<!to\s)lose\s(?:my|this)\snumber\b",
        r"(?:stop|quit)\s(?:bothering|harassing|pestering|spamming|stalking)\s(?:me|us)\b",
        r"(?:put|add|place)\s(?:me|us|my\snumber|this\snumber)\s(?:on|to|in)\s"
        r"(?:\w+\s){0,2}?(?:do[\s-]not[\s-](?:call|contact|text)|dnc|no[\s-]call)\b",
        rf"i{_A}(?:\sa)?m\son\s(?:the|a|your)\s(?:\w+\s)?(?:do[\s-]not[\s-]call|dnc)\b",
        r"(?:revoke|withdraw|withdrawing|revoking)\s(?:my|all)\s(?:\w+\s)?(?:consent|permission)\b",
    )
)
_NO_MORE = re.compile(
    r"(?:^|[.,;!?\n]\s{0,3}|\bplease\s)(no\smore\s(?:calls|texts|messages|e-?mails|sms|spam)"
    r"(?=\s*(?:$|[.,;!?\n]|please\b|from\syou\b|to\sthis\b)))",
    re.IGNORECASE,
)
# What stands right before turns it round, or makes it a story about others.
_TURNED = re.compile(
    r"(?:(?:not|\w+n['’]t|never|cannot|cant|dont|wont|without)(?:\s(?:ever|please|just|want|ask|asked|"
    r"say|said|tell|told|you|to|going|need|wish|have)){0,4}"
    r"|(?:tell|ask|told|asked|get|got|make|made)\s(?:him|her|them|my\s\w+)(?:\s(?:to|not)){0,2}"
    r"|(?:did|does|when|if|until|unless|after|before)\s(?:you|he|she|they|it|we|i)"
    r"|(?:want|wants|wanted|told|tells|telling|asked|asks|begged)\s(?:me|him|her|them)\s(?:to|not\sto))"
    r"\s$",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"\b(?:they|he|she|it|people|nobody|everyone|who|you)\s$|\bwhy\s$", re.IGNORECASE
)
_NOT_OUR_LIST = re.compile(
    r"\b(?:wait(?:ing)?|guest|invite|grocery|shopping)\s?list", re.IGNORECASE
)
_DEMAND = re.compile(
    rf"\b(?:(?:if|unless)\syou\s(?:(?:do|wo)n{_A}t|do\snot|will\snot)|why\s(?:do|wo)n{_A}t\syou)\s$",
    re.IGNORECASE,
)


def opt_out_wording(text: str) -> Evidence | None:
    """Words that ask for no more contact, on any channel."""
    for pattern in _WORDINGS:
        for match in every(pattern, text):
            if not _excused(text, match):
                return of(match)
    more = _NO_MORE.search(text, 0, 20_000)
    return of(more, 1) if more else None


def _excused(text: str, match: re.Match[str]) -> bool:
    before = text[max(match.start() - 60, 0) : match.start()]
    if _DEMAND.search(before):
        return False
    if _TURNED.search(before) or _NOT_OUR_LIST.search(match.group()):
        return True
    first = match.group().split()[0].casefold().replace("’", "'")
    told_of_others = first in ("do", "don't", "dont", "never", "leave")
    return told_of_others and bool(_STORY.search(before))


_INVITE = re.compile(
    r"\b(?:reply|respond|text|answer|send|type|txt)\b([^.!?\n]{0,160})",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"(?<![\w-])(stop\s?all|stop|quit|end|revoke|opt[\s-]?out|cancel|unsubscribe)(?![\w-])",
    re.IGNORECASE,
)
_DIRECT = re.compile(
    r"^(?:\s(?:back|with|us|me|either|the|word|a))*\s?[:\"“'‘]?\s?$", re.IGNORECASE
)
_FOLLOWED = re.compile(r"^[\"”'’]?\s*(?:$|to\b|if\b|or\b|and\b|for\b|[.,;:!?)=])", re.IGNORECASE)
_TO_OPT_OUT = re.compile(
    r"^[\"”'’]?\s*(?:if\syou\s(?:no\slonger|do\snot|don['’]?t)\s|(?:to|2|=|-|:|for)\s*"
    r"(?:no\slonger|not|stop|opt[\s-]?out|unsubscribe|be\sremoved|end\s(?:these|messages|texts)|"
    r"cancel\s(?:these\s|your\s)?(?:messages|texts|alerts)|receive\sno)\b"
    r"(?!\s(?:the|your)\s(?!messages|texts)))",
    re.IGNORECASE,
)
_TO_END = re.compile(
    r"^[\"”'’]?\s*(?:to|2|=)\s*(?:end|cancel|quit|stop)\b(?!\s(?:the|your|my|our|this|a|an)\b)",
    re.IGNORECASE,
)


def invites_reserved_word(template: str) -> str | None:
    """The reserved word that a template wants as an answer to something else than opting out."""
    for invite in every(_INVITE, template):
        asked = invite.group(1)
        for word in _RESERVED.finditer(asked):
            before, after = asked[: word.start()], asked[word.end() :]
            plain = re.sub(r"[\s-]", "", word.group()).upper()
            direct = _DIRECT.match(before) and _FOLLOWED.match(after)
            marked = word.group().isupper() or before[-1:] in tuple("\"“'‘")
            if not direct and not marked:
                continue
            if _TO_OPT_OUT.match(after) or (
                plain in ("STOP", "STOPALL", "UNSUBSCRIBE") and _TO_END.match(after)
            ):
                continue
            return plain
    return None
