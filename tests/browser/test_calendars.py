"""The calendar's form and the card of an appointment, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from agents.calendars.models import Calendar
from agents.core.services import ensure_user
from agents.panels import services
from tests.browser.conftest import CheckPage, OpenPage, session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("look", [("light", 1440), ("dark", 390)], ids=str)
def test_a_calendar_and_its_card(
    browser_page: OpenPage, check_page: CheckPage, look: tuple[str, int]
) -> None:
    scheme, width = look
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    page = browser_page("/library/calendars/new/", session=session, scheme=scheme, width=width)
    check_page(page)
    page.get_by_label("Name", exact=True).fill("Front desk")
    page.get_by_label("Service", exact=True).fill("Consultation")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Consultation 30 min")).to_be_visible()
    check_page(page)
    calendar = Calendar.objects.get()
    agent = services.create_agent(name="Desk", kind="text")
    action = services.add_action(panel=agent.panel, slug="manage_appointment")
    page.goto(f"/agents/{agent.uuid}/?open={action.uid}")
    expect(page.get_by_text("Reschedule when")).to_be_visible()
    check_page(page)
    assert calendar.services.count() == 1
