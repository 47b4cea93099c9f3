"""An agent, its version and conversations as the engine leaves them, made without the engine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from agents.contacts.models import Contact, Disposition, Property, Tag
from agents.contacts.services import snapshot
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.core.models import User
from agents.outbox.gate import GateFacts, may_contact
from agents.outbox.models import Delivery
from agents.panels.models import Agent, InstructionPanel, Version
from agents.transfers.models import Leg, Transfer

SPACE = UUID("6f0c0f0e-5a7e-4d8e-9a64-2f1d3c4b5a69")
ACTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("update_contact_property", {"when": "the caller gives a name, e-mail or address"}),
    ("call_disposition", {"when": "the caller asks about a price or a repair"}),
    ("create_ticket", {"moment": "before_handoff"}),
    ("transfer_call", {"when": "the caller asks about pricing or a quote"}),
    ("send_sms", {"when": "the caller asks for information in writing"}),
    ("set_dnc", {"when": "the caller says not to call again"}),
    ("summarize_note", {"moment": "after_end"}),
)


def uid(slug: str) -> str:
    """The uid of an action of the example, the same every time."""
    return str(uuid5(SPACE, slug))


def make_user(name: str = "dana@example.com", role: str = "admin") -> User:
    """Somebody who may sign in."""
    return User.objects.create_user(username=name, email=name, first_name="Dana", role=role)


def make_agent(name: str = "Front desk", kind: str = "voice") -> Agent:
    """An agent with an empty draft."""
    agent = Agent.objects.create(name=name, kind=kind)
    InstructionPanel.objects.create(agent=agent, instructions="You are the front desk.")
    return agent


def make_contact(**values: str) -> Contact:
    """A sample contact."""
    for key, label in (("first_name", "First name"), ("last_name", "Last name")):
        Property.objects.get_or_create(key=key, defaults={"label": label, "position": 1})
    Property.objects.get_or_create(key="email", defaults={"label": "E-mail", "position": 3})
    known = {"first_name": "Maria", "last_name": "Lopez"} | values
    return Contact.objects.create(values=known, phone="+14155550142", sample=True)


def make_version(agent: Agent, number: int | None = None) -> Version:
    """A frozen copy of seven actions."""
    actions = [
        {"uid": uid(slug), "type": slug, "position": n, **more}
        for n, (slug, more) in enumerate(ACTIONS)
    ]
    content = {
        "agent_uuid": str(agent.uuid),
        "agent_name": agent.name,
        "kind": agent.kind,
        "settings": {},
        "instructions": "You are the front desk.",
        "actions": actions,
        "names": {},
    }
    digest = hashlib.sha256(f"{agent.uuid}{number}".encode()).hexdigest()
    return Version.objects.create(agent=agent, number=number, digest=digest, content=content)


def make_conversation(agent: Agent | None = None, **fields: Any) -> Conversation:
    """A conversation without turns."""
    agent = agent or make_agent()
    version = fields.pop("version", None) or make_version(agent, fields.pop("number", None))
    values = {"channel": "voice" if agent.kind == "voice" else "chat"} | fields
    return Conversation.everything.create(agent=agent, version=version, **values)


def decisions(**fired: dict[str, Any]) -> list[dict[str, Any]]:
    """One decision per action: what is named fired, the rest did not."""
    made = []
    for slug, more in ACTIONS:
        entry: dict[str, Any] = {
            "action": uid(slug),
            "type": slug,
            "code": "condition_not_met",
            "evidence": "",
            "p": 0.08,
            "threshold": 0.85,
            "engine": "decisions",
            "note": "",
        }
        if moment := more.get("moment"):
            entry |= {"code": "wrong_moment", "note": moment, "p": None}
        made.append(entry | fired.get(slug, {}))
    return made


def make_turn(conversation: Conversation, number: int, **fields: Any) -> Turn:
    """One turn that is done."""
    values = {
        "kind": "message",
        "state": "done",
        "at": conversation.started_at + timedelta(seconds=9 * number),
        "timings": {"first_ms": 520, "model_ms": 498, "judge_ms": 210, "total_ms": 900},
        "usage": {
            "requests": 1,
            "prompt": 1800,
            "completion": 40,
            "judge_requests": 1,
            "judge_tokens": 92,
        },
    } | fields
    return Turn.objects.create(conversation=conversation, number=number, **values)


def make_run(turn: Turn, slug: str, **fields: Any) -> ActionRun:
    """One run that is done."""
    values = {"status": "done", "outcome": "done", "at": turn.at, "milliseconds": 4.0} | fields
    return ActionRun.objects.create(
        conversation=turn.conversation,
        turn=turn,
        action_uid=uid(slug),
        type=slug,
        occasion=f"{turn.number}.1",
        **values,
    )


def make_delivery(conversation: Conversation, title: str, **fields: Any) -> Delivery:
    """Something that left, or would have."""
    now = timezone.now()
    allowed = may_contact(GateFacts(), channel="sms", purpose="reply", now=now)
    gate = allowed.as_json(channel="sms", purpose="reply", now=now)
    values = {
        "key": f"test:{conversation.pk}:{title}",
        "kind": "sms",
        "purpose": "reply",
        "state": "practice" if conversation.sandbox else "sent",
        "gate": gate,
        "sandbox": conversation.sandbox,
        "conversation_id": conversation.pk,
        "contact": conversation.contact,
        "payload": {},
    } | fields
    return Delivery.objects.create(title=title, **values)


@dataclass(frozen=True, slots=True)
class Example:
    """The call of the pictures."""

    agent: Agent
    contact: Contact
    conversation: Conversation
    handoff: Turn


def make_example(*, sandbox: bool = False) -> Example:
    """Maria's call: greeting, a name, a price question, hand-off, closing."""
    agent, contact = make_agent(), make_contact()
    quote = Disposition.objects.get_or_create(name="Quote")[0]
    tags = [Tag.objects.get_or_create(name=name)[0] for name in ("Sales", "Heater")]
    conversation = make_conversation(
        agent,
        contact=contact,
        sandbox=sandbox,
        number=None if sandbox else 12,
        state="handed_off",
        outcome="transferred to Ana Ruiz",
        disposition=None if sandbox else quote,
        ended_at=timezone.now() + timedelta(seconds=182),
        started_by="Dana",
    )
    _world(conversation, quote, tags)
    make_turn(
        conversation,
        1,
        kind="greeting",
        reply="Hartwell Heating, I am the AI assistant at the front desk. Who am I speaking with?",
        usage={},
        timings={},
    )
    _name_turn(conversation)
    _price_turn(conversation)
    handoff = _handoff(conversation)
    note = "Heater out since Friday, wants a replacement price, not another repair."
    closing = make_turn(
        conversation,
        5,
        kind="closing",
        decisions=decisions(
            summarize_note={"code": "fired_by_rule", "engine": "rules", "note": ""}
        ),
    )
    make_run(
        closing,
        "summarize_note",
        line="Note",
        milliseconds=840,
        effects=[{"kind": "AddNote", "line": f"Note: {note}"}],
    )
    return Example(agent, contact, conversation, handoff)


