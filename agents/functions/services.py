"""Writes to custom functions; where it leads and its secret are an admin's business."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db import transaction

from agents.core import picks
from agents.core.models import Role
from agents.core.services import audit
from agents.functions.calling import host_of
from agents.functions.forms import FunctionForm
from agents.functions.models import Function
from agents.routing.services import InUse, NameTaken, Refused
from integrations import outbound
from integrations.secrets import encrypt

GUARDED = ("url", "auth", "auth_user", "auth_header", "headers", "method")


@transaction.atomic
def save_function(*, form: FunctionForm, row: Function | None = None, user: Any = None) -> Function:
    """Make or change a function; raises NameTaken, or Refused with the field."""
    verb = "changed" if row else "created"
    others = Function.objects.filter(name__iexact=form.name)
    if (others.exclude(pk=row.pk) if row else others).exists():
        raise NameTaken(form.name)
    row = row or Function()
    _put(row, form, user)
    row.save()
    audit(actor=str(user or ""), verb=verb, kind="function", object_id=row.pk, label=row.name)
    return row


def drafted(*, form: FunctionForm, row: Function | None = None, user: Any = None) -> Function:
    """The function as it would be saved, to be tried; raises Refused with the field."""
    draft = copy(row) if row else Function()
    _put(draft, form, user)
    return draft


def _put(row: Function, form: FunctionForm, user: Any) -> None:
    """What was filled in, where this person may say so; without authentication no secret stays."""
    settings = form.model_dump(mode="json", exclude={"secret"})
    _allowed(row, settings, form, user)
    row.name, row.settings = form.name, settings
    if form.auth == "none":
        row.secret = ""
    elif form.secret:
        row.secret = encrypt(form.secret)


def _allowed(row: Function, settings: dict[str, Any], form: FunctionForm, user: Any) -> None:
    before = {name: row.settings.get(name, _EMPTY[name]) for name in GUARDED} if row.pk else _EMPTY
    moved = [name for name in GUARDED if settings[name] != before[name]]
    if (moved or form.secret) and getattr(user, "role", Role.ADMIN) != Role.ADMIN:
        field = moved[0] if moved else "secret"
        raise Refused("Only an admin may change the address and the authentication.", (field,))
    if (
        row.secret
        and form.auth != "none"
        and not form.secret
        and host_of(row.url) != host_of(form.url)
    ):
        raise Refused("Enter the secret again: the server has changed.", ("secret",))
    if form.url:
        try:
            outbound.check_address(form.url.replace("{", "").replace("}", ""))
        except outbound.OutboundError as error:
            raise Refused(error.sentence, ("url",)) from error


_EMPTY: dict[str, Any] = {
    name: FunctionForm(name="x").model_dump(mode="json")[name] for name in GUARDED
}


@transaction.atomic
def delete_function(*, row: Function, ref: str, user: object = None) -> None:
    """Delete a function that nobody refers to; raises InUse."""
    if uses := picks.uses(ref):
        raise InUse(uses)
    audit(actor=str(user or ""), verb="deleted", kind="function", object_id=row.pk, label=row.name)
    row.delete()
