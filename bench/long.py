"""A turn of a conversation that has 300 turns, beside one of a conversation that has ten.

`python bench/long.py` takes both through the engine with a scripted model, which costs nothing. Its
last line is one JSON object: queries and CPU milliseconds of a turn in both, and their ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

if __package__ is None:  # run as a file: only its own folder is on the path
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.scenario import CONDITIONS, words

SHORT, LONG = 10, 300  # turns
RUNS = 30  # of the long conversation's turns: near to what a conversation may do
SAMPLE = 5  # turns that are measured together


def conversation(turns: int) -> Any:
    """One of so many turns; in the first of them an action runs."""
    from tests.engine.world import action, call, make_world

    actions = [action("communication_tag", condition) for condition in CONDITIONS]
    for one in actions:
        one["config"] = {"tags": [{"id": "1", "tag": "tag:1"}]}
    settings = {"max_turns": 10_000, "tokens_a_day": 1_000_000_000}
    world = make_world(actions, sandbox=False, settings=settings, names={"tag:1": "Tag 0"})
    tool = world.conversation.version.actions[0].tool_name
    for number in range(turns):
        if number < RUNS * turns // LONG:
            world.chat.replies += [_calling(call(tool, tags=["Tag 0"]))]
        world.say(words(0))
    return world


def _calling(tool: Any) -> Any:
    from tests.engine.world import Reply

    return Reply("", calls=[tool])


def queries(world: Any) -> int:
    """What one turn asks of the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        world.say(words(0))
    return len(asked)


def cpu(world: Any) -> float:
    """CPU milliseconds of a turn."""
    begun = time.process_time()
    for _ in range(SAMPLE):
        world.say(words(0))
    return (time.process_time() - begun) * 1000 / SAMPLE


def compared(rounds: int) -> dict[str, Any]:
    """Both conversations in turn; the short one is begun anew each time, so that it stays short."""
    from agents.contacts.models import Tag

    Tag.objects.create(pk=1, name="Tag 0")
    long = conversation(LONG)
    asked = {"short": queries(conversation(SHORT)), "long": queries(long)}
    spent: dict[str, list[float]] = {"short": [], "long": []}
    for _ in range(rounds):
        spent["short"].append(cpu(conversation(SHORT)))
        spent["long"].append(cpu(long))
    middle = {name: round(statistics.median(values), 3) for name, values in spent.items()}
    return {
        "queries": asked,
        "cpu_ms": middle,
        "ratio": round(middle["long"] / middle["short"], 2),
        "runs": len(long.conversation.memory.ended),
    }


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--rounds", type=int, default=20)
    rounds = reader.parse_args().rounds
    with tempfile.TemporaryDirectory() as var:
        os.environ.update(DJANGO_SETTINGS_MODULE="aloai.settings", ALOAI_VAR=var)
        os.environ.pop("DATABASE_URL", None)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        found = compared(rounds)
    for name, count in found["queries"].items():
        print(f"{name:<6} {count} queries   {found['cpu_ms'][name]:.2f} ms CPU")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
