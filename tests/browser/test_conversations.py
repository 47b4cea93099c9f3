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
    page.get_by_label("Outcome").select_option("Handed off")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.url.endswith("/conversations/?outcome=handed_off")
    page.get_by_label("Channel").select_option("SMS")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Clear filters").click()
    expect(page.locator("tbody tr")).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_filters_add_up_and_a_chip_takes_one_out(
    browser_page: OpenPage, check_page: CheckPage, session: str, scheme: str
) -> None:
    example = make_example()
    make_conversation(example.agent, version=example.conversation.version, state="ended")
    page = browser_page("/conversations/", session=session, scheme=scheme)
    page.get_by_label("Agent").select_option("Front desk")
    expect(page.get_by_label("Version").locator("option")).to_have_count(2)
    page.get_by_label("Version").select_option("Version 12")
    page.get_by_label("Action", exact=True).select_option("Transfer call")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("searchbox").press_sequentially("a new one costs")
    chips = page.get_by_role("list", name="Filters in force")
    expect(chips).to_contain_text("a new one costs")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("a new one costs")
    expect(chips.get_by_role("listitem")).to_have_count(5)
    check_page(page)
    chips.get_by_role("link", name="Action Transfer call").click()
    expect(page.get_by_label("Action", exact=True)).to_have_value("")
    expect(chips.get_by_role("listitem")).to_have_count(4)
    page.go_back()
    expect(page.get_by_label("Action", exact=True)).to_have_value("transfer_call")
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("tbody tr")).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_filters_are_a_sheet_where_there_is_little_room(
    browser_page: OpenPage, check_page: CheckPage, session: str, scheme: str
) -> None:
    example = make_example(sandbox=True)
    make_conversation(example.agent, version=example.conversation.version, sandbox=True)
    path = "/conversations/?show=tests"
    page = browser_page(path, session=session, scheme=scheme, width=390)
    expect(page.get_by_label("Tag")).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Tag").select_option("Heater")
    found = page.get_by_role("button", name="Show 1 test")
    expect(found).to_be_visible()
    check_page(page)
    found.click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("button", name="Filters 1")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Remove the filter Tag Heater").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.get_by_label("Tag")).to_have_value("")


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
    expect(page.locator("#turn-3")).to_contain_text("Judged .41, needs .85")
