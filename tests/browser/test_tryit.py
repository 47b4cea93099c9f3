"""Try it in a browser: the pane against a scripted socket, and once against the real engine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, WebSocketRoute, expect

from agents.conversations.models import Conversation
from agents.panels.models import Agent, InstructionPanel
from agents.transfers.models import Leg, Transfer
from tests.conversations.drafts import add_transfer, make_draft
from tests.conversations.factories import (
    decisions,
    make_agent,
    make_contact,
    make_delivery,
    make_run,
    make_turn,
)

pytestmark = [
    pytest.mark.urls("tests.browser.urls_tryit"),
    pytest.mark.django_db(transaction=True),
]
OpenPage = Callable[..., Page]
CheckPage = Callable[[Page], None]


class TryItServer:
    """The server's side of the socket, played by the test."""

    def __init__(self, page: Page, state: str = "open") -> None:
        self.page, self.state, self.last = page, state, 0
        self.got: list[dict[str, Any]] = []
        self.acknowledges = True
        self.opened = 0
        page.route_web_socket(re.compile("/ws/try/"), self._open)

    def _open(self, route: WebSocketRoute) -> None:
        self.route = route
        self.opened += 1
        route.on_message(self._take)
        self.send(type="ready", state=self.state, turn=self.last)

    def _take(self, message: str | bytes) -> None:
        frame = json.loads(message)
        self.got.append(frame)
        if frame["type"] == "say" and self.acknowledges:
            self.send(type="ack", id=frame["id"])

    def send(self, **frame: Any) -> None:
        self.wait_opened(1)
        self.route.send(json.dumps(frame))

    def become(self, state: str, label: str = "") -> None:
        self.state = state
        self.send(type="state", state=state, label=label)

    def turn(self, number: int) -> None:
        self.last = number
        self.send(type="turn", turn=number)

    def wait(self, kind: str) -> dict[str, Any]:
        """The last frame of this kind, once it has come."""
        for _ in range(200):
            found = [frame for frame in self.got if frame["type"] == kind]
            if found:
                return found[-1]
            self.page.wait_for_timeout(20)
        raise AssertionError(f"no {kind} in {self.got}")

    def wait_opened(self, times: int) -> None:
        for _ in range(200):
            if self.opened >= times:
                return
            self.page.wait_for_timeout(20)
        raise AssertionError("the socket was not opened again")


@pytest.fixture
def session(client_for: Callable[[str], Client]) -> str:
    return client_for("builder").cookies["sessionid"].value


@pytest.fixture
def text_agent(transactional_db: None) -> Agent:
    make_contact()
    return make_agent("Web chat", "text")


@pytest.fixture
def voice_agent(transactional_db: None) -> Agent:
    make_contact()
    return make_agent()


@pytest.fixture
def open_pane(browser_page: OpenPage, session: str) -> Callable[..., tuple[Page, TryItServer]]:
    """The page of an agent with the pane, and the other end of its socket."""

    def open_it(agent: Agent, state: str = "open", **how: Any) -> tuple[Page, TryItServer]:
        page = browser_page("/conversations/", session=session, **how)
        server = TryItServer(page, state)
        page.goto(f"/pane/{agent.uuid}/")
        return page, server

    return open_it


def say(page: Page, words: str) -> None:
    page.locator("#tryit-text").fill(words)
    page.keyboard.press("Enter")


def started() -> Conversation:
    return Conversation.everything.get()


def ring(conversation: Conversation) -> Transfer:
    """A transfer that rings, as the engine leaves it."""
    turn = make_turn(conversation, 1, inbound="A price?", decisions=decisions())
    run = make_run(turn, "transfer_call", line="Sales", status="running")
    transfer = Transfer.objects.create(
        conversation=conversation, run=run, plan={}, started_at=turn.at
    )
    Leg.objects.create(
        transfer=transfer, position=0, ref="group:1", label="Sales", started_at=turn.at
    )
    return transfer


