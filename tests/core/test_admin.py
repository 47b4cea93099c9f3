"""Users in the admin; what was written stays as it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from agents.core import services
from agents.core.models import AuditRow, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client_for: Callable[[str], Client]) -> Client:
    """Signed in as an admin."""
    return client_for("admin")


def _save(client: Client, user: User, **fields: object) -> bytes:
    data = {"role": user.role, "time_zone": "UTC", "is_active": "on", **fields}
    kept = {name: value for name, value in data.items() if value is not None}
    return client.post(f"/admin/core/user/{user.pk}/change/", kept, follow=True).content


def test_a_role_is_changed_by_the_service(admin: Client) -> None:
    dana = services.ensure_user(email="dana@example.com")
    _save(admin, dana, role="admin", time_zone="Europe/Berlin")
    dana.refresh_from_db()
    assert (dana.role, dana.is_superuser, dana.time_zone) == ("admin", True, "Europe/Berlin")
    assert AuditRow.objects.get(object_kind="user").object_label == "dana@example.com"


WEAK = ["short", "1234567890123", "password1234", "dana@example.com"]
GOOD = "long enough words"


def _set(client: Client, user: User, password: str, **more: str) -> None:
    words = {"usable_password": "true", "password1": password, "password2": password, **more}
    client.post(f"/admin/core/user/{user.pk}/password/", words)
    user.refresh_from_db()


def _audited(user: User) -> list[tuple[str, str]]:
    rows = AuditRow.objects.filter(object_kind="user", object_id=str(user.pk))
    return [(row.actor, row.verb) for row in rows.order_by("pk")]


def test_an_admin_sets_and_takes_a_password_and_both_are_audited(admin: Client) -> None:
    dana = services.ensure_user(email="dana@example.com")
    _set(admin, dana, GOOD)
    assert dana.check_password(GOOD)
    _set(admin, dana, "", usable_password="false", **{"unset-password": "1"})
    assert not dana.has_usable_password()
    actor = str(User.objects.get(role=Role.ADMIN))
    assert _audited(dana) == [
        (actor, "set the password of"),
        (actor, "took the password of"),
    ]
    assert GOOD not in str(AuditRow.objects.values())


@pytest.mark.parametrize("password", WEAK)
def test_a_weak_password_is_refused(admin: Client, password: str) -> None:
    dana = services.ensure_user(email="dana@example.com")
    _set(admin, dana, password)
    assert not dana.has_usable_password()
    assert _audited(dana) == []


@pytest.mark.parametrize(("new", "taken"), [(GOOD, True), ("12345678", False)])
def test_who_is_signed_in_changes_the_own_password(admin: Client, new: str, taken: bool) -> None:
    owner = User.objects.get(role=Role.ADMIN)
    _set(admin, owner, "the first pass phrase")
    words = {
        "old_password": "the first pass phrase",
        "new_password1": new,
        "new_password2": new,
    }
    assert admin.get("/admin/password_change/").status_code == 200
    admin.post("/admin/password_change/", words)
    owner.refresh_from_db()
    assert owner.check_password(new) is taken
    assert _audited(owner) == [(str(owner), "set the password of")] * (2 if taken else 1)


@pytest.mark.parametrize("fields", [{"role": "support"}, {"is_active": None}])
def test_the_last_admin_cannot_lock_everybody_out(admin: Client, fields: dict[str, object]) -> None:
    owner = User.objects.get(role=Role.ADMIN)
    assert b"There must be at least one admin" in _save(admin, owner, **fields)
    owner.refresh_from_db()
    assert owner.is_active
    assert owner.role == Role.ADMIN


@pytest.mark.parametrize("page", ["user", "auditrow", "loginlink", "heartbeat"])
def test_lists_open_and_nothing_is_added_by_hand(admin: Client, page: str) -> None:
    services.make_login_link(user=User.objects.get())
    services.beat()
    services.audit(actor="a", verb="made", kind="agent", object_id=1)
    assert admin.get(f"/admin/core/{page}/").status_code == 200
    assert admin.get(f"/admin/core/{page}/add/").status_code == 403
    assert admin.post(f"/admin/core/{page}/1/delete/").status_code in (302, 403)


@pytest.mark.parametrize("role", ["builder", "support"])
def test_others_may_not_enter_the_admin(client_for: Callable[[str], Client], role: str) -> None:
    assert client_for(role).get("/admin/core/user/").status_code == 302
