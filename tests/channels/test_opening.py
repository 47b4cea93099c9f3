"""Opening a conversation: only in its own world, and nothing is taken from the other one."""

from __future__ import annotations

import pytest

from agents.channels.opening import LIVE, World, live_adapters, prefetch
from agents.conversations.models import Conversation
from agents.core.writer import InlineWriter
from agents.ports.live import LiveAdapters
from tests.conversations.factories import make_agent, make_conversation

pytestmark = pytest.mark.django_db
SANDBOX = World(True, live_adapters)


@pytest.mark.parametrize(("sandbox", "world"), [(True, LIVE), (False, SANDBOX)])
def test_the_other_world_is_refused(sandbox: bool, world: World) -> None:
    row = make_conversation(make_agent(), sandbox=sandbox)
    with pytest.raises(Conversation.DoesNotExist):
        prefetch(row.pk, InlineWriter(), world)
    row.refresh_from_db()
    assert (row.lease_no, row.lease_owner, row.lease_until) == (0, "", None)


def test_a_real_conversation_acts(db: None) -> None:
    row = make_conversation(make_agent())
    prefetched = prefetch(row.pk, InlineWriter())
    assert isinstance(prefetched.adapters, LiveAdapters)
    assert prefetched.conversation.practice and prefetched.models.practice
    row.refresh_from_db()
    assert row.lease_no == prefetched.conversation.lease_no == 1
