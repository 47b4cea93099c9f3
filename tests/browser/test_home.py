"""Home, the report and Help in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from agents.conversations.models import InboxItem
from agents.core.services import ensure_user
from agents.home.period import today
from agents.panels.models import Agent
from agents.panels.services import create_agent
from tests.browser.conftest import session_of
from tests.conversations.factories import make_conversation
from tests.home.seeds import failures, history

BOTH = pytest.mark.parametrize(
    ("scheme", "width"),
    [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)],
)


@pytest.fixture
def session(transactional_db: None) -> str:
    return session_of(ensure_user(email="dana@example.com", role="admin"))


@pytest.fixture
def agent(transactional_db: None) -> Agent:
    made: Agent = create_agent(name="Front desk", kind="voice", starter="front-desk")
    return made


def shot(page: Page, name: str, scheme: str, width: int, pictures: Path) -> None:
    page.screenshot(path=str(pictures / f"{name}-{scheme}-{width}.png"), full_page=True)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@BOTH
def test_home_of_an_empty_site(
    scheme: str, width: int, session: str, browser_page: Any, check_page: Any, pictures: Path
) -> None:
    page = browser_page("/home/", session=session, scheme=scheme, width=width)
    expect(page.get_by_role("heading", name="First steps")).to_be_visible()
    expect(page.get_by_role("heading", name="No conversations yet")).to_be_visible()
    shot(page, "home-empty", scheme, width, pictures)
    check_page(page)


@BOTH
def test_home_with_a_history(
    scheme: str,
    width: int,
    session: str,
    agent: Agent,
    browser_page: Any,
    check_page: Any,
    pictures: Path,
) -> None:
    history(agent)
    failures(agent, today())
    item = make_conversation(agent, state="staff")
    InboxItem.objects.create(conversation=item, opened_at=item.started_at)
    page = browser_page("/home/", session=session, scheme=scheme, width=width)
    expect(page.get_by_text("1 turn failed")).to_be_visible()
    assert page.locator(".chart-drawing .chart-bar").count() > 20
    page.locator(".chart-table > summary").first.click()
    expect(page.locator(".chart-table table").first).to_be_visible()
    shot(page, "home", scheme, width, pictures)
    check_page(page)


def test_a_step_is_dismissed_and_stays_away(session: str, agent: Agent, browser_page: Any) -> None:
    page = browser_page("/home/", session=session)
    page.get_by_role("button", name="Dismiss: Invite a colleague").click()
    expect(page.get_by_text("Invite a colleague")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="Try an agent")).to_be_visible()
    expect(page.get_by_text("Invite a colleague")).to_have_count(0)
    page.get_by_role("link", name="Open an agent").click()
    expect(page.get_by_role("heading", name="Front desk")).to_be_visible()


def test_period_and_agent_by_keyboard(session: str, agent: Agent, browser_page: Any) -> None:
    history(agent)
    page = browser_page("/home/", session=session)
    page.locator("#days-30").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#days-90")).to_be_checked()
    page.wait_for_url("**days=90**")
    assert page.evaluate("document.activeElement.id") == "days-90"
    page.locator("#home-agent").select_option(label="Front desk")
    page.wait_for_url(f"**agent={agent.uuid}**")
    page.go_back()
    page.wait_for_url("**days=90**")
    expect(page.locator("#home-agent")).to_have_value("")


def test_a_concern_leads_to_its_conversations(
    session: str, agent: Agent, browser_page: Any, check_page: Any
) -> None:
    item = make_conversation(agent, state="staff")
    InboxItem.objects.create(conversation=item, opened_at=item.started_at)
    page = browser_page("/home/", session=session)
    page.get_by_role("link", name="1 conversation waits for staff").click()
    expect(page.locator("#conversation-list tbody tr")).to_have_count(1)
    expect(page.locator("#filter-outcome")).to_have_value("item_open")
    check_page(page)


@BOTH
def test_the_report(
    scheme: str,
    width: int,
    session: str,
    agent: Agent,
    browser_page: Any,
    check_page: Any,
    pictures: Path,
) -> None:
    history(agent)
    page = browser_page("/home/report/", session=session, scheme=scheme, width=width)
    expect(page.get_by_role("cell", name="Quote")).to_be_visible()
    shot(page, "report", scheme, width, pictures)
    check_page(page)
    page.get_by_text("Week", exact=True).click()
    expect(page.locator("#by-week")).to_be_checked()
    expect(page.get_by_role("columnheader", name="Week")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    assert "by-week" in download.value.suggested_filename


@BOTH
def test_a_help_page(
    scheme: str, width: int, session: str, browser_page: Any, check_page: Any, pictures: Path
) -> None:
    page = browser_page("/help/start/", session=session, scheme=scheme, width=width)
    expect(page.get_by_role("heading", name="First steps", level=1)).to_be_visible()
    page.locator(".prose img").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.prose img').naturalWidth > 0")
    shot(page, "help", scheme, width, pictures)
    check_page(page)


def test_help_is_searched_as_one_types(
    session: str, browser_page: Any, check_page: Any, pictures: Path
) -> None:
    page = browser_page("/help/start/", session=session)
    page.keyboard.press("/")
    page.keyboard.type("ring group")
    expect(page.locator(".found mark").first).to_be_visible()
    shot(page, "help-search", "light", 1440, pictures)
    check_page(page)
    first = page.locator(".found a").first
    wanted = first.get_attribute("href") or ""
    first.click()
    page.wait_for_url(f"**{wanted}")


def test_keys_and_help_lead_to_the_page_of_the_screen(
    session: str, agent: Agent, browser_page: Any, check_page: Any
) -> None:
    page = browser_page(f"/agents/{agent.uuid}/", session=session)
    page.keyboard.press("?")
    dialog = page.locator("#keys")
    expect(dialog.get_by_text("Help for this page").first).to_be_visible()
    check_page(page)
    dialog.get_by_role("link", name="Help for this page").click()
    expect(page.get_by_role("heading", name="Instructions and actions")).to_be_visible()
    page.goto("/integrations/")
    page.keyboard.press("h")
    expect(page.get_by_role("heading", name="Integrations and practice mode")).to_be_visible()
