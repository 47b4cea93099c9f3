"""Names, properties and sample contacts: what is taken, what is refused and in which words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from agents.contacts import consent, directory, services
from agents.contacts.forms import ContactForm, NameForm, PropertyForm
from agents.contacts.models import Contact, ContactList, Property, Tag
from agents.core.models import AuditRow
from agents.routing.services import NameTaken, Refused

pytestmark = pytest.mark.django_db


def said(form: type[Any], **values: Any) -> str:
    """The sentences with which a form refuses."""
    with pytest.raises(ValidationError) as refused:
        form.model_validate(values)
    return " ".join(error["msg"].removeprefix("Value error, ") for error in refused.value.errors())


# --- names -----------------------------------------------------------------------------------


def test_a_name_is_taken_whatever_its_case_but_not_by_another_kind() -> None:
    directory.save_tag(form=NameForm(name="Urgent"))
    with pytest.raises(NameTaken, match="already one named “URGENT”"):
        directory.save_tag(form=NameForm(name="URGENT"))
    directory.save_list(form=NameForm(name="Urgent"))
    assert (Tag.objects.count(), ContactList.objects.count()) == (1, 1)


def test_a_row_may_keep_its_name_in_another_case() -> None:
    tag = directory.save_tag(form=NameForm(name="urgent"))
    assert directory.save_tag(form=NameForm(name="Urgent"), row=tag).pk == tag.pk
    other = directory.save_tag(form=NameForm(name="Later"))
    with pytest.raises(NameTaken):
        directory.save_tag(form=NameForm(name="urgent"), row=other)
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["Later", "Urgent"]


def test_a_name_that_is_refused_leaves_no_audit() -> None:
    tag = directory.save_tag(form=NameForm(name="Urgent"), user="sam")
    with pytest.raises(NameTaken):
        directory.save_tag(form=NameForm(name="urgent"), user="sam")
    directory.save_tag(form=NameForm(name="Soon"), row=tag, user="sam")
    rows = AuditRow.objects.order_by("pk").values_list("verb", "object_label")
    assert list(rows) == [("created", "Urgent"), ("changed", "Soon")]


# --- properties ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Preferred day", "preferred_day"),
        ("Größe", "groe"),
        ("生日", "property"),
        ("?!", "property"),
        ("a" * 80, "a" * 50),
    ],
)
def test_every_label_gets_a_key(label: str, key: str) -> None:
    made = directory.save_property(form=PropertyForm(label=label))
    assert (made.key, made.label) == (key, label)
    again = directory.save_property(form=PropertyForm(label=f"{label[:79]}…"))
    assert again.key == f"{key}_2"


def test_a_new_name_keeps_the_key_and_with_it_the_values() -> None:
    day = directory.save_property(form=PropertyForm(label="Preferred day"))
    directory.save_property(form=PropertyForm(label="Best day"), row=day)
    assert Property.objects.values_list("key", "label").get() == ("preferred_day", "Best day")
    directory.save_property(form=PropertyForm(label="BEST DAY"), row=day)  # its own name


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("preferred DAY", "There is already one named “preferred DAY”."),
        ("FirstName", "FirstName is already a variable."),
    ],
)
def test_a_label_stands_for_one_thing(label: str, sentence: str) -> None:
    directory.save_property(form=PropertyForm(label="Preferred day"))
    with pytest.raises(Refused, match=sentence) as refused:
        directory.save_property(form=PropertyForm(label=label))
    assert refused.value.loc == ("label",)
    assert Property.objects.count() == 1


def test_empty_values_of_a_choice_are_left_out() -> None:
    rows: Any = [{"id": "a", "value": "Monday"}, {"id": "b", "value": ""}]
    made = directory.save_property(form=PropertyForm(label="Day", kind="choice", choices=rows))
    assert made.choices == ["Monday"]


@pytest.mark.parametrize(
    ("form", "values", "sentence"),
    [
        (NameForm, {"name": ""}, "Enter a name."),
        (PropertyForm, {"label": ""}, "Enter a name."),
        (
            PropertyForm,
            {"label": "Day [1]"},
            "Do not use brackets or |. Templates write the name in brackets.",
        ),
        (
            PropertyForm,
            {"label": "Day|night"},
            "Do not use brackets or |. Templates write the name in brackets.",
        ),
        (
            PropertyForm,
            {"label": "Day", "kind": "choice", "choices": [{"id": "a", "value": ""}]},
            "List the choices.",
        ),
        (ContactForm, {"phone": "12"}, "“12” is not a telephone number."),
        (ContactForm, {"email": "ana@home"}, "“ana@home” is not an e-mail address."),
    ],
)
def test_what_a_form_refuses(form: type[Any], values: dict[str, Any], sentence: str) -> None:
    assert said(form, **values) == sentence


# --- sample contacts -------------------------------------------------------------------------


def test_a_sample_is_stored_as_it_is_searched_for() -> None:
    row = directory.save_sample(form=ContactForm(first_name="Kim", phone="(415) 555-0177"))
    row.refresh_from_db()
    assert row.sample
    assert row.phone == row.values["phone"] == "+14155550177"
    assert set(row.values) == {"first_name", "phone"}  # what is empty is not known


def test_a_change_keeps_what_the_form_does_not_show() -> None:
    row = directory.save_sample(form=ContactForm(first_name="Kim", email="kim@example.com"))
    services.set_property(contact=row, key="preferred_day", value="Monday")
    directory.save_sample(form=ContactForm(first_name="Kit"), row=row)
    row.refresh_from_db()
    assert row.values == {"first_name": "Kit", "preferred_day": "Monday"}
    assert row.email == ""


def test_the_switch_sets_and_lifts_the_block_once() -> None:
    row = directory.save_sample(form=ContactForm(first_name="Kim", blocked=True))
    directory.save_sample(form=ContactForm(first_name="Kim", blocked=True), row=row)
    assert row.dnc_entries.count() == 1
    directory.save_sample(form=ContactForm(first_name="Kim"), row=row)
    row.refresh_from_db()
    assert not row.blocked
    assert row.dnc_entries.get().lifted_at
    kinds = row.timeline.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["dnc", "dnc_lifted"]


def test_a_sample_with_a_consent_may_be_deleted() -> None:
    row = directory.save_sample(form=ContactForm(first_name="Kim"))
    grant = consent.Grant("sms", "service", "keyword", "START")
    consent.give(contact=row, grant=grant)
    directory.delete_entry(row=row, ref=f"contact:{row.pk}", user="sam")
    assert not Contact.objects.exists()


def test_the_basics_come_once_and_what_was_deleted_stays_away() -> None:
    directory.ensure_basics()
    Tag.objects.filter(name="Urgent").delete()
    Property.objects.filter(key="email").update(label="Mail")
    before = (Property.objects.count(), Contact.objects.count(), Tag.objects.count())
    directory.ensure_basics()
    assert (Property.objects.count(), Contact.objects.count(), Tag.objects.count()) == before
    assert Property.objects.get(key="email").label == "Mail"
