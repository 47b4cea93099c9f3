"""How somebody says their name in English."""

from __future__ import annotations

import re

from actions.languages.rooms import NAME_PART as _PART
from actions.languages.rooms import Naming, pattern, row

NAMING = Naming(
    strong=pattern(
        rf"\b(?:my|the)\s(?:full\s|first\s|last\s)?name(?:\sis|['’]s|:)\s+({_PART}(?:\s{_PART}){{0,3}})"
        rf"|\b(?:call\sme|i\sam\scalled|i['’]m\scalled)\s+({_PART}(?:\s{_PART}){{0,2}})"
    ),
    weak=re.compile(
        rf"\b(?:[Ii]['’]?m|[Ii]\sam|[Tt]his\sis|[Ii]t['’]?s)\s+({_PART}(?:\s{_PART}){{0,3}})"
    ),
    signed=re.compile(rf"(?:^|[.,!]\s)({_PART}(?:\s{_PART}){{0,2}})\s(?:here|speaking)\b"),
    stop=row(
        "and but or i i'm im my you your we it's is am are was calling from with at in on here "
        "speaking the a an to for of not so because please thanks thank what how can could would "
        "do have need want looking interested sorry hi hello hey back later again tomorrow today "
        "when if by now crazy it that this old years phone email number nice good"
    ),
    no_name=row(
        "yes yeah yep no nope ok okay sure stop cancel quit end help maybe none nobody nothing "
        "what why who where when how later great good fine perfect happy glad ready busy sorry "
        "done interested looking calling correct right wrong unsubscribe start hello hi hey "
        "thanks american mexican spanish english german french canadian monday tuesday wednesday "
        "thursday friday saturday sunday driving working home here there just still also very "
        "really going trying having getting waiting wondering all only about ok, afraid aware "
        "sick tired new morning afternoon evening skip pass anonymous private guess continue next"
    ),
    titles=row("mr mrs ms miss dr prof mister doctor sir"),
    greeting=pattern(
        r"^\s*(?:(?:yes|sure|ok|okay|hi|hello|hey|yeah|of course|it['’]?s|it is|i['’]?m|i am|this is|"
        r"um|uh|well|certainly)[,.!]*\s+){1,3}"
    ),
    particles=frozenset(),
    surnames=1,
    parts=3,
)
