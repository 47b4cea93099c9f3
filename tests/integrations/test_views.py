"""The Integrations page: each state of its card, who may see it, what it never says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from agents.core.models import AuditRow
from agents.panels.models import Action, Agent, InstructionPanel
from integrations.models import Connection
from integrations.services import check_connection, credentials_of, save_connection
from tests.fakes.llm import FakeLLM, call, say

pytestmark = pytest.mark.django_db
SECRET = "sk-never-shown"
HTMX = {"HX-Request": "true"}
POSTED = {
    "base_url": "https://models.example/v1",
    "api_key": SECRET,
    "chat": "large",
    "judge": "small",
    "judge_kind": "auto",
    "timeout": "20",
    "max_tokens_param": "max_tokens",
    "supports_stream_usage": "1",
    "extra_body": "",
}
ROUTES = ("list", "model", "model_form", "check", "disconnect")


def url(name: str) -> str:
    return reverse(f"integrations:{name}")


@pytest.fixture
def admin(client_for: Callable[[str], Client]) -> Client:
    return client_for("admin")


def connected(**more: Any) -> Connection:
    """A model server with a key."""
    settings = {"base_url": "https://models.example/v1", "chat": "large", "judge": "small"}
    given = {"settings": settings, "credentials": {"api_key": SECRET}}
    return save_connection(vendor="model", name="Language model", **{**given, **more})


def words(answer: Any) -> str:
    """The answer's HTML; it never holds a secret."""
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert SECRET not in text
    stored = Connection.objects.first()
    assert not (stored and stored.secret and stored.secret in text)
    return text


def post(admin: Client, **change: str) -> str:
    """The answer to a form that htmx sent."""
    return words(admin.post(url("model"), POSTED | change, headers=HTMX))


class TestWho:
    """Admins only."""

    @pytest.mark.parametrize("role", ["builder", "support"])
    @pytest.mark.parametrize("name", ROUTES)
    def test_no_other_role(self, client_for: Callable[[str], Client], role: str, name: str) -> None:
        connected()
        client = client_for(role)
        assert client.get(url(name)).status_code == 403
        assert client.post(url(name), POSTED).status_code == 403
        assert Connection.objects.count() == 1

    @pytest.mark.parametrize("name", ROUTES)
    def test_nobody_from_the_street(self, client: Client, name: str) -> None:
        assert client.get(url(name)).status_code == 302
        assert client.post(url(name), POSTED).status_code == 302

    @pytest.mark.parametrize("name", ["check", "disconnect"])
    def test_nothing_happens_by_following_a_link(self, admin: Client, name: str) -> None:
        assert admin.get(url(name)).status_code == 405

    def test_a_form_of_another_site_is_refused(
        self, user_of: Callable[[str], Any], admin: Client
    ) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(user_of("admin"), "django.contrib.auth.backends.ModelBackend")
        assert strict.post(url("model"), POSTED).status_code == 403


class TestStates:
    """One card in each state."""

    def test_not_connected(self, admin: Client) -> None:
        Agent.objects.create(name="Front <desk>", kind="voice")
        shown = words(admin.get(url("list")))
        assert "Practice mode stands in: fixed rules and templates, not AI" in shown
        assert "1 agent: " in shown
        assert "Front &lt;desk&gt;" in shown
        assert "practice: works in Try it only" in shown
        assert "Support (practice)" in shown

    def test_unchecked(self, admin: Client) -> None:
        connected()
        shown = words(admin.get(url("list")))
        assert "not checked" in shown
        assert "stored, never shown" in shown
        assert "Disconnect" in shown

    @pytest.mark.parametrize(
        ("state", "error", "said"), [("ok", "", "works"), ("failed", "It is <down>.", "failed")]
    )
    def test_checked(self, admin: Client, state: str, error: str, said: str) -> None:
        connected()
        Connection.objects.update(state=state, last_error=error, found={"tools": True})
        shown = words(admin.get(url("list")))
        assert f">{said}</span>" in shown
        assert error.replace("<", "&lt;").replace(">", "&gt;") in shown
        assert "calls tools" in shown

    def test_many_agents_are_counted(self, admin: Client) -> None:
        connected()
        for number in range(7):
            Agent.objects.create(name=f"Agent {number}", kind="text")
        shown = words(admin.get(url("list")))
        assert "7 agents: " in shown
        assert "and 3 more" in shown

    def test_what_waits_for_a_line_or_hubspot_is_counted(self, admin: Client) -> None:
        agent = Agent.objects.create(name="Front desk", kind="voice")
        panel = InstructionPanel.objects.create(agent=agent)
        for slug in ("create_ticket", "send_sms", "send_sms", "gone"):
            Action.objects.create(panel=panel, type=slug)
        shown = words(admin.get(url("list")))
        assert "2 actions that send messages" in shown
        assert ">1 action<" in shown

    @pytest.mark.parametrize("keys", [[Fernet.generate_key().decode()], [], ["short"]])
    def test_a_wrong_key_is_said_at_the_card(
        self, admin: Client, settings: Any, keys: list[str]
    ) -> None:
        connected()
        settings.CREDENTIAL_KEYS = keys
        for name in ("list", "model_form"):
            assert "CREDENTIAL_KEY" in words(admin.get(url(name)))
        assert "CREDENTIAL_KEY" in words(admin.post(url("check"), headers=HTMX))
        assert "key unreadable" in words(admin.get(url("list")))
        assert Connection.objects.get().state == "failed"

    def test_no_key_to_encrypt_with(self, admin: Client, settings: Any) -> None:
        settings.CREDENTIAL_KEYS = []
        assert "There is no key for credentials" in post(admin)
        assert not Connection.objects.exists()


