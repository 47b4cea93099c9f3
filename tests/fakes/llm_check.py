"""Checks what reaches the fake model server against the vendor's own description."""

from __future__ import annotations

import asyncio
import json
import os
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from openai.types.decision_create_params import DecisionCreateParams
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest
from pydantic import TypeAdapter, ValidationError

SPECS = os.environ.get("ALOAI_VENDOR_SPECS", "")
ON = bool(SPECS)
if not ON:
    warnings.warn(
        "ALOAI_VENDOR_SPECS is not set: the fake model server runs unchecked.", stacklevel=1
    )


async def problem_of(path: str, raw: bytes) -> str:
    """What is wrong with a request, or nothing; looked at off the loop."""
    return await asyncio.to_thread(_problem, path, raw) if ON else ""


def _problem(path: str, raw: bytes) -> str:
    if path == "/v1/decisions":
        return _decision_problem(raw)
    method = "post" if raw else "get"
    key = {"Authorization": "Bearer checked elsewhere"}
    request = MockRequest("https://api.openai.com", method, path, headers=key, data=raw or None)
    try:
        _document().validate_request(request)
    except OpenAPIError as error:
        return f"{error}"[:500]
    return ""


def _decision_problem(raw: bytes) -> str:
    """The document is older than this endpoint: the SDK's types describe it."""
    try:
        TypeAdapter(DecisionCreateParams).validate_python(orjson.loads(raw))
    except ValidationError as error:
        return str(error)[:500]
    return ""


@cache
def _document() -> OpenAPI:
    with (Path(SPECS) / "openai.json").open() as file:
        document = json.load(file)
    _drop_discriminators(document)
    return OpenAPI.from_dict(document, config=Config(spec_validator_cls=None))


def _drop_discriminators(node: Any) -> None:
    """They have no mapping, and the checker cannot do without."""
    if isinstance(node, dict):
        node.pop("discriminator", None)
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, dict | list):
            _drop_discriminators(child)
