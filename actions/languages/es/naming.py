"""How somebody says their name in Spanish."""

from __future__ import annotations

import re

from actions.languages.rooms import NAME_PART as _PART
from actions.languages.rooms import Naming, pattern, row

_NAME = rf"({_PART}(?:\s{_PART}){{0,6}})"

NAMING = Naming(
    strong=pattern(
        rf"\b(?:mi|el)\s(?:nombre(?:\scompleto)?|apellido)(?:\ses|:)\s+{_NAME}"
        rf"|(?<!\bno\s)\b(?:me\sllamo|me\sdicen|ll[aá]m[ae]me)\s+{_NAME}"
    ),
    weak=re.compile(
        rf"(?<![Nn]o\s)\b(?:[Ss]oy|[Hh]abla|[Ll]e\s(?:habla|saluda|escribe)|[Aa]qu[ií]|[Ee]s)\s+{_NAME}"
    ),
    signed=re.compile(
        rf"(?:^|[.,!]\s)({_PART}(?:\s{_PART}){{0,3}})\s(?:al\shabla|a\ssus\s[oó]rdenes)\b"
    ),
    stop=row(
        "y e o pero yo mi mis me usted ustedes le les se nos es era soy estoy llamo hablo llamando "
        "hablando con desde en de del el la los las un una a al para por no asi porque favor gracias "
        "que como puede podria quiero quisiera necesito busco tengo hola buenos buenas dias tardes "
        "noches luego manana hoy cuando si este esta eso anos telefono correo numero mucho gusto"
    ),
    no_name=row(
        "si no claro bueno ok okay vale alto pare baja cancelar fin ayuda quiza nadie nada que por "
        "quien donde cuando como luego bien perfecto correcto mal listo lista ocupado ocupada "
        "cliente clienta mexicano mexicana dueno duena interesado interesada nuevo nueva lunes martes "
        "miercoles jueves viernes sabado domingo aqui alla ahi solo tambien muy todo todos mayor "
        "gracias hola buenas buenos adios siguiente saltar anonimo privado pasar ninguno yo doctor "
        "paciente residente inquilino inquilina proveedor medico abogado ingeniero maestro maestra "
        "verdad cierto dificil facil urgente importante tarde temprano"
    ),
    titles=row("sr sra srta senor senora senorita dr dra doctor doctora don dona lic ing"),
    greeting=re.compile(
        r"^\s*(?:(?:s[ií]|claro|ok|okay|hola|buen[oa]s(?:\s(?:d[ií]as|tardes|noches))?|bueno|pues|"
        r"soy|es|habla|por supuesto|eh|este|me llamo)[,.!]*\s+){1,3}",
        re.I,
    ),
    particles=row("de del la las los y"),
    surnames=2,
    parts=4,
)
