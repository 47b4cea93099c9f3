"""How people put a wish, a question, or something that is not about themselves and now."""

from __future__ import annotations

from actions.text import listed

SHORTENED = {
    "can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not",
    "cant": "can not", "wont": "will not", "dont": "do not", "doesnt": "does not",
    "didnt": "did not", "isnt": "is not", "arent": "are not", "wasnt": "was not",
    "havent": "have not", "hasnt": "has not", "wouldnt": "would not", "couldnt": "could not",
    "ain't": "is not", "let's": "let us", "lets": "let us", "im": "i am", "ive": "i have",
    "id": "i would", "ill": "i will", "its": "it is", "whats": "what is", "wheres": "where is",
    "whos": "who is", "hows": "how is", "thats": "that is", "theres": "there is",
    "youre": "you are", "wanna": "want to", "gonna": "going to", "gotta": "have got to",
    "lemme": "let me", "gimme": "give me", "dunno": "do not know", "u": "you", "ur": "your",
    "r": "are", "pls": "please", "plz": "please", "thx": "thanks", "ty": "thank you",
    "appt": "appointment", "appts": "appointments", "acct": "account", "info": "information",
    "y'all": "you", "ya": "you", "cuz": "because", "tmrw": "tomorrow", "rep": "representative",
    "reps": "representatives", "ok": "okay", "mgr": "manager", "min": "minutes",
}  # fmt: skip

# A blank within a choice is written `_`.
MACROS = {
    "i": (
        "i we my_wife my_husband my_partner my_mother my_father my_mom my_dad my_son my_daughter"
    ),
    "me": "me us my_husband my_wife",
    "my": "my our the this that a an some any your these those one another",
    "can": "can could may might would will shall should do did does",
    "be": "is are was were be been being am",
    "want": (
        "want wants wanted need needs needed require requires like love prefer wish hope hoping "
        "hoped trying try looking have_to has_to had_to got_to must demand interested ready "
        "eager keen insist decided going ought"
    ),
    "ask": (
        "ask asking wonder wondering know curious see check find_out hear learn understand tell "
        "inquire inquiring enquire enquiring"
    ),
    "person": (
        "person human humans people someone somebody anyone anybody representative "
        "representatives operator agent agents receptionist advisor adviser specialist "
        "attendant associate colleague human_being customer_service customer_care "
        "customer_support customer_relations staff team_member member_of_staff employee "
        "staff_member live_person real_person consultant front_desk reception service_desk "
        "technician expert office man woman guy lady your_team the_team folks support_team "
        "service_team support"
    ),
    "live": "real live actual living breathing human proper",
    "kin": (
        "brother sister friend neighbor neighbour cousin uncle aunt boss coworker colleague "
        "buddy roommate grandmother grandfather grandma grandpa"
    ),
    "past": (
        "yesterday last_week last_month last_year last_night ago back_in the_other_day used_to "
        "in_the_past last_monday last_tuesday last_wednesday last_thursday last_friday "
        "last_summer last_winter last_spring last_fall last_time years_back"
    ),
    "part": (
        "leg arm back foot tooth heart head knee finger hand wrist ankle shoulder hip nose neck "
        "rib toe elbow eye ear stomach bone nail"
    ),
    "thing": (
        "heater furnace boiler system unit machine device modem router internet wifi wi-fi app "
        "website site page portal account login phone line screen printer software program pump "
        "thermostat sensor camera alarm light lights power water toilet sink faucet dishwasher "
        "washer dryer fridge freezer oven stove ac air_conditioner air_conditioning heating "
        "cooling hot_water connection service product remote battery charger speaker tv laptop "
        "computer tablet door lock opener engine car it this that everything nothing thing mine "
        "one update download button drain pipe tap display keyboard controller pilot_light fan "
        "meter panel inverter server link checkout cart email dashboard tool order_page"
    ),
    "visit": (
        "appointment appointments booking bookings reservation reservations visit meeting "
        "consultation session slot time_slot check-up checkup service_call tune-up inspection "
        "consult cleaning estimate_visit spot app't"
    ),
    "day": (
        "monday tuesday wednesday thursday friday saturday sunday tomorrow today tonight "
        "next_week this_week week weekend day morning afternoon evening date time"
    ),
    "plan": (
        "subscription subscriptions membership plan contract service account trial policy "
        "services memberships agreement"
    ),
    "order": "order orders purchase delivery shipment package",
}

