"""The settings of an agent, section by section."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actions.languages import language
from agents.core import picks
from agents.panels import services
from agents.panels.freeze import settings_of
from agents.panels.linter import lint
from agents.panels.models import Action, Agent
from agents.panels.schema import AgentSettings
from agents.panels.sections import ONLY, SECTIONS
from agents.routing import services as routing
from agents.routing.models import Inbox
from integrations.services import save_connection
from tests.panels.conftest import HTMX, url_of

HOURS = {"settings.hours.zone": "Europe/Berlin", "settings.hours.monday": "8:00-18:00"}


def url(agent: Agent, slug: str) -> str:
    """Where a section is saved."""
    return reverse("panels:section", args=[agent.uuid, slug])


def posted(agent: Agent, slug: str, **changes: str) -> dict[str, Any]:
    """A section as it stands, with changes."""
    section = next(one for one in SECTIONS if one.slug == slug)
    stored = settings_of(agent.panel).model_dump()
    data = {f"settings.{name}": stored[name] for name in section.asked(agent.kind)}
    data.pop("settings.hours", None)
    data = {n: "" if v is None else v for n, v in data.items() if v is not False}
    return data | {"name": agent.name} | {f"settings.{k}": v for k, v in changes.items()}


def test_every_setting_stands_in_one_section() -> None:
    asked = [name for section in SECTIONS for name in section.fields]
    assert sorted(asked) == sorted(AgentSettings.model_fields)
    assert set(ONLY) <= set(asked)


@pytest.mark.parametrize("kind", ["voice", "text"])
def test_the_page_asks_what_the_agent_has(builder: Client, basics: None, kind: str) -> None:
    agent = services.create_agent(name="Desk", kind=kind)
    body = builder.get(reverse("panels:settings", args=[agent.uuid])).content.decode()
    for section in SECTIONS:
        assert f'id="{section.slug}"' in body
        for name in section.fields:
            there = f'name="settings.{name}' in body
            assert there == (name in section.asked(kind)), name


def test_a_section_keeps_what_was_typed_and_says_what_is_wrong(
    builder: Client, agent: Agent
) -> None:
    data = posted(agent, "hours")
    data |= {"settings.hours.zone": "Mars", "settings.hours.monday": "8-7"}
    body = builder.post(url(agent, "hours"), data, headers=HTMX).content.decode()
    assert "There is no time zone “Mars”." in body and "ends before it starts" in body
    assert 'value="Mars"' in body and 'value="8-7"' in body
    agent.refresh_from_db()
    assert settings_of(agent.panel).hours.zone == ""
    answer = builder.post(url(agent, "hours"), data)
    assert answer.headers["Location"].endswith("#hours"), "without scripts: the page again"
    whole = builder.get(answer.headers["Location"]).content.decode()
    assert 'value="Mars"' in whole and "1 card not saved" in whole
    builder.post(url(agent, "hours"), {"discard": "1"}, headers=HTMX)
    whole = builder.get(answer.headers["Location"]).content.decode()
    assert 'value="Mars"' not in whole and "not saved" not in whole


def test_a_section_saves_only_itself(builder: Client, agent: Agent) -> None:
    services.save_settings(agent=agent, settings=AgentSettings(greeting="Old.", max_turns=7))
    data = posted(agent, "models", threshold="90") | {"settings.greeting": "Not mine"}
    answer = builder.post(url(agent, "models"), data, headers=HTMX)
    assert answer.status_code == 200
    agent.refresh_from_db()
    found = settings_of(agent.panel)
    assert (found.threshold, found.greeting, found.max_turns) == (90, "Old.", 7)


def test_name_and_greeting(builder: Client, agent: Agent) -> None:
    data = posted(agent, "greeting", greeting="Good day.") | {"name": "Desk"}
    answer = builder.post(url(agent, "greeting"), data)
    agent.refresh_from_db()
    assert answer.status_code == 302 and answer.headers["Location"].endswith("#greeting")
    assert (agent.name, agent.settings["greeting"]) == ("Desk", "Good day.")
    body = builder.post(url(agent, "greeting"), data | {"name": " "}, headers=HTMX)
    assert "Enter a name." in body.content.decode()


def test_what_a_choice_needs_is_asked_for(builder: Client, agent: Agent) -> None:
    asked = posted(agent, "hours", outside_call="transfer", outside_words="") | {"op": "change"}
    asked |= {"settings.hours.zone": "UTC"}
    body = builder.post(url(agent, "hours"), asked, headers=HTMX).content.decode()
    assert "Transferred to" in body and "Pick where the call goes.</span>" not in body
    del asked["op"]
    body = builder.post(url(agent, "hours"), asked, headers=HTMX).content.decode()
    for said in ("Pick where the call goes.", "Fill this in.", "Fill in at least one day."):
        assert said in body
    inbox = Inbox.objects.create(name="Night")
    good = posted(
        agent, "hours", outside_call="message", outside_inbox=f"inbox:{inbox.pk}",
        outside_words="Leave a message.",
    )  # fmt: skip
    builder.post(url(agent, "hours"), good | HOURS, headers=HTMX)
    agent.refresh_from_db()
    assert settings_of(agent.panel).leaves_to == f"inbox:{inbox.pk}"


def test_what_the_settings_use_cannot_be_deleted(agent: Agent) -> None:
    inbox = Inbox.objects.create(name="Night")
    ref = f"inbox:{inbox.pk}"
    services.save_settings(
        agent=agent, settings=AgentSettings(outside_call="message", outside_inbox=ref)
    )
    assert [use.label for use in picks.uses(ref)] == ["Settings of Front desk"]
    with pytest.raises(routing.InUse):
        routing.delete_entry(row=inbox, ref=ref)


def test_a_destination_that_is_gone_is_a_finding(agent: Agent) -> None:
    settings = AgentSettings(outside_call="transfer", outside_ref="person:999")
    services.save_settings(agent=agent, settings=settings)
    agent.refresh_from_db()
    texts = [finding.text for finding in lint(agent.panel)]
    assert "Settings: the destination outside business hours was deleted." in texts
    assert "Settings: without business hours the agent is always open." in texts


def test_there_is_no_other_section(builder: Client, agent: Agent) -> None:
    assert builder.post(url(agent, "secrets"), {}).status_code == 404


def judged_by(kind: str) -> None:
    """A model server whose judge is asked in this way."""
    settings = {"base_url": "https://models.example/v1", "chat": "large", "judge_kind": kind}
    save_connection(vendor="model", name="Models", settings=settings, credentials={})


def threshold_help(client: Client, address: str, field: str) -> str:
    """What stands below a threshold."""
    body = client.get(address).content.decode()
    found = re.search(rf'id="[^"]*{field}-help">([^<]*)<', body)
    assert found, body
    return unescape(found[1])


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("decisions", "Leave empty for the judge’s default, 85 % with a decisions endpoint."),
        (
            "chat",
            "Leave empty for the judge’s default, 75 % with yes or no questions to a chat model.",
        ),
    ],
)
def test_the_threshold_says_what_it_means(
    builder: Client, agent: Agent, kind: str, said: str
) -> None:
    judged_by(kind)
    found = threshold_help(
        builder, reverse("panels:settings", args=[agent.uuid]), "settings-threshold"
    )
    assert said in found and "A higher number means fewer wrong actions" in found
    assert ("Only actions with consequences" in found) == (kind == "chat")


@pytest.mark.parametrize("kind", ["none", ""])
def test_without_a_judge_the_threshold_says_that_it_changes_nothing(
    builder: Client, agent: Agent, kind: str
) -> None:
    if kind:
        judged_by(kind)
    found = threshold_help(
        builder, reverse("panels:settings", args=[agent.uuid]), "settings-threshold"
    )
    assert "Changes nothing now, because no model judges." in found
    assert "85 % with a decisions endpoint" in found and "75 % with yes or no" in found


@pytest.mark.parametrize(
    ("own", "kind", "said"),
    [
        (None, "chat", "which is the judge’s default: 75 % with yes or no questions"),
        (70, "chat", "Leave empty for the agent’s own, 70 %."),
        (None, "none", "Changes nothing now: no model judges."),
    ],
)
def test_an_actions_threshold_names_what_counts_where_it_is_empty(
    builder: Client, action: Action, own: int | None, kind: str, said: str
) -> None:
    judged_by(kind)
    agent = action.panel.agent
    services.save_settings(agent=agent, settings=AgentSettings(threshold=own))
    assert said in threshold_help(builder, url_of(action), "common-threshold")


def test_an_empty_threshold_is_the_judges_and_an_old_number_stays(
    builder: Client, agent: Agent
) -> None:
    services.save_settings(agent=agent, settings=AgentSettings.model_validate({"threshold": 85}))
    assert settings_of(agent.panel).threshold == 85
    answer = builder.post(url(agent, "models"), posted(agent, "models", threshold=""), headers=HTMX)
    agent.refresh_from_db()
    assert answer.status_code == 200 and settings_of(agent.panel).threshold is None


# --- the first words ------------------------------------------------------------------------------


def first_words(agent: Agent, **settings: Any) -> list[tuple[str, str]]:
    """What the linter says about them."""
    stored = AgentSettings(**settings)
    services.save_settings(agent=agent, settings=stored, user=None)
    agent.refresh_from_db()
    return [(one.level, one.text) for one in lint(agent.panel) if one.settings == "greeting"]


def test_the_page_shows_both_greetings_as_they_are_spoken(builder: Client, agent: Agent) -> None:
    data = posted(agent, "greeting", greeting_out="Hi [FirstName|there], it is Acme.")
    body = unescape(builder.post(url(agent, "greeting"), data, headers=HTMX).content.decode())
    assert "Hello, how can I help you? I am an AI assistant." in body
    assert "Hi Maria, it is Acme. I am an AI assistant." in body
    data["settings.business"] = "Brightwave"
    data["settings.greeting_out"] = "Hi, this is the AI assistant of [BusinessName]."
    body = builder.post(url(agent, "greeting"), data | {"auto": "1"}, headers=HTMX).content.decode()
    spoken = body.partition('id="spoken-greeting"')[2].partition("</dl>")[0]
    assert "Hi, this is the AI assistant of Brightwave.</dd>" in spoken


def test_a_disclosure_that_is_missing_is_warned_of(agent: Agent) -> None:
    assert first_words(agent) == []
    assert first_words(agent, disclosure="", greeting_out="Hi, it is Acme.") == [
        (
            "warning",
            "Settings: the greeting and the greeting of outgoing calls must say that an AI "
            "speaks. Complete the words.",
        )
    ]
    assert first_words(agent, disclosure="", greeting="I am the AI assistant.") == []
    assert first_words(agent, disclosure="", greeting_out="Hi.", disclose=False) == []


def test_a_greeting_with_an_unknown_variable_cannot_be_published(agent: Agent) -> None:
    ((level, text),) = first_words(agent, greeting_out="Hi [FirstNam], I am an AI.")
    assert level == "error" and "Unknown variable FirstNam" in text


def _speaks(agent: Agent, code: str, **words: str) -> Agent:
    settings = settings_of(agent.panel).model_copy(update={"language": code, **words})
    services.save_settings(agent=agent, settings=settings)
    return agent


def test_words_that_nobody_changed_follow_the_language(builder: Client) -> None:
    agent = _speaks(services.create_agent(name="Desk", kind="voice"), "en", greeting="¡Hola!")
    data = posted(agent, "language", language="es")
    shown = builder.post(url(agent, "language"), data, headers=HTMX).content.decode()
    assert "Disculpe, no puedo hacer eso en este momento." in unescape(shown)  # another section
    agent.refresh_from_db()
    found = settings_of(agent.panel)
    assert found.language == "es" and found.greeting == "¡Hola!"
    assert found.cannot_words == language("es").say("cannot")
    builder.post(url(agent, "language"), posted(agent, "language", language="en"), headers=HTMX)
    agent.refresh_from_db()
    assert settings_of(agent.panel).cannot_words == language("en").say("cannot")


def test_a_new_card_of_a_spanish_agent_speaks_spanish(builder: Client) -> None:
    agent = _speaks(services.create_agent(name="Desk", kind="voice"), "es")
    action = services.add_action(panel=agent.panel, slug="end_call")
    page = builder.get(url_of(action)).content.decode()
    assert "Gracias por llamar. Hasta luego." in unescape(page)


def test_only_languages_with_a_folder_are_offered(builder: Client) -> None:
    agent = services.create_agent(name="Desk", kind="voice")
    page = builder.get(reverse("panels:settings", args=[agent.uuid])).content.decode()
    assert ">Spanish<" in page and ">French<" not in page
    assert not [one for one in lint(agent.panel) if one.settings == "language"]


def test_a_stored_language_without_a_folder_stays_and_is_flagged(builder: Client) -> None:
    agent = _speaks(services.create_agent(name="Desk", kind="voice"), "fr")
    page = builder.get(reverse("panels:settings", args=[agent.uuid])).content.decode()
    assert ">French<" in page and ">German<" not in page
    assert "There are no sentences in French yet" in page
    found = [one for one in lint(agent.panel) if one.settings == "language"]
    assert [one.level for one in found] == ["warning"] and "French" in found[0].text
    assert settings_of(agent.panel).cannot_words == language("en").say("cannot")
