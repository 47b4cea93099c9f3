"""Steps taken back and done again, and two people on one panel."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.core.models import User
from agents.core.services import ensure_user
from agents.panels import history, services
from agents.panels.models import Action, Agent, Edit, mark_of
from tests.panels.posting import posted

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def dana() -> User:
    """Somebody who builds."""
    return ensure_user(email="dana@example.com", role="builder")


@pytest.fixture
def agent(dana: User) -> Agent:
    """A panel with two cards."""
    made = services.create_agent(name="Desk", kind="voice")
    Action.objects.filter(panel=made.panel).delete()
    for slug in ("end_call", "set_dnc"):
        services.add_action(panel=made.panel, slug=slug, user=dana)
    return made


def state(agent: Agent) -> Any:
    """Everything that a step can change."""
    agent.panel.refresh_from_db()
    rows = Action.objects.filter(panel=agent.panel).values("uid", *history.FIELDS)
    return agent.panel.instructions, list(rows)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "delete", "move", "toggle", "when", "copy", "text"]),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=10,
)


def do(agent: Agent, what: str, number: int, user: User) -> None:
    """One random step."""
    rows = list(Action.objects.filter(panel=agent.panel))
    row = rows[number % len(rows)] if rows else None
    if what == "text":
        services.save_instructions(panel=agent.panel, text=f"Text {number}", user=user)
        Edit.objects.update(at="2020-01-01T00:00:00Z")  # typing within 20 s would be one step
    elif what == "add" or row is None:
        services.add_action(panel=agent.panel, slug="end_call", user=user)
    elif what == "delete":
        services.delete_action(action=row, user=user)
    elif what == "move":
        services.move_action(action=row, to=number, user=user)
    elif what == "toggle":
        services.set_enabled(action=row, enabled=not row.enabled, user=user)
    elif what == "when":
        draft = services.ActionDraft(when=f"when {number}", config=row.config)
        services.save_action(action=row, draft=draft, user=user)
    else:
        services.duplicate_action(action=row, user=user)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_all_steps_undone_give_the_first_state_and_redone_the_last(
    steps: list[tuple[str, int]],
) -> None:
    dana = ensure_user(email="dana@example.com", role="builder")
    agent = services.create_agent(name="Desk", kind="voice")
    Edit.objects.all().delete()
    first = state(agent)
    for what, number in steps:
        do(agent, what, number, dana)
    last, count = state(agent), 0
    while edit := history.last_step(agent.panel, dana):
        services.undo(edit=edit, user=dana)
        count += 1
    assert state(agent) == first
    for _ in range(count):
        edit = history.last_undone(agent.panel, dana)
        assert edit is not None
        services.redo(edit=edit, user=dana)
    assert state(agent) == last


def test_undo_and_redo_name_their_step(agent: Agent, client_for: Any) -> None:
    builder: Client = client_for("builder")
    user = User.objects.get(pk=builder.session["_auth_user_id"])
    row = agent.panel.actions.first()
    assert row is not None
    services.set_enabled(action=row, enabled=False, user=user)
    url = reverse("panels:step", args=[agent.uuid, "undo"])
    answer = builder.post(url, headers=HTMX)
    assert json.loads(answer["HX-Trigger"])["toast"]["text"] == "Undone: End call disabled"
    assert "Redo: End call disabled" in answer.content.decode()
    row.refresh_from_db()
    assert row.enabled
    builder.post(reverse("panels:step", args=[agent.uuid, "redo"]), headers=HTMX)
    row.refresh_from_db()
    assert not row.enabled
    builder.post(url, headers=HTMX)
    empty = builder.post(url, headers=HTMX)
    assert json.loads(empty["HX-Trigger"])["toast"]["text"] == "There is nothing to undo."


def test_ones_undo_leaves_what_the_other_one_did(agent: Agent, dana: User) -> None:
    eli = ensure_user(email="eli@example.com", role="builder")
    first, second = agent.panel.actions.all()
    services.set_enabled(action=first, enabled=False, user=dana)
    services.set_enabled(action=second, enabled=False, user=eli)
    mine = history.last_step(agent.panel, dana)
    assert mine is not None
    services.undo(edit=mine, user=dana)
    assert [row.enabled for row in agent.panel.actions.all()] == [True, False]
    services.set_enabled(action=first, enabled=False, user=dana)
    first.refresh_from_db()
    services.save_action(action=first, draft=services.ActionDraft(when="now"), user=eli)
    services.set_enabled(action=first, enabled=True, user=eli)
    mine = history.last_step(agent.panel, dana)
    assert mine is not None
    with pytest.raises(services.CannotUndo, match=r"eli@example\.com has changed this action"):
        services.undo(edit=mine, user=dana)


def test_a_card_that_both_changed_shows_both_and_asks(
    agent: Agent, dana: User, client_for: Any
) -> None:
    builder: Client = client_for("builder")
    row = agent.panel.actions.first()
    assert row is not None
    url = reverse("panels:action", args=[agent.uuid, row.uid])
    mine = posted(row, "the caller is done")
    services.save_action(
        action=row, draft=services.ActionDraft(when="the caller says bye", config=row.config),
        user=dana,
    )  # fmt: skip
    page = builder.post(url, mine, headers=HTMX).content.decode()
    assert "dana@example.com" in page and "Keep mine" in page and "Take theirs" in page
    assert "says bye" in page and "is done" in page
    row.refresh_from_db()
    assert row.when == "the caller says bye", "nothing is lost yet"
    again = builder.post(url, {**mine, "revision": str(row.revision)}, headers=HTMX)
    row.refresh_from_db()
    assert row.when == "the caller is done" and "Keep mine" not in again.content.decode()


def test_the_same_change_twice_asks_nothing(agent: Agent, dana: User, client_for: Any) -> None:
    builder: Client = client_for("builder")
    row = agent.panel.actions.first()
    assert row is not None
    url = reverse("panels:action", args=[agent.uuid, row.uid])
    builder.post(url, posted(row, "the caller is done"), headers=HTMX)
    old = posted(row, "the caller is done")
    row.refresh_from_db()
    assert int(old["revision"]) < row.revision
    assert "Keep mine" not in builder.post(url, old, headers=HTMX).content.decode()


def test_instructions_that_both_changed_ask(agent: Agent, dana: User, client_for: Any) -> None:
    builder: Client = client_for("builder")
    url = reverse("panels:save_instructions", args=[agent.uuid])
    services.save_instructions(panel=agent.panel, text="Theirs", user=dana)
    old = {"instructions": "Mine", "was": mark_of("")}
    page = builder.post(url, old, headers=HTMX).content.decode()
    assert "dana@example.com" in page and "Keep mine" in page
    agent.panel.refresh_from_db()
    assert agent.panel.instructions == "Theirs"
    builder.post(url, {**old, "mine": mark_of("Theirs")}, headers=HTMX)
    agent.panel.refresh_from_db()
    assert agent.panel.instructions == "Mine"


def test_news_come_only_where_there_are_some(agent: Agent, dana: User, client_for: Any) -> None:
    builder: Client = client_for("builder")
    url = reverse("panels:news", args=[agent.uuid])
    agent.panel.refresh_from_db()
    seen = {"seen": str(agent.panel.revision)}
    assert builder.get(url, seen).status_code == 204
    services.add_action(panel=agent.panel, slug="transfer_call", user=dana)
    page = builder.get(url, seen)
    assert page.status_code == 200 and "Transfer call" in page.content.decode()


def test_sixty_cards_cost_as_many_queries_as_six(
    client_for: Any, django_assert_max_num_queries: Any
) -> None:
    builder: Client = client_for("builder")
    made = services.create_agent(name="Many", kind="voice")
    for _ in range(60):
        services.add_action(panel=made.panel, slug="communication_tag")
    page, moved = (
        reverse(f"panels:{name}", args=[made.uuid]) for name in ("instructions", "order")
    )
    rows = list(made.panel.actions.all())
    with django_assert_max_num_queries(40):
        assert builder.get(page).status_code == 200
    order = [str(row.uid) for row in [*rows[1:], rows[0]]]
    with django_assert_max_num_queries(40):
        builder.post(moved, {"order": order}, headers=HTMX)
    url = reverse("panels:action", args=[made.uuid, rows[0].uid])
    with django_assert_max_num_queries(60):
        builder.post(url, posted(rows[0], "now"), headers=HTMX)
