"""English."""

from __future__ import annotations

from actions.languages.en.agreement import AGREEMENT
from actions.languages.en.choosing import CHOOSING
from actions.languages.en.dates import DATES
from actions.languages.en.expected import EXPECTED
from actions.languages.en.grammar import GRAMMAR
from actions.languages.en.naming import NAMING
from actions.languages.en.numbers import NUMBERS
from actions.languages.en.optout import OPT_OUT
from actions.languages.en.promises import PROMISES
from actions.languages.en.reaching import REACHING
from actions.languages.en.sentences import SENTENCES
from actions.languages.en.speaking import SPEAKING
from actions.languages.rooms import Language

LANGUAGE = Language(
    code="en",
    name="English",
    fold=str,
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