# --- chat --------------------------------------------------------------------------------------


def test_the_first_message_starts_the_chat(
    open_pane: Any, text_agent: Agent, check_page: CheckPage
) -> None:
    page, server = open_pane(text_agent)
    expect(page.get_by_role("heading", name="Write as Maria Lopez")).to_be_visible()
    say(page, "How much is a new one?")
    assert server.wait("say")["text"] == "How much is a new one?"
    expect(page.locator(".bubble.me")).to_have_text("How much is a new one?")
    expect(page.locator(".bubble.typing")).to_be_visible()
    expect(page.locator("#tryit-text")).to_be_focused()
    for piece in ("It depends ", "on the ", "size."):
        server.send(type="text", t=piece)
    expect(page.locator(".turn.draft .bubble:not(.me)")).to_have_text("It depends on the size.")
    expect(page.locator(".bubble.typing")).to_have_count(0)
    turn = make_turn(
        started(),
        1,
        inbound="How much is a new one?",
        reply="It depends on the size.",
        decisions=decisions(call_disposition={"code": "fired", "p": 0.94, "evidence": "much"}),
    )
    make_run(turn, "call_disposition", line="Quote")
    make_delivery(started(), "Price list by SMS")
    server.send(type="reply", turn=1, text="It depends on the size.")
    server.turn(1)
    expect(page.locator(".decision.fired")).to_contain_text("Add call disposition: Quote")
    expect(page.locator("article")).to_have_count(1)
    page.get_by_text("6 did not fire", exact=True).click()
    expect(page.locator(".decision-why li").first).to_contain_text("Judged .08, needs .85")
    expect(page.locator("[data-outbox]")).to_contain_text("Price list by SMS")
    expect(page.locator("[data-live]")).to_contain_text("Add call disposition fired.")
    check_page(page)


@pytest.mark.parametrize("slow", [True, False])
def test_a_greeting_that_crosses_the_first_message_stands_before_it(
    open_pane: Any, text_agent: Agent, slow: bool
) -> None:
    page, server = open_pane(text_agent)
    say(page, "Hi there")
    server.wait("say")
    make_turn(started(), 1, kind="greeting", reply="Hello.")
    make_turn(started(), 2, inbound="Hi there", reply="How can I help?")
    server.send(type="text", t="Hello.")
    server.send(type="reply", turn=1, text="Hello.")
    server.turn(1)
    server.send(type="text", t="How can I help?")
    if slow:
        expect(page.locator("#turn-1")).to_be_visible()
    server.send(type="reply", turn=2, text="How can I help?")
    server.turn(2)
    expect(page.locator("article")).to_have_count(2)
    expect(page.locator(".bubble")).to_have_text(["Hello.", "Hi there", "How can I help?"])


def test_html_is_text_wherever_it_comes_from(open_pane: Any, text_agent: Agent) -> None:
    words = "<img src=x onerror=alert(1)>"
    page, server = open_pane(text_agent)
    say(page, words)
    server.wait("say")
    server.send(type="text", t=words)
    server.send(type="error", sentence=words)
    expect(page.locator(".bubble:not(.me)")).to_have_text(words)
    expect(page.locator("[data-error]")).to_have_text(words)
    make_turn(started(), 1, inbound=words, reply=words)
    server.turn(1)
    expect(page.locator("#turn-1 .bubble")).to_have_text([words, words])
    expect(page.locator("#aside img")).to_have_count(0)


def test_a_lost_socket_says_again_what_was_not_acknowledged(
    open_pane: Any, text_agent: Agent
) -> None:
    page, server = open_pane(text_agent)
    server.acknowledges = False
    say(page, "Are you there?")
    first = server.wait("say")
    server.got.clear()
    make_turn(started(), 1, kind="greeting", reply="Hello.")
    server.last = 1
    server.route.close(code=1012)
    expect(page.get_by_text("Reconnecting. What you wrote is kept.")).to_be_visible()
    server.wait_opened(2)
    assert server.wait("say") == first
    expect(page.locator("#turn-1")).to_contain_text("Hello.")
    expect(page.get_by_text("Connecting again")).to_be_hidden()


