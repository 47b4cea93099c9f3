"""What people say beside their business, the most telling first, and the sentence that answers."""

from __future__ import annotations

SMALL_TALK = {
    "en": (
        (
            "talk_robot",
            """
            are|is you|this|it ~ robot|bot|machine|computer|ai|a_i|human|person|recording
              |automated|chatbot|real;
            am i ~ talking|speaking|chatting ~ robot|bot|machine|computer|ai|person|human;
            """,
        ),
        (
            "talk_who",
            """
            who is this|that|calling|there|speaking|it; who are you;
            who am i talking|speaking|chatting; what is your name; what company|business is this;
            who is ~ on the line; who do you work for; where are you calling from;
            """,
        ),
        (
            "talk_there",
            """
            are you still? there|here|listening; can you hear me; do you hear me;
            anyone|anybody there; still there; hello hello;
            """,
        ),
        (
            "talk_can_do",
            """
            what can|do you do|help; what are you ~ for; how can you help;
            what can i ~ ask|do|say; what do you offer|know; how does this work;
            """,
        ),
        (
            "talk_again",
            """
            i do not ~ understand|follow|get_it|get_that; what do you mean; i am ~ confused|lost;
            say that again|differently; come again; can|could you repeat ~; pardon; you lost me;
            that makes|made no sense; ^ what $; ^ huh $;
            """,
        ),
        (
            "talk_not_interested",
            """
            not ~ interested; no ~ interest; leave me alone; no thanks|thank_you; not for me|us;
            i will pass;
            """,
        ),
        (
            "talk_well",
            """
            how are|is you|it ~ doing|going|today|$; how are you; how do you do; how is ~ day;
            you okay|good; what is up $; how have you been;
            """,
        ),
        (
            "talk_goodbye",
            """
            ^ ~ bye|goodbye|bye-bye|ciao; see you|ya ~ $; good night; talk to you later|soon;
            take care $; have a good|nice|great ~ $; that is|was all; nothing else;
            """,
        ),
        (
            "talk_thanks",
            """
            thank you; thanks; much appreciated; cheers;
            """,
        ),
        (
            "talk_hello",
            """
            ^ hello|hi|hey|howdy|hiya|greetings; ^ good morning|afternoon|evening|day;
            nice to meet you;
            """,
        ),
    ),
    "es": (
        (
            "talk_robot",
            """
            eres|es|son usted|tú|un|una|esto ~ robot|bot|máquina|maquina|computadora|persona
              |humano|grabación; hablo|hablando|estoy ~ robot|bot|máquina|maquina|persona|humano;
            eres|es ~ real|robot|humano;
            """,
        ),
        (
            "talk_who",
            """
            quién|quien es|eres|habla|llama|son|está|me; con quién|quien hablo|estoy|tengo;
            cómo|como se|te llama|llamas; de parte de quién|quien; qué|que empresa es;
            """,
        ),
        (
            "talk_there",
            """
            sigue|sigues ahí|ahi|allí|en_la_línea; está|estás|esta ahí|ahi|allí;
            me oye|oyes|escucha|escuchas;
            """,
        ),
        (
            "talk_can_do",
            """
            qué|que puede|puedes hacer; en qué|que me? puede|puedes ~ ayudar;
            para qué|que sirve|sirves;
            """,
        ),
        (
            "talk_again",
            """
            no ~ entiendo|entendí|comprendo|entendi; qué|que quiere|quieres decir;
            cómo|como dice|dices;
            """,
        ),
        (
            "talk_not_interested",
            """
            no ~ interesa|interesado|interesada; no ~ quiero nada; no gracias;
            """,
        ),
        (
            "talk_well",
            """
            cómo|como está|estás|esta|estas|le_va|te_va; qué|que tal;
            """,
        ),
        (
            "talk_goodbye",
            """
            adiós|adios|chao|chau; hasta luego|pronto|mañana; que tenga|tengas ~; eso es todo;
            nada más;
            """,
        ),
        (
            "talk_thanks",
            """
            gracias; muy amable; se lo agradezco;
            """,
        ),
        (
            "talk_hello",
            """
            ^ hola|buenas; ^ buenos|buenas días|dias|tardes|noches;
            """,
        ),
    ),
}
