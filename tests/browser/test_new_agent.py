"""A new agent from a ready-made start, in a browser."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from agents.core.services import ensure_user
from agents.panels.models import Agent
from tests.browser.conftest import CheckPage, OpenPage, session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_start_is_picked_and_tried(
    browser_page: OpenPage, check_page: CheckPage, look: tuple[str, int]
) -> None:
    scheme, width = look
    call_command("basics")
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    page = browser_page("/agents/", session=session, scheme=scheme, width=width)
    page.get_by_role("button", name="New agent").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Type of agent")).to_be_visible()
    dialog.get_by_role("radio", name="Support with ticket").check()
    expect(dialog.get_by_text("Type of agent")).to_be_hidden()
    check_page(page)
    dialog.get_by_role("button", name="Create agent").last.click()
    expect(dialog.get_by_text("Enter a name.")).to_be_visible()
    expect(dialog.get_by_role("radio", name="Support with ticket")).to_be_checked()
    dialog.get_by_role("textbox", name="Name").fill("Help line")
    dialog.get_by_role("button", name="Create agent").last.click()
    expect(page.get_by_role("heading", name="Help line")).to_be_visible()
    check_page(page)
    assert Agent.objects.get().panel.actions.filter(type="create_ticket").exists()
