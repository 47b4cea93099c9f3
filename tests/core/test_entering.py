"""The entrance as a browser meets it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agents.core import services
from agents.core.models import LoginLink, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana() -> User:
    """Somebody with a password."""
    user = services.ensure_user(email="dana@example.com", role=Role.ADMIN)
    user.set_password("a long pass phrase")
    user.save()
    return user


def _sign_in(client: Client, **data: str) -> Any:
    fields = {"email": "dana@example.com", "password": "a long pass phrase", **data}
    return client.post("/enter/", fields)


def test_looking_at_a_link_does_not_use_it_up(client: Client, dana: User) -> None:
    token = services.make_login_link(user=dana)
    for _ in range(3):
        assert b"<button" in client.get(f"/enter/{token}/").content
    assert client.head(f"/enter/{token}/").status_code == 405
    assert LoginLink.objects.get().used_at is None


def test_the_button_lets_in_once(client: Client, dana: User) -> None:
    token = services.make_login_link(user=dana)
    assert client.post(f"/enter/{token}/").status_code == 302
    assert client.session["_auth_user_id"] == str(dana.pk)
    other = Client()
    assert other.post(f"/enter/{token}/").status_code == 410
    assert "_auth_user_id" not in other.session


def test_an_unknown_link_says_what_to_do(client: Client) -> None:
    answer = client.get("/enter/no-such-token/")
    assert answer.status_code == 410
    assert b"login_link" in answer.content


def test_a_forged_post_is_refused(dana: User) -> None:
    token = services.make_login_link(user=dana)
    assert Client(enforce_csrf_checks=True).post(f"/enter/{token}/").status_code == 403
    assert LoginLink.objects.get().used_at is None


def test_a_password_lets_in(client: Client, dana: User) -> None:
    answer = _sign_in(client, email=" DANA@example.com ", next="/conversations/")
    assert (answer.status_code, answer["Location"]) == (302, "/conversations/")


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_nobody_is_sent_away(client: Client, dana: User, away: str) -> None:
    assert _sign_in(client, next=away)["Location"] == "/"


@pytest.mark.parametrize(
    "email",
    ["nobody@example.com", "", "\x00", "\ud800".encode("utf-8", "replace").decode(), "a" * 9999],
)
def test_who_is_not_known_is_told(client: Client, email: str) -> None:
    answer = client.post("/enter/", {"email": email, "password": "x"})
    assert answer.status_code == 200
    assert b"password is wrong" in answer.content


def test_a_user_without_a_password_cannot_use_one(client: Client) -> None:
    services.ensure_user(email="dana@example.com")
    assert b"password is wrong" in _sign_in(client, password="").content


def test_guessing_is_stopped_and_a_link_still_works(client: Client, dana: User) -> None:
    answers = [_sign_in(client, password="wrong", next="/agents/") for _ in range(6)]
    assert [answer.status_code for answer in answers][:4] == [200] * 4
    assert answers[-1].status_code == 429
    assert b"Too many wrong passwords" in answers[-1].content
    assert b'value="/agents/"' in answers[-1].content
    assert _sign_in(client).status_code == 429
    assert client.post(f"/enter/{services.make_login_link(user=dana)}/").status_code == 302


def test_leaving_ends_the_session(client: Client, dana: User) -> None:
    client.force_login(dana, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/leave/").status_code == 405
    assert client.post("/leave/")["Location"] == "/enter/"
    assert "_auth_user_id" not in client.session


def test_the_admin_has_no_entrance_of_its_own(client: Client) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/enter/?next=%2Fadmin%2F")


def test_health_answers_without_a_user(client: Client) -> None:
    assert client.get("/health/").content == b"ok"


def test_headers_are_strict(client: Client) -> None:
    answer = client.get("/enter/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
