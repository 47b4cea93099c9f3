"""The builder's page with sixty actions, beside the same page with none.

`python -m bench.panel` makes a database of its own and asks the product for the page, a card, a
drag, a saved card and what is new: through every middleware and template, without a network. Its
last line is one JSON object: medians and 95th percentiles in milliseconds, and queries.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

ACTIONS = 60
AIM_MS = 200
HTMX = {"HX-Request": "true"}
Ask = Callable[[int], Any]


class Form(HTMLParser):
    """What a browser would send of the form that posts to an address."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.address, self.inside, self.area, self.select = address, False, "", ""
        self.values: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Fields as they stand, of this form only."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("hx-post") == self.address
        elif self.inside:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "textarea":
            self.area = name
            self._add(name, "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self._add(self.select, value)
        elif tag == "input" and name and _sent(given):
            self._add(name, value)

    def _add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        """The text of a text area."""
        if self.area:
            self.values[self.area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        """Where a field or the form ends."""
        self.area = "" if tag == "textarea" else self.area
        self.select = "" if tag == "select" else self.select
        self.inside = self.inside and tag != "form"


def _sent(given: dict[str, str]) -> bool:
    return given.get("type") not in ("checkbox", "radio") or "checked" in given


class Page:
    """One agent's page and somebody who works on it."""

    def __init__(self, count: int) -> None:
        from django.test import Client

        from agents.core.services import ensure_user
        from agents.panels import services

        starter = "front-desk" if count else ""
        self.agent = services.create_agent(name=f"{count} actions", kind="voice", starter=starter)
        cards = list(self.agent.panel.actions.all())
        for number in range(count - len(cards)):
            services.duplicate_action(action=cards[number % len(cards)])
        self.order = [str(row.uid) for row in self.agent.panel.actions.all()]
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(ensure_user(email="dana@example.com", role="builder"))
        self.path = f"/agents/{self.agent.uuid}/"

    def opened(self, number: int) -> Any:
        """The whole page."""
        return self.client.get(self.path)

    def card(self, number: int) -> Any:
        """The form of one card."""
        return self.client.get(self._address(number), headers=HTMX)

    def dragged(self, number: int) -> Any:
        """The first card at another place."""
        self.order.insert(1 + number % (len(self.order) - 1), self.order.pop(0))
        return self.client.post(f"{self.path}actions/order/", {"order": self.order}, headers=HTMX)

    def saving(self, rounds: int) -> Ask:
        """A card with another condition; the forms are read before the clock runs."""
        forms = [self._form(number) for number in range(rounds)]

        def saved(number: int) -> Any:
            answer = self.client.post(self._address(number), forms[number], headers=HTMX)
            assert '"Saved"' in answer.headers.get("HX-Trigger", ""), answer.content.decode()
            return answer

        return saved

    def news(self, number: int) -> Any:
        """What an open page asks again and again, when nothing is new."""
        self.agent.panel.refresh_from_db()
        seen = {"seen": str(self.agent.panel.revision)}
        return self.client.get(f"{self.path}news/", seen)

    def _address(self, number: int) -> str:
        return f"{self.path}actions/{sorted(self.order)[number % len(self.order)]}/"

    def _form(self, number: int) -> dict[str, list[str]]:
        page = self.card(number).content.decode()
        values = Form(page, self._address(number)).values
        return values | {"when": [f"the caller asks about “topic {number}”"]}


def measured(ask: Ask, rounds: int) -> dict[str, float]:
    """Milliseconds, after two rounds that warm up, and the queries of one more."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times = []
    for number in range(rounds + 2):
        start = time.perf_counter()
        answer = ask(number)
        times.append((time.perf_counter() - start) * 1000)
        assert answer.status_code in (200, 204), answer.status_code
    with CaptureQueriesContext(connection) as asked:
        ask(rounds + 2)
    return {
        "p50": round(statistics.median(times[2:]), 1),
        "p95": round(statistics.quantiles(times[2:], n=20)[-1], 1),
        "queries": len(asked),
    }


def compared(rounds: int) -> dict[str, dict[str, float]]:
    """Every request to the full page, and to the empty one where it has it."""
    full, empty = Page(ACTIONS), Page(0)
    return {
        "empty page": measured(empty.opened, rounds),
        "page": measured(full.opened, rounds),
        "card": measured(full.card, rounds),
        "drag": measured(full.dragged, rounds),
        "save": measured(full.saving(rounds + 3), rounds),
        "news": measured(full.news, rounds),
    }


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--rounds", type=int, default=40)
    rounds = reader.parse_args().rounds
    with tempfile.TemporaryDirectory() as var:
        os.environ.update(DJANGO_SETTINGS_MODULE="aloai.settings", ALOAI_VAR=var)
        os.environ.pop("DATABASE_URL", None)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("basics", verbosity=0)
        found = compared(rounds)
    floor = found["empty page"]["p50"]
    for name, values in found.items():
        print(f"{name:<12} p50 {values['p50']:>7} ms ({values['p50'] / floor:.1f} x the empty page)"
              f"   p95 {values['p95']:>7} ms   {values['queries']} queries")  # fmt: skip
    print(f"The aim is {AIM_MS} ms.")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
