"""The pick kinds of this room: people, ring groups, inboxes, external numbers, lines, pipelines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Model

from agents.core.picks import (
    CannotCreate,
    Option,
    PickKind,
    Use,
    Within,
    by_pk,
    register,
    register_uses,
    split,
)
from agents.core.text import counted, one_line
from agents.routing import services
from agents.routing.forms import InboxForm, RingGroupForm
from agents.routing.models import ExternalNumber, Inbox, Line, Person, RingGroup
from agents.routing.numbers import phone_number, shown
from integrations import practice


def row_labels(model: type[Model]) -> Callable[[Sequence[str]], Mapping[str, str]]:
    """Labels of rows by primary key."""

    def labels(keys: Sequence[str]) -> Mapping[str, str]:
        found = model._default_manager.filter(pk__in=by_pk(keys))
        return {str(row.pk): str(row) for row in found}

    return labels


def _persons(within: Within) -> Iterable[Option]:
    for person in Person.objects.all():
        hint = f"ext. {person.extension}" if person.extension else person.phone or person.email
        yield Option(f"person:{person.pk}", person.name, hint)


def _person_labels(keys: Sequence[str]) -> Mapping[str, str]:
    rows = Person.objects.filter(pk__in=by_pk(keys))
    return {str(person.pk): person.name for person in rows}


def _groups(within: Within) -> Iterable[Option]:
    for group in RingGroup.objects.annotate(size=Count("members")):
        yield Option(f"ring_group:{group.pk}", group.name, counted(group.size, "person", "people"))


def _inboxes(within: Within) -> Iterable[Option]:
    for inbox in Inbox.objects.annotate(size=Count("members")):
        yield Option(f"inbox:{inbox.pk}", inbox.name, counted(inbox.size, "person", "people"))


def _lines(within: Within) -> Iterable[Option]:
    for row in Line.objects.all():
        yield Option(f"line:{row.pk}", row.name, shown(row.number))


def _numbers(within: Within) -> Iterable[Option]:
    for row in ExternalNumber.objects.all():
        yield Option(f"external:{row.number}", row.name, shown(row.number))


def _number_labels(keys: Sequence[str]) -> Mapping[str, str]:
    """The names of numbers; one that the library does not know is shown as it is."""
    known = dict(ExternalNumber.objects.filter(number__in=keys).values_list("number", "name"))
    return {key: known.get(key) or shown(key) for key in keys if phone_number(key) == key}


def _name(text: str) -> str:
    name = one_line(text, 120)
    if not name:
        raise CannotCreate("Enter a name.")
    return name


def named(model: type[Model], text: str) -> str | None:
    """The key of the row that has this name already."""
    row = model._default_manager.filter(name__iexact=text).first()
    return str(row.pk) if row else None


def _new_group(text: str, user: Any) -> str:
    name = _name(text)
    known = named(RingGroup, name)
    return known or str(services.save_ring_group(form=RingGroupForm(name=name), user=user).pk)


def _new_inbox(text: str, user: Any) -> str:
    name = _name(text)
    known = named(Inbox, name)
    return known or str(services.save_inbox(form=InboxForm(name=name), user=user).pk)


def _pipelines(within: Within) -> Iterable[Option]:
    for pipeline in practice.PIPELINES.values():
        yield Option(f"hubspot_pipeline:{pipeline.key}", pipeline.label)


def _statuses(within: Within) -> Iterable[Option]:
    for key, (pipeline, label) in practice.STATUSES.items():
        if within.parent in ("", f"hubspot_pipeline:{pipeline.key}"):
            yield Option(f"hubspot_status:{key}", label, pipeline.label)


def _pipeline_labels(keys: Sequence[str]) -> Mapping[str, str]:
    return {key: practice.PIPELINES[key].label for key in keys if key in practice.PIPELINES}


def _status_labels(keys: Sequence[str]) -> Mapping[str, str]:
    return {key: practice.STATUSES[key][1] for key in keys if key in practice.STATUSES}


KINDS = (
    PickKind("person", "Person", "People", _persons, _person_labels,
             by_form=True, new="person"),
    PickKind("ring_group", "Ring group", "Ring groups", _groups, row_labels(RingGroup),
             create=_new_group, by_form=True, new="ring group"),
    PickKind("inbox", "Inbox", "Inboxes", _inboxes, row_labels(Inbox),
             create=_new_inbox, by_form=True, new="inbox"),
    PickKind("external", "External number", "External numbers", _numbers, _number_labels,
             by_form=True, new="external number"),
    PickKind("line", "Line", "Lines", _lines, row_labels(Line), by_form=True, new="line"),
    PickKind("hubspot_pipeline", "Pipeline", "Pipelines", _pipelines, _pipeline_labels),
    PickKind("hubspot_status", "Status", "Statuses", _statuses, _status_labels,
             parent="hubspot_pipeline"),
)  # fmt: skip


def _memberships(ref: str) -> Iterable[Use]:
    """The groups and inboxes of a person."""
    slug, key = split(ref)
    if slug != "person":
        return
    for group in RingGroup.objects.filter(members__pk__in=by_pk([key])):
        yield Use(f"Ring group {group.name}")
    for inbox in Inbox.objects.filter(members__pk__in=by_pk([key])):
        yield Use(f"Inbox {inbox.name}")


def register_kinds() -> None:
    """Called at start-up."""
    for kind in KINDS:
        register(kind)
    register_uses(_memberships)
