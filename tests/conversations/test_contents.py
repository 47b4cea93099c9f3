"""What would have left, field by field: nothing of it is hidden but secrets."""

from __future__ import annotations

from typing import Any

import pytest

from actions.effects import AddNote, Send
from actions.sending import notice, request_made, ticket
from agents.conversations import sending
from agents.conversations.models import Conversation
from agents.functions import calling
from agents.functions.forms import FunctionForm
from agents.functions.models import Function
from agents.functions.services import save_function
from agents.outbox.models import Delivery
from agents.routing.models import Line, Person
from agents.tryit.sandbox import _leaving
from integrations.secrets import encrypt
from tests.catalog.showcase import FUNCTION
from tests.conversations.factories import make_agent, make_contact, make_conversation

pytestmark = pytest.mark.django_db


@pytest.fixture
def test() -> Conversation:
    return make_conversation(make_agent(), contact=make_contact(), sandbox=True)


def parts(test: Conversation, effect: Send) -> dict[str, str]:
    """The fields of what this would send."""
    to_contact = effect.payload.get("to_contact", True)
    Delivery.objects.create(
        key="k", kind=effect.kind, title=effect.title, purpose=effect.purpose, to=effect.to,
        payload=effect.payload, conversation_id=test.pk, sandbox=True, state="practice",
        contact=test.contact if to_contact else None,
    )  # fmt: skip
    (view,) = sending.deliveries(test)
    return {part.label: part.text for part in view.parts}


def test_every_field_of_a_ticket(test: Conversation) -> None:
    fields: dict[str, Any] = {
        "pipeline": "p", "pipeline_label": "Support", "status": "s", "status_label": "New",
        "priority": "high", "summary": "The boiler is cold.",
        "customer": {"name": "Maria Lopez", "account_number": "not given", "address": "1 Pine St"},
        "steps": [{"step": "restarted it", "result": "no change"}],
    }  # fmt: skip
    assert parts(test, ticket("Call from Maria", fields)) == {
        "Subject": "Call from Maria",
        "Pipeline": "Support",
        "Status": "New",
        "Priority": "High",
        "Customer": "Maria Lopez",
        "Account number": "not given",
        "Address": "1 Pine St",
        "Summary": "The boiler is cold.",
        "Troubleshooting": "restarted it: no change",
        "Associated with": "the contact Maria Lopez",
    }


def test_a_message_from_whom_to_whom_and_how_long(test: Conversation) -> None:
    line = Line.objects.create(name="Main line", number="+14155550100")
    payload = {"text": "Hi “Maria”", "line": f"line:{line.pk}"}
    effect = Send("sms", "SMS", "reply", "+14155550142", payload)
    shown = parts(test, effect)
    assert (shown["From"], shown["Text"]) == ("Main line · +14155550100", "Hi “Maria”")
    assert shown["To"] == f"Maria Lopez · {effect.to}" and shown["Segments"] == "1, UCS-2"


def test_a_notice_by_e_mail_has_a_subject(test: Conversation) -> None:
    ana = Person.objects.create(name="Ana Ruiz", email="ana@example.com", notify="email")
    effect = notice(f"person:{ana.pk}", "Ana Ruiz", ("email", "ana@example.com"), "Call\nhim back")
    assert parts(test, effect) == {
        "To": "Ana Ruiz · ana@example.com",
        "Subject": "Call him back",
        "Text": "Call\nhim back",
    }


def test_a_request_and_its_answer_without_its_secret(test: Conversation) -> None:
    save_function(form=FunctionForm.model_validate({**FUNCTION, "auth": "bearer"}))
    row = Function.objects.get()
    row.secret = encrypt("very-secret")
    request = calling.request_of(row, {"points": 5}, "k")
    reply = calling.Reply(status=200, text='{"points": {"total": 120}}', values={"total": "120"})
    exchange = calling.answer_of(row, reply, request).exchange
    shown = parts(test, request_made(exchange))
    assert shown["Request"] == "POST https://api.example.com/points"
    assert "Authorization: ••••" in shown["Headers"] and "very-secret" not in str(exchange)
    assert shown["Body"] == '{\n  "points": 5\n}'
    assert shown["Answer"] == '200\n{\n  "points": {\n    "total": 120\n  }\n}'
    assert shown["Values"] == "total: 120"


def test_a_note_for_the_customer_system_leaves_too() -> None:
    made = _leaving(AddNote("Wants an offer.", to_hubspot=True))
    assert made and (made.kind, made.payload["text"]) == ("hubspot_note", "Wants an offer.")
    assert _leaving(AddNote("Wants an offer.")) is None
