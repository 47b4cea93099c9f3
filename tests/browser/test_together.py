"""Two people on one panel: what one saves appears with the other, and nothing typed is lost."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from agents.core.services import ensure_user
from agents.panels import services
from agents.panels.models import Agent
from tests.browser.conftest import CheckPage, OpenPage, session_of


@pytest.fixture
def agent(transactional_db: None) -> Agent:
    """Two complete cards."""
    call_command("basics")
    made = services.create_agent(name="Front desk", kind="voice")
    for slug in ("end_call", "set_dnc"):
        card = services.add_action(panel=made.panel, slug=slug)
        draft = services.ActionDraft(when="the caller says bye", config=card.config)
        services.save_action(action=card, draft=draft)
    return made


def test_untouched_cards_merge_and_a_contested_one_asks(
    browser_page: OpenPage, check_page: CheckPage, agent: Agent
) -> None:
    dana, eli = (
        ensure_user(email=f"{name}@example.com", role="builder") for name in ("dana", "eli")
    )
    first, second = agent.panel.actions.all()
    page = browser_page(f"/agents/{agent.uuid}/?open={first.uid}", session=session_of(dana))
    box = page.locator(f"#action-{first.uid} [name='common.when']")
    services.set_enabled(action=second, enabled=False, user=eli)
    draft = services.ActionDraft(when="the caller hangs up", config=first.config)
    services.save_action(action=first, draft=draft, user=eli)
    services.save_instructions(panel=agent.panel, text="Be kind.", user=eli)
    expect(page.locator(f"#head-{second.uid} .chip", has_text="disabled")).to_be_visible(
        timeout=15_000
    )
    expect(page.locator("#instructions")).to_have_value("Be kind.")
    box.fill("the caller is done")
    asked = page.locator(f"#action-{first.uid} .apart")
    expect(asked).to_contain_text("eli@example.com")
    check_page(page)
    asked.get_by_role("button", name="Keep mine").click()
    expect(asked).to_have_count(0)
    first.refresh_from_db()
    assert first.when == "the caller is done"


def test_undo_and_redo_by_keyboard(
    browser_page: OpenPage, check_page: CheckPage, agent: Agent
) -> None:
    dana = ensure_user(email="dana@example.com", role="builder")
    first, _ = agent.panel.actions.all()
    page = browser_page(f"/agents/{agent.uuid}/", session=session_of(dana))
    page.locator(f"#name-{first.uid}").focus()
    page.keyboard.press("d")
    disabled = page.locator(f"#head-{first.uid} .chip", has_text="disabled")
    expect(disabled).to_be_visible()
    page.keyboard.press("Control+z")
    expect(disabled).to_have_count(0)
    check_page(page)
    page.keyboard.press("Control+Shift+z")
    expect(disabled).to_be_visible()
