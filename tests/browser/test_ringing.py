"""A warm transfer in a test call: everybody who is rung is played step by step, in every look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from agents.panels.models import Agent
from tests.browser.conftest import CheckPage, OpenPage
from tests.conversations.factories import make_contact
from tests.tryit.test_ringing import SALES, agent

__all__ = ["agent"]
pytestmark = [
    pytest.mark.urls("tests.browser.urls_tryit"),
    pytest.mark.django_db(transaction=True),
]
LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]
HEARS = "Ticket “Call from Maria Lopez”. Press 1 to take the call."


@pytest.fixture
def session(client_for: Callable[[str], Client]) -> str:
    make_contact()
    return client_for("builder").cookies["sessionid"].value


def call(page: Page, width: int = 1440) -> None:
    """A call that asks for sales."""
    if width < 760:
        page.get_by_role("button", name="Try it", exact=True).click()
    page.get_by_role("button", name="Call", exact=True).click()
    page.locator("#tryit-text").fill(SALES)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_colleague_hears_and_takes_the_call(
    browser_page: OpenPage, session: str, agent: Agent, check_page: CheckPage, scheme: str,
    width: int,
) -> None:  # fmt: skip
    page = browser_page(f"/pane/{agent.uuid}/", session=session, scheme=scheme, width=width)
    call(page, width)
    line = page.locator(".transfer-line")
    expect(line.locator("b")).to_have_text("Ringing Sales")
    expect(line.locator("[aria-current]")).to_have_text("ringing Ana Ruiz, then Ben Ode for 30 s")
    expect(line.locator("time")).to_contain_text("Ana Ruiz, ")
    check_page(page)
    page.get_by_role("button", name="Sales answers").click()
    expect(line.locator("b")).to_have_text("Sales picked up and hears who is calling")
    expect(line.locator("[aria-current]")).to_contain_text("hears “Maria Lopez: ")
    expect(line).to_contain_text(HEARS)
    expect(page.get_by_role("button", name="Press 1 and take the call")).to_be_in_viewport()
    expect(page.get_by_role("button", name="voicemail")).to_be_hidden()
    check_page(page)
    page.reload()
    expect(line).to_contain_text(HEARS)
    if width < 760:
        page.get_by_role("button", name="Try it", exact=True).click()
    page.get_by_role("button", name="Press 1 and take the call").click()
    expect(page.locator("[data-state-words]")).to_have_text("Transferred to Sales")
    expect(page.locator(".decisions").first).to_contain_text("pressed 1 and was connected")
    check_page(page)


def test_declining_and_skipping_come_back_to_the_agent(
    browser_page: OpenPage, session: str, agent: Agent, check_page: CheckPage
) -> None:
    page = browser_page(f"/pane/{agent.uuid}/", session=session)
    call(page)
    page.get_by_role("button", name="Sales answers").click()
    page.get_by_role("button", name="Decline", exact=True).click()
    title = page.locator(".transfer-line b")
    expect(title).to_have_text("Sales: declined, trying Cleo Ode")
    expect(page.locator(".transfer-line time")).to_contain_text("of 20 s")
    page.get_by_role("button", name="Skip the rest of the ringing").click()
    expect(title).to_have_text("Cleo Ode: no answer")
    expect(page.locator("[data-log]")).to_contain_text("Nobody is free.")
    expect(page.locator("#tryit-text")).to_be_focused()
    check_page(page)
