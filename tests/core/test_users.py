"""Users and one-time links."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agents.core import services
from agents.core.models import AuditRow, LoginLink, Role, User
from aloai.supervise import port

pytestmark = pytest.mark.django_db


def test_a_new_user_has_no_password_and_the_smallest_role() -> None:
    user = services.ensure_user(email=" Dana@Example.com ")
    assert (user.username, user.role) == ("dana@example.com", Role.SUPPORT)
    assert not user.has_usable_password()
    assert not user.is_staff


def test_a_known_user_keeps_its_role_unless_one_is_given() -> None:
    services.ensure_user(email="dana@example.com", role=Role.ADMIN)
    assert services.ensure_user(email="DANA@example.com").role == Role.ADMIN
    demoted = services.ensure_user(email="dana@example.com", role=Role.BUILDER)
    assert (demoted.role, demoted.is_superuser) == (Role.BUILDER, False)
    assert User.objects.count() == 1


def test_a_link_works_once() -> None:
    user = services.ensure_user(email="dana@example.com")
    token = services.make_login_link(user=user)
    assert services.use_login_link(token=token) == user
    assert services.use_login_link(token=token) is None


def test_a_newer_link_voids_the_older_ones_of_its_user() -> None:
    user = services.ensure_user(email="dana@example.com")
    other = services.make_login_link(user=services.ensure_user(email="owner@example.com"))
    older = [services.make_login_link(user=user) for _ in range(3)]
    newest = services.make_login_link(user=user)
    assert [services.use_login_link(token=token) for token in older] == [None] * 3
    assert services.use_login_link(token=newest) == user
    assert services.use_login_link(token=other) is not None


def test_only_the_hash_of_a_token_is_stored() -> None:
    token = services.make_login_link(user=services.ensure_user(email="dana@example.com"))
    assert token not in str(LoginLink.objects.values())


def test_an_old_link_is_refused() -> None:
    token = services.make_login_link(user=services.ensure_user(email="dana@example.com"))
    LoginLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert services.use_login_link(token=token) is None


def test_a_user_without_access_is_refused() -> None:
    user = services.ensure_user(email="dana@example.com")
    token = services.make_login_link(user=user)
    services.change_user(user=user, changes={"is_active": False}, actor="owner")
    assert services.use_login_link(token=token) is None


def test_a_change_leaves_an_audit_row() -> None:
    user = services.ensure_user(email="dana@example.com")
    services.change_user(user=user, changes={"role": Role.ADMIN}, actor="owner")
    row = AuditRow.objects.get()
    assert (row.actor, row.object_label) == ("owner", "dana@example.com")
    assert (row.before, row.after) == ({"role": "support"}, {"role": "admin"})
    user.refresh_from_db()
    assert user.is_superuser


@pytest.mark.parametrize("change", [{"role": Role.BUILDER}, {"is_active": False}])
def test_the_last_admin_stays_one(change: dict[str, object]) -> None:
    owner = services.ensure_user(email="owner@example.com", role=Role.ADMIN)
    with pytest.raises(ValueError, match="at least one admin"):
        services.change_user(user=owner, changes=change, actor="owner")
    services.ensure_user(email="second@example.com", role=Role.ADMIN)
    services.change_user(user=owner, changes=change, actor="owner")


def _command(*arguments: str) -> str:
    out = StringIO()
    call_command("login_link", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_a_link_that_works() -> None:
    said = _command("dana@example.com", "--role", "builder", "--base", "https://aloai.example/")
    token = said.split("/enter/")[1].split("/")[0]
    assert said.startswith("https://aloai.example/enter/")
    user = services.use_login_link(token=token)
    assert user is not None
    assert user.role == Role.BUILDER


def test_the_link_leads_to_where_the_site_listens(settings: Any, tmp_path: Path) -> None:
    settings.PUBLIC_BASE_URL, settings.VAR_DIR = "", tmp_path
    assert _command("dana@example.com").startswith("http://127.0.0.1:8000/enter/")
    port.remember(tmp_path, port.address("0.0.0.0", 8123))
    assert _command("dana@example.com").startswith("http://127.0.0.1:8123/enter/")
    settings.PUBLIC_BASE_URL = "https://aloai.example/"
    assert _command("dana@example.com").startswith("https://aloai.example/enter/")


def test_a_password_set_on_the_command_line_is_audited(monkeypatch: pytest.MonkeyPatch) -> None:
    user = services.ensure_user(email="dana@example.com")
    typed = iter(["dana", "dana", "long enough words", "long enough words"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    call_command("changepassword", "dana@example.com", stdout=StringIO(), stderr=StringIO())
    user.refresh_from_db()
    assert user.check_password("long enough words")
    row = AuditRow.objects.get()
    assert (row.actor, row.verb, row.object_label) == (
        "manage.py",
        "set the password of",
        "dana@example.com",
    )


@pytest.mark.parametrize("wrong", ["dana", "dana@", "a b@example.com", "\x00@example.com"])
def test_the_command_refuses_what_is_no_address(wrong: str) -> None:
    with pytest.raises(CommandError, match="not an e-mail address"):
        _command(wrong)
    assert not User.objects.exists()


def test_the_command_does_not_open_for_who_has_no_access() -> None:
    services.ensure_user(email="dana@example.com")
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="has no access"):
        _command("dana@example.com")
