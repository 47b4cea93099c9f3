"""Patterns that conditions and messages are read by."""

from __future__ import annotations

from actions.text import listed

QUOTED = (
    r"“([^“”]{1,200})”|\"([^\"]{1,200})\"|‘([^‘’]{1,200})’"
    r"|(?<!\w)'([^'\n]{1,200}?(?:'\w[^'\n]{0,200})?)'(?!\w)"
)

MARKER = (
    r"\b(as soon as|every time|each time|whenever|when|once|after|if|in case|unless|until|while)\b"
)

IMPERATIVE = (
    r"^\s*(?:transfer|connect|route|send|create|add|set|save|update|enroll|enrol|mark|tag|apply|"
    r"forward|assign|summarize|summarise|leave)\s"
)

BY_WAY_OF = (
    r"\b(?:via|by|over|through|on|in|during)\s(?:the\s|a\s|this\s)?"
    r"(?:sms|text(?:\smessage)?|phone|call|web\s?chat|chat|conversation)\b"
)

UNSURE = (
    r"\b(?:seems?|appears?|sounds?|feels?|looks? like|likely|probably|ready|qualif\w+|"
    r"unhappy|angry|"
    r"frustrat\w+|upset|happy|satisf\w+|polite|rude|confus\w+|important|appropriate|relevant|"
    r"suitable|necessary|good fit|serious|hot|warm|cold|more than|less than|at least|at most|"
    r"over|under|twice|times|again|second time|first time|new customer|existing|returning|"
    r"hesita\w+|unsure|doubt\w*|abusive|threat\w*|sarcas\w+|unless|until|while|without|except|"
    r"only|tone|mood|sentiment|intent|understands?|unable|fails?|failed|long|short|too)\b"
)

GIVES = (
    r"\b(?:provid\w+|giv(?:e|es|en|ing)|gave|shar\w+|leav(?:e|es)|left|tell(?:s)?|told|send(?:s)?|"
    r"enter\w*|stat(?:e|es)|suppl(?:y|ies)|repl(?:y|ies) with|respond(?:s)? with|answer(?:s)? with|"
    r"introduc\w+|submit\w*|repl(?:y|ies)|says? (?:their|his|her|an?)|"
    r"mentions? (?:their|his|her)|"
    r"confirm(?:s)? (?:their|his|her)|offers? (?:their|an?)|spell(?:s)?)\b"
)

ASKS = (
    r"\b(?:ask(?:s|ed|ing)?|request\w*|want(?:s|ed)?|need(?:s|ed)?|would like|wish(?:es)?|"
    r"inquir\w+|enquir\w+|mention\w*|talk(?:s|ing)?|speak(?:s)?|say(?:s|ing)?|said|repl(?:y|ies)|"
    r"respond(?:s)?|answers?|writ(?:e|es)|types?|texts?|call(?:s|ing)? (?:about|for|to)|"
    r"complain\w*|report(?:s|ed)?|interested in|question(?:s)?|confirm(?:s|ed)?|has an?|have an?|"
    r"know|looking for|prefers?|raises?|brings? up|tell(?:s)?|states?)\b"
)

WISHES = (
    r"\b(?:asks|asking|wants|needs|requests|mentions|says|wonders|inquires|enquires|would like|"
    r"wishes|calls about|reports|complains|is interested)\b"
)

STATES = r"\b(?:is|are|was|were|has|have|had|seems?|feels?|gets?|becomes?|cannot)\b"

TOPIC = (
    r"\b(?:mention\w*|ask\w* (?:about|for)|about|regarding|concerning|inquir\w+|enquir\w+|brings?"
    r" up|talks? of|interested in)\b"
)

EXCEPT = (
    r"[\s,]+\b(?:unless|except|but not|but only|without|other than|excluding|only if|only when|"
    r"until|while|although|as long as|provided that|instead of)\b"
)

EXAMPLES = r",?\s*(?:\b(?:such as|for example|for instance|including)\b|\be\.g\.)[\s,:]*"

ANY = (
    r"^\W*(?:any(?:thing)?(?: (?:reply|response|answer|message|text))?|"
    r"(?:a |the )?(?:reply|response|answer))\W*$"
)

ELLIPSIS = (
    r"(?:(?:the|a|an) )?(?:contact|customer|caller|lead|user|client|guest|patient|they|person)?\s*"
    r"(?:(?:gives?|enters?|asks?|requests?|wants?|needs?|says?|provides?|shares?|leaves?|mentions?|has|"
    r"tells?|sends?)(?: us)?(?: for| about| to)?)(?: one| it| them)?"
)

