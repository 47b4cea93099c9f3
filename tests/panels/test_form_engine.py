"""The form engine from the outside: what is posted, what is stored, what is drawn again."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from actions.base import ActionType
from agents.contacts.models import Tag
from agents.panels.forms import check, edit, read, tree_of
from agents.panels.forms.shape import shown
from agents.panels.models import Action
from agents.routing.models import Person
from tests.panels.conftest import HTMX, Dropped, filled, query, url_of


def save(client: Client, action: Action, **changes: object) -> str:
    answer = client.post(url_of(action), filled(**changes), headers=HTMX)
    assert answer.status_code == 200
    action.refresh_from_db()
    return answer.content.decode()


def test_everything_posted_is_stored(builder: Client, action: Action, ana: Person) -> None:
    tag = Tag.objects.first()
    assert tag
    save(
        builder,
        action,
        **{
            "config.loud": "1",
            "config.tags": [f"tag:{tag.pk}"],
            "config.stops.a.who": f"person:{ana.pk}",
            "common.threshold": "90",
            "common.repeat": "once",
        },
    )
    assert action.when == "the caller asks for “stops”"
    assert (action.repeat, action.threshold) == ("once", 0.9)
    assert action.config["loud"] is True
    assert action.config["tags"] == [f"tag:{tag.pk}"]
    assert [stop["id"] for stop in action.config["stops"]] == ["a", "b"]
    assert action.config["stops"][0]["who"] == f"person:{ana.pk}"
    assert action.config["stops"][0]["notes"] == [{"id": "x", "text": "Hi [FirstName|there]"}]
    assert action.config["stops"][1]["seconds"] == 30


def test_rows_are_stored_in_page_order_with_their_ids(builder: Client, action: Action) -> None:
    save(builder, action, **{"config.stops": ["b", "a"]})
    assert [stop["id"] for stop in action.config["stops"]] == ["b", "a"]
    assert [stop["when"] for stop in action.config["stops"]] == ["second", "first"]


def test_a_row_that_is_not_sent_is_removed(builder: Client, action: Action) -> None:
    save(builder, action)
    save(builder, action, **{"config.stops": ["b"]})
    assert [stop["id"] for stop in action.config["stops"]] == ["b"]


def test_an_untouched_row_is_dropped(builder: Client, action: Action) -> None:
    extra = {
        "config.stops": ["a", "new"],
        "config.stops.new.who": "",
        "config.stops.new.when": "",
        "config.stops.new.seconds": "20",
    }
    save(builder, action, **extra)
    assert [stop["id"] for stop in action.config["stops"]] == ["a"]


def test_add_draws_one_more_row_and_stores_what_was_typed(builder: Client, action: Action) -> None:
    body = save(builder, action, op="add:config.stops", **{"config.title": "Half"})
    assert body.count('name="config.stops" value=') == 3
    assert "Half" in body
    assert action.config["title"] == "Half" and len(action.config["stops"]) == 2


def test_add_inside_a_row(builder: Client, action: Action) -> None:
    body = save(builder, action, op="add:config.stops.a.notes")
    assert body.count('name="config.stops.a.notes" value=') == 2
    assert "config.stops.b.notes" in body
    assert body.count('name="config.stops.b.notes" value=') == 0


def test_no_more_rows_than_allowed() -> None:
    tree = tree_of(Dropped.Config, {"stops": [{"id": "a", "notes": [{"id": n} for n in "xyz"]}]})
    edit(Dropped.Config, tree, "add:stops.a.notes")
    assert len(tree["stops"][0]["notes"]) == 3


@pytest.mark.parametrize("op", ["add:", "add:nowhere", "add:title", "add:stops.zz.notes", "x:y"])
def test_an_operation_that_leads_nowhere_changes_nothing(op: str) -> None:
    tree = tree_of(Dropped.Config, {"stops": [{"id": "a"}]})
    before = repr(tree)
    assert repr(edit(Dropped.Config, tree, op)) == before


def test_a_hidden_value_that_is_wrong_stops_nothing(builder: Client, action: Action) -> None:
    body = save(builder, action, **{"config.colour": "x" * 300})
    assert "to correct" not in body
    action.refresh_from_db()
    assert action.config["colour"] == ""


def test_change_shows_what_hangs_on_a_choice(builder: Client, action: Action) -> None:
    plain = save(builder, action, op="change")
    fancy = save(builder, action, op="change", **{"config.kind": "fancy"})
    hidden = re.compile(r"<div class=\"field\" hidden [^>]*>(?:(?!</div>).)*config\.colour", re.S)
    assert hidden.search(plain)
    assert not hidden.search(fancy)


def test_a_hidden_value_is_not_lost(builder: Client, action: Action) -> None:
    save(builder, action, **{"config.colour": "green"})
    assert action.config["colour"] == "green"


def test_each_error_stands_at_its_place_and_nothing_is_lost(
    builder: Client, action: Action
) -> None:
    body = save(
        builder,
        action,
        **{
            "config.title": "x" * 50,
            "config.stops.b.seconds": "soon",
            "config.stops.a.notes.x.text": "Hi [FirstNme]",
            "common.n": "2000",
        },
    )
    prefix = f"f{action.uid.hex[:8]}"
    for path, sentence in (
        ("config-title", "At most 40 characters."),
        ("config-stops-b-seconds", "Enter a whole number."),
        ("config-stops-a-notes-x-text", "did you mean FirstName?"),
        ("common-n", "At most 1000"),
    ):
        error = re.search(rf'id="{prefix}-{path}-error">.*?</p>', body, re.DOTALL)
        assert error and sentence in error.group()
    assert "x" * 50 in body and 'value="soon"' in body and "Hi [FirstNme]" in body
    assert "Not saved" in body
    assert action.config == {}


def test_what_is_only_incomplete_is_stored_as_a_draft(builder: Client, action: Action) -> None:
    body = save(builder, action, **{"config.stops": None, "config.title": "Half"})
    assert "Add at least one stop." in body
    assert "Saved, 1 to complete" in body
    assert action.config["title"] == "Half"


def test_a_deleted_pick_stays_as_missing(builder: Client, action: Action, ana: Person) -> None:
    ref = f"person:{ana.pk}"
    ana.delete()
    body = save(builder, action, **{"config.stops.a.who": ref})
    assert f"Missing: {ref.replace(':', ' ')}" in body
    assert "This was deleted. Pick another one." in body
    assert action.config["stops"][0]["who"] == ref


def test_a_pick_of_another_kind_is_not_taken(dropped: type[ActionType], basics: None) -> None:
    tag = Tag.objects.first()
    assert tag
    tree = tree_of(Dropped.Config, {"stops": [{"id": "a", "who": f"tag:{tag.pk}"}]})
    assert ("stops", 0, "who") in check(Dropped.Config, tree).errors


def test_statuses_follow_the_pipeline(builder: Client, action: Action) -> None:
    pipeline = {"config.pipeline": "hubspot_pipeline:practice-installs"}
    body = save(builder, action, op="change", **pipeline)
    assert "practice-installs-done" in body
    assert "practice-support-new" not in body
    wrong = {"config.status": "hubspot_status:practice-support-new"}
    body = save(builder, action, **pipeline, **wrong)
    assert "does not belong" in body


def test_an_enter_key_saves_and_does_not_add(builder: Client, action: Action) -> None:
    body = builder.get(url_of(action), headers=HTMX).content.decode()
    form = body[body.index("<form") :]
    assert form.index("<button") == form.index('<button class="unseen" tabindex="-1"')


def test_ids_are_stable(builder: Client, action: Action) -> None:
    save(builder, action)
    first = builder.get(url_of(action), headers=HTMX).content.decode()
    second = builder.get(url_of(action), headers=HTMX).content.decode()
    ids = re.compile(r' id="([^"]+)"')
    assert ids.findall(first) == ids.findall(second)
    assert len(ids.findall(first)) == len(set(ids.findall(first)))


NASTY = ("<script>alert(1)</script>", "😀 " * 3, "‏שלום עולם‏", "a\x00b", "x\ud800y", "{{ x }}")


@pytest.mark.parametrize("text", NASTY)
def test_any_text_is_kept_as_text(builder: Client, action: Action, text: str) -> None:
    sent = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    body = save(builder, action, **{"config.title": sent[:40], "common.when": sent})
    assert "<script>alert" not in body
    assert "\x00" not in action.when
    assert action.when.strip()


def test_a_hundred_thousand_characters_are_refused_and_kept(
    builder: Client, action: Action
) -> None:
    body = save(builder, action, **{"common.when": "x" * 100_000})
    assert "At most 1000 characters." in body
    assert body.count("x" * 1000) >= 1
    assert action.when == ""


def test_reading_bounds_the_number_of_rows() -> None:
    tree = read(Dropped.Config, query({"config.stops": [str(n) for n in range(5000)]}), "config")
    assert len(tree["stops"]) == 200


@pytest.mark.parametrize(
    ("rule", "value", "there"),
    [
        ({"a": "x"}, {"a": "x"}, True),
        ({"a": ("x", "y")}, {"a": "z"}, False),
        ({"a": ("x", "y")}, {"a": "y"}, True),
        ({"a": True}, {"a": True}, True),
        ({"a": True}, {"a": False}, False),
        ({"a": False}, {"a": False}, True),
        ({"a": "x", "b": "y"}, {"a": "x", "b": "z"}, False),
        ({}, {}, True),
    ],
)
def test_show_if(rule: dict[str, object], value: dict[str, object], there: bool) -> None:
    assert shown(rule, value) is there
