"""The steps of the first hour, and which of them are done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from agents.conversations.models import Conversation
from agents.core.models import Role, User
from agents.core.roles import has_role
from agents.home.models import DismissedStep
from agents.panels.models import Agent, Version
from integrations.models import Connection, State

BUILDERS = (Role.ADMIN, Role.BUILDER)


@dataclass(frozen=True, slots=True)
class StepKind:
    """A step: what it says, where its button leads, when it is done, and whose it is."""

    slug: str
    title: str
    words: str
    button: str
    icon: str
    done: Callable[[], bool]
    url: Callable[[], str]
    roles: tuple[str, ...] = BUILDERS


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it stands."""

    kind: StepKind
    url: str
    done: bool
    current: bool = False


def _agent_page(route: str) -> str:
    """A page of the agent that was made last; of all agents where there is none."""
    agent = Agent.objects.order_by("-created_at").first()
    return reverse(route, args=[agent.uuid]) if agent else reverse("panels:agents")


def _somebody_tried() -> bool:
    """A test that a user has held; those that came with the demo business are nobody's."""
    users = User.objects.values("username")
    return Conversation.everything.filter(sandbox=True, started_by__in=users).exists()


STEPS = (
    StepKind(
        "try",
        "Try an agent",
        "Hold a test call or a test chat with an agent and see why each action fired.",
        "Open an agent",
        "flask-conical",
        _somebody_tried,
        lambda: _agent_page("panels:instructions"),
    ),
    StepKind(
        "model",
        "Connect a language model",
        "Until then agents run in practice mode: fixed rules that only know keywords and formats.",
        "Connect a model",
        "plug",
        lambda: Connection.objects.filter(vendor="model", state=State.OK).exists(),
        lambda: reverse("integrations:list"),
        (Role.ADMIN,),
    ),
    StepKind(
        "publish",
        "Publish",
        "Publishing freezes the draft into a version; conversations run on it from then on.",
        "Review and publish",
        "upload",
        lambda: Version.objects.exclude(number=None).exists(),
        lambda: _agent_page("panels:publish"),
    ),
    StepKind(
        "invite",
        "Invite a colleague",
        "Builders work on agents; support staff read conversations and look after contacts.",
        "Add a user",
        "user-plus",
        lambda: User.objects.filter(is_active=True).count() > 1,
        lambda: reverse("admin:core_user_add"),
        (Role.ADMIN,),
    ),
)
SLUGS = frozenset(kind.slug for kind in STEPS)


def checklist(user: User) -> list[Step]:
    """The steps of this user; empty when each is done or dismissed."""
    dismissed = set(DismissedStep.objects.filter(user=user).values_list("step", flat=True))
    own = [kind for kind in STEPS if has_role(user, *kind.roles) and kind.slug not in dismissed]
    done = {kind.slug: kind.done() for kind in own}
    if all(done.values()):
        return []
    first = next(kind.slug for kind in own if not done[kind.slug])
    return [Step(kind, kind.url(), done[kind.slug], current=kind.slug == first) for kind in own]
