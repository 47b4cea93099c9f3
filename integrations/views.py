"""The Integrations page: connect, check now, state, and what depends on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from agents.core.roles import allowed
from agents.core.services import audit
from agents.panels.models import Action, Agent
from agents.panels.publish import lacking
from integrations import practice, services
from integrations.forms import KEY, ModelForm
from integrations.llm.check import CheckFinding
from integrations.llm.settings import ModelSettings
from integrations.models import Connection, State
from integrations.secrets import WrongCredentialKey

NAMED = 4  # agents named on the card; the others are counted
TONES = {State.OK: "ok", State.FAILED: "bad", State.UNCHECKED: ""}
# What a check found, in the order in which it asks.
FOUND = (
    ("chat", "answers"),
    ("tools", "calls tools"),
    ("decisions", "decisions endpoint"),
    ("logprobs", "probabilities"),
)
JUDGES = {
    "decisions": "asked at the decisions endpoint",
    "chat": "asked as a chat model",
    "none": "not asked: the model’s tool call decides",
}


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The card of the language model in one of its states."""

    connection: Connection | None
    form: ModelForm | None = None
    findings: tuple[CheckFinding, ...] = ()
    check_at_once: bool = False
    focus: bool = False
    agents: list[Agent] = field(default_factory=lambda: list(Agent.objects.all()))

    @property
    def tone(self) -> str:
        """The colour of the state."""
        state = self.connection.state if self.connection else State.UNCHECKED
        return "bad" if self.unreadable else TONES[State(state)]

    @property
    def has_key(self) -> bool:
        """Whether a key is stored, readable or not."""
        try:
            return bool(self.connection and services.credentials_of(self.connection).get(KEY))
        except WrongCredentialKey:
            return True

    @property
    def unreadable(self) -> str:
        """Why the stored credentials cannot be read."""
        try:
            if self.connection:
                services.credentials_of(self.connection)
        except WrongCredentialKey as error:
            return error.sentence
        return ""

    @property
    def problem(self) -> str:
        """What keeps it from working."""
        return self.unreadable or (self.connection.last_error if self.connection else "")

    @property
    def facts(self) -> ModelSettings:
        """The settings, with their defaults."""
        stored = self.connection.settings if self.connection else {}
        return ModelSettings.model_construct(**{"base_url": "", "chat": "", **stored})

    @property
    def judge(self) -> str:
        """How the judge is asked."""
        return JUDGES[services.judge_kind(self.connection)] if self.connection else ""

    @property
    def found(self) -> list[tuple[str, bool]]:
        """What the last check found."""
        found = self.connection.found if self.connection else {}
        return [(label, bool(found[name])) for name, label in FOUND if name in found]

    @property
    def listed(self) -> list[str]:
        """The models that the server named."""
        return list(self.connection.found.get("listed", [])) if self.connection else []

    @property
    def named(self) -> list[Agent]:
        """The agents whose names are shown."""
        return self.agents[:NAMED]

    @property
    def unnamed(self) -> int:
        """How many more there are."""
        return max(len(self.agents) - NAMED, 0)


@allowed("admin")
@require_GET
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """All cards."""
    return _page(request, ModelCard(services.model_connection()))


@allowed("admin")
@require_GET
@never_cache
def model_form(request: HttpRequest) -> HttpResponse:
    """The form in its card."""
    connection = services.model_connection()
    form = ModelForm.stored(connection.settings if connection else {})
    return _answer(request, ModelCard(connection, form))


@allowed("admin")
@require_http_methods(["GET", "POST"])
@never_cache
def model(request: HttpRequest) -> HttpResponse:
    """The card as it stands; posted, the connection is saved."""
    connection = services.model_connection()
    if request.method == "GET":
        return _answer(request, ModelCard(connection, focus=True))
    form = ModelForm.posted(request.POST)
    saved = None if form.errors else _save(connection, form)
    if saved is None:
        return _answer(request, ModelCard(services.model_connection(), form))
    _audit(request, "changed connection" if connection else "connected", saved)
    if not _part(request):
        return redirect("integrations:list")
    answer = _answer(request, ModelCard(saved, check_at_once=True, focus=True))
    return trigger_client_event(answer, "toast", {"text": "Language model saved"})


@allowed("admin")
@require_POST
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """Ask the server now. It waits for the network, so no transaction is open."""
    connection = services.model_connection()
    if connection is None:
        return _answer(request, ModelCard(None))
    checked = services.check_connection(connection=connection)
    card = ModelCard(services.model_connection(), findings=checked.findings, focus=True)
    answer = _answer(request, card)
    return trigger_client_event(answer, "announce", {"value": checked.sentence})


@allowed("admin")
@require_POST
def disconnect(request: HttpRequest) -> HttpResponse:
    """Forget the server and its key."""
    if connection := services.model_connection():
        _audit(request, "disconnected", connection)
        services.disconnect(connection_id=connection.pk)
    if not _part(request):
        return redirect("integrations:list")
    answer = _answer(request, ModelCard(None, focus=True))
    return trigger_client_event(answer, "toast", {"text": "Language model disconnected"})


def _save(connection: Connection | None, form: ModelForm) -> Connection | None:
    """The saved connection; None where the form says what is wrong."""
    try:
        return services.save_connection(
            vendor="model",
            name="Language model",
            settings=form.settings,
            credentials=form.credentials,
            connection=connection,
        )
    except services.ConnectionRefused as refused:
        form.errors |= refused.errors
    except WrongCredentialKey as error:
        form.errors[KEY] = error.sentence
    return None


def _audit(request: HttpRequest, verb: str, connection: Connection) -> None:
    audit(
        actor=request.user.get_username(),
        verb=verb,
        kind="connection",
        object_id=connection.pk,
        label=connection.name,
    )


def _part(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _answer(request: HttpRequest, card: ModelCard) -> HttpResponse:
    """The card alone where the page asked for it, else the page."""
    if _part(request):
        return render(request, "integrations/parts/model.html", {"card": card})
    return _page(request, card)


def _page(request: HttpRequest, card: ModelCard) -> HttpResponse:
    waiting = Counter[str]()
    for action in Action.objects.all():
        waiting.update({need.kind for need in lacking(action)})
    context: dict[str, Any] = {
        "card": card,
        "pipelines": practice.PIPELINES.values(),
        "waiting": waiting,
    }
    return render(request, "integrations/list.html", context)
