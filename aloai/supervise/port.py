"""The listening socket: bound once, kept while the web process comes and goes."""

from __future__ import annotations

import errno
import ipaddress
import socket
from pathlib import Path

HOST, PORT = "127.0.0.1", 8000  # unless told
BACKLOG = 2048
FILE = "address"


class PortError(Exception):
    """The port cannot be had; the text is a sentence for the operator."""


def listen(host: str, port: int) -> socket.socket:
    """Bind and listen; accepted sockets inherit TCP_NODELAY, which uvicorn's `--fd` never sets."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        made.bind((host, port))
    except OverflowError as error:
        made.close()
        raise PortError(f"There is no port {port}: choose one up to 65535 with --port.") from error
    except OSError as error:
        made.close()
        raise PortError(_sentence(error, host, port)) from error
    made.listen(BACKLOG)
    made.set_inheritable(True)
    return made


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken: stop what uses it, or choose another with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights: choose one above 1023 with --port."
    return f"{host}:{port} cannot be used: {error.strerror or error}."


def address(host: str, port: int) -> str:
    """What a browser on this machine opens."""
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 # nosec B104 - only read
    return f"http://[{own}]:{port}" if ":" in own else f"http://{own}:{port}"


def remember(folder: Path, base: str) -> None:
    """Write down where the site listens, for commands that print links."""
    (folder / FILE).write_text(f"{base}\n")


def remembered(folder: Path) -> str:
    """Where the site listened last; nothing before the first start."""
    try:
        return (folder / FILE).read_text().strip()
    except OSError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
