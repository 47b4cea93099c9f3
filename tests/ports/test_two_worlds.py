"""The same effects in the live world and in the sandbox: the same facts, in hand and reloaded."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from actions.effects import (
    AddNote,
    AddTags,
    AssignInbox,
    Disengage,
    Effect,
    Enrol,
    ListContact,
    Send,
    SetContactDisposition,
    SetDisposition,
    SetDnc,
    SetProperty,
    TagContact,
    apply_to_facts,
)
from actions.facts import Facts
from agents.contacts.models import ContactDisposition, ContactList, Disposition, Tag
from agents.routing.models import Inbox
from agents.sequences.models import Sequence
from tests.engine.world import join
from tests.ports.conftest import Start

pytestmark = pytest.mark.django_db
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
Refs = dict[str, list[str]]


@pytest.fixture
def refs(db: None) -> Refs:
    """Two of everything that effects refer to."""
    models: dict[str, Any] = {
        "disposition": Disposition,
        "tag": Tag,
        "contact_disposition": ContactDisposition,
        "list": ContactList,
        "sequence": Sequence,
        "inbox": Inbox,
    }
    return {
        slug: [f"{slug}:{model.objects.create(name=f'{slug} {n}').pk}" for n in (1, 2)]
        for slug, model in models.items()
    }


def effects(refs: Refs) -> st.SearchStrategy[tuple[Effect, ...]]:
    """One of each kind in any order, and some again; a live contact's appointments are no facts."""
    one = {slug: st.sampled_from(found) for slug, found in refs.items()}
    some = {slug: st.lists(ref, min_size=1, max_size=2).map(tuple) for slug, ref in one.items()}
    label, labels = st.just("Label"), st.just(("Label",))
    kinds: list[st.SearchStrategy[Effect]] = [
        st.builds(SetDisposition, one["disposition"], label),
        st.builds(AddTags, some["tag"], labels),
        st.builds(SetProperty, st.sampled_from(["email", "company"]), label, TEXTS),
        st.builds(SetDnc, TEXTS),
        st.builds(AddNote, TEXTS),
        st.builds(SetContactDisposition, one["contact_disposition"], label),
        st.builds(TagContact, some["tag"], labels, st.booleans()),
        st.builds(ListContact, some["list"], labels, st.booleans()),
        st.builds(Disengage, st.booleans(), st.booleans(), TEXTS),
        st.builds(Enrol, one["sequence"], label, st.booleans()),
        st.builds(AssignInbox, one["inbox"], label, TEXTS),
        st.builds(Send, st.just("notice"), label, st.just("notification")),
    ]
    again = st.lists(st.sampled_from(kinds), max_size=3)
    order = again.flatmap(lambda more: st.permutations([*kinds, *more]))
    return order.flatmap(lambda chosen: st.tuples(*chosen))


def shown(facts: Facts) -> dict[str, Any]:
    """What both worlds know; an empty value is none."""
    contact = asdict(facts.contact)
    contact["values"] = {key: value for key, value in contact["values"].items() if value}
    return {
        "contact": contact,
        "disposition": facts.disposition,
        "tags": facts.tags,
        "inbox": facts.inbox,
    }


def both(
    start: Start, made: tuple[Effect, ...], *, sandbox: bool
) -> tuple[dict[str, Any], list[str]]:
    """The facts after the effects of one run, the same in hand and reloaded, and the notes."""
    world = start(sandbox=sandbox)
    conversation = world.conversation
    world.session.engine.adapters.apply(conversation, uuid4(), made)
    apply_to_facts(conversation.facts, made)
    in_hand = shown(conversation.facts)
    assert shown(join(world.row()).conversation.facts) == in_hand
    return in_hand, conversation.facts.notes


@settings(
    max_examples=30,
    phases=[Phase.generate],  # the difference says enough; making it smaller takes minutes
    suppress_health_check=list(HealthCheck),
    deadline=None,
)
@given(data=st.data())
def test_both_worlds_end_with_the_same_facts(start: Start, refs: Refs, data: Any) -> None:
    made = data.draw(effects(refs))
    worlds = []
    for sandbox in (False, True):
        with transaction.atomic():
            worlds.append(both(start, made, sandbox=sandbox))
            transaction.set_rollback(True)
    assert worlds[0] == worlds[1]
