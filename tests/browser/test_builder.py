"""The builder in a browser: by mouse and by keyboard, light and dark, wide and narrow."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from agents.contacts.models import Tag
from agents.core.services import ensure_user
from agents.panels import services
from agents.panels.models import Action, Agent
from agents.routing.forms import PersonForm
from agents.routing.services import save_person
from tests.browser.conftest import CheckPage, OpenPage, session_of


@pytest.fixture
def session(transactional_db: None) -> str:
    """A builder who is signed in."""
    call_command("basics")
    return session_of(ensure_user(email="dana@example.com", role="builder"))


@pytest.fixture
def agent(session: str) -> Agent:
    """An agent with every type that fits it, one card complete."""
    made = services.create_agent(name="Front desk", kind="voice", starter="front-desk")
    services.add_action(panel=made.panel, slug="send_sms")
    return made


@pytest.fixture
def panel(browser_page: OpenPage, session: str, agent: Agent) -> Page:
    """The Instructions page."""
    return browser_page(f"/agents/{agent.uuid}/", session=session)


LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_sound(
    browser_page: OpenPage, check_page: CheckPage, session: str, agent: Agent, look: tuple[str, int]
) -> None:
    scheme, width = look
    here = f"/agents/{agent.uuid}/"
    page = browser_page("/agents/", session=session, scheme=scheme, width=width)
    check_page(page)
    opened = [f"{here}?open={row.uid}" for row in agent.panel.actions.all()]
    rest = ["settings/", "versions/", "publish/"]
    library = ["/library/", "/library/properties/", "/library/ring-groups/new/", "/agents/new/"]
    for path in [*opened, *(here + name for name in rest), *library]:
        page.goto(path)
        check_page(page)


def test_an_action_by_keyboard_alone(panel: Page, agent: Agent, check_page: CheckPage) -> None:
    panel.keyboard.press("a")
    panel.keyboard.type("dnc")
    panel.keyboard.press("Enter")
    card = panel.locator("li.action.open")
    expect(card).to_contain_text("Set contact as DNC")
    expect(card.get_by_label("When", exact=True)).to_be_focused()
    panel.keyboard.type("the caller says “never call again”")
    expect(card.locator(".understood")).to_contain_text("Practice mode looks for")
    panel.keyboard.press("Control+s")
    expect(card.locator(".sentence")).to_contain_text("never call again")
    check_page(panel)
    assert (
        Action.objects.filter(type="set_dnc").latest("pk").when
        == "the caller says “never call again”"
    )


def test_rows_picks_and_making_in_place(panel: Page, agent: Agent, check_page: CheckPage) -> None:
    save_person(form=PersonForm(name="Cleo Ode", phone="+14155550101"))
    panel.locator("#actions").get_by_role("button", name="Transfer call", exact=True).click()
    card = panel.locator("li.action.open")
    card.get_by_role("button", name="destination", exact=True).click()
    picks = card.get_by_role("combobox", name="Destination", exact=True)
    expect(picks).to_have_count(2)
    picks.nth(1).fill("Cleo")
    panel.keyboard.press("Enter")
    expect(picks.nth(1)).to_have_value("Cleo Ode")
    card.get_by_role("button", name="Move destination 2 up").click()
    expect(card.locator(".sentence")).to_contain_text("Cleo Ode, then Ana Ruiz (example)")
    check_page(panel)


def test_a_tag_made_in_place(browser_page: OpenPage, session: str, check_page: CheckPage) -> None:
    text = services.create_agent(name="Text", kind="text")
    tag = services.add_action(panel=text.panel, slug="communication_tag")
    page = browser_page(f"/agents/{text.uuid}/?open={tag.uid}", session=session)
    pick = page.get_by_role("combobox", name="Tag", exact=True)
    pick.fill("Winter")
    page.get_by_role("option", name="New tag “Winter”").click()
    expect(pick).to_have_value("Winter")
    expect(page.locator("li.action .sentence")).to_contain_text("Winter")
    check_page(page)
    assert Tag.objects.filter(name="Winter").exists()


def test_a_person_made_in_place(panel: Page, check_page: CheckPage) -> None:
    panel.locator("#actions").get_by_role("button", name="Transfer call", exact=True).click()
    pick = panel.get_by_role("combobox", name="Destination", exact=True).first
    pick.fill("Ben Ode")
    panel.get_by_role("option", name="New person “Ben Ode”").click()
    dialog = panel.locator("#dialog")
    expect(dialog.get_by_label("Name")).to_have_value("Ben Ode")
    check_page(panel)
    dialog.get_by_role("button", name="Add person").last.click()
    expect(dialog).to_contain_text("Enter a phone number or an e-mail address.")
    dialog.get_by_label("Phone").fill("415 555 0102")
    dialog.get_by_role("button", name="Add person").last.click()
    expect(dialog).not_to_be_visible()
    expect(pick).to_have_value("Ben Ode")


def test_errors_keep_what_was_typed(panel: Page, check_page: CheckPage) -> None:
    panel.locator("#actions").get_by_role("button", name="Send SMS", exact=True).click()
    card = panel.locator("li.action.open")
    message = card.get_by_label("Message", exact=True)
    message.fill("Hi [FirstNme]")
    expect(card.locator(".template-preview")).to_contain_text("did you mean FirstName?")
    expect(card).to_contain_text("Not saved: 1 to correct")
    expect(message).to_have_value("Hi [FirstNme]")
    expect(message).to_have_attribute("aria-invalid", "true")
    message.fill("Hi [FirstName|there]")
    expect(card.locator(".preview")).to_have_text("Hi Maria")
    expect(card).not_to_contain_text("Not saved: 1")
    expect(message).not_to_have_attribute("aria-invalid", "true")
    check_page(panel)


def test_a_property_by_bracket(panel: Page, check_page: CheckPage) -> None:
    panel.locator("#actions").get_by_role("button", name="Send SMS", exact=True).click()
    card = panel.locator("li.action.open")
    message = card.get_by_label("Message", exact=True)
    message.fill("")
    message.press_sequentially("Your account [account n")
    expect(panel.get_by_role("option", name="[Account number]")).to_be_visible()
    check_page(panel)
    message.press("Enter")
    expect(message).to_have_value("Your account [Account number]")
    expect(card.locator(".preview")).to_contain_text("Your account ")
    expect(card.locator(".template-preview")).not_to_contain_text("Unknown")
    expect(panel.locator("#actions")).to_contain_text("Your account [Account number]")


def test_order_disable_delete_undo(panel: Page, agent: Agent, check_page: CheckPage) -> None:
    names = panel.locator("#actions .action-name")
    first = names.first.inner_text()
    panel.locator("#actions [data-grip]").first.focus()
    with panel.expect_response("**/order/"):
        panel.keyboard.press("ArrowDown")
    expect(names.nth(1)).to_have_text(first)
    expect(panel.locator("#announce")).to_contain_text("position 2")
    assert agent.panel.actions.all()[1].type == "update_contact_property"
    second = panel.locator("li.action").nth(1)
    second.focus()
    panel.keyboard.press("d")
    expect(second).to_contain_text("disabled")
    second.get_by_label(f"More for {first}").click()
    second.get_by_role("button", name="Delete").click()
    expect(names).not_to_contain_text([first])
    panel.get_by_role("button", name="Undo", exact=True).click()
    expect(names.nth(1)).to_have_text(first)
    check_page(panel)


def test_instructions_save_themselves(panel: Page, agent: Agent, check_page: CheckPage) -> None:
    with panel.expect_response("**/instructions/"):
        panel.get_by_label("Instructions", exact=True).fill("Be <b>brief</b>.")
    expect(panel.locator("#state")).to_contain_text("Saved")
    panel.reload()
    expect(panel.get_by_label("Instructions", exact=True)).to_have_value("Be <b>brief</b>.")
    check_page(panel)


def test_publish(panel: Page, agent: Agent, check_page: CheckPage) -> None:
    services.delete_action(action=agent.panel.actions.get(type="send_sms"))
    panel.get_by_role("button", name="Publish…").click()
    dialog = panel.locator("#dialog")
    expect(dialog).to_contain_text("Publish version 1")
    check_page(panel)
    dialog.get_by_role("textbox", name="Note").fill("The first")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(panel.locator("header")).to_contain_text("live: version 1")
    expect(panel.locator("#toasts")).to_contain_text("Version 1 is live")
