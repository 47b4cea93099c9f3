"""Eight conversations that are cut at every point, and what is compared of them."""

from __future__ import annotations

from typing import Any

from agents.contacts.models import Contact, Disposition, Tag
from agents.contacts.services import snapshot
from agents.conversations.models import ActionRun, Conversation
from agents.conversations.services import open_conversation
from agents.outbox.models import Delivery
from tests.engine.crashing import Script
from tests.engine.world import action, make_version

EMAIL = "maria@lopez.example"
MOVE = ("t_move", {"reason": "help"})
BEFORE = "being handed over"
AFTER = "is over"


def _several() -> list[dict[str, Any]]:
    return [action("t_save"), action("t_look"), action("t_note")]


def _hand_off() -> list[dict[str, Any]]:
    labels = {"tags": [{"id": "1", "tag": "tag:1"}]}
    outcomes = {"dispositions": [{"id": "1", "disposition": "disposition:1"}]}
    return [
        action("t_move"),
        action("t_ticket", moment="before_handoff"),
        action("communication_tag", moment="before_handoff", config=labels),
        action("call_disposition", moment="before_handoff", config=outcomes),
        action("t_note", moment="after_end"),
    ]


def _closing() -> list[dict[str, Any]]:
    return [action("t_save"), action("t_bye"), action("t_note", moment="after_end")]


def _no_answer() -> list[dict[str, Any]]:
    return [action(slug, "", moment="no_answer") for slug in ("t_save", "t_note", "t_bye")]


SCRIPTS = (
    Script(
        "several actions in a turn",
        _several,
        [("greet", ""), ("say", "do everything"), ("say", "thanks")],
        ["t_save", "t_look", "t_note"],
        {"do everything": [("t_save", {"value": EMAIL}), ("t_look", {}), ("t_note", {})]},
    ),
    Script(
        "hand-off",
        _hand_off,
        [("greet", ""), ("say", "a person please"), ("leg", "declined"), ("leg", "answered")],
        ["t_move", "t_ticket", "communication_tag", "call_disposition", "t_note"],
        {
            "a person please": [MOVE],
            BEFORE: [
                ("t_ticket", {"name": "Maria"}),
                ("communication_tag", {"tags": ["Sales"]}),
                ("call_disposition", {"disposition": "Connected"}),
            ],
            AFTER: [("t_note", {})],
        },
        channel="voice",
    ),
    Script(
        "closing with note",
        _closing,
        [("greet", ""), ("say", "save it and goodbye")],
        ["t_save", "t_bye", "t_note"],
        {
            "save it": [("t_save", {"value": EMAIL}), ("t_bye", {})],
            AFTER: [("t_note", {})],
        },
        channel="voice",
    ),
    Script(
        "sequence step with capture",
        lambda: [action("t_steps"), action("t_note", moment="after_end")],
        [("say", "sign me up"), ("say", EMAIL), ("say", "yes"), ("say", "thanks")],
        ["t_steps"],
        {"sign me up": [("t_steps", {})]},
        expected=frozenset({EMAIL, "yes"}),
        channel="sms",
    ),
    Script(
        "read-back",
        lambda: [action("t_confirm"), action("t_note")],
        [("greet", ""), ("say", f"it is {EMAIL}"), ("say", "yes"), ("say", "note that")],
        ["t_confirm", "t_note"],
        {"it is": [("t_confirm", {"value": EMAIL})], "note that": [("t_note", {})]},
    ),
    Script(
        "confirmation",
        lambda: [action("t_move"), action("t_note", moment="after_end")],
        [("greet", ""), ("say", "maybe a person"), ("say", "yes"), ("leg", "answered")],
        ["t_move", "t_note"],
        {"maybe a person": [MOVE], AFTER: [("t_note", {})]},
        doubted=frozenset({"t_move"}),
        channel="voice",
    ),
    Script(
        "no answer",
        _no_answer,
        [("not_answered", "busy")],
        ["t_save", "t_note", "t_bye"],
        channel="voice",
        direction="outbound",
    ),
    Script(
        "reminder",
        lambda: [action("t_steps"), action("t_note")],
        [("say", "sign me up"), ("say", EMAIL), ("skip", "10800"), ("say", "yes")],
        ["t_steps"],
        {"sign me up": [("t_steps", {})]},
        expected=frozenset({EMAIL, "yes"}),
        channel="sms",
    ),
)


def begin(script: Script, *, sandbox: bool) -> Conversation:
    """The conversation before its first word."""
    tag, _ = Tag.objects.get_or_create(name="Sales")
    outcome, _ = Disposition.objects.get_or_create(name="Connected")
    actions = script.actions()
    for one in actions:
        for row in [row for rows in one.get("config", {}).values() for row in rows]:
            row |= {name: f"{name}:{pk}" for name, pk in
                    (("tag", tag.pk), ("disposition", outcome.pk)) if name in row}  # fmt: skip
    names = {f"tag:{tag.pk}": "Sales", f"disposition:{outcome.pk}": "Connected"}
    kind = "voice" if script.channel == "voice" else "text"
    version = make_version(actions, kind, names)
    contact = Contact.objects.create(
        values={"first_name": "Maria", "phone": "+14155550142"}, phone="+14155550142"
    )
    return open_conversation(
        agent=version.agent,
        version=version,
        contact=contact,
        channel=script.channel,
        direction=script.direction,
        sandbox=sandbox,
        world={"contact": snapshot(contact=contact)} if sandbox else {},
    )


def normal_form(conversation: Conversation) -> dict[str, Any]:
    """What people see of it: everything but ids, times, tokens, attempts and *incomplete*."""
    row = Conversation.everything.get(id=conversation.id)
    turns = row.turns.order_by("number")
    runs = ActionRun.objects.filter(conversation_id=row.id).order_by("turn__number", "position")
    deliveries = Delivery.objects.filter(conversation_id=row.id).order_by("title")
    return {
        "state": (row.state, row.outcome, str(row.disposition or "")),
        "tags": sorted(str(tag) for tag in row.tags.all()),
        "world": {key: _named(value) for key, value in row.world.items() if key != "contact"},
        "turns": list(turns.values_list("kind", "state", "inbound", "reply", "heard")),
        "runs": [(r.turn.kind, r.type, r.arguments, r.status, r.outcome, r.line) for r in runs],
        "effects": [(r.type, [effect["line"] for effect in r.effects]) for r in runs],
        "deliveries": list(deliveries.values_list("kind", "to", "title", "payload", "state")),
        "transfers": [
            (one.outcome, list(one.legs.values_list("position", "label", "state")))
            for one in row.transfers.all()
        ],
        "items": list(row.items.values_list("note", "released_by")),
        "contact": _contact(row),
    }


def _named(value: Any) -> Any:
    """References by the names of their rows: the keys are new in every run."""
    if isinstance(value, list):
        return [_named(one) for one in value]
    kind, _, key = value.partition(":") if isinstance(value, str) else ("", "", "")
    model = {"tag": Tag, "disposition": Disposition}.get(kind)
    return model._default_manager.get(pk=key).name if model else value


def _contact(row: Conversation) -> tuple[Any, ...]:
    if row.sandbox:
        return tuple((key, value) for key, value in row.world["contact"].items() if key != "id")
    contact = row.contact
    assert contact is not None
    timeline = sorted(contact.timeline.values_list("kind", "text"))
    return contact.values, contact.blocked, timeline
