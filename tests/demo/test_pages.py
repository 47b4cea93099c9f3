"""The welcome page, progress, and the dialog of removal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from agents.demo import services
from agents.demo.models import Demo
from agents.panels.services import create_agent

pytestmark = pytest.mark.django_db
ClientFor = Callable[[str], Any]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _not_queued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have gone to the background tasks."""
    asked: list[str] = []
    monkeypatch.setattr(services, "async_task", asked.append)
    return asked


def test_an_admin_of_an_empty_site_is_asked_how_to_begin(client_for: ClientFor) -> None:
    assert client_for("admin").get("/").url == "/welcome/"
    page = client_for("admin").get("/welcome/").content.decode()
    assert "Start with the demo business" in page and "Start empty" in page


def test_nobody_else_is_and_nobody_with_agents(client_for: ClientFor) -> None:
    for role in ("builder", "support"):
        client = client_for(role)
        assert client.get("/").url != "/welcome/"
        for path in ("/welcome/", "/welcome/progress/", "/welcome/demo/remove/"):
            assert client.get(path).status_code == 403
        assert client.post("/welcome/demo/").status_code == 403
        assert client.post("/welcome/demo/remove/").status_code == 403
    create_agent(name="Own", kind="voice")
    assert client_for("admin").get("/").url != "/welcome/"
    page = client_for("admin").get("/welcome/").content.decode()
    assert "Start with the demo business" in page and "Start empty" not in page


def test_two_clicks_ask_once(
    client_for: ClientFor, _not_queued: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    client = client_for("admin")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/welcome/demo/").url == "/welcome/"
        client.post("/welcome/demo/")
    assert _not_queued == [services.TASK]
    assert client.get("/").url == "/welcome/"
    page = client.get("/welcome/").content.decode()
    assert "Making the demo business" in page and "Start with" not in page


def test_progress_is_told_until_it_is_ready(client_for: ClientFor) -> None:
    client = client_for("admin")
    Demo.objects.create(pk=1, doing="Contacts", done=1, total=4)
    page = client.get("/welcome/progress/", headers=HTMX).content.decode()
    assert 'value="25"' in page and "Contacts" in page and "hx-get" in page
    Demo.objects.update(state=Demo.State.READY)
    assert client.get("/welcome/progress/", headers=HTMX).headers["HX-Redirect"] == "/"
    assert client.get("/welcome/").url == "/"


@pytest.mark.parametrize("how", ["failed", "lost"])
def test_one_that_stopped_is_made_again_or_removed(client_for: ClientFor, how: str) -> None:
    client = client_for("admin")
    lost = {"until": timezone.now()} if how == "lost" else {"state": Demo.State.FAILED}
    Demo.objects.create(pk=1, **lost)  # type: ignore[arg-type]
    page = client.get("/welcome/").content.decode()
    assert (
        "It stopped halfway" in page
        and "Start over" in page
        and "hx-get" not in page.split('id="demo-progress"')[1].split(">")[0]
    )
    client.post("/welcome/demo/")
    assert "Making the demo business" in client.get("/welcome/").content.decode()
    Demo.objects.update(**lost)
    assert client.post("/welcome/demo/remove/").url == "/"
    assert not Demo.objects.exists()


def test_one_that_is_being_made_is_not_removed(client_for: ClientFor) -> None:
    client = client_for("admin")
    Demo.objects.create(pk=1)
    answer = client.post("/welcome/demo/remove/", follow=True)
    assert "still being made" in answer.content.decode()
    assert Demo.objects.exists()


def test_the_dialog_stands_alone_too(client_for: ClientFor) -> None:
    Demo.objects.create(pk=1, state=Demo.State.READY)
    client = client_for("admin")
    assert "Remove the demo business?" in client.get("/welcome/demo/remove/").content.decode()
    part = client.get("/welcome/demo/remove/", headers=HTMX).content.decode()
    assert "<html" not in part and "Remove the demo business?" in part
    assert client.post("/welcome/demo/remove/", headers=HTMX).headers["HX-Redirect"] == "/"
