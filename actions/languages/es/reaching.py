"""Addresses and numbers said aloud in Spanish; words stand without their accents."""

from __future__ import annotations

from actions.languages.rooms import Reaching, pattern, row

REACHING = Reaching(
    token=pattern(r"guion\s+bajo|guion\s+medio|\S+"),
    at=row("arroba"),
    dot=row("punto"),
    joiners={
        "punto": ".",
        "guion bajo": "_",
        "subguion": "_",
        "guion": "-",
        "guion medio": "-",
        "menos": "-",
        "mas": "+",
    },
    no_local=row(
        "yo me mi es el la los las un una y o en de del a al por para con este esta correo email "
        "electronico e-mail mail direccion escribame llameme favor contacto aqui casa trabajo"
    ),
    about_mail=pattern(r"\b(?:correo|e-?mail|mail)\b|\S@"),
    about_phone=pattern(
        r"\b(?:telefono|celular|movil|cel|(?:mi|el)\snumero\ses|(?:llameme|llamarme)\sal?)\b"
    ),
)
