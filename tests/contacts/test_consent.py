"""Consent: taken down with its wording, in force once, ended by whatever stops messages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agents.contacts import consent, services
from agents.contacts.models import Consent, Contact

pytestmark = pytest.mark.django_db
CALLS = consent.Grant("voice", "service", "written", "You may call me.", "Order of 3 March")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def maria() -> Contact:
    return Contact.objects.create(values={"first_name": "Maria"}, phone="+14155550142")


def in_force(contact: Contact) -> list[str]:
    return [str(one) for one in contact.consents.filter(withdrawn_at=None)]


def test_it_is_on_record_once_and_on_the_timeline(maria: Contact) -> None:
    assert consent.give(contact=maria, grant=CALLS, actor="dana@example.com")
    assert not consent.give(contact=maria, grant=CALLS)
    assert in_force(maria) == ["Calls, service"]
    entry = maria.timeline.get(kind="consent")
    assert entry.data["words"] == "You may call me." and entry.actor == "dana@example.com"
    with pytest.raises(IntegrityError), transaction.atomic():
        maria.consents.create(channel="voice", purpose="service", source="spoken", words="Yes")


def test_an_opt_out_ends_it_and_start_gives_service_again(maria: Contact) -> None:
    consent.give(contact=maria, grant=CALLS)
    services.set_dnc(contact=maria, source="keyword", words="STOP")
    assert in_force(maria) == []
    assert maria.consents.get().withdrawn_how == "STOP"
    assert services.opt_in(contact=maria, word="START")
    assert in_force(maria) == ["Text messages, service"]
    assert maria.consents.first().source == "keyword"


def test_a_second_opt_out_ends_what_was_given_in_between(maria: Contact) -> None:
    services.set_dnc(contact=maria, source="words", words="Stop calling me")
    consent.give(contact=maria, grant=CALLS)
    services.set_dnc(contact=maria, source="words", words="I said stop")
    assert in_force(maria) == []


def test_start_gives_nothing_where_a_stronger_block_stays(maria: Contact) -> None:
    services.set_dnc(contact=maria, source="keyword", words="STOP")
    services.set_dnc(contact=maria, source="words", words="Never call me again")
    assert not services.opt_in(contact=maria, word="START")
    assert in_force(maria) == []


def test_staff_take_it_down_and_take_it_back(
    maria: Contact, client_for: Callable[[str], Client]
) -> None:
    support = client_for("support")
    url = reverse("contacts:consent", args=[maria.pk])
    wrong = {"settings.channel": "sms", "settings.purpose": "offers", "settings.source": "spoken"}
    page = support.post(url, wrong, headers=HTMX).content.decode()
    assert "Write down what the contact agreed to." in page
    page = support.post(url, wrong | {"settings.wording": "Fine"}, headers=HTMX).content.decode()
    assert "Offers need written permission." in page and not Consent.objects.exists()
    right = {**wrong, "settings.source": "written", "settings.wording": "Send me offers"}
    answer = support.post(url, right, headers=HTMX)
    assert answer["HX-Redirect"].endswith("?tab=reach")
    shown = support.get(reverse("contacts:detail", args=[maria.pk]), {"tab": "reach"})
    assert "Text messages, offers" in shown.content.decode()
    taken = reverse("contacts:act", args=[maria.pk, "withdraw"])
    support.post(taken, {"reason": "Called and said so"}, headers=HTMX)
    assert in_force(maria) == []
    row = maria.consents.get()
    assert row.withdrawn_how == "Called and said so" and row.withdrawn_by


def test_a_page_of_its_own_without_script(
    maria: Contact, client_for: Callable[[str], Client]
) -> None:
    page = client_for("admin").get(reverse("contacts:consent", args=[maria.pk]))
    assert page.status_code == 200 and "Record consent" in page.content.decode()
