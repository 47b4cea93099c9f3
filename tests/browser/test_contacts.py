"""The contact screens in a browser: every tab in every look, filing, lifting, notes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from agents.contacts import services
from agents.contacts.models import Contact, ContactDisposition, ContactList, Tag
from tests.conversations.factories import make_example

pytestmark = pytest.mark.django_db(transaction=True)
FITS = "(box => box.scrollWidth <= box.clientWidth)(document.querySelector('.table-box'))"
OpenPage = Callable[..., Page]
CheckPage = Callable[[Page], None]


@pytest.fixture
def session(client_for: Callable[[str], Client]) -> str:
    return client_for("support").cookies["sessionid"].value


@pytest.fixture
def maria() -> Contact:
    """A real contact with a call, a history, a block and an end of outreach."""
    example = make_example()
    contact, session = example.contact, example.conversation
    Contact.objects.filter(pk=contact.pk).update(sample=False)
    contact.refresh_from_db()
    ContactDisposition.objects.create(name="Qualified")
    ContactList.objects.create(name="New leads")
    Tag.objects.get_or_create(name="Urgent")
    services.set_property(contact=contact, key="email", value="old@lopez.com", actor="Sam")
    services.set_property(
        contact=contact, key="email", value="maria@lopez.com", conversation_id=session.pk
    )
    services.add_note(contact=contact, text="Wants a quote.", conversation_id=session.pk)
    services.disengage(contact=contact, agent_uuid=example.agent.uuid, reason="3 failed calls")
    services.set_dnc(
        contact=contact, source="words", words="stop calling", conversation_id=session.pk
    )
    return contact


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_readable_and_usable(
    browser_page: OpenPage,
    check_page: CheckPage,
    session: str,
    maria: Contact,
    scheme: str,
    width: int,
) -> None:
    page = browser_page("/", session=session, scheme=scheme, width=width)
    page.get_by_role("link", name="Contacts", exact=True).first.click()
    check_page(page)
    page.get_by_role("link", name="Maria Lopez").click()
    for tab in ("Timeline", "Properties", "DNC and outreach"):
        page.get_by_label("Contact", exact=True).get_by_role("link", name=tab).click()
        expect(page.locator(".tabs [aria-current]")).to_have_text(tab)
        for summary in page.locator("#content summary").all():
            summary.click()
        check_page(page)
    page.goto("/contacts/?show=samples")
    expect(page.get_by_role("heading", name="No samples")).to_be_visible()
    check_page(page)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_list_is_narrowed_at_once(
    browser_page: OpenPage, check_page: CheckPage, session: str, maria: Contact, width: int
) -> None:
    address = "a-very-long-address@a-very-long-domain.example.org"
    Contact.objects.create(values={"first_name": "Bo", "last_name": "Chen"}, email=address)
    page = browser_page("/contacts/", session=session, width=width)
    expect(page.locator("tbody tr")).to_have_count(2)
    if width == 390:
        page.get_by_role("button", name="Filters").click()
    page.get_by_label("Reach", exact=True).select_option("DNC")
    if width == 390:
        page.get_by_role("button", name="Show 1 contact").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.url.endswith("/contacts/?standing=dnc")
    page.get_by_role("searchbox").press_sequentially("chen")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Remove the filter Reach DNC").click()
    expect(page.get_by_role("link", name="Bo Chen")).to_be_visible()
    assert page.evaluate(FITS)
    check_page(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_dnc_is_lifted_with_a_typed_reason(
    browser_page: OpenPage,
    check_page: CheckPage,
    session: str,
    maria: Contact,
    scheme: str,
    width: int,
) -> None:
    page = browser_page(f"/contacts/{maria.pk}/", session=session, scheme=scheme, width=width)
    page.get_by_role("link", name="Lift DNC").click()
    dialog = page.get_by_role("dialog", name="Lift DNC")
    dialog.get_by_role("button", name="Lift DNC").click()
    expect(dialog).to_contain_text("Type a reason.")
    expect(dialog.get_by_label("Reason")).to_be_focused()
    check_page(page)
    dialog.get_by_label("Reason").fill("She asked in writing")
    dialog.get_by_role("button", name="Lift DNC").click()
    expect(page.get_by_role("region", name="Messages")).to_contain_text("DNC lifted")
    expect(page.get_by_text("Do not call, do not write.")).to_have_count(0)
    expect(page.locator("#timeline")).to_contain_text("She asked in writing")
    check_page(page)
    maria.refresh_from_db()
    assert not maria.blocked


def test_what_is_filed_stands_on_the_timeline_at_once(
    browser_page: OpenPage, check_page: CheckPage, session: str, maria: Contact
) -> None:
    page = browser_page(f"/contacts/{maria.pk}/", session=session)
    line = page.locator("#timeline")
    page.get_by_label("Disposition", exact=True).select_option("Qualified")
    expect(line).to_contain_text("Disposition Qualified")
    page.get_by_role("combobox", name="Tags").fill("Urg")
    page.keyboard.press("Enter")
    expect(line).to_contain_text("Tags: Urgent")
    page.get_by_role("combobox", name="Lists").fill("New")
    page.keyboard.press("Enter")
    expect(line).to_contain_text("Joined New leads")
    page.get_by_role("button", name="Remove Urgent").click()
    expect(line).to_contain_text("Tags removed: Urgent")
    check_page(page)
    maria.refresh_from_db()
    assert str(maria.disposition) == "Qualified"
    assert [str(row) for row in maria.lists.all()] == ["New leads"]
    assert not maria.tags.exists()


def test_a_note_is_added_and_the_timeline_is_narrowed(
    browser_page: OpenPage, check_page: CheckPage, session: str, maria: Contact
) -> None:
    page = browser_page(f"/contacts/{maria.pk}/", session=session)
    page.get_by_label("Note", exact=True).fill("Called back, wants Tuesday.")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("#timeline")).to_contain_text("Called back, wants Tuesday.")
    expect(page.get_by_label("Note", exact=True)).to_have_value("")
    page.get_by_role("link", name="Notes", exact=True).click()
    expect(page.locator(".timeline > li")).to_have_count(2)
    assert page.url.endswith("?kind=notes")
    check_page(page)


def test_what_is_known_is_a_sheet_where_there_is_little_room(
    browser_page: OpenPage, check_page: CheckPage, session: str, maria: Contact
) -> None:
    page = browser_page(f"/contacts/{maria.pk}/", session=session, width=390)
    expect(page.get_by_role("heading", name="Filed under")).to_be_hidden()
    page.get_by_role("button", name="About").click()
    expect(page.get_by_role("heading", name="Filed under")).to_be_visible()
    check_page(page)
    page.get_by_label("Disposition", exact=True).select_option("Qualified")
    expect(page.locator("#timeline")).to_contain_text("Disposition Qualified")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_consent_is_taken_down(
    browser_page: OpenPage,
    check_page: CheckPage,
    session: str,
    maria: Contact,
    scheme: str,
    width: int,
) -> None:
    here = f"/contacts/{maria.pk}/?tab=reach"
    page = browser_page(here, session=session, scheme=scheme, width=width)
    page.get_by_role("link", name="Record consent").click()
    dialog = page.get_by_role("dialog", name="Record consent")
    dialog.get_by_role("button", name="Record consent").last.click()
    expect(dialog).to_contain_text("Write down what the contact agreed to.")
    check_page(page)
    dialog.get_by_label("Wording").fill("You may call me about my heating.")
    dialog.get_by_role("button", name="Record consent").last.click()
    row = page.get_by_role("listitem").filter(has_text="Calls, service")
    expect(row).to_contain_text("in force")
    check_page(page)
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_label("Reason").fill("Wrote a letter")
    page.get_by_role("button", name="Withdraw consent").last.click()
    expect(page.locator("#content")).to_contain_text("Consent withdrawn: Calls, service")
    tabs = page.get_by_label("Contact", exact=True)
    tabs.get_by_role("link", name="DNC and outreach").click()
    expect(row.locator(".chip")).to_have_text("withdrawn")