class TestSaving:
    """The form."""

    def test_connect(self, admin: Client) -> None:
        shown = post(admin, extra_body='{"seed": 1}')
        connection = Connection.objects.get()
        assert credentials_of(connection) == {"api_key": SECRET}
        assert connection.settings["judge"] == "small"
        assert connection.settings["extra_body"] == {"seed": 1}
        assert connection.settings["supports_strict"] is False
        assert url("check") in shown
        assert list(AuditRow.objects.values_list("verb", flat=True)) == ["connected"]

    def test_without_htmx(self, admin: Client) -> None:
        assert admin.post(url("model"), POSTED).headers["Location"] == url("list")
        assert "<html" in words(admin.get(url("model_form")))
        shown = words(admin.post(url("model"), POSTED | {"chat": ""}))
        assert "<html" in shown
        assert "Fill this in." in shown

    def test_an_empty_key_field_keeps_the_key(self, admin: Client) -> None:
        connected()
        post(admin, api_key="", chat="larger")
        connection = Connection.objects.get()
        assert connection.settings["chat"] == "larger"
        assert credentials_of(connection) == {"api_key": SECRET}

    def test_a_key_is_replaced_and_deleted(self, admin: Client) -> None:
        connected()
        post(admin, api_key="sk-other")
        assert credentials_of(Connection.objects.get()) == {"api_key": "sk-other"}
        post(admin, api_key="", remove_key="1")
        assert credentials_of(Connection.objects.get()) == {}
        post(admin, api_key="", base_url="https://elsewhere.example/v1")
        assert Connection.objects.get().settings["base_url"] == "https://elsewhere.example/v1"

    def test_a_key_does_not_follow_to_another_server(self, admin: Client) -> None:
        connected()
        shown = post(admin, api_key="", base_url="https://elsewhere.example/v1")
        assert "Enter the key again: the server has changed." in shown
        assert "https://elsewhere.example/v1" in shown
        assert Connection.objects.get().settings["base_url"] == "https://models.example/v1"

    def test_the_form_shows_what_is_stored(self, admin: Client) -> None:
        connected()
        Connection.objects.update(found={"listed": ["large", "<small>"]})
        shown = words(admin.get(url("model_form"), headers=HTMX))
        assert 'value="https://models.example/v1"' in shown
        assert '<option value="&lt;small&gt;">' in shown
        assert "A key is stored. Leave empty to keep it." in shown

    def test_disconnect(self, admin: Client) -> None:
        connected()
        assert "Practice mode stands in" in words(admin.post(url("disconnect"), headers=HTMX))
        assert not Connection.objects.exists()
        assert admin.post(url("disconnect")).status_code == 302
        assert list(AuditRow.objects.values_list("verb", flat=True)) == ["disconnected"]


