"""Every legal order of two and three actions of the catalog, at every moment.

Whatever stands before or behind it, an action that does not end the conversation runs as it does
alone, and of the endings the first one leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

import pytest

from actions import registry
from actions.base import Channel, Moment
from agents.conversations.models import Turn
from tests.catalog import showcase
from tests.engine.world import Reply, World, make_world

pytestmark = pytest.mark.django_db
LEAVING = {"during": "", "before_handoff": "transfer_call", "after_end": "end_call"}


def _channels(slugs: Sequence[str]) -> Iterator[str]:
    """The channels that all of these types know: a call where one can be had, else a text."""
    kinds = [kind for kind in registry.all_types() if kind.slug in slugs]
    for channel in (Channel.VOICE, Channel.SMS):
        if all(channel in kind.channels for kind in kinds):
            yield str(channel)


def _legal(moment: Moment, count: int) -> Iterator[tuple[str, ...]]:
    """Orders of types that can stand on one panel at this moment."""
    for order in permutations(showcase.slugs(moment), count):
        leaving = LEAVING.get(moment, "")
        if list(_channels([*order, leaving] if leaving else order)):
            yield order


def _played(order: Sequence[str], moment: Moment) -> World:
    """One conversation in which everything is called and both keys agree."""
    leaving = LEAVING.get(moment, "")
    made = [showcase.one_of(slug, moment=str(moment)) for slug in order]
    if leaving:
        made.append(showcase.one_of(leaving))
    channel = next(_channels([*order, leaving] if leaving else order))
    calls = [showcase.called(slug) for slug in reversed(order)]
    first = [showcase.called(leaving)] if leaving else calls
    world = make_world(
        made,
        Reply("", first),
        Reply("", calls) if leaving else Reply("Done."),
        verdicts=dict.fromkeys([*order, leaving], 0.99),
        channel=channel,
        direction="outbound" if moment is Moment.NO_ANSWER else "inbound",
        names=showcase.names(),
        contact=showcase.maria(),
    )
    if moment is Moment.NO_ANSWER:
        world.do(world.session.not_answered("machine"))
    else:
        world.say("My name is Maria, I need help")
    return world


def _statuses(world: World) -> dict[str, str]:
    return dict(world.runs())


ALONE: dict[tuple[str, str], str] = {}


def _alone(slug: str, moment: Moment) -> str:
    """How its run ends where nothing else stands on the panel; empty where it does not run."""
    key = (slug, str(moment))
    if key not in ALONE:
        ALONE[key] = _statuses(_played([slug], moment)).get(slug, "")
    return ALONE[key]


def _check(order: Sequence[str], moment: Moment) -> None:
    expected = {slug: _alone(slug, moment) for slug in order}
    world = _played(order, moment)
    turn = _turn_of(world, moment)
    uids = [one.uid for one in world.conversation.version.actions]
    assert [entry["action"] for entry in turn.decisions] == uids
    runs = _statuses(world)
    endings = [slug for slug in order if registry.get(slug).ends]  # type: ignore[union-attr]
    for slug in order:
        if slug not in endings:
            # A sequence that starts in the same turn takes the place of a question.
            void = expected[slug] == "asked" and "sms_sequence" in order
            assert runs.get(slug, "") in (expected[slug], "cancelled" if void else expected[slug])
    ran = [slug for slug in endings if runs.get(slug)]
    assert ran == [slug for slug in endings if expected[slug]][:1], (order, runs)
    for slug in endings[1:]:
        assert slug not in runs


def _turn_of(world: World, moment: Moment) -> Turn:
    rows = Turn.objects.filter(conversation_id=world.conversation.id)
    if moment is Moment.DURING:
        return rows.order_by("number")[0]
    kind = {"before_handoff": "handoff", "after_end": "closing", "no_answer": "no_answer"}[moment]
    return rows.get(kind=kind)


MOMENTS = (Moment.DURING, Moment.BEFORE_HANDOFF, Moment.AFTER_END, Moment.NO_ANSWER)


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_every_order_of_two(moment: Moment) -> None:
    orders = list(_legal(moment, 2))
    assert len(orders) > 30
    for order in orders:
        _check(order, moment)


@pytest.mark.soak
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_every_order_of_three(moment: Moment) -> None:
    for order in _legal(moment, 3):
        _check(order, moment)
