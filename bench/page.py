"""The builder's page with sixty cards in Chromium: what it weighs, and from a key to the paint.

`python -m bench.page` makes a database of its own, runs the site as it is deployed and drives a
browser: a card is opened, a letter typed, an action disabled, a card moved. *paint* is the Event
Timing of the browser, from the key to the next paint (it counts in steps of 8 ms, and tells
nothing below 16); *shown* is until what the server answered stands on the page. The floor is a
letter typed on the page without cards. The last line is one JSON object: medians in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

CARDS = 60
AIM_MS, AIM_BYTES = 100, 300_000
LEAST = 16  # ms: the browser reports nothing shorter
PAUSE = 800  # ms, until everything that an act asks for is there and the browser has told
OBSERVE = """
window.paints = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (one.interactionId) paints.push(one.duration);
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""
WEIGH = """["navigation", "resource"].flatMap((type) => performance.getEntriesByType(type))
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
Act = Callable[[int], None]


@contextmanager
def site(var: str) -> Iterator[str]:
    """The site on a free port; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "ALOAI_VAR": var, "DJANGO_SETTINGS_MODULE": "aloai.settings"}
    command = [sys.executable, "-m", "uvicorn", "aloai.asgi:application", "--port", str(port),
               "--lifespan", "off", "--log-level", "warning"]  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, env=environment) as running:
        try:
            wait_for(address)
            yield address
        finally:
            running.terminate()


def wait_for(address: str) -> None:
    """Until it answers."""
    for _ in range(300):
        try:
            with urlopen(f"{address}/enter/"):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The site does not answer.")


@dataclass(frozen=True)
class Made:
    """A session, the uids of the cards, the page that has them and the one that has none."""

    session: str
    uids: list[str]
    full: str
    empty: str


def made() -> Made:
    """A panel with cards and one without, and somebody who is signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from agents.core.services import ensure_user
    from agents.panels import services

    full = services.create_agent(name="Sixty", kind="voice", starter="front-desk")
    cards = list(full.panel.actions.all())
    for number in range(CARDS - len(cards)):
        services.duplicate_action(action=cards[number % len(cards)])
    empty = services.create_agent(name="None", kind="voice")
    user = ensure_user(email="dana@example.com", role="builder")
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    uids = [str(row.uid) for row in full.panel.actions.all()]
    paths = [f"/agents/{agent.uuid}/" for agent in (full, empty)]
    return Made(str(store.session_key), uids, *paths)


class Builder:
    """Somebody at the page with sixty cards."""

    def __init__(self, page: Any, uids: list[str]) -> None:
        self.page, self.uids = page, uids

    def opened(self, number: int) -> None:
        """A card by its name."""
        uid = self.uids[number]
        self.page.focus(f"#name-{uid}")
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(f"#form-{uid}")

    def typed(self, number: int) -> None:
        """A letter in a condition, until the server has it."""
        self.page.locator(".action.open [name='common.when']:visible").first.focus()
        self.page.keyboard.press("End")
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.page.keyboard.press("x")

    def closed(self) -> None:
        """All cards."""
        self.page.focus("#name-" + self.uids[0])
        self.page.keyboard.press("c")
        self.page.wait_for_selector(".action.open", state="detached")

    def toggled(self, number: int) -> None:
        """A card disabled, or enabled again."""
        self.page.focus(f"#action-{self.uids[number]}")
        with self.page.expect_response(lambda answer: "/toggle/" in answer.url):
            self.page.keyboard.press("d")

    def moved(self, number: int) -> None:
        """A card one down."""
        self.page.focus(f"#grip-{self.uids[number]}")
        with self.page.expect_response(lambda answer: "/order/" in answer.url):
            self.page.keyboard.press("ArrowDown")


def measured(page: Any, act: Act, rounds: int) -> dict[str, float]:
    """Medians, after a round that warms up."""
    paints, shown = [], []
    for number in range(rounds + 1):
        page.evaluate("paints.length = 0")
        start = time.perf_counter()
        act(number)
        shown.append((time.perf_counter() - start) * 1000)
        page.wait_for_timeout(PAUSE)
        paints.append(max([*page.evaluate("paints"), LEAST]))
    return {
        "paint": round(statistics.median(paints[1:])),
        "worst": round(max(paints[1:])),
        "shown": round(statistics.median(shown[1:])),
    }


def written(page: Any) -> Act:
    """A letter in the instructions of the empty page."""

    def act(number: int) -> None:
        page.focus("#instructions")
        page.keyboard.press("x")

    return act


def compared(address: str, made: Made, rounds: int) -> dict[str, Any]:
    """Every interaction, and the page's weight."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        args = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=args)
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": made.session, "url": address}])
        context.add_init_script(OBSERVE)
        page = context.new_page()
        page.goto(made.empty, wait_until="networkidle")
        found: dict[str, Any] = {"floor": measured(page, written(page), rounds)}
        page.goto(made.full, wait_until="networkidle")
        found["bytes"] = page.evaluate(WEIGH)
        builder = Builder(page, made.uids)
        acts = {"open": builder.opened, "type": builder.typed, "toggle": builder.toggled,
                "move": builder.moved}  # fmt: skip
        for name, act in acts.items():
            found[name] = measured(page, act, rounds)
            if name == "type":
                builder.closed()
        browser.close()
    return found


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--rounds", type=int, default=15)
    rounds = reader.parse_args().rounds
    with tempfile.TemporaryDirectory() as var:
        os.environ.update(DJANGO_SETTINGS_MODULE="aloai.settings", ALOAI_VAR=var)
        os.environ.pop("DATABASE_URL", None)
        Path(var, "secret_key").write_text("only for this measurement" * 3)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("basics", verbosity=0)
        panels = made()
        with site(var) as address:
            found = compared(address, panels, rounds)
    print(f"The page weighs {found['bytes']:,} bytes; the aim is {AIM_BYTES:,}.")
    for name, values in found.items():
        if name != "bytes":
            print(f"{name:<8} paint {values['paint']:>4} ms (worst {values['worst']}, aim {AIM_MS})"
                  f"   shown {values['shown']:>4} ms")  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main()
