"""A panel of real types and what it refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agents.contacts.models import Contact, Disposition, Property, Tag
from agents.conversations.services import open_conversation
from agents.engine import compiled
from agents.panels.models import Version
from tests.engine.world import Reply, World, action, join, make_version

PHONE = "+14155550142"


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    compiled.forget()
    yield
    compiled.forget()


@pytest.fixture
def contact(db: None) -> Contact:
    values = {"first_name": "Maria", "phone": PHONE, "email": "old@lopez.com"}
    return Contact.objects.create(values=values, phone=PHONE, email="old@lopez.com")


@pytest.fixture
def tag(db: None) -> Tag:
    return Tag.objects.create(name="Boilers")


@pytest.fixture
def disposition(db: None) -> Disposition:
    return Disposition.objects.create(name="Appointment wanted")


@pytest.fixture
def panel(tag: Tag, disposition: Disposition) -> Version:
    """A published voice agent with one action of each kind that acts inside our own data."""
    Property.objects.get_or_create(key="email", defaults={"label": "Email", "kind": "email"})
    made: list[tuple[str, dict[str, Any]]] = [
        (
            "call_disposition",
            {"dispositions": [{"id": "1", "disposition": f"disposition:{disposition.pk}"}]},
        ),
        ("communication_tag", {"tags": [{"id": "1", "tag": f"tag:{tag.pk}"}]}),
        ("update_contact_property", {"fields": [{"id": "1", "property": "property:email"}]}),
        ("summarize_note", {}),
        ("set_dnc", {}),
        ("send_sms", {"text": "Hi [FirstName|there], we open at 8."}),
        ("end_call", {"closing_words": "Goodbye."}),
    ]
    version = make_version([action(slug, config=config) for slug, config in made], "voice")
    names = {
        f"disposition:{disposition.pk}": disposition.name,
        f"tag:{tag.pk}": tag.name,
        "property:email": "Email",
    }
    version.content = {**version.content, "names": names}
    version.save()
    return version


Start = Callable[..., World]


@pytest.fixture
def start(panel: Version, contact: Contact) -> Start:
    """A conversation on the panel, in the live world or in the sandbox."""

    def start(*replies: Reply | str, sandbox: bool = False, **changes: Any) -> World:
        from agents.contacts.services import snapshot

        version = changes.get("version", panel)
        conversation = open_conversation(
            agent=version.agent,
            version=version,
            contact=contact,
            channel=changes.get("channel", "voice"),
            direction="inbound",
            sandbox=sandbox,
            world={"contact": snapshot(contact=contact)} if sandbox else {},
        )
        return join(conversation, *replies)

    return start
