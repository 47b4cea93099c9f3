"""The properties of contacts in templates: offered, checked, previewed, kept with the version."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from agents.contacts.directory import delete_entry, save_property
from agents.contacts.forms import PropertyForm
from agents.contacts.models import Contact, Property
from agents.contacts.variables import property_variables
from agents.panels.freeze import content_of
from agents.panels.linter import lint
from agents.panels.models import Agent
from agents.routing.services import InUse
from tests.panels.test_publish import put

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(basics: None) -> Property:
    return save_property(form=PropertyForm(label="Preferred day"))


def errors(agent: Agent) -> list[str]:
    return [finding.text for finding in lint(agent.panel) if finding.level == "error"]


def test_every_property_that_no_variable_shows_is_offered(day: Property) -> None:
    known = property_variables()
    assert {"Preferred day", "Address", "Account number"} <= set(known)
    assert not {"First name", "E-mail", "Phone", "Company"} & set(known)
    assert known["Preferred day"].key == day.key


def test_the_menu_of_the_form_offers_it(builder: Client, agent: Agent, day: Property) -> None:
    page = builder.get(reverse("panels:instructions", args=[agent.uuid])).content.decode()
    assert '<option value="Preferred day">' in page


def test_a_template_may_name_it(agent: Agent, day: Property) -> None:
    put(agent, "send_sms", config={"text": "See you on [Preferred day|the day]."})
    assert errors(agent) == []


@pytest.mark.parametrize("name", ["preferred day", "Preferred dya", "preferred_day"])
def test_another_name_is_an_error_that_says_what_was_meant(
    agent: Agent, day: Property, name: str
) -> None:
    put(agent, "send_sms", config={"text": f"See you on [{name}]."})
    wrong = [text for text in errors(agent) if "variable" in text]
    assert wrong == [f"Message: Unknown variable {name}: did you mean Preferred day?"]


def test_the_preview_fills_in_the_sample_contact(builder: Client, day: Property) -> None:
    sample = Contact.objects.filter(sample=True).order_by("created_at", "pk")[0]
    url = reverse("panels:preview") + "?field=t"
    assert "On Preferred day" in builder.post(url, {"t": "On [Preferred day]"}).content.decode()
    sample.values = {**sample.values, day.key: "Friday"}
    sample.save()
    assert "On Friday" in builder.post(url, {"t": "On [Preferred day]"}).content.decode()


def test_a_value_of_the_agent_goes_before_a_property(agent: Agent, day: Property) -> None:
    save_property(form=PropertyForm(label="Topic"))
    slots = [{"id": "1", "name": "Topic"}]
    put(agent, "send_sms", config={"text": "About [Topic|it]", "slots": slots})
    assert content_of(agent.panel).names == {}
    assert errors(agent) == []


def test_a_version_keeps_the_label_and_the_property_stays(agent: Agent, day: Property) -> None:
    put(agent, "send_sms", config={"text": "On [Preferred day|the day], [FirstName|friend]"})
    assert content_of(agent.panel).names == {f"property:{day.key}": "Preferred day"}
    with pytest.raises(InUse) as refusal:
        delete_entry(row=day, ref=f"property:{day.key}")
    assert [use.label for use in refusal.value.uses] == [f"Send SMS of {agent.name}"]


def test_no_property_is_looked_up_for_a_template_without_one(
    agent: Agent, day: Property, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    from agents.panels.freeze import refs_of

    row = put(agent, "send_sms", config={"text": "Hi [FirstName|there]"})
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert refs_of(row) == []


@pytest.mark.parametrize("label", ["Day]", "[Day", "Day|night"])
def test_a_label_that_a_template_cannot_write_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="Do not use brackets"):
        PropertyForm(label=label)


def test_a_label_is_there_once(day: Property) -> None:
    from agents.routing.services import Refused

    with pytest.raises(Refused, match="already one named “preferred DAY”") as refusal:
        save_property(form=PropertyForm(label="preferred DAY"))
    assert refusal.value.loc == ("label",)
    assert save_property(form=PropertyForm(label="Preferred day", kind="date"), row=day) == day
    with pytest.raises(Refused, match="already a variable"):
        save_property(form=PropertyForm(label="AgentName"))
