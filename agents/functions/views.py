"""The Test panel: the real request with the sample values, and what came back."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from actions.base import ActionError
from agents.core.roles import allowed
from agents.functions import calling, services
from agents.functions.forms import FunctionForm, ParameterRow
from agents.functions.models import Function
from agents.panels.forms import check, read
from agents.panels.forms.check import Checked
from agents.panels.forms.shape import specs
from agents.routing.services import Refused

UNNAMED = "Function"  # what a request is called whose function has no name yet


@allowed("admin", "builder")
@require_POST
def test(request: HttpRequest, function: int | None = None) -> HttpResponse:
    """Make the request as it is filled in; a stored secret is used where none was typed."""
    row = get_object_or_404(Function, pk=function) if function else None
    tree = read(FunctionForm, request.POST, "settings")
    checked = check(FunctionForm, tree | {"name": tree["name"] or UNNAMED})
    context: dict[str, object] = {"problems": _wrong(checked)}
    if not checked.errors:
        try:
            draft = services.drafted(form=checked.value, row=row, user=request.user)
            context |= _sent(draft, checked.value)
        except (ActionError, Refused) as error:
            context["problems"] = [getattr(error, "sentence", "") or str(error)]
    return render(request, "functions/parts/tested.html", context)


def _wrong(checked: Checked) -> list[str]:
    """What is to be corrected first, each with its field."""
    labels = {spec.name: spec.label for spec in specs(FunctionForm)}
    return [
        f"{labels[str(loc[0])]}: {sentence}" if loc else sentence
        for loc, sentence in checked.errors.items()
    ]


def _sent(draft: Function, form: FunctionForm) -> dict[str, object]:
    """The request and its answer."""
    values = {one.name: _sample(one) for one in form.parameters}
    made = calling.request_of(draft, values, f"test:{uuid4()}")
    reply = calling.send(draft, made)
    text = reply.text[: calling.SHOWN]
    answer = calling.answer_of(draft, reply)
    return {"made": made, "reply": reply, "answer": answer, "text": text}


def _sample(one: ParameterRow) -> object:
    """The sample of a parameter as what it is."""
    text = one.sample
    if not text:
        if one.required:
            raise ActionError(f"Fill in a sample for {one.name}.")
        return None
    if one.kind == "boolean":
        return text.casefold() in ("yes", "true", "1", "on")
    if one.kind == "number":
        try:
            return float(text)
        except ValueError:
            raise ActionError(f"{one.name}: “{text}” is not a number.") from None
    return text
