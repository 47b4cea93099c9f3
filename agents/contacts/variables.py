"""The properties of contacts as template variables, each by its label."""

from __future__ import annotations

from collections.abc import Mapping

from actions.variables import VARIABLES, Variable, is_name
from agents.contacts.models import Contact, Property

SHOWN = frozenset(variable.key for variable in VARIABLES.values() if variable.key)
SAMPLES: Mapping[str, str] = {
    Property.Kind.EMAIL: "maria@lopez.com",
    Property.Kind.PHONE: "+14155550123",
    Property.Kind.DATE: "March 12",
    Property.Kind.NUMBER: "42",
}


def property_variables() -> dict[str, Variable]:
    """The properties that no other variable shows; of two with the same label, the first."""
    known: dict[str, Variable] = {}
    example = Contact.objects.filter(sample=True).order_by("created_at", "pk").first()
    for row in Property.objects.exclude(key__in=SHOWN):
        if row.label not in VARIABLES and is_name(row.label):
            known.setdefault(row.label, _variable(row, example.values if example else {}))
    return known


def _variable(row: Property, example: Mapping[str, object]) -> Variable:
    usual = SAMPLES.get(row.kind) or next(iter(row.choices), row.label)
    return Variable(row.label, "Property", str(example.get(row.key) or usual), key=row.key)
