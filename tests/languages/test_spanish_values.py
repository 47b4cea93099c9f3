"""Answers in Spanish: yes and no, numbers, dates, offered times, names, addresses, digits."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from actions import understood
from actions.languages import language
from actions.understood.slots import wished

SPANISH = language("es")
MONDAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 15, 0, tzinfo=UTC)
TUE_10, TUE_15, WED_10, WED_1130 = (
    "2026-03-10T10:00:00-04:00",
    "2026-03-10T15:00:00-04:00",
    "2026-03-11T10:00:00-04:00",
    "2026-03-11T11:30:00-04:00",
)
FOUR = [
    (value, SPANISH.speaking.time(datetime.fromisoformat(value)))
    for value in (TUE_10, TUE_15, WED_10, WED_1130)
]
NUMBERS = [
    ("doscientos cincuenta", "250"), ("mil doscientos", "1200"), ("somos tres", "3"),
    ("veintidós", "22"), ("treinta y cinco mil", "35000"), ("20 mil", "20000"),
    ("$1,200", "1200"), ("dos millones", "2000000"), ("ciento veinte dólares", "120"),
    ("tengo una pregunta", None), ("quinientas", "500"), ("treinta y tres", "33"),
]  # fmt: skip
DATES = [
    ("mañana a las diez", "2026-03-10 10:00"), ("manana a las 9", "2026-03-10 09:00"),
    ("el martes por la tarde", "2026-03-10"), ("a las tres y media", "15:30"),
    ("pasado mañana a las 4 de la tarde", "2026-03-11 16:00"), ("el 12 de marzo", "2026-03-12"),
    ("el doce de marzo a la una", "2026-03-12 13:00"), ("dentro de dos semanas", "2026-03-23"),
    ("el lunes que viene a las nueve y cuarto", "2026-03-16 09:15"), ("hoy", "2026-03-09"),
    ("por la mañana", "mañana"), ("mañana por la mañana", "2026-03-10"),
    ("el treinta y uno de marzo", "2026-03-31"), ("12/03", "2026-03-12"),
    ("las cuatro menos cuarto", "15:45"), ("no el martes, el miércoles", "2026-03-11"),
    ("el viernes de la próxima semana", "2026-03-20"), ("a las ocho de la noche", "20:00"),
    ("este viernes al mediodía", "2026-03-13 12:00"), ("me gustaría una cita", None),
    ("tengo dos hijos", None), ("1 de enero de 2027", "2027-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("sí", True), ("si", True), ("claro que sí", True), ("Sí, por favor.", True),
        ("de acuerdo", True), ("está bien, gracias", True), ("me sirve", True), ("👍", True),
        ("no hay problema", True), ("bueno", True), ("así es", True), ("yes", True),
        ("no", False), ("no gracias", False), ("ahora no", False), ("claro que no", False),
        ("no me interesa", False), ("todavía no", False), ("bueno, no", False),
        ("tal vez", None), ("no sé", None), ("sí, pero no ahora", None), ("¿cuánto cuesta?", None),
        ("si me dan descuento", None), ("sí y no", None), ("quizás mañana", None),
        ("mi número es el 555", None),
    ],
)  # fmt: skip
def test_yes_and_no(text: str, answer: bool | None) -> None:
    assert understood.yes_no(text, SPANISH) is answer


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_number(text: str, value: str | None) -> None:
    found = understood.find_number(text, SPANISH)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(("text", "value"), DATES)
def test_date(text: str, value: str | None) -> None:
    when = understood.find_date(text, MONDAY, SPANISH)
    assert (when.value if when else None) == value
    assert when is None or when.evidence.quote in text


def test_a_wished_time() -> None:
    thursday = wished("el jueves por la tarde", MONDAY, SPANISH)
    assert thursday and thursday.isoformat() == "2026-03-12T12:00:00"
    monday = wished("la próxima semana", MONDAY, SPANISH)
    assert monday and monday.isoformat() == "2026-03-16T00:00:00"
    assert wished("cuando sea", MONDAY, SPANISH) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("el segundo", TUE_15), ("la primera", TUE_10), ("el martes por la tarde", TUE_15),
        ("mañana a las diez", TUE_10), ("a las tres", TUE_15), ("a las once y media", WED_1130),
        ("las 11:30", WED_1130), ("opción 3", WED_10), ("la opción dos", TUE_15), ("2", TUE_15),
        ("el miércoles a las diez", WED_10), ("el último", WED_1130), ("el más temprano", TUE_10),
        ("no el martes, el miércoles a las 10", WED_10), ("el 11 a las 10", WED_10),
        ("la de las tres de la tarde", TUE_15), ("pasado mañana a las diez", WED_10),
        ("me sirve el de las tres", TUE_15), ("cuatro", WED_1130), (FOUR[1][1], TUE_15),
        ("tuesday at 3", TUE_15), ("el martes", None), ("cualquiera", None), ("más tarde", None),
        ("¿tiene otro día?", None), ("sí", None), ("el viernes", None), ("no puedo", None),
    ],
)  # fmt: skip
def test_an_offered_time(said: str, meant: str | None) -> None:
    assert understood.find_option(said, FOUR, SPANISH, now=NOW) == meant


def test_the_only_time_is_taken_with_a_yes() -> None:
    assert understood.find_option("sí, claro", FOUR[:1], SPANISH, now=NOW) == TUE_10


@pytest.mark.parametrize(
    ("text", "asked", "name"),
    [
        ("me llamo Ana García", False, ("Ana", "García")),
        ("Hola, soy Luis", False, ("Luis", "")),
        ("mi nombre es María de la Cruz Pérez", False, ("María", "de la Cruz Pérez")),
        ("habla Carlos Ruiz", False, ("Carlos", "Ruiz")),
        ("no me llamo Pedro, me llamo Pablo", False, ("Pablo", "")),
        ("Ana María López García", True, ("Ana María", "López García")),
        ("juan pérez", True, ("Juan", "Pérez")),
        ("Soy dueño de casa", False, None),
        ("buenas tardes", True, None),
        ("sí", True, None),
    ],
)
def test_name(text: str, asked: bool, name: tuple[str, str] | None) -> None:
    found = understood.find_name(text, SPANISH, asked=asked)
    assert ((found.first, found.last) if found else None) == name


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ana arroba ejemplo punto com", "ana@ejemplo.com"),
        ("es juan punto pérez arroba ejemplo punto com", "juan.perez@ejemplo.com"),
        ("luis guión bajo 22 arroba ejemplo punto com", "luis_22@ejemplo.com"),
        ("mi correo es ana@ejemplo.com.", "ana@ejemplo.com"),
        ("ana at example dot com", "ana@example.com"),
        ("no tengo correo", None),
    ],
)
def test_email(text: str, value: str | None) -> None:
    found = understood.find_email(text, SPANISH)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("cuatro uno cinco cinco cinco cinco cero uno cuatro dos", "+14155550142"),
        ("mi número es 415 555 0142", "+14155550142"),
        ("cuatro quince cincuenta y cinco cincuenta y cinco cero uno cuarenta y dos", None),
        ("más cincuenta y dos cincuenta y cinco doce treinta y cuatro cincuenta y seis setenta y "
         "ocho", "+525512345678"),
        ("cinco cinco cinco", None),
    ],
)  # fmt: skip
def test_phone(text: str, value: str | None) -> None:
    found = understood.find_phone(text, SPANISH)
    assert (found.value if found else None) == value


def test_half_of_it_is_noticed() -> None:
    assert understood.half_email("mi correo es ana arroba", SPANISH)
    assert understood.half_phone("mi número es cinco cinco cinco", SPANISH)
    assert not understood.half_phone("tengo tres hijos", SPANISH)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("dos cero cuatro", "204"), ("extensión 204", "204"),
        ("la extensión dos cero cuatro", "204"),
        ("doble cinco tres", "553"), ("treinta y tres", "33"), ("two oh four", "204"),
        ("con Ana, en la dos cero cuatro", "204"), ("quiero una extensión", None),
    ],
)  # fmt: skip
def test_digits(text: str, value: str | None) -> None:
    found = understood.find_digits(text, SPANISH)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("expected", "said", "met"),
    [
        ("sí o no", "claro que sí", True), ("sí o no", "¿cómo?", False),
        ("cualquier respuesta positiva", "me encantaría", True), ("sí", "no, gracias", False),
        ("un correo válido", "ana arroba ejemplo punto com", True),
        ("un teléfono", "no tengo", False), ("una fecha", "mañana a las diez", True),
        ("a date", "mañana a las diez", True),
        ("A valid email", "ana arroba ejemplo punto com", True),
        ("su nombre", "soy Ana", True), ("algo sobre la calefacción", "no prende", None),
    ],
)  # fmt: skip
def test_an_expected_answer(expected: str, said: str, met: bool | None) -> None:
    assert understood.given(expected, said, SPANISH) is met
