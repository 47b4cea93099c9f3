"""Drafts with actions that practice mode understands, for tests that run the real engine."""

from __future__ import annotations

from typing import Any

from agents.contacts.models import Property, Tag
from agents.panels.models import Action, Agent
from agents.routing.models import Person
from tests.conversations.factories import make_agent


def add(agent: Agent, slug: str, **fields: Any) -> Action:
    """One more action at the end of the draft."""
    panel = agent.panel
    return Action.objects.create(panel=panel, type=slug, position=panel.actions.count(), **fields)


def add_tags(agent: Agent) -> Action:
    """Two tags, each with a condition of its own."""
    sales, heater = (Tag.objects.get_or_create(name=name)[0] for name in ("Sales", "Heater"))
    rows = [
        {"id": "1", "tag": f"tag:{sales.pk}", "when": "the contact asks about a price"},
        {"id": "2", "tag": f"tag:{heater.pk}", "when": "the contact mentions a heater"},
    ]
    return add(agent, "communication_tag", config={"tags": rows})


def add_email(agent: Agent) -> Action:
    """Saves the e-mail address."""
    Property.objects.update_or_create(key="email", defaults={"label": "E-mail", "kind": "email"})
    config = {"fields": [{"id": "1", "property": "property:email"}]}
    when = "the contact gives an e-mail address"
    return add(agent, "update_contact_property", when=when, config=config)


def add_sms(agent: Agent) -> Action:
    """Sends the price list."""
    config = {"text": "Hi [FirstName|there], here is our price list."}
    return add(agent, "send_sms", when="the contact asks about a price", config=config)


def add_transfer(agent: Agent) -> Action:
    """Rings Ana, then goes back to the agent."""
    person = Person.objects.create(name="Ana Ruiz", phone="+14155550100", extension="204")
    config = {"destinations": [{"id": "1", "ref": f"person:{person.pk}"}]}
    return add(agent, "transfer_call", when="the caller asks for sales", config=config)


def make_draft(kind: str = "text") -> Agent:
    """An agent that tags, saves, writes and, on the phone, transfers."""
    agent = make_agent(kind=kind)
    add_tags(agent)
    add_email(agent)
    add_sms(agent)
    if kind == "voice":
        add_transfer(agent)
    return agent
