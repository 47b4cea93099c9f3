"""The settings page in a browser: sections, hours and what happens outside them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from agents.core.services import ensure_user
from agents.panels import services
from agents.panels.freeze import settings_of
from agents.routing.models import Inbox
from tests.browser.conftest import CheckPage, OpenPage, session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("kind", ["voice", "text"])
def test_the_page_in_every_look(
    browser_page: OpenPage, check_page: CheckPage, look: tuple[str, int], kind: str
) -> None:
    scheme, width = look
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    agent = services.create_agent(name="Desk", kind=kind)
    page = browser_page(
        f"/agents/{agent.uuid}/settings/", session=session, scheme=scheme, width=width
    )
    expect(page.get_by_role("heading", name="Business hours")).to_be_visible()
    check_page(page)


def test_hours_and_a_message_outside_them(browser_page: OpenPage, check_page: CheckPage) -> None:
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    agent = services.create_agent(name="Desk", kind="voice")
    inbox = Inbox.objects.create(name="Night")
    page = browser_page(f"/agents/{agent.uuid}/settings/", session=session)
    page.get_by_role("link", name="Business hours").click()
    hours = page.locator("#hours")
    hours.get_by_label("Outside these hours, a call").select_option("message")
    expect(hours.get_by_text("Their message goes to")).to_be_visible()
    hours.get_by_label("Monday").fill("8-7")
    expect(hours.get_by_text("ends before it starts")).to_be_visible()
    expect(hours.get_by_text("Not saved: 1 to correct")).to_be_visible()
    expect(hours.get_by_text("Pick where the call goes.")).to_be_hidden()
    check_page(page)
    hours.get_by_label("Monday").fill("8:00-18:00")
    hours.get_by_label("Their message goes to").click()
    page.get_by_role("option", name="Night").click()
    hours.get_by_label("Monday").focus()
    page.keyboard.press("Control+s")
    expect(hours.locator(".is-saved")).to_have_text("Saved")
    check_page(page)
    agent.refresh_from_db()
    found = settings_of(agent.panel)
    assert found.leaves_to == f"inbox:{inbox.pk}" and found.hours.monday == "8:00-18:00"


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_agents_own_sentences_follow_the_language(
    browser_page: OpenPage, check_page: CheckPage, look: tuple[str, int]
) -> None:
    scheme, width = look
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    agent = services.create_agent(name="Desk", kind="voice")
    page = browser_page(
        f"/agents/{agent.uuid}/settings/", session=session, scheme=scheme, width=width
    )
    own = page.locator("#fallback").get_by_label("While thinking")
    expect(own).to_have_value("One moment, please.")
    expect(page.locator("#language").get_by_text("French")).to_be_hidden()
    page.locator("#language").get_by_text("Spanish").click()
    expect(own).to_have_value("Un momento, por favor.")
    expect(page.locator("#greeting").get_by_label("Greeting")).to_have_value(
        "Hola, ¿en qué le puedo ayudar?"
    )
    own.fill("Ahorita le atiendo.")
    own.blur()
    expect(page.locator("#fallback .is-saved")).to_have_text("Saved")
    page.locator("#language").get_by_text("English").click()
    expect(page.locator("#greeting").get_by_label("Greeting")).to_have_value(
        "Hello, how can I help you?"
    )
    expect(own).to_have_value("Ahorita le atiendo.")
    check_page(page)
    agent.refresh_from_db()
    assert settings_of(agent.panel).filler_words == "Ahorita le atiendo."
