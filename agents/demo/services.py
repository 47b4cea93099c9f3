"""Asking for the demo business, making it, and removing it."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from agents.core.services import audit
from agents.demo.models import THE_ONE, Demo
from agents.demo.removing import Kept, clear

TASK = "agents.demo.tasks.make"


class BeingMade(RuntimeError):
    """It cannot be removed while somebody makes it."""


@transaction.atomic
def ask_for(*, user: object = None, queued: bool = True) -> Demo:
    """Ask for the demo business; asked twice it is made once.

    `queued`: the background tasks make it. One whose maker has failed or died begins anew.
    """
    demo, new = Demo.objects.get_or_create(pk=THE_ONE, defaults={"made_by": str(user or "")})
    again = not new and (demo.state == Demo.State.FAILED or demo.lost(timezone.now()))
    if again:
        fresh = {"state": Demo.State.MAKING, "doing": "", "done": 0, "until": None, "owner": ""}
        Demo.objects.filter(pk=THE_ONE, owner=demo.owner, state=demo.state).update(**fresh)
    if new or again:
        _log("asked for", user)
        if queued:
            transaction.on_commit(partial(async_task, TASK), robust=True)
    return Demo.objects.get(pk=THE_ONE)


@transaction.atomic
def remove(*, user: object = None) -> list[Kept]:
    """Remove it with everything that it made; gives what stays because others use it.

    Raises BeingMade.
    """
    demo = Demo.objects.select_for_update().filter(pk=THE_ONE).first()
    if demo is None:
        return []
    if demo.state == Demo.State.MAKING and not demo.lost(timezone.now()):
        raise BeingMade
    kept = clear()
    demo.delete()
    _log("removed", user)
    return kept


def _log(verb: str, user: object) -> None:
    audit(actor=str(user or ""), verb=verb, kind="demo", object_id=THE_ONE, label="Demo business")
