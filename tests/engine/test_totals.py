"""Whatever happens in a conversation, and wherever its process stops: every thing counts once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings

from agents.conversations.models import DailyTotal
from tests.conversations.totals import assert_kept, by_kind
from tests.engine.crash_scripts import SCRIPTS, begin
from tests.engine.crashing import Client, Point, Process, Script
from tests.engine.test_crash_points import sample
from tests.engine.test_properties import CASES, QUIET, Case, play
from tests.engine.world import Reply as Answer
from tests.engine.world import action, call, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _waits(settings: Any) -> None:
    short = {"judge": 0.015, "grace": 0.002, "barrier": 0.5}
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, **short}


@settings(max_examples=40, deadline=None, suppress_health_check=QUIET)
@given(CASES)
def test_a_random_conversation_is_counted_as_it_is(case: Case) -> None:
    with transaction.atomic():
        play(case)
        assert bool(DailyTotal.objects.exists()) is not case.sandbox
        assert_kept()
        transaction.set_rollback(True)


def cut(script: Script, *cuts: Point) -> tuple[dict[str, int], Process]:
    """Play a script, stop its process there, go on; what is counted."""
    with transaction.atomic():
        client = Client(script, begin(script, sandbox=False).id)
        processes = [Process(stops) for stops in (*cuts, None)]
        for process in processes:
            client.live(process)
        counted = by_kind()
        assert_kept()
        transaction.set_rollback(True)
    return alike(counted), processes[0]


def alike(counted: dict[str, int]) -> dict[str, int]:
    """Without what differs from run to run: how long a first word took, the keys of rows."""
    kept: Counter[str] = Counter()
    for name, count in counted.items():
        what = name.partition(" ")[0]
        kept[what if what in ("first_word", "disposition", "tag") else name] += count
    return dict(kept)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_conversation_that_was_cut_counts_once(script: Script) -> None:
    whole, process = cut(script)
    assert whole[f"conversation {_end(whole)}"] == 1
    for point in sample(process.points):
        counted, cut_off = cut(script, point)
        assert cut_off.dead.is_set()
        assert counted == whole, str(point)


def _end(counted: dict[str, int]) -> str:
    """How the one conversation ended."""
    return next(n.partition(" ")[2] for n in counted if n.startswith("conversation "))


def test_what_a_call_adds_up_to() -> None:
    world = make_world(
        [action("t_save"), action("t_bye")],
        Answer("Saved.", [call("t_save", value="a@b.example")]),
        Answer("Goodbye.", [call("t_bye")]),
        verdicts={"t_save": 0.97, "t_bye": 0.02},
        channel="voice",
        sandbox=False,
    )
    assert by_kind() == {"conversation open": 1}
    world.say("my address is a@b.example")
    assert world.judge
    world.judge.verdicts = {"t_save": 0.02, "t_bye": 0.97}
    world.say("goodbye")
    counted = by_kind()
    assert counted.pop("conversation ended") == 1 and "conversation open" not in counted
    assert counted["turn done"] == world.row().turns.count()
    assert {n: c for n, c in counted.items() if n.startswith("run")} == {
        "run done:t_save": 1,
        "run done:t_bye": 1,
    }
    assert sum(c for n, c in counted.items() if n.startswith("first_word")) == 2


def test_a_test_never_counts() -> None:
    world = make_world([action("t_save")], verdicts={"t_save": 0.97})
    world.say("hello")
    assert not DailyTotal.objects.exists()


def test_an_action_that_only_watches_changes_no_figure() -> None:
    world = make_world(
        [action("t_save", mode="shadow")],
        Answer("", [call("t_save", value="a@b.example")]),
        verdicts={"t_save": 0.97},
        sandbox=False,
    )
    world.say("my address is a@b.example")
    assert world.runs() == [("t_save", "done")]
    assert not [name for name in by_kind() if name.startswith("run")]
