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


def test_an_admin_may_set_a_password(admin: Client) -> None:
    dana = services.ensure_user(email="dana@example.com")
    words = {
        "usable_password": "true",
        "password1": "long enough words",
        "password2": "long enough words",
    }
    admin.post(f"/admin/core/user/{dana.pk}/password/", words)
    dana.refresh_from_db()
    assert dana.check_password("long enough words")


@pytest.mark.parametrize("fields", [{"role": "support"}, {"is_active": None}])
def test_the_last_admin_cannot_lock_everybody_out(admin: Client, fields: dict[str, object]) -> None:
    owner = User.objects.get(role=Role.ADMIN)
    assert b"The last admin must stay one" in _save(admin, owner, **fields)
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
