"""The builder's pages and cards through the client."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions import registry
from actions.base import ActionType, Names
from agents.conversations.models import Conversation, DailyCount
from agents.panels import services
from agents.panels.models import Action, Agent
from tests.panels.conftest import HTMX, filled, url_of

PAGES = ("instructions", "settings", "versions", "publish")


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_admins_and_builders(
    client_for: Callable[[str], Client], agent: Agent, name: str
) -> None:
    url = reverse(f"panels:{name}", args=[agent.uuid])
    assert client_for("admin").get(url).status_code == 200
    assert client_for("builder").get(url).status_code == 200
    assert client_for("support").get(url).status_code == 403
    answer = Client().get(url)
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/enter/")


def test_a_part_sends_a_stranger_to_the_whole_page(agent: Agent) -> None:
    answer = Client().get(reverse("panels:agents"), headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/"


def test_every_write_is_refused_to_support(
    client_for: Callable[[str], Client], action: Action
) -> None:
    support = client_for("support")
    for name in ("action", "move", "duplicate", "toggle", "delete", "restore"):
        assert support.post(url_of(action, name)).status_code == 403
    assert Action.objects.get() == action


def test_another_agents_action_is_not_there(builder: Client, action: Action) -> None:
    other = services.create_agent(name="Other", kind="voice")
    url = reverse("panels:action", args=[other.uuid, action.uid])
    assert builder.get(url).status_code == 404


def test_no_agents_yet(builder: Client, basics: None) -> None:
    assert "No agents yet" in builder.get(reverse("panels:agents")).content.decode()


def test_agent_cards(builder: Client, agent: Agent, action: Action) -> None:
    services.create_agent(name="<b>Text</b>", kind="text")
    body = builder.get(reverse("panels:agents")).content.decode()
    assert "Front desk" in body and "1 action" in body and "to correct" in body
    assert "&lt;b&gt;Text&lt;/b&gt;" in body


def test_a_card_counts_todays_conversations(builder: Client, agent: Agent) -> None:
    version = services.freeze_panel(panel=agent.panel)
    for sandbox in (False, True):
        Conversation.everything.create(
            agent=agent, version=version, channel="voice", direction="inbound", sandbox=sandbox
        )
    body = builder.get(reverse("panels:agents")).content.decode()
    assert "<dd>1</dd>" in body


def test_a_new_agent(builder: Client, basics: None) -> None:
    url = reverse("panels:new")
    refused = builder.post(url, {"settings.name": " ", "settings.kind": "text"}, headers=HTMX)
    assert "Enter a name." in refused.content.decode()
    data = {"settings.name": "Night", "settings.kind": "text", "settings.starter": ""}
    answer = builder.post(url, data, headers=HTMX)
    agent = Agent.objects.get(name="Night")
    assert agent.kind == "text"
    assert answer.headers["HX-Redirect"] == reverse("panels:instructions", args=[agent.uuid])


def test_pause_and_go_on(builder: Client, agent: Agent) -> None:
    url = reverse("panels:pause", args=[agent.uuid])
    for expected in (True, False):
        builder.post(url)
        agent.refresh_from_db()
        assert agent.paused is expected


def test_instructions_save_themselves(builder: Client, agent: Agent) -> None:
    url = reverse("panels:save_instructions", args=[agent.uuid])
    body = builder.post(url, {"instructions": "<b>Be</b> brief"}, headers=HTMX).content.decode()
    assert 'id="state"' in body and "hx-swap-oob" in body and "Saved" in body
    page = builder.get(reverse("panels:instructions", args=[agent.uuid])).content.decode()
    assert "&lt;b&gt;Be&lt;/b&gt; brief" in page


# --- cards ----------------------------------------------------------------------------------


def test_a_dropped_in_type_shows_up_everywhere(
    builder: Client, agent: Agent, dropped: type[ActionType]
) -> None:
    page = builder.get(reverse("panels:instructions", args=[agent.uuid])).content.decode()
    assert 'id="type-dropped"' in page and "Dropped in" in page
    url = reverse("panels:add_action", args=[agent.uuid])
    card = builder.post(url, {"type": "dropped"}, headers=HTMX).content.decode()
    assert "Stops" in card and 'name="config.title"' in card
    kind = registry.get("dropped")
    assert kind
    config = kind.Config.model_validate({"stops": [{"id": "a"}]})
    schema = kind.arguments(config, Names()).model_json_schema()
    assert list(schema["properties"]) == ["reason"]


def test_the_palette_offers_what_fits_the_agent(builder: Client, agent: Agent) -> None:
    text = services.create_agent(name="Text", kind="text")
    voice_page = builder.get(reverse("panels:instructions", args=[agent.uuid])).content.decode()
    text_page = builder.get(reverse("panels:instructions", args=[text.uuid])).content.decode()
    assert "type-transfer_call" in voice_page and "type-sms_sequence" not in voice_page
    assert "type-sms_sequence" in text_page and "type-transfer_call" not in text_page


def test_the_palette_begins_with_what_is_used_most(builder: Client, agent: Agent) -> None:
    page = builder.get(reverse("panels:instructions", args=[agent.uuid])).content.decode()
    shown = re.findall(r'id="type-(\w+)"', page)
    for first, then in (
        ("transfer_call", "assign_inbox"),
        ("send_sms", "summarize_note"),
        ("manage_appointment", "custom_function"),
    ):
        assert shown.index(first) < shown.index(then)


@pytest.mark.parametrize("kind", registry.all_types(), ids=lambda kind: kind.slug)
def test_every_type_has_a_form_that_saves_what_it_shows(
    builder: Client, basics: None, kind: ActionType
) -> None:
    channel = "voice" if any(c == "voice" for c in kind.channels) else "text"
    agent = services.create_agent(name="All", kind=channel)
    action = services.add_action(panel=agent.panel, slug=kind.slug)
    body = builder.get(url_of(action), headers=HTMX).content.decode()
    assert "Practice mode" in body and "<form" in body
    for example in kind.examples[:2]:
        config = kind.Config.model_validate(example.config).model_dump(mode="json")
        services.save_action(action=action, draft=services.ActionDraft(config=config))
        assert builder.get(url_of(action), headers=HTMX).status_code == 200


def test_a_card_by_its_address_is_the_whole_page(builder: Client, action: Action) -> None:
    body = builder.get(url_of(action)).content.decode()
    assert "<html" in body and f'id="form-{action.uid}"' in body


def test_opening_and_closing(builder: Client, action: Action) -> None:
    opened = builder.get(url_of(action), headers=HTMX).content.decode()
    closed = builder.get(url_of(action) + "?close=1", headers=HTMX).content.decode()
    assert 'aria-expanded="true"' in opened and "<form" in opened
    assert 'aria-expanded="false"' in closed and "<form" not in closed


def test_the_sentence_of_the_card(builder: Client, action: Action) -> None:
    guard = {"common.only_if": ["g"], "common.only_if.g.kind": "open"}
    builder.post(url_of(action), filled(**guard), headers=HTMX)
    body = builder.get(url_of(action) + "?close=1", headers=HTMX).content.decode()
    assert "<b>the caller asks for “stops”</b>, only if during business hours" in body


def test_only_if_shows_the_inputs_that_its_kind_uses(builder: Client, action: Action) -> None:
    row = {"common.only_if": ["g"], "op": "change"}
    for kind, there, gone in (
        ("turn_from", "common.only_if.g.number", "common.only_if.g.value"),
        ("said", "common.only_if.g.value", "common.only_if.g.ref"),
        ("has_tag", "common.only_if.g.ref", "common.only_if.g.number"),
    ):
        posted = filled(**row, **{"common.only_if.g.kind": kind})
        body = builder.post(url_of(action), posted, headers=HTMX).content.decode()
        assert f'name="{there}"' in body
        assert f'name="{gone}"' not in body


def test_waiting_for_an_action_offers_its_outcomes(builder: Client, action: Action) -> None:
    other = services.add_action(panel=action.panel, slug="transfer_call")
    posted = filled(
        op="change",
        **{
            "common.only_if": ["g"],
            "common.only_if.g.kind": "ended_with",
            "common.only_if.g.ref": f"action:{other.uid}",
        },
    )
    body = builder.post(url_of(action), posted, headers=HTMX).content.decode()
    kind = registry.get("transfer_call")
    assert kind
    for outcome in kind.outcomes:
        assert f'value="{outcome}"' in body


def test_event_moments_ask_for_the_event(builder: Client, action: Action) -> None:
    posted = filled(**{"common.moment": "no_answer", "common.no_answer": "attempt"})
    posted["common.n"] = "3"
    builder.post(url_of(action), posted, headers=HTMX)
    action.refresh_from_db()
    assert (action.moment, action.event) == ("no_answer", {"kind": "attempt", "n": 3})
    assert action.when == "the caller asks for “stops”"
    body = builder.get(url_of(action) + "?close=1", headers=HTMX).content.decode()
    assert "attempt 3 is not answered" in body


def test_an_illegal_moment_is_refused(builder: Client, agent: Agent) -> None:
    end = services.add_action(panel=agent.panel, slug="end_call")
    posted = filled(**{"common.moment": "idle", "config.closing_words": "Bye"})
    body = builder.post(url_of(end), posted, headers=HTMX).content.decode()
    assert "It cannot run at this moment." in body
    end.refresh_from_db()
    assert end.moment == "during"


def test_findings_stand_at_their_fields(builder: Client, agent: Agent) -> None:
    url = reverse("panels:add_action", args=[agent.uuid])
    fresh = builder.post(url, {"type": "send_sms"}, headers=HTMX).content.decode()
    assert "Write the message." not in fresh[fresh.index("<form") : fresh.index("</form>")]
    sms = Action.objects.get()
    later = builder.get(url_of(sms), headers=HTMX).content.decode()
    prefix = f"f{sms.uid.hex[:8]}"
    for field, sentence in (
        ("common-when", "Say when it should happen."),
        ("config-text", "Write the message."),
    ):
        place = later.index(f'id="{prefix}-{field}-error"')
        assert sentence in later[place : place + 400]


def test_a_card_says_how_often_it_fired(builder: Client, action: Action) -> None:
    for code, count in (("fired", 30), ("fired_by_rule", 8), ("condition_not_met", 5)):
        DailyCount.objects.create(
            day=timezone.localdate(), agent=action.panel.agent, action_uid=action.uid,
            code=code, count=count,
        )  # fmt: skip
    body = builder.get(url_of(action) + "?close=1", headers=HTMX).content.decode()
    assert "38 in 30 d" in body


def test_a_condition_that_is_no_more_is_said(builder: Client, action: Action) -> None:
    action.only_if = [{"id": "g", "kind": "weather"}, {"id": "h", "kind": 5}]
    action.save()
    body = builder.get(url_of(action), headers=HTMX).content.decode()
    assert "Only if: pick a condition." in body


def test_somebody_elses_change_is_not_overwritten_unseen(builder: Client, action: Action) -> None:
    old = {"revision": "0"}
    services.save_action(action=action, draft=services.ActionDraft(when="theirs"))
    body = builder.post(url_of(action), filled() | old, headers=HTMX).content.decode()
    assert "<b>Somebody</b> changed this action" in body and "the caller asks for “stops”" in body
    action.refresh_from_db()
    assert action.when == "theirs"
    again = {"revision": str(action.revision)}
    builder.post(url_of(action), filled() | again, headers=HTMX)
    action.refresh_from_db()
    assert action.when == "the caller asks for “stops”"


def test_practice_mode_is_said_while_typing(builder: Client, action: Action) -> None:
    url = url_of(action)
    known = builder.post(url, filled(auto="1"), headers=HTMX).content.decode()
    assert "stops" in known and "Needs a language model" not in known
    vague = filled(**{"common.when": "the vibe feels off", "auto": "1"})
    action.refresh_from_db()
    vague["revision"] = str(action.revision)
    assert "Needs a language model" in builder.post(url, vague, headers=HTMX).content.decode()


def test_what_a_type_needs_to_go_live_is_said(builder: Client, agent: Agent) -> None:
    sms = services.add_action(panel=agent.panel, slug="send_sms")
    body = builder.get(url_of(sms), headers=HTMX).content.decode()
    assert "Works in Try it; needs a telephone line to go live." in " ".join(body.split())


def test_duplicate_toggle_order(builder: Client, action: Action) -> None:
    builder.post(url_of(action, "duplicate"), headers=HTMX)
    first, second = action.panel.actions.all()
    builder.post(url_of(first, "toggle"), headers=HTMX)
    first.refresh_from_db()
    assert first.enabled is False and second.enabled is True
    url = reverse("panels:order", args=[action.panel.agent.uuid])
    builder.post(url, {"order": [str(second.uid), "nonsense", str(first.uid)]}, headers=HTMX)
    assert list(action.panel.actions.all()) == [second, first]


def test_delete_and_undo(builder: Client, action: Action) -> None:
    answer = builder.post(url_of(action, "delete"), headers=HTMX)
    toast: dict[str, Any] = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert not Action.objects.exists()
    body = builder.post(toast["undo"], headers=HTMX).content.decode()
    assert Action.objects.get().uid == action.uid
    assert f"action-{action.uid}" in body


def test_nothing_to_bring_back(builder: Client, action: Action) -> None:
    url = reverse("panels:restore", args=[action.panel.agent.uuid, uuid4()])
    assert builder.post(url).status_code == 404


def test_an_unknown_type_is_greyed_and_can_be_deleted(builder: Client, agent: Agent) -> None:
    gone = Action.objects.create(panel=agent.panel, type="gone", config={"a": 1}, event={})
    page = builder.get(reverse("panels:instructions", args=[agent.uuid])).content.decode()
    assert "not installed" in page
    assert builder.get(url_of(gone), headers=HTMX).status_code == 200
    assert builder.post(url_of(gone), headers=HTMX).status_code == 404
    assert builder.post(url_of(gone, "delete"), headers=HTMX).status_code == 200


def test_the_preview_counts_segments(builder: Client, basics: None) -> None:
    url = reverse("panels:preview") + "?field=t&sms=1&slots=s"
    body = builder.post(url, {"t": "Hi [FirstName|there]"}).content.decode()
    assert "Hi Maria" in body and "1 segment (GSM-7)" in body
    assert "because of “😀”" in builder.post(url, {"t": "Hi 😀"}).content.decode()
    assert "Unknown variable Topic" in builder.post(url, {"t": "[Topic]"}).content.decode()
    slots = {"t": "On [Topic]", "s": ["1"], "s.1.name": "Topic"}
    assert "Unknown" not in builder.post(url, slots).content.decode()
