"""An in-memory context for examples: it answers what is asked, and lists what was emitted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import orjson
from pydantic import ValidationError

from actions import registry, variables
from actions.base import ActionError, ActionType, Channel, Names, Outcome
from actions.context import Context, Occasion
from actions.effects import Effect, SetProperty
from actions.facts import Booked, ContactFacts, Facts
from actions.languages import ENGLISH
from actions.ports import FunctionAnswer, Owner, PropertyInfo, Slot

NAMES = Names(
    {
        "person:1": "Ana Ruiz",
        "ring_group:1": "Sales",
        "inbox:1": "Support",
        "external:+14155550199": "+1 415 555 0199",
        "disposition:1": "Connected",
        "disposition:2": "No Answer",
        "tag:1": "Sales",
        "tag:2": "Support",
        "property:first_name": "First name",
        "property:email": "Email",
        "property:phone": "Phone",
        "property:account_number": "Account number",
        "property:address": "Address",
        "property:birthday": "Date of birth",
        "property:rooms": "Number of rooms",
        "property:plan": "Plan",
        "line:1": "Main line",
        "hubspot_pipeline:1": "Support",
        "hubspot_status:1": "New",
        "contact_disposition:1": "Qualified",
        "contact_disposition:2": "Closed",
        "list:1": "New Leads",
        "list:2": "Customers",
        "sequence:1": "Onboarding",
        "calendar:1": "Front desk",
        "service:1": "Consultation",
        "function:1": "Loyalty points",
        "function:1#details": '{"about": "Adds points", "parameters": ['
        '{"name": "points", "kind": "number", "about": "How many", "required": true},'
        '{"name": "email", "kind": "text", "about": "Whose", "required": false}]}',
    }
)
KINDS = {
    "email": "email",
    "phone": "phone",
    "birthday": "date",
    "rooms": "number",
    "plan": "choice",
}
PLANS = ("Basic", "Premium")
SLOTS = [
    Slot(start, start + timedelta(minutes=30), f"{start:%a %d %b, %H:%M}")
    for day in (13, 14)
    for hour in range(9, 17)
    if (start := datetime(2026, 3, day, hour, tzinfo=UTC))
]


class FakePeople:
    """The port of colleagues of a fake run."""

    def __init__(self, run: FakeContext) -> None:
        self.run = run

    def label(self, ref: str) -> str:
        """Known here."""
        return self.run.names.get(ref, "")

    def at_extension(self, digits: str) -> str:
        """Ana Ruiz has 204."""
        return "person:1" if digits == "204" else ""

    def way_to_tell(self, ref: str) -> tuple[str, str]:
        """In AloAi."""
        return ("app", "")

    def exists(self, ref: str) -> bool:
        """Known here."""
        return ref in self.run.names


class FakeContext:
    """One run's ports; what is set is seen at once.

    Of `values`, `said` is the transcript and `model` what a model writes; without it there is none.
    """

    def __init__(
        self,
        values: dict[str, str] | None = None,
        *,
        occasion: Occasion = Occasion(),  # noqa: B008 - frozen
        direction: str = "inbound",
        simulated: Mapping[str, Any] | None = None,
    ) -> None:
        values = dict(values or {})
        self.said = values.pop("said", "")
        self.model = values.pop("model", None)
        self.simulated = dict(simulated or {})
        self.panel_prompt, self.analysis = "", False
        self.prompts: list[dict[str, Any]] = []
        self.foreseen: list[dict[str, Any]] = []
        self.called: list[dict[str, Any]] = []
        self.effects: list[Effect] = []
        self.names = NAMES
        self.confirmed, self.asked = occasion.confirmed, occasion.asked
        self.language = ENGLISH
        self.moment = occasion.moment
        now = datetime(2026, 3, 12, 15, 0, tzinfo=UTC)
        self.facts = Facts(Channel.VOICE, direction, now, ContactFacts(values=values))
        self.facts.bookings = list(self.simulated.get("bookings", ()))
        self.people = FakePeople(self)
        self.crm = self.calendar = self.functions = self.directory = self.writing = self

    def emit(self, effect: Effect) -> None:
        """Kept, so that a test sees it."""
        self.effects.append(effect)

    def value(self, key: str) -> str:
        """A property's value; sees what this run has set."""
        for effect in reversed(self.effects):
            if isinstance(effect, SetProperty) and effect.key == key:
                return effect.value
        return self.facts.contact.values.get(key, "")

    def existing(self, ref: str) -> str:
        """Known here."""
        if ref not in self.names:
            raise ActionError(f"“{ref}” was deleted.")
        return self.names[ref]

    def fill(self, template: str, slots: dict[str, str] | None = None) -> str:
        """Fill a template."""
        values = self.facts.contact.values
        known = dict(variables.VARIABLES) | {n: variables.Variable(n, n, "") for n in slots or {}}
        own = {"FirstName": values.get("first_name", ""), "FullName": self.facts.contact.name}
        filled = variables.render(template, own | (slots or {}), known)
        if filled.missing:
            raise ActionError(f"There is no value for {', '.join(filled.missing)}.")
        return filled.text

    def fill_known(self, template: str) -> tuple[str, tuple[str, ...]]:
        """Fill a template, whatever is missing."""
        filled = variables.render(template, self.facts.contact.values, leave_out=True)
        return filled.text, filled.missing

    def transcript(self, last: int | None = None) -> str:
        """What was said."""
        lines = [f"Contact: {line}" for line in self.said.splitlines()]
        return "\n".join(lines[-last:] if last else lines)

    def deal_owner(self, pipeline: str) -> Owner:
        """What the example simulates; nobody without it."""
        owner: Owner = self.simulated.get("owner", Owner(gap="no open deal"))
        return owner

    def free(
        self, calendar: str, service: str, *, after: datetime | None = None, count: int = 3
    ) -> list[Slot]:
        """Every hour from 9 to 16 UTC on the two days after today, or the example's."""
        slots: list[Slot] = self.simulated.get("slots", SLOTS)
        return [slot for slot in slots if after is None or slot.start >= after][:count]

    def slot(self, calendar: str, service: str, start: datetime, *, moving: str = "") -> Slot:
        """One of them."""
        for slot in self.free(calendar, service, count=100):
            if slot.start == start:
                return slot
        raise ActionError("That time is not free.", to_model="That time is not free.")

    def current(self, calendar: str) -> Booked | None:
        """What the example simulates."""
        return next(iter(self.facts.bookings), None)

    def label(self, booked: Booked) -> str:
        """Day and time."""
        return f"{booked.start:%a %d %b, %H:%M}"

    def call(self, ref: str, values: dict[str, Any]) -> FunctionAnswer:
        """What the example simulates."""
        self.existing(ref)
        self.called.append(values)
        answer: FunctionAnswer = self.simulated.get("function", FunctionAnswer(True, "200"))
        return answer

    def property(self, ref: str) -> PropertyInfo | None:
        """Known here."""
        if ref not in self.names:
            return None
        key = ref.partition(":")[2]
        choices = PLANS if key == "plan" else ()
        return PropertyInfo(key, self.names[ref], KINDS.get(key, "text"), choices)

    def first_step(self, ref: str) -> str:
        """A sequence without steps."""
        return ""

    def note_prompt(self) -> str:
        """That of the panel's note, if a test gives one."""
        return self.panel_prompt

    def analysis_on(self) -> bool:
        """Off, unless a test switches it on."""
        return self.analysis

    def begin(self, prompt: str, *, transcript: str, language: str) -> None:
        """Kept, so that a test sees what was foreseen."""
        self.foreseen.append({"prompt": prompt, "transcript": transcript})

    def summarise(
        self, prompt: str, *, transcript: str, language: str, seconds: float
    ) -> str | None:
        """What the test's model writes; None without one."""
        self.prompts.append({"prompt": prompt, "transcript": transcript, "seconds": seconds})
        return self.model

    def now(self) -> datetime:
        """Fixed."""
        return self.facts.now


