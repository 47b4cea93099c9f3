"""Everything that is in what left or would have left, field by field, for people to read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from actions.segments import segments
from agents.core import picks
from agents.outbox.models import Delivery

Payload = Mapping[str, Any]
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One field; `code` keeps its line breaks and is set in a fixed width."""

    label: str
    text: str
    code: bool = False


def refs_in(rows: Iterable[Delivery]) -> list[str]:
    """What the payloads of these rows refer to."""
    found: list[str] = []
    for row in rows:
        found += [str(row.payload.get(name) or "") for name in ("line", "to")]
        found += row.payload.get("saved") or {}
    return [ref for ref in dict.fromkeys(found) if picks.split(ref)[1]]


def parts_of(row: Delivery, labels: Labels) -> tuple[Part, ...]:
    """The fields of one row that hold something."""
    read = READ.get(row.kind, _message)
    return tuple(part for part in read(row, row.payload, labels) if part.text)


def _message(row: Delivery, payload: Payload, labels: Labels) -> Iterator[Part]:
    yield Part("To", _to(row, labels))
    yield Part("Subject", str(payload.get("subject") or ""))
    yield Part("Text", str(payload.get("text") or payload.get("body") or ""))


def _to(row: Delivery, labels: Labels) -> str:
    """Who gets it and where."""
    whom = labels.get(str(row.payload.get("to") or ""), "")
    whom = whom or (str(row.contact) if row.contact else "")
    return " · ".join(filter(None, dict.fromkeys((whom, row.to))))


def _sms(row: Delivery, payload: Payload, labels: Labels) -> Iterator[Part]:
    text = str(payload.get("text") or "")
    size = segments(text)
    yield Part("From", labels.get(str(payload.get("line") or ""), "the agent’s line"))
    yield Part("To", _to(row, labels))
    yield Part("Text", text)
    yield Part("Media", str(payload.get("media") or ""))
    yield Part("Segments", f"{size.count}, {size.encoding}")


def _voicemail(row: Delivery, payload: Payload, labels: Labels) -> Iterator[Part]:
    yield Part("To", _to(row, labels))
    yield Part("Spoken", str(payload.get("text") or ""))
    yield Part("Recording", str(payload.get("recording") or ""))
    yield Part("Begins", "after the beep" if payload.get("after_beep") else "at once")


NAMED = {"name": "Customer", "account_number": "Account number", "address": "Address"}


def _ticket(row: Delivery, payload: Payload, labels: Labels) -> Iterator[Part]:
    customer = payload.get("customer") or {}
    yield Part("Subject", str(payload.get("subject") or ""))
    yield Part("Pipeline", str(payload.get("pipeline_label") or payload.get("pipeline") or ""))
    yield Part("Status", str(payload.get("status_label") or payload.get("status") or ""))
    yield Part("Priority", str(payload.get("priority") or "").capitalize())
    for key, label in NAMED.items():
        yield Part(label, str(customer.get(key) or ""))
    yield Part("Summary", str(payload.get("summary") or ""))
    steps = [f"{one['step']}: {one['result']}" for one in payload.get("steps") or ()]
    yield Part("Troubleshooting", "\n".join(steps) or "no steps were named")
    whom = f"the contact {row.contact}" if row.contact else "no contact"
    yield Part("Associated with", whom)


def _function(row: Delivery, payload: Payload, labels: Labels) -> Iterator[Part]:
    headers = [f"{name}: {value}" for name, value in (payload.get("headers") or {}).items()]
    yield Part("Request", f"{payload.get('method')} {payload.get('url')}", code=True)
    yield Part("Headers", "\n".join(headers), code=True)
    yield Part("Body", _pretty(str(payload.get("body") or "")), code=True)
    yield Part("Answer", _answer(payload), code=True)
    yield Part("Values", _lines(payload.get("values") or {}))
    saved = {labels.get(ref, ref): value for ref, value in (payload.get("saved") or {}).items()}
    yield Part("Saved to the contact", _lines(saved))


def _answer(payload: Payload) -> str:
    status = str(payload.get("status") or "")
    return "\n".join(filter(None, (status, _pretty(str(payload.get("answer") or "")))))


def _lines(values: Mapping[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in values.items())


def _pretty(text: str) -> str:
    """JSON with its structure shown; anything else as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


READ: dict[str, Callable[[Delivery, Payload, Labels], Iterator[Part]]] = {
    "sms": _sms,
    "voicemail": _voicemail,
    "hubspot_ticket": _ticket,
    "function": _function,
}
