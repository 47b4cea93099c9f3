"""What the web process serves beside pages, and how it starts and stops."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from django.templatetags.static import static
from django.test import Client

from agents.core import lifespan
from aloai.asgi import lifespan_application
from aloai.static import fingerprint


def test_static_files_are_kept_for_good_under_an_address_that_changes_with_them() -> None:
    answer = Client().get(static("app.css"))
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Type"].startswith("text/css")
    assert len(answer.content) == int(answer["Content-Length"])


@pytest.mark.parametrize("name", ["django_htmx/htmx-2.min.js", "admin/css/base.css"])
def test_files_of_packages_are_there(name: str) -> None:
    assert Client().get(static(name)).status_code == 200


def test_a_known_file_is_not_sent_again() -> None:
    known = Client().get(static("app.css"))["ETag"]
    again = Client().get(static("app.css"), headers={"If-None-Match": known})
    assert (again.status_code, again.content) == (304, b"")


def test_nothing_outside_is_served() -> None:
    assert Client().get(static("") + "../aloai/settings.py").status_code == 404


def test_the_fingerprint_follows_content_and_names(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "requirements.txt").write_text("a==1")
    file = tmp_path / "static" / "a.css"
    file.write_text("one")
    seen = {fingerprint(tmp_path)}
    file.write_text("two")
    seen.add(fingerprint(tmp_path))
    file.rename(file.with_name("b.css"))
    seen.add(fingerprint(tmp_path))
    (tmp_path / "requirements.txt").write_text("a==2")
    seen.add(fingerprint(tmp_path))
    assert len(seen) == 4


def test_a_hook_that_fails_does_not_keep_the_site_from_answering(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[str] = []
    sent: list[str] = []
    coming = iter(["lifespan.startup", "lifespan.shutdown"])

    async def fails() -> None:
        raise RuntimeError("no model")

    async def warms() -> None:
        ran.append("start")

    async def flushes() -> None:
        ran.append("stop")

    async def receive() -> dict[str, str]:
        return {"type": next(coming)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["type"])

    monkeypatch.setattr(lifespan, "_on_start", [fails, warms])
    monkeypatch.setattr(lifespan, "_on_stop", [flushes])
    asyncio.run(lifespan_application({"type": "lifespan"}, receive, send))
    assert ran == ["start", "stop"]
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert "A hook of the web process failed" in caplog.text
