"""Finding contacts by what people type."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from agents.contacts.models import Contact, Disengagement
from agents.core.text import one_line

NAMES = ("values__first_name", "values__last_name", "values__company", "email", "phone")
NUMBER = re.compile(r"\+?[0-9]{3,}")


def matches(text: str, path: str = "") -> Q:
    """Every word stands in the name, the company, the number or the e-mail address."""
    found = Q()
    digits = re.sub(r"[\s().\-/]", "", text)
    for word in [digits] if NUMBER.fullmatch(digits) else text.split():
        one = Q()
        for name in NAMES:
            one |= Q(**{f"{path}{name}__icontains": word})
        found &= one
    return found


STANDINGS = {
    "dnc": "DNC",
    "sms_opted_out": "Opted out of SMS",
    "disengaged": "Disengaged",
    "reachable": "No restriction",
}


def standing(what: str) -> Q:
    """Contacts that are blocked, opted out, disengaged by some agent, or none of these."""
    ended = Disengagement.objects.filter(contact=OuterRef("pk"), lifted_at=None)
    stops = {
        "dnc": Q(blocked=True),
        "sms_opted_out": Q(sms_opted_out=True),
        "disengaged": Q(disengaged=True) | Q(Exists(ended)),
    }
    if what in stops:
        return stops[what]
    return ~(stops["dnc"] | stops["sms_opted_out"] | stops["disengaged"])


@dataclass(frozen=True, slots=True)
class ContactFilters:
    """What the list of contacts is narrowed to; nonsense in the address is ignored."""

    samples: bool = False
    q: str = ""
    list: str = ""
    tag: str = ""
    disposition: str = ""
    standing: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> ContactFilters:
        """From the address of the page."""
        pks = {name: _pk(query.get(name, "")) for name in ("list", "tag", "disposition")}
        stands = query.get("standing", "")
        return cls(
            samples=query.get("show") == "samples",
            q=one_line(query.get("q", ""), 200),
            standing=stands if stands in STANDINGS else "",
            **pks,
        )

    @property
    def given(self) -> dict[str, str]:
        """What is narrowed, in the order of the form."""
        return {f.name: value for f in fields(self)[1:] if (value := getattr(self, f.name))}

    @property
    def query(self) -> str:
        """As it stands in the address."""
        return urlencode(({"show": "samples"} if self.samples else {}) | self.given)

    def without(self, name: str) -> ContactFilters:
        """The same but for one."""
        rest = {key: value for key, value in self.given.items() if key != name}
        return ContactFilters(samples=self.samples, **rest)

    def rows(self, invented: Collection[UUID] = ()) -> QuerySet[Contact]:
        """The contacts, newest first, with what a row shows.

        `invented`: samples that stand among the others, because they have conversations.
        """
        samples = Q(sample=True) & ~Q(pk__in=invented)
        found = Contact.objects.filter(samples if self.samples else ~samples)
        if self.q:
            found = found.filter(matches(self.q))
        if self.list:
            through = Contact.lists.through.objects
            found = found.filter(
                Exists(through.filter(contact=OuterRef("pk"), contactlist=int(self.list)))
            )
        if self.tag:
            tagged = Contact.tags.through.objects
            found = found.filter(Exists(tagged.filter(contact=OuterRef("pk"), tag=int(self.tag))))
        if self.disposition:
            found = found.filter(disposition=int(self.disposition))
        if self.standing:
            found = found.filter(standing(self.standing))
        found = found.select_related("disposition").prefetch_related("tags", "lists")
        return found.order_by("-created_at", "pk")


def _pk(text: str) -> str:
    return text if re.fullmatch(r"[0-9]{1,9}", text) else ""
