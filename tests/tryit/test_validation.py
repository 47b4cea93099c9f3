"""Validating the setup: what a test has shown is ticked, until its action changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from actions.base import Mode
from agents.contacts.models import Disposition
from agents.conversations.models import ActionRun, Conversation
from agents.panels.freeze import freeze_panel
from agents.panels.models import Action, Agent, InstructionPanel
from agents.panels.services import publish, set_enabled
from agents.routing.models import Person
from agents.transfers.models import Transfer
from agents.tryit.pane import draft_changed
from agents.tryit.services import start_test
from agents.tryit.validation import ValidationLine, validation
from tests.conversations.drafts import add, add_email, add_sms, add_tags, add_transfer
from tests.conversations.factories import make_agent, make_conversation, make_delivery, make_turn

pytestmark = pytest.mark.django_db


def ran(action: Action, **fields: Any) -> ActionRun:
    """A run of this action in a test on the draft as it is now."""
    agent = action.panel.agent
    test = make_conversation(agent, version=freeze_panel(panel=agent.panel), sandbox=True)
    turn = make_turn(test, 2, inbound="Words")
    values = {"status": "done", "outcome": "done", "at": timezone.now()} | fields
    return ActionRun.objects.create(
        conversation=test,
        turn=turn,
        action_uid=action.uid,
        type=action.type,
        occasion="2.1",
        **values,
    )


def transferred(action: Action, outcome: str, *, to: str = "person:1") -> ActionRun:
    status = "done" if outcome in ("answered", "message_taken") else "failed"
    run = ran(action, outcome=outcome, status=status)
    Transfer.objects.create(
        conversation=run.conversation,
        run=run,
        plan={"targets": [{"ref": to}]},
        outcome=outcome,
        answered_by="Ana Ruiz" if outcome == "answered" else "",
        started_at=run.at,
    )
    return run


def rung(action: Action, outcome: str, by: Person | None, *to: Person, named: str = "") -> None:
    """A test in which these were rung."""
    run = ran(action, outcome=outcome, status="done" if by else "failed", arguments={
        "reason": "a bill", "summary": None, "destination": named or None})  # fmt: skip
    Transfer.objects.create(
        conversation=run.conversation,
        run=run,
        plan={"targets": [{"ref": f"person:{one.pk}", "label": one.name} for one in to]},
        outcome=outcome,
        answered_by=by.name if by else "",
        started_at=run.at,
    )


def lines(agent: Agent) -> list[ValidationLine]:
    return list(validation(InstructionPanel.objects.get(agent=agent).agent).lines)


SAVED = {"effects": [{"kind": "SetProperty", "line": "E-mail: new@lopez.com"}]}


@pytest.fixture
def agent() -> Agent:
    return make_agent(kind="text")


@pytest.fixture
def voice() -> Agent:
    return make_agent()


@pytest.fixture
def ana() -> Person:
    return Person.objects.create(name="Ana Ruiz", phone="+14155550100")


@pytest.fixture
def ben() -> Person:
    return Person.objects.create(name="Ben", phone="+14155550101")


@pytest.fixture
def chain(voice: Agent, ana: Person, ben: Person) -> Action:
    """Ana for bills, Ben for everybody, Eve after him."""
    eve = Person.objects.create(name="Eve", phone="+14155550102")
    rows = [
        {"id": "1", "ref": f"person:{ana.pk}", "when": "the caller asks about bills"},
        {"id": "2", "ref": f"person:{ben.pk}"},
        {"id": "3", "ref": f"person:{eve.pk}"},
    ]
    when = "the caller wants a person"
    return add(voice, "transfer_call", when=when, config={"destinations": rows})


def test_the_line_of_a_destination_shows_its_condition(voice: Agent, chain: Action) -> None:
    assert [(line.what, line.hint) for line in lines(voice)] == [
        ("Ana Ruiz, if the caller asks about bills", "Act out: the caller asks about bills."),
        ("Ben", "Act out: the caller wants a person."),
        (
            "Eve",
            "Act out: the caller wants a person; then press “declines” until it rings.",
        ),
        (
            "nobody answers",
            "Act out: the caller asks about bills; then press “declines” until nobody is left.",
        ),
    ]


def test_the_destination_that_answered_is_ticked_and_no_other(
    voice: Agent, chain: Action, ana: Person, ben: Person
) -> None:
    rung(chain, "answered", ben, ana, ben, named="Ana Ruiz")
    assert [line.ticked for line in lines(voice)] == [False, True, False, False]
    rung(chain, "answered", ana, ana, ben, named="Ana Ruiz")
    assert [line.ticked for line in lines(voice)] == [True, True, False, False]
    rung(chain, "no_answer", None, ben)
    assert [line.ticked for line in lines(voice)] == [True, True, False, True]


# --- ticks -------------------------------------------------------------------------------------


def test_a_fresh_draft_has_everything_open(agent: Agent) -> None:
    add_tags(agent)
    add_email(agent)
    found = validation(agent)
    assert (found.ticked, found.total, found.complete) == (0, 3, False)
    assert [line.what for line in found.lines] == ["Sales", "Heater", ""]
    assert found.lines[2].hint == "Act out: the contact gives an e-mail address."
    assert [group for group, _ in found.groups] == ["Outcomes and tracking", "Contact and CRM"]


def test_saved_data_ticks_with_what_was_saved_and_where(agent: Agent) -> None:
    run = ran(add_email(agent), **SAVED)
    (line,) = lines(agent)
    assert line.evidence is not None
    assert line.evidence.seen == ("Saved: E-mail: new@lopez.com",)
    assert (line.evidence.conversation, line.evidence.turn) == (run.conversation_id, 2)
    assert validation(agent).complete


def test_a_run_that_saved_nothing_does_not_tick(agent: Agent) -> None:
    ran(add_email(agent), line="Nothing new")
    (line,) = lines(agent)
    assert not line.ticked
    assert line.trouble == "It fired but saved nothing: Nothing new"


def test_a_choice_is_ticked_by_the_run_that_made_it(agent: Agent) -> None:
    action = add_tags(agent)
    ran(action, arguments={"tags": ["Heater"]}, line="Tagged Heater")
    assert [line.ticked for line in lines(agent)] == [False, True]
    ran(action, arguments={"tags": ["Sales", "Heater"]})
    assert [line.ticked for line in lines(agent)] == [True, True]
    assert validation(agent).by_action()[str(action.uid)].whole


def test_a_message_ticks_when_the_gate_lets_it_go(agent: Agent) -> None:
    run = ran(add_sms(agent))
    title = "SMS to +14155550142: Hi"
    row = make_delivery(run.conversation, title, run_id=run.pk)
    (line,) = lines(agent)
    assert line.evidence and line.evidence.seen == ("Would have left: SMS to +14155550142",)
    row.gate = {"decision": "deny", "sentence": "The contact is blocked."}
    row.save()
    (line,) = lines(agent)
    assert (line.ticked, line.trouble) == (False, "The contact is blocked.")


def test_a_failed_run_is_told(agent: Agent) -> None:
    ran(add_sms(agent), status="failed", error={"sentence": "No number is known."})
    (line,) = lines(agent)
    assert (line.ticked, line.trouble) == (False, "No number is known.")


def test_a_transfer_is_shown_both_ways(voice: Agent) -> None:
    action = add_transfer(voice)
    assert [line.what for line in lines(voice)] == ["answered", "nobody answers"]
    assert "press “declines”" in lines(voice)[1].hint
    transferred(action, "declined")
    reached, fallback = lines(voice)
    assert (reached.ticked, reached.trouble, fallback.ticked) == (False, "", True)
    transferred(action, "answered")
    reached, fallback = lines(voice)
    assert reached.evidence and reached.evidence.seen == ("Reached Ana Ruiz",)
    assert fallback.evidence and "declined" in fallback.evidence.seen[0]


def test_a_caller_who_hangs_up_shows_nothing(voice: Agent) -> None:
    transferred(add_transfer(voice), "caller_gone")
    assert [line.ticked for line in lines(voice)] == [False, False]


@pytest.mark.parametrize(
    ("to", "ticked"), [("inbox:1", [True, False]), ("person:1", [False, True])]
)
def test_a_message_for_an_inbox_is_the_route_or_the_fallback(
    voice: Agent, to: str, ticked: list[bool]
) -> None:
    transferred(add_transfer(voice), "message_taken", to=to)
    assert [line.ticked for line in lines(voice)] == ticked


# --- the same content --------------------------------------------------------------------------


def test_another_card_and_another_place_untick_nothing(agent: Agent) -> None:
    action = add_email(agent)
    ran(action, **SAVED)
    add_sms(agent)
    Action.objects.filter(pk=action.pk).update(position=9)
    assert {line.label: line.ticked for line in lines(agent)} == {
        "Update contact property": True,
        "Send SMS": False,
    }


def test_a_changed_card_was_tried_before_its_last_change(agent: Agent) -> None:
    action = add_email(agent)
    run = ran(action, **SAVED)
    before = action.when
    Action.objects.filter(pk=action.pk).update(when="the contact writes")
    (line,) = lines(agent)
    assert not line.ticked and line.earlier and line.earlier.conversation == run.conversation_id
    tried = validation(agent).by_action()[str(action.uid)]
    assert (tried.ticked, tried.total, tried.words) == (0, 1, "tried before the last change")
    Action.objects.filter(pk=action.pk).update(when=before)
    (line,) = lines(agent)
    assert line.ticked and line.earlier is None


def test_publishing_and_switching_off_and_on_untick_nothing(agent: Agent) -> None:
    """A ticket that cannot leave yet goes live as shadow; what was shown stays shown."""
    action = add_email(agent)
    ran(action, **SAVED)
    publish(panel=agent.panel, user=None, modes={str(action.uid): "shadow"})
    action.refresh_from_db()
    assert action.mode == Mode.SHADOW and lines(agent)[0].ticked
    set_enabled(action=action, enabled=False, user=None)
    set_enabled(action=action, enabled=True, user=None)
    Agent.objects.update(name="Renamed")
    assert lines(agent)[0].ticked


def test_what_publishing_made_watch_acts_in_the_next_test(agent: Agent) -> None:
    action = add_email(agent)
    how: Any = {"channel": "chat", "direction": "inbound", "attempt": 1, "user": None}
    before = start_test(agent=agent, contact=None, **how)
    publish(panel=agent.panel, user=None, modes={str(action.uid): "shadow"})
    test = start_test(agent=Agent.objects.get(), contact=None, **how)
    assert test.version.content["actions"][0]["mode"] == "live"
    assert test.version_id == before.version_id and not draft_changed(before)


def test_what_was_only_watched_shows_nothing_of_what_acts(agent: Agent) -> None:
    action = add_email(agent)
    Action.objects.filter(pk=action.pk).update(mode=Mode.SHADOW)
    ran(action, mode="shadow", line="Only watched: nothing was changed.")
    assert lines(agent)[0].ticked
    Action.objects.filter(pk=action.pk).update(mode=Mode.LIVE)
    (line,) = lines(agent)
    assert (line.ticked, line.trouble) == (False, "")


def test_real_conversations_and_other_agents_prove_nothing(agent: Agent) -> None:
    run = ran(add_email(agent), **SAVED)
    Conversation.everything.filter(pk=run.conversation_id).update(sandbox=False)
    assert not lines(agent)[0].ticked
    other = make_agent("Other", "text")
    Conversation.everything.filter(pk=run.conversation_id).update(sandbox=True, agent=other)
    assert not lines(agent)[0].ticked


def test_what_is_off_or_not_installed_is_not_listed(agent: Agent) -> None:
    add_sms(agent)
    Action.objects.update(enabled=False)
    add(agent, "no_such_type")
    assert lines(agent) == []
    assert validation(agent).by_action() == {}


def test_an_incomplete_card_has_a_line(agent: Agent) -> None:
    add(agent, "communication_tag", when="", config={"tags": "nonsense"})
    assert [line.hint for line in lines(agent)] == ["Complete its card first."]


# --- hints -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "hint"),
    [
        ({"moment": "after_end"}, "End the call."),
        (
            {"moment": "after_end", "when": "a price was named"},
            "End the call, when a price was named.",
        ),
        ({"moment": "before_handoff"}, "Get to a hand-off."),
        (
            {"moment": "idle", "event": {"kind": "silent_days", "n": 3}},
            "End the call, then skip 3 days.",
        ),
        (
            {"moment": "idle", "event": {"kind": "silent_hours", "n": 1}},
            "End the call, then skip 1 hour.",
        ),
        (
            {"moment": "no_answer", "event": {"kind": "busy"}},
            "Start an outgoing call and press “busy”.",
        ),
        (
            {"moment": "no_answer", "event": {"kind": "attempt", "n": 3}},
            "Start attempt 3 of an outgoing call and press “no answer”.",
        ),
    ],
)
def test_the_hint_follows_from_the_moment(voice: Agent, fields: dict[str, Any], hint: str) -> None:
    add(voice, "summarize_note", **fields)
    assert lines(voice)[0].hint == hint


def test_a_chained_action_names_what_it_waits_for(voice: Agent) -> None:
    transfer = add_transfer(voice)
    guard = {"kind": "ended_with", "ref": f"action:{transfer.uid}", "value": "no_answer"}
    add(voice, "send_sms", only_if=[guard], config={"text": "Sorry that nobody was there."})
    assert lines(voice)[2].hint == "Let “Transfer call” end with “no answer”."


def test_a_condition_that_needs_a_model_says_so(agent: Agent) -> None:
    add(agent, "send_sms", when="the contact is in a strange mood", config={"text": "Hi"})
    assert lines(agent)[0].needs_model


def test_a_line_offers_words_that_rules_understand(agent: Agent) -> None:
    add_email(agent)
    add(agent, "communication_tag", when="the contact seems unhappy", config={})
    (email, *_) = lines(agent)
    assert email.say == "My e-mail is maria.lopez@example.com"


def dispositions(voice: Agent, **fields: Any) -> list[ValidationLine]:
    """Two outcomes that are set where nobody speaks."""
    made = [Disposition.objects.create(name=name) for name in ("Nobody there", "Engaged")]
    rows = [
        {"id": str(n), "disposition": f"disposition:{row.pk}", "event": event}
        for n, (row, event) in enumerate(zip(made, ("not_answered", "busy"), strict=True))
    ]
    rows[0] |= {"when": fields.pop("when", "")}
    add(voice, "call_disposition", config={"dispositions": rows}, **fields)
    return lines(voice)


def test_every_event_that_is_bound_has_a_line(voice: Agent) -> None:
    found = dispositions(voice, moment="no_answer")
    assert [(line.what, line.hint) for line in found] == [
        ("Nobody there", "Start an outgoing call and press “no answer”."),
        ("Engaged", "Start an outgoing call and press “busy”."),
    ]


def test_an_event_among_words_is_played(voice: Agent) -> None:
    found = dispositions(voice, when="nobody is there")
    assert found[1].hint == "Start an outgoing call and press “busy”." and not found[1].say


def test_a_condition_on_an_event_among_words_is_said_to_be_misplaced(voice: Agent) -> None:
    add_email(voice)
    voice.panel.actions.update(when="nobody answers the call")
    hint = "Put it on a card of its own that runs when nobody answers."
    assert [line.hint for line in lines(voice)] == [hint]


def test_an_event_that_binds_nothing_is_said(voice: Agent) -> None:
    add_email(voice)
    voice.panel.actions.update(moment="no_answer", when="")
    assert [line.hint for line in lines(voice)] == ["Its settings do not cover this event."]
