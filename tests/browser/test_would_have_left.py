"""What would have left: folded, opened by a click, every field of it, and copied."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import expect

from agents.functions.forms import FunctionForm
from agents.functions.models import Function
from agents.functions.services import save_function
from agents.panels.models import Agent
from tests.browser.conftest import CheckPage, OpenPage
from tests.catalog.showcase import FUNCTION
from tests.conversations.drafts import add, add_sms
from tests.conversations.factories import make_agent, make_contact

pytestmark = [
    pytest.mark.urls("tests.browser.urls_tryit"),
    pytest.mark.django_db(transaction=True),
]
LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]


@pytest.fixture
def session(client_for: Callable[[str], Client]) -> str:
    return client_for("builder").cookies["sessionid"].value


@pytest.fixture
def agent(transactional_db: None) -> Agent:
    """Calls a function and writes the price list."""
    make_contact()
    made = make_agent("Web chat", "text")
    save_function(form=FunctionForm.model_validate(FUNCTION))
    config = {"function": f"function:{Function.objects.get().pk}"}
    add(made, "custom_function", when="the contact says “add points”", config=config)
    add_sms(made)
    return made


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_everything_that_would_have_left(
    browser_page: OpenPage, session: str, agent: Agent, check_page: CheckPage, scheme: str,
    width: int,
) -> None:  # fmt: skip
    page = browser_page(f"/pane/{agent.uuid}/", session=session, scheme=scheme, width=width)
    if width < 760:
        page.get_by_role("button", name="Try it", exact=True).click()
    page.locator("#tryit-text").fill("Add points, 5 please, and what is the price?")
    page.keyboard.press("Enter")
    request = page.locator("[data-outbox] li").filter(
        has_text="POST https://api.example.com/points"
    )
    message = page.locator("[data-outbox] li").filter(has_text="SMS to")
    expect(message).to_have_count(1)
    expect(request.locator("dl")).to_be_hidden()
    request.locator("summary").click()
    expect(request.locator("dl")).to_contain_text('"points": 5')
    expect(request.locator("dl")).to_contain_text('"total": 120')
    expect(request.locator("dl")).to_contain_text("total: 120")
    message.locator("summary").click()
    expect(message.locator("dl")).to_contain_text("Hi Maria, here is our price list.")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    message.get_by_role("button", name="Copy").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "Text: Hi Maria, here is our price list.\nSegments: 1, GSM-7" in copied
    check_page(page)
