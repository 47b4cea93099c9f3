"""Nothing typed is lost: cards save themselves, what is wrong stays, a dead tab comes back."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, Response, Route, expect

from agents.core.models import User
from agents.core.services import ensure_user
from agents.panels import services
from agents.panels.models import Action, Agent, Edit, Unsaved
from tests.browser.conftest import ARGS, CheckPage, OpenPage, session_of

TYPED = "the caller says that the heater in the cellar makes a noise like a kettle"


@pytest.fixture
def dana(transactional_db: None) -> User:
    """Somebody who builds."""
    call_command("basics")
    return ensure_user(email="dana@example.com", role="builder")


@pytest.fixture
def session(dana: User) -> str:
    """Dana's session."""
    return session_of(dana)


@pytest.fixture
def agent(dana: User) -> Agent:
    """Two cards."""
    made = services.create_agent(name="Front desk", kind="voice")
    services.save_instructions(panel=made.panel, text="Be kind.")
    for slug in ("end_call", "send_sms"):
        services.add_action(panel=made.panel, slug=slug)
    return made


@pytest.fixture
def end(agent: Agent) -> Action:
    """The card that ends the call."""
    return agent.panel.actions.get(type="end_call")


@pytest.fixture
def sms(agent: Agent) -> Action:
    """The card that sends an SMS."""
    return agent.panel.actions.get(type="send_sms")


def url(agent: Agent, *cards: Action) -> str:
    """The page with these cards open."""
    return f"/agents/{agent.uuid}/?" + "&".join(f"open={card.uid}" for card in cards)


def saved(page: Page, card: Action, words: str = "Saved") -> None:
    """What a card says of itself at its foot."""
    expect(page.locator(f"#saved-{card.uid} .is-saved")).to_contain_text(words)


def test_a_card_saves_itself_and_leaves_the_caret_where_it_is(
    browser_page: OpenPage, session: str, agent: Agent, end: Action, check_page: CheckPage
) -> None:
    page = browser_page(url(agent, end), session=session)
    when = page.locator(f"#action-{end.uid}").get_by_label("When", exact=True)
    when.fill("the caller says bye")
    when.evaluate("box => box.setSelectionRange(4, 4)")
    expect(page.locator(f"#sentence-{end.uid}")).to_contain_text("the caller says bye")
    expect(when).to_be_focused()
    assert when.evaluate("box => box.selectionStart") == 4
    page.keyboard.type("happy ")
    expect(page.locator(f"#sentence-{end.uid}")).to_contain_text("the happy caller says bye")
    end.refresh_from_db()
    assert end.when == "the happy caller says bye"
    check_page(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Control+z")
    expect(when).to_have_value("")
    assert Edit.objects.filter(undone_at=None, label="End call changed").count() == 0
    page.locator("#redo").click()
    expect(when).to_have_value("the happy caller says bye")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_what_cannot_be_stored_is_kept_shown_and_can_be_discarded(
    browser_page: OpenPage, session: str, agent: Agent, sms: Action, check_page: CheckPage,
    scheme: str, width: int,
) -> None:  # fmt: skip
    page = browser_page(url(agent, sms), session=session, scheme=scheme, width=width)
    message = page.locator(f"#action-{sms.uid}").get_by_label("Message", exact=True)
    message.fill("Hi [FirstNme]")
    saved(page, sms, "Not saved: 1 to correct")
    expect(page.locator(f"#badges-{sms.uid}")).to_contain_text("not saved")
    expect(page.locator("#state")).to_contain_text("1 card not saved")
    expect(page.locator("#not-tried")).to_contain_text("1 card not saved")
    expect(message).to_have_attribute("aria-invalid", "true")
    check_page(page)
    page.goto(f"/agents/{agent.uuid}/")
    page.locator("#state").get_by_text("1 card not saved").click()
    expect(message).to_have_value("Hi [FirstNme]")
    expect(message).to_be_focused()
    page.get_by_role("button", name="Publish…").click()
    expect(page.locator("#dialog")).to_contain_text(
        "These changes are not saved and will not be published: Send SMS"
    )
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Discard changes").click()
    expect(message).to_have_value("")
    expect(page.locator("#state")).not_to_contain_text("not saved")
    assert not Unsaved.objects.exists()
    check_page(page)


def test_a_redrawn_form_keeps_what_is_typed_meanwhile(
    browser_page: OpenPage, session: str, agent: Agent, sms: Action
) -> None:
    page = browser_page(url(agent, sms), session=session)
    card = page.locator(f"#action-{sms.uid}")
    page.route("**/actions/*/", lambda route: None)
    card.get_by_text("a fixed number").click()
    message = card.get_by_label("Message", exact=True)
    message.press_sequentially("Thank you")

    def whole(answer: Response) -> bool:
        sent = answer.request.post_data or ""
        return "/actions/" in answer.url and "config.text=Thank+you&" in sent

    with page.expect_response(whole):
        page.unroute("**/actions/*/")  # only now the server hears of the choice
    expect(card.get_by_label("Number", exact=True)).to_be_visible()
    expect(message).to_have_value("Thank you")
    expect(message).to_be_focused()
    sms.refresh_from_db()
    assert (sms.config["to"], sms.config["text"]) == ("number", "Thank you")


def test_what_was_typed_while_the_server_was_away_is_sent_when_it_is_back(
    browser_page: OpenPage, session: str, agent: Agent, end: Action, console_errors: list[str]
) -> None:
    page = browser_page(url(agent, end), session=session)
    page.route("**/actions/**", lambda route: route.abort())
    when = page.locator(f"#action-{end.uid}").get_by_label("When", exact=True)
    when.fill(TYPED)
    expect(page.locator(f"#form-{end.uid}").get_by_text("Not saved. Trying again…")).to_be_visible()
    expect(page.locator("#state").get_by_text("Not saved. Trying again…")).to_be_visible()
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"/agents/{agent.uuid}/settings/")
    assert asked == ["beforeunload"]
    page.unroute("**/actions/**")
    end.refresh_from_db()
    assert end.when == ""
    page.goto(f"/agents/{agent.uuid}/")
    expect(page.locator(f"#sentence-{end.uid}")).to_contain_text(TYPED)
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('unsaved'))") == []
    )
    end.refresh_from_db()
    assert end.when == TYPED
    console_errors.clear()  # the browser names each request that it could not send