def test_what_was_acknowledged_is_not_said_again(open_pane: Any, text_agent: Agent) -> None:
    page, server = open_pane(text_agent)
    say(page, "Hello")
    server.wait("say")
    page.wait_for_timeout(50)
    server.got.clear()
    server.route.close(code=1012)
    server.wait_opened(2)
    page.wait_for_timeout(100)
    assert server.got == []


def test_a_test_opened_somewhere_else_ends_here(open_pane: Any, text_agent: Agent) -> None:
    page, server = open_pane(text_agent)
    say(page, "Hello")
    server.wait("say")
    server.route.close(code=4409)
    expect(page.locator("[data-error]")).to_contain_text("Start again")
    assert server.opened == 1


def test_time_can_be_skipped(open_pane: Any, text_agent: Agent) -> None:
    page, server = open_pane(text_agent)
    say(page, "Hello")
    server.wait("say")
    page.locator(".composer summary").click()
    page.locator(".composer").get_by_role("button", name="3 days").click()
    assert server.wait("skip")["seconds"] == 259200
    expect(page.locator(".system-line", has_text="3 days later")).to_be_visible()


def test_a_reloaded_page_goes_on(open_pane: Any, text_agent: Agent) -> None:
    page, server = open_pane(text_agent)
    say(page, "Hello")
    server.wait("say")
    make_turn(started(), 1, inbound="Hello", reply="Hi.")
    server.last = 1
    page.reload()
    expect(page.locator("#turn-1")).to_contain_text("Hi.")
    server.wait_opened(2)
    page.locator("#tryit-setup summary").click()
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_role("heading", name="Write as Maria Lopez")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Write as Maria Lopez")).to_be_visible()


def test_a_saved_draft_offers_to_start_again(open_pane: Any, text_agent: Agent) -> None:
    page, server = open_pane(text_agent)
    say(page, "Hello")
    server.wait("say")
    InstructionPanel.objects.update(instructions="Be brief.")
    page.get_by_role("button", name="Save").click()
    note = page.get_by_text("The draft has changed since this test started.")
    expect(note).to_be_visible()
    page.locator("[data-draft]").get_by_role("button", name="Start again").click()
    expect(note).to_be_hidden()
    assert Conversation.everything.count() == 2


def test_another_channel_or_contact_is_another_test(open_pane: Any, text_agent: Agent) -> None:
    page, _ = open_pane(text_agent)
    page.get_by_text("SMS", exact=True).click()
    expect(page.get_by_text("An SMS thread with the draft.")).to_be_visible()
    page.locator("#tryit-contact").select_option("Unknown contact")
    expect(page.get_by_role("heading", name="Write as an unknown contact")).to_be_visible()
    say(page, "Hello")
    expect(page.locator("#aside[data-conversation]")).to_be_visible()
    assert (started().channel, started().contact) == ("sms", None)


# --- a typed call ------------------------------------------------------------------------------


