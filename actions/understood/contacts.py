"""E-mail addresses, phone numbers and digits, written or spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from actions.languages import ENGLISH, Language, spoken_to
from actions.languages.rooms import Numbers, Reaching
from actions.understood.evidence import READ, Evidence, Found, every, evidence, of

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+@-])([A-Za-z0-9_%+-][A-Za-z0-9._%+-]{0,63})@"
    r"((?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})(?![A-Za-z0-9@-])"
)
_AROUND = ',;:!?"“”()<>'
_LABEL = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*")
_LOCAL = re.compile(r"[a-z0-9_%+.-]{1,64}")


def find_email(text: str, language: Language = ENGLISH) -> Found | None:
    """The first complete e-mail address, lower case; "maria at lopez dot com" counts."""
    for match in every(_EMAIL, text):
        if _sound(match.group(1)) and _sound_domain(match.group(2)):
            return Found(match.group().lower(), of(match))
    found = (_spoken_email(text[:READ], spoken) for spoken in spoken_to(language))
    return next(filter(None, found), None)


def _sound(local: str) -> bool:
    return ".." not in local and not local.endswith(".") and not local.startswith(".")


def _sound_domain(domain: str) -> bool:
    return all(part and part[0] != "-" and part[-1] != "-" for part in domain.split("."))


def _tokens(text: str, language: Language) -> list[tuple[str, re.Match[str]]]:
    """Words in lower case without the signs around them; some are written as two: "guion bajo"."""
    found = language.reaching.token.finditer(language.fold(text))
    return [(" ".join(m.group().lower().strip(_AROUND).rstrip(".").split()), m) for m in found]


def _spoken_email(text: str, language: Language) -> Found | None:
    tokens, how = _tokens(text, language), language.reaching
    words = [word for word, _ in tokens]
    for n, word in enumerate(words):
        local, _, glued = word.partition("@") if "@" in word else ("", "", "")
        if word not in how.at and word != "@" and not (local and glued):
            continue
        if glued:
            first, name = n, local
            domain, last = _domain([glued, *words[n + 1 : n + 12]], how)
            last += n
        else:
            first, name = _local(words, n, how)
            domain, last = _domain(words[n + 1 : n + 13], how)
            last += n + 1
        if name and domain and _LOCAL.fullmatch(name) and _sound(name) and _sound_domain(domain):
            start, end = tokens[first][1].start(), tokens[last][1].end()
            found = text[start:end].rstrip('.,;:!?"”)')
            return Found(f"{name}@{domain}", evidence(text, start, start + len(found)))
    return None


def _domain(words: list[str], how: Reaching) -> tuple[str, int]:
    """The domain at the start of the words and the place of its last word."""
    if not words or not _LABEL.fullmatch(words[0]):
        return "", 0
    domain, last = words[0], 0
    while last + 2 < len(words) and words[last + 1] in how.dot and words[last + 2].isalnum():
        domain, last = f"{domain}.{words[last + 2]}", last + 2
    ending = domain.rpartition(".")[2]
    return (domain, last) if "." in domain and ending.isalpha() and len(ending) > 1 else ("", 0)


def _local(words: list[str], at: int, how: Reaching) -> tuple[int, str]:
    """The name before `at`, read backwards: letters one by one, and joined by dot or dash."""
    n = at - 1
    if n < 0 or words[n] in how.no_local or words[n] in how.joiners:
        return at, ""
    name = words[n]
    while n > 0:
        before = words[n - 1]
        if before in how.joiners and n > 1 and words[n - 2] not in how.no_local:
            name, n = f"{words[n - 2]}{how.joiners[before]}{name}", n - 2
        elif _spelled(words[n], before, how):
            name, n = f"{before}{name}", n - 1
        else:
            break
    return n, name


def _spelled(word: str, before: str, how: Reaching) -> bool:
    short = len(word) == 1 or word.isdigit()
    if not short or before in how.no_local or not before.isalnum():
        return False
    return len(before) == 1 or word.isdigit()


# --- digits ---------------------------------------------------------------------------------

_DIGIT_TOKEN = re.compile(r"\+?\d+|[A-Za-z]+|[^\w\s]")


def find_digits(text: str, language: Language = ENGLISH) -> Found | None:
    """Digits said or typed, e.g. "two oh four"; those after "extension" come first."""
    found = (_digits(text[:READ], spoken) for spoken in spoken_to(language))
    return next(filter(None, found), None)


def _digits(text: str, language: Language) -> Found | None:
    said = language.numbers.extension.search(language.fold(text))
    runs = list(_runs(text, language.numbers, language.numbers.between, language))
    after = [run for run in runs if said and run.evidence.start >= said.end()]
    return next(iter(after or runs), None)


def _runs(
    text: str, known: Numbers, between: frozenset[str], language: Language
) -> Iterator[Found]:
    """Every run of digits, with hyphens, commas, blanks or hesitation in between."""
    digits, start, end, tens, times = "", 0, 0, False, 1
    folded = language.fold(text)
    for match in _DIGIT_TOKEN.finditer(folded):
        word = match.group().lower()
        if digits and (word in between or (tens and word == known.joiner)):
            continue
        if word in known.times:
            times = known.times[word]
            continue
        if known.scales.get(word) == 100 and digits and not tens:
            digits, end, times = f"{digits}00", match.end(), 1
            continue
        piece = _digits_of(word, known, tens)
        begins = digits or word not in known.naught or _digit_follows(folded, match.end(), known)
        if piece and begins:
            start = start if digits else match.start()
            joined = tens and len(piece) == 1 and piece != "0" and not word.isdigit()
            digits = digits[:-1] + piece if joined else digits + piece * times
            end, times = match.end(), 1
            tens = known.values.get(word, 0) in range(20, 100, 10)
            continue
        if digits:
            yield Found(digits.lstrip("+"), evidence(text, start, end))
        digits, tens, times = "", False, 1
    if digits:
        yield Found(digits.lstrip("+"), evidence(text, start, end))


def _digits_of(word: str, known: Numbers, after_tens: bool) -> str:
    if word[-1:].isdigit():
        return word if word.isascii() else ""
    if word in known.naught:
        return "" if after_tens and len(word) == 1 else "0"
    value = 100 if word in known.articles_too else known.values.get(word, 100)
    return str(value) if value < 100 else ""


def _digit_follows(text: str, at: int, known: Numbers) -> bool:
    following = _DIGIT_TOKEN.match(text, at + 1 if text[at : at + 1] == " " else at)
    return bool(following and _digits_of(following.group().lower(), known, False))


# --- phone ----------------------------------------------------------------------------------


def find_phone(text: str, language: Language = ENGLISH) -> Found | None:
    """The first valid phone number, as E.164; "four one five …" counts."""
    written = phonenumbers.PhoneNumberMatcher(text[:READ], REGION, max_tries=TRIES)
    # A number before an @ is the beginning of an address.
    alone = (match for match in written if text[match.end : match.end + 1] != "@")
    if match := next(alone, None):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        return Found(number, evidence(text, match.start, match.end))
    found = (_spoken_phone(text, spoken) for spoken in spoken_to(language))
    return next(filter(None, found), None)


def _phone_runs(text: str, language: Language) -> Iterator[Found]:
    return _runs(text, language.numbers, language.numbers.between_phone, language)


def _spoken_phone(text: str, language: Language) -> Found | None:
    for run in _phone_runs(text[:2000], language):
        if len(run.value) < 7 or not any(c.isalpha() for c in run.evidence.quote):
            continue
        before = language.fold(text[: run.evidence.start][-5:]).lower()
        plus = "+" if before.endswith(f"{language.numbers.plus} ") else ""
        if len(run.value) <= 15 and (number := _valid(plus + run.value)):
            return Found(number, run.evidence)
    return None


REGION = "US"  # of numbers without a country code
TRIES = 50  # numbers in a text that turn out not to be valid
BEGUN = 3  # digits that look like the beginning of a number


def half_email(text: str, language: Language = ENGLISH) -> bool:
    """Whether somebody began an e-mail address and did not end it: "my e-mail is john at"."""
    text, how = text[:READ], language.reaching
    if find_email(text, language) or not how.about_mail.search(language.fold(text)):
        return False
    words = [word for word, _ in _tokens(text, language)]
    at = [n for n, word in enumerate(words) if word in how.at]
    return "@" in text or any(_local(words, n, how)[1] for n in at)


def half_phone(text: str, language: Language = ENGLISH) -> bool:
    """Whether somebody began a phone number and did not end it: "my number is 555 01"."""
    text, about = text[:READ], language.reaching.about_phone
    if find_phone(text, language) or not about.search(language.fold(text)):
        return False
    return any(len(run.value) >= BEGUN for run in _phone_runs(text, language))


def _valid(raw: str) -> str:
    try:
        number = phonenumbers.parse(raw, REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def is_only(text: str, found: Evidence, spare: int = 3) -> bool:
    """Whether a message is hardly more than what was found in it."""
    rest = text[: found.start] + " " + text[found.end :]
    return len([word for word in rest.split() if any(c.isalnum() for c in word)]) <= spare
