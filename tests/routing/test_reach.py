"""Whom a call does not reach is said on the card, with the way to mend it, and is not published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents.panels import services as panels
from agents.panels.linter import PanelFinding, lint
from agents.panels.services import ActionDraft
from agents.routing import reach
from agents.routing.models import GroupMember, Inbox, Person, RingGroup

pytestmark = pytest.mark.django_db


def person(name: str, **values: Any) -> Person:
    return Person.objects.create(name=name, **values)


def group(name: str, *members: Person) -> RingGroup:
    made = RingGroup.objects.create(name=name)
    for position, member in enumerate(members):
        GroupMember.objects.create(group=made, person=member, position=position)
    return made


def unreached() -> dict[str, tuple[str, str, bool]]:
    """Whom a call does not reach: the sentence, how the call ends, whether it lasts."""
    silent = person("Ana", email="ana@example.com")
    away = person("Ben", phone="+14155550102", available=False)
    empty, silent_group = group("Empty", *()), group("Silent", silent)
    away_group = group("Away", silent, away)
    inbox = Inbox.objects.create(name="Support")
    return {
        f"person:{silent.pk}": ("Ana has no phone number.", "failed", True),
        f"person:{away.pk}": ("Ben is not available.", "no_answer", False),
        f"ring_group:{empty.pk}": ("“Empty” has no members.", "failed", True),
        f"ring_group:{silent_group.pk}": (
            "Nobody in “Silent” has a phone number.", "failed", True,
        ),
        f"ring_group:{away_group.pk}": ("Nobody in “Away” is available.", "no_answer", False),
        f"inbox:{inbox.pk}": (
            "Nobody is in “Support”: a call leaves a message at once.", "no_answer", False,
        ),
    }  # fmt: skip


def added(slug: str, config: dict[str, Any], kind: str = "voice") -> Any:
    agent = panels.create_agent(name="Front desk", kind=kind)
    panels.save_instructions(panel=agent.panel, text="Be kind.")
    action = panels.add_action(panel=agent.panel, slug=slug)
    panels.save_action(action=action, draft=ActionDraft(config=config, when="they want it"))
    return action


def found(action: Any) -> list[PanelFinding]:
    return [one for one in lint(action.panel) if one.edit]


def to(ref: str) -> dict[str, Any]:
    return {"destinations": [{"id": "a", "ref": ref}]}


def test_who_is_not_reached_and_how_a_call_to_them_ends() -> None:
    expected = unreached()
    gaps = reach.gaps(expected)
    assert {ref: (gap.text, gap.outcome, gap.lasting) for ref, gap in gaps.items()} == expected


def test_who_is_reached() -> None:
    ana = person("Ana", phone="sip:ana@example.com")
    ben = person("Ben", email="ben@example.com")
    inbox = Inbox.objects.create(name="Support")
    inbox.members.add(ana, ben)
    refs = [f"person:{ana.pk}", f"ring_group:{group('Sales', ben, ana).pk}", f"inbox:{inbox.pk}"]
    assert reach.gaps([*refs, "external:+14155550199", "person:x", "nothing:1", ""]) == {}


def test_the_card_says_so_with_the_way_to_mend_it() -> None:
    for ref, (text, _, lasting) in unreached().items():
        one = found(added("transfer_call", to(ref)))
        assert [(item.level, item.text) for item in one] == [
            ("error" if lasting else "warning", text)
        ]
        assert one[0].edit and one[0].edit.url.startswith(reverse("routing:pick_edit"))


def test_the_other_ways_to_a_colleague_say_it_too() -> None:
    silent = person("Ana", email="ana@example.com", extension="204")
    who, empty = f"person:{silent.pk}", f"ring_group:{group('Empty').pk}"
    texts = [one.text for one in found(added("route_extension", {"people": [who]}))]
    assert texts == ["Ana has no phone number."]
    texts = [one.text for one in found(added("route_extension", {"fallback": empty}))]
    assert texts == ["“Empty” has no members."]
    inbox = Inbox.objects.create(name="Support")
    config = {"inbox": f"inbox:{inbox.pk}"}
    texts = [one.text for one in found(added("assign_inbox", config, "text"))]
    assert texts == ["Nobody is in “Support” to take over."]
    inbox.members.add(silent)
    assert found(added("assign_inbox", config, "text")) == []


def test_what_the_settings_send_a_call_to_is_looked_at() -> None:
    agent = panels.create_agent(name="Front desk", kind="voice")
    empty = f"ring_group:{group('Empty').pk}"
    agent.settings = agent.settings | {"fallback_ref": empty}
    agent.save(update_fields=["settings"])
    one = next(item for item in lint(agent.panel) if item.settings == "fallback")
    assert (one.level, one.text) == ("error", "Settings: “Empty” has no members.")
    assert one.edit and one.edit.label == "Empty"


def test_a_notice_is_no_call() -> None:
    silent = person("Ana", email="ana@example.com")
    config = {"text": "Please call back.", "told": [f"person:{silent.pk}"]}
    assert found(added("leave_voicemail", config)) == []


def test_it_is_not_published_and_the_dialog_leads_to_the_card(
    client_for: Callable[[str], Client],
) -> None:
    sales = group("Sales")
    action = added("transfer_call", to(f"ring_group:{sales.pk}"))
    builder, agent = client_for("builder"), action.panel.agent
    url = reverse("panels:publish", args=[agent.uuid])
    page = builder.get(url).content.decode()
    assert f'?open={action.uid}#action-{action.uid}">“Sales” has no members.</a>' in page
    builder.post(url)
    agent.refresh_from_db()
    assert agent.live_version is None
    ana = person("Ana", phone="+14155550101")
    GroupMember.objects.create(group=sales, person=ana)
    builder.post(url)
    agent.refresh_from_db()
    assert agent.live_version is not None
