"""The week of conversations: made by the engine, dated, and the same when played again."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agents.contacts.models import Consent, Contact, Disengagement, DncEntry, TimelineEntry
from agents.conversations.models import (
    ActionRun,
    Conversation,
    DailyCount,
    DailyTotal,
    InboxItem,
    TokenUse,
    Turn,
)
from agents.conversations.reasons import Reason
from agents.conversations.recount import recount_all
from agents.conversations.totals import KEYS
from agents.demo.making import AT_ONCE, working_days
from agents.demo.playing import Beginning, Stage, play
from agents.demo.week import TRIED, WEEK
from agents.outbox.models import Delivery
from agents.panels.linter import lint
from agents.panels.models import Agent
from agents.sequences.models import Enrolment
from agents.transfers.models import Transfer
from agents.tryit.validation import validation
from tests.demo.conftest import DemoBusiness

pytestmark = pytest.mark.django_db
STORIES = {story.slug: story for story in WEEK}
Decided = list[tuple[str, list[tuple[str, str]]]]


def decided(conversation: Any) -> Decided:
    """What every turn decided about every action."""
    turns = Turn.objects.filter(conversation_id=conversation).order_by("number")
    return [(turn.kind, [(one["type"], one["code"]) for one in turn.decisions]) for turn in turns]


def test_every_story_is_told_as_it_was_meant(demo: DemoBusiness) -> None:
    """No answer of the scripted model was left over, none was missing."""
    assert [one.slug for one in demo.maker.played if one.loose] == []
    assert len(demo.maker.played) == len(WEEK) + len(TRIED)
    assert Conversation.objects.count() == len(WEEK)
    assert 40 <= len(WEEK) <= 60


async def _again(first: dict[str, Conversation]) -> dict[str, Any]:
    """Every story once more, as a test: from how it began, on its version, in the same words."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(slug: str, talk: Any) -> tuple[str, Any]:
        begin = Beginning(talk.version, talk.contact_id, talk.started_at, talk.world["start"])
        async with places:
            return slug, (await play(STORIES[slug], begin, Stage(sandbox=True))).conversation

    return dict(await asyncio.gather(*(one(slug, talk) for slug, talk in first.items())))


@pytest.fixture(scope="module")
def twice(demo: DemoBusiness, django_db_blocker: Any) -> dict[str, tuple[Decided, Decided]]:
    """What every conversation decided, and what it decided when it was played again."""
    with django_db_blocker.unblock():
        rows = Conversation.objects.select_related("version__agent").in_bulk()
        first = {one.slug: rows[one.conversation] for one in demo.maker.played
                 if one.conversation in rows}  # fmt: skip
        second = asyncio.run(_again(first))
        found = {slug: (decided(first[slug].pk), decided(second[slug])) for slug in first}
        Conversation.everything.filter(pk__in=second.values()).delete()
    return found


def test_its_conversations_replay_to_the_same_decisions(
    twice: dict[str, tuple[Decided, Decided]],
) -> None:
    assert set(twice) == set(STORIES)
    assert {slug for slug, (before, after) in twice.items() if before != after} == set()
    assert all(before for before, _ in twice.values())


def test_there_is_something_of_everything_to_read(demo: DemoBusiness) -> None:
    outcomes = set(Conversation.objects.values_list("outcome", flat=True))
    for words in ("transferred to Sales", "message taken for Office", "machine", "not answered",
                  "busy", "closed after silence", "the contact hung up while it rang"):  # fmt: skip
        assert words in outcomes
    statuses = Counter(ActionRun.objects.values_list("status", flat=True))
    assert statuses["done"] > 100 and statuses["failed"]
    codes = {one["code"] for turn in Turn.objects.all() for one in turn.decisions}
    assert {
        Reason.FIRED, Reason.FIRED_BY_RULE, Reason.FIRED_AFTER_RECHECK, Reason.CONFIRMING,
        Reason.INTERRUPTED, Reason.MODEL_FAILED, Reason.STAFF_IN_CONTROL, Reason.SCRIPT_TURN,
    } <= codes  # fmt: skip
    assert DncEntry.objects.filter(lifted_at=None).exists()
    assert DncEntry.objects.exclude(lifted_at=None).exists()
    assert Consent.objects.exclude(withdrawn_at=None).exists()
    assert Disengagement.objects.exists() and Enrolment.objects.exists()
    assert InboxItem.objects.filter(released_at=None).exists()
    assert InboxItem.objects.exclude(released_at=None).exists()
    assert Transfer.objects.exists()


def test_the_agents_show_the_catalog_and_are_sound(demo: DemoBusiness) -> None:
    for agent in Agent.objects.select_related("panel", "live_version"):
        assert lint(agent.panel) == []
        assert agent.panel.actions.count() >= 8
        assert {row.mode for row in agent.panel.actions.all()} == {"live"}
        assert [version.number for version in agent.versions.exclude(number=None)] == [2, 1]
        assert agent.live_version and agent.live_version.number == 2
        shown = validation(agent)
        assert 0 < shown.ticked < len(shown.lines)


def test_everything_lies_in_the_week(demo: DemoBusiness) -> None:
    now, days = timezone.now(), working_days(timezone.now())
    begin = days[0]
    talks = Conversation.objects.all()
    assert len({talk.started_at.date() for talk in talks}) == len(days)
    for talk in talks:
        ended = talk.ended_at or talk.last_at
        assert begin <= talk.started_at <= talk.last_at <= now
        assert talk.started_at <= ended <= now and talk.clock_offset == 0
        assert 6 <= talk.started_at.hour <= 21 and talk.started_at.weekday() != 6
    within = [
        (TimelineEntry.objects.exclude(conversation_id=None), "at"),
        (DncEntry.objects.exclude(conversation_id=None), "set_at"),
        (Delivery.objects.all(), "created_at"),
        (Enrolment.objects.all(), "enrolled_at"),
    ]
    for rows, name in within:
        times = [getattr(row, name) for row in rows]  # type: ignore[attr-defined]
        assert times and all(begin <= at <= now - timedelta(hours=1) for at in times)


def test_the_counters_lie_on_the_days_of_the_conversations(demo: DemoBusiness) -> None:
    days = {at.date() for at in Turn.objects.values_list("at", flat=True)}
    assert set(DailyCount.objects.values_list("day", flat=True)) <= days
    assert set(TokenUse.objects.values_list("day", flat=True)) <= days
    assert len(days) >= 6
    before = {tuple(row) for row in DailyTotal.objects.values_list(*KEYS, "count")}
    recount_all()
    assert {tuple(row) for row in DailyTotal.objects.values_list(*KEYS, "count")} == {
        row for row in before if row[-1]
    }


def test_contacts_are_samples_with_invented_numbers(demo: DemoBusiness) -> None:
    keys = [one.contact_id for one in Conversation.objects.all()]
    for contact in Contact.objects.filter(pk__in=keys):
        assert contact.sample
        assert contact.phone.startswith("+1415555014") or contact.phone.startswith("+141555501")
        assert not contact.email or contact.email.partition("@")[2].startswith("example.")
