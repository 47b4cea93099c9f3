"""Saving, checking and using connections."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel, ValidationError

from integrations import outbound, secrets
from integrations.llm import check as llm_check
from integrations.llm import client
from integrations.llm.settings import ModelSettings, Role
from integrations.llm.types import Endpoint
from integrations.models import Connection, State

SHAPES: dict[str, type[BaseModel]] = {"model": ModelSettings}


class ConnectionRefused(Exception):
    """Settings that cannot be saved; `errors` names the field and says why."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Checked:
    """What *Check now* showed."""

    ok: bool
    sentence: str
    findings: tuple[llm_check.CheckFinding, ...] = ()
    found: dict[str, Any] = field(default_factory=dict)


Checker = Callable[[Connection], Checked]
_checkers: dict[str, Checker] = {}


def register_checker(vendor: str, checker: Checker) -> None:
    """Say how a vendor's connections are checked; called when the site starts."""
    _checkers[vendor] = checker


def save_connection(
    *,
    vendor: str,
    name: str,
    settings: dict[str, Any],
    credentials: dict[str, str] | None = None,
    connection: Connection | None = None,
) -> Connection:
    """Create or change a connection. Credentials None: they stay; none at all: they go.

    Raises ConnectionRefused, WrongCredentialKey.
    """
    settings = _validated(vendor, settings)
    if connection and credentials is None and connection.secret:
        _same_server(connection.settings, settings)
    connection = connection or Connection(vendor=vendor)
    connection.name = name.strip()[:100] or vendor
    connection.settings = settings
    if credentials is not None:
        plain = orjson.dumps(credentials).decode()
        connection.secret = secrets.encrypt(plain) if credentials else ""
    connection.state, connection.last_error, connection.found = State.UNCHECKED, "", {}
    with transaction.atomic():
        connection.save()
    return connection


def disconnect(*, connection_id: int) -> None:
    """Forget a connection and its credentials."""
    with transaction.atomic():
        Connection.objects.filter(id=connection_id).delete()


def credentials_of(connection: Connection) -> dict[str, str]:
    """The credentials in clear. Raises WrongCredentialKey."""
    if not connection.secret:
        return {}
    found: dict[str, str] = orjson.loads(secrets.decrypt(connection.secret))
    return found


def check_connection(*, connection: Connection) -> Checked:
    """Ask the vendor whether the connection works, and keep the answer.

    Waits for the network: never inside a transaction, never in the thread of a running loop.
    """
    try:
        checked = _checkers[connection.vendor](connection)
    except secrets.WrongCredentialKey as error:
        checked = Checked(False, error.sentence)
    connection.state = State.OK if checked.ok else State.FAILED
    connection.last_error = "" if checked.ok else checked.sentence[:500]
    connection.found = checked.found
    connection.checked_at = timezone.now()
    with transaction.atomic():  # an update: somebody may have disconnected it meanwhile
        Connection.objects.filter(id=connection.id).update(
            state=connection.state,
            last_error=connection.last_error,
            found=connection.found,
            checked_at=connection.checked_at,
        )
    return checked


def report_failure(*, connection_id: int, sentence: str) -> None:
    """A connection failed at work."""
    with transaction.atomic():
        Connection.objects.filter(id=connection_id).update(
            state=State.FAILED, last_error=sentence[:500], checked_at=timezone.now()
        )


def report_success(*, connection_id: int) -> None:
    """A connection that had failed works again."""
    with transaction.atomic():
        Connection.objects.filter(id=connection_id).update(
            state=State.OK, last_error="", checked_at=timezone.now()
        )


def endpoint_for(connection: Connection, role: Role, model: str = "") -> Endpoint:
    """Where and as what a role's model answers; `model` overrides the connection's.

    Raises WrongCredentialKey. The fallback's model is empty where there is none.
    """
    settings = ModelSettings.model_validate(connection.settings)
    return Endpoint(
        settings.base_url,
        credentials_of(connection).get("api_key", ""),
        model or settings.model_for(role),
        extra_body=settings.extra_body,
        max_tokens_param=settings.max_tokens_param,
        supports_strict=settings.supports_strict,
        supports_stream_usage=settings.supports_stream_usage,
        timeout=settings.timeout,
    )


def judge_kind(connection: Connection) -> str:
    """Decisions, chat or none. Automatic: decisions where the last check found that endpoint."""
    kind = ModelSettings.model_validate(connection.settings).judge_kind
    if kind != "auto":
        return kind
    return "decisions" if connection.found.get("decisions") else "chat"


def model_connection() -> Connection | None:
    """The connection that agents use; None: practice mode."""
    return Connection.objects.filter(vendor="model").order_by("id").first()


def judge_in_use() -> str:
    """How conditions are judged now: decisions, chat, or none where no model is asked."""
    connection = model_connection()
    return judge_kind(connection) if connection else "none"


def _validated(vendor: str, settings: dict[str, Any]) -> dict[str, Any]:
    shape = SHAPES.get(vendor)
    if shape is None:
        return settings
    try:
        validated = shape.model_validate(settings).model_dump()
    except ValidationError as error:
        found = {".".join(map(str, each["loc"])): each["msg"] for each in error.errors()}
        raise ConnectionRefused(found) from None
    if "base_url" in validated:
        _allowed(validated["base_url"])
    return validated


def _allowed(base_url: str) -> None:
    try:
        outbound.check_model_address(base_url)
    except outbound.OutboundError as error:
        raise ConnectionRefused({"base_url": error.sentence}) from error


def _same_server(before: dict[str, Any], after: dict[str, Any]) -> None:
    """A stored key never follows to another server: whoever moves it has to know it."""
    old, new = (urlsplit(str(each.get("base_url", ""))) for each in (before, after))
    if (old.scheme, old.netloc) != (new.scheme, new.netloc):
        raise ConnectionRefused({"api_key": "Enter the key again: the server has changed."})


def _check_model(connection: Connection) -> Checked:
    chat, judge = endpoint_for(connection, "chat"), endpoint_for(connection, "judge")

    async def ask() -> llm_check.CheckResult:
        try:
            return await llm_check.check(chat, judge)
        finally:
            await client.close_clients()

    result = asyncio.run(ask())
    found = {each.name: each.ok for each in result.findings} | {"listed": list(result.models)}
    return Checked(result.ok, result.sentence, result.findings, found)


register_checker("model", _check_model)
