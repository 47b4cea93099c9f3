"""Who asks, and by which scheme, is what a trusted proxy says, and what nobody else says."""

from __future__ import annotations

import http.client
import re
import urllib.parse
from pathlib import Path

import pytest

from tests.aloai.running import Running

WRONG = {"email": "dana@example.com", "password": "wrong"}


def _ask(product: Running, method: str = "GET", body: str = "", **headers: str) -> tuple[int, str]:
    """The entrance, with headers of one's own; no redirect is followed."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", product.port, timeout=20)
    connection.request(method, "/enter/", body or None, given)
    answer = connection.getresponse()
    cookie = str(answer.headers.get("Set-Cookie", "")).partition(";")[0]
    return answer.status, cookie + "\n" + answer.read().decode()


def _guess(product: Running, times: int, **headers: str) -> list[int]:
    """Wrong passwords; `{}` in a header becomes the number of the try."""
    _, page = _ask(product, **{k: v.format(0) for k, v in headers.items()})
    cookie, _, text = page.partition("\n")
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', text)
    assert token, text
    form = urllib.parse.urlencode({**WRONG, "csrfmiddlewaretoken": token.group(1)})
    more = {"Content_Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    return [
        _ask(product, "POST", form, **more, **{k: v.format(n) for k, v in headers.items()})[0]
        for n in range(times)
    ]


def test_an_address_that_the_client_claims_does_not_open_the_lock(tmp_path: Path) -> None:
    """Also from this very machine, whose own address uvicorn would trust."""
    with Running(tmp_path / "var", "--no-tasks") as product:
        product.wait_for("AloAi is ready")
        assert _guess(product, 7, X_Forwarded_For="203.0.113.{}")[-1] == 429


def test_a_trusted_proxy_says_who_asks_and_by_which_scheme(tmp_path: Path) -> None:
    """The address at the right end is the one that the proxy saw; before it anything may stand."""
    env = {"TRUSTED_PROXIES": "127.0.0.1,10.0.0.0/8", "HTTPS": "1"}
    with Running(tmp_path / "var", "--no-tasks", **env) as product:
        product.wait_for("AloAi is ready")
        assert _ask(product)[0] == 301
        proxy = {"X_Forwarded_Proto": "https", "Referer": product.base.replace("http", "https")}
        claimed = "198.51.100.{}, 203.0.113.1, 10.0.0.7"
        assert _guess(product, 7, **proxy, X_Forwarded_For=claimed)[-1] == 429
        assert _guess(product, 1, **proxy, X_Forwarded_For="203.0.113.2") == [200]


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"TRUSTED_PROXIES": "*"}, "TRUSTED_PROXIES: “*” is neither an address nor a network"),
        ({"TRUSTED_PROXIES": "10.0.0.1/8"}, "is neither an address nor a network"),
        ({"HTTPS": "1"}, "HTTPS needs TRUSTED_PROXIES"),
    ],
)
def test_what_cannot_work_is_named_at_the_start(
    env: dict[str, str], words: str, tmp_path: Path
) -> None:
    with Running(tmp_path / "var", **env) as product:
        product.wait_for(words)
        assert product.process.wait(20) == 1
        assert "Traceback" not in product.said()
