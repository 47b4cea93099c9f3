"""The palette: what is used most first, and found by the words that people use."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from agents.core.services import ensure_user
from agents.panels import services
from tests.browser.conftest import CheckPage, OpenPage, session_of

FOUND = {
    "forward": "Transfer call",
    "ticket": "Create HubSpot ticket",
    "text": "Send SMS",
    "book": "Manage appointment",
    "hang up": "End call",
    "webhook": "Execute custom function",
    "opt out": "Set contact as DNC",
    "dnc": "Set contact as DNC",
}


@pytest.mark.parametrize("look", [("light", 1440), ("dark", 390)], ids=str)
def test_everyday_words_lead_to_the_action(
    browser_page: OpenPage, check_page: CheckPage, transactional_db: None, look: tuple[str, int]
) -> None:
    call_command("basics")
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    agent = services.create_agent(name="Front desk", kind="voice")
    scheme, width = look
    page = browser_page(f"/agents/{agent.uuid}/", session=session, scheme=scheme, width=width)
    page.keyboard.press("a")
    search = page.get_by_role("combobox", name="Search actions")
    expect(page.locator("[data-item]:visible b").first).to_have_text("Transfer call")
    check_page(page)
    for typed, label in FOUND.items():
        search.fill(typed)
        expect(page.locator("[data-item][aria-selected=true] b")).to_have_text(label)
    search.fill("forward")
    search.press("Enter")
    expect(page.locator("li.action.open h3")).to_contain_text("Transfer call")
