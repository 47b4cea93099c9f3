"""A panel of sixty cards: what it weighs, and that a reload shows where one was."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from agents.core.services import ensure_user
from agents.panels import services
from agents.panels.models import Agent
from tests.browser.conftest import CheckPage, OpenPage, session_of

MOST = 300_000  # bytes that a browser loads for the page
CARDS = 60
FIRST_PAINT = """
new PerformanceObserver(() => {
  window.painted ??= [scrollY, document.querySelectorAll(".action").length];
}).observe({ type: "paint" });
"""


@pytest.fixture
def agent(transactional_db: None) -> Agent:
    """Sixty cards."""
    call_command("basics")
    made = services.create_agent(name="Front desk", kind="voice", starter="front-desk")
    rows = list(made.panel.actions.all())
    for number in range(CARDS - len(rows)):
        services.duplicate_action(action=rows[number % len(rows)])
    return made


@pytest.fixture
def page(browser_page: OpenPage, agent: Agent) -> Page:
    """The Instructions page."""
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    return browser_page(f"/agents/{agent.uuid}/", session=session)


def test_the_page_weighs_less_than_300_kb(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    sizes = page.evaluate(
        """["navigation", "resource"].flatMap((type) => performance.getEntriesByType(type))
        .map((entry) => [entry.name, entry.encodedBodySize])"""
    )
    known = {name.rpartition("/")[2] or "page": size for name, size in sizes}
    assert sum(size for _, size in sizes) <= MOST, sorted(known.items(), key=lambda one: -one[1])
    assert known["page"] and known["app.js"]


def test_a_reload_shows_the_same_cards_at_the_same_place(
    page: Page, agent: Agent, check_page: CheckPage
) -> None:
    cards = list(agent.panel.actions.all())
    for card in (cards[20], cards[40]):
        page.locator(f"#name-{card.uid}").click()
        expect(page.locator(f"#form-{card.uid}")).to_be_visible()
    box = page.locator(f"#form-{cards[40].uid} [name='common.when']")
    box.focus()
    box.evaluate("box => box.setSelectionRange(3, 3)")
    where = page.evaluate("scrollY")
    assert where > 1000
    page.add_init_script(FIRST_PAINT)
    page.reload()
    expect(page.locator(".action.open")).to_have_count(2)
    expect(box).to_be_focused()
    assert box.evaluate("box => box.selectionStart") == 3
    assert page.evaluate("[scrollY, window.painted]") == [where, [where, CARDS]]
    check_page(page)
    page.get_by_role("heading", name="Actions").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Collapse all cards")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator(".action.open")).to_have_count(0)
    expect(page.locator(".collapse-all")).to_be_hidden()
    assert "open=" not in page.url
    check_page(page)
