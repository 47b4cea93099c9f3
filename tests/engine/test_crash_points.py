"""Whatever stops a process, and wherever: the conversation ends as if nothing had happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import transaction

from tests.engine.crash_scripts import SCRIPTS, begin, normal_form
from tests.engine.crashing import Client, Point, Process, Script

pytestmark = pytest.mark.django_db
SAMPLE = 10  # points of a conversation in the short form


@pytest.fixture(autouse=True)
def _waits(settings: Any) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "grace": 0.002}


def play(script: Script, sandbox: bool, *cuts: Point) -> tuple[dict[str, Any], list[Process]]:
    """The whole conversation, cut at these points; what it led to, and its processes."""
    with transaction.atomic():
        conversation = begin(script, sandbox=sandbox)
        client = Client(script, conversation.id)
        processes = [Process(stops) for stops in (*cuts, None)]
        for process in processes:
            client.live(process)
        form = normal_form(conversation)
        transaction.set_rollback(True)
    return form, processes


def uncut(script: Script, sandbox: bool) -> tuple[dict[str, Any], list[Point]]:
    """What it leads to where nothing stops it, and where it could be stopped."""
    form, (process,) = play(script, sandbox)
    assert [run[1] for run in form["runs"]] == list(script.runs)
    assert {run[3] for run in form["runs"]} == {"done"}
    assert {turn[1] for turn in form["turns"]} == {"done"}
    return form, process.points


def compare(script: Script, sandbox: bool, points: Iterable[Point], *again: Point) -> None:
    """Cut at each of the points, and once more at `again`; every cut that is seen is named."""
    whole, _ = uncut(script, sandbox)
    seen: dict[str, Any] = {}
    for point in points:
        form, processes = play(script, sandbox, point, *again)
        assert processes[0].dead.is_set(), f"{point} was never reached"
        if different := {key: form[key] for key in whole if form[key] != whole[key]}:
            seen[str(point)] = different
    assert seen == {}, {key: whole[key] for each in seen.values() for key in each}


def sample(points: list[Point]) -> list[Point]:
    """The first, the last, and some of those between, always the same."""
    step = max(len(points) // SAMPLE, 1)
    return [*points[::step], points[-1]]


WORLDS = pytest.mark.parametrize("sandbox", [True, False], ids=["sandbox", "live"])
EACH = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)


@WORLDS
@EACH
def test_a_conversation_that_was_cut_ends_as_the_uncut_one(script: Script, sandbox: bool) -> None:
    compare(script, sandbox, sample(uncut(script, sandbox)[1]))


@pytest.mark.soak
@WORLDS
@EACH
def test_every_cut_of_every_conversation(script: Script, sandbox: bool) -> None:
    compare(script, sandbox, uncut(script, sandbox)[1])


@pytest.mark.soak
@pytest.mark.parametrize(
    "again",
    [Point("before", 1), Point("after", 0), Point("after", 1), Point("answer", 0)],
    ids=str,
)
@WORLDS
@EACH
def test_every_cut_and_another_while_it_is_taken_up(
    script: Script, sandbox: bool, again: Point
) -> None:
    compare(script, sandbox, uncut(script, sandbox)[1], again)