class TestBadInput:
    """Each error stands at its field, and nothing typed is lost."""

    @pytest.mark.parametrize(
        ("name", "typed", "said"),
        [
            ("base_url", "", "Fill this in."),
            ("base_url", "garbage", "Enter a web address"),
            ("base_url", "https://[::1", "Enter a web address"),
            ("base_url", "ftp://models.example", "Enter a web address"),
            ("base_url", "http://models.example/v1", "not allowed"),
            ("base_url", "http://127.0.0.1:11434/v1", "not allowed"),
            ("base_url", "https://localhost.:11434/v1", "not allowed"),
            ("base_url", "https://10.0.0.1/v1", "not allowed"),
            ("base_url", "https://169.254.169.254/v1", "not allowed"),
            ("base_url", "https://me:pw@models.example/v1", "Leave name and password out"),
            ("base_url", "https://models.example/v1?key=1", "Leave out what follows"),
            ("base_url", "https://models.example/" + "a" * 100_000, "At most 500 characters."),
            ("chat", "", "Fill this in."),
            ("chat", "x" * 100_000, "At most 200 characters."),
            ("judge_kind", "oracle", "Pick one of the choices."),
            ("timeout", "soon", "Enter a number."),
            ("timeout", "0", "At least 1."),
            ("timeout", "999", "At most 120."),
            ("timeout", "nan", "At most 120."),
            ("max_tokens_param", "", "Pick one of the choices."),
            ("extra_body", "{", "This is not JSON"),
            ("extra_body", "[1]", "Enter a JSON object"),
            ("extra_body", '{"a": NaN}', "This is not JSON"),
            ("extra_body", '{"a": "\\u0000"}', "no \\u0000"),
            ("extra_body", '{"a": ' * 500 + "1" + "}" * 500, "At most"),
            ("extra_body", '{"a": ' * 9000, "This is not JSON"),
            ("api_key", "two words", "A key is one word"),
            ("api_key", "k\nX-Header: 1", "A key is one word"),
            ("api_key", "k" * 100_000, "A key is one word"),
        ],
    )
    def test_refused(self, admin: Client, name: str, typed: str, said: str) -> None:
        shown = post(admin, **{name: typed})
        assert said in shown
        assert f'id="model-{name}-error"' in shown
        assert shown.count('class="error"') == 1
        assert 'value="small"' in shown
        assert not Connection.objects.exists()

    @pytest.mark.parametrize("name", ["base_url", "chat", "extra_body", "timeout"])
    def test_html_stays_text(self, admin: Client, name: str) -> None:
        typed = "\"><script>alert('x')</script>"
        shown = post(admin, **{"judge_kind": "wrong", name: typed})
        assert "<script>" not in shown
        assert "&lt;script&gt;" in shown

    @pytest.mark.parametrize("name", ["base_url", "chat", "judge", "analysis", "extra_body"])
    def test_nul_is_left_out(self, admin: Client, name: str) -> None:
        typed = {**POSTED, name: str(POSTED.get(name, "")) + "\0"}
        words(admin.post(url("model"), typed, headers=HTMX))
        assert "\0" not in str(Connection.objects.get().settings)

    def test_an_empty_post(self, admin: Client) -> None:
        assert "Not saved." in words(admin.post(url("model"), {}, headers=HTMX))

    def test_this_machine_where_the_operator_allows_it(self, admin: Client, settings: Any) -> None:
        settings.ALOAI_LOCAL_MODELS = True
        post(admin, base_url="http://127.0.0.1:11434/v1", api_key="")
        assert credentials_of(Connection.objects.get()) == {}


class TestChecking:
    """*Check now* against the scripted server."""

    def test_each_finding_is_shown(self, admin: Client, fake_llm: FakeLLM) -> None:
        fake_llm.script = [say("Hello."), call("note", {"text": "milk"})]
        connected(
            settings={"base_url": fake_llm.url, "chat": "fake-large"},
            credentials={"api_key": fake_llm.api_key},
        )
        answer = admin.post(url("check"), headers=HTMX)
        shown = words(answer)
        assert fake_llm.api_key not in shown
        for sentence in ("The server lists 2 models.", "fake-large answers.", "calls tools."):
            assert sentence in shown
        assert shown.count(" ms</span>") == 5
        assert ">works</span>" in shown
        assert "The model server works." in answer.headers["HX-Trigger"]
        assert "decisions endpoint" in words(admin.get(url("list")))

    def test_a_failure_says_why(self, admin: Client, fake_llm: FakeLLM) -> None:
        connected(settings={"base_url": fake_llm.url, "chat": "fake-large"})
        shown = words(admin.post(url("check"), headers=HTMX))
        assert ">failed</span>" in shown
        assert 'role="alert"' in shown
        assert Connection.objects.get().last_error in shown

    def test_nothing_to_check(self, admin: Client) -> None:
        assert "not connected" in words(admin.post(url("check"), headers=HTMX))

    def test_without_htmx(self, admin: Client, fake_llm: FakeLLM) -> None:
        connected(settings={"base_url": fake_llm.url, "chat": "fake-large"})
        assert "<html" in words(admin.post(url("check")))

    def test_disconnected_meanwhile(self, fake_llm: FakeLLM) -> None:
        connected(settings={"base_url": fake_llm.url, "chat": "fake-large"})
        found = Connection.objects.get()
        Connection.objects.all().delete()
        check_connection(connection=found)
        assert not Connection.objects.exists()


class TestAdmin:
    """Raw records are read-only and hold no secret."""

    def test_read_only(self, admin: Client) -> None:
        connection = connected()
        base = "/admin/integrations/connection/"
        assert "Language model" in words(admin.get(base))
        assert "models.example" in words(admin.get(f"{base}{connection.pk}/change/"))
        assert admin.get(f"{base}add/").status_code == 403
        assert admin.post(f"{base}{connection.pk}/delete/", {"post": "yes"}).status_code == 403
