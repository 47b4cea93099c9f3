"""One of every action type on one panel, with the rows that their examples refer to."""

from __future__ import annotations

from typing import Any

import orjson
from django.core.management.color import no_style
from django.db import connection

from actions import registry
from actions.base import ActionType, Example, Moment, Names
from agents.calendars.forms import CalendarForm
from agents.calendars.models import Calendar, Service
from agents.contacts.models import (
    Contact,
    ContactDisposition,
    ContactList,
    Disposition,
    Property,
    Tag,
)
from agents.functions.forms import FunctionForm
from agents.functions.models import Function
from agents.functions.services import save_function
from agents.routing.models import Inbox, Line, Person, RingGroup
from agents.sequences.models import Sequence, SequenceStep
from integrations.llm.types import ToolCall
from tests.engine.world import action, ids
from tests.fakes.ports import KINDS, NAMES

MARIA = {"first_name": "Maria", "phone": "+14155550142", "email": "maria@lopez.example"}
ROWS: dict[str, Any] = {
    "inbox": Inbox,
    "ring_group": RingGroup,
    "disposition": Disposition,
    "tag": Tag,
    "line": Line,
    "contact_disposition": ContactDisposition,
    "list": ContactList,
}
MODELS = ROWS | {
    "person": Person,
    "calendar": Calendar,
    "service": Service,
    "sequence": Sequence,
    "function": Function,
}
FUNCTION = {
    "name": NAMES["function:1"],
    "about": "Adds points",
    "url": "https://api.example.com/points",
    "parameters": [
        {"name": "points", "kind": "number", "about": "How many"},
        {"name": "email", "about": "Whose", "required": False},
    ],
    "values": [{"name": "total", "path": "points.total"}],
    "sample": '{"points": {"total": 120}}',
}
PRACTICE = {
    "hubspot_pipeline:1": "hubspot_pipeline:practice-support",
    "hubspot_status:1": "hubspot_status:practice-support-new",
}


def furnish() -> None:
    """Rows for every name that the examples of the catalog use, with the same numbers."""
    Person.objects.create(
        pk=1, name="Ana Ruiz", extension="204", phone="+14155550101", email="ana@example.com"
    )
    for ref, label in NAMES.items():
        kind, _, key = ref.partition(":")
        if kind in ROWS:
            ROWS[kind].objects.create(pk=int(key), name=label)
        elif kind == "property":
            given = {"label": label, "kind": KINDS.get(key, "text")}
            Property.objects.get_or_create(key=key, defaults=given)
    RingGroup.objects.get(pk=1).members.add(1)
    Inbox.objects.get(pk=1).members.add(1)
    _calendar()
    _sequence()
    save_function(form=FunctionForm.model_validate(FUNCTION))
    Function.objects.update(id=1)
    _go_on_counting()


def _go_on_counting() -> None:
    """PostgreSQL would give out the numbers that were given by hand."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [*MODELS.values()]):
            cursor.execute(statement)


def _calendar() -> None:
    hours = CalendarForm.model_validate({"name": "Desk"}).model_dump(mode="json")["hours"]
    Calendar.objects.create(pk=1, name=NAMES["calendar:1"], hours=hours)
    Service.objects.create(pk=1, calendar_id=1, name=NAMES["service:1"])


def _sequence() -> None:
    made = Sequence.objects.create(pk=1, name=NAMES["sequence:1"])
    SequenceStep.objects.create(sequence=made, wait_hours=48, text="Welcome.")


def maria() -> Contact:
    """Somebody who can be reached."""
    return Contact.objects.create(values=MARIA, phone=MARIA["phone"])


def example_of(kind: ActionType) -> Example:
    """The first of a type's examples that works without an answer of the contact before it."""
    fit = (one for one in kind.examples if not (one.error or one.confirmed or one.asked))
    plain = [one for one in fit if not one.simulated]
    return next((one for one in plain if one.moment == "during"), plain[0])


def config_of(kind: ActionType, example: Example | None = None) -> dict[str, Any]:
    """The settings of an example, of that one; pipelines are those of the practice HubSpot."""
    raw = orjson.dumps(dict((example or example_of(kind)).config)).decode()
    for known, practice in PRACTICE.items():
        raw = raw.replace(known, practice)
    made: dict[str, Any] = orjson.loads(raw)
    return made


def one_of(slug: str, **values: Any) -> dict[str, Any]:
    """An action of this type for a version."""
    kind = registry.get(slug)
    assert kind is not None
    return action(slug, config=config_of(kind), **values)


def called(slug: str) -> ToolCall:
    """The tool call of that example."""
    kind = registry.get(slug)
    assert kind is not None
    raw = orjson.dumps(dict(example_of(kind).arguments)).decode()
    return ToolCall(f"c{next(ids)}", slug, raw)


def names() -> dict[str, str]:
    """What a version that was published with these rows knows."""
    return dict(NAMES) | {practice: NAMES[known] for known, practice in PRACTICE.items()}


def slugs(moment: Moment) -> list[str]:
    """The types that may act at this moment."""
    return sorted(kind.slug for kind in registry.all_types() if moment in kind.moments)


def labels() -> Names:
    """The same, as a type asks for them."""
    return Names(names())
