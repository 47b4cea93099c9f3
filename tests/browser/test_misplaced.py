"""A condition that is an event: the card says so, and one click moves the action there."""

from __future__ import annotations

from django.core.management import call_command
from playwright.sync_api import Page, expect

from agents.core.services import ensure_user
from agents.panels import services
from agents.panels.models import Agent
from tests.browser.conftest import CheckPage, OpenPage, session_of


def test_a_condition_is_moved_to_its_moment(
    browser_page: OpenPage, check_page: CheckPage, transactional_db: None
) -> None:
    call_command("basics")
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    agent: Agent = services.create_agent(name="Front desk", kind="voice")
    row = services.add_action(panel=agent.panel, slug="send_sms")
    draft = services.ActionDraft(
        when="after multiple failed call attempts", config={"text": "Sorry we missed you."}
    )
    services.save_action(action=row, draft=draft)
    page: Page = browser_page(f"/agents/{agent.uuid}/?open={row.uid}", session=session)
    card = page.locator(f"#action-{row.uid}")
    expect(card.locator(".findings")).to_contain_text("is an event, not something said")
    check_page(page)
    card.get_by_role("button", name="Move it").click()
    expect(page.locator(f"#action-{row.uid} .sentence")).to_contain_text("attempt 3")
    expect(page.get_by_role("button", name="Move it")).to_have_count(0)
    row.refresh_from_db()
    assert (row.when, row.moment, row.event) == ("", "no_answer", {"kind": "attempt", "n": 3})
