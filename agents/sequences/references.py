"""The pick kind of this room, who is in a sequence, and what is doubtful about picking one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Count

from agents.core import picks
from agents.core.picks import Option, PickKind, Trouble, Use, Within
from agents.core.text import counted
from agents.routing.references import row_labels
from agents.sequences.models import Enrolment, SequenceStep
from agents.sequences.models import Sequence as SequenceRow

KIND = "sequence"


def _options(within: Within) -> Iterable[Option]:
    for row in SequenceRow.objects.annotate(size=Count("steps")):
        yield Option(f"{KIND}:{row.pk}", row.name, counted(row.size, "step"))


def _in_it(ref: str) -> Iterable[Use]:
    """Contacts that are in a sequence now."""
    slug, key = picks.split(ref)
    if slug == KIND:
        standing = Enrolment.objects.filter(
            sequence__in=picks.by_pk([key]), state=Enrolment.State.WAITING
        )
        if count := standing.count():
            yield Use(f"{counted(count, 'contact')} in it")


def _steps_of_agent(ref: str) -> Iterable[Use]:
    """Sequences whose steps an agent carries out."""
    slug, key = picks.split(ref)
    if slug == "agent":
        rows = SequenceRow.objects.filter(steps__agent_uuid=key).distinct()
        yield from (Use(f"Sequence {row.name}") for row in rows)


def _into_itself(keys: Sequence[str], agent: UUID) -> Mapping[str, Trouble]:
    """Sequences with a step of the very agent whose action enrols into them."""
    steps = SequenceStep.objects.filter(sequence__in=picks.by_pk(keys), agent_uuid=agent)
    return {
        str(step.sequence_id): Trouble(
            "warning",
            f"“{step.sequence.name}” has a step of this agent, who enrolls into it again: "
            "the contact may never leave it.",
        )
        for step in steps.select_related("sequence")
    }


def register_kinds() -> None:
    """Called at start-up."""
    picks.register(
        PickKind(KIND, "Sequence", "Sequences", _options, row_labels(SequenceRow),
                 by_form=True, new="sequence")
    )  # fmt: skip
    picks.register_uses(_in_it)
    picks.register_uses(_steps_of_agent)
    picks.register_troubles(KIND, _into_itself)
