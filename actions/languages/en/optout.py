"""Opting out in English."""

from __future__ import annotations

from actions.languages.rooms import OptOut, pattern, row

_A = "['’]?"
_END_WORDS = (
    r"please|pls|again|any\s?more|ever|at\sall|and|or|immediately|altogether|forever|ok|thanks|"
    r"thank|for\sgood|with|(?:at|on)\sthis\s(?:number|phone|line)"
)
_END = rf"(?=\s*(?:$|[^\w\s]|(?:{_END_WORDS})\b))"
_STOPS = rf"(?=\s*(?:$|[^\w\s]|(?:{_END_WORDS}|now|today|already|every|so|you|because|but)\b))"
_INSTEAD = r"(?!\W{0,3}(?:(?:just|please|but)\s)*(?:i['’]ll|i\swill|call|text|e-?mail|message)\b)"
_ME = (
    r"(?:me|us|(?:this|my|our)\s(?:\w+\s)?(?:number|phone|cell|mobile|house|home|office|line)|here)"
)
_MESSAGES = (
    r"(?:calls?|calling|texts?|texting|messages?|messaging|sms|e-?mails?|ads|offers|promotions|"
    r"spam|marketing|notifications|updates|this)\b"
)
_REACH = r"(?:call|text|message|contact|e-?mail|phone|ring|sms|bother|write|dial|reach\sout)"
_REACHING = (
    r"(?:calling|texting|messaging|contacting|e-?mailing|bothering|harassing|spamming|phoning|"
    r"ringing|dialing|writing|reaching\sout\sto)"
)
_NEVER = rf"(?:do\snot|don{_A}t|never|no\slonger|please\snot|not\sto)"
_NO_WISH = (
    rf"(?:do\snot|don{_A}t|no\slonger|never)\s(?:want|wish|like|need|care)(?:\sto|\sfor)?"
    rf"|would\s(?:rather|prefer)\snot(?:\sto)?|(?:i{_A}d|i\swould)\s(?:rather|prefer)\snot(?:\sto)?"
)
_LIST = r"(?:lists?|database|system|records?|contacts|campaigns?|subscribers)\b"

