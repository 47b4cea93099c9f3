"""Whoever cannot be rung does not answer in a test call: it says why, and the agent goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import expect

from agents.routing.models import Person
from tests.browser.conftest import CheckPage, OpenPage
from tests.browser.test_ringing import call
from tests.conversations.factories import make_contact
from tests.tryit.test_unreached import agent_for, empty_group

pytestmark = [
    pytest.mark.urls("tests.browser.urls_tryit"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def session(client_for: Callable[[str], Client]) -> str:
    make_contact()
    return client_for("builder").cookies["sessionid"].value


@pytest.mark.parametrize("look", [("light", 1440), ("dark", 390)], ids=str)
def test_an_empty_group_is_not_rung(
    browser_page: OpenPage, session: str, check_page: CheckPage, look: tuple[str, int]
) -> None:
    scheme, width = look
    agent = agent_for(empty_group())
    page = browser_page(f"/pane/{agent.uuid}/", session=session, scheme=scheme, width=width)
    call(page, width)
    expect(page.locator(".decisions").first).to_contain_text(
        "Empty: not rung. “Empty” has no members."
    )
    expect(page.get_by_text("Nobody is free.").last).to_be_visible()
    check_page(page)


def test_the_next_one_is_rung(browser_page: OpenPage, session: str, check_page: CheckPage) -> None:
    silent = Person.objects.create(name="Ana Ruiz", email="ana@example.com")
    cleo = Person.objects.create(name="Cleo Ode", phone="+14155550103")
    agent = agent_for(f"person:{silent.pk}", f"person:{cleo.pk}")
    page = browser_page(f"/pane/{agent.uuid}/", session=session)
    call(page)
    line = page.locator(".transfer-line")
    expect(line).to_contain_text("Ana Ruiz has no phone number.")
    page.get_by_role("button", name="Cleo Ode answers").click()
    expect(page.locator("[data-state-words]")).to_have_text("Transferred to Cleo Ode")
    expect(page.locator(".decisions").first).to_contain_text(
        "Ana Ruiz: not rung. Ana Ruiz has no phone number."
    )
    check_page(page)
