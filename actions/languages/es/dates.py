"""Days and times of day in Spanish; words stand without their accents."""

from __future__ import annotations

import re

from actions.languages.es.numbers import NUMBERS
from actions.languages.rooms import Dates, pattern, row

_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
_MONTH_NUMBER = {name: n for n, name in enumerate(_MONTHS.split(), 1)} | {"setiembre": 9}
_MONTH_NUMBER |= {name[:3]: n for name, n in _MONTH_NUMBER.items()} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True))
_DAYS = "lunes martes miercoles jueves viernes sabado domingo"
WEEKDAYS = {name: n for n, name in enumerate(_DAYS.split())}
_WEEKDAY = "|".join(WEEKDAYS)
HOURS = "|".join(sorted(NUMBERS.hours, key=len, reverse=True))
_DAY_WORDS = {word: n for word, n in NUMBERS.values.items() if 1 <= n <= 30} | {
    "primero": 1,
    "treinta y uno": 31,
}
_DAY = rf"(?P<day>\d{{1,2}}|{'|'.join(sorted(_DAY_WORDS, key=len, reverse=True))})"
MINUTES = {
    "media": 30, "cuarto": 15, "cinco": 5, "diez": 10, "quince": 15, "veinte": 20,
    "veinticinco": 25, "treinta": 30, "cuarenta": 40, "cuarenta y cinco": 45, "cincuenta": 50,
}  # fmt: skip
_MINUTE = r"cuarenta\sy\scinco|" + "|".join(sorted(MINUTES, key=len, reverse=True)[1:])
SIGN = (
    r"a\.?\s?m\b\.?|p\.?\s?m\b\.?|(?:de|por|en)\sla\s(?:manana|tarde|noche|madrugada)\b|"
    r"del\s(?:dia|mediodia)\b|en\spunto\b"
)
TAIL = (
    rf"(?:\s(?:y|con)\s(?P<spoken>{_MINUTE})|\s(?P<less>menos)\s(?P<to>{_MINUTE})|"
    rf"\s(?P<plain>{_MINUTE}))?"
)
# "mañana" is the morning behind "la", else tomorrow.
_MORNING, _TOMORROW = r"(?<=\bla\s)manana", r"(?<!\bla\s)manana"

DATES = Dates(
    months=_MONTH_NUMBER,
    weekdays=WEEKDAYS,
    ahead={"manana": 1, "pasado manana": 2, "hoy": 0, "esta noche": 0, "esta tarde": 0},
    day_words=_DAY_WORDS,
    day_first=True,
    absolute=(
        pattern(
            rf"(?<![\w/.:-]){_DAY}\s(?:de\s)?(?P<month>{_MONTH})\b\.?"
            r"(?:,?\s(?:de(?:l)?\s)?(?P<year>\d{4})\b)?"
        ),
    ),
    relative=pattern(rf"\b(?P<word>pasado\smanana|{_TOMORROW}|hoy|esta\snoche|esta\starde)\b"),
    in_time=pattern(rf"\b(?:en|dentro\sde)\s(?P<count>\d{{1,3}}|{HOURS})\s(?P<unit>dia|semana)s?\b"),
    weeks=pattern("semana"),
    named=(
        pattern(
            rf"\b(?P<day>{_WEEKDAY})\s(?P<which>de\sla\s(?:proxima\ssemana|semana\sque\sviene|"
            r"otra\ssemana))\b"
        ),
        pattern(rf"\b(?P<which>este)\s(?P<day>{_WEEKDAY})\b"),
    ),
    bare=pattern(rf"\b(?P<day>{_WEEKDAY})\b"),
    coming=frozenset(
        {"de la proxima semana", "de la semana que viene", "de la otra semana"}
    ),
    this=row("este"),
    next_week=pattern(r"\b(?:proxima\ssemana|semana\sque\sviene|semana\sproxima)\b"),
    clocks=(
        pattern(
            rf"\blas?\s(?:(?P<hour>\d{{1,2}})(?:[:.h](?P<minute>\d{{2}}))?|(?P<word>{HOURS})){TAIL}"
            rf"(?:\s(?P<sign>{SIGN}))?(?![\w$%@:/-])"
        ),
        pattern(
            r"(?<![\w:.$/-])(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?"
            rf"\s?(?P<sign>{SIGN})"
        ),
    ),
    at=pattern(rf"\ba\slas?\s(?:(?P<hour>\d{{1,2}})|(?P<word>{HOURS}))\b(?!\s?[\w%$@:/-])"),
    noons=pattern(r"\b(mediodia|medianoche)\b"),
    noon={"mediodia": 12, "medianoche": 0},
    minutes=MINUTES,
    morning=("a", "de la ma", "por la ma", "en la ma"),
    evening=("p.", "pm", "p m", "de la ta", "de la no", "por la ta", "por la no", "en la ta",
             "en la no", "del"),
    part=re.compile(
        rf"\b({_MORNING}|tarde|noche|mediodia|fin\sde\ssemana|entre\ssemana|proxima\ssemana|"
        r"esta\ssemana|proximo\smes|cualquier\s(?:dia|hora)|cuanto\santes|lo\santes\sposible|"
        r"ahora\smismo)\b",
        re.I,
    ),
    parts={"manana": (0, 12), "tarde": (12, 19), "noche": (18, 24)},
    parts_said=pattern(rf"\b({_MORNING}|(?<!mas\s)(?<!muy\s)tarde|noche)\b"),
)  # fmt: skip
