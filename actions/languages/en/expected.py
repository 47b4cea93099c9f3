"""How an expectation names what is to be answered, in English."""

from __future__ import annotations

from actions.languages.rooms import pattern

EXPECTED = {
    "either": pattern(r"\byes (?:or|/|and) no\b|\byes/no\b"),
    "yes": pattern(r"^\W*(?:an?y? )?(?:yes|positive (?:response|answer|reply)|agreement)\W*$"),
    "no": pattern(r"^\W*(?:an?y? )?(?:no|negative (?:response|answer|reply))\W*$"),
    "email": pattern(r"\be-?mail\b"),
    "phone": pattern(r"\b(?:phone|mobile|cell)\b"),
    "date": pattern(r"\b(?:date|time|day)\b"),
    "name": pattern(r"\b(?:first|last|full|their|the|a)\s?name\b|^\W*name\W*$"),
    "number": pattern(r"^\W*(?:a |the |any )?(?:number|amount|quantity)\b"),
}
