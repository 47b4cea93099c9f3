"""Rows are written as the framework would write them, and tell whether they were."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agents.conversations.models import ActionRun, Conversation, Turn
from agents.core.rows import insert, update
from tests.engine.world import make_version

pytestmark = pytest.mark.django_db


def _turn() -> Turn:
    version = make_version([])
    conversation = Conversation.everything.create(
        agent=version.agent, version=version, channel="chat"
    )
    return Turn(
        conversation=conversation, number=1, inbound="Hi “you”", inbound_key="k", at=timezone.now()
    )


def _run(turn: Turn) -> ActionRun:
    return ActionRun(
        conversation=turn.conversation, turn=turn, action_uid=uuid4(), type="note", occasion="once",
        arguments={"text": "é", "none": None}, at=turn.at,
    )  # fmt: skip


def test_a_row_reads_as_it_was_inserted() -> None:
    turn = _turn()
    turn.decisions, turn.usage = [{"code": "fired", "p": 0.9}], {"prompt": 3}
    assert insert(turn)
    read = Turn.objects.get(pk=turn.pk)
    for field in Turn._meta.concrete_fields:
        assert getattr(read, field.attname) == getattr(turn, field.attname), field.name
    read.save()  # it is known as a row that exists


def test_a_forbidden_row_is_an_error_or_left_out() -> None:
    turn = _turn()
    insert(turn)
    run = _run(turn)
    assert insert(run, unless_there=True)
    again = _run(turn)
    again.action_uid = run.action_uid
    assert not insert(again, unless_there=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(again)
    assert ActionRun.objects.count() == 1


def test_only_where_all_holds_and_only_these_columns() -> None:
    turn = _turn()
    insert(turn)
    done = {"state": Turn.State.DONE, "reply": "Yes.", "notes": ["one"], "heard": None}
    assert not update(Turn, {"id": turn.pk, "number": 2}, done)
    assert update(Turn, {"id": turn.pk, "number": 1}, done)
    read = Turn.objects.get(pk=turn.pk)
    assert (read.state, read.reply, read.notes, read.heard) == ("done", "Yes.", ["one"], None)
    assert (read.inbound, read.at) == (turn.inbound, turn.at)
