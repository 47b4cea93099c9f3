"""Warnings, ticks and counts on the builder's page: the same everywhere after every change."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from agents.core.services import ensure_user
from agents.panels.models import Agent
from agents.routing.models import Person
from tests.browser.conftest import CheckPage, OpenPage, session_of
from tests.conversations.drafts import add, add_email, add_sms, add_tags, add_transfer
from tests.conversations.factories import make_agent, make_contact

LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]
WARNING = ".action-figures .chip.warn"


@pytest.fixture
def session(transactional_db: None) -> str:
    return session_of(ensure_user(email="dana@example.com", role="builder"))


@pytest.fixture
def agent(transactional_db: None) -> Agent:
    """A transfer at the head of the list, and six actions behind it."""
    make_contact()
    made = make_agent("Front desk")
    add_transfer(made)
    add_tags(made)
    add_email(made)
    add_sms(made)
    add(made, "summarize_note", moment="during", when="the caller asks for a summary")
    add(made, "set_dnc", when="the caller says “never call again”")
    add(made, "disengage_contact", when="the caller is not interested")
    Person.objects.update(email="ana@example.com")
    return made


def counts(page: Page) -> list[str]:
    """What stands in the header, after the time."""
    return page.locator("#state .problem").all_inner_texts()


def test_moving_one_card_clears_all_that_were_warned(
    browser_page: OpenPage, session: str, agent: Agent, check_page: CheckPage
) -> None:
    page = browser_page(f"/agents/{agent.uuid}/", session=session)
    expect(page.locator(WARNING)).to_have_count(6)
    assert counts(page) == ["6 to look at"]
    transfer = agent.panel.actions.first()
    assert transfer is not None
    grip = page.locator(f"#grip-{transfer.uid}")
    grip.focus()
    for left in range(5, -1, -1):
        with page.expect_response(lambda answer: "/order/" in answer.url):
            page.keyboard.press("ArrowDown")
        expect(page.locator(WARNING)).to_have_count(left)
        expect(grip).to_be_focused()
    expect(page.locator("#state")).not_to_contain_text("to look at")
    check_page(page)
    page.locator("#actions .menu > summary").last.click()
    page.get_by_role("button", name="Duplicate").locator("visible=true").click()
    expect(page.locator(WARNING)).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(page.locator(WARNING)).to_have_count(0)


def say(page: Page, words: str) -> None:
    page.locator("#tryit-text").fill(words)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_a_tick_is_on_the_card_in_the_list_and_in_the_dialog(
    browser_page: OpenPage, session: str, agent: Agent, check_page: CheckPage, scheme: str,
    width: int,
) -> None:  # fmt: skip
    page = browser_page(f"/agents/{agent.uuid}/", session=session, scheme=scheme, width=width)
    if width < 760:
        page.get_by_role("button", name="Try it", exact=True).click()
    page.get_by_role("button", name="Call", exact=True).click()
    say(page, "My e-mail is maria@lopez.example")
    email = agent.panel.actions.get(type="update_contact_property")
    dnc = agent.panel.actions.get(type="set_dnc")
    expect(page.locator(f".action-figures [data-tried='{email.uid}']")).to_have_text("tried")
    say(page, "Never call again")
    expect(page.locator(f".action-figures [data-tried='{dnc.uid}']")).to_have_text("tried")
    expect(page.locator("#dock-tab-validate [data-count]")).to_have_text("2/9")
    if width < 760:
        page.get_by_role("button", name="Close Try it").click()
    page.get_by_role("button", name="Publish…").click()
    dialog = page.locator("#dialog")
    expect(dialog).to_contain_text("Try it has shown 2 of 9 things")
    check_page(page)
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Version 1 is live").first).to_be_visible()
    shown = page.locator(".action-figures [data-tried]:not([hidden])")
    expect(shown).to_have_text(["tried", "tried"])
    email.refresh_from_db()
    page.locator(f"#name-{email.uid}").click()
    when = page.locator(f"#action-{email.uid}").get_by_label("When", exact=True)
    when.fill("the contact gives a phone number")
    page.keyboard.press("Control+s")
    expect(shown).to_have_text(["tried before the last change", "tried"])
    expect(page.locator("#dock-tab-validate [data-count]")).to_have_text("1/9")
    check_page(page)