OPT_OUT = OptOut(
    out=row("stop stopall quit end revoke optout cancel unsubscribe"),
    back_in=row("start unstop"),
    pairs={"stop all": "stopall", "opt out": "optout", "un stop": "unstop"},
    polite=row("please pls now thanks"),
    beside_polite=row("stop stopall unsubscribe optout"),
    wordings=(
        rf"(?:stop|quit|cease)\s{_REACHING}\s(?:to\s)?{_ME}\b(?!\s(?:a|an|the|names|mr|mrs|sir)\b)",
        rf"(?:stop|quit|cease)\s{_REACHING}{_STOPS}",
        rf"(?:stop|quit)\ssending\s(?:me\s)?"
        rf"(?:(?:these|your|any|all|more|the|out)\s)*{_MESSAGES}",
        r"(?:stop|quit)\ssending\sme\sthings",
        rf"(?:stop|cease)\s(?:(?:all|the|these|your|any|further)\s)+{_MESSAGES}(?<!this)",
        rf"{_NEVER}\s(?:ever\s)?{_REACH}\s(?:to\s)?{_ME}{_END}{_INSTEAD}",
        rf"{_NEVER}\s(?:ever\s)?{_REACH}\s(?:again|any\s?more)\b",
        rf"{_NEVER}\s(?:ever\s)?{_REACH}\s(?:to\s)?{_ME}\sback{_END}",
        rf"{_NEVER}\s(?:ever\s)?send\s(?:me|us)\s(?:(?:any|more|these|your|another)\s)+{_MESSAGES}",
        rf"{_NEVER}\s(?:ever\s)?send\s(?:me|us)\s(?:anything|things)"
        rf"(?:\s(?:else|more|again|any\s?more|ever)){{0,3}}{_END}",
        rf"(?:{_NO_WISH})\syou\s(?:to\s)?{_REACH}(?:ing)?\s(?:to\s)?{_ME}{_END}",
        rf"(?:{_NO_WISH})\s(?:be|being|get|getting)\s"
        rf"(?:called|texted|messaged|contacted|e-?mailed|bothered|phoned){_END}",
        rf"(?:{_NO_WISH})\s(?:(?:to\s)?(?:get|receive|receiving|getting)\s)?"
        rf"(?:(?:any|more|these|your|further|such)\s)+{_MESSAGES}",
        rf"(?:{_NO_WISH})\s(?:get|receive|receiving|getting)\s{_MESSAGES}",
        rf"(?:{_NO_WISH})\shear\sfrom\s(?:you|your)\b",
        rf"(?:take|remove|delete|get|drop|scratch|erase)\s"
        rf"(?:me|us|(?:my|this|our)\s(?:\w+\s){{0,1}}(?:number|name|phone|info|contact|information|"
        rf"e-?mail|details|data))\s(?:off|from|out\sof|of)\s(?:\w+['’]?\w*\s){{0,4}}?{_LIST}",
        r"(?:take|remove|delete)\s(?:me|my\s(?:phone\s)?number|this\snumber)(?:\soff)?"
        r"(?=\s*(?:$|[.,;!?\n]|please\b|now\b|immediately\b))",
        r"unsubscribe\s(?:me|us)\b",
        rf"unsubscribe{_END}",
        r"unsubscribe\sfrom\s(?:this|these|your|all|everything|the)\b",
        r"opt\s(?:me|us)\sout\b",
        rf"(?:want|like|wish|need|please|i|i{_A}m)\s(?:to\s)?opt(?:ing)?[\s-]out"
        rf"(?:{_END}|\sof\s(?:this|these|your|all|everything|the\s(?:texts|messages|calls|e-?mails))\b)",
        r"leave\s(?:me|us)\s(?:the\s\w+\s)?alone\b",
        r"(?<!i\s)(?<!to\s)lose\s(?:my|this)\snumber\b",
        r"(?:stop|quit)\s(?:bothering|harassing|pestering|spamming|stalking)\s(?:me|us)\b",
        r"(?:put|add|place)\s(?:me|us|my\snumber|this\snumber)\s(?:on|to|in)\s"
        r"(?:\w+\s){0,2}?(?:do[\s-]not[\s-](?:call|contact|text)|dnc|no[\s-]call)\b",
        rf"i{_A}(?:\sa)?m\son\s(?:the|a|your)\s(?:\w+\s)?(?:do[\s-]not[\s-]call|dnc)\b",
        r"(?:revoke|withdraw|withdrawing|revoking)\s(?:my|all)\s(?:\w+\s)?(?:consent|permission)\b",
    ),
    no_more=pattern(
        r"(?:^|[.,;!?\n]\s{0,3}|\bplease\s)(no\smore\s(?:calls|texts|messages|e-?mails|sms|spam)"
        r"(?=\s*(?:$|[.,;!?\n]|please\b|from\syou\b|to\sthis\b)))"
    ),
    turned=pattern(
        r"(?:(?:not|\w+n['’]t|never|cannot|cant|dont|wont|without)(?:\s(?:ever|please|just|want|ask|asked|"
        r"say|said|tell|told|you|to|going|need|wish|have)){0,4}"
        r"|(?:tell|ask|told|asked|get|got|make|made)\s(?:him|her|them|my\s\w+)(?:\s(?:to|not)){0,2}"
        r"|(?:did|does|when|if|until|unless|after|before)\s(?:you|he|she|they|it|we|i)"
        r"|(?:want|wants|wanted|told|tells|telling|asked|asks|begged)\s(?:me|him|her|them)\s(?:to|not\sto))"
        r"\s$"
    ),
    story=pattern(r"\b(?:they|he|she|it|people|nobody|everyone|who|you)\s$|\bwhy\s$"),
    other_list=pattern(r"\b(?:wait(?:ing)?|guest|invite|grocery|shopping)\s?list"),
    demand=pattern(
        rf"\b(?:(?:if|unless)\syou\s(?:(?:do|wo)n{_A}t|do\snot|will\snot)|why\s(?:do|wo)n{_A}t\syou)\s$"
    ),
    invite=pattern(r"\b(?:reply|respond|text|answer|send|type|txt)\b([^.!?\n]{0,160})"),
    direct=pattern(r"^(?:\s(?:back|with|us|me|either|the|word|a))*\s?[:\"“'‘]?\s?$"),
    followed=pattern(r"^[\"”'’]?\s*(?:$|to\b|if\b|or\b|and\b|for\b|[.,;:!?)=])"),
    to_opt_out=pattern(
        r"^[\"”'’]?\s*(?:if\syou\s(?:no\slonger|do\snot|don['’]?t)\s|(?:to|2|=|-|:|for)\s*"
        r"(?:no\slonger|not|stop|opt[\s-]?out|unsubscribe|be\sremoved|end\s(?:these|messages|texts)|"
        r"cancel\s(?:these\s|your\s)?(?:messages|texts|alerts)|receive\sno)\b"
        r"(?!\s(?:the|your)\s(?!messages|texts)))"
    ),
    to_end=pattern(
        r"^[\"”'’]?\s*(?:to|2|=)\s*(?:end|cancel|quit|stop)\b(?!\s(?:the|your|my|our|this|a|an)\b)"
    ),
    told=row("do don't dont never leave"),
    reserved=r"stop\s?all|stop|quit|end|revoke|opt[\s-]?out|cancel|unsubscribe",
    plain_ends=row("STOP STOPALL UNSUBSCRIBE"),
)
