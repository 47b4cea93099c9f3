"""The raw records: deliveries to read, holds through their services."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from agents.core.models import AuditRow, User
from agents.outbox.admin import DeliveryAdmin, HoldAdmin
from agents.outbox.models import Delivery, Hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of_sam(rf: RequestFactory) -> HttpRequest:
    request = rf.post("/")
    request.user = User.objects.create(username="sam@example.com", is_superuser=True, is_staff=True)
    return request


def form_of(**data: object) -> ModelForm[Hold]:
    form = admin.site.get_model_admin(Hold).get_form(RequestFactory().get("/"))
    return form(data=data)


def test_deliveries_are_read_only(request_of_sam: HttpRequest) -> None:
    page = DeliveryAdmin(Delivery, admin.site)
    assert page.has_view_permission(request_of_sam)
    assert not page.has_add_permission(request_of_sam)
    assert not page.has_change_permission(request_of_sam)
    assert not page.has_delete_permission(request_of_sam)


def test_a_hold_is_set_and_lifted_through_the_services(request_of_sam: HttpRequest) -> None:
    page = HoldAdmin(Hold, admin.site)
    row = Hold(scope="all", reason="Wrong text.")
    page.save_model(request_of_sam, row, form_of(), change=False)
    assert Hold.objects.get(pk=row.pk).set_by == "sam@example.com"
    assert not page.has_change_permission(request_of_sam, row)
    page.lift(request_of_sam, Hold.objects.all())
    lifted = Hold.objects.get().lifted_at
    assert lifted
    assert lifted <= timezone.now()
    verbs = AuditRow.objects.order_by("id").values_list("actor", "verb")
    assert list(verbs) == [("sam@example.com", "placed hold"), ("sam@example.com", "lifted hold")]


@pytest.mark.parametrize(("scope", "field"), [("agent", "agent_uuid"), ("line", "line_id")])
def test_the_form_wants_what_the_scope_stops(scope: str, field: str) -> None:
    form = form_of(scope=scope, reason="x")
    assert form.errors == {field: ["Say which one is stopped."]}


def test_stopping_everything_names_nothing() -> None:
    form = form_of(scope="all", reason="x", line_id=3)
    assert form.is_valid()
    assert form.cleaned_data["line_id"] is None
