"""How well practice mode does what its cards say, on phrasings whose author had not seen it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from actions.practice import Understanding, expected_response, understand

KEPT = Path(__file__).with_name("phrasings.json")
EXPECTED = {"Any positive response", "A valid email", "A date or time preference", "A name"}
PRECISION, RECALL, FEWEST = 0.9, 0.75, 400

# Conditions of the source text and the starters that are not claimed, with the reason.
UNCLAIMED = {
    "the customer does not answer": "an event of the call, not words: it belongs to another moment",
    "after multiple failed call attempts or inactivity": "events: they belong to other moments",
    "they respond to the welcome message": "any reply meets it: there is nothing to look for",
}


@dataclass
class Tally:
    """What was found and what was not, of one group of phrasings."""

    hits: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of what fired that should have."""
        return self.hits / max(self.hits + len(self.wrong), 1)

    @property
    def recall(self) -> float:
        """The share of what should have fired that did."""
        return self.hits / max(self.hits + len(self.missed), 1)


def known(condition: str) -> Understanding:
    """A condition, or what a step of a script waits for."""
    return (expected_response if condition in EXPECTED else understand)(condition)


def claimed(condition: str) -> bool:
    """Whether the card says that words are looked for and nothing of it is left out."""
    found = known(condition)
    return found.whole and not found.event


def measured(groups: dict[str, Tally], cases: list[dict[str, Any]]) -> Iterator[str]:
    """Tally every claimed condition; a line for each that does not find everything."""
    for case in filter(lambda each: claimed(each["condition"]), cases):
        found = known(case["condition"])
        missed = [said for said in case["met"] if not found.match(said)]
        wrong = [said for said in case["not_met"] if found.match(said)]
        for name in (case["source"], "all"):
            tally = groups.setdefault(name, Tally())
            tally.hits += len(case["met"]) - len(missed)
            tally.missed += missed
            tally.wrong += wrong
        if missed or wrong:
            yield f"{case['condition']}\n    missed {missed}\n    wrong {wrong}"


def test_what_is_claimed_is_kept() -> None:
    cases = json.loads(KEPT.read_text("utf-8"))
    assert sum(len(case["met"]) + len(case["not_met"]) for case in cases) >= FEWEST
    groups: dict[str, Tally] = {}
    lines = list(measured(groups, cases))
    lines += [
        f"{name:8} precision {each.precision:.3f} recall {each.recall:.3f}"
        for name, each in groups.items()
    ]
    table = "\n".join(lines)
    assert all(each.precision >= PRECISION and each.recall >= RECALL for each in groups.values()), (
        table
    )


def test_what_is_not_claimed_is_listed_with_its_reason() -> None:
    cases = json.loads(KEPT.read_text("utf-8"))
    ours = [case["condition"] for case in cases if case["source"] in ("mission", "starter")]
    assert {condition for condition in ours if not claimed(condition)} == set(UNCLAIMED)
