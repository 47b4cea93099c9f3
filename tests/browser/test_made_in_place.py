"""What an action needs is made and changed from its form, completely, without leaving the card."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from agents.core.services import ensure_user
from agents.functions.models import Function
from agents.panels import services
from agents.panels.models import Action, Agent
from agents.routing.forms import PersonForm
from agents.routing.models import ExternalNumber, Inbox, Person, RingGroup
from agents.routing.services import save_person
from tests.browser.conftest import CheckPage, OpenPage, session_of

LOOKS = [("light", 1440), ("dark", 390)]


@pytest.fixture
def session(transactional_db: None) -> str:
    """An admin who is signed in."""
    call_command("basics")
    return session_of(ensure_user(email="dana@example.com", role="admin"))


@pytest.fixture
def agent(session: str) -> Agent:
    return services.create_agent(name="Front desk", kind="voice")


def opened(browser_page: OpenPage, session: str, action: Action, look: tuple[str, int]) -> Page:
    """The page with this card open."""
    scheme, width = look
    where = f"/agents/{action.panel.agent.uuid}/?open={action.uid}"
    return browser_page(where, session=session, scheme=scheme, width=width)


def box(where: Page | Locator, name: str) -> Locator:
    return where.get_by_role("combobox", name=name, exact=True)


def new(page: Page, pick: Locator, word: str, typed: str = "") -> Locator:
    """Ask a pick for a new one; the dialog with its form."""
    pick.click()
    if typed:
        pick.fill(typed)
    page.get_by_role("option", name=f"New {word}", exact=False).click()
    dialog = page.get_by_role("dialog", name=f"New {word}")
    expect(dialog).to_be_visible()
    return dialog


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_ring_group_with_a_person_made_inside(
    browser_page: OpenPage, check_page: CheckPage, session: str, agent: Agent, look: tuple[str, int]
) -> None:
    save_person(form=PersonForm(name="Ben Cole", phone="+14155550102"))
    action = services.add_action(panel=agent.panel, slug="transfer_call")
    page = opened(browser_page, session, action, look)
    destination = box(page, "Destination")
    group = new(page, destination, "ring group", "Sales")
    expect(group.get_by_label("Name")).to_have_value("Sales")
    group.get_by_text("In turn", exact=True).click()
    person = new(page, box(group, "Person"), "person", "Ana Ruiz")
    expect(person.get_by_label("Name")).to_have_value("Ana Ruiz")
    check_page(page)
    person.get_by_label("Phone").fill("415 555 0101")
    person.get_by_label("Extension").fill("204")
    person.get_by_role("button", name="Add person").last.click()
    expect(person).to_be_hidden()
    expect(box(group, "Person")).to_have_value("Ana Ruiz")
    expect(box(group, "Person")).to_be_focused()
    group.get_by_role("button", name="member", exact=True).click()
    second = box(group, "Person").nth(1)
    second.click()
    page.get_by_role("option", name="Ben Cole").click()
    check_page(page)
    group.get_by_role("button", name="Add ring group").last.click()
    expect(group).to_be_hidden()
    expect(destination).to_have_value("Sales")
    expect(destination).to_be_focused()
    made = RingGroup.objects.get()
    assert made.order == "in_turn"
    assert [place.person.name for place in made.places.all()] == ["Ana Ruiz", "Ben Cole"]
    assert Person.objects.get(name="Ana Ruiz").phone == "+14155550101"


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_an_external_number_and_an_inbox(
    browser_page: OpenPage, check_page: CheckPage, session: str, agent: Agent, look: tuple[str, int]
) -> None:
    save_person(form=PersonForm(name="Ben Cole", phone="+14155550102"))
    action = services.add_action(panel=agent.panel, slug="transfer_call")
    page = opened(browser_page, session, action, look)
    destination = box(page, "Destination")
    number = new(page, destination, "external number", "555")
    number.get_by_label("Name").fill("Night service")
    number.get_by_label("Number").fill("12")
    number.get_by_role("button", name="Add external number").last.click()
    expect(number).to_contain_text("“12” is not a telephone number.")
    check_page(page)
    number.get_by_label("Number").fill("(415) 555-0199")
    page.keyboard.press("Control+s")
    expect(destination).to_have_value("Night service")
    assert ExternalNumber.objects.get().number == "+14155550199"
    page.get_by_text("an inbox", exact=True).click()
    inbox = new(page, box(page, "Inbox"), "inbox", "Front office")
    box(inbox, "Members").click()
    page.get_by_role("option", name="Ben Cole").click()
    page.keyboard.press("Control+s")
    expect(box(page, "Inbox")).to_have_value("Front office")
    assert [one.name for one in Inbox.objects.get(name="Front office").members.all()] == [
        "Ben Cole"
    ]


def test_what_is_picked_is_changed_in_place(
    browser_page: OpenPage, check_page: CheckPage, session: str, agent: Agent
) -> None:
    ana = save_person(form=PersonForm(name="Ana Ruiz", email="ana@example.com"))
    action = services.add_action(panel=agent.panel, slug="transfer_call")
    page = opened(browser_page, session, action, ("light", 1440))
    destination = box(page, "Destination")
    destination.click()
    page.get_by_role("option", name="Ana Ruiz").click()
    page.get_by_role("button", name="Edit Ana Ruiz").click()
    dialog = page.get_by_role("dialog", name="Ana Ruiz")
    dialog.get_by_label("Phone").fill("+14155550101")
    dialog.get_by_label("Name").fill("Ana Diaz")
    check_page(page)
    dialog.get_by_role("button", name="Save").last.click()
    expect(destination).to_have_value("Ana Diaz")
    expect(destination).to_be_focused()
    ana.refresh_from_db()
    assert ana.phone == "+14155550101"


def test_leaving_a_form_that_holds_something_asks(
    browser_page: OpenPage, check_page: CheckPage, session: str, agent: Agent
) -> None:
    action = services.add_action(panel=agent.panel, slug="transfer_call")
    page = opened(browser_page, session, action, ("light", 1440))
    group = new(page, box(page, "Destination"), "ring group", "Sales")
    page.keyboard.press("Escape")
    expect(group).to_be_hidden()
    group = new(page, box(page, "Destination"), "ring group", "Sales")
    person = new(page, box(group, "Person"), "person", "Ana")
    person.get_by_role("textbox", name="E-mail").fill("ana@example.com")
    question = page.get_by_text("Discard what you entered?")
    for _ in range(3):  # however often it is pressed
        page.keyboard.press("Escape")
        expect(question).to_be_visible()
        page.keyboard.press("Escape")
        expect(question).to_be_hidden()
    expect(person.get_by_role("textbox", name="E-mail")).to_have_value("ana@example.com")
    person.get_by_role("button", name="Close").click()
    check_page(page)
    page.get_by_role("button", name="Discard").click()
    expect(person).to_be_hidden()
    expect(group.get_by_label("Name")).to_have_value("Sales")
    assert not Person.objects.exists()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_function_is_made_and_tried(
    browser_page: OpenPage, check_page: CheckPage, session: str, agent: Agent, look: tuple[str, int]
) -> None:
    action = services.add_action(panel=agent.panel, slug="custom_function")
    page = opened(browser_page, session, action, look)
    dialog = new(page, box(page, "Function"), "function", "Loyalty points")
    for hidden in ("User", "Header", "Secret"):
        expect(dialog.get_by_label(hidden, exact=True)).to_be_hidden()
    dialog.get_by_label("Authentication").select_option("basic")
    expect(dialog.get_by_label("User", exact=True)).to_be_visible()
    expect(dialog.get_by_label("Secret", exact=True)).to_be_visible()
    dialog.get_by_label("User", exact=True).fill("shop")
    dialog.get_by_label("Authentication").select_option("header")
    expect(dialog.get_by_label("User", exact=True)).to_be_hidden()
    expect(dialog.get_by_label("Header", exact=True)).to_have_value("X-Api-Key")
    dialog.get_by_label("Authentication").select_option("basic")
    expect(dialog.get_by_label("User", exact=True)).to_have_value("shop")
    dialog.get_by_label("Authentication").select_option("none")
    dialog.get_by_label("Address").fill("http://127.0.0.1/points")
    dialog.get_by_role("button", name="Send test request").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Address").fill("https://1.1.1.1/points")
    check_page(page)
    dialog.get_by_role("button", name="Add function").last.click()
    expect(box(page, "Function")).to_have_value("Loyalty points")
    assert Function.objects.get().url == "https://1.1.1.1/points"


def test_an_empty_group_is_said_mended_in_place_and_forgotten(
    browser_page: OpenPage, check_page: CheckPage, session: str, agent: Agent
) -> None:
    save_person(form=PersonForm(name="Ben Cole", phone="+14155550102"))
    group = RingGroup.objects.create(name="Sales")
    config = {"destinations": [{"id": "a", "ref": f"ring_group:{group.pk}"}]}
    actions = [services.add_action(panel=agent.panel, slug="transfer_call") for _ in range(2)]
    for n, action in enumerate(actions):
        draft = services.ActionDraft(config=config, when=f"the caller says “{n}”")
        services.save_action(action=action, draft=draft)
    page = opened(browser_page, session, actions[0], ("light", 1440))
    cards = page.locator("li.action")
    for n in range(2):
        expect(cards.nth(n).locator(".action-figures")).to_contain_text("1 to correct")
    notice = cards.nth(0).locator(".notice.bad")
    expect(notice).to_contain_text("“Sales” has no members.")
    check_page(page)
    notice.get_by_role("button", name="Edit Sales").click()
    dialog = page.get_by_role("dialog", name="Sales")
    box(dialog, "Person").click()
    page.get_by_role("option", name="Ben Cole").click()
    dialog.get_by_role("button", name="Save").last.click()
    expect(notice).to_have_count(0)
    for n in range(2):
        expect(cards.nth(n).locator(".action-figures")).not_to_contain_text("to correct")
    check_page(page)


def test_fields_that_do_not_apply_are_not_shown(
    browser_page: OpenPage, check_page: CheckPage, session: str
) -> None:
    agent = services.create_agent(name="Texts", kind="text")
    action = services.add_action(panel=agent.panel, slug="sms_sequence")
    page = opened(browser_page, session, action, ("light", 1440))
    card = page.locator("li.action.open")
    expected = card.get_by_label("Expected response")
    lasting = card.get_by_label("Ask again with")
    expect(lasting).to_be_hidden()
    expected.fill("a valid e-mail")
    expect(lasting).to_be_visible()
    lasting.fill("That does not look like an e-mail address.")
    expected.fill("")
    expect(lasting).to_be_hidden()
    expected.fill("a valid e-mail")
    expect(lasting).to_have_value("That does not look like an e-mail address.")
    check_page(page)
