"""Making the request of a custom function: what leaves, what comes back, what it means."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from actions.base import ActionError
from actions.ports import FunctionAnswer
from actions.stored import known_part
from actions.text import one_line
from agents.functions.forms import PLACE, WITHOUT_BODY, FunctionForm
from agents.functions.models import Function
from integrations.outbound import OutboundError, guarded_session
from integrations.secrets import decrypt

MAX_ANSWER = 256_000  # bytes
SHOWN = 4_000  # characters of an answer that people see
HIDDEN = "••••"


@dataclass(frozen=True)
class Request:
    """What leaves. `shown` are the headers as people may see them."""

    method: str
    url: str
    headers: dict[str, str]
    shown: dict[str, str]
    body: str = ""


@dataclass
class Reply:
    """What came back, or the sentence of why nothing did."""

    status: int = 0
    text: str = ""
    seconds: float = 0.0
    error: str = ""
    slow: bool = False
    values: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the other side did what was asked."""
        return not self.error and 200 <= self.status < 300


def form_of(row: Function) -> FunctionForm:
    """Its settings; what an older version of the code knew is left out."""
    return FunctionForm.model_validate(known_part(FunctionForm, row.settings))


def request_of(row: Function, values: Mapping[str, Any], key: str) -> Request:
    """The request with these values; raises ActionError where it cannot be made."""
    form = form_of(row)
    if row.lacks:
        raise ActionError(f"“{row.name}” has no {row.lacks}. An admin must enter it.")
    given = {name: value for name, value in values.items() if value is not None}
    url, used = _url(form, given)
    body = "" if form.method in WITHOUT_BODY else _body(form, given)
    if form.method in WITHOUT_BODY:
        rest = {name: _plain(value) for name, value in given.items() if name not in used}
        url += ("&" if "?" in url else "?") + urlencode(rest) if rest else ""
    headers = {one.name: one.value for one in form.headers}
    headers |= {"Accept": "application/json", "Idempotency-Key": key}
    if body:
        headers["Content-Type"] = "application/json"
    secret = _auth(form, decrypt(row.secret) if row.secret else "", body)
    return Request(
        form.method, url, headers | secret, headers | dict.fromkeys(secret, HIDDEN), body
    )


def _url(form: FunctionForm, given: Mapping[str, Any]) -> tuple[str, set[str]]:
    used = set(PLACE.findall(form.url))
    missing = [name for name in sorted(used) if name not in given]
    if missing:
        raise ActionError(f"The address needs {', '.join(missing)}.")
    plain = {name: _plain(given[name]).strip() for name in used}
    if any(value.strip(".") == "" for value in plain.values()):
        # An empty segment or one of dots would lead to another path of the server.
        raise ActionError("A value cannot be part of the address.")
    places = {name: quote(value, safe="") for name, value in plain.items()}
    return PLACE.sub(lambda found: places[found[1]], form.url), used


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _body(form: FunctionForm, given: Mapping[str, Any]) -> str:
    """The template with its values as JSON, or all values as one object."""
    if not form.body:
        return json.dumps(dict(given), ensure_ascii=False)
    known = {row.name for row in form.parameters}
    filled = PLACE.sub(
        lambda found: json.dumps(given.get(found[1])) if found[1] in known else found[0], form.body
    )
    try:
        return json.dumps(json.loads(filled), ensure_ascii=False)
    except ValueError:
        raise ActionError(
            "With these values, the body of the function is not valid JSON."
        ) from None


def _auth(form: FunctionForm, secret: str, body: str) -> dict[str, str]:
    if form.auth == "none" or not secret:
        return {}
    if form.auth == "bearer":
        return {"Authorization": f"Bearer {secret}"}
    if form.auth == "basic":
        pair = base64.b64encode(f"{form.auth_user}:{secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    if form.auth == "header":
        return {form.auth_header or "X-Api-Key": secret}
    return signature(secret, body, int(time.time()))


def signature(secret: str, body: str, timestamp: int) -> dict[str, str]:
    """HMAC-SHA256 over `timestamp.body`, hexadecimal; the receiver checks both headers."""
    digest = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Signature-Timestamp": str(timestamp), "X-Signature": digest}


def send(row: Function, request: Request) -> Reply:
    """Send it and read the answer; never inside a transaction. Asks again where that is allowed."""
    form = form_of(row)
    reply = Reply()
    for _ in range(form.retries + 1):
        reply = _once(form, request)
        if reply.ok or (reply.status and reply.status < 500):
            break
    return reply


def _once(form: FunctionForm, request: Request) -> Reply:
    begun = time.monotonic()
    reply = Reply()
    try:
        with guarded_session(max_bytes=MAX_ANSWER, deadline=form.timeout) as session:
            answer = session.request(
                request.method,
                request.url,
                data=request.body.encode() or None,
                headers=request.headers,
                allow_redirects=False,
            )
        reply.status, reply.text = answer.status_code, answer.text
        reply.values = values_in(form, answer.text) if reply.ok else {}
    except OutboundError as error:
        reply.error, reply.slow = error.sentence, not error.permanent
    reply.seconds = time.monotonic() - begun
    return reply


def values_in(form: FunctionForm, text: str) -> dict[str, str]:
    """The named values of an answer; what is not there is left out."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    values = {row.name: _at(found, row.path) for row in form.values}
    return {name: value for name, value in values.items() if value is not None}


def _at(node: Any, path: str) -> str | None:
    for part in filter(None, path.split(".")):
        if isinstance(node, list) and part.isascii() and part.isdigit() and int(part) < len(node):
            node = node[int(part)]
        elif isinstance(node, dict) and part in node:
            node = node[part]
        else:
            return None
    if node is None or isinstance(node, dict | list):
        return None
    return one_line(_plain(node), 500)


def answer_of(row: Function, reply: Reply, request: Request | None = None) -> FunctionAnswer:
    """What it means for the conversation, with the `request` that was answered."""
    made = _meant(row, reply)
    return replace(made, exchange=_exchange(row, reply, request)) if request else made


def _exchange(row: Function, reply: Reply, request: Request) -> dict[str, Any]:
    """What people read of it; the headers that hold a secret say so and nothing else."""
    saved = {one.name: one.property for one in form_of(row).values if one.property}
    return {
        "method": request.method,
        "url": request.url,
        "headers": request.shown,
        "body": request.body,
        "status": reply.status,
        "answer": reply.error or reply.text[:SHOWN],
        "values": reply.values,
        "saved": {saved[name]: value for name, value in reply.values.items() if name in saved},
    }


def _meant(row: Function, reply: Reply) -> FunctionAnswer:
    form = form_of(row)
    told = "; ".join(f"{name}: {value}" for name, value in reply.values.items())
    if reply.ok:
        saved = {
            one.property: reply.values[one.name]
            for one in form.values
            if one.property and one.name in reply.values
        }
        return FunctionAnswer(
            True, f"{row.name}: {told or reply.status}", form.succeeds, reply.values, saved
        )
    words = form.slow if reply.slow else form.fails
    why = reply.error or f"the server answered {reply.status}"
    return FunctionAnswer(False, f"{row.name}: {why}", words)


def call(row: Function, values: Mapping[str, Any], key: str) -> FunctionAnswer:
    """The whole way: request, answer, meaning."""
    request = request_of(row, values, key)
    return answer_of(row, send(row, request), request)


def host_of(url: str) -> str:
    """The server of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
