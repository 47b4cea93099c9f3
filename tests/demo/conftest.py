"""The demo business, made once for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from agents.core import pools
from agents.core import writer as writing
from agents.demo import services
from agents.demo.making import Maker
from agents.engine import compiled

Rows = dict[str, dict[Any, dict[str, Any]]]
KEPT = {"core.AuditRow", "sessions.Session", "django_q.OrmQ", "core.User"}


def all_rows() -> Rows:
    """Every row of every table but audit rows and who is signed in, with its columns."""
    models = (model for model in apps.get_models() if model._meta.label not in KEPT)
    return {
        model._meta.label: {row["pk"]: row for row in _columns(model)}
        for model in models
    }  # fmt: skip


def _columns(model: Any) -> list[dict[str, Any]]:
    names = [one.attname for one in model._meta.concrete_fields]
    return [
        {"pk": getattr(row, model._meta.pk.attname)} | {name: getattr(row, name) for name in names}
        for row in model._base_manager.all()
    ]


@dataclass
class DemoBusiness:
    """What was made, and the rows that were there before it."""

    maker: Maker
    before: Rows = field(default_factory=dict)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[DemoBusiness]:
    """The demo business, in the database of this file's tests and gone afterwards."""
    waits = {**settings.ALOAI_WAITS, "grace": 0.02}
    compiled.forget()
    with django_db_blocker.unblock(), override_settings(ALOAI_WAITS=waits):
        call_command("basics")
        made = DemoBusiness(Maker(), all_rows())
        services.ask_for(queued=False)
        assert made.maker.run()
        yield made
        writing.writer.flush()
        services.remove()
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def clean_pools() -> Iterator[None]:
    """What this test wrote and asked is over when it ends."""
    yield
    writing.writer.flush()
    assert pools.asking
