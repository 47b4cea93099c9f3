"""Rows of a form have headings, and a switch says what it is now."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from agents.core.services import ensure_user
from agents.panels import services
from agents.panels.models import Agent
from tests.browser.conftest import CheckPage, OpenPage, session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STATE = "node => getComputedStyle(node, '::before').content"


@pytest.fixture
def desk() -> Agent:
    """An agent with rows in its cards."""
    call_command("basics")
    return services.create_agent(name="Desk", kind="voice", starter="front-desk")


def opened(page: Page, desk: Agent, slug: str) -> Locator:
    """The open card of a type."""
    action = desk.panel.actions.get(type=slug)
    page.goto(f"/agents/{desk.uuid}/?open={action.uid}")
    return page.locator(f"#action-{action.uid}")


def headings(row: Locator) -> list[str]:
    """The headings of a row's fields that one sees."""
    labels = row.locator(".cell:not([hidden]) > .cell-label")
    return [one.inner_text() for one in labels.all() if (one.bounding_box() or {})["width"] > 1]


@pytest.mark.parametrize("look", [("light", 1440), ("dark", 390)], ids=str)
def test_rows_have_headings_that_belong_to_their_fields(
    browser_page: OpenPage, check_page: CheckPage, desk: Agent, look: tuple[str, int]
) -> None:
    scheme, width = look
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    page = browser_page("/agents/", session=session, scheme=scheme, width=width)
    card = opened(page, desk, "call_disposition")
    rows = card.locator(".rows > .row", has=page.get_by_label("Disposition"))
    expect(rows).to_have_count(2)
    assert headings(rows.nth(0)) == ["Disposition", "When", "On event"]
    assert headings(rows.nth(1)) == ([] if width > 760 else ["Disposition", "When", "On event"])
    expect(rows.nth(1).get_by_label("When")).to_have_value("the caller makes a complaint")
    if width > 760:
        for name in ("Disposition", "When", "On event"):
            places = [(row.get_by_label(name).bounding_box() or {})["x"] for row in rows.all()]
            assert places[0] == pytest.approx(places[1], abs=1), "a column is straight"
    check_page(page)


def test_a_row_with_other_fields_has_headings_of_its_own(
    browser_page: OpenPage, desk: Agent
) -> None:
    action = desk.panel.actions.get(type="transfer_call")
    guards = [{"id": "a", "kind": "open"}, {"id": "b", "kind": "turn_from", "number": 2}]
    draft = services.ActionDraft(when="they ask", only_if=guards, config=action.config)
    services.save_action(action=action, draft=draft)
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    page = browser_page("/agents/", session=session)
    card = opened(page, desk, "transfer_call")
    rows = card.locator(".rows > .row", has=page.get_by_label("Condition"))
    assert headings(rows.nth(0)) == ["Condition"]
    assert headings(rows.nth(1)) == ["Condition", "Number"]


def test_a_switch_says_what_it_is_now(browser_page: OpenPage, desk: Agent) -> None:
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    page = browser_page("/agents/", session=session)
    card = opened(page, desk, "transfer_call")
    switch = card.get_by_role("switch", name="The colleague hears who is calling")
    state = switch.locator("xpath=following-sibling::*[1]")
    assert state.evaluate(STATE) == '"Off"'
    switch.check()
    assert state.evaluate(STATE) == '"On"'