def _world(conversation: Conversation, quote: Disposition, tags: list[Tag]) -> None:
    if not conversation.sandbox:
        conversation.tags.set(tags)
        return
    assert conversation.contact
    facts = snapshot(contact=conversation.contact)
    facts["values"]["email"] = "maria@lopez.com"
    conversation.world = {
        "contact": facts,
        "disposition": f"disposition:{quote.pk}",
        "tags": [f"tag:{tag.pk}" for tag in tags],
        "notes": ["Heater out since Friday, wants a replacement price, not another repair."],
    }
    conversation.save(update_fields=["world"])


def _name_turn(conversation: Conversation) -> None:
    turn = make_turn(
        conversation,
        2,
        inbound="Maria Lopez. My heater is out and my e-mail is maria at lopez dot com.",
        reply="Thank you, Maria. That is maria@lopez.com. Would you like a repair or a new one?",
        decisions=decisions(
            update_contact_property={
                "code": "fired",
                "p": 0.98,
                "evidence": "Maria Lopez … maria at lopez dot com",
            }
        ),
    )
    make_run(
        turn,
        "update_contact_property",
        line="Saved First name Maria, E-mail maria@lopez.com",
        effects=[{"kind": "SetProperty", "line": "E-mail: maria@lopez.com"}],
    )


def _price_turn(conversation: Conversation) -> None:
    said = "what a new one costs"
    turn = make_turn(
        conversation,
        3,
        inbound="I’d rather know what a new one costs than fix this again.",
        reply="I can get you a quote. One moment, I’m connecting you with Sales.",
        decisions=decisions(
            call_disposition={"code": "fired", "p": 0.94, "evidence": said},
            transfer_call={
                "code": "fired_after_recheck",
                "p": 0.97,
                "evidence": said,
                "note": "keys disagree",
            },
            send_sms={"p": 0.41},
            set_dnc={"code": "disabled", "p": None},
        ),
    )
    make_run(
        turn,
        "call_disposition",
        line="Disposition Quote",
        effects=[{"kind": "SetDisposition", "line": "Disposition: Quote"}],
    )
    run = make_run(
        turn,
        "transfer_call",
        line="Transfer to Sales, then Ana Ruiz",
        outcome="answered",
        position=3,
        milliseconds=6400.0,
    )
    transfer = Transfer.objects.create(
        conversation=conversation,
        run=run,
        plan={},
        outcome="answered",
        answered_by="Ana Ruiz",
        started_at=turn.at,
    )
    for n, (label, state, after) in enumerate(
        (("Sales", "declined", 4), ("Ana Ruiz", "answered", 6))
    ):
        Leg.objects.create(
            transfer=transfer,
            position=n,
            ref=f"person:{n}",
            label=label,
            state=state,
            started_at=turn.at,
            ended_at=turn.at + timedelta(seconds=after),
        )


def _denied() -> dict[str, Any]:
    now = timezone.now()
    verdict = may_contact(GateFacts(blocked=True), channel="sms", purpose="reply", now=now)
    return verdict.as_json(channel="sms", purpose="reply", now=now)


def _handoff(conversation: Conversation) -> Turn:
    turn = make_turn(
        conversation,
        4,
        kind="handoff",
        decisions=decisions(
            create_ticket={
                "code": "fired_by_rule",
                "p": None,
                "engine": "rules",
                "note": "",
            },
            **{
                slug: {"code": "wrong_moment", "note": "during", "p": None}
                for slug in (
                    "update_contact_property",
                    "call_disposition",
                    "transfer_call",
                    "send_sms",
                    "set_dnc",
                )
            },
        ),
    )
    run = make_run(
        turn,
        "create_ticket",
        line="Ticket “No heat, wants a quote” for Maria Lopez",
        milliseconds=412,
        effects=[{"kind": "Send", "line": "Ticket to HubSpot"}],
    )
    make_delivery(
        conversation,
        "Ticket “No heat, wants a quote” to HubSpot",
        kind="hubspot_ticket",
        purpose="record",
        attempts=1,
        vendor_id="48211",
        sent_at=timezone.now(),
        run_id=run.pk,
    )
    make_delivery(
        conversation,
        "Price list by SMS",
        to="+14155550142",
        channel="sms",
        payload={"text": "Hi Maria, here is our price list."},
        gate=_denied(),
        state="practice" if conversation.sandbox else "denied",
    )
    return turn
