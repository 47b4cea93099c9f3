"""The header of an agent's pages: what is wrong and where, what is not published, steps back."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from agents.core.models import User
from agents.core.services import ensure_user
from agents.panels import services
from agents.panels.models import Action, Agent
from tests.browser.conftest import CheckPage, OpenPage, session_of

LOOKS = [("light", 1440), ("dark", 390)]


@pytest.fixture
def dana(transactional_db: None) -> User:
    """Somebody who builds."""
    call_command("basics")
    return ensure_user(email="dana@example.com", role="builder")


@pytest.fixture
def agent(dana: User) -> Agent:
    """A published panel with a complete card and two that are not."""
    made = services.create_agent(name="Front desk", kind="voice")
    services.save_instructions(panel=made.panel, text="Be kind.")
    end = services.add_action(panel=made.panel, slug="end_call")
    draft = services.ActionDraft(when="the caller says bye", config=end.config)
    services.save_action(action=end, draft=draft)
    services.publish(panel=made.panel, user=dana)
    for slug in ("send_sms", "transfer_call"):
        services.add_action(panel=made.panel, slug=slug, user=dana)
    made.refresh_from_db()
    return made


@pytest.fixture
def sms(agent: Agent) -> Action:
    """The card that sends an SMS."""
    return agent.panel.actions.get(type="send_sms")


def opened(browser_page: OpenPage, dana: User, path: str, look: tuple[str, int]) -> Page:
    """A page in one look."""
    scheme, width = look
    return browser_page(path, session=session_of(dana), scheme=scheme, width=width)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_problem_leads_to_the_field_at_fault(
    browser_page: OpenPage, dana: User, agent: Agent, sms: Action, check_page: CheckPage,
    look: tuple[str, int],
) -> None:  # fmt: skip
    page = opened(browser_page, dana, f"/agents/{agent.uuid}/", look)
    problems = page.locator("#state summary", has_text="to correct")
    problems.click()
    check_page(page)
    page.screenshot(path=f"/tmp/a_problems_{look[0]}_{look[1]}.png")
    page.locator("#state").get_by_role("link", name="Send SMS: Write the message.").click()
    message = page.locator(f"#action-{sms.uid}").get_by_label("Message", exact=True)
    expect(message).to_be_focused()
    expect(message).to_be_in_viewport()
    message.fill("Hello")
    when = page.locator(f"#action-{sms.uid}").get_by_label("When", exact=True)
    when.fill("the caller wants it in writing")
    expect(page.locator(f"#badges-{sms.uid}")).not_to_contain_text("to correct")
    check_page(page)
    page.goto(f"/agents/{agent.uuid}/settings/")
    page.locator("#state").get_by_role("link", name="1 to correct").click()
    expect(page.locator("li.action.open")).to_contain_text("Transfer call")
    expect(page.locator("li.action.open :focus")).to_have_count(1)
    check_page(page)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_what_is_not_published_is_counted_and_one_click_away(
    browser_page: OpenPage, dana: User, agent: Agent, check_page: CheckPage, look: tuple[str, int]
) -> None:
    page = opened(browser_page, dana, f"/agents/{agent.uuid}/", look)
    chip = page.locator("#unpublished")
    expect(chip).to_have_text("2 unpublished changes")
    page.get_by_label("Instructions", exact=True).fill("Be very kind.")
    expect(chip).to_have_text("3 unpublished changes")
    chip.get_by_role("button").click()
    dialog = page.locator("#dialog")
    expect(dialog.locator(".diff > li")).to_have_count(3)
    expect(dialog).to_contain_text("very")
    check_page(page)
    page.screenshot(path=f"/tmp/a_unpublished_{look[0]}_{look[1]}.png")
    page.keyboard.press("Control+z")
    expect(dialog.locator(".diff > li")).to_have_count(2)
    expect(chip).to_have_text("2 unpublished changes")
    expect(page.get_by_label("Instructions", exact=True)).to_have_value("Be kind.")
    page.keyboard.press("Control+z")
    expect(dialog.locator(".diff > li")).to_have_count(1)
    expect(page.locator("li.action")).to_have_count(2)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    expect(chip).to_have_text("")
    check_page(page)


def test_an_agent_that_was_never_published_says_so(
    browser_page: OpenPage, dana: User, check_page: CheckPage
) -> None:
    agent = services.create_agent(name="New", kind="text")
    page = opened(browser_page, dana, f"/agents/{agent.uuid}/versions/", LOOKS[0])
    page.locator("#unpublished").get_by_role("button", name="Never published").click()
    expect(page.locator("#dialog")).to_contain_text("There are no instructions and no actions yet.")
    check_page(page)


def test_a_library_form_asks_before_it_is_left(
    browser_page: OpenPage, dana: User, console_errors: list[str]
) -> None:
    page = opened(browser_page, dana, "/library/people/new/", LOOKS[0])
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/library/people/")
    assert asked == []
    page.goto("/library/people/new/")
    page.get_by_label("Name", exact=True).fill("Cleo Ode")
    page.goto("/library/people/")
    assert asked == ["beforeunload"]
    page.goto("/library/people/new/")
    page.get_by_label("Name", exact=True).fill("Cleo Ode")
    page.get_by_label("Phone").fill("+1 415 555 0101")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Cleo Ode").first).to_be_visible()
    page.goto("/library/")
    assert asked == ["beforeunload"]
    assert console_errors == []
