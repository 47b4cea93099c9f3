"""What people fill in about a custom function."""

from __future__ import annotations

import json
import re
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import ValidationInfo, field_validator, model_validator

from actions.base import Row, Settings
from actions.fields import choice, line, number, pick, rows, secret_line, switch, words
from agents.routing.forms import named

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")
PLACE = re.compile(r"\{([^{}\s\"]*)\}")
WITHOUT_BODY = ("GET", "DELETE")


class ParameterRow(Row):
    """One value that the request needs."""

    name: str = line("Name", placeholder="order_number", max=40)
    kind: Literal["text", "number", "boolean"] = choice(
        "Kind", "text", labels={"text": "text", "number": "number", "boolean": "yes or no"}
    )
    about: str = line("Description", placeholder="The number on the invoice", max=300)
    required: bool = switch("Required", True)
    sample: str = line("Sample", placeholder="A-1001", max=200)

    @field_validator("name")
    @classmethod
    def _legal(cls, value: str) -> str:
        if not NAME.fullmatch(value):
            raise ValueError("Lowercase letters, digits and _, starting with a letter.")
        return value


class HeaderRow(Row):
    """One header of the request."""

    name: str = line("Header", placeholder="X-Shop", max=60)
    value: str = line("Value", max=500)

    @field_validator("name")
    @classmethod
    def _legal(cls, value: str) -> str:
        if not HEADER.fullmatch(value):
            raise ValueError("Letters, digits and hyphens.")
        return value


class ValueRow(Row):
    """One value of the answer, and where it is kept."""

    name: str = line("Name", placeholder="points", max=40)
    path: str = line("Path in the answer", placeholder="customer.points", max=200)
    property: str = pick("Save to", "property", help="Leave empty to only tell the agent")


class FunctionForm(Settings):
    """Request, answer and words of one function."""

    name: str = line("Name", placeholder="Loyalty points", max=120)
    about: str = line("Description", placeholder="Adds points to the customer’s account", max=300)
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = choice(
        "Method", "POST", labels={name: name for name in ("GET", "POST", "PUT", "PATCH", "DELETE")}
    )
    url: str = line(
        "Address",
        placeholder="https://api.example.com/customers/{customer_id}/points",
        max=1000,
        help="Parameters in braces become part of the path",
    )
    parameters: list[ParameterRow] = rows("Parameters", max=20, add="parameter")
    headers: list[HeaderRow] = rows("Headers", max=20, add="header")
    body: str = words(
        "Body", placeholder='{"points": {points}}', max=10_000,
        help="JSON with parameters in braces. Leave empty to send all parameters as JSON",
        show_if={"method": ("POST", "PUT", "PATCH")},
    )  # fmt: skip
    auth: Literal["none", "bearer", "basic", "header", "hmac"] = choice(
        "Authentication",
        "none",
        labels={
            "none": "none",
            "bearer": "bearer token",
            "basic": "user and password",
            "header": "API key in a header",
            "hmac": "HMAC signature",
        },
    )
    auth_user: str = line("User", max=120, show_if={"auth": "basic"})
    auth_header: str = line(
        "Header", "X-Api-Key", placeholder="X-Api-Key", max=60, show_if={"auth": "header"}
    )
    secret: str = secret_line(
        "Secret",
        max=500,
        help="Stored encrypted, never shown again. Leave empty to keep it",
        show_if={"auth": ("bearer", "basic", "header", "hmac")},
    )
    timeout: int = number("Time limit", 8, ge=1, le=30, unit="s")
    retries: int = number(
        "Retries", 0, ge=0, le=2, unit="times", help="Only if calling it twice does no harm"
    )
    values: list[ValueRow] = rows("Values from the answer", max=20, add="value")
    sample: str = words(
        "Sample answer", placeholder='{"customer": {"points": 120}}', max=10_000,
        help="What Try it uses as the answer",
    )  # fmt: skip
    consequential: bool = switch("Ask the contact first when in doubt")
    starts: str = line(
        "Before the request, the agent says", placeholder="One moment, I look that up."
    )
    succeeds: str = line("If it works, the agent says", placeholder="Done, your points are booked.")
    fails: str = line("If it fails, the agent says", "I could not do that just now.")
    slow: str = line(
        "If there is no answer, the agent says", "That takes longer than usual. I will see to it."
    )

    _name = field_validator("name")(named)

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("https", "http") or not parts.hostname):
            raise ValueError("A web address starts with https:// and a server name.")
        if PLACE.search(f"{parts.scheme}{parts.netloc}"):
            raise ValueError("Parameters may be in the path, not in the server name.")
        return value

    @field_validator("auth_user")
    @classmethod
    def _known_user(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("auth") == "basic" and not value:
            raise ValueError("Enter the user.")
        return value

    @field_validator("auth_header")
    @classmethod
    def _legal_header(cls, value: str) -> str:
        if value and not HEADER.fullmatch(value):
            raise ValueError("Letters, digits and hyphens.")
        return value

    @field_validator("sample")
    @classmethod
    def _json(cls, value: str) -> str:
        if value:
            try:
                json.loads(value)
            except ValueError:
                raise ValueError("The sample answer is not JSON.") from None
        return value

    @model_validator(mode="after")
    def _parameters_are_known(self) -> Self:
        known = [row.name for row in self.parameters]
        if len(set(known)) < len(known):
            raise ValueError("Two parameters have the same name.")
        for text in (self.url, self.body):
            for name in PLACE.findall(text):
                if name and name not in known:
                    raise ValueError(f"“{{{name}}}” is not one of the parameters.")
        return self
