"""What was typed and cannot be stored as it is: kept for who typed it, until it can."""

from __future__ import annotations

from django.db import transaction
from django.http import QueryDict

from agents.core.models import User
from agents.panels.models import Action, Edit, InstructionPanel, Unsaved
from agents.panels.sections import BY_SLUG

INSTRUCTIONS = "instructions"
NAMED = {INSTRUCTIONS: "Instructions"} | {
    slug: f"Settings: {section.label}" for slug, section in BY_SLUG.items()
}
ASIDE = ("csrfmiddlewaretoken", "auto", "all", "op", "mine", "revision")  # sent, but not typed


@transaction.atomic
def keep(
    *, panel: InstructionPanel, part: str, user: object, data: QueryDict, wrong: int
) -> Unsaved | None:
    """Keep the fields of one part; `wrong` counts what is to be corrected."""
    if not isinstance(user, User):
        return None
    seen = data.get("revision", "")
    values = {
        "fields": {name: values for name, values in data.lists() if name not in ASIDE},
        "revision": int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
        "wrong": wrong,
    }
    row, _ = Unsaved.objects.update_or_create(panel=panel, user=user, part=part, defaults=values)
    return row


@transaction.atomic
def drop(*, panel: InstructionPanel, part: str, user: object) -> None:
    """It is stored now, or was given up."""
    if isinstance(user, User):
        Unsaved.objects.filter(panel=panel, user=user, part=part).delete()


@transaction.atomic
def follow(*, edit: Edit, user: object) -> None:
    """Somebody took an own step back: what is unsaved stands upon what is stored now."""
    if not isinstance(user, User):
        return
    for uid, revision in Action.objects.filter(uid__in=edit.cards).values_list("uid", "revision"):
        Unsaved.objects.filter(panel=edit.panel, user=user, part=str(uid)).update(revision=revision)


def of(panel: InstructionPanel, user: object) -> dict[str, Unsaved]:
    """What this person has not saved, by part; what belongs to a deleted card waits for it."""
    if not isinstance(user, User):
        return {}
    found = {row.part: row for row in Unsaved.objects.filter(panel=panel, user=user)}
    cards = {str(uid) for uid in panel.actions.values_list("uid", flat=True)} if found else set()
    return {part: row for part, row in found.items() if part in cards or part in NAMED}


def sent(row: Unsaved) -> QueryDict:
    """The fields as they were sent."""
    data = QueryDict(mutable=True)
    for name, values in row.fields.items():
        data.setlist(name, values)
    data["revision"] = str(row.revision)
    return data
