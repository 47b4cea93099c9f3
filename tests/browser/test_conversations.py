"""The conversation screens in a browser: every tab in every look, filters, the sheet."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.conversations.factories import make_conversation, make_example

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
CheckPage = Callable[[Page], None]


@pytest.fixture
def session(client_for: Callable[[str], Client]) -> str:
    return client_for("support").cookies["sessionid"].value


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_readable_and_usable(
    browser_page: OpenPage, check_page: CheckPage, session: str, scheme: str, width: int
) -> None:
    example = make_example(sandbox=True)
    page = browser_page("/conversations/", session=session, scheme=scheme, width=width)
    check_page(page)
    page.get_by_role("link", name="Tests", exact=True).click()
    page.get_by_role("link", name="Maria Lopez").click()
    for tab in ("Transcript", "Decisions", "Deliveries", "Timing"):
        page.get_by_role("link", name=tab).click()
        expect(page.locator(".tabs [aria-current]")).to_contain_text(tab)
        for summary in page.locator("#content summary").all():
            summary.click()
        check_page(page)
    assert str(example.conversation.pk) in page.url


def test_filters_answer_at_once_and_stand_in_the_address(
    browser_page: OpenPage, check_page: CheckPage, session: str
) -> None:
    example = make_example()
    make_conversation(example.agent, version=example.conversation.version, state="ended")
    page = browser_page("/conversations/", session=session)
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("State").select_option("Handed off")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "state=handed_off" in page.url
    page.get_by_label("Channel").select_option("SMS")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Clear filters").click()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_the_contact_is_a_sheet_where_there_is_little_room(
    browser_page: OpenPage, check_page: CheckPage, session: str
) -> None:
    example = make_example()
    page = browser_page(f"/conversations/{example.conversation.pk}/", session=session, width=390)
    expect(page.get_by_role("heading", name="Outcome")).to_be_hidden()
    page.get_by_role("button", name="Contact").click()
    expect(page.get_by_role("heading", name="Outcome")).to_be_visible()
    check_page(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Outcome")).to_be_hidden()


def test_why_is_opened_by_keyboard(browser_page: OpenPage, session: str) -> None:
    example = make_example()
    page = browser_page(f"/conversations/{example.conversation.pk}/", session=session)
    page.locator("#turn-3 summary").press("Enter")
    expect(page.locator("#turn-3")).to_contain_text("judged .41, needs .85")
