"""What the button of a finding does."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from actions.practice.moments import Belongs
from agents.panels.misplaced import belongs_to
from agents.panels.models import Action
from agents.panels.schema import EventCondition
from agents.panels.services import ActionDraft, save_action


@transaction.atomic
def move_to_moment(*, action: Action, user: object = None) -> Belongs | None:
    """Let an action run at the moment that its condition names; the moment replaces the words."""
    found = belongs_to(action, action.panel.agent.kind)
    if found is not None:
        event = EventCondition(kind=found.event, n=found.n) if found.event else None
        kept = {name: getattr(action, name) for name in ActionDraft.__dataclass_fields__}
        draft = replace(
            ActionDraft(**kept),
            when="",
            moment=found.moment.value,
            event=event.model_dump(mode="json") if event else {},
        )
        save_action(action=action, draft=draft, user=user)
    return found
