"""The library: four groups at the side, a menu where there is little room, one search over all."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from agents.core.services import ensure_user
from agents.routing.forms import PersonForm
from agents.routing.services import save_person
from agents.routing.views.shelves import SHELVES
from tests.browser.conftest import CheckPage, OpenPage, session_of

LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]
GROUPS = ["People and routing", "Contacts and outcomes", "Automation", "Testing"]


@pytest.fixture
def session(transactional_db: None) -> str:
    """A builder who is signed in, and two colleagues."""
    call_command("basics")
    save_person(form=PersonForm(name="Ana Ruiz", phone="+14155550101", extension="204"))
    save_person(form=PersonForm(name="Ben Cole", email="ben@example.com"))
    return session_of(ensure_user(email="dana@example.com", role="builder"))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_part_is_reached_from_four_groups(
    browser_page: OpenPage, check_page: CheckPage, session: str, look: tuple[str, int]
) -> None:
    scheme, width = look
    page = browser_page("/library/", session=session, scheme=scheme, width=width)
    check_page(page)
    if width < 760:
        menu = page.locator(".library-menu")
        menu.locator("summary").click()
        expect(menu.locator(".menu-label")).to_have_text(GROUPS)
        check_page(page)
    else:
        menu = page.get_by_role("navigation", name="Library")
        expect(menu.get_by_role("heading")).to_have_text(GROUPS)
    expect(menu.get_by_role("link")).to_have_count(len(SHELVES))
    people = menu.get_by_role("link", name="People")
    expect(people).to_have_attribute("aria-current", "page")
    expect(people).to_contain_text("2")
    menu.get_by_role("link", name="Functions").click()
    expect(page.locator("#shelf").get_by_role("heading").first).to_have_text("Functions")
    check_page(page)


@pytest.mark.parametrize("look", LOOKS[::3], ids=str)
def test_a_name_leads_to_what_has_it(
    browser_page: OpenPage, check_page: CheckPage, session: str, look: tuple[str, int]
) -> None:
    scheme, width = look
    page = browser_page("/library/tags/", session=session, scheme=scheme, width=width)
    page.keyboard.press("/")
    page.keyboard.type("ruiz")
    expect(page.locator("#shelf .list b")).to_have_text(["Ana Ruiz"])
    expect(page.locator("#shelf h2")).to_have_text(["People"])
    check_page(page)
    page.get_by_role("button", name="Edit Ana Ruiz").click()
    dialog = page.get_by_role("dialog", name="Ana Ruiz")
    expect(dialog.get_by_label("Extension")).to_have_value("204")
    check_page(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("searchbox").fill("zebra")
    expect(page.locator("#shelf")).to_contain_text("Nothing in the library contains “zebra”.")
