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


def play(script: Script, sandbox: bool, *cuts: Point) -> tuple[dict[str, Any], Process]:
    """The whole conversation, cut at these points; what it led to, and the last process."""
    with transaction.atomic():
        conversation = begin(script, sandbox=sandbox)
        client = Client(script, conversation.id)
        for stops in (*cuts, None):
            process = Process(stops)
            client.live(process)
            assert process.dead.is_set() is (stops is not None), f"{stops} was never reached"
        form = normal_form(conversation)
        transaction.set_rollback(True)
    return form, process


def check(script: Script, sandbox: bool, chosen: Iterable[Point] | None = None) -> None:
    """Cut at each of the points, at all by default; every cut that told in the end is named."""
    whole, process = play(script, sandbox)
    points = process.points
    told: dict[str, Any] = {}
    for point in chosen or points:
        form, _ = play(script, sandbox, point)
        if different := {key: form[key] for key in whole if form[key] != whole[key]}:
            told[str(point)] = different
    assert told == {}, {key: whole[key] for each in told.values() for key in each}


def sample(points: list[Point]) -> list[Point]:
    """The first, the last, and some of those between, always the same."""
    step = max(len(points) // SAMPLE, 1)
    return [*points[::step], points[-1]]


WORLDS = pytest.mark.parametrize("sandbox", [True, False], ids=["sandbox", "live"])
EACH = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)


@WORLDS
@EACH
def test_a_conversation_that_was_cut_ends_as_the_uncut_one(script: Script, sandbox: bool) -> None:
    _, process = play(script, sandbox)
    check(script, sandbox, sample(process.points))


@pytest.mark.soak
@WORLDS
@EACH
def test_every_cut_of_every_conversation(script: Script, sandbox: bool) -> None:
    check(script, sandbox)