def test_a_call_by_keyboard_alone(
    open_pane: Any, voice_agent: Agent, check_page: CheckPage
) -> None:
    page, server = open_pane(voice_agent)
    page.get_by_role("button", name="Call", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tryit-text")).to_be_focused()
    page.keyboard.type("Hello")
    page.keyboard.press("Control+Enter")
    server.wait("say")
    server.send(type="text", t="Hartwell Heating, I am")
    expect(page.get_by_role("button", name="Interrupt")).to_be_enabled()
    page.keyboard.press("Escape")
    assert server.wait("interrupt")["heard"] == "Hartwell Heating, I am"
    page.get_by_role("button", name="Key pad").press("Enter")
    page.keyboard.press("5")
    page.get_by_role("button", name="#", exact=True).press("Enter")
    assert [frame["digit"] for frame in server.got if frame["type"] == "key"] == ["5", "#"]
    expect(page.get_by_label("Keys pressed")).to_have_text("5#")
    check_page(page)
    page.get_by_role("button", name="Hang up").press("Enter")
    server.wait("hangup")
    server.become("ended")
    expect(page.get_by_role("button", name="Start again")).to_be_focused()
    expect(page.locator("#tryit-text")).to_be_hidden()
    check_page(page)


def test_talking_while_the_agent_speaks_interrupts_it(open_pane: Any, voice_agent: Agent) -> None:
    page, server = open_pane(voice_agent)
    page.get_by_role("button", name="Call", exact=True).click()
    server.send(type="text", t="Our opening hours are")
    expect(page.get_by_role("button", name="Interrupt")).to_be_enabled()
    say(page, "No, wait")
    server.wait("say")
    assert [frame["type"] for frame in server.got] == ["interrupt", "say"]


def test_a_scripted_colleague(open_pane: Any, voice_agent: Agent, check_page: CheckPage) -> None:
    page, server = open_pane(voice_agent)
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.locator("#tryit-text")).to_be_visible()
    transfer = ring(started())
    server.turn(1)
    server.become("ringing")
    expect(page.locator(".transfer-line")).to_contain_text("Ringing Sales")
    check_page(page)
    page.get_by_role("button", name="declines").click()
    assert server.wait("leg")["outcome"] == "declined"
    server.become("ringing", "Ana Ruiz")
    expect(page.locator(".transfer-line b")).to_have_text("Sales: declined, trying Ana Ruiz")
    page.get_by_role("button", name="Ana Ruiz answers").click()
    assert server.got[-1] == {"type": "leg", "outcome": "answered"}
    transfer.legs.update(state="answered", ended_at=transfer.started_at)
    Conversation.everything.update(outcome="transferred to Ana Ruiz", state="handed_off")
    server.become("handed_off")
    expect(page.locator(".transfer-line b")).to_have_text("Ana Ruiz: answered")
    expect(page.locator("[data-state-words]")).to_have_text("Transferred to Ana Ruiz")
    expect(page.get_by_role("link", name="Open the transcript")).to_be_visible()


def test_an_inbox_takes_a_message(open_pane: Any, voice_agent: Agent) -> None:
    page, server = open_pane(voice_agent)
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.locator("#tryit-text")).to_be_visible()
    ring(started()).legs.update(state="recording", label="Sales inbox")
    server.turn(1)
    server.become("ringing")
    page.get_by_role("button", name="leaves a message").click()
    assert server.wait("leg")["outcome"] == "message_taken"
    expect(page.get_by_role("button", name="declines")).to_be_hidden()


def test_hanging_up_while_it_rings_is_the_callers_end(open_pane: Any, voice_agent: Agent) -> None:
    page, server = open_pane(voice_agent, "ringing")
    page.get_by_role("button", name="Call", exact=True).click()
    page.get_by_role("button", name="Hang up").click()
    assert server.wait("leg")["outcome"] == "caller_gone"


def test_a_colleague_may_be_set_beforehand(open_pane: Any, voice_agent: Agent) -> None:
    add_transfer(voice_agent)
    page, server = open_pane(voice_agent)
    page.locator("#tryit-setup summary").click()
    page.get_by_role("combobox", name="Colleague").select_option("busy")
    page.get_by_role("heading", name="Try it").click()
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.locator("#tryit-text")).to_be_visible()
    server.become("ringing", "Sales")
    assert server.wait("leg")["outcome"] == "busy"


