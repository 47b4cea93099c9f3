"""Panels that earlier releases stored: read, drawn, published and tried, whatever they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from actions import registry
from actions.base import ActionType, Outcome, Row, Settings
from actions.fields import line, rows
from actions.stored import current, known_part, read_config
from agents.conversations.reasons import Reason
from agents.core import picks
from agents.engine.compiled import compile_version
from agents.panels import services
from agents.panels.freeze import content_of, refs_of
from agents.panels.linter import lint
from agents.panels.models import Action, Agent
from agents.panels.schema import SCHEMA, AgentSettings
from agents.panels.stored import (
    config_of,
    event_of,
    read_content,
    read_frozen,
    read_settings,
    stored_settings,
)
from agents.tryit.services import start_test
from tests.conversations.factories import make_agent, make_conversation, make_run, make_turn
from tests.engine.world import World, action, join
from tests.panels.conftest import HTMX
from tests.panels.posting import posted
from tests.versions import STORED, Stored, put_back, stored

pytestmark = pytest.mark.django_db


def strange(value: Any, key: str = "") -> Any:
    """The same with a field that nobody knows in every object, but where keys are free."""
    if isinstance(value, list):
        return [strange(item) for item in value]
    if not isinstance(value, dict) or key in ("names", "changes"):
        return value
    made = {name: strange(item, name) for name, item in value.items()}
    return made | {"from_the_future": {"deep": [1]}}


def bare(content: Stored) -> Stored:
    """The same as if all that may be missing had come with a later release."""
    needed = ("agent_uuid", "agent_name", "kind", "actions", "names")
    made = {name: content[name] for name in needed}
    kept = ("uid", "type", "position", "when", "moment", "config")
    made["actions"] = [{name: one[name] for name in kept} for one in made["actions"]]
    return made | {"settings": {}}


def unknown(content: Stored) -> Stored:
    """The same with a type in it that is not installed."""
    gone = action("gone_type", config={"any": [1]}, position=99, event={"kind": "eclipse"})
    return {**content, "actions": [*content["actions"], gone]}


CHANGES: dict[str, Callable[[Stored], Stored]] = {
    "as it was": lambda content: content,
    "with unknown fields": strange,
    "without new fields": bare,
    "with an unknown type": unknown,
}


def changed(name: str, how: str) -> Stored:
    """A stored panel, changed as a whole."""
    found, change = stored(name), CHANGES[how]
    found["version"] = change(found["version"])
    if how == "with unknown fields":
        found["agent"]["settings"] = strange(found["agent"]["settings"])
        for row in found["actions"]:
            row.update({part: strange(row[part]) for part in ("config", "event", "only_if")})
    if how == "with an unknown type":
        gone = found["version"]["actions"][-1]
        found["actions"].append({**found["actions"][0], **gone, "only_if": [{"kind": "new"}]})
    return found


@pytest.fixture(params=STORED)
def name(request: pytest.FixtureRequest, basics: None) -> str:
    """Each file of the folder."""
    return str(request.param)


@pytest.fixture(params=CHANGES)
def how(request: pytest.FixtureRequest) -> str:
    """Each way in which it may differ from today."""
    return str(request.param)


def talk(agent: Agent, kind: str) -> World:
    """A practice conversation on the live version."""
    version = agent.live_version
    assert version is not None
    row = make_conversation(
        agent, version=version, channel="voice" if kind == "voice" else "chat", sandbox=True
    )
    world = join(row, practice=True)
    world.do(world.session.greet())
    world.say("My name is Maria Lopez, the contact asks for it")
    return world


def test_there_are_files(basics: None) -> None:
    kinds = {row["type"] for name in STORED for row in stored(name)["actions"]}
    assert kinds == {kind.slug for kind in registry.all_types()}
    assert {stored(name)["agent"]["kind"] for name in STORED} == {"voice", "text"}


def test_it_compiles_and_a_conversation_runs_on_it(name: str, how: str) -> None:
    found = changed(name, how)
    version = compile_version(1, read_content(found["version"]))
    assert len(version.actions) == len(found["version"]["actions"])
    for one in version.actions:
        wanted = Reason.UNAVAILABLE_TYPE if one.frozen.type == "gone_type" else None
        assert one.problem is wanted, one.label
    world = talk(put_back(found), found["agent"]["kind"])
    assert world.heard.all
    decided = [entry["type"] for entry in world.row().turns.last().decisions]
    assert sorted(decided) == sorted(one["type"] for one in found["version"]["actions"])


def test_its_pages_render(name: str, how: str, builder: Client) -> None:
    agent = put_back(changed(name, how))
    pages = [reverse(f"panels:{page}", args=[agent.uuid]) for page in (
        "instructions", "versions", "settings", "publish", "news",
    )]  # fmt: skip
    pages += [reverse("panels:restore_version", args=[agent.uuid, 1]), reverse("panels:agents")]
    pages += [f"{pages[1]}?old=1&new=draft"]
    for row in agent.panel.actions.all():
        pages.append(reverse("panels:action", args=[agent.uuid, row.uid]))
    for page in pages:
        assert builder.get(page, headers=HTMX).status_code == 200, page
    world = talk(agent, agent.kind)
    page = reverse("conversations:detail", args=[world.row().pk])
    assert builder.get(page).status_code == 200


@pytest.mark.parametrize("how", ["as it was", "with unknown fields"])
def test_the_draft_is_what_was_published(name: str, how: str) -> None:
    agent = put_back(changed(name, how))
    assert agent.live_version is not None
    then, now = read_content(agent.live_version.content), content_of(agent.panel)
    assert then.actions == now.actions and then.settings == now.settings


def test_it_is_restored_edited_and_tried(name: str, how: str, builder: Client) -> None:
    agent = put_back(changed(name, how))
    assert agent.live_version is not None
    services.restore_version(version=agent.live_version)
    row = agent.panel.actions.exclude(type="gone_type").first()
    assert row is not None
    url = reverse("panels:action", args=[agent.uuid, row.uid])
    assert "Keep mine" not in builder.post(url, posted(row, "now"), headers=HTMX).content.decode()
    row.refresh_from_db()
    assert row.when == "now" and "from_the_future" not in orjson.dumps(row.config).decode()
    agent.refresh_from_db()
    assert agent.settings["schema_version"] == SCHEMA
    test = start_test(
        agent=agent, contact=None, channel="voice" if agent.kind == "voice" else "chat",
        direction="inbound", attempt=1, user=None,
    )  # fmt: skip
    assert test.version.content["schema_version"] == SCHEMA


# --- one type with an earlier schema --------------------------------------------------------------


class Stop(Row):
    """A row with a new name."""

    place: str = line("Place")


class Tour(ActionType):
    """A type whose settings have changed twice."""

    slug, label, group, icon = "tour", "Tour", "Messaging", "zap"
    schema_version = 3

    class Config(Settings):
        """What it is now."""

        title: str = line("Title")
        stops: list[Stop] = rows("Stops", min=1)

    def upgrade(self, config: dict[str, Any], version: int) -> dict[str, Any]:
        """1 called the title a name, 2 had one stop."""
        if version < 2:
            config["title"] = config.pop("name", "")
        if version < 3:
            config["stops"] = [{"id": "1", "place": config.pop("stop", "")}]
        return config

    def summary(self, config: Any, names: Any) -> str:
        """Where it goes."""
        return f"go to {', '.join(stop.place for stop in config.stops)}"

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """Nothing."""
        return Outcome(config.title)


@pytest.fixture
def tour() -> Iterator[type[ActionType]]:
    """The catalog with it."""
    registry.all_types()
    registry.register(Tour)
    yield Tour
    registry.unregister("tour")


OLD = {"name": "Harbour", "stop": "Pier 7", "dropped": True}
NEW = {"title": "Harbour", "stops": [{"id": "1", "place": "Pier 7"}]}


@pytest.fixture
def old(agent: Agent, tour: type[ActionType]) -> Action:
    """A card that the first schema stored."""
    return Action.objects.create(
        panel=agent.panel, type="tour", when="the contact asks for it", config=dict(OLD)
    )


def test_each_schema_is_led_to_the_present_one(tour: type[ActionType]) -> None:
    kind = registry.get("tour")
    assert kind is not None
    assert current(kind, OLD, 1) == NEW and OLD["name"] == "Harbour"
    assert current(kind, {"title": "Harbour", "stop": "Pier 7"}, 2) == NEW
    assert current(kind, NEW, 3) == NEW and current(kind, NEW, 9) == NEW
    assert read_config(kind, OLD, 1).stops[0].place == "Pier 7"


def test_an_old_card_is_shown_and_stored_as_it_is_now(old: Action, builder: Client) -> None:
    agent = old.panel.agent
    page = builder.get(reverse("panels:instructions", args=[agent.uuid])).content.decode()
    assert "go to Pier 7" in page and "not complete" not in page
    opened = reverse("panels:action", args=[agent.uuid, old.uid])
    form = builder.get(opened, headers=HTMX).content.decode()
    assert 'value="Pier 7"' in form and 'value="Harbour"' in form
    assert config_of(old) == NEW and not [f for f in lint(old.panel) if f.level == "error"]
    draft = services.draft_of(old)
    services.save_action(action=old, draft=draft)
    old.refresh_from_db()
    assert (old.config, old.schema_version) == (NEW, 3)
    services.save_action(action=old, draft=services.ActionDraft(when="x", config=config_of(old)))
    old.refresh_from_db()
    assert (old.config, old.schema_version) == (NEW, 3), "it is upgraded once"


def test_what_differs_from_an_old_card_is_said_once(old: Action, builder: Client) -> None:
    agent = old.panel.agent
    url = reverse("panels:action", args=[agent.uuid, old.uid])
    mine = posted(old, "mine") | {
        "config.title": "Harbour", "config.stops": ["1"], "config.stops.1.place": "Pier 8",
    }  # fmt: skip
    services.save_action(action=old, draft=services.ActionDraft(when="theirs", config=NEW))
    page = builder.post(url, mine, headers=HTMX).content.decode()
    assert "Keep mine" in page and "Pier 7" in page and "Pier 8" in page
    assert "dropped" not in page


def test_an_old_version_is_compiled_and_restored(old: Action) -> None:
    agent = old.panel.agent
    frozen = {"uid": str(old.uid), "type": "tour", "position": 0, "config": OLD}
    content = {**content_of(agent.panel).model_dump(mode="json"), "actions": [frozen]}
    read = read_content(content)
    assert read.actions[0].config == NEW and read.actions[0].schema_version == 3
    one = compile_version(1, read).actions[0]
    assert one.problem is None and one.config.title == "Harbour"
    services.restore_version(version=agent.versions.create(digest="1", number=1, content=content))
    old.refresh_from_db()
    assert (old.config, old.schema_version) == (NEW, 3)


# --- settings and parts that do not fit -----------------------------------------------------------


def test_utc_of_an_earlier_release_was_nobody_s_choice() -> None:
    hours = {"zone": "UTC", "monday": "8:00-18:00"}
    assert read_settings({"hours": hours}).hours.zone == ""
    assert read_settings({"hours": hours}).hours.monday == "8:00-18:00"
    assert read_settings({"hours": {"zone": "Europe/Berlin"}}).hours.zone == "Europe/Berlin"
    chosen = stored_settings(AgentSettings.model_validate({"hours": hours}))
    assert read_settings(chosen).hours.zone == "UTC", "now it is one"


def test_a_value_that_does_not_fit_is_its_default_and_the_rest_stays() -> None:
    found = read_settings(
        {
            "greeting": "Hi.", "language": "tlh", "threshold": 900, "max_turns": "many",
            "hours": {"zone": "Mars/North", "monday": "8:00-18:00", "tuesday": "dawn"},
        }
    )  # fmt: skip
    assert (found.greeting, found.language, found.threshold) == ("Hi.", "en", None)
    assert (found.hours.zone, found.hours.monday, found.hours.tuesday) == ("", "8:00-18:00", "")
    assert read_settings({"hours": "always"}) == AgentSettings()


def test_a_setting_that_is_saved_keeps_the_others_and_drops_what_is_unknown(agent: Agent) -> None:
    Agent.objects.update(settings={"business": "Acme", "hours": {"zone": "UTC"}, "gone": 1})
    agent.refresh_from_db()
    settings = AgentSettings(greeting="Good day.", business="not saved with it")
    services.save_settings(agent=agent, settings=settings, fields=["greeting"])
    agent.refresh_from_db()
    assert agent.settings["greeting"] == "Good day." and agent.settings["business"] == "Acme"
    assert "gone" not in agent.settings and read_settings(agent.settings).hours.zone == ""


def test_an_action_that_cannot_be_read_stays_and_is_switched_off() -> None:
    found = read_frozen(action("end_call", event={"kind": "eclipse"}, cool_down="long"))
    assert (found.type, found.enabled, found.when) == ("end_call", False, "it is so")


def test_an_unknown_event_and_an_unknown_condition_break_no_page(
    agent: Agent, builder: Client
) -> None:
    row = Action.objects.create(
        panel=agent.panel, type="send_sms", moment="idle", event={"kind": "eclipse", "n": 0},
        only_if=[{"kind": "tide", "height": 3}, {"kind": "said", "value": "x", "more": 1}],
    )  # fmt: skip
    assert event_of(row).kind == "always"
    page = builder.get(reverse("panels:instructions", args=[agent.uuid]) + f"?open={row.uid}")
    assert page.status_code == 200 and refs_of(row) == []


def test_forms_stay_strict() -> None:
    kind = registry.get("end_call")
    assert kind is not None
    with pytest.raises(ValueError, match="Extra inputs"):
        kind.Config.model_validate({"from_the_future": 1})
    assert known_part(kind.Config, {"from_the_future": 1}) == {}
    assert known_part(kind.Config, "none") == "none"


# --- runs of a type that is no more ---------------------------------------------------------------


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("run_line", ["Rang the bell", ""])
def test_a_run_of_an_unknown_type_is_shown_greyed(
    client_for: Callable[[str], Client], listed: bool, run_line: str
) -> None:
    row = make_conversation(make_agent(), sandbox=True)
    uid = "6b0f3c70-0000-4000-8000-000000000001"
    entry = {"action": uid, "type": "ring_bell", "code": "fired"}
    turn = make_turn(row, 1, inbound="Hi", decisions=[entry] if listed else [])
    make_run(turn, "ring_bell", line=run_line, effects=[{"line": "Bell: rung"}])
    turn.runs.update(action_uid=uid)
    client = client_for("support")
    for page in (
        reverse("conversations:detail", args=[row.pk]),
        reverse("conversations:detail", args=[row.pk]) + "?tab=decisions",
        reverse("conversations:turn", args=[row.pk, 1]),
    ):
        html = client.get(page).content.decode()
        if listed:
            assert "Ring bell" in html and 'title="No longer installed"' in html
            assert run_line in html


def test_every_reference_kind_is_registered(basics: None) -> None:
    refs = [ref for name in STORED for ref in stored(name)["version"]["names"]]
    assert all(picks.kind(picks.split(ref)[0]) for ref in refs)
