"""Connections: saved, checked, used; secrets that never leak."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet

from integrations import secrets
from integrations.models import Connection
from integrations.secrets import WrongCredentialKey, decrypt, encrypt, fingerprint
from integrations.services import (
    ConnectionRefused,
    check_connection,
    credentials_of,
    endpoint_for,
    judge_kind,
    report_failure,
    report_success,
    save_connection,
)
from tests.fakes.llm import FakeLLM, call, say

SETTINGS = {"base_url": "https://models.example/v1", "chat": "large", "judge": "small"}


def saved(**more: Any) -> Connection:
    """A model server."""
    given = {"name": "Models", "settings": SETTINGS, "credentials": {"api_key": "sk-secret"}}
    return save_connection(vendor="model", **{**given, **more})


class TestSecrets:
    """At rest only with the key."""

    def test_there_and_back(self) -> None:
        hidden = encrypt("sk-sécret")
        assert "sk-" not in hidden
        assert decrypt(hidden) == "sk-sécret"

    def test_an_old_key_still_reads_and_the_new_one_writes(self, settings: Any) -> None:
        old, new = (Fernet.generate_key().decode() for _ in range(2))
        settings.CREDENTIAL_KEYS = [old]
        hidden = encrypt("text")
        settings.CREDENTIAL_KEYS = [new, old]
        assert decrypt(hidden) == "text"
        rewritten = encrypt("text")
        settings.CREDENTIAL_KEYS = [new]
        assert decrypt(rewritten) == "text"

    def test_a_wrong_key_is_named_and_nothing_is_given_out(self, settings: Any) -> None:
        hidden = encrypt("text")
        key = Fernet.generate_key().decode()
        settings.CREDENTIAL_KEYS = [key]
        with pytest.raises(WrongCredentialKey) as caught:
            decrypt(hidden)
        sentence = caught.value.sentence
        assert secrets.NAME in sentence
        assert fingerprint(key) in sentence
        assert key not in sentence
        assert hidden not in sentence

    @pytest.mark.parametrize("stored", ["", "plain text", "gAAAAAB"])
    def test_what_was_never_encrypted_is_not_handed_out(self, stored: str) -> None:
        with pytest.raises(WrongCredentialKey):
            decrypt(stored)

    @pytest.mark.parametrize("keys", [[], ["short"]])
    def test_no_usable_key(self, settings: Any, keys: list[str]) -> None:
        settings.CREDENTIAL_KEYS = keys
        with pytest.raises(WrongCredentialKey, match=secrets.NAME):
            encrypt("text")


@pytest.mark.django_db
class TestSaving:
    """Shape and address are checked, credentials encrypted."""

    def test_credentials_are_stored_encrypted(self) -> None:
        connection = Connection.objects.get(id=saved().id)
        assert "sk-secret" not in str(vars(connection))
        assert credentials_of(connection) == {"api_key": "sk-secret"}

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"chat": ""}, "chat"),
            ({"base_url": "http://models.example/v1"}, "base_url"),
            ({"base_url": "https://10.0.0.1/v1"}, "base_url"),
            ({"base_url": "models"}, "base_url"),
            ({"colour": "red"}, "colour"),
            ({"timeout": 0}, "timeout"),
        ],
    )
    def test_what_cannot_be_right_is_refused(self, change: dict[str, Any], field: str) -> None:
        with pytest.raises(ConnectionRefused) as caught:
            saved(settings={**SETTINGS, **change})
        assert set(caught.value.errors) == {field}
        assert not Connection.objects.exists()

    def test_a_change_keeps_the_credentials_and_wants_a_new_check(self) -> None:
        connection = saved()
        Connection.objects.update(state="ok")
        again = saved(connection=connection, credentials=None, name="Other")
        assert again.id == connection.id
        assert (again.name, again.state) == ("Other", "unchecked")
        assert credentials_of(again) == {"api_key": "sk-secret"}

    def test_a_key_does_not_follow_to_another_server(self) -> None:
        moved = {**SETTINGS, "base_url": "https://elsewhere.example/v1"}
        connection = saved()
        with pytest.raises(ConnectionRefused) as caught:
            saved(connection=connection, credentials=None, settings=moved)
        assert set(caught.value.errors) == {"api_key"}
        saved(connection=connection, settings=moved)

    def test_another_vendor_keeps_its_own_settings(self) -> None:
        connection = save_connection(vendor="twilio", name="", settings={"from": "+1"})
        assert (connection.name, connection.settings) == ("twilio", {"from": "+1"})
        assert credentials_of(connection) == {}


@pytest.mark.django_db
class TestUsing:
    """Endpoints per role, and how a connection fares."""

    def test_roles(self) -> None:
        connection = saved()
        models = {
            role: endpoint_for(connection, role).model
            for role in ("chat", "judge", "analysis", "fallback")
        }
        assert models == {"chat": "large", "judge": "small", "analysis": "large", "fallback": ""}
        endpoint = endpoint_for(connection, "chat", model="special")
        assert (endpoint.model, endpoint.api_key) == ("special", "sk-secret")
        assert endpoint.base_url == "https://models.example/v1"

    @pytest.mark.parametrize(
        ("kind", "found", "used"),
        [
            ("auto", {}, "chat"),
            ("auto", {"decisions": True}, "decisions"),
            ("auto", {"decisions": False}, "chat"),
            ("none", {"decisions": True}, "none"),
            ("decisions", {}, "decisions"),
        ],
    )
    def test_the_judge(self, kind: str, found: dict[str, bool], used: str) -> None:
        connection = saved(settings={**SETTINGS, "judge_kind": kind})
        connection.found = found
        assert judge_kind(connection) == used

    def test_reports(self) -> None:
        connection = saved()
        report_failure(connection_id=connection.id, sentence="It is down." * 100)
        connection.refresh_from_db()
        assert (connection.state, len(connection.last_error)) == ("failed", 500)
        report_success(connection_id=connection.id)
        connection.refresh_from_db()
        assert (connection.state, connection.last_error) == ("ok", "")

    def test_a_wrong_key_is_what_the_check_says(self, settings: Any) -> None:
        connection = saved()
        settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
        checked = check_connection(connection=connection)
        assert not checked.ok
        assert secrets.NAME in Connection.objects.get().last_error


@pytest.mark.django_db
class TestChecking:
    """*Check now* against the scripted server."""

    def test_what_was_found_is_kept(self, fake_llm: FakeLLM) -> None:
        fake_llm.script = [say("Hello."), call("note", {"text": "milk"})]
        connection = saved(
            settings={"base_url": fake_llm.url, "chat": "fake-large"},
            credentials={"api_key": fake_llm.api_key},
        )
        assert check_connection(connection=connection).ok
        kept = Connection.objects.get()
        assert kept.state == "ok"
        assert kept.checked_at is not None
        assert kept.found["listed"] == ["fake-large", "fake-small"]
        assert judge_kind(kept) == "decisions"

    def test_a_failure_is_kept(self, fake_llm: FakeLLM) -> None:
        connection = saved(settings={"base_url": fake_llm.url, "chat": "fake-large"})
        checked = check_connection(connection=connection)
        assert not checked.ok
        kept = Connection.objects.get()
        assert (kept.state, kept.last_error) == ("failed", checked.sentence)
        assert "key" in kept.last_error
