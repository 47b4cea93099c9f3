"""By keyboard alone: an agent with every action type, each filled in, then every line of Validate.

The types come from the registry, what is filled in comes from what the forms ask for, and what is
done in Try it comes from the hints: a new type is built and tried here without a word about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, Request, expect

from actions import registry
from actions.base import ActionType, Moment
from agents.core.services import ensure_user
from agents.panels import services
from agents.panels.models import Agent
from tests.browser.conftest import CheckPage, OpenPage, session_of
from tests.catalog import showcase

TABS = 400  # as many stops as a page may have between two controls
ANSWERS = "Extension 204. My name is Zoe Adler, zoe@adler.example, 415 555 0199"
# The ids of the fields that are asked for and empty; ids stay while a form is drawn anew.
ASKED = """(card, fields) => [...card.querySelectorAll(".error")]
  .filter((error) => error.checkVisibility())
  .flatMap((error) => [...error.parentElement.querySelectorAll(fields)])
  .filter((field) => field.checkVisibility() && !field.value).map((field) => field.id)"""
EMPTY = "input[role=combobox], textarea, input[type=text], input:not([type])"


class Keys:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.press, self.type = page.keyboard.press, page.keyboard.type

    def reach(self, target: Locator, key: str = "Tab") -> None:
        """Go on from stop to stop until this one has the focus."""
        element = target.element_handle()
        for _ in range(TABS):
            if self.page.evaluate("one => one === document.activeElement", element):
                return
            self.press(key)
        raise AssertionError(f"Not reached by {key}: {target}")

    def back(self, target: Locator) -> None:
        """The same, backwards."""
        self.reach(target, "Shift+Tab")


# --- building ----------------------------------------------------------------------------------


def words_of(kind: ActionType) -> str:
    """What is said to make this type fire."""
    return kind.label.lower()


def add(keys: Keys, kind: ActionType) -> None:
    """Find the type in the palette, say when, fill in what its form asks for, save."""
    page = keys.page
    keys.press("a")
    expect(page.get_by_role("combobox", name="Search actions")).to_be_focused()
    keys.type(kind.label)
    keys.press("Enter")
    card = page.locator("li.action.open")
    expect(card.locator(".action-name")).to_have_text(kind.label)
    if kind.first_moment("voice") is Moment.DURING:
        expect(card.locator("[name='common.when']")).to_be_focused()
        keys.type(f"the caller says “{words_of(kind)}”")
    expect(card.locator(":focus")).to_have_count(1)
    fill(keys, card)
    keys.reach(card.get_by_role("button", name="Close", exact=True))
    keys.press("Enter")
    expect(card).to_have_count(0)


def fill(keys: Keys, card: Locator) -> None:
    """Save, and fill in what the form then asks for, until it asks for nothing."""
    for _ in range(12):
        with keys.page.expect_response(lambda answer: saves(answer.request)):
            keys.press("Control+s")
        expect(keys.page.locator("html")).to_have_attribute("data-sending", "")
        empty = card.evaluate(ASKED, EMPTY)
        if not empty:
            break
        complete(keys, keys.page.locator(f"[id='{empty[0]}']"))
    expect(card.locator(".error:visible")).to_have_count(0)


def saves(request: Request) -> bool:
    """Whether a card is saved, and not only drawn anew."""
    return request.method == "POST" and not re.search(r"(^|&)op=", request.post_data or "")


def complete(keys: Keys, field: Locator) -> None:
    """The first of what is offered; words where words are asked for."""
    keys.reach(field)
    if field.get_attribute("role") == "combobox":
        keys.press("ArrowDown")
        keys.press("Enter")
    else:
        keys.type("Thank you for calling")


# --- trying ------------------------------------------------------------------------------------


class Follower:
    """Follows the hints of the Validate list, one line after the other."""

    def __init__(self, keys: Keys) -> None:
        self.keys, self.page = keys, keys.page
        self.pane = self.page.locator("[data-tryit]")
        self.lines = self.pane.locator(".validate > li")

    def open_lines(self) -> list[str]:
        """What is not ticked, in words."""
        waiting = self.pane.locator(".validate > li:not(.done)").all_inner_texts()
        return [" ".join(text.split()) for text in waiting]

    def show(self) -> None:
        """Tick everything."""
        for n in range(self.lines.count()):
            line = self.lines.nth(n)
            if not self.ticked(line):
                self.begin("outbound" if "outgoing" in line.inner_text() else "inbound")
                self.follow(line, line.locator(".validate-more").last.inner_text())
                talk = self.pane.locator("[data-log]").inner_text()
                expect(line, f"{line.inner_text()}\n{talk}").to_have_class("done", timeout=8000)

    def ticked(self, line: Locator) -> bool:
        """Whether this line is shown."""
        return line.get_attribute("class") == "done"

    def follow(self, line: Locator, hint: str) -> None:
        """Do what the hint says."""
        if event := re.search(r"outgoing call and press “(.*?)”", hint):
            self.press(event.group(1))
        elif "hand-off" in hint:
            self.say("Assign to inbox")
        elif "End the call" in hint:
            self.say("Hello")
            self.press("Hang up")
        elif skip := re.search(r"skip (\d+ \w+)", hint):
            self.say("Hello")
            self.press("Skip time")
            self.press(skip.group(1))
        else:
            self.play(line, "declines" if "declines" in hint else "answers")

    def play(self, line: Locator, answer: str) -> None:
        """Say what the line offers to say; a colleague who is rung does this."""
        if not line.is_visible():
            self.press("Validate")
        self.keys.back(line.locator("[data-say]"))
        self.keys.press("Enter")
        expect(self.pane.locator("#tryit-text")).to_be_focused()
        self.keys.press("End")
        self.send(f". {ANSWERS}")
        for n in range(6):
            self.page.wait_for_timeout(400)
            if self.ticked(line):
                return
            if n == 0 and "choose one of the times" in line.inner_text():
                self.say("the first one")
            if self.pane.get_attribute("data-state") == "ringing":
                self.press(answer if self.offered(answer) else "leaves a message")

    def offered(self, name: str) -> bool:
        """Whether there is such a button now."""
        return any(one.is_visible() for one in self.buttons(name).all())

    def buttons(self, name: str) -> Locator:
        """All buttons with these words."""
        return self.pane.locator("button, summary").filter(has_text=name)

    def press(self, name: str) -> None:
        """A button of the pane; it lies behind the focus or before it."""
        button = self.buttons(name).locator("visible=true").first
        self.keys.back(button)
        self.keys.press("Enter")

    def say(self, text: str) -> None:
        """Words, and the answer to them."""
        self.keys.reach(self.pane.locator("#tryit-text"))
        before = self.pane.locator("[data-turn]").count()
        self.send(text)
        expect(self.pane.locator("[data-turn]")).not_to_have_count(before)

    def send(self, text: str) -> None:
        """Into the composer."""
        self.keys.type(text)
        self.keys.press("Enter")

    def begin(self, direction: str) -> None:
        """A new test; a call in this direction."""
        if self.pane.get_attribute("data-state") != "new":
            self.keys.back(self.pane.locator("summary[aria-label=More]"))
            self.keys.press("Enter")
            self.keys.reach(self.buttons("Start again").first)
            self.keys.press("Enter")
            expect(self.pane).to_have_attribute("data-state", "new")
        call = self.pane.locator("#tryit-call")
        if call.count():
            self.turn(direction)
            self.keys.reach(call)
            self.keys.press("Enter")
            expect(self.pane).not_to_have_attribute("data-state", "new")

    def turn(self, direction: str) -> None:
        """Incoming or outgoing."""
        if self.pane.get_attribute("data-direction") != direction:
            self.keys.back(self.pane.locator("[name=direction]:checked"))
            self.keys.press("ArrowRight")
            expect(self.pane).to_have_attribute("data-direction", direction)


@pytest.fixture
def session(transactional_db: None) -> str:
    """An admin, and a library with one of everything."""
    call_command("basics")
    for model in showcase.MODELS.values():
        model.objects.all().delete()
    showcase.furnish()
    return session_of(ensure_user(email="dana@example.com", role="admin"))


def kinds_for(agent: Agent) -> Iterator[ActionType]:
    """Every type that fits."""
    return (kind for kind in registry.all_types() if services.fits(kind, agent))


@pytest.mark.parametrize("agent_kind", ["voice", "text"])
def test_by_keyboard_alone(
    browser_page: OpenPage, check_page: CheckPage, session: str, agent_kind: str
) -> None:
    agent = services.create_agent(name="Front desk", kind=agent_kind)
    page = browser_page(f"/agents/{agent.uuid}/", session=session)
    keys = Keys(page)
    for kind in kinds_for(agent):
        add(keys, kind)
    check_page(page)
    page.reload()
    follower = Follower(keys)
    follower.show()
    assert follower.open_lines() == []
    check_page(page)
