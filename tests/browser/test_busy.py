"""A locked database in a browser: a notice, and what was typed stays."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from agents.core.services import ensure_user
from agents.panels.models import Agent
from agents.panels.services import create_agent
from tests.aloai.locking import locked_database
from tests.browser.conftest import CheckPage, OpenPage, session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_form_keeps_its_words_and_is_sent_again(
    browser_page: OpenPage, settings: Any, console_errors: list[str]
) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "database_lock": 0.1}
    call_command("basics")
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    page = browser_page("/agents/", session=session)
    page.get_by_role("button", name="New agent").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("Help line")
    with locked_database():
        dialog.get_by_role("button", name="Create agent").last.click()
        expect(page.get_by_text("The database is busy").first).to_be_visible()
        expect(dialog.get_by_role("textbox", name="Name")).to_have_value("Help line")
    dialog.get_by_role("button", name="Create agent").last.click()
    expect(page.get_by_role("heading", name="Help line")).to_be_visible()
    assert Agent.objects.get().name == "Help line"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_a_page_offers_to_send_it_again(
    browser_page: OpenPage,
    check_page: CheckPage,
    settings: Any,
    console_errors: list[str],
    scheme: str,
    width: int,
) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "database_lock": 0.1}
    agent = create_agent(name="Help line", kind="text")
    session = session_of(ensure_user(email="dana@example.com", role="builder"))
    path = f"/agents/{agent.uuid}/settings/"
    page = browser_page(path, session=session, scheme=scheme, width=width)
    with locked_database():
        page.get_by_role("button", name="Pause agent").click()
        expect(page.get_by_role("heading", name="The database is busy")).to_be_visible()
        console_errors.clear()  # the browser names the 503
        check_page(page)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Resume agent")).to_be_visible()
