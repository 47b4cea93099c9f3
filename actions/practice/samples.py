"""What to say so that a condition is met, for who tries an action out."""

from __future__ import annotations

import re

from actions.practice.conditions import understand

_GIVEN = {
    "an e-mail address": "my e-mail is maria.lopez@example.com",
    "a phone number": "my phone number is 415 555 0142",
    "a date or time": "tomorrow at 10 am",
    "a name": "my name is Maria Lopez",
    "a number": "5",
    "an extension": "extension 204",
    "a positive answer": "yes",
    "a negative answer": "no",
    "a yes or a no": "yes",
}
_QUOTED = re.compile(r"“([^”]+)”")
_CODE = re.compile(r"an? (\w+ (?:number|code|id))")


def sample(condition: str) -> str:
    """Words that rules take for this condition; empty where rules do not understand it."""
    found = understand(condition)
    ways = [" ".join(map(_said, (part.label for part in required))) for required in found.parts]
    if found.kind == "format":
        ways = [", ".join(ways), *ways]
    return next((text for text in map(_begun, ways) if found.match(text)), "")


def _said(label: str) -> str:
    """One part, as people say it."""
    if label in _GIVEN:
        return _GIVEN[label]
    if quoted := _QUOTED.search(label):
        return quoted.group(1)
    if code := _CODE.fullmatch(label):
        return f"my {code.group(1)} is 48211"
    return ""


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
