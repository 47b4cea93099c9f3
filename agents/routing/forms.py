"""What people fill in about whom a conversation can reach."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import EmailStr, Field, field_validator, model_validator

from actions.base import Row, Settings
from actions.fields import choice, line, pick, picks, rows, switch
from agents.routing.numbers import phone_number

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class PersonForm(Settings):
    """A reachable colleague."""

    name: str = line("Name", placeholder="Ana Ruiz", max=120, min_length=1)
    phone: str = line("Phone", placeholder="+1 415 555 0100", max=80)
    email: str = line("E-mail", placeholder="ana@example.com", max=254)
    extension: str = line("Extension", max=12)
    available: bool = switch("Available", True, help="Calls may be sent here")
