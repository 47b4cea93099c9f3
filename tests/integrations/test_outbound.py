"""Both doors: nothing private is reached, whatever the address looks like."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from ssrfguard import SSRFGuardError

from integrations import outbound
from integrations.outbound import OutboundError, guarded_connector, guarded_session
from tests.integrations.conftest import Site

Door = Callable[[str], bytes]


class Refused(Exception):
    """A door did not open."""


def through_requests(url: str) -> bytes:
    """The first door."""
    with guarded_session(deadline=5) as session:
        try:
            return session.get(url).content
        except OutboundError as error:
            raise Refused(error.sentence) from error


def through_aiohttp(url: str) -> bytes:
    """The second door, used as the model client uses it."""

    async def get() -> bytes:
        connector = guarded_connector(
            limit=5, keepalive_timeout=5, tls=ssl.create_default_context()
        )
        timeout = aiohttp.ClientTimeout(total=5)
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise Refused(str(answer.status))
            return await answer.read()

    try:
        return asyncio.run(get())
    except (SSRFGuardError, aiohttp.ClientError) as error:
        raise Refused(str(error)) from error


@pytest.fixture(params=[through_requests, through_aiohttp], ids=["requests", "aiohttp"])
def door(request: Any, settings: Any) -> Door:
    """One door after the other, with nothing allowed."""
    settings.OUTBOUND_ALLOWED_NETWORKS = []
    settings.ALOAI_LOCAL_MODELS = False
    found: Door = request.param
    return found


Answer = tuple[Any, ...]


class Names:
    """A name server: answers in turn, and what was asked."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, *details: Any, **more: Any) -> list[Answer]:
        self.asked.append(host)
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                socket.IPPROTO_TCP,
                "",
                (address, port, 0, 0) if ":" in address else (address, port),
            )
            for address in addresses
        ]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Names]:
    """Replace the machine's name service."""

    def use(*answers: list[str]) -> Names:
        made = Names(*answers)
        monkeypatch.setattr(socket, "getaddrinfo", made)
        return made

    return use


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ],
)
def test_no_notation_of_loopback_gets_through(door: Door, site: Site, host: str) -> None:
    for url in (site.url(host=host), f"https://{host}/", f"https://{host}:{site.port}/"):
        with pytest.raises(Refused):
            door(url)
    assert site.paths == []


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/latest/meta-data/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://api.example@127.0.0.1/",
        "file:///etc/passwd",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://[fd00::1]/",
        "https://8.8.8.8:8443/",
        "http://8.8.8.8/",
        "http://8.8.8.8:443/",
    ],
)
def test_private_addresses_other_ports_and_schemes_are_refused(door: Door, url: str) -> None:
    with pytest.raises(Refused):
        door(url)


def test_a_name_with_a_permitted_and_a_denied_answer_is_refused(door: Door, names: Any) -> None:
    asked = names(["8.8.8.8", "127.0.0.1"])
    with pytest.raises(Refused):
        door("https://two-faced.example/")
    assert asked.asked == ["two-faced.example"]


def test_a_name_that_leads_to_a_private_network_is_refused(door: Door, names: Any) -> None:
    names(["10.1.2.3"])
    with pytest.raises(Refused):
        door("https://inside.example/")


def test_a_name_is_looked_up_once_and_that_address_is_used(
    door: Door, names: Any, site: Site, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    asked = names(["127.0.0.1"], ["10.9.9.9"])
    assert door(site.url(host="rebinding.example")) == b"ok"
    assert asked.asked == ["rebinding.example"]


@pytest.mark.parametrize("where", ["http://127.0.0.2:1/", "https://inside.example/"])
def test_redirects_are_not_followed(door: Door, site: Site, settings: Any, where: str) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    with pytest.raises(Refused):
        door(site.url(f"/to/{where}"))
    assert len(site.paths) == 1


def test_a_proxy_from_the_environment_is_ignored(
    door: Door, site: Site, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert door(site.url()) == b"ok"


def test_an_allowed_network_may_use_http_and_other_ports(
    door: Door, site: Site, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    assert door(site.url()) == b"ok"
    with pytest.raises(Refused):
        door("http://8.8.8.8:8080/")


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:169.254.169.254]", "100.100.100.200"])
def test_metadata_is_denied_even_if_everything_is_allowed(
    door: Door, settings: Any, host: str
) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = ["0.0.0.0/0", "::/0"]
    with pytest.raises(Refused, match=r"(?i)metadata|not permitted|not allowed"):
        door(f"http://{host}/")


def test_loopback_is_for_models_only(site: Site, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = []
    settings.ALOAI_LOCAL_MODELS = True
    assert through_aiohttp(site.url()) == b"ok"
    with pytest.raises(Refused):
        through_requests(site.url())
    outbound.check_model_address(site.url())
    with pytest.raises(OutboundError):
        outbound.check_address(site.url())


class TestLimits:
    """Size and time of the first door."""

    @pytest.fixture(autouse=True)
    def _allowed(self, settings: Any) -> None:
        settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]

    def test_a_long_answer_is_given_up(self, site: Site) -> None:
        with (
            guarded_session(max_bytes=50_000) as session,
            pytest.raises(OutboundError, match="too long") as caught,
        ):
            session.get(site.url("/big"))
        assert caught.value.permanent

    @pytest.mark.parametrize("path", ["/drip", "/dripping-head", "/silent"])
    def test_a_slow_answer_is_given_up(self, site: Site, path: str) -> None:
        with (
            guarded_session(deadline=0.2) as session,
            pytest.raises(OutboundError, match="in time") as caught,
        ):
            session.get(site.url(path))
        assert not caught.value.permanent

    def test_a_session_can_be_used_again(self, site: Site) -> None:
        with guarded_session() as session:
            assert [session.get(site.url()).text for _ in range(3)] == ["ok"] * 3

    def test_nobody_there_is_not_permanent(self, site: Site) -> None:
        with socket.socket() as unused, guarded_session() as session:
            unused.bind(("127.0.0.1", 0))
            with pytest.raises(OutboundError, match="could not be reached") as caught:
                session.get(f"http://127.0.0.1:{unused.getsockname()[1]}/")
        assert not caught.value.permanent
