"""The component page: every part in every state, and the manners of the modules."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.urls("tests.browser.urls_components")

OpenPage = Callable[..., Page]
CheckPage = Callable[[Page], None]


def labels(page: Page, rows: str) -> list[str]:
    """The labels of the rows in page order."""
    return page.eval_on_selector_all(rows, "rows => rows.map(row => row.dataset.label)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_component_is_readable_and_usable(
    browser_page: OpenPage, check_page: CheckPage, scheme: str, width: int
) -> None:
    page = browser_page("/agents/", scheme=scheme, width=width)
    expect(page.get_by_role("heading", name="Front desk", level=1)).to_be_visible()
    check_page(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("opener", ["Publish…", "Add action", "Ask first", "Menu"])
def test_what_lies_above_the_page_is_usable(
    browser_page: OpenPage, check_page: CheckPage, scheme: str, opener: str
) -> None:
    page = browser_page(scheme=scheme)
    page.locator("button, summary").filter(has_text=opener).first.click()
    check_page(page)


def test_the_sidebar_marks_the_place_and_counts(browser_page: OpenPage) -> None:
    page = browser_page("/conversations/live/")
    side = page.get_by_role("navigation", name="Main")
    expect(side.locator("[aria-current]")).to_have_text("Live3")
    expect(side.get_by_role("link", name="Conversations 214")).to_be_visible()


def test_a_toast_offers_undo(browser_page: OpenPage, check_page: CheckPage) -> None:
    page = browser_page()
    page.get_by_role("button", name="Delete with undo").click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Transfer call deleted")
    expect(page.locator("#announce")).to_have_text("Transfer call deleted")
    check_page(page)
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast", has_text="Transfer call deleted")).to_have_count(0)
    expect(page.locator(".toast", has_text="It is back")).to_be_visible()


def test_a_failure_says_what_to_do(browser_page: OpenPage) -> None:
    page = browser_page()
    page.get_by_role("button", name="Fail").click()
    toast = page.locator(".toast.bad")
    expect(toast).to_contain_text("The server failed. Nothing was changed; try again.")
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)


def test_a_question_is_asked_before_the_request(browser_page: OpenPage) -> None:
    page = browser_page()
    page.get_by_role("button", name="Ask first").click()
    page.keyboard.press("Escape")
    expect(page.locator(".toast")).to_have_count(0)
    page.get_by_role("button", name="Ask first").click()
    page.get_by_role("button", name="End the call").click()
    expect(page.locator(".toast")).to_be_visible()


def test_cards_move_by_keyboard_and_say_so(browser_page: OpenPage) -> None:
    page = browser_page()
    page.evaluate("addEventListener('moved', e => window.moved = [e.detail.from, e.detail.to])")
    page.get_by_role("button", name="Move Transfer call, arrow keys").press("ArrowUp")
    assert labels(page, ".action")[:2] == ["Transfer call", "Update contact property"]
    expect(page.locator("#announce")).to_have_text("Transfer call: position 1 of 4")
    assert page.evaluate("window.moved") == [1, 0]
    assert page.evaluate("document.activeElement.hasAttribute('data-grip')")
    page.keyboard.press("ArrowUp")
    assert labels(page, ".action")[0] == "Transfer call"


def test_cards_are_dragged(browser_page: OpenPage) -> None:
    page = browser_page()
    grip = page.get_by_role("button", name="Move Send SMS, arrow keys")
    grip.scroll_into_view_if_needed()
    start, goal = grip.bounding_box(), page.locator("#action-3").bounding_box()
    assert start and goal
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, goal["y"] + 12, steps=8)
    page.mouse.up()
    assert labels(page, ".action")[2:] == ["Send SMS", "Create HubSpot ticket"]


def test_rows_are_removed_and_the_focus_stays_near(browser_page: OpenPage) -> None:
    page = browser_page()
    page.get_by_role("button", name="Remove destination").first.click()
    expect(page.locator(".rows > .row")).to_have_count(1)
    assert page.evaluate("document.activeElement.hasAttribute('data-remove')")


def test_a_pick_is_searched_and_made_in_place(browser_page: OpenPage) -> None:
    page = browser_page()
    box = page.get_by_role("combobox", name="Fallback")
    box.click()
    box.fill("ana")
    box.press("Enter")
    assert page.locator("#f-pick-value").input_value() == "person:12"
    box.fill("Night shift")
    page.get_by_role("option", name="New inbox “Night shift”").click()
    expect(box).to_have_value("Night shift")
    expect(page.locator("#f-pick-value")).to_have_value("new:1")
    box.fill("")
    box.press("Tab")
    assert page.locator("#f-pick-value").input_value() == ""


def test_several_picks_are_chips(browser_page: OpenPage, check_page: CheckPage) -> None:
    page = browser_page()
    page.get_by_role("button", name="Remove Missing: Winter 2019").click()
    box = page.get_by_role("combobox", name="Tags")
    box.fill("boi")
    check_page(page)
    box.press("Enter")
    picked = "s => [...s.selectedOptions].map(o => o.value)"
    assert page.eval_on_selector("#f-tags-value", picked) == ["tag:1", "tag:2", "tag:3"]
    box.press("Backspace")
    assert page.eval_on_selector("#f-tags-value", picked) == ["tag:1", "tag:2"]


def test_a_bracket_offers_variables(browser_page: OpenPage, check_page: CheckPage) -> None:
    page = browser_page()
    area = page.get_by_label("Message").nth(0)
    area.fill("")
    area.press_sequentially("Hi [last")
    check_page(page)
    area.press("Enter")
    expect(area).to_have_value("Hi [LastName]")
    page.get_by_role("button", name="[AgentName]").click()
    expect(area).to_have_value("Hi [LastName][AgentName]")


def test_keys_walk_open_and_rest_while_typing(browser_page: OpenPage) -> None:
    page = browser_page()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#action-2")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#action-1")).to_be_focused()
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Search conversations")
    expect(search).to_be_focused()
    page.keyboard.type("a?")
    expect(search).to_have_value("a?")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_the_help_lists_the_keys_of_the_page(browser_page: OpenPage, check_page: CheckPage) -> None:
    page = browser_page()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Next and previous card")
    expect(keys).to_contain_text("Ctrl+S")
    check_page(page)


def test_the_palette_is_searched(browser_page: OpenPage) -> None:
    page = browser_page()
    page.keyboard.press("a")
    search = page.get_by_role("combobox", name="Search actions")
    expect(search).to_be_focused()
    search.fill("colleague")
    expect(page.locator("[data-item]:visible")).to_have_count(1)
    search.fill("nothing like it")
    expect(page.get_by_text("No action matches. Try another word.")).to_be_visible()
    search.fill("sms")
    search.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_the_look_is_chosen_and_kept(browser_page: OpenPage) -> None:
    page = browser_page()
    page.locator(".side-foot summary").click()
    page.get_by_role("button", name="Dark").click()
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(17, 19, 20)"
    page.reload()
    assert page.evaluate(ground) == "rgb(17, 19, 20)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_right_pane_is_a_sheet_on_a_telephone(
    browser_page: OpenPage, check_page: CheckPage, scheme: str
) -> None:
    page = browser_page(scheme=scheme, width=390)
    pane = page.get_by_role("complementary", name="Try it")
    expect(pane).not_to_be_visible()
    page.get_by_role("button", name="Try it", exact=True).click()
    expect(pane).to_be_visible()
    expect(pane).to_have_css("transform", "none")
    check_page(page)
    page.keyboard.press("Escape")
    expect(pane).not_to_be_visible()
