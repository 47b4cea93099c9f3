"""Spanish."""

from __future__ import annotations

from actions.languages.es.agreement import AGREEMENT
from actions.languages.es.choosing import CHOOSING
from actions.languages.es.dates import DATES
from actions.languages.es.expected import EXPECTED
from actions.languages.es.grammar import GRAMMAR, fold
from actions.languages.es.naming import NAMING
from actions.languages.es.numbers import NUMBERS
from actions.languages.es.optout import OPT_OUT
from actions.languages.es.promises import PROMISES
from actions.languages.es.reaching import REACHING
from actions.languages.es.sentences import SENTENCES
from actions.languages.es.speaking import SPEAKING
from actions.languages.rooms import Language

LANGUAGE = Language(
    code="es",
    name="Spanish",
    fold=fold,
    grammar=GRAMMAR,
    agreement=AGREEMENT,
    numbers=NUMBERS,
    dates=DATES,
    choosing=CHOOSING,
    naming=NAMING,
    reaching=REACHING,
    optout=OPT_OUT,
    expected=EXPECTED,
    speaking=SPEAKING,
    promises=PROMISES,
    sentences=SENTENCES,
)
