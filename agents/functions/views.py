"""The Test panel: the real request with sample values, and what came back."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from actions.base import ActionError
from agents.core.roles import allowed
from agents.core.text import one_line
from agents.functions import calling
from agents.functions.models import Function


@allowed("admin", "builder")
@require_POST
def test(request: HttpRequest, function: int) -> HttpResponse:
    """Make the request as it is saved."""
    row = get_object_or_404(Function, pk=function)
    context: dict[str, object] = {"function": row}
    try:
        values = _values(row, request)
        made = calling.request_of(row, values, f"test:{uuid4()}")
        reply = calling.send(row, made)
        context |= {"made": made, "reply": reply, "answer": calling.answer_of(row, reply)}
        context["text"] = reply.text[: calling.SHOWN]
    except ActionError as error:
        context["problem"] = error.sentence
    return render(request, "functions/parts/tested.html", context)


def _values(row: Function, request: HttpRequest) -> dict[str, object]:
    values: dict[str, object] = {}
    for one in calling.form_of(row).parameters:
        text = one_line(request.POST.get(f"test.{one.name}", ""), 500)
        if not text:
            if one.required:
                raise ActionError(f"Fill in {one.name}.")
            values[one.name] = None
        elif one.kind == "boolean":
            values[one.name] = text.casefold() in ("yes", "true", "1", "on")
        elif one.kind == "number":
            values[one.name] = _number(one.name, text)
        else:
            values[one.name] = text
    return values


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ActionError(f"{name}: “{text}” is not a number.") from None
