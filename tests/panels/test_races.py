"""Two people who change the same card, text or step in the same moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents.core.services import ensure_user
from agents.panels import history, services
from agents.panels.models import Action, Agent, Edit
from tests.panels.conftest import HTMX
from tests.panels.posting import posted
from tests.threads import at_the_same_time

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(db: None) -> Agent:
    """A panel with one card."""
    made = services.create_agent(name="Desk", kind="voice")
    services.add_action(panel=made.panel, slug="end_call")
    return made


@pytest.fixture
def clients(client_for: Any) -> Iterator[tuple[Client, Client]]:
    """Two people who build."""
    yield client_for("builder"), client_for("admin")


def only(agent: Agent) -> Action:
    """The card."""
    return agent.panel.actions.get()


def both(clients: tuple[Client, Client], url: str, *forms: dict[str, Any]) -> list[Any]:
    """Each posts a form, at the same time; the answers."""
    pairs = zip(clients, forms, strict=True)
    return at_the_same_time(*[partial(c.post, url, form, headers=HTMX) for c, form in pairs])


def test_of_two_saves_at_once_one_is_kept_and_the_other_is_asked(
    desk: Agent, clients: tuple[Client, Client]
) -> None:
    row = only(desk)
    url = reverse("panels:action", args=[desk.uuid, row.uid])
    for attempt in range(5):
        row.refresh_from_db()
        words = [f"first {attempt}", f"second {attempt}"]
        answers = both(clients, url, *[posted(row, text) for text in words])
        pages = [answer.content.decode() for answer in answers]
        asked = [n for n, page in enumerate(pages) if "Keep mine" in page]
        assert len(asked) == 1, "one of them saved, the other one was asked"
        row.refresh_from_db()
        assert row.when == words[1 - asked[0]]
        assert words[1 - asked[0]] in pages[asked[0]], "what the other one saved is shown"


def test_a_card_that_was_read_before_another_save_is_not_saved_over_it(desk: Agent) -> None:
    mine, theirs = only(desk), only(desk)
    services.save_action(action=theirs, draft=services.ActionDraft(when="theirs"))
    with pytest.raises(services.Overtaken):
        services.save_action(action=mine, draft=services.ActionDraft(when="mine"))
    assert only(desk).when == "theirs"


def test_instructions_that_were_read_before_another_save_are_not_saved_over_it(
    desk: Agent,
) -> None:
    mine, theirs = (Agent.objects.get(pk=desk.pk).panel for _ in range(2))
    services.save_instructions(panel=theirs, text="theirs")
    with pytest.raises(services.Overtaken):
        services.save_instructions(panel=mine, text="mine")
    desk.panel.refresh_from_db()
    assert desk.panel.instructions == "theirs"


def test_instructions_saved_at_once_ask_one_of_the_two(
    desk: Agent, clients: tuple[Client, Client]
) -> None:
    url = reverse("panels:save_instructions", args=[desk.uuid])
    for attempt in range(5):
        desk.panel.refresh_from_db()
        was = {"was": desk.panel.mark}
        texts = [f"A {attempt}", f"B {attempt}"]
        answers = both(clients, url, *[{**was, "instructions": text} for text in texts])
        assert sum("Keep mine" in answer.content.decode() for answer in answers) == 1


def test_publishing_in_between_counts_as_a_change_of_the_card(desk: Agent) -> None:
    mine = only(desk)
    services.save_action(action=mine, draft=services.ActionDraft(when="the caller is done"))
    services.publish(panel=desk.panel, user=None, modes={str(mine.uid): "shadow"})
    with pytest.raises(services.Overtaken):
        services.save_action(action=mine, draft=services.ActionDraft(when="mine"))
    assert only(desk).mode == "shadow"


def test_two_restores_at_once_bring_the_card_back_once_and_say_so(
    desk: Agent, clients: tuple[Client, Client]
) -> None:
    row = only(desk)
    url = reverse("panels:restore", args=[desk.uuid, row.uid])
    for _ in range(5):
        services.delete_action(action=only(desk))
        answers = both(clients, url, {}, {})
        assert [answer.status_code for answer in answers] == [200, 200]
        assert all("End call" in answer.content.decode() for answer in answers)
        assert desk.panel.actions.count() == 1


def test_a_restore_that_cannot_be_done_says_why(
    desk: Agent, clients: tuple[Client, Client]
) -> None:
    row = only(desk)
    services.delete_action(action=only(desk))
    Action.objects.create(panel=desk.panel, uid=row.uid, type="end_call")
    url = reverse("panels:restore", args=[desk.uuid, row.uid])
    answer = clients[0].post(url, headers=HTMX)
    assert answer.status_code == 200
    assert json.loads(answer["HX-Trigger"])["toast"]["text"] == "This action is already there."
    plain = clients[0].post(url, follow=True)
    assert "This action is already there." in plain.content.decode()


def test_one_step_is_undone_and_redone_once(desk: Agent) -> None:
    dana = ensure_user(email="dana@example.com", role="builder")
    services.set_enabled(action=only(desk), enabled=False, user=dana)
    mine, again = (history.last_step(desk.panel, dana) for _ in range(2))
    assert mine is not None and again is not None
    services.undo(edit=mine, user=dana)
    with pytest.raises(services.CannotUndo):
        services.undo(edit=again, user=dana)
    Edit.objects.all().delete()
    with pytest.raises(services.CannotUndo):
        services.redo(edit=mine, user=dana)
    assert only(desk).enabled
