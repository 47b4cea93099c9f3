"""What code understands without a model: values, answers, opting out, promises."""

from __future__ import annotations

from actions.understood.agreement import negative, positive, yes_no
from actions.understood.answers import find_choice, find_number
from actions.understood.contacts import (
    find_digits,
    find_email,
    find_phone,
    half_email,
    half_phone,
)
from actions.understood.dates import When, find_date
from actions.understood.evidence import Evidence, Found
from actions.understood.expected import given
from actions.understood.names import Name, find_name
from actions.understood.optout import (
    invites_reserved_word,
    opt_in_word,
    opt_out_word,
    opt_out_wording,
)
from actions.understood.phrases import Phrases, promise_tail, promised
from actions.understood.slots import find_option
from actions.understood.values import Kind, find_value, parse_value

__all__ = [
    "Evidence",
    "Found",
    "Kind",
    "Name",
    "Phrases",
    "When",
    "find_choice",
    "find_date",
    "find_digits",
    "find_email",
    "find_name",
    "find_number",
    "find_option",
    "find_phone",
    "find_value",
    "given",
    "half_email",
    "half_phone",
    "invites_reserved_word",
    "negative",
    "opt_in_word",
    "opt_out_word",
    "opt_out_wording",
    "parse_value",
    "positive",
    "promise_tail",
    "promised",
    "yes_no",
]
