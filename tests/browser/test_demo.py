"""The first hour in a browser: welcome, the demo business, a conversation read, its removal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, expect

from agents.core.writer import writer
from agents.demo import making, services, tasks
from agents.demo.models import Demo
from agents.panels.models import Agent
from agents.routing.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
CheckPage = Callable[[Page], None]
LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]


@pytest.fixture
def session(client_for: Callable[[str], Client]) -> str:
    call_command("basics")
    return client_for("admin").cookies["sessionid"].value


class BackgroundTasks:
    """A worker that begins when it is told to, and does what was asked for until then."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.threads: list[threading.Thread] = []

    def ask(self, task: str) -> None:
        """Into the queue."""
        self.asked.append(task)

    def work(self) -> None:
        """Do everything that was asked for, beside the test."""
        for _ in range(len(self.asked)):
            self.asked.pop()
            thread = threading.Thread(target=_one)
            thread.start()
            self.threads.append(thread)


def _one() -> None:
    tasks.make()
    connections.close_all()


@pytest.fixture
def background(monkeypatch: pytest.MonkeyPatch) -> Iterator[BackgroundTasks]:
    """The background tasks, and a shorter week."""
    made = BackgroundTasks()
    monkeypatch.setattr(services, "async_task", made.ask)
    monkeypatch.setattr(making, "WEEK", making.WEEK[::5])
    monkeypatch.setattr(making, "TRIED", making.TRIED[:1])
    yield made
    for thread in made.threads:
        thread.join()
    writer.flush()


def test_from_the_welcome_to_a_conversation_and_back(
    browser_page: OpenPage, check_page: CheckPage, session: str, background: BackgroundTasks
) -> None:
    page = browser_page("/", session=session)
    page.wait_for_url("**/welcome/")
    check_page(page)
    page.get_by_role("button", name="Start with the demo business").click()
    expect(page.get_by_role("heading", name="Making the demo business")).to_be_visible()
    check_page(page)
    page.goto("/library/")  # it goes on while one looks at something else
    page.goto("/")
    expect(page.get_by_role("heading", name="Making the demo business")).to_be_visible()
    background.work()
    page.wait_for_url("**/home/", timeout=60_000)
    expect(page.locator(".demo-notice")).to_contain_text("Nothing of it ever leaves")
    check_page(page)
    _read_a_conversation(page)
    check_page(page)
    page.goto("/home/")
    page.get_by_role("button", name="Remove…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Nothing of your own uses it")
    check_page(page)
    dialog.get_by_role("button", name="Remove the demo business").click()
    page.wait_for_url("**/welcome/")
    expect(page.locator("#toasts")).to_contain_text("The demo business is removed.")
    assert not Agent.objects.exists() and not Demo.objects.exists()


def _read_a_conversation(page: Page) -> None:
    """One with decisions, marked as a part of the demo business."""
    page.goto("/conversations/")
    rows = page.locator("tbody tr").filter(has_text="Front desk").filter(has_text="done")
    expect(rows.first.locator(".demo-chip")).to_be_visible()
    rows.first.get_by_role("link").first.click()
    expect(page.locator(".head .demo-chip")).to_be_visible()
    expect(page.locator("#content")).to_contain_text("did not fire")
    page.get_by_role("link", name="Decisions").click()
    expect(page.locator("#content")).to_contain_text("Update contact property")


def test_start_empty_leads_to_a_new_agent(
    browser_page: OpenPage, check_page: CheckPage, session: str
) -> None:
    page = browser_page("/", session=session)
    page.get_by_role("link", name="Start empty").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="New agent")).to_be_visible()
    dialog.get_by_label("Name", exact=True).fill("Own desk")
    page.keyboard.press("Enter")
    page.wait_for_url("**/agents/*/")
    page.goto("/")
    page.wait_for_url("**/home/")
    expect(page.locator(".demo-notice")).to_have_count(0)


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_every_page_of_it_is_readable_and_usable(
    browser_page: OpenPage, check_page: CheckPage, session: str, background: BackgroundTasks,
    scheme: str, width: int,
) -> None:  # fmt: skip
    page = browser_page("/welcome/", session=session, scheme=scheme, width=width)
    check_page(page)
    Demo.objects.create(pk=1, state=Demo.State.FAILED, doing=making.FAILED)
    page.goto("/welcome/")
    expect(page.get_by_role("button", name="Start over")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Start over").click()
    background.work()
    page.wait_for_url("**/home/", timeout=60_000)
    own = Agent.objects.create(name="Own", kind="voice", settings={
        "fallback_ref": f"person:{Person.objects.get(name='Ben Carver').pk}"})  # fmt: skip
    own.panel = making.staff.InstructionPanel.objects.create(agent=own)
    page.reload()
    page.get_by_role("button", name="Remove…").click()
    expect(page.get_by_role("dialog")).to_contain_text("Ben Carver")
    check_page(page)
    for path in ("/agents/", "/contacts/", "/conversations/"):
        page.goto(path)
        expect(page.locator(".demo-chip").first).to_be_visible()
        check_page(page)
