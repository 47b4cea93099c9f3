"""The only way to an address that a person typed: one address table, two doors.

Both doors resolve a name once, check every answer and connect to the address that was checked.
Names and addresses of the public Internet are reached by https on port 443. Networks that the
operator allows, and loopback for model servers on this machine, may use http and other ports.
Metadata services are denied whatever is allowed.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import aiohttp
import requests
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.typedefs import StrOrURL
from django.conf import settings
from ssrfguard import (
    DEFAULT_DENIED,
    BlockedAddressError,
    BlockedURLError,
    Policy,
    SSRFGuardError,
    Target,
    resolve,
)
from ssrfguard.requests import Session

HTTPS = 443
ANY_PORT = frozenset(range(1, 65536))
LOOPBACK = ("127.0.0.0/8", "::1/128")
METADATA = tuple(
    ip_network(network)
    for network in (
        "169.254.0.0/16",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "fd00:ec2::/32",
        "fe80::/10",
    )
)
Address = IPv4Address | IPv6Address


class OutboundError(Exception):
    """A request was refused or given up; `sentence` is for the admin."""

    def __init__(self, sentence: str, *, permanent: bool) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.permanent = permanent


@dataclass(frozen=True)
class Rules(Policy):
    """The address table. What is allowed beats what is denied, except for metadata."""

    def check_address(self, address: str | Address) -> None:
        """Refuse metadata services, also where another notation carries their address."""
        parsed = ip_address(address) if isinstance(address, str) else address
        carried = [inner for _, inner in DEFAULT_DENIED.classify(parsed).chain]
        for each in (parsed, *carried):
            if any(each.version == net.version and each in net for net in METADATA):
                raise BlockedAddressError(str(parsed), "it belongs to a metadata service")
        super().check_address(parsed)

    def check_url(self, url: str, **observed: Any) -> Target:
        """Refuse plain http on 443, and a literal address that its port does not suit."""
        target = super().check_url(url, **observed)
        if target.scheme != "https" and target.port == HTTPS:
            raise BlockedURLError(url, "only https is allowed")
        if target.address is not None and not self.suits(target.address, target.port):
            raise BlockedURLError(url, "only https on port 443 is allowed")
        return target

    def suits(self, address: Address, port: int) -> bool:
        """May this port be used? 443 anywhere, others only in networks that are allowed."""
        return port == HTTPS or any(
            address.version == net.version and address in net for net in self.allowed_networks
        )

    def lookup(self, host: str, port: int, *details: Any) -> list[Any]:
        """The one lookup. An answer that the port does not suit refuses the name."""
        answers = socket.getaddrinfo(host, port, *details)
        for answer in answers:
            address = ip_address(str(answer[4][0]).partition("%")[0])
            self.check_address(address)
            if not self.suits(address, port):
                raise BlockedAddressError(str(address), "only https on port 443 is allowed")
        return answers


def rules(*, local: bool = False) -> Rules:
    """The table as the operator set it; `local` adds loopback."""
    return _rules((*settings.OUTBOUND_ALLOWED_NETWORKS, *(LOOPBACK if local else ())))


@lru_cache(maxsize=8)
def _rules(allowed: tuple[str, ...]) -> Rules:
    return Rules(
        allowed_schemes=frozenset({"https", "http"} if allowed else {"https"}),
        allowed_ports=ANY_PORT if allowed else frozenset({HTTPS}),
        allowed_networks=tuple(ip_network(network) for network in allowed),
        max_redirects=0,
    )


# --- the first door: requests ----------------------------------------------------------------


class GuardedSession(Session):
    """A requests session with a table, a limit on size and one on the whole time."""

    def __init__(self, *, max_bytes: int, deadline: float, policy: Rules) -> None:
        super().__init__(policy=policy, resolver=policy.lookup, max_retries=0)
        self.trust_env = False
        self.verify = os.environ.get("SSL_CERT_FILE") or True
        self.max_bytes = max_bytes
        self.deadline = deadline
        self._sockets: list[socket.socket] = []
        for adapter in self.adapters.values():
            pools = adapter.poolmanager.pool_classes_by_scheme  # type: ignore[attr-defined]
            adapter.poolmanager.pool_classes_by_scheme = {  # type: ignore[attr-defined]
                scheme: _watched(pool, self._sockets) for scheme, pool in pools.items()
            }

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send and read the body within the limits. Raises OutboundError."""
        options.update(stream=True, timeout=self.deadline)
        begun = time.monotonic()
        alarm = threading.Timer(self.deadline, self._cut)
        alarm.daemon = True
        alarm.start()
        try:
            response = super().send(request, **options)
            self._read(response)
            if time.monotonic() - begun >= self.deadline:  # a cut head looks like a whole one
                raise requests.Timeout
        except SSRFGuardError as error:
            raise refusal(error) from error
        except (requests.RequestException, OSError, ValueError) as error:
            raise self._failure(error, time.monotonic() - begun) from error
        finally:
            alarm.cancel()
        return response

    def close(self) -> None:
        """Close connections and what watches them."""
        super().close()
        while self._sockets:
            self._sockets.pop().close()

    def _read(self, response: requests.Response) -> None:
        body = bytearray()
        for chunk in response.iter_content(65_536):
            body += chunk
            if len(body) > self.max_bytes:
                response.close()
                raise OutboundError("The answer was too long.", permanent=True)
        response._content = bytes(body)

    def _cut(self) -> None:
        """Break the connections of a request that has used up its time, wherever it hangs."""
        for watched in self._sockets:
            with suppress(OSError):
                watched.shutdown(socket.SHUT_RDWR)

    def _failure(self, error: Exception, spent: float) -> OutboundError:
        if isinstance(error, requests.Timeout) or spent >= self.deadline:
            return OutboundError("The server did not answer in time.", permanent=False)
        if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
            return OutboundError("The address is not a web address.", permanent=True)
        if isinstance(error, requests.exceptions.SSLError):
            return OutboundError("The server's certificate is not valid.", permanent=True)
        return OutboundError("The server could not be reached.", permanent=False)


