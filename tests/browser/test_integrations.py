"""The Integrations page in a browser: every state in every look, by keyboard, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from playwright.sync_api import Page, expect

from agents.panels.models import Agent
from integrations.models import Connection
from integrations.services import credentials_of, save_connection
from tests.fakes.llm import FakeLLM, call, fake_llm, say

__all__ = ["fake_llm"]

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
CheckPage = Callable[[Page], None]


@pytest.fixture
def session(client_for: Callable[[str], Client], settings: Any) -> str:
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    return client_for("admin").cookies["sessionid"].value


def connected(llm: FakeLLM, key: str = "") -> Connection:
    """The scripted server, connected."""
    return save_connection(
        vendor="model",
        name="Language model",
        settings={"base_url": llm.url, "chat": "fake-large", "fallback": "fake-small"},
        credentials={"api_key": key or llm.api_key},
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_state_is_readable_and_usable(
    browser_page: OpenPage,
    check_page: CheckPage,
    session: str,
    fake_llm: FakeLLM,
    scheme: str,
    width: int,
) -> None:
    fake_llm.script = [say("Hello."), call("note", {"text": "milk"})]
    Agent.objects.create(name="Front desk", kind="voice")
    page = browser_page("/integrations/", session=session, scheme=scheme, width=width)
    expect(page.get_by_text("Practice mode stands in")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Connect").click()
    page.get_by_text("Time limit and server").click()
    check_page(page)
    page.get_by_label("Base URL").fill("garbage")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved.")
    check_page(page)
    connected(fake_llm)
    page.reload()
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text("fake-large answers.")).to_be_visible()
    check_page(page)
    fake_llm.api_key = "another"
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_page(page)


def test_connect_by_keyboard_and_lose_nothing(
    browser_page: OpenPage, check_page: CheckPage, session: str, fake_llm: FakeLLM
) -> None:
    fake_llm.script = [say("Hello."), call("note", {"text": "milk"})]
    page = browser_page("/integrations/", session=session)
    page.get_by_role("link", name="Connect").press("Enter")
    expect(page.get_by_label("Base URL")).to_be_focused()
    page.keyboard.type(fake_llm.url)
    page.keyboard.press("Tab")
    page.keyboard.type(fake_llm.api_key)
    page.keyboard.press("Enter")
    chat = page.get_by_label("Model for talking")
    expect(chat).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Model for talking: Fill this in.")
    expect(page.get_by_label("Base URL")).to_have_value(fake_llm.url)
    expect(page.get_by_label("API key")).to_have_value(fake_llm.api_key)
    chat.fill("fake-large")
    chat.press("Control+s")
    expect(page.get_by_text("fake-large answers.")).to_be_visible()
    expect(page.locator("#model .chip.ok").first).to_have_text("works")
    expect(page.get_by_role("button", name="Check now")).to_be_focused()
    assert credentials_of(Connection.objects.get()) == {"api_key": fake_llm.api_key}
    check_page(page)


def test_a_check_shows_that_it_runs(
    browser_page: OpenPage, session: str, fake_llm: FakeLLM
) -> None:
    fake_llm.script = [say("Hello.").after(1500)]
    connected(fake_llm)
    page = browser_page("/integrations/", session=session)
    button = page.get_by_role("button", name="Check now")
    button.press("Enter")
    expect(page.locator("#model-checking")).to_be_visible()
    expect(button).to_be_disabled()
    expect(page.get_by_text("fake-large answers.")).to_be_visible()
    expect(page.locator("#model-checking")).to_be_hidden()


def test_disconnecting_asks_first(
    browser_page: OpenPage, check_page: CheckPage, session: str, fake_llm: FakeLLM
) -> None:
    connected(fake_llm)
    page = browser_page("/integrations/", session=session)
    page.get_by_role("button", name="Disconnect").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Its key is deleted")
    check_page(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert Connection.objects.exists()
    page.get_by_role("button", name="Disconnect").click()
    dialog.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("Practice mode stands in")).to_be_visible()
    expect(page.get_by_role("link", name="Connect")).to_be_focused()
    assert not Connection.objects.exists()


def test_a_wrong_credential_key_is_said(
    browser_page: OpenPage, check_page: CheckPage, session: str, fake_llm: FakeLLM, settings: Any
) -> None:
    connected(fake_llm)
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    page = browser_page("/integrations/", session=session)
    expect(page.get_by_role("alert")).to_contain_text("CREDENTIAL_KEY")
    check_page(page)
