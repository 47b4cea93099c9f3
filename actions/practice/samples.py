"""What to say so that a condition is met, for who tries an action out."""

from __future__ import annotations

from actions.practice.conditions import understand


def sample(condition: str) -> str:
    """Words that rules take for this condition; empty where rules do not understand it."""
    found = understand(condition)
    ways = [". ".join(part.sample for part in required) for required in found.parts]
    if found.kind == "format":
        ways = [", ".join(ways), *ways]
    return next((text for text in map(_begun, ways) if found.match(text)), "")


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
