"""Deliveries to try things on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from django.utils import timezone

from agents.contacts.models import Contact
from agents.outbox import services
from agents.outbox.models import Delivery
from agents.routing.models import Line

Put = Callable[..., Delivery]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def contact(db: None) -> Contact:
    return Contact.objects.create(values={"first_name": "Ana"}, phone="+12025550101")


@pytest.fixture
def line(db: None) -> Line:
    return Line.objects.create(name="Main", number="+12025550100")


class Vendor:
    """A sender that remembers what it was given."""

    def __init__(self) -> None:
        self.sent: list[Delivery] = []
        self.error: Exception | None = None

    def __call__(self, row: Delivery) -> str:
        if self.error:
            raise self.error
        self.sent.append(row)
        return f"v{len(self.sent)}"

    def leave(self) -> None:
        """From now on nobody sends anything."""
        services._senders.clear()


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Vendor:
    """A vendor of messages (`sms`) and of records (`ticket`)."""
    monkeypatch.setattr(services, "_senders", {})
    made = Vendor()
    for kind in ("sms", "ticket"):
        services.register_sender(kind, made)
    return made


@pytest.fixture
def put(contact: Contact, now: datetime) -> Put:
    """Put a text message into the outbox, or what `changes` make of it."""
    numbers = count(1)

    def put(**changes: Any) -> Delivery:
        what: dict[str, Any] = {
            "key": f"run:{next(numbers)}:1",
            "kind": "sms",
            "title": "SMS to Ana",
            "purpose": "reply",
            "channel": "sms",
            "contact": contact,
            "to": contact.phone,
            "payload": {"text": "Hello"},
            "now": now,
        }
        return services.enqueue(**what | changes)

    return put


@pytest.fixture
def ticket(put: Put) -> Callable[..., Delivery]:
    """Put a record into the outbox."""
    return lambda **changes: put(**{"kind": "ticket", "purpose": "record", "channel": ""} | changes)
