"""Raw records: every page opens, and what is saved goes through the services."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from agents.contacts.models import Tag
from agents.core.models import AuditRow
from agents.panels import services
from agents.panels.models import Action, Agent
from agents.routing.models import Person

MODELS = (
    "routing_person", "routing_line", "routing_ringgroup", "routing_inbox",
    "contacts_tag", "contacts_disposition", "contacts_property", "contacts_contact",
    "contacts_dncentry", "contacts_timelineentry",
    "panels_agent", "panels_instructionpanel", "panels_version",
)  # fmt: skip


@pytest.fixture
def admin(client_for: Callable[[str], Client], agent: Agent) -> Client:
    services.freeze_panel(panel=agent.panel)
    return client_for("admin")


@pytest.mark.parametrize("model", MODELS)
def test_every_list_opens(admin: Client, model: str) -> None:
    assert admin.get(reverse(f"admin:{model}_changelist")).status_code == 200


def test_a_person_is_checked_and_saved_by_the_service(admin: Client) -> None:
    url = reverse("admin:routing_person_add")
    bad = admin.post(url, {"name": "Ben", "phone": "12"})
    assert "is not a telephone number" in bad.content.decode()
    admin.post(url, {"name": "Ben", "phone": "415 555 0102", "notify": "app"})
    person = Person.objects.get(name="Ben")
    assert person.phone == "+14155550102"
    assert AuditRow.objects.filter(object_kind="person", verb="created").exists()
    admin.post(reverse("admin:routing_person_delete", args=[person.pk]), {"post": "yes"})
    assert not Person.objects.exists()


def test_a_tag_in_use_cannot_be_deleted(admin: Client, agent: Agent) -> None:
    tag = Tag.objects.first()
    assert tag
    action = services.add_action(panel=agent.panel, slug="communication_tag")
    config = {"tags": [{"id": "a", "tag": f"tag:{tag.pk}"}]}
    services.save_action(action=action, draft=services.ActionDraft(config=config))
    url = reverse("admin:contacts_tag_delete", args=[tag.pk])
    assert admin.post(url, {"post": "yes"}).status_code == 403


def test_a_panel_is_saved_by_the_services(admin: Client, agent: Agent) -> None:
    first = services.add_action(panel=agent.panel, slug="end_call")
    second = services.add_action(panel=agent.panel, slug="set_dnc")
    data = {"instructions": "Be brief.", "actions-TOTAL_FORMS": 2, "actions-INITIAL_FORMS": 2}
    for n, row in enumerate((first, second)):
        data |= {
            f"actions-{n}-id": row.pk,
            f"actions-{n}-panel": agent.panel.pk,
            f"actions-{n}-when": f"when {n}",
            f"actions-{n}-position": 5 if n == 0 else 1,
            f"actions-{n}-enabled": "on",
        }
    url = reverse("admin:panels_instructionpanel_change", args=[agent.panel.pk])
    assert "Open in builder" in admin.get(url).content.decode()
    assert admin.post(url, data).status_code == 302
    agent.panel.refresh_from_db()
    assert agent.panel.instructions == "Be brief."
    rows = Action.objects.filter(panel=agent.panel)
    assert [(row.type, row.when) for row in rows] == [("set_dnc", "when 1"), ("end_call", "when 0")]
    assert AuditRow.objects.filter(object_kind="action", verb="moved").exists()