@pytest.mark.parametrize(
    ("button", "kind"),
    [
        ("Maria answers", "answered"),
        ("no answer", "not_answered"),
        ("busy", "busy"),
        ("failed", "failed"),
        ("voicemail", "machine"),
    ],
)
def test_an_outgoing_call_is_answered_or_not(
    open_pane: Any, voice_agent: Agent, button: str, kind: str
) -> None:
    page, server = open_pane(voice_agent, "waiting")
    page.get_by_text("Outgoing", exact=True).click()
    page.locator(".tryit-attempt input").fill("2")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.get_by_text("It rings at Maria Lopez, attempt 2.")).to_be_visible()
    expect(page.locator("#tryit-text")).to_be_hidden()
    page.get_by_role("button", name=button).click()
    assert server.wait("outcome")["kind"] == kind
    assert (started().direction, started().attempt) == ("outbound", 2)


# --- every look --------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("kind", ["text", "voice"])
def test_the_pane_is_readable_and_usable(
    open_pane: Any, check_page: CheckPage, scheme: str, width: int, kind: str
) -> None:
    make_contact()
    page, server = open_pane(make_agent(kind=kind), scheme=scheme, width=width)
    if width < 760:
        page.get_by_role("button", name="Try it", exact=True).click()
    check_page(page)
    if kind == "voice":
        page.get_by_role("button", name="Call", exact=True).click()
    say(page, "How much is a new one?")
    server.wait("say")
    turn = make_turn(
        started(),
        1,
        inbound="How much is a new one?",
        reply="It depends.",
        notes=["The model was asked twice."],
        decisions=decisions(
            send_sms={"code": "fired", "p": 0.9, "evidence": "How much"},
            set_dnc={"code": "fired_unconfirmed", "p": 0.4, "note": "the judge alone"},
            transfer_call={"code": "confirming", "p": 0.6},
        ),
    )
    make_run(turn, "send_sms", status="failed", error={"sentence": "No number is known."})
    make_delivery(started(), "Price list by SMS", payload={"text": "Here it is."})
    server.turn(1)
    expect(page.locator(".decision.failed")).to_contain_text("No number is known.")
    expect(page.locator("[data-outbox]")).to_contain_text("1, GSM-7")
    check_page(page)
    for part in ("Contact", "Validate"):
        page.get_by_role("button", name=part).last.click()
        check_page(page)
    page.get_by_role("button", name="Fold").click()
    page.locator("#turn-1").hover()
    page.get_by_role("button", name="Edit: How much is a new one?").click()
    check_page(page)


# --- the real engine ---------------------------------------------------------------------------


def test_a_chat_with_the_real_engine_in_practice_mode(
    browser_page: OpenPage, session: str, text_agent: Agent, check_page: CheckPage
) -> None:
    page = browser_page(f"/pane/{text_agent.uuid}/", session=session)
    say(page, "Hello there")
    expect(page.locator("#turn-1")).to_contain_text("Hello, how can I help you?")
    expect(page.locator("#turn-2 .bubble.me")).to_have_text("Hello there")
    expect(page.locator(".turn.draft")).to_have_count(0)
    check_page(page)


