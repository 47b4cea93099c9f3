"""Yes and no, numbers, choices and names in an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.text import listed
from actions.understood.evidence import READ, Evidence, Found, every, evidence, of
from actions.understood.words import Words, stems, words


def _list(text: str) -> tuple[tuple[str, ...], ...]:
    parts = (tuple(part.split()) for part in text.split(","))
    return tuple(sorted((p for p in parts if p), key=len, reverse=True))


_FILLERS = frozenset(listed("um uh uhm hmm hm well oh ah so like hi hello hey and"))
_YES = _list(
    "yes, yeah, yep, yup, yea, ya, yess, yes please, sure, sure thing, ok, okay, k, alright, "
    "all right, absolutely, definitely, certainly, of course, that's right, that is right, "
    "that's correct, that is correct, exactly, sounds good, sounds great, sounds perfect, "
    "sounds fine, sounds like a plan, that sounds good, that sounds great, works for me, "
    "that works, that would work, that's fine, that is fine, that would be great, "
    "that'd be great, that would be good, go ahead, please do, "
    "i'd love to, i would love to, i'd love that, i'd like that, i would like that, let's do it, "
    "let's go, why not, by all means, you bet, for sure, i agree, agreed, i accept, accepted, "
    "i confirm, confirmed, no problem, no worries, no objection, count me in, i'm in, do it, "
    "yes sir, yes ma'am, affirmative, happy to, i'd be happy to, y"
)
_ALONE_YES = _list(
    "right, correct, great, perfect, fine, please, good, cool, awesome, wonderful, excellent, "
    "i do, i am, i would, i will, i have, it is, very good, very well, deal, true, love it, "
    "that's great, confirm, accept"
)
_NO = _list(
    "no, nope, nah, n, no thanks, no thank you, not really, not now, not today, not interested, "
    "not at all, never, no way, rather not, i'd rather not, i would rather not, not yet, "
    "i'm not, i am not, i don't, i do not, i don't think so, i do not think so, don't, negative, "
    "absolutely not, definitely not, of course not, certainly not, i'm not interested, "
    "i am not interested, not for me, i won't, i will not, i can't, i cannot, nothing, no sir, "
    "no ma'am, thanks but no thanks, thank you but no, i'm good thanks, i'm good thank you, "
    "please don't, please do not, sorry no, i decline, not this time"
)
_UNSURE = _list(
    "maybe, not sure, i'm not sure, don't know, do not know, perhaps, depends, yes and no, "
    "might, let me think, need to think, think about it, get back to you, possibly, i guess, "
    "not certain, no idea, later, dunno"
)
_SETTLED = frozenset(listed("yes yeah yep yup yea absolutely definitely certainly"))
_POLITE = frozenset(
    listed(
        "please thanks thank you very much so that it is sir ma'am for me do yes yeah sure ok "
        "okay great perfect good sounds works fine"
    )
)
_QUESTION = frozenset(listed("what how when where who why which whose"))
_REFUSAL = _list(
    "i don't want, i do not want, not interested, no thanks, no thank you, i'd rather not, "
    "i don't think so, i'm not going to, i don't need, i do not need"
)
_UP, _DOWN = re.compile("👍|✅|👌|🆗|💯|☑|✔"), re.compile("👎|❌|🚫|✖")
_INTEREST = re.compile(
    r"\b(?:i['’]?m|i am|very|really|quite|definitely|are) (?:\w+ )?interested\b|\btell me more\b|"
    r"\bi(?:['’]?d| would) (?:love|like) (?:to|that|it|some|more|a|an)\b|\bcan['’]?t wait\b|"
    r"\bsounds (?:good|great|perfect|amazing|interesting|awesome)\b|\blet['’]?s (?:do|go|start)\b|"
    r"\bsign me up\b|\bi want (?:to|it|that|this|one|some)\b|\blooks (?:good|great)\b",
    re.I,
)


def yes_no(text: str) -> bool | None:
    """Whether an answer is yes or no; None where it is neither, or both."""
    read = words(text[:2000])
    said = _without_fillers(read)
    if not said:
        up, down = bool(_UP.search(text[:2000])), bool(_DOWN.search(text[:2000]))
        return up if up != down else None
    if text.rstrip()[-1:] == "?" and len(said) < 3:
        return None
    if _contains(said, _UNSURE):
        return None
    yes, no = _leads(said, _YES), _leads(said, _NO)
    if said in _ALONE_YES or (_leads(said, _ALONE_YES) and _merely(said, _ALONE_YES)):
        return True
    if yes > no:
        return _still_yes(said, yes)
    if no:
        rest = said[no:]
        return None if rest and rest[0] in _SETTLED | {"sure", "ok"} else False
    if text.rstrip()[-1:] == "?" or len(said) > 14:
        return None
    if _contains(said, _REFUSAL):
        return False
    agreed = _AGREED.search(text)
    return True if agreed and not _denials(said) else None


_AGREED = re.compile(
    r"\b(?:sounds (?:good|great|perfect|fine)|works (?:well |fine |great )?for me|"
    r"i(?:['’]?d| would) (?:love|like) (?:to|that)|go ahead|let['’]?s do (?:it|that)|please do)\b",
    re.I,
)


def _still_yes(said: tuple[str, ...], lead: int) -> bool | None:
    rest = said[lead:]
    if not rest:
        return True
    if rest[0] in ("no", "nope", "nah", "not", "never") or (
        rest[0] in ("but", "and", "if") and _denials(rest)
    ):
        return None
    if said[0] in _SETTLED:
        return True if not ({"but", "actually", "wait"} & set(rest) and _denials(rest)) else None
    if _denials(rest) or rest[0] in _QUESTION or len(rest) > 10:
        return None
    return True


def _merely(said: tuple[str, ...], lead: Sequence[tuple[str, ...]]) -> bool:
    return all(word in _POLITE for word in said[_leads(said, lead) :])


def _without_fillers(read: Words) -> tuple[str, ...]:
    said = read.plain
    while said and said[0] in _FILLERS:
        said = said[1:]
    return said


def _leads(said: tuple[str, ...], phrases: Sequence[tuple[str, ...]]) -> int:
    """The length of the longest of the phrases at the beginning."""
    return next((len(phrase) for phrase in phrases if said[: len(phrase)] == phrase), 0)


def _contains(said: tuple[str, ...], phrases: Sequence[tuple[str, ...]]) -> bool:
    joined = f" {' '.join(said)} "
    return any(f" {' '.join(phrase)} " in joined for phrase in phrases)


def _denials(said: tuple[str, ...]) -> bool:
    return any(w.endswith("n't") or w in ("not", "no", "never", "dont", "nope") for w in said)


def positive(text: str) -> Evidence | None:
    """Any positive answer: a yes, thumbs up, or interest that is not denied."""
    answer = yes_no(text)
    if answer:
        return evidence(text, *_trimmed(text))
    if answer is False or _contains(words(text[:2000]).plain, _UNSURE):
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


# --- numbers --------------------------------------------------------------------------------

_NUMBER = re.compile(
    r"(?<![\w.,/:@-])([$€£]?\s?)(-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,6})?)"
    r"\s?(k\b|thousand\b|m\b|million\b)?(?![\w@:/]|[.,]\d|-\d)",
    re.I,
)
_UNITS = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_SPOKEN = {word: n for n, word in enumerate(_UNITS)}
_SPOKEN |= {
    word: n * 10
    for n, word in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}


def find_number(text: str) -> Found | None:
    """The first number, as plain digits: "$1,200" → 1200, "two hundred and fifty" → 250."""
    for m in every(_NUMBER, text):
        amount = float(m.group(2).replace(",", ""))
        amount *= {"k": 1e3, "t": 1e3, "m": 1e6}.get((m.group(3) or " ")[0].lower(), 1)
        return Found(f"{amount:.6f}".rstrip("0").rstrip("."), of(m))
    return _spoken_number(words(text[:READ]))


def _spoken_number(read: Words) -> Found | None:
    plain = read.plain
    for first, word in enumerate(plain):
        article = word == "a" and plain[first + 1 : first + 2] in (("hundred",), ("thousand",))
        if word not in _SPOKEN and not article:
            continue
        if word == "one" and len(plain) > 2 and plain[first + 1 : first + 2] not in (
            ("hundred",), ("thousand",), ("million",)
        ):  # fmt: skip
            continue
        last, amount = _add_up(plain, first)
        return Found(str(amount), read.evidence(first, last - first + 1))
    return None


def _add_up(plain: tuple[str, ...], first: int) -> tuple[int, int]:
    total, current, last = 0, 0, first
    for n in range(first, min(first + 12, len(plain))):
        word = plain[n]
        if word in _SPOKEN:
            current += _SPOKEN[word]
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in _SCALES:
            total, current = total + max(current, 1) * _SCALES[word], 0
        elif word == "and" and n > first and plain[n - 1] in _SCALES:
            continue
        elif not (word == "a" and n == first):
            break
        last = n
    return last, total + current


# --- choices --------------------------------------------------------------------------------

_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4}
_NTH = re.compile(r"(?:^|\b(?:option|number|choice)\s)\s*([1-9])\b[.)]?\s*(?:$|please\b)", re.I)


def find_choice(text: str, choices: Sequence[str]) -> Found | None:
    """The one choice that is named; None where none or several are."""
    read = words(text[:READ])
    hits = [
        (at, at + len(phrase), choice)
        for choice in choices
        if (phrase := stems(choice))
        for at in read.at(phrase)
        if not read.denied(at, len(phrase))
    ]
    hits = hits[:40]
    widest = [
        hit
        for hit in hits
        if not any(
            o[0] <= hit[0] and hit[1] <= o[1] and o[1] - o[0] > hit[1] - hit[0] for o in hits
        )
    ]
    if len({choice for _, _, choice in widest}) == 1:
        first, end, choice = widest[0]
        return Found(choice, read.evidence(first, end - first))
    return None if hits else _by_place(text, read, choices)


def _by_place(text: str, read: Words, choices: Sequence[str]) -> Found | None:
    if (nth := _NTH.search(text, 0, READ)) and int(nth.group(1)) <= len(choices):
        return Found(choices[int(nth.group(1)) - 1], of(nth, 1))
    named = [n for n, word in enumerate(read.plain) if word in _ORDINALS]
    if len(named) == 1 and len(read.plain) <= 8 and not read.denied(named[0], 1):
        place = _ORDINALS[read.plain[named[0]]]
        if place < len(choices):
            return Found(choices[place], read.evidence(named[0], 1))
    return None