STREET = (
    r"\b\d{1,6}[A-Za-z]?,? (?:[NSEW]\.? )?(?:[\w'’.-]+ ){1,3}?(?:street|st|avenue|ave|road|rd|"
    r"drive|dr|lane|ln|boulevard|blvd|court|ct|way|place|pl|highway|hwy|parkway|square|terrace|circle|"
    r"trail)\b"
)

OTHER_NUMBER = (
    r"\b(?:order|account|customer|invoice|ticket|case|reference|policy|member\w*|tracking|serial|"
    r"confirmation|booking|model|part|claim|license|vin|card)\b(?!.*\b(?:phone|cell|call|mobile)\b)"
    r"[^.!?]{0,30}$"
)

KIND = (
    r"\b(account|order|customer|invoice|ticket|case|reference|policy|member|membership|zip|postal|"
    r"tracking|confirmation|booking|serial|loyalty)\s?(?:number|code|id|no)\b"
)

BARE = (
    r"^\W*(?:(?:a|an|any|their|the|some|valid|complete|correct|full|first|last|given|preferred|"
    r"appointment|preference|for|of|contact|customer|best|e-?mail|phone|mobile|cell|number|address|date|"
    r"time|day|name|and|or|in|it|is|work|home|new|person's|his|her)\W*)+$"
)

QUALIFIED = r"\b(?:business|company|another|different|competitor|friend|referr\w+)\b"

AROUND = (
    r"\b(?:valid|complete|correct|full|first|last|given|preferred|preference|best|current|work|home|"
    r"personal|contact|mailing|enters?|entered|entering|shares?|leaves?|left|states?|suppl\w+|"
    r"introduc\w+|themselves|submits?|spells?|sends?|provid\w+|giv\w+|dials?|reach|requests?|own|"
    r"appointments?|offers?|confirms?|number|given)\b"
)

POSITIVE = (
    r"\b(?:positive|affirmative|favou?rable)(?:ly)?\b|\b(?:says?|said|replies|answers?|responds?)"
    r"(?: with)?(?: a)? yes\b"
    r"|^\W*(?:a |any )?(?:yes|agrees?|agreement|accepts?|consents?|gives consent|interest)\W*$"
    r"|^(?:the |a )?(?:contact|customer|caller|lead|client|user|they)\s"
    r"(?:agrees?|accepts?|consents?|says yes|gives (?:their )?consent|confirms?)$"
)

NEGATIVE = (
    r"\bnegative(?:ly)?\b|\b(?:says?|said|replies|answers?|responds?)(?: with)?(?: a)? no\b"
    r"|^\W*(?:a )?no\W*$|^(?:the |a )?(?:contact|customer|caller|lead|client|user|they)\s"
    r"(?:declines?|refuses?|says no)$"
)

# What a format is called, how a condition names it, and a sample.
FORMATS = (
    (
        "an e-mail address",
        r"\be-?mail(?:s|(?: address(?:es)?))?\b",
        "my e-mail is maria.lopez@example.com",
    ),
    (
        "a phone number",
        (
            r"\b(?:(?:phone|mobile|cell|callback|telephone)(?: ?phone)?(?: numbers?)?"
            r"|contact numbers?)\b"
        ),
        "my phone number is 415 555 0142",
    ),
    (
        "a street address",
        r"\b(?:(?:street|home|postal|mailing|service|delivery) )?address(?:es)?\b",
        "I live at 12 Oak Street",
    ),
    (
        "a date or time",
        r"\b(?:dates?|times?|days?|datetime|availability|time slots?|birthdays?)\b",
        "tomorrow at 10 am",
    ),
    ("a name", r"\bnames?\b", "my name is Maria Lopez"),
    ("a number", r"\b(?:numbers?|amount|budget|quantity|how many|age)\b", "5"),
)

# What an agent is told to do.
DOING = listed(
    "transfer connect route send create add set save update enroll enrol mark tag apply "
    "forward assign summarize summarise leave end explain tell offer say ask give provide "
    "apologize apologise stop notify call book use run execute trigger record log open start "
    "move remove put hand pass redirect dial schedule reschedule cancel confirm do escalate "
    "disengage note label capture store collect write text email message invite reply respond "
    "answer check look point direct refer thank hang wait"
)