# A wish, a request or a question, so that what is named is asked for and not only mentioned.
ASKING = """
    ^ okay|so|and|but|well|hi|hello|hey|um|uh|also|yes|yeah|sorry|oh|now? what|how|when|where
      |which|who|why|do|does|did|is|are|can|could|would|will|may|should|any|anything|got|have_you;
    <i> would|will|really|just|still|also|only|do|actually|definitely|urgently? <want> ~ to|for|a
      |an|some|the|my|your|in|this|more|it|information|details;
    <i> am|was|are|were ~ calling|phoning|writing|texting|here|contacting|reaching|ringing|after
      |shopping|searching|thinking|asking|wondering|curious|emailing|messaging|unsure|not_sure;
    looking for|to|into|at;
    calling|call|here|writing|question|questions|inquiry|enquiry|asking|inquire|enquire about
      |regarding|for|on|concerning|to|because; ^ ~ it|this is about|regarding|concerning; please;
    kindly;
    tell|give|send|show|get|let|help|quote|connect|transfer|put|forward|mail|email|text|teach
      |call <me>; wondering; curious; interested in; <can> i|we|you;
    have a|another|one|some|few|quick ~ question|questions; i|we ~ need|wonder|require;
    <i> want|wanted|wish|like|need; inquir*|enquir*; hoping|trying to;
    let us talk|discuss|go_over; not ~ told|given|sent|shown <me>;
    talk|speak|discuss|chat ~ about|regarding; <i> do not know|understand|see|have|get;
    not sure|clear|certain about|how|what|if|where|when|whether; confused about|by|over;
    explain|clarify; hear|learn|know more? about; more about|on;
"""

# Beside what is named these leave it standing alone: "prices please", "a quote".
FILLERS = frozenset(
    listed(
        "a about afternoon an and any details evening for good hello hey hi i information just "
        "list maam me morning my need now of okay on please question questions request sheet "
        "sir so some thank thanks the uh um want well yeah yes you your"
    )
)

# After "not" these leave a wish standing: "I do not know the price", "do you not have a deal".
NO_DENIAL = listed(
    "you there we i they just only sure know find understand see hesitate forget able get got "
    "given told received heard remember mind reach figure wait fix solve resolve clear seem "
    "tell yet gotten hear access log sign even really believe work working"
)

# Said of somebody else, of another firm or of one's own job; solved; over and done with.
VOIDS = {
    "elsewhere": """
        <i> work|works|worked|working ~ in|at|for|as|with;
        i|we am|are ~ at|myself|by_trade|by_profession; for a living; my job|career|profession;
        he|she|<kin> said|asked|works|wanted|got|had|paid|bought|complained|called|told|mentioned
          |thinks|says;
        my <kin> ~ is|was|works|said|asked|got|had|paid|told|has|wanted|bought|used;
        <kin> of mine;
        another|different|other company|provider|firm|vendor|supplier|store|shop|business
          |contractor|agency; your competitor*; when i was;
        in|from|on the|a news|movie|film|book|song|article|show|podcast|documentary|tv|radio;
        years|months ago; called|named|titled|entitled;
    """,
    "solved": """
        fixed|solved|resolved|sorted now|already|itself|it|myself|thanks|yesterday|the;
        is|are|was|got|been|it|problem|issue|all fixed|solved|resolved|sorted;
        works|working|work again|now|fine|great|perfectly|well|properly;
        no|not|never|without ~ problem|problems|issue|issues|trouble|complaint|complaints;
        used to; figured|worked|sorted it|that|this out; not|never ~ an? problem|issue|emergency;
        problem|issue|error|trouble ~ gone;
    """,
    "before": """
        already|just ~ paid|got|received|have|had|spoke|talked|booked|rescheduled|cancelled
          |canceled|did|know|saw|sent|told|done|changed|moved|checked|asked|been; <past>;
    """,
}