def pressed(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_turn_is_edited_by_keyboard_and_compared(
    browser_page: OpenPage, session: str, transactional_db: None, check_page: CheckPage
) -> None:
    make_contact()
    page = browser_page(f"/pane/{make_draft().uuid}/", session=session)
    expect(page.locator("#dock-tab-validate")).to_have_attribute("aria-expanded", "true")
    say(page, "How much is a heater?")
    expect(page.locator("#turn-2 .decisions")).to_contain_text("Tagged Sales, Heater")
    expect(page.locator("[data-outbox]")).to_contain_text("here is our price list.")
    expect(page.locator("#dock-tab-validate")).to_contain_text("3/4")
    expect(page.locator("[data-live]")).to_contain_text("Validated 3 of 4.")
    edit = page.get_by_role("button", name="Edit: How much is a heater?")
    edit.focus()
    pressed(page, "Enter", "Escape")
    expect(edit).to_be_focused()
    pressed(page, "Enter")
    page.get_by_label("Say this instead").fill("My heater is broken")
    pressed(page, "Enter")
    expect(page.locator("#turn-2 .bubble.me")).to_have_text("My heater is broken")
    compared = page.locator(".compared")
    expect(compared).to_contain_text("Replayed from turn 2")
    expect(compared.locator("li").first).to_contain_text("fired: Tagged Heater")
    expect(page.locator("[data-live]")).to_contain_text("2 actions were decided differently.")
    expect(page.locator("#tryit-text")).to_be_enabled()
    expect(page.locator("#dock-tab-outbox")).to_have_text("Would have left 0")
    check_page(page)


def test_a_replay_asks_on_what_where_the_draft_has_changed(
    browser_page: OpenPage, session: str, transactional_db: None, check_page: CheckPage
) -> None:
    agent = make_draft()
    page = browser_page(f"/pane/{agent.uuid}/", session=session)
    say(page, "How much is a heater?")
    expect(page.locator("#turn-2 .decisions")).to_be_visible()
    agent.panel.actions.filter(type="send_sms").delete()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The draft has changed")).to_be_visible()
    page.locator("#turn-2").hover()
    page.get_by_role("button", name="Replay: How much is a heater?").click()
    expect(page.get_by_label("the draft as it is now")).to_be_focused()
    check_page(page)
    pressed(page, "Enter")
    expect(page.locator(".compared")).to_contain_text("on the draft as it is now")
    expect(page.locator(".compared li")).to_have_count(1)


def test_skipped_time_and_a_release_stay_after_a_reload(
    browser_page: OpenPage, session: str, transactional_db: None
) -> None:
    page = browser_page(f"/pane/{make_draft().uuid}/", session=session)
    say(page, "Hello there")
    expect(page.locator("#turn-2 .bubble.me")).to_have_text("Hello there")
    page.locator(".composer summary").click()
    page.locator(".composer").get_by_role("button", name="1 hour").click()
    expect(page.locator(".system-line", has_text="1 hour later")).to_be_visible()
    page.reload()
    expect(page.locator(".turn ~ .system-line", has_text="1 hour later")).to_be_visible()


def test_staff_release_the_conversation(open_pane: Any, text_agent: Agent) -> None:
    page, server = open_pane(text_agent)
    say(page, "A human, please")
    server.wait("say")
    server.become("staff")
    page.get_by_role("button", name="Release").press("Enter")
    assert server.wait("release")
    server.become("open")
    expect(page.get_by_role("button", name="Release")).to_be_hidden()
    expect(page.locator(".system-line", has_text="Staff released it")).to_be_visible()


def test_a_running_replay_keeps_the_tester_out(open_pane: Any, text_agent: Agent) -> None:
    page, server = open_pane(text_agent)
    say(page, "Hello")
    server.wait("say")
    server.send(type="replay", state="running")
    expect(page.get_by_text("Repeating the test")).to_be_visible()
    expect(page.locator("#tryit-text")).to_be_disabled()
    server.send(type="replay", state="over")
    expect(page.locator("#tryit-text")).to_be_enabled()


def test_the_part_that_was_chosen_stays_open(
    browser_page: OpenPage, session: str, transactional_db: None
) -> None:
    make_contact()
    page = browser_page(f"/pane/{make_draft().uuid}/", session=session)
    page.get_by_role("button", name="Fold").press("Enter")
    expect(page.locator("#dock-validate")).to_be_hidden()
    expect(page.locator("#dock-tab-validate")).to_be_focused()
    say(page, "How much is a heater?")
    expect(page.locator("#dock-tab-outbox")).to_have_text("Would have left 1")
    expect(page.locator("#dock-outbox")).to_be_hidden()
    page.locator("#dock-tab-facts").press("Enter")
    expect(page.locator("#dock-facts")).to_contain_text("Sales")
    page.reload()
    expect(page.locator("#dock-facts")).to_contain_text("Sales")
