"""What went wrong with a model server, in words for the admin that never hold a key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import aiohttp
import openai
import orjson
from ssrfguard import SSRFGuardError

from integrations.llm.types import Kind, ModelError

SENTENCES: dict[Kind, str] = {
    "timeout": "The model server did not answer in time.",
    "rate_limited": "The model server refused the request: too many requests or no credit left.",
    "auth": "The model server refused the key. Enter a valid key.",
    "bad_request": "The model server did not accept the request.",
    "unavailable": "The model server could not be reached.",
    "nonsense": "The model server’s reply could not be understood.",
    "cut": "The model's answer was cut off.",
}
TOO_LONG = "The model server's answer was too long."
WORDS = 200  # characters of the server's own words
_BEARER = re.compile(r"\b(bearer|basic)\s+\S+", re.I)
_RUN = 6  # characters of a key in a row that give it away


def plain(kind: Kind) -> ModelError:
    """A failure about which nothing more is known."""
    return ModelError(kind, SENTENCES[kind])


def as_model_error(error: Exception, key: str = "") -> ModelError:
    """The exceptions of aiohttp, of the guard and of the SDK as ours."""
    if isinstance(error, SSRFGuardError):
        why = redacted(getattr(error, "reason", error), key)
        return ModelError("bad_request", f"The model's address is not allowed. {why}")
    if isinstance(error, TimeoutError | openai.APITimeoutError):
        return plain("timeout")
    if isinstance(error, openai.APIStatusError):
        return status_error(error.status_code, error.response.headers, error.body, key)
    if isinstance(error, ValueError) and not isinstance(error, aiohttp.ClientError):
        return ModelError("bad_request", "The model's address or key cannot be used.")
    return plain("unavailable")


def broken(error: Exception) -> ModelError:
    """What a connection that failed in the middle of an answer means."""
    return plain("timeout" if isinstance(error, TimeoutError) else "cut")


def status_error(status: int, headers: Mapping[str, str], body: Any, key: str = "") -> ModelError:
    """An answer whose status says that it is none; `body` as bytes or already read."""
    kind: Kind = "bad_request"
    if status in (401, 403):
        kind = "auth"
    elif status == 429:
        kind = "rate_limited"
    elif status in (408, 409, 425) or status >= 500:
        kind = "timeout" if status in (408, 504) else "unavailable"
    if status >= 500:
        sentence = f"The model server failed with error {status}."
    elif kind == "bad_request":
        said = _said(_read(body), key)
        told = f"{said} ({status})" if said else f"error {status}."
        sentence = f"{SENTENCES[kind]} It said: {told}"
    else:
        sentence = SENTENCES[kind]
    after = headers.get("retry-after", "")
    return ModelError(kind, sentence, retry_after=float(after) if after.isdigit() else None)


def told_error(error: Any, key: str = "") -> ModelError:
    """An error that came inside an answer whose status was fine."""
    told = error if isinstance(error, dict) else {"message": error}
    text = f"{told.get('type')} {told.get('code')}".lower()
    kind: Kind = "rate_limited" if "rate" in text or "429" in text else "unavailable"
    words = redacted(told.get("message") or "no reason", key)
    return ModelError(kind, f"The model server reported an error: {words}")


def redacted(words: object, key: str) -> str:
    """A server's words, short and in one line, without the key or a part of it."""
    text = _BEARER.sub(r"\1 …", " ".join(str(words).split()))
    runs = {key[n : n + _RUN] for n in range(max(len(key) - _RUN, 0) + 1)} if key else set()
    kept = ("…" if any(run in word for run in runs) else word for word in text.split(" "))
    return " ".join(kept)[:WORDS]


def _read(body: Any) -> Any:
    if not isinstance(body, bytes):
        return body
    try:
        found = orjson.loads(body)
    except ValueError:
        return body.decode(errors="replace")
    return found.get("error", found) if isinstance(found, dict) else found


def _said(body: Any, key: str) -> str:
    said = body.get("message") or body.get("error") if isinstance(body, dict) else body
    return redacted(said or "", key)
