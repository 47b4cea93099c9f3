"""Finding contacts by what people type."""

from __future__ import annotations

import re

from django.db.models import Q

NAMES = ("values__first_name", "values__last_name", "values__company", "email", "phone")
NUMBER = re.compile(r"\+?[0-9]{3,}")


def matches(text: str, path: str = "") -> Q:
    """Every word stands in the name, the company, the number or the e-mail address."""
    found = Q()
    digits = re.sub(r"[\s().\-/]", "", text)
    for word in [digits] if NUMBER.fullmatch(digits) else text.split():
        one = Q()
        for name in NAMES:
            one |= Q(**{f"{path}{name}__icontains": word})
        found &= one
    return found
