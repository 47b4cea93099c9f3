"""Yes and no in English."""

from __future__ import annotations

from actions.languages.rooms import Agreement, pattern, phrases, row

AGREEMENT = Agreement(
    leading=row("um uh uhm hmm hm well oh ah so like hi hello hey and sorry"),
    firm=phrases(
        "yes, yeah, yep, yup, yea, ya, yess, yesss, y, affirmative, absolutely, definitely, "
        "certainly, of course, for sure, by all means, you bet, exactly, that's right, that is right, "
        "that's correct, that is correct, it's right, it is right, sounds good, sounds great, "
        "sounds perfect, sounds fine, sounds like a plan, that sounds good, that sounds great, "
        "works for me, that works, that would work, that's fine, that is fine, fine by me, "
        "fine with me, that would be great, that'd be great, that would be good, go ahead, please do, "
        "i'd love to, i would love to, i'd love that, i'd like to, i'd like that, i would like that, "
        "let's do it, let's do that, let's go, i agree, agreed, i accept, accepted, i confirm, "
        "confirmed, count me in, i'm in, do it, do that, happy to, i'd be happy to"
    ),
    casual=phrases("sure, ok, okay, okey, k, kk, alright, all right"),
    alone=phrases(
        "right, correct, great, perfect, fine, please, good, cool, awesome, wonderful, excellent, "
        "i do, i am, i would, i will, i have, it is, very good, very well, deal, true, love it, "
        "that's great, confirm, accept"
    ),
    no=phrases(
        "no, nope, nah, n, no thanks, no thank you, not really, not now, not today, not interested, "
        "not at all, never, no way, rather not, i'd rather not, i would rather not, not yet, "
        "i'm not, i am not, i don't, i do not, i don't think so, i do not think so, don't, do not, "
        "negative, absolutely not, definitely not, of course not, certainly not, "
        "i'm not interested, i am not interested, not for me, i won't, i will not, i can't, "
        "i cannot, nothing, no sir, no ma'am, thanks but no thanks, thank you but no, "
        "i'm good thanks, i'm good thank you, please don't, please do not, i decline, "
        "not this time, forget it"
    ),
    bare_no=row("no n nope nah"),
    settled=phrases("yes, yeah, yep, yup, yea, absolutely, definitely, certainly, sure, ok, okay"),
    unsure=phrases(
        "maybe, not sure, i'm not sure, don't know, do not know, perhaps, depends, yes and no, "
        "might, let me think, need to think, think about it, get back to you, possibly, i guess, "
        "not certain, no idea, later, dunno"
    ),
    refusal=phrases(
        "i don't want, i do not want, not interested, no thanks, no thank you, i'd rather not, "
        "i don't think so, i'm not going to, i don't need, i do not need"
    ),
    polite=row(
        "please thanks thank you very much that it is sir ma'am for me do sure great perfect good "
        "sounds works fine then at all lovely"
    ),
    going_on=row(
        "go ahead on start continue proceed book send call transfer connect put through the this "
        "these an to in with be would will can could you that's it's now right away again "
        "really just indeed well perfectly am pm uh um and"
    ),
    doubt=row(
        "no n nope nah neither nor none nothing nobody without hardly barely "
        "but however though although except unless until till if whether while before after when "
        "once cancel stop end quit hold hang wait pause remove unsubscribe delete leave drop skip "
        "undo forget bye goodbye hello hi hey actually instead rather first second seconds sec "
        "moment minute minutes later change changed mind maybe perhaps possibly probably might "
        "guess suppose think thought thinking wonder wondering doubt hope wish consider decide ask "
        "asking check discuss depends dunno unsure let prefer question questions thing say "
        "repeat explain tell "
        "what how where who why which whose what's who's how's "
        "wrong mistake problem problems issue issues sorry trouble expensive difficult late early "
        "too other another else different whatever busy wanted meant heard know listen look hear "
        "see or"
    ),
    unfinished=row("um uh uhm hmm hm er well so and like just"),
    doubtful=pattern(
        r"\.\.|…|[🤔😕🤷]|^\W*yeah,? right\W*$|\bgood for you\b|\bas long as\b|"
        r"\b(?:have|need|got) to\b|\bgotta\b|\bi(?:['’]ll| will) call\b"
    ),
    harmless=pattern(
        r"\b(?:why not|sure thing|(?:no|not a) (?:problem|worries|objections?)|can't wait|"
        r"(?:i )?(?:don't|do not|wouldn't|would not) mind)\b"
    ),
    request=pattern(r"^(?:and )?(?:please )?(?:can|could|would|will) you\b"),
    shortened={
        "thats": "that's",
        "lets": "let's",
        "im": "i'm",
        "dont": "don't",
        "cant": "can't",
        "wont": "won't",
        "its": "it's",
        "id": "i'd",
    },
    interest=pattern(
        r"\b(?:i['’]?m|i am|very|really|quite|definitely|are) (?:\w+ )?interested\b|\btell me more\b|"
        r"\bi(?:['’]?d| would) (?:love|like) (?:to|that|it|some|more|a|an)\b|\bcan['’]?t wait\b|"
        r"\bsounds (?:good|great|perfect|amazing|interesting|awesome)\b|\blet['’]?s (?:do|go|start)\b|"
        r"\bsign me up\b|\bi want (?:to|it|that|this|one|some)\b|\blooks (?:good|great)\b"
    ),
    more=pattern(r"\btell me more\b"),
    agreed=pattern(
        r"\b(?:sounds (?:good|great|perfect|fine)|works (?:well |fine |great )?for me|"
        r"i(?:['’]?d| would) (?:love|like) (?:to|that)|go ahead|let['’]?s do (?:it|that)|please do)\b"
    ),
    finished=(("very", "well"),),
    why_not=pattern(r"\bwhy not\W*$"),
    stopping=pattern(r"\s*(?:to )?(?:stop|cancel|unsubscribe|opt|leave)"),
    signs=(" yes ", " no "),
)
