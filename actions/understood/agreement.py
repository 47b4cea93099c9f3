"""Yes and no in an answer: a yes is a short yes, whatever takes it back or puts it off is none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.text import listed
from actions.understood.evidence import Evidence, every, evidence, of
from actions.understood.words import stem, words

Said = tuple[str, ...]
_READ, _LONGEST = 2000, 14  # characters that are read; words of an answer that merely holds a yes


def _list(text: str) -> tuple[Said, ...]:
    parts = (tuple(part.split()) for part in text.split(","))
    return tuple(sorted((p for p in parts if p), key=len, reverse=True))


_LEADING = frozenset(listed("um uh uhm hmm hm well oh ah so like hi hello hey and sorry"))
_FIRM = _list(
    "yes, yeah, yep, yup, yea, ya, yess, yesss, y, affirmative, absolutely, definitely, "
    "certainly, of course, for sure, by all means, you bet, exactly, that's right, that is right, "
    "that's correct, that is correct, it's right, it is right, sounds good, sounds great, "
    "sounds perfect, sounds fine, sounds like a plan, that sounds good, that sounds great, "
    "works for me, that works, that would work, that's fine, that is fine, fine by me, "
    "fine with me, that would be great, that'd be great, that would be good, go ahead, please do, "
    "i'd love to, i would love to, i'd love that, i'd like to, i'd like that, i would like that, "
    "let's do it, let's do that, let's go, i agree, agreed, i accept, accepted, i confirm, "
    "confirmed, count me in, i'm in, do it, do that, happy to, i'd be happy to"
)
_CASUAL = _list("sure, ok, okay, okey, k, kk, alright, all right")
_ALONE = _list(
    "right, correct, great, perfect, fine, please, good, cool, awesome, wonderful, excellent, "
    "i do, i am, i would, i will, i have, it is, very good, very well, deal, true, love it, "
    "that's great, confirm, accept"
)
# Each kind of yes with the number of further words that it bears: a name, a day, a thing.
_KINDS = ((_FIRM, 2), (_CASUAL, 1), (_ALONE, 0))
_NO = _list(
    "no, nope, nah, n, no thanks, no thank you, not really, not now, not today, not interested, "
    "not at all, never, no way, rather not, i'd rather not, i would rather not, not yet, "
    "i'm not, i am not, i don't, i do not, i don't think so, i do not think so, don't, do not, "
    "negative, absolutely not, definitely not, of course not, certainly not, "
    "i'm not interested, i am not interested, not for me, i won't, i will not, i can't, "
    "i cannot, nothing, no sir, no ma'am, thanks but no thanks, thank you but no, "
    "i'm good thanks, i'm good thank you, please don't, please do not, i decline, "
    "not this time, forget it"
)
_BARE_NO = frozenset(listed("no n nope nah"))
_SETTLED = _list("yes, yeah, yep, yup, yea, absolutely, definitely, certainly, sure, ok, okay")
_UNSURE = _list(
    "maybe, not sure, i'm not sure, don't know, do not know, perhaps, depends, yes and no, "
    "might, let me think, need to think, think about it, get back to you, possibly, i guess, "
    "not certain, no idea, later, dunno"
)
_REFUSAL = _list(
    "i don't want, i do not want, not interested, no thanks, no thank you, i'd rather not, "
    "i don't think so, i'm not going to, i don't need, i do not need"
)
_POLITE = frozenset(
    listed(
        "please thanks thank you very much that it is sir ma'am for me do sure great perfect good "
        "sounds works fine then at all lovely"
    )
)
_GOING_ON = frozenset(
    listed(
        "go ahead on start continue proceed book send call transfer connect put through the this "
        "these an to in with be would will can could you that's it's now right away again "
        "really just indeed well perfectly am pm uh um and"
    )
) | {phrase[0] for phrase in _FIRM + _CASUAL if len(phrase) == 1}
_DOUBT = frozenset(
    listed(
        "no n nope nah neither nor none nothing nobody without hardly barely "
        "but however though although except unless until till if whether while before after when "
        "once cancel stop end quit hold hang wait pause remove unsubscribe delete leave drop skip "
        "undo forget bye goodbye hello hi hey actually instead rather first second seconds sec "
        "moment minute minutes later change changed mind maybe perhaps possibly probably might "
        "guess suppose think thought thinking wonder wondering doubt hope wish consider decide ask "
        "asking check discuss depends dunno unsure let prefer question questions thing say "
        "repeat explain tell "
        "what how where who why which whose what's who's how's "
        "wrong mistake problem problems issue issues sorry trouble expensive difficult late early "
        "too other another else different whatever busy wanted meant heard know listen look hear "
        "see or"
    )
)
_UNFINISHED = frozenset(listed("um uh uhm hmm hm er well so and like just"))
_DOUBTFUL = re.compile(
    r"\.\.|…|[🤔😕🤷]|^\W*yeah,? right\W*$|\bgood for you\b|\bas long as\b|"
    r"\b(?:have|need|got) to\b|\bgotta\b|\bi(?:['’]ll| will) call\b",
    re.I,
)
# What sounds like a no, a doubt or a question and is none.
_HARMLESS = re.compile(
    r"\b(?:why not|sure thing|(?:no|not a) (?:problem|worries|objections?)|can't wait|"
    r"(?:i )?(?:don't|do not|wouldn't|would not) mind)\b"
)
_REQUEST = re.compile(r"^(?:and )?(?:please )?(?:can|could|would|will) you\b")
_SHORTENED = {
    "thats": "that's", "lets": "let's", "im": "i'm", "dont": "don't", "cant": "can't",
    "wont": "won't", "its": "it's", "id": "i'd",
}  # fmt: skip
_UP, _DOWN = re.compile("👍|✅|👌|🆗|💯|☑|✔"), re.compile("👎|❌|🚫|✖")
_INTEREST = re.compile(
    r"\b(?:i['’]?m|i am|very|really|quite|definitely|are) (?:\w+ )?interested\b|\btell me more\b|"
    r"\bi(?:['’]?d| would) (?:love|like) (?:to|that|it|some|more|a|an)\b|\bcan['’]?t wait\b|"
    r"\bsounds (?:good|great|perfect|amazing|interesting|awesome)\b|\blet['’]?s (?:do|go|start)\b|"
    r"\bsign me up\b|\bi want (?:to|it|that|this|one|some)\b|\blooks (?:good|great)\b",
    re.I,
)
_MORE = re.compile(r"\btell me more\b", re.I)
_AGREED = re.compile(
    r"\b(?:sounds (?:good|great|perfect|fine)|works (?:well |fine |great )?for me|"
    r"i(?:['’]?d| would) (?:love|like) (?:to|that)|go ahead|let['’]?s do (?:it|that)|please do)\b",
    re.I,
)


def yes_no(text: str) -> bool | None:
    """Whether an answer is yes or no; None where it is neither, both, or in doubt."""
    said, asks = _said(text), _asks(text)
    if not said or _contains(said, _UNSURE) or (asks and len(said) < 3):
        return None
    if no := _leads(said, _NO):
        return None if _goes_back_on_no(said, no) else False
    rest, strangers = _after_yes(said)
    if rest is not None:
        short = not _doubts(text, rest, asks) and _strangers(rest, strangers) <= strangers
        return True if short else None
    if asks or len(said) > _LONGEST:
        return None
    if _contains(said, _REFUSAL):
        return False
    return True if _AGREED.search(text) and not _doubts(text, said, asks) else None


def positive(text: str) -> Evidence | None:
    """Any positive answer: a yes, a longer one too, thumbs up, or interest that is not denied."""
    apart = _MORE.sub(" ", text)
    if yes_no(apart) or _longer_yes(apart):
        return evidence(text, *_trimmed(text))
    said = _said(text)
    if _leads(said, _NO) or _after_yes(said)[0] is not None or _contains(said, _UNSURE):
        return None
    for match in every(_INTEREST, text):
        read = words(text)
        first = next((n for n, (a, _) in enumerate(read.spans) if a >= match.start()), 0)
        stopping = re.match(
            r"\s*(?:to )?(?:stop|cancel|unsubscribe|opt|leave)", text[match.end() :]
        )
        if not read.denied(first, 1) and not stopping:
            return of(match)
    return None


def negative(text: str) -> Evidence | None:
    """A clear no."""
    return evidence(text, *_trimmed(text)) if yes_no(text) is False else None


def _trimmed(text: str) -> tuple[int, int]:
    start = len(text) - len(text.lstrip())
    return start, min(len(text.rstrip()), start + 200)


def _longer_yes(text: str) -> bool:
    """A firm yes with more behind it: enough where nothing consequential hangs on the answer."""
    said = _said(text)
    rest, strangers = _after_yes(said)
    return rest is not None and strangers > 1 and not _doubts(text, rest, _asks(text))


def _said(text: str) -> Said:
    """The words without what one says before an answer; signs such as a thumb up are words."""
    signed = _DOWN.sub(" no ", _UP.sub(" yes ", text[:_READ]))
    plain = [_SHORTENED.get(word, word) for word in words(signed).plain]
    said = tuple(_HARMLESS.sub("yes", " ".join(plain)).split())
    while said and said[0] in _LEADING:
        said = said[1:]
    return said


def _asks(text: str) -> bool:
    return text.rstrip().endswith("?") and not re.search(r"\bwhy not\W*$", text[-40:], re.I)


def _after_yes(said: Said) -> tuple[Said | None, int]:
    """What follows the words of agreement at the beginning, and the further words they bear."""
    rest: Said | None = None
    borne = 0
    while found := max(((_leads(said, kind), bears) for kind, bears in _KINDS), default=(0, 0)):
        length, bears = found
        if not length:
            break
        rest = said = said[length:]
        borne = max(borne, bears)
    if rest and not borne and _strangers(rest, borne):
        return None, 0  # "right now I am at work", "I would like to know more"
    return rest, borne


def _strangers(rest: Said, borne: int) -> int:
    known = _POLITE | _GOING_ON if borne else _POLITE
    return sum(1 for word in rest if word not in known and not word[0].isdigit())


def _doubts(text: str, rest: Said, asks: bool) -> bool:
    """Whether anything behind a yes denies it, puts it off, changes it or asks back."""
    if asks and not _REQUEST.match(" ".join(rest)):
        return True
    unfinished = bool(rest) and rest[-1] in _UNFINISHED and rest[-2:] != ("very", "well")
    return unfinished or _denies(rest) or bool(_DOUBTFUL.search(text[:_READ]))


def _denies(said: Said) -> bool:
    return any(word in _DOUBT or stem(word) == "not" or word == "never" for word in said)


def _goes_back_on_no(said: Said, no: int) -> bool:
    """Whether a no goes on with a yes: "no wait, go ahead", but not "don't do it"."""
    rest = said[no:]
    if not rest or any(stem(word) == "not" for word in rest):
        return False
    agreed = _FIRM + _CASUAL if said[no - 1] in _BARE_NO else _SETTLED
    return any(_leads(rest[n:], agreed) for n in range(len(rest)))


def _leads(said: Said, phrases: Sequence[Said]) -> int:
    """The length of the longest of the phrases at the beginning."""
    return next((len(phrase) for phrase in phrases if said[: len(phrase)] == phrase), 0)


def _contains(said: Said, phrases: Sequence[Said]) -> bool:
    joined = f" {' '.join(said)} "
    return any(f" {' '.join(phrase)} " in joined for phrase in phrases)