def test_it_is_tried_again_until_the_server_takes_it(
    browser_page: OpenPage, session: str, agent: Agent, end: Action, console_errors: list[str]
) -> None:
    page = browser_page(url(agent, end), session=session)
    answers = iter([503, 500])

    def refuse(route: Route) -> None:
        status = next(answers, 0) if route.request.method == "POST" else 0
        route.fulfill(status=status, body="") if status else route.continue_()

    page.route("**/actions/**", refuse)
    page.locator(f"#action-{end.uid}").get_by_label("When", exact=True).fill(TYPED)
    expect(page.locator(f"#sentence-{end.uid}")).to_contain_text(TYPED, timeout=15_000)
    saved(page, end)
    console_errors.clear()  # the browser names the 503


@pytest.fixture
def own_browser(browser: Browser) -> Iterator[Browser]:
    """A browser of which nobody misses a process."""
    own = browser.browser_type.launch(executable_path=shutil.which("chromium"), args=ARGS)
    yield own
    own.close()


def renderers(browser: Browser) -> set[int]:
    """The processes that draw pages, one kept in reserve too, as the browser knows them."""
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return {int(one["id"]) for one in found if one["type"] == "renderer"}


def kill_renderers(browser: Browser) -> None:
    """End every process that draws a page, as a machine without memory does.

    Returns when the browser has noticed: until then it may give a new page to a dead process.
    """
    killed = renderers(browser)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    for _ in range(200):
        if not killed & renderers(browser):
            return
        time.sleep(0.05)
    pytest.fail("The browser did not notice that its processes ended.")


def test_a_tab_that_is_killed_while_somebody_types_loses_at_most_the_last_second(
    own_browser: Browser, asgi_server: str, session: str, agent: Agent, end: Action
) -> None:
    context = own_browser.new_context(base_url=asgi_server)
    context.add_cookies([{"name": "sessionid", "value": session, "url": asgi_server}])
    page = context.new_page()
    page.goto(url(agent, end))
    when = page.locator(f"#action-{end.uid}").get_by_label("When", exact=True)
    when.press_sequentially(TYPED, delay=40)
    with page.expect_event("crash"):
        kill_renderers(own_browser)
    again = context.new_page()
    again.goto(url(agent, end))
    when = again.locator(f"#action-{end.uid}").get_by_label("When", exact=True)
    expect(when).not_to_have_value("")
    expect(again.locator("html[data-sending='saving']")).to_have_count(0)
    assert TYPED.startswith(when.input_value())
    lost = len(TYPED) - len(when.input_value())
    assert lost * 40 <= 1000, f"{lost} letters"


def test_sections_and_instructions_do_the_same(
    browser_page: OpenPage, session: str, agent: Agent, check_page: CheckPage
) -> None:
    page = browser_page(f"/agents/{agent.uuid}/settings/", session=session)
    page.get_by_label("Name", exact=True).fill("Night desk")
    expect(page.locator("header h1")).to_have_text("Night desk")
    page.locator("#greeting").get_by_label("Greeting", exact=True).fill("Good evening.")
    turns = page.locator("#limits").get_by_label("Messages per conversation")
    turns.fill("0")
    expect(page.locator("#saved-limits")).to_contain_text("Not saved: 1 to correct")
    expect(page.locator("#state")).to_contain_text("1 card not saved")
    page.reload()
    expect(turns).to_have_value("0")
    expect(page.get_by_label("Greeting", exact=True)).to_have_value("Good evening.")
    check_page(page)
    page.locator("#saved-limits").get_by_role("button", name="Discard changes").click()
    expect(turns).to_have_value("100")
    page.locator("#undo").click()
    expect(page.get_by_label("Greeting", exact=True)).to_have_value("Hello, how can I help you?")
    page.locator("#undo").click()
    expect(page.locator("header h1")).to_have_text("Front desk")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Front desk")
    check_page(page)


def test_undo_shows_its_effect_while_a_test_call_rings(
    browser_page: OpenPage, session: str, agent: Agent, end: Action, check_page: CheckPage
) -> None:
    page = browser_page(url(agent, end), session=session)
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.locator("#tryit-text")).to_be_visible()
    words = page.get_by_label("Instructions", exact=True)
    words.fill("Be very kind.")
    page.locator(f"#action-{end.uid}").get_by_label("When", exact=True).fill("the caller says bye")
    page.locator("#undo").click()
    page.locator("#undo").click()
    expect(words).to_have_value("Be kind.")
    expect(page.locator(f"#action-{end.uid}").get_by_label("When", exact=True)).to_have_value("")
    expect(page.locator(f"#action-{end.uid}")).to_have_class("action open")
    check_page(page)
    page.locator("#redo").click()
    page.locator("#redo").click()
    expect(words).to_have_value("Be very kind.")
    expect(page.locator(f"#sentence-{end.uid}")).to_contain_text("the caller says bye")
    check_page(page)
