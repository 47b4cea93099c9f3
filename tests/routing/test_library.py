"""The library: lists, forms, uses, and making entries from within a pick."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from agents.contacts.models import Contact, Disposition, Property, Tag
from agents.core import picks
from agents.panels import services as panels
from agents.panels.services import ActionDraft
from agents.routing import services
from agents.routing.forms import PersonForm, RingGroupForm
from agents.routing.models import ExternalNumber, Line, Person, RingGroup
from agents.routing.views.shelves import SHELVES

HTMX = {"HX-Request": "true"}


@pytest.fixture
def builder(client_for: Callable[[str], Client]) -> Client:
    call_command("basics")
    return client_for("builder")


@pytest.fixture
def ana(db: None) -> Person:
    return services.save_person(form=PersonForm(name="Ana Ruiz", phone="+1 415 555 0101"))


def sent(**fields: Any) -> dict[str, Any]:
    return {f"settings.{name.replace('__', '.')}": value for name, value in fields.items()}


@pytest.mark.parametrize("slug", SHELVES)
def test_every_shelf_has_list_and_form(builder: Client, slug: str) -> None:
    assert builder.get(reverse("routing:shelf", args=[slug])).status_code == 200
    assert builder.get(reverse("routing:new", args=[slug])).status_code == 200
    for row in SHELVES[slug].rows():
        url = reverse("routing:entry", args=[slug, row.pk])
        assert builder.get(url, headers=HTMX).status_code == 200


def test_support_may_not(client_for: Callable[[str], Client]) -> None:
    assert client_for("support").get(reverse("routing:library")).status_code == 403


@pytest.mark.parametrize("key", ["999", "x", "-1", "9" * 30])
@pytest.mark.parametrize("slug", ["people", "contacts"])
def test_what_is_not_there(builder: Client, slug: str, key: str) -> None:
    assert builder.get(reverse("routing:entry", args=[slug, key])).status_code == 404
    assert builder.get(reverse("routing:shelf", args=["nothing"])).status_code == 404


def test_search(builder: Client, ana: Person) -> None:
    url = reverse("routing:shelf", args=["people"])
    assert "Ana Ruiz" in builder.get(url, {"q": "ruiz"}).content.decode()
    assert "Nothing found" in builder.get(url, {"q": "zebra"}).content.decode()


def test_a_person(builder: Client) -> None:
    url = reverse("routing:new", args=["people"])
    bad = sent(name="Ben", phone="12", email="ben", extension="2b", notify="app")
    body = builder.post(url, bad, headers=HTMX).content.decode()
    for said in ("“12” is not a telephone number.", "not an e-mail address", "has digits only"):
        assert said in body
    assert 'value="Ben"' in body and 'value="2b"' in body
    unreachable = builder.post(
        url, sent(name="Ben", phone="", email="", extension="", notify="app")
    )
    assert "Enter a phone number or an e-mail address." in unreachable.content.decode()
    good = sent(
        name="Ben", phone="(415) 555-0102", email="", extension="205", notify="app", available="1"
    )
    assert "HX-Redirect" in builder.post(url, good, headers=HTMX).headers
    assert Person.objects.get().phone == "+14155550102"


def test_a_ring_group_keeps_its_order(builder: Client, ana: Person) -> None:
    ben = services.save_person(form=PersonForm(name="Ben", email="ben@example.com"))
    data = sent(
        name="Sales",
        order="in_turn",
        members=["x", "y"],
        members__x__person=f"person:{ben.pk}",
        members__y__person=f"person:{ana.pk}",
    )
    builder.post(reverse("routing:new", args=["ring-groups"]), data)
    group = RingGroup.objects.get()
    assert [place.person.name for place in group.places.all()] == ["Ben", "Ana Ruiz"]
    again = builder.post(reverse("routing:new", args=["ring-groups"]), data).content.decode()
    assert "There is already one named “Sales”." in again


def test_adding_a_row_keeps_what_was_typed(builder: Client) -> None:
    data = sent(name="Sales", order="in_turn") | {"op": "add:settings.members"}
    url = reverse("routing:new", args=["ring-groups"])
    body = builder.post(url, data, headers=HTMX).content.decode()
    assert body.count('name="settings.members" value=') == 1
    assert 'value="Sales"' in body
    assert not RingGroup.objects.exists()


def test_a_property_gets_a_key_of_its_own(builder: Client) -> None:
    url = reverse("routing:new", args=["properties"])
    choice = sent(label="Preferred day", kind="choice", choices=["a"], choices__a__value="Monday")
    builder.post(url, choice)
    builder.post(url, sent(label="Preferred: day", kind="text"))
    keys = Property.objects.filter(builtin=False).order_by("pk")
    assert [row.key for row in keys] == ["preferred_day", "preferred_day_2"]
    assert keys[0].choices == ["Monday"]
    none = builder.post(url, sent(label="Colour", kind="choice"))
    assert "List the choices." in none.content.decode()


def test_a_built_in_property_stays(builder: Client) -> None:
    email = Property.objects.get(key="email")
    builder.post(reverse("routing:delete", args=["properties", email.pk]))
    assert Property.objects.filter(key="email").exists()
    change = sent(label="Mail", kind="number")
    builder.post(reverse("routing:entry", args=["properties", email.pk]), change)
    email.refresh_from_db()
    assert (email.label, email.kind) == ("Mail", "email")


def test_a_sample_contact(builder: Client) -> None:
    url = reverse("routing:new", args=["contacts"])
    data = sent(
        first_name="Kim", last_name="", phone="415 555 0177", email="", address="",
        account_number="", company="", blocked="1",
    )  # fmt: skip
    builder.post(url, data)
    kim = Contact.objects.get(phone="+14155550177")
    assert kim.sample and kim.blocked and kim.values["first_name"] == "Kim"
    data.pop("settings.blocked")
    builder.post(reverse("routing:entry", args=["contacts", kim.pk]), data)
    kim.refresh_from_db()
    assert not kim.blocked
    builder.post(reverse("routing:delete", args=["contacts", kim.pk]))
    assert not Contact.objects.filter(pk=kim.pk).exists()


def test_what_is_in_use_is_not_deleted(builder: Client, ana: Person) -> None:
    group = RingGroupForm(name="Sales", members=[{"id": "a", "person": f"person:{ana.pk}"}])  # type: ignore[list-item]
    services.save_ring_group(form=group)
    agent = panels.create_agent(name="Front desk", kind="voice")
    action = panels.add_action(panel=agent.panel, slug="transfer_call")
    config = {"destinations": [{"id": "a", "ref": f"person:{ana.pk}"}]}
    panels.save_action(action=action, draft=ActionDraft(config=config))
    url = reverse("routing:delete", args=["people", ana.pk])
    body = builder.post(url, headers=HTMX).content.decode()
    assert "Ring group Sales" in body and "Transfer call of Front desk" in body
    assert Person.objects.filter(pk=ana.pk).exists()
    panels.delete_action(action=action)
    RingGroup.objects.all().delete()
    builder.post(url)
    assert not Person.objects.filter(pk=ana.pk).exists()


# --- picks ----------------------------------------------------------------------------------


def new(kinds: str, **query: str) -> str:
    extra = "".join(f"&{key}={value}" for key, value in query.items())
    return f"{reverse('routing:pick_new')}?kind={kinds}{extra}"


def edit(ref: str) -> str:
    return f"{reverse('routing:pick_edit')}?{urlencode({'ref': ref})}"


@pytest.mark.parametrize("kind", ["tag", "disposition", "inbox", "ring_group"])
def test_a_name_is_enough(builder: Client, kind: str) -> None:
    made = builder.post(new(kind), {"label": "Winter  2019"}).json()
    assert made["value"].startswith(f"{kind}:") and made["label"] == "Winter 2019"
    assert builder.post(new(kind), {"label": "winter 2019"}).json() == made
    assert builder.post(new(kind), {"label": " "}).status_code == 400


def test_an_external_number_has_a_name(builder: Client) -> None:
    url = new("external", label="415 555 0199")
    assert 'value="+1 415-555-0199"' in builder.get(url, headers=HTMX).content.decode()
    for number, said in (("", "Enter the number."), ("12", "“12” is not a telephone number.")):
        body = builder.post(url, sent(name="Night service", number=number), headers=HTMX)
        assert said in body.content.decode()
    answer = builder.post(url, sent(name="Night service", number="415 555 0199"), headers=HTMX)
    assert json.loads(answer.headers["HX-Trigger"])["created"] == {
        "value": "external:+14155550199",
        "label": "Night service",
        "group": "External numbers",
    }
    again = builder.post(url, sent(name="Other", number="+14155550199"), headers=HTMX)
    assert "This is the number of “Night service”." in again.content.decode()


def test_a_number_without_a_country_is_the_sites(builder: Client, settings: Any) -> None:
    settings.COUNTRY = "GB"
    builder.post(new("external"), sent(name="London", number="020 7946 0018"), headers=HTMX)
    assert ExternalNumber.objects.get().number == "+442079460018"


def test_a_person_is_made_in_place(builder: Client) -> None:
    url = new("person", label="Ana")
    assert 'value="Ana"' in builder.get(url, headers=HTMX).content.decode()
    data = sent(name="Ana", phone="4155550101", email="", extension="", notify="app")
    created = json.loads(builder.post(url, data, headers=HTMX).headers["HX-Trigger"])["created"]
    ref = f"person:{Person.objects.get().pk}"
    assert created == {"value": ref, "label": "Ana", "group": "People"}


def test_what_is_picked_is_changed_in_place(builder: Client, ana: Person) -> None:
    url = edit(f"person:{ana.pk}")
    assert 'value="Ana Ruiz"' in builder.get(url, headers=HTMX).content.decode()
    data = sent(name="Ana Diaz", phone="4155550101", email="", extension="7", notify="app")
    created = json.loads(builder.post(url, data, headers=HTMX).headers["HX-Trigger"])["created"]
    assert created["label"] == "Ana Diaz"
    ana.refresh_from_db()
    assert (ana.name, ana.extension) == ("Ana Diaz", "7")


def test_a_number_that_has_no_name_gets_one(builder: Client) -> None:
    url = edit("external:+14155550199")
    assert 'value="+1 415-555-0199"' in builder.get(url, headers=HTMX).content.decode()
    builder.post(url, sent(name="Night service", number="+14155550199"), headers=HTMX)
    assert picks.labels(["external:+14155550199"]) == {"external:+14155550199": "Night service"}


def test_a_number_in_use_keeps_its_digits(builder: Client) -> None:
    row = ExternalNumber.objects.create(name="Night service", number="+14155550199")
    agent = panels.create_agent(name="Front desk", kind="voice")
    action = panels.add_action(panel=agent.panel, slug="transfer_call")
    config = {"destinations": [{"id": "a", "ref": "external:+14155550199"}]}
    panels.save_action(action=action, draft=ActionDraft(config=config))
    url = reverse("routing:entry", args=["external-numbers", row.pk])
    body = builder.post(url, sent(name="Night", number="+14155550188")).content.decode()
    assert "Transfer call of Front desk uses this number. Add the new one beside it." in body
    builder.post(url, sent(name="Night", number="+14155550199"))
    row.refresh_from_db()
    assert (row.name, row.number) == ("Night", "+14155550199")


@pytest.mark.parametrize("ref", ["person:99", "person:x", "nothing:1", "", "external:12"])
def test_what_is_gone_cannot_be_changed(builder: Client, ref: str) -> None:
    assert builder.get(edit(ref)).status_code == 404


def test_nothing_can_be_made_of_an_unknown_kind(builder: Client) -> None:
    assert builder.get(new("nothing")).status_code == 404
    assert builder.get(new("hubspot_pipeline")).status_code == 404


def test_options_labels_and_existence(db: None, ana: Person) -> None:
    call_command("basics")
    ref = f"person:{ana.pk}"
    tag = Tag.objects.first()
    assert tag
    assert picks.labels([ref, "person:0", "property:email", "x:1", ""]) == {
        ref: "Ana Ruiz",
        "property:email": "E-mail",
    }
    assert picks.exists(f"tag:{tag.pk}") and not picks.exists("tag:99999999999999999999")
    assert not picks.exists("external:12")
    within = picks.Within(parent="hubspot_pipeline:practice-installs")
    assert {option.label for option in picks.options("hubspot_status", within)} == {
        "Requested", "Scheduled", "Done",
    }  # fmt: skip
    assert picks.options("nothing") == []


def test_basics_may_run_again(db: None) -> None:
    for _ in range(2):
        call_command("basics")
    assert Line.objects.filter(practice=True).count() == 1
    assert Property.objects.filter(builtin=True).count() == 7
    assert Contact.objects.filter(sample=True).count() == 3
    assert Contact.objects.filter(sample=True, blocked=True).count() == 1
    assert Disposition.objects.exists() and Tag.objects.exists()
