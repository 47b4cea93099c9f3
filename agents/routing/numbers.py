"""Telephone numbers as people type them."""

from __future__ import annotations

import phonenumbers
from django.conf import settings


def phone_number(text: str) -> str:
    """The number as +14155550142, empty where it is none; without a country it is the site's."""
    try:
        number = phonenumbers.parse(text[:40], settings.COUNTRY)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def shown(number: str) -> str:
    """A stored number as people read it."""
    try:
        parsed = phonenumbers.parse(number[:40], None)
    except phonenumbers.NumberParseException:
        return number
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, form))
