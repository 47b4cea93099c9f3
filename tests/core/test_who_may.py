"""Every route of the site and every role: what is allowed works, all else is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from agents.contacts.models import Contact
from agents.conversations.models import Conversation, Turn
from agents.functions.models import Function
from agents.panels import services
from agents.routing.models import Inbox
from agents.tryit.services import start_test
from integrations.services import save_connection

pytestmark = pytest.mark.django_db
EVERYBODY = frozenset({"admin", "builder", "support"})
BUILDERS = frozenset({"admin", "builder"})
STAFF = frozenset({"admin", "support"})
ADMINS = frozenset({"admin"})
OPEN = frozenset({"core:health", "core:enter", "core:enter_link"})
ROLES = ("admin", "builder", "support", "")


@dataclass(frozen=True)
class Route:
    """Who may use a route; `post` is what is sent, None where it is read."""

    roles: frozenset[str]
    post: dict[str, Any] | None = None
    query: dict[str, str] = field(default_factory=dict)


SAID = {"type": "end_call"}
ROUTES = {
    "core:start": Route(EVERYBODY),
    "core:leave": Route(EVERYBODY, {}),
    "demo:welcome": Route(ADMINS),
    "demo:make": Route(ADMINS, {}),
    "demo:progress": Route(ADMINS),
    "demo:remove": Route(ADMINS),
    "home:home": Route(EVERYBODY),
    "home:steps": Route(EVERYBODY, {"step": "invite"}),
    "home:report": Route(EVERYBODY),
    "home:report_csv": Route(EVERYBODY),
    "help:start": Route(EVERYBODY),
    "help:search": Route(EVERYBODY, query={"q": "agent"}),
    "help:picture": Route(EVERYBODY),
    "help:page": Route(EVERYBODY),
    "conversations:list": Route(EVERYBODY),
    "conversations:detail": Route(EVERYBODY),
    "conversations:turns": Route(EVERYBODY),
    "conversations:turn": Route(EVERYBODY),
    "tryit:draft": Route(BUILDERS),
    "tryit:trail": Route(BUILDERS),
    "tryit:replay": Route(BUILDERS, {"turn": "1"}),
    "tryit:dock": Route(BUILDERS),
    "tryit:try": Route(BUILDERS),
    "contacts:list": Route(STAFF),
    "contacts:detail": Route(STAFF),
    "contacts:timeline": Route(STAFF),
    "contacts:note": Route(STAFF, {"text": "Called back."}),
    "contacts:label": Route(STAFF, {}),
    "contacts:act": Route(STAFF),
    "contacts:consent": Route(STAFF),
    "panels:agents": Route(BUILDERS),
    "panels:new": Route(BUILDERS),
    "panels:preview": Route(BUILDERS, {"config.text": "Hi"}, {"field": "config.text"}),
    "panels:instructions": Route(BUILDERS),
    "panels:save_instructions": Route(BUILDERS, {"instructions": "Be kind."}),
    "panels:settings": Route(BUILDERS),
    "panels:section": Route(BUILDERS, {"name": "Desk"}),
    "panels:pause": Route(BUILDERS, {"paused": "1"}),
    "panels:versions": Route(BUILDERS),
    "panels:restore_version": Route(BUILDERS),
    "panels:publish": Route(BUILDERS),
    "panels:news": Route(BUILDERS),
    "panels:library_changed": Route(BUILDERS, {}),
    "panels:step": Route(BUILDERS, {}),
    "panels:edit": Route(BUILDERS, {}),
    "panels:add_action": Route(BUILDERS, SAID),
    "panels:order": Route(BUILDERS, {"order": []}),
    "panels:action": Route(BUILDERS),
    "panels:understood": Route(BUILDERS, {"common.when": "the caller says hello"}),
    "panels:move": Route(BUILDERS, {"to": "0"}),
    "panels:moment": Route(BUILDERS, {}),
    "panels:duplicate": Route(BUILDERS, {}),
    "panels:toggle": Route(BUILDERS, {}),
    "panels:delete": Route(BUILDERS, {}),
    "panels:restore": Route(BUILDERS, {}),
    "routing:library": Route(BUILDERS),
    "routing:pick_new": Route(BUILDERS, None, {"kind": "tag"}),
    "routing:pick_edit": Route(BUILDERS, None, {"ref": "external:+14155550199"}),
    "routing:shelf": Route(BUILDERS),
    "routing:new": Route(BUILDERS),
    "routing:entry": Route(BUILDERS),
    "routing:delete": Route(BUILDERS, {}),
    "functions:test": Route(BUILDERS, {}),
    "functions:test_new": Route(BUILDERS, {}),
    "integrations:list": Route(ADMINS),
    "integrations:model": Route(ADMINS, {}),
    "integrations:model_form": Route(ADMINS),
    "integrations:check": Route(ADMINS, {}),
    "integrations:disconnect": Route(ADMINS, {}),
}


def routes(resolver: Any = None, names: str = "") -> Iterator[tuple[str, URLPattern]]:
    """All named routes but those of the raw records."""
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLResolver):
            if item.namespace != "admin":
                space = f"{names}{item.namespace}:" if item.namespace else names
                yield from routes(item, space)
        elif item.name:
            yield f"{names}{item.name}", item


FOUND = dict(routes())


def test_every_route_is_judged() -> None:
    assert set(FOUND) == set(ROUTES) | OPEN


@pytest.fixture
def house(user_of: Callable[[str], Any], settings: Any) -> dict[str, Any]:
    """One row for each thing that an address may name."""
    settings.ALOAI_LOCAL_MODELS = True
    call_command("basics")
    agent = services.create_agent(name="Desk", kind="voice")
    action = services.add_action(panel=agent.panel, slug="end_call")
    save_connection(
        vendor="model", name="Model", credentials={"api_key": "k"},
        settings={"base_url": "http://127.0.0.1:9/v1", "chat": "m", "judge_kind": "none"},
    )  # fmt: skip
    session = start_test(
        agent=agent, contact=None, channel="voice", direction="inbound", attempt=1, user=None
    )
    Turn.objects.create(
        conversation=session, number=1, inbound="Hi", inbound_key="m1", at=session.started_at
    )
    agent.versions.update(number=1)
    return {
        "agent": agent.uuid,
        "function": Function.objects.create(name="Points", settings={"name": "Points"}).pk,
        "uid": action.uid,
        "pk": session.pk,
        "number": 1,
        "shelf": "inboxes",
        "key": str(Inbox.objects.create(name="Spare").pk),
        "version": 1,
        "who": Contact.objects.create(phone="+12025550101").pk,
        "field": "tags",
        "name": "block",
        "slug": "greeting",
        "way": "undo",
        "topic": "start",
        "file": "tryit.png",
        "edit": agent.panel.edits.latest("pk").pk,
    }


def ask(client: Client, name: str, house: dict[str, Any]) -> int:
    """The status of a route."""
    wanted = FOUND[name].pattern.regex.groupindex if hasattr(FOUND[name].pattern, "regex") else {}
    converters = FOUND[name].pattern.converters
    given = {key: house[key] for key in {*wanted, *converters}}
    url = reverse(name, kwargs=given)
    route = ROUTES[name]
    if route.post is None:
        return client.get(url, route.query).status_code
    return client.post(f"{url}?{'&'.join(f'{k}={v}' for k, v in route.query.items())}",
                       route.post).status_code  # fmt: skip


@pytest.mark.parametrize("role", ROLES, ids=[role or "nobody" for role in ROLES])
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_who_may(
    name: str, role: str, house: dict[str, Any], client_for: Callable[[str], Client]
) -> None:
    client = client_for(role) if role else Client()
    if name == "panels:restore" and role in BUILDERS:
        url = reverse("panels:delete", args=[house["agent"], house["uid"]])
        client.post(url, headers={"HX-Request": "true"})
    status = ask(client, name, house)
    if role in ROUTES[name].roles:
        assert status in (200, 204, 302), status
    elif role:
        assert status in (403, 404), status
    else:
        assert status in (302, 403, 404), status


def test_support_does_not_see_test_conversations(
    house: dict[str, Any], client_for: Callable[[str], Client]
) -> None:
    page = client_for("support").get(reverse("conversations:list"), {"tab": "tests"})
    assert page.status_code in (200, 403)
    assert str(Conversation.everything.get().pk) not in page.content.decode()


@pytest.mark.parametrize("role", ROLES, ids=[role or "nobody" for role in ROLES])
@pytest.mark.parametrize(
    "model", sorted(admin.site._registry, key=str), ids=lambda model: model._meta.label
)
def test_raw_records_are_for_admins(
    model: Any, role: str, client_for: Callable[[str], Client]
) -> None:
    client = client_for(role) if role else Client()
    names = (model._meta.app_label, model._meta.model_name)
    status = client.get(reverse("admin:{}_{}_changelist".format(*names))).status_code
    assert status == 200 if role == "admin" else status in (302, 403, 404)
