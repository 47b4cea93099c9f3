"""Opting out in Spanish: looked for in the agent's language and in English."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from actions import understood
from actions.catalog.send_sms import SendSms
from actions.languages import ENGLISH, language

SPANISH = language("es")
CASES = orjson.loads((Path(__file__).parent / "spanish_optout.json").read_bytes())


def _stops(text: str) -> bool:
    word = understood.opt_out_word(text, SPANISH)
    return bool(word or understood.opt_out_wording(text, SPANISH))


@pytest.mark.parametrize("text", CASES["opt_out"])
def test_a_wording_blocks(text: str) -> None:
    assert _stops(text)


@pytest.mark.parametrize("text", CASES["not"])
def test_a_near_miss_does_not(text: str) -> None:
    assert not _stops(text)


@pytest.mark.parametrize(
    "text", ["ALTO", "alto.", "Baja por favor", "CANCELAR", "fin", "Pare", "STOP", "unsubscribe"]
)
def test_a_reserved_word_is_the_whole_message(text: str) -> None:
    assert understood.opt_out_word(text, SPANISH)
    assert not understood.opt_out_word(f"{text} la música un poco", SPANISH)


@pytest.mark.parametrize("text", ["stop calling me", "Take me off your list"])
def test_english_counts_for_a_spanish_agent(text: str) -> None:
    assert understood.opt_out_wording(text, SPANISH)


@pytest.mark.parametrize("text", ["ALTO", "BAJA", "no me llame más"])
def test_spanish_does_not_count_for_an_english_agent(text: str) -> None:
    assert not understood.opt_out_word(text, ENGLISH)
    assert not understood.opt_out_wording(text, ENGLISH)


@pytest.mark.parametrize(
    ("template", "word"),
    [
        ("Responda CANCELAR si no puede venir mañana.", "CANCELAR"),
        ("Conteste BAJA para bajar el precio", "BAJA"),
        ("Responda STOP para cambiar su cita", "STOP"),
        ("Reply ALTO to move your appointment", "ALTO"),
        ("Envíe FIN cuando haya terminado", "FIN"),
        ("Responda BAJA para no recibir más mensajes.", None),
        ("Responda ALTO para cancelar los mensajes.", None),
        ("Responda STOP para darse de baja.", None),
        ("Responda SÍ para confirmar, NO para cambiar la fecha.", None),
        ("El precio baja en enero. Responda SÍ si le interesa.", None),
    ],
)
def test_a_template_invites_a_reserved_word(template: str, word: str | None) -> None:
    assert understood.invites_reserved_word(template) == word
    if word:
        with pytest.raises(ValueError, match=word):
            SendSms.Config.model_validate({"text": template})
