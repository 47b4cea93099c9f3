"""Persons: an extension leads to one of them, how they are told, what is doubtful about picking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agents.core import picks
from agents.panels import services as panels
from agents.panels.linter import lint
from agents.panels.services import ActionDraft
from agents.routing import services
from agents.routing.forms import PersonForm, RingGroupForm
from agents.routing.models import Line, Person

pytestmark = pytest.mark.django_db


def person(name: str = "Ana Ruiz", **values: Any) -> Person:
    form = PersonForm.model_validate({"name": name, "phone": "+14155550101", **values})
    return services.save_person(form=form)


def posted(**values: str) -> dict[str, str]:
    known = {"name": "Ben", "phone": "4155550102", "email": "", "extension": "", "notify": "app"}
    return {f"settings.{name}": value for name, value in (known | values).items()}


def found(slug: str, config: Mapping[str, Any], when: str = "they ask for it") -> list[Any]:
    agent = panels.create_agent(name="Front desk", kind="voice")
    action = panels.add_action(panel=agent.panel, slug=slug)
    panels.save_action(action=action, draft=ActionDraft(config=dict(config), when=when))
    return [(one.level, one.text, one.loc) for one in lint(agent.panel) if one.uid]


def test_an_extension_leads_to_one_person(client_for: Callable[[str], Client]) -> None:
    ana, builder = person(extension="204"), client_for("builder")
    url = reverse("routing:new", args=["people"])
    body = builder.post(url, posted(extension="204")).content.decode()
    assert "Extension 204 belongs to Ana Ruiz." in body and 'value="Ben"' in body
    assert Person.objects.count() == 1
    builder.post(url, posted())
    builder.post(url, posted(name="Cy"))
    assert Person.objects.filter(extension="").count() == 2
    again = reverse("routing:entry", args=["people", ana.pk])
    builder.post(again, posted(name="Ana", extension="204"))
    ana.refresh_from_db()
    assert (ana.name, ana.extension) == ("Ana", "204")


def test_the_database_keeps_it_so_too(client_for: Callable[[str], Client]) -> None:
    person(extension="204")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(name="Ben", extension="204")
    admin = client_for("admin")
    fields = {name.partition(".")[2]: value for name, value in posted(extension="204").items()}
    page = admin.post("/admin/routing/person/add/", fields).content.decode()
    assert "This extension belongs to somebody else." in page
    assert Person.objects.count() == 1


def test_the_extension_is_printed_once(client_for: Callable[[str], Client]) -> None:
    person(extension="204")
    page = client_for("builder").get(reverse("routing:shelf", args=["people"]))
    assert page.content.decode().count("ext. 204") == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"notify": "email"}, "Enter the e-mail address for notifications."),
        (
            {"notify": "sms", "phone": "", "email": "ben@example.com"},
            "Enter the phone number for notifications.",
        ),
        (
            {"notify": "sms", "phone": "sip:ben@example.com"},
            "Enter the phone number for notifications.",
        ),
    ],
)
def test_a_way_to_be_told_needs_its_address(
    client_for: Callable[[str], Client], values: dict[str, str], sentence: str
) -> None:
    url = reverse("routing:new", args=["people"])
    assert sentence in client_for("builder").post(url, posted(**values)).content.decode()
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("values", "way"),
    [
        ({}, ("app", "")),
        ({"notify": "sms"}, ("sms", "+14155550101")),
        ({"notify": "email", "email": "ana@example.com"}, ("email", "ana@example.com")),
    ],
)
def test_how_a_person_is_told(values: dict[str, str], way: tuple[str, str]) -> None:
    assert services.way_to_tell(ref=f"person:{person(**values).pk}") == way
    assert services.way_to_tell(ref="person:0") == ("app", "")


def test_a_call_to_oneself_is_doubtful() -> None:
    Line.objects.create(name="Main", number="+14155550101")
    Line.objects.create(name="Practice", number="+14155550100", practice=True)
    ana, ben = person(), person("Ben", phone="+14155550100")
    form = RingGroupForm.model_validate(
        {"name": "Sales", "members": [{"person": f"person:{ana.pk}"}]}
    )
    group = services.save_ring_group(form=form)
    refs = (f"person:{ana.pk}", f"person:{ben.pk}", f"ring_group:{group.pk}",
            "external:+14155550101", "external:+14155550199")  # fmt: skip
    rows = [{"id": str(n), "ref": ref} for n, ref in enumerate(refs)]
    assert [one[:2] for one in found("transfer_call", {"destinations": rows})] == [
        ("warning", "Ana Ruiz has the number of your line “Main”: calls would loop back."),
        ("warning", "Ana Ruiz has the number of your line “Main”: calls would loop back."),
        ("warning", "It is the number of your line “Main”: calls would loop back."),
    ]


def test_who_is_reached_by_extension_has_one() -> None:
    ana, ben = person(), person("Ben", extension="205", phone="+14155550102")
    reachable = {"people": [f"person:{ana.pk}", f"person:{ben.pk}"], "fallback": f"person:{ana.pk}"}
    place = ("config", "people")
    assert found("route_extension", reachable) == [("error", "Ana Ruiz has no extension.", place)]
    assert found("route_extension", {}) == []
    Person.objects.filter(pk=ben.pk).update(extension="")
    assert found("route_extension", {}) == [("error", "Nobody has an extension yet.", place)]


def test_doubts_cost_one_look_where_there_are_lines(django_assert_max_num_queries: Any) -> None:
    refs = [f"person:{person(str(n)).pk}" for n in range(20)]
    with django_assert_max_num_queries(2):
        assert picks.troubles(refs, uuid4()) == {}
