"""Number words in Spanish."""

from __future__ import annotations

from actions.languages.rooms import Numbers, pattern, row

_UNITS = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres "
    "veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"
)
_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_HUNDREDS = (
    "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos "
    "novecientos"
)
_ORDINALS = (
    ("primero", "primera", "primer"),
    ("segundo", "segunda"),
    ("tercero", "tercera", "tercer"),
    ("cuarto", "cuarta"),
    ("quinto", "quinta"),
)
_BETWEEN = row("- , . ( ) eh este em mmm guion")
_HUNDRED = {word: n * 100 for n, word in enumerate(_HUNDREDS.split(), 2)}

NUMBERS = Numbers(
    values={word: n for n, word in enumerate(_UNITS.split())}
    | {"un": 1, "una": 1, "veintiun": 21, "veintiuna": 21}
    | {word: n * 10 for n, word in enumerate(_TENS.split(), 3)}
    | {"cien": 100, "ciento": 100}
    | _HUNDRED
    | {f"{word[:-2]}as": value for word, value in _HUNDRED.items()},
    scales={"mil": 1000, "millon": 1_000_000, "millones": 1_000_000},
    begins=row("mil"),
    articles=frozenset(),
    joiner="y",
    lone=row("un una uno"),
    ordinals={word: n for n, words in enumerate(_ORDINALS) for word in words},
    naught=frozenset(),
    articles_too=row("un una"),
    times={"doble": 2, "triple": 3},
    between=_BETWEEN,
    between_phone=_BETWEEN | row("y luego despues ok bueno pues"),
    plus="mas",
    nth=pattern(r"(?:^|\b(?:opcion|numero|alternativa)\s)\s*([1-9])\b[.)]?\s*(?:$|por favor\b)"),
    extension=pattern(r"\b(?:extension|ext|interno|anexo)\b[\s.:#-]*(?:numero\s|es\s|la\s)?"),
    multiples={"mil": 1000, "k": 1000, "millones": 1_000_000, "millon": 1_000_000},
)