def guarded_session(*, max_bytes: int = 1_000_000, deadline: float = 10.0) -> GuardedSession:
    """A session for one task, to be used with `with`. No redirects, no proxies, no retries."""
    return GuardedSession(max_bytes=max_bytes, deadline=deadline, policy=rules())


def check_address(url: str) -> None:
    """Tell early whether an address can be allowed at all. Raises OutboundError."""
    _check(rules(), url)


def check_model_address(url: str) -> None:
    """The same for a model server. Raises OutboundError."""
    _check(rules(local=settings.ALOAI_LOCAL_MODELS), url)


def _check(policy: Rules, url: str) -> None:
    try:
        policy.check_url(url)
    except SSRFGuardError as error:
        raise refusal(error) from error


def refusal(error: SSRFGuardError) -> OutboundError:
    """The guard's refusal in words for the admin."""
    reason = str(getattr(error, "reason", error))[:200]
    return OutboundError(f"This address is not allowed: {reason}.", permanent=True)


def _watched(pool: Any, sockets: list[socket.socket]) -> Any:
    """The pool, with a second handle on each socket: it outlives the hand-over to TLS."""

    class Connection(pool.ConnectionCls):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            opened: socket.socket = super()._new_conn()
            sockets.append(opened.dup())
            return opened

    class Pool(pool):  # type: ignore[misc]
        ConnectionCls = Connection

    return Pool


# --- the second door: aiohttp ----------------------------------------------------------------


class _Resolver(AbstractResolver):
    """Looks a name up once, off the loop, and hands out only addresses that were checked."""

    def __init__(self, policy: Rules) -> None:
        self._policy = policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All answers, or a refusal if any of them is denied."""
        target = Target("https", host, port, host)
        found = await asyncio.to_thread(
            resolve, target, policy=self._policy, resolver=self._policy.lookup
        )
        return [
            ResolveResult(
                hostname=host,
                host=str(each.ip),
                port=port,
                family=each.family,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for each in found
        ]

    async def close(self) -> None:
        """Nothing is held."""


class GuardedConnector(aiohttp.TCPConnector):
    """Checks the URL of every request and the address of every socket."""

    def __init__(self, policy: Rules, **options: Any) -> None:
        self._policy = policy
        super().__init__(resolver=_Resolver(policy), socket_factory=self._socket, **options)
        self._seen: set[StrOrURL] = set()

    async def connect(
        self, req: aiohttp.ClientRequest, traces: Any, timeout: aiohttp.ClientTimeout
    ) -> Any:
        """Refuse a URL before anything is looked up."""
        origin = req.url.origin()
        if origin not in self._seen:
            self._policy.check_url(str(req.url))
            self._seen.add(origin)
        return await super().connect(req, traces, timeout)

    def _socket(self, info: Any) -> socket.socket:
        """The last check: literal addresses never pass the resolver."""
        family, kind, proto, _, sockaddr = info
        address = ip_address(str(sockaddr[0]).partition("%")[0])
        self._policy.check_address(address)
        if not self._policy.suits(address, sockaddr[1]):
            raise BlockedAddressError(str(address), "only https on port 443 is allowed")
        opened = socket.socket(family, kind, proto)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return opened


def guarded_connector(
    *, limit: int, keepalive_timeout: float, tls: ssl.SSLContext
) -> GuardedConnector:
    """A connector for the long-lived clients of model servers."""
    policy = rules(local=settings.ALOAI_LOCAL_MODELS)
    return GuardedConnector(policy, limit=limit, keepalive_timeout=keepalive_timeout, ssl=tls)
