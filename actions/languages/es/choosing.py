"""How one of several offered times is picked in Spanish; words stand without their accents."""

from __future__ import annotations

import re

from actions.languages.es.dates import HOURS, SIGN, TAIL, WEEKDAYS
from actions.languages.rooms import Choosing, pattern

_HOURS = "|".join(word for word in HOURS.split("|") if word not in ("un", "una", "uno"))
_ORDINAL = "primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|[1-5][oaº°ª]"

CHOOSING = Choosing(
    weekday=pattern(
        rf"\b(?:(?:el|este|proximo)\s+)?({'|'.join(WEEKDAYS)})\b(?:\s(?:que\sviene|proximo)\b)?"
    ),
    relative=pattern(
        r"\b(?:pasado\smanana|(?<!\bla\s)manana|hoy|esta\s(?:noche|tarde)|"
        r"(?:en|dentro\sde)\s\w+\s(?:dia|semana)s?)\b"
    ),
    nth=pattern(rf"(?<!\by\s)(?<!menos\s)\b(?:(?:el|la)\s+)?({_ORDINAL})\b(?!\s+(?:de|piso|vez))"),
    numbered=pattern(rf"\b(?:opcion|numero|alternativa|horario)\s*([0-9]|{HOURS})\b|#\s?([0-9])\b"),
    day_of_month=pattern(r"\b(?:el\s+)(?:dia\s+)?([0-9]{1,2})\b(?!\s?[:.]\d|\s?[ap]\.?m)"),
    edge=pattern(
        r"\b(mas\stemprano|mas\stemprana|mas\spronto|mas\starde|ultim[oa])\b(?=\W*(?:$|por|posible|,|gracias))"
    ),
    first_edges=frozenset({"mas temprano", "mas temprana", "mas pronto"}),
    half=pattern(r"(?P<how>(?!))(?P<hour>)(?P<sign>)"),
    halves={},
    clock=pattern(
        rf"(?<![\w:.$/-])(?:las?\s)?(?:(?P<hour>[0-9]{{1,2}})(?:[:.h](?P<minute>[0-9]{{2}}))?|"
        rf"(?P<word>{_HOURS}|(?<=\bla\s)una)){TAIL}(?:\s?(?P<sign>{SIGN}))?(?![\w$%@:/-])"
    ),
    dotted=pattern(r"\b([ap])\.\s?m\b\.?"),
    clause=pattern(r"[,;!?¿¡\n]|\.(?!\d)|\bpero\b|\bsino\b|\bmejor\b"),
    denied=pattern(r"\b(?:no|ni|ningun[oa]?|nunca|tampoco|excepto|menos\sel|ocupad[oa])\b"),
    open=pattern(
        r"\b(?:(?<!lo\s)(?<!el\s)(?<!la\s)mas\s(?:tarde|temprano)|otr[oa]s?|diferente|distint[oa]|"
        r"sirven|ambas|ambos|despues\sde|antes\sde|hasta|entre|o|cualquiera?|quiza|quizas|tal\svez|a\slo\smejor|"
        r"no\sestoy\ssegur[oa])\b"
    ),
    asked=re.compile(
        r"^\W*(?:(?:como|cuanto|cual|donde|cuando|quien|por\sque)\b|"
        r"(?:que|tiene|tienen|hay|es|puede|pueden|esta|estan)\b.*\?\s*$)",
        re.I | re.S,
    ),
    ending=pattern(r"\s*(?:,|por favor|gracias)\s*$"),
    lead=pattern(r"^(?:el|la)\s*(?:dia\s*)?"),
    one=pattern(r"^\s*(?:opcion|horario|hora)\b"),
    that_one=pattern(r"\b(?:es[ea]|est[ea]|aquell?a)\b"),
)
