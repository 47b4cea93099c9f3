"""What tests in a browser share: the running site, pages in light and dark, their checks."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from agents.core.models import User
from tests import loops

HERE = Path(__file__).parent
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OpenPage = Callable[..., Page]
CheckPage = Callable[[Page], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder drives a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium where there is one; it never asks anything outside."""
    with sync_playwright() as playwright:
        # It stands still between two calls of a test, and nothing of the product runs on it.
        loops.suspended(asyncio.get_running_loop())
        running = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        yield running
        running.close()


@pytest.fixture
def asgi_server(transactional_db: None) -> Iterator[str]:
    """The site as it is deployed, websockets and static files included; yields its address."""
    from aloai.asgi import application

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(application, lifespan="off", log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


def session_of(user: User) -> str:
    """The key of a session in which this user is signed in."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


@pytest.fixture
def console_errors() -> list[str]:
    """What the browser complained about; a refused style or script shows here too."""
    return []


@pytest.fixture
def browser_page(
    browser: Browser, asgi_server: str, console_errors: list[str]
) -> Iterator[OpenPage]:
    """Opens `path`; `scheme` is light or dark, `width` 1440 or 390, `session` a session key."""
    contexts: list[BrowserContext] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            console_errors.append(message.text)

    def open_page(
        path: str = "/", *, scheme: str = "light", width: int = 1440, session: str = ""
    ) -> Page:
        size = {"width": width, "height": 900 if width > 760 else 844}
        context = browser.new_context(
            color_scheme=scheme, viewport=size, base_url=asgi_server, reduced_motion="reduce"
        )
        contexts.append(context)
        if session:
            cookie = {"name": "sessionid", "value": session, "url": asgi_server}
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: console_errors.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def check_page(console_errors: list[str]) -> CheckPage:
    """Asserts that nothing was refused, that anyone can use the page, that it fits its width."""

    def check(page: Page) -> None:
        assert console_errors == []
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    return check
