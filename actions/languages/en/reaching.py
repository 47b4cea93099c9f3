"""Addresses and numbers said aloud in English."""

from __future__ import annotations

from actions.languages.rooms import Reaching, pattern, row

REACHING = Reaching(
    token=pattern(r"\S+"),
    at=row("at"),
    dot=row("dot"),
    joiners={
        "dot": ".",
        "period": ".",
        "point": ".",
        "underscore": "_",
        "dash": "-",
        "hyphen": "-",
        "minus": "-",
        "plus": "+",
    },
    no_local=row(
        "me us you him her them it is it's look be at am are meet here there that this home work "
        "email e-mail mail reach contact and or the my i'm call address was up out back only"
    ),
    about_mail=pattern(r"\be-?mail\b|\S@"),
    about_phone=pattern(
        r"\b(?:telephone|phone|mobile|cell|(?:my|the) number is|(?:call|reach) me (?:at|on))\b"
    ),
)
