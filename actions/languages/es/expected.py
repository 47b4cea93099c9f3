"""How an expectation names what is to be answered, in Spanish; without accents."""

from __future__ import annotations

from actions.languages.rooms import pattern

EXPECTED = {
    "either": pattern(r"\bsi (?:o|/|y) no\b|\bsi/no\b"),
    "yes": pattern(
        r"^\W*(?:un|una|cualquier)?\s?(?:si|(?:respuesta|contestacion) (?:positiva|afirmativa))\W*$"
    ),
    "no": pattern(r"^\W*(?:un|una|cualquier)?\s?(?:no|(?:respuesta|contestacion) negativa)\W*$"),
    "email": pattern(r"\b(?:correo|e-?mail)\b"),
    "phone": pattern(r"\b(?:telefono|celular|movil)\b"),
    "date": pattern(r"\b(?:fecha|hora|dia|horario)\b"),
    "name": pattern(r"\bnombre\b"),
    "number": pattern(r"^\W*(?:un |el |cualquier )?(?:numero|cantidad|monto)\b(?!\sde\s)"),
}
