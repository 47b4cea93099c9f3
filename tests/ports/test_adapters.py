"""What an action does in the live world, and that the sandbox only records it."""

from __future__ import annotations

from typing import Any

import pytest

from agents.contacts.models import (
    Contact,
    ContactDisposition,
    ContactList,
    Disengagement,
    Disposition,
    DncEntry,
    Tag,
    TimelineEntry,
)
from agents.contacts.services import block_source
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.outbox.models import Delivery
from agents.panels.models import Version
from agents.routing.models import Line
from integrations.llm.types import ToolCall
from tests.engine.world import Reply, World, action, call, join, make_version
from tests.ports.conftest import PHONE, Start

pytestmark = pytest.mark.django_db
WORLDS = pytest.mark.parametrize("sandbox", [False, True], ids=["live", "sandbox"])


def _fresh(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


def _do(world: World, *calls: ToolCall, said: str = "please") -> World:
    world.chat.replies = [Reply("Sure.", calls), Reply("Done.")]
    world.say(said)
    return world


@WORLDS
def test_a_disposition(start: Start, disposition: Disposition, sandbox: bool) -> None:
    world = _do(start(sandbox=sandbox), call("call_disposition", disposition=disposition.name))
    assert world.runs() == [("call_disposition", "done")]
    assert world.row().disposition == (None if sandbox else disposition)
    assert world.conversation.facts.disposition == f"disposition:{disposition.pk}"
    if sandbox:
        assert world.row().world["disposition"] == f"disposition:{disposition.pk}"


@WORLDS
def test_tags(start: Start, tag: Tag, sandbox: bool) -> None:
    world = _do(start(sandbox=sandbox), call("communication_tag", tags=[tag.name]))
    assert list(world.row().tags.all()) == ([] if sandbox else [tag])
    assert world.conversation.facts.tags == {f"tag:{tag.pk}"}


@WORLDS
def test_a_property_and_its_old_value(start: Start, contact: Contact, sandbox: bool) -> None:
    said = "my email is new@lopez.com"
    world = _do(
        start(sandbox=sandbox), call("update_contact_property", email="new@lopez.com"), said=said
    )
    assert world.conversation.facts.contact.values["email"] == "new@lopez.com"
    row, timeline = _fresh(contact), TimelineEntry.objects.filter(contact=contact)
    if sandbox:
        assert row.values["email"] == "old@lopez.com" and not timeline.exists()
        assert world.row().world["contact"]["values"]["email"] == "new@lopez.com"
        return
    assert row.values["email"] == "new@lopez.com"
    entry = timeline.get()
    assert "old@lopez.com" in f"{entry.text} {entry.data}"
    assert entry.conversation_id == world.conversation.id and entry.actor == "Front desk"


@WORLDS
def test_a_value_that_is_none_is_never_guessed(
    start: Start, contact: Contact, sandbox: bool
) -> None:
    world = _do(start(sandbox=sandbox), call("update_contact_property", email="not an address"))
    assert _fresh(contact).values["email"] == "old@lopez.com"
    assert world.conversation.facts.contact.values["email"] == "old@lopez.com"
    assert not TimelineEntry.objects.filter(contact=contact).exists()


@WORLDS
def test_a_note(start: Start, contact: Contact, sandbox: bool) -> None:
    world = _do(start(sandbox=sandbox), call("summarize_note"), said="My boiler leaks")
    notes = TimelineEntry.objects.filter(contact=contact, kind="note")
    assert world.runs() == [("summarize_note", "done")]
    assert notes.exists() is not sandbox
    written = world.row().world.get("notes", []) if sandbox else [notes.get().text]
    assert "My boiler leaks" in written[0]


@WORLDS
def test_dnc(start: Start, contact: Contact, sandbox: bool) -> None:
    world = _do(start(sandbox=sandbox), call("set_dnc", words="leave me alone"))
    assert world.conversation.facts.contact.dnc
    assert _fresh(contact).blocked is not sandbox
    assert DncEntry.objects.filter(contact=contact).exists() is not sandbox
    if not sandbox:
        entry = DncEntry.objects.get(contact=contact)
        assert (entry.source, entry.words) == ("action", "leave me alone")
        assert entry.conversation_id == world.conversation.id


@WORLDS
def test_opt_out_wording_blocks_without_a_model(
    start: Start, contact: Contact, sandbox: bool
) -> None:
    world = start(sandbox=sandbox)
    world.say("Stop calling me")
    assert not world.chat.requests and world.conversation.facts.contact.dnc
    assert _fresh(contact).blocked is not sandbox
    assert DncEntry.objects.filter(contact=contact).exists() is not sandbox


@WORLDS
@pytest.mark.parametrize(
    ("said", "source", "blocked"),
    [
        (["STOP", "START"], "", False),
        (["STOP", "UNSTOP"], "", False),
        (["stop texting me", "START"], "words", True),
        (["STOP", "stop texting me", "START"], "words", True),
        (["stop texting me", "STOP", "START"], "words", True),
        (["STOP", "START", "STOP"], "keyword", True),
    ],
)
def test_start_lifts_what_a_keyword_set(
    start: Start, contact: Contact, sandbox: bool, said: list[str], source: str, blocked: bool
) -> None:
    world = start(*["All right."] * 3, sandbox=sandbox, channel="sms")
    for message in said:
        world.say(message)
    facts = world.conversation.facts.contact
    assert (facts.dnc, facts.dnc_source) == (blocked, source)
    if sandbox:
        kept = world.row().world["contact"]
        assert (kept["dnc"], kept["dnc_source"]) == (blocked, source)
    else:
        assert _fresh(contact).blocked is blocked
        assert block_source(contact=_fresh(contact)) == source
        assert contact.consents.filter(withdrawn_at=None).exists() is not blocked


@WORLDS
def test_start_never_lifts_what_an_action_set(
    start: Start, contact: Contact, sandbox: bool
) -> None:
    world = _do(start(sandbox=sandbox, channel="sms"), call("set_dnc", words="leave me alone"))
    world.say("START")
    assert (world.conversation.facts.contact.dnc, world.conversation.facts.contact.dnc_source) == (
        True,
        "action",
    )


@WORLDS
def test_the_end(start: Start, sandbox: bool) -> None:
    world = _do(start(sandbox=sandbox), call("end_call"))
    row = world.row()
    assert row.state == "ended" and row.ended_at and dict(world.runs())["end_call"] == "done"
    assert Turn.objects.filter(conversation_id=world.conversation.id, kind="closing").exists()


# --- what would leave ------------------------------------------------------------------------


def test_an_sms_without_a_line_is_held(start: Start, contact: Contact) -> None:
    world = _do(start(), call("send_sms"))
    row = Delivery.objects.get()
    assert (row.state, row.reason, row.sandbox) == ("held", "no line", False)
    assert (row.to, row.contact, row.kind) == (PHONE, contact, "sms")
    assert row.payload["text"] == "Hi Maria, we open at 8." and row.expires_at
    run = ActionRun.objects.get()
    assert row.key == f"run:{run.id}:0" and row.run_id == run.id
    assert row.conversation_id == world.conversation.id


def test_an_sms_of_the_sandbox_is_recorded_with_the_gates_answer(start: Start) -> None:
    Line.objects.create(name="Main", number="+12025550100")
    _do(start(sandbox=True), call("send_sms"))
    row = Delivery.objects.get()
    assert (row.state, row.sandbox) == ("practice", True)
    assert row.gate and row.reason == ""


def test_the_sandbox_asks_the_gate_about_its_own_contact(start: Start, contact: Contact) -> None:
    world = start(sandbox=True)
    _do(world, call("set_dnc", words="leave me alone"))
    world.chat.replies = [Reply("Sure.", [call("send_sms")]), Reply("Done.")]
    world.say("but send me the hours")
    rows = list(Delivery.objects.all())
    assert [row.state for row in rows] == ["practice"] * len(rows)
    assert rows and rows[0].gate and rows[0].reason
    assert not _fresh(contact).blocked


def test_an_effect_and_the_runs_end_are_one_transaction(
    start: Start, contact: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agents.ports import live

    def fail(*args: Any, **values: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setitem(live.WRITE, type(_effect()), fail)
    world = start()
    _do(world, call("update_contact_property", email="new@lopez.com"))
    assert _fresh(contact).values["email"] == "old@lopez.com"
    assert not TimelineEntry.objects.filter(contact=contact).exists()
    run = ActionRun.objects.get()
    assert (run.status, run.error["sentence"]) == ("failed", "It could not be saved.")


def _effect() -> Any:
    from actions.effects import SetProperty

    return SetProperty("email", "Email", "x")


def test_a_watched_action_touches_nobody(panel: Version, start: Start, contact: Contact) -> None:
    actions = [{**one, "mode": "shadow"} for one in panel.content["actions"]]
    panel.content = {**panel.content, "actions": actions}
    panel.save()
    world = _do(
        start(),
        call("update_contact_property", email="new@lopez.com"),
        call("set_dnc", words="x"),
        call("send_sms"),
        call("end_call"),
    )
    assert {status for _, status in world.runs()} == {"done"}
    assert set(world.codes().values()) == {"shadow", "condition_not_met"}
    row = _fresh(contact)
    assert row.values["email"] == "old@lopez.com" and not row.blocked
    assert not Delivery.objects.exists() and world.row().state == "open"


# --- once per contact ------------------------------------------------------------------------


@pytest.fixture
def once(tag: Tag) -> Version:
    """A panel whose tag may be set once per contact."""
    tags = {"tags": [{"id": "1", "tag": f"tag:{tag.pk}"}]}
    version = make_version(
        [action("communication_tag", repeat="once_per_contact", config=tags)], "voice"
    )
    version.content = {**version.content, "names": {f"tag:{tag.pk}": tag.name}}
    version.save()
    return version


def test_once_per_contact_holds_across_conversations(start: Start, once: Version, tag: Tag) -> None:
    first = _do(start(version=once), call("communication_tag", tags=[tag.name]))
    second = _do(start(version=once), call("communication_tag", tags=[tag.name]))
    assert first.codes() == {"communication_tag": "fired"}
    assert second.codes() == {"communication_tag": "already_done"} and second.runs() == []


def test_two_conversations_at_once_do_it_once(start: Start, once: Version, tag: Tag) -> None:
    first, second = start(version=once), start(version=once)
    _do(first, call("communication_tag", tags=[tag.name]))
    _do(second, call("communication_tag", tags=[tag.name]))
    assert second.codes() == {"communication_tag": "already_done"}
    assert ActionRun.objects.filter(status="done").count() == 1
    assert list(Conversation.everything.filter(tags=tag)) == [first.row()]


def test_the_sandbox_never_uses_it_up(start: Start, once: Version, tag: Tag) -> None:
    tagged = call("communication_tag", tags=[tag.name])
    assert _do(start(version=once, sandbox=True), tagged).runs()
    assert _do(start(version=once, sandbox=True), tagged).runs()
    live = _do(start(version=once), tagged)
    assert live.codes() == {"communication_tag": "fired"}
    again = _do(start(version=once, sandbox=True), tagged)
    assert again.codes() == {"communication_tag": "fired"}, "nor does it look at the live ones"


def test_sandbox_conversations_are_hidden_and_their_turns_do_not_count(start: Start) -> None:
    from agents.conversations.models import DailyCount

    world = start("Hello.", sandbox=True)
    world.say("hi")
    assert not Conversation.objects.exists() and not DailyCount.objects.exists()
    live = start("Hello.")
    live.say("hi")
    assert Conversation.objects.get() == live.row() and DailyCount.objects.exists()


def test_another_process_goes_on_with_the_same_facts(start: Start, contact: Contact) -> None:
    world = _do(start(sandbox=True), call("update_contact_property", email="new@lopez.com"))
    again = join(world.row(), "Hello again.")
    assert again.conversation.facts.contact.values["email"] == "new@lopez.com"


@WORLDS
def test_a_property_in_a_template(start: Start, contact: Contact, sandbox: bool) -> None:
    contact.values = {**contact.values, "preferred_day": "Friday"}
    contact.save()
    text = "Hi [FirstName], see you on [Preferred day]."
    version = make_version([action("send_sms", config={"text": text})], "voice")
    version.content = {**version.content, "names": {"property:preferred_day": "Preferred day"}}
    version.save()
    _do(start(sandbox=sandbox, version=version), call("send_sms"))
    assert Delivery.objects.get().payload["text"] == "Hi Maria, see you on Friday."


@WORLDS
@pytest.mark.parametrize("scope", ["agent", "all"])
def test_the_end_of_outreach(
    start: Start, contact: Contact, panel: Version, sandbox: bool, scope: str
) -> None:
    version = make_version([action("disengage_contact", config={"scope": scope})], "voice")
    world = _do(
        start(sandbox=sandbox, version=version), call("disengage_contact"), said="no thanks"
    )
    assert world.conversation.facts.contact.disengaged
    rows = Disengagement.objects.filter(contact=contact)
    assert rows.exists() is not sandbox
    assert _fresh(contact).disengaged is (scope == "all" and not sandbox)
    if not sandbox:
        row = rows.get()
        assert row.agent_uuid == (None if scope == "all" else version.agent.uuid)
        assert (row.reason, row.conversation_id) == ("“no thanks”", world.conversation.id)


@WORLDS
def test_where_a_contact_stands(start: Start, contact: Contact, tag: Tag, sandbox: bool) -> None:
    done = ContactDisposition.objects.create(name="Qualified")
    leads = ContactList.objects.create(name="Leads")
    old = ContactList.objects.create(name="Old")
    contact.lists.add(old)
    refs = [f"contact_disposition:{done.pk}", f"tag:{tag.pk}", f"list:{leads.pk}", f"list:{old.pk}"]
    changes = [{"id": ref, "ref": ref, "how": "add"} for ref in refs[:3]]
    changes.append({"id": "x", "ref": refs[3], "how": "remove"})
    version = make_version(
        [action("contact_disposition", config={"changes": changes})],
        "voice",
        dict(zip(refs, ("Qualified", "Boilers", "Leads", "Old"), strict=True)),
    )
    wanted = ["set Qualified", "tag Boilers", "add to Leads", "remove from Old"]
    world = _do(
        start(sandbox=sandbox, version=version), call("contact_disposition", changes=wanted)
    )
    facts, row = world.conversation.facts.contact, _fresh(contact)
    assert world.runs() == [("contact_disposition", "done")]
    assert (facts.status, facts.tags, facts.lists) == (refs[0], {refs[1]}, {refs[2]})
    if sandbox:
        assert row.disposition is None and list(row.lists.all()) == [old]
        assert not TimelineEntry.objects.filter(contact=contact).exists()
    else:
        assert row.disposition == done and list(row.lists.all()) == [leads]
        kinds = TimelineEntry.objects.filter(contact=contact).values_list("kind", flat=True)
        assert sorted(kinds) == ["disposition", "lists", "lists", "tags"]
