"""E-mail addresses, phone numbers and digits, written or spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from actions.text import listed
from actions.understood.evidence import READ, Evidence, Found, every, evidence, of

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+@-])([A-Za-z0-9_%+-][A-Za-z0-9._%+-]{0,63})@"
    r"((?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})(?![A-Za-z0-9@-])"
)
_TOKEN = re.compile(r"\S+")
_JOINERS = {
    "dot": ".", "period": ".", "point": ".", "underscore": "_", "dash": "-", "hyphen": "-",
    "minus": "-", "plus": "+",
}  # fmt: skip
_NOT_LOCAL = frozenset(
    listed(
        "me us you him her them it is it's look be at am are meet here there that this home work "
        "email e-mail mail reach contact and or the my i'm call address was up out back only"
    )
)
_LABEL = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*")
_LOCAL = re.compile(r"[a-z0-9_%+.-]{1,64}")


def find_email(text: str) -> Found | None:
    """The first complete e-mail address, lower case; "maria at lopez dot com" counts."""
    for match in every(_EMAIL, text):
        if _sound(match.group(1)) and _sound_domain(match.group(2)):
            return Found(match.group().lower(), of(match))
    return _spoken_email(text[:READ])


def _sound(local: str) -> bool:
    return ".." not in local and not local.endswith(".") and not local.startswith(".")


def _sound_domain(domain: str) -> bool:
    return all(part and part[0] != "-" and part[-1] != "-" for part in domain.split("."))


def _spoken_email(text: str) -> Found | None:
    tokens = [
        (m.group().lower().strip(',;:!?"“”()<>').rstrip("."), m) for m in _TOKEN.finditer(text)
    ]
    words = [word for word, _ in tokens]
    for n, word in enumerate(words):
        local, _, glued = word.partition("@") if "@" in word else ("", "", "")
        if word not in ("at", "@") and not (local and glued):
            continue
        if glued:
            first, name = n, local
            domain, last = _domain([glued, *words[n + 1 : n + 12]])
            last += n
        else:
            first, name = _local(words, n)
            domain, last = _domain(words[n + 1 : n + 13])
            last += n + 1
        if name and domain and _LOCAL.fullmatch(name) and _sound(name) and _sound_domain(domain):
            start, end = tokens[first][1].start(), tokens[last][1].end()
            found = text[start:end].rstrip('.,;:!?"”)')
            return Found(f"{name}@{domain}", evidence(text, start, start + len(found)))
    return None


def _domain(words: list[str]) -> tuple[str, int]:
    """The domain at the start of the words and the place of its last word."""
    if not words or not _LABEL.fullmatch(words[0]):
        return "", 0
    domain, last = words[0], 0
    while last + 2 < len(words) and words[last + 1] == "dot" and words[last + 2].isalnum():
        domain, last = f"{domain}.{words[last + 2]}", last + 2
    ending = domain.rpartition(".")[2]
    return (domain, last) if "." in domain and ending.isalpha() and len(ending) > 1 else ("", 0)


def _local(words: list[str], at: int) -> tuple[int, str]:
    """The name before `at`, read backwards: letters one by one, and joined by dot or dash."""
    n = at - 1
    if n < 0 or words[n] in _NOT_LOCAL or words[n] in _JOINERS:
        return at, ""
    name = words[n]
    while n > 0:
        before = words[n - 1]
        if before in _JOINERS and n > 1 and words[n - 2] not in _NOT_LOCAL:
            name, n = f"{words[n - 2]}{_JOINERS[before]}{name}", n - 2
        elif _spelled(words[n], before):
            name, n = f"{before}{name}", n - 1
        else:
            break
    return n, name


def _spelled(word: str, before: str) -> bool:
    short = len(word) == 1 or word.isdigit()
    if not short or before in _NOT_LOCAL or not before.isalnum():
        return False
    return len(before) == 1 or word.isdigit()


# --- digits ---------------------------------------------------------------------------------

_ONES = {
    "zero": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TEENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
_TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fifty": "5", "sixty": "6", "seventy": "7",
    "eighty": "8", "ninety": "9",
}  # fmt: skip
_DIGIT_TOKEN = re.compile(r"\+?\d+|[A-Za-z]+|[^\w\s]")
_EXTENSION = re.compile(r"\b(?:extension|ext|x)\b[\s.:#-]*(?:number\s|is\s|number\sis\s)?", re.I)


def find_digits(text: str) -> Found | None:
    """Digits said or typed, e.g. "two oh four"; those after "extension" come first."""
    text = text[:READ]
    said = _EXTENSION.search(text)
    runs = list(_runs(text))
    after = [run for run in runs if said and run.evidence.start >= said.end()]
    return next(iter(after or runs), None)


_BETWEEN = frozenset({"-", ",", ".", "(", ")", *listed("um uh er erm hm dash hyphen")})
_OF_A_NUMBER = _BETWEEN | {*listed("and then so ok okay")}


def _runs(text: str, between: frozenset[str] = _BETWEEN) -> Iterator[Found]:
    """Every run of digits, with hyphens, commas, blanks or hesitation in between."""
    digits, start, end, tens, times = "", 0, 0, "", 1
    for match in _DIGIT_TOKEN.finditer(text):
        word = match.group().lower()
        if word in between and digits:
            continue
        if word in ("double", "triple") or (word == "hundred" and digits and not tens):
            if word == "hundred":
                digits, end = f"{digits}00", match.end()
            times = {"double": 2, "triple": 3}.get(word, 1)
            continue
        piece = _digits_of(word, bool(tens))
        if piece and (digits or word not in ("o", "oh") or _digit_follows(text, match.end())):
            if not digits:
                start = match.start()
            digits = (
                digits + piece * times if not tens or word not in _ONES else digits[:-1] + piece
            )
            end, tens, times = match.end(), _TENS.get(word, ""), 1
            continue
        if digits:
            yield Found(digits.lstrip("+"), evidence(text, start, end))
        digits, tens, times = "", "", 1
    if digits:
        yield Found(digits.lstrip("+"), evidence(text, start, end))


def _digits_of(word: str, after_tens: bool) -> str:
    if word[-1:].isdigit():
        return word if word.isascii() else ""
    if word in _ONES:
        return "" if after_tens and word in ("o",) else _ONES[word]
    return _TEENS.get(word) or (f"{_TENS[word]}0" if word in _TENS else "")


def _digit_follows(text: str, at: int) -> bool:
    following = _DIGIT_TOKEN.match(text, at + 1 if text[at : at + 1] == " " else at)
    return bool(following and _digits_of(following.group().lower(), False))


# --- phone ----------------------------------------------------------------------------------

_PHONE = re.compile(r"(?<![\w.@])\+?\(?\d[\d\s().–-]{5,22}\d(?![\w@])")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")


def find_phone(text: str, region: str = "US") -> Found | None:
    """The first valid phone number, as E.164; "four one five …" counts."""
    for tried, match in enumerate(every(_PHONE, text)):
        if tried > 50:
            break
        if not _ISO_DAY.match(match.group()) and (number := _valid(match.group(), region)):
            return Found(number, of(match))
    return _spoken_phone(text, region)


def _spoken_phone(text: str, region: str) -> Found | None:
    for run in _runs(text[:2000], _OF_A_NUMBER):
        if len(run.value) < 7 or not any(c.isalpha() for c in run.evidence.quote):
            continue
        before = text[max(run.evidence.start - 5, 0) : run.evidence.start].lower()
        plus = "+" if before.endswith("plus ") else ""
        if len(run.value) <= 15 and (number := _valid(plus + run.value, region)):
            return Found(number, run.evidence)
    return None


_ABOUT_MAIL = re.compile(r"\be-?mail\b|\S@", re.I)
_ABOUT_PHONE = re.compile(
    r"\b(?:telephone|phone|mobile|cell|(?:my|the) number is|(?:call|reach) me (?:at|on))\b", re.I
)
BEGUN = 3  # digits that look like the beginning of a number


def half_email(text: str) -> bool:
    """Whether somebody began an e-mail address and did not end it: "my e-mail is john at"."""
    text = text[:READ]
    if find_email(text) or not _ABOUT_MAIL.search(text):
        return False
    words = text.lower().split()
    at = [n for n, word in enumerate(words) if word.strip(",.;:!?") == "at"]
    return "@" in text or any(_local(words, n)[1] for n in at)


def half_phone(text: str, region: str = "US") -> bool:
    """Whether somebody began a phone number and did not end it: "my number is 555 01"."""
    text = text[:READ]
    if find_phone(text, region) or not _ABOUT_PHONE.search(text):
        return False
    return any(len(run.value) >= BEGUN for run in _runs(text, _OF_A_NUMBER))


def _valid(raw: str, region: str) -> str:
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def is_only(text: str, found: Evidence, spare: int = 3) -> bool:
    """Whether a message is hardly more than what was found in it."""
    rest = text[: found.start] + " " + text[found.end :]
    return len([word for word in rest.split() if any(c.isalnum() for c in word)]) <= spare
