"""The runs of tests that speak for a draft, by what their action was then."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from agents.conversations.models import ActionRun
from agents.panels.models import Agent, Version
from agents.panels.schema import FrozenAction
from agents.panels.stored import read_frozen

NEWEST = 2000  # runs that are looked at
KEPT = 500  # versions whose fingerprints a process keeps
ENDED = (ActionRun.Status.DONE, ActionRun.Status.FAILED)
# Where it stands, and what publishing and switching it off change: it does the same.
NOT_CONTENT = {"position", "mode", "enabled"}

_known: OrderedDict[str, Mapping[str, bytes]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class TestRuns:
    """The runs of one action in tests, newest first: as it is now, and as it was before."""

    now: list[ActionRun] = field(default_factory=list)
    before: list[ActionRun] = field(default_factory=list)


def fingerprint(action: FrozenAction) -> bytes:
    """What decides about an action and what it does."""
    return orjson.dumps(
        action.model_dump(mode="json", exclude=NOT_CONTENT), option=orjson.OPT_SORT_KEYS
    )


def runs_on(agent: Agent, actions: Iterable[FrozenAction]) -> dict[UUID, TestRuns]:
    """The ended runs of tests by action."""
    wanted = {action.uid: fingerprint(action) for action in actions}
    runs = list(
        ActionRun.objects.filter(
            conversation__agent=agent,
            conversation__sandbox=True,
            action_uid__in=wanted,
            status__in=ENDED,
        )
        .select_related("turn", "conversation", "transfer")
        .defer("conversation__world", "conversation__memory", "turn__decisions", "turn__reply")
        .order_by("-at")[:NEWEST]
    )
    prints = _prints({run.conversation.version_id for run in runs})
    found: dict[UUID, TestRuns] = {}
    for run in runs:
        then = prints[run.conversation.version_id].get(str(run.action_uid))
        known = found.setdefault(run.action_uid, TestRuns())
        (known.now if then == wanted[run.action_uid] else known.before).append(run)
    return found


def _prints(version_ids: set[int]) -> dict[int, Mapping[str, bytes]]:
    """Fingerprints by version and action; what a version holds never changes."""
    digests = dict(Version.objects.filter(id__in=version_ids).values_list("id", "digest"))
    unknown = [pk for pk, digest in digests.items() if digest not in _known]
    for version in Version.objects.filter(id__in=unknown).only("digest", "content"):
        _known[version.digest] = dict(_printed(version.content))
    found = {pk: _known[digest] for pk, digest in digests.items()}
    while len(_known) > KEPT:
        _known.popitem(last=False)
    return found


def _printed(content: Mapping[str, Any]) -> Iterable[tuple[str, bytes]]:
    for stored in content["actions"]:
        try:
            action = read_frozen(stored)
        except ValidationError:
            continue  # made by another release; it proves nothing for this one
        yield str(action.uid), fingerprint(action)
