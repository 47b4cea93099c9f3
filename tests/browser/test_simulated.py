"""Who answers in a test, chosen in the pane: in every look, by mouse and keyboard, kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from actions.hours import Hours
from agents.calendars.forms import CalendarForm, ServiceRow
from agents.calendars.services import save_calendar
from agents.conversations.models import Conversation
from agents.panels.models import Agent
from agents.routing.models import Inbox, Person
from tests.browser.conftest import CheckPage, OpenPage
from tests.conversations.drafts import add
from tests.conversations.factories import make_agent, make_contact

pytestmark = [
    pytest.mark.urls("tests.browser.urls_tryit"),
    pytest.mark.django_db(transaction=True),
]
LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MANAGER = "I want my account manager"


@pytest.fixture
def session(client_for: Callable[[str], Client]) -> str:
    return client_for("builder").cookies["sessionid"].value


@pytest.fixture
def agent(transactional_db: None) -> Agent:
    """A voice agent to whose actions everybody answers who can."""
    make_contact()
    Person.objects.create(name="Ana Ruiz", email="ana@example.com", phone="+14155550101")
    inbox = Inbox.objects.create(name="Support")
    made = make_agent(kind="voice")
    pipeline = "hubspot_pipeline:practice-support"
    config = {"pipeline": pipeline, "fallback": f"inbox:{inbox.pk}"}
    add(made, "route_deal_owner", when="the caller wants their account manager", config=config)
    form = CalendarForm(
        name="Visits",
        services=[ServiceRow(name="Visit", minutes=30)],
        hours=Hours(zone="UTC", **dict.fromkeys(WEEK, "0:00-23:30")),
    )
    row = save_calendar(form=form)
    where = {"calendar": f"calendar:{row.pk}", "service": f"service:{row.services.get().pk}"}
    add(made, "manage_appointment", when="the caller wants an appointment", config=where)
    add(made, "custom_function", when="the caller confirms a purchase")
    return made


def opened(page: Page, width: int = 1440) -> None:
    """The pane's menu stands open."""
    if width < 760:
        page.get_by_role("button", name="Try it", exact=True).click()
    page.locator("#tryit-setup summary").click()


def call(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.locator("#tryit-text")).to_be_focused()


def say(page: Page, words: str) -> None:
    page.locator("#tryit-text").fill(words)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_menu_in_every_look(
    browser_page: OpenPage, session: str, agent: Agent, check_page: CheckPage, scheme: str,
    width: int,
) -> None:  # fmt: skip
    page = browser_page(f"/pane/{agent.uuid}/", session=session, scheme=scheme, width=width)
    opened(page, width)
    for name in ("HubSpot", "Function", "Calendar", "Colleague"):
        expect(page.get_by_role("combobox", name=name, exact=True)).to_be_visible()
    page.get_by_role("combobox", name="HubSpot", exact=True).select_option("unknown_owner")
    page.get_by_label("Has an appointment").check()
    expect(page.locator("[data-simulated=hubspot]")).to_have_text(
        "HubSpot: the owner is not one of our people"
    )
    expect(page.locator("[data-simulated=calendar]")).to_be_hidden()
    check_page(page)


def test_what_is_chosen_during_a_call_is_simulated_and_kept(
    browser_page: OpenPage, session: str, agent: Agent, check_page: CheckPage
) -> None:
    page = browser_page(f"/pane/{agent.uuid}/", session=session)
    opened(page)
    page.get_by_role("combobox", name="Colleague", exact=True).select_option("declined")
    page.get_by_label("Has an appointment").check()
    call(page)
    test = Conversation.everything.get()
    assert test.world["simulated"] == {"colleague": "declined"} and len(test.world["bookings"]) == 1
    expect(page.locator("[data-simulated=colleague]")).to_have_text("Colleague: declines")
    opened(page)
    page.get_by_role("combobox", name="HubSpot", exact=True).select_option("down")
    expect(page.locator("[data-log] > .system-line")).to_have_text("HubSpot: does not answer")
    page.get_by_role("combobox", name="Colleague", exact=True).select_option("")
    expect(page.locator("[data-simulated=colleague]")).to_be_hidden()
    page.keyboard.press("Escape")
    say(page, MANAGER)
    expect(page.locator(".transfer-line b")).to_have_text("Ringing Support")
    expect(page.locator(".decisions").first).to_contain_text("HubSpot does not answer")
    check_page(page)
    page.reload()
    expect(page.locator("[data-simulated=hubspot]")).to_have_text("HubSpot: does not answer")
    expect(page.locator("[data-log] > .system-line").first).to_have_text("HubSpot: does not answer")
    page.get_by_role("button", name="Support answers").click()
    expect(page.locator("[data-state-words]")).to_have_text("Transferred to Support")


def test_the_choice_goes_on_to_the_next_test(
    browser_page: OpenPage, session: str, agent: Agent
) -> None:
    page = browser_page(f"/pane/{agent.uuid}/", session=session)
    call(page)
    page.get_by_role("button", name="Hang up").click()
    expect(page.locator("#tryit-over-again")).to_be_visible()
    opened(page)
    page.get_by_role("combobox", name="Calendar", exact=True).select_option("full")
    page.keyboard.press("Escape")
    expect(page.locator("[data-log] > .system-line")).to_have_count(0)
    page.locator("#tryit-over-again").click()
    call(page)
    simulated = [
        row.world.get("simulated", {}) for row in Conversation.everything.order_by("started_at")
    ]
    assert simulated == [{}, {"calendar": "full"}]
