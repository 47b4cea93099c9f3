"""The greeting of outgoing calls: written in the settings, heard in a test call."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from agents.core.services import ensure_user
from agents.panels.models import Agent
from tests.browser.conftest import CheckPage, OpenPage, session_of
from tests.conversations.factories import make_agent, make_contact

LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]
WORDS = "Hi [FirstName|there], this is the AI assistant of [BusinessName|Acme] about your boiler."


@pytest.fixture
def session(transactional_db: None) -> str:
    return session_of(ensure_user(email="dana@example.com", role="builder"))


@pytest.fixture
def agent(transactional_db: None) -> Agent:
    make_contact()
    return make_agent("Front desk")


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_words_are_shown_as_they_are_spoken(
    browser_page: OpenPage, session: str, agent: Agent, check_page: CheckPage, scheme: str,
    width: int,
) -> None:  # fmt: skip
    page = browser_page(
        f"/agents/{agent.uuid}/settings/", session=session, scheme=scheme, width=width
    )
    spoken = page.locator("#spoken-greeting")
    expect(spoken).to_contain_text("Hello, how can I help you? I am an AI assistant.")
    page.get_by_label("When the agent calls out").fill("Hi, it is Acme.")
    expect(spoken).to_contain_text("Hi, it is Acme. I am an AI assistant.")
    page.get_by_label("When the agent calls out").fill(WORDS)
    expect(spoken).to_contain_text("Hi Maria, this is the AI assistant of")
    expect(spoken).to_contain_text("about your boiler.")
    expect(spoken).not_to_contain_text("about your boiler. I am")
    check_page(page)
    page.locator("#greeting").scroll_into_view_if_needed()
    page.screenshot(path=f"/tmp/c_greet_{scheme}_{width}.png")


def test_a_test_call_that_goes_out_says_them(
    browser_page: OpenPage, session: str, agent: Agent, check_page: CheckPage
) -> None:
    Agent.objects.update(settings={"greeting_out": WORDS, "business": "Brightwave"})
    page = browser_page(f"/agents/{agent.uuid}/", session=session)
    page.get_by_text("Outgoing", exact=True).click()
    expect(page.locator("[data-tryit]")).to_have_attribute("data-direction", "outbound")
    page.get_by_role("button", name="Call", exact=True).click()
    page.get_by_role("button", name="Maria answers").click()
    said = "Hi Maria, this is the AI assistant of Brightwave about your boiler."
    expect(page.locator("[data-log] .bubble")).to_have_text(said)
    check_page(page)
