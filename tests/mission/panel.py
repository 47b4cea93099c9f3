"""A panel built as an admin builds it, through the builder's pages, and tried in the sandbox."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.test import Client

from actions import registry
from agents.contacts.models import Contact
from agents.panels.forms.common import common_for
from agents.panels.forms.tree import tree_of
from agents.panels.models import Action, Agent
from agents.tryit.services import start_test
from tests.engine.world import Reply, World, join

HTMX = {"HX-Request": "true"}


def fields(tree: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """A form's tree as a browser posts it."""
    for name, value in tree.items():
        here = f"{path}.{name}"
        if name == "id":
            continue
        if isinstance(value, bool):
            if value:
                yield here, "on"
        elif isinstance(value, Mapping):
            yield from fields(value, here)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            yield here, [row["id"] for row in value]
            for row in value:
                yield from fields(row, f"{here}.{row['id']}")
        else:
            yield here, value


def with_ids(value: Any) -> Any:
    """Rows get the ids that the page gives them."""
    if isinstance(value, Mapping):
        return {key: with_ids(inner) for key, inner in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [{"id": uuid.uuid4().hex[:8], **with_ids(row)} for row in value]
    return value


class Panel:
    """One agent in the builder."""

    def __init__(self, client: Client, kind: str) -> None:
        self.client = client
        new = {"settings.name": f"{kind} desk", "settings.kind": kind, "settings.starter": ""}
        page = client.post("/agents/new/", new)
        assert page.status_code in (200, 302), page.content
        self.agent = Agent.objects.get(name=f"{kind} desk")

    def add(
        self, slug: str, when: str = "", config: Mapping[str, Any] | None = None, **common: Any
    ) -> str:
        """Add an action from the palette, fill its form in, save it; its uid."""
        url = f"/agents/{self.agent.uuid}/actions/"
        known = set(self.agent.panel.actions.values_list("uid", flat=True))
        self.client.post(url, {"type": slug}, headers=HTMX)
        action = self.agent.panel.actions.exclude(uid__in=known).get()
        kind = registry.get(slug)
        assert kind is not None
        shared = common_for(slug, self.agent.kind == "voice")
        stored = {"moment": action.moment, "repeat": action.repeat, "when": when, **common}
        posted = dict(fields(tree_of(shared, with_ids(stored)), "common"))
        given = {**action.config, **with_ids(config or {})}
        posted |= dict(fields(tree_of(kind.Config, given), "config"))
        page = self.client.post(f"{url}{action.uid}/", posted, headers=HTMX).content.decode()
        errors = re.findall(r'class="[^"]*error[^"]*"[^>]*>(.*?)<', page)
        action.refresh_from_db()
        assert action.when == when, (errors, page)
        kind.Config.model_validate(action.config)
        return str(action.uid)

    def card(self, uid: str) -> str:
        """A card of the panel, as the page shows it."""
        page = self.client.get(f"/agents/{self.agent.uuid}/actions/{uid}/", headers=HTMX)
        return str(page.content.decode())

    def needs_model(self, uid: str) -> bool:
        """Whether its card says that practice mode does not understand it."""
        return "needs a language model" in self.card(uid).lower()

    def attempt(
        self,
        contact: Contact | None = None,
        *replies: Reply | str,
        verdicts: dict[str, float] | None = None,
        **how: Any,
    ) -> World:
        """A test conversation on the draft; without replies of a model in practice mode."""
        channel = how.pop("channel", "voice" if self.agent.kind == "voice" else "sms")
        direction = how.pop("direction", "inbound")
        conversation = start_test(
            agent=self.agent,
            contact=contact,
            channel=channel,
            direction=direction,
            attempt=how.pop("attempt", 1),
            user=None,
            **how,
        )
        return join(conversation, *replies, verdicts=verdicts, practice=not replies)


def done(world: World) -> list[str]:
    """The types that ran to their end."""
    return [slug for slug, status in world.runs() if status in ("done", "running")]


def left(world: World) -> Sequence[Any]:
    """What would have left the house."""
    from agents.outbox.models import Delivery

    return list(
        Delivery.objects.filter(conversation_id=world.conversation.id).order_by("created_at")
    )


def action_of(uid: str) -> Action:
    """The row behind a uid."""
    return Action.objects.get(uid=uid)