def kind_of(slug: str) -> ActionType:
    """A type that must be there."""
    kind = registry.get(slug)
    assert kind is not None
    return kind


def configured(slug: str, config: Mapping[str, Any]) -> Any:
    """Settings of a type; raises ValidationError."""
    return kind_of(slug).Config.model_validate(dict(config))


def run(
    slug: str,
    config: Mapping[str, Any],
    arguments: Mapping[str, Any] | None = None,
    context: FakeContext | None = None,
) -> tuple[Outcome, FakeContext]:
    """One run as the engine does it: settings and arguments are validated, then it is executed."""
    kind, context = kind_of(slug), context or FakeContext()
    settings = configured(slug, config)
    narrowed = kind.arguments(settings, context.names)
    args = narrowed.model_validate_json(orjson.dumps(dict(arguments or {})))
    return kind.execute(cast(Context, context), settings, args), context


def findings(slug: str, config: Mapping[str, Any], when: str = "") -> list[tuple[str, Any]]:
    """What the type's linter says: level and place."""
    found = kind_of(slug).lint(configured(slug, config), when)
    return [(finding.level, finding.loc) for finding in found]


def refused(slug: str, config: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """Where settings are refused, and with which sentence."""
    try:
        configured(slug, config)
    except ValidationError as error:
        return [(e["loc"], e["msg"].removeprefix("Value error, ")) for e in error.errors()]
    return []
