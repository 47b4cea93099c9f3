"""Publishing and the versions in a browser."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from agents.core.services import ensure_user
from agents.panels import services
from agents.panels.models import Agent
from agents.panels.schema import AgentSettings
from agents.panels.services import ActionDraft
from tests.browser.conftest import CheckPage, OpenPage, session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]


@pytest.fixture
def desk() -> Agent:
    """An agent that was published, and changed since."""
    call_command("basics")
    agent = services.create_agent(name="Desk", kind="voice", starter="front-desk")
    services.publish(panel=agent.panel, user=None, note="The first words of the front desk")
    services.save_instructions(panel=agent.panel, text="You are the front desk. Be kind.")
    settings = AgentSettings.model_validate({"hours": {"monday": "8:00-18:00"}, "threshold": 90})
    services.save_settings(agent=agent, settings=settings)
    first = agent.panel.actions.all()[0]
    services.save_action(action=first, draft=ActionDraft(when="they give a name", only_if=[
        {"id": "g", "kind": "open"}], config=first.config))  # fmt: skip
    services.add_action(panel=agent.panel, slug="summarize_note")
    services.move_action(action=agent.panel.actions.get(type="end_call"), to=0)
    return agent


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_publish_compare_and_restore(
    browser_page: OpenPage, check_page: CheckPage, desk: Agent, look: tuple[str, int]
) -> None:
    scheme, width = look
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    url = f"/agents/{desk.uuid}/versions/"
    page = browser_page(url, session=session, scheme=scheme, width=width)
    expect(page.get_by_text("Settings: Business hours")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Publish…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("What changes from version 1")).to_be_visible()
    check_page(page)
    dialog.get_by_role("textbox", name="Note").fill("Kinder")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Version 2 is live")
    page.goto(url)
    expect(page.get_by_text("No differences.")).to_be_visible()
    page.locator("#compare-old").select_option("1")
    expect(page.get_by_text("Settings: Business hours")).to_be_visible()
    page.get_by_role("button", name="Restore… version 1").click()
    expect(dialog.get_by_text("The draft becomes what version 1 was")).to_be_visible()
    check_page(page)
    dialog.get_by_role("button", name="Restore into the draft").click()
    expect(page.locator("#toasts")).to_contain_text("Version 1 is now the draft")
    assert desk.panel.actions.filter(type="summarize_note").count() == 1


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_step_of_the_draft_is_taken_back_in_the_edit_history(
    browser_page: OpenPage, check_page: CheckPage, desk: Agent, look: tuple[str, int]
) -> None:
    scheme, width = look
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    page = browser_page(f"/agents/{desk.uuid}/", session=session, scheme=scheme, width=width)
    expect(page.get_by_role("link", name="History", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Edit history").click()
    history = page.locator("#edits")
    expect(page.get_by_role("heading", name="Published versions")).to_be_visible()
    expect(history.get_by_role("heading", name="Edit history")).to_be_visible()
    added = history.locator("li", has_text="Summarize conversation as note added")
    added.get_by_role("button").press("Enter")
    expect(added).to_contain_text("undone")
    expect(page.locator("#toasts")).to_contain_text("Undone: Summarize conversation as note added")
    expect(page.locator("#compared")).not_to_contain_text("Summarize conversation as note")
    expect(added.get_by_role("button", name="Redo")).to_be_focused()
    check_page(page)
    assert not desk.panel.actions.filter(type="summarize_note").exists()
    added.get_by_role("button", name="Redo").click()
    expect(page.locator("#compared")).to_contain_text("Summarize conversation as note")
    assert desk.panel.actions.filter(type="summarize_note").exists()
