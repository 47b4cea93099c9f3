"""How days, times and lists are said in Spanish."""

from __future__ import annotations

from datetime import datetime

from actions.languages.rooms import Speaking, pattern

_NAMES_AI = pattern(
    r"\b(?:ia|i\.a\.|inteligencia artificial|(?:asistente|agente) (?:virtual|digital)|"
    r"(?:asistente|agente|sistema) automatizad[oa]|(?:chat|ro)?bot)(?!\w)"
)

_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip

_PARTS = ((12, "de la mañana"), (13, "del día"), (19, "de la tarde"), (24, "de la noche"))


def _day(moment: datetime) -> str:
    """`martes 12 de marzo`."""
    return f"{_DAYS[moment.weekday()]} {moment.day} de {_MONTHS[moment.month - 1]}"


def _clock(moment: datetime) -> str:
    """`3:00 de la tarde`."""
    part = next(part for until, part in _PARTS if moment.hour < until)
    return f"{moment.hour % 12 or 12}:{moment:%M} {part}"


def _time(moment: datetime) -> str:
    """`martes 12 de marzo a las 3:00 de la tarde`, and `a la` at one o'clock."""
    article = "la" if moment.hour % 12 == 1 else "las"
    return f"{_day(moment)} a {article} {_clock(moment)}"


SPEAKING = Speaking(day=_day, clock=_clock, time=_time, names_ai=_NAMES_AI, either="o", both="y")
