"""Every sentence the agent says by itself, in Spanish."""

from __future__ import annotations

SENTENCES = {
    # The words of an agent's settings and cards, until somebody writes their own.
    "greeting": "Hola, ¿en qué le puedo ayudar?",
    "calling": (
        "Hola [FirstName|], soy el asistente de inteligencia artificial de "
        "[BusinessName|nuestro equipo]."
    ),
    "disclosure": "Soy un asistente de inteligencia artificial.",
    "closed": "En este momento estamos cerrados.",
    "fallback": "Disculpe, no le puedo contestar en este momento. Un representante le atenderá.",
    "filler": "Un momento, por favor.",
    "cannot": "Disculpe, no puedo hacer eso en este momento.",
    "opted_out": "Entendido. No le volveremos a contactar.",
    "cap": "Disculpe, por hoy ya no puedo contestar más.",
    "connecting": "Un momento, le comunico.",
    "nobody_free": "Disculpe, en este momento no hay nadie disponible.",
    "which_extension": "¿Con qué extensión desea comunicarse? También puede marcarla.",
    "unknown_extension": "No conozco esa extensión. ¿Cuál es, por favor?",
    "goodbye": "Gracias por llamar. Hasta luego.",
    "colleague": "En un momento le atiende un representante.",
    # What the engine says.
    "try_later": "Disculpe, no le puedo contestar en este momento. Intente de nuevo más tarde.",
    "thanks": "Gracias.",
    "was_done": "Listo: {what}.",
    "confirm": "Solo para confirmar: ¿procedo a {what}?",
    "confirm_it": "Solo para confirmar: ¿lo hago ahora?",
    # Practice mode.
    "practice_answer": "Entiendo. ¿En qué más le puedo ayudar?",
    "practice_done": "Muy bien.",
    "talk_hello": "Hola. ¿En qué le puedo ayudar?",
    "talk_well": "Muy bien, gracias. ¿En qué le puedo ayudar?",
    "talk_thanks": "De nada. ¿Hay algo más en que le pueda ayudar?",
    "talk_who": "Soy {name}, un asistente de IA. ¿En qué le puedo ayudar?",
    "talk_who_of": "Soy {name}, el asistente de IA de {business}. ¿En qué le puedo ayudar?",
    "talk_there": "Sí, aquí estoy. Dígame.",
    "talk_robot": "Soy un asistente de IA, no una persona. ¿En qué le puedo ayudar?",
    "talk_not_interested": "Entiendo. Gracias por su tiempo.",
    "talk_can_do": "Dígame en pocas palabras qué necesita y veré qué puedo hacer.",
    "talk_again": "Disculpe. ¿Me puede decir en pocas palabras qué necesita?",
    "talk_goodbye": "Adiós, que tenga un buen día.",
    # What the contact is asked to confirm.
    "offer_connect": "comunicarle con {who}",
    # Appointments.
    "offered": "Le puedo ofrecer el {times}.",
    "which_time": "¿Cuál le conviene?",
    "that_time": "¿Le conviene?",
    "nothing_on_day": "No hay nada disponible el {day}.",
    "no_time": "No hay horarios disponibles.",
    "no_appointment": "No tiene ninguna cita pendiente.",
    "time_taken": "Ese horario no está disponible.",
    "booked": "Su cita quedó para el {time}.",
    "moved": "Su cita se cambió al {time}.",
    "cancelled": "Se canceló su cita del {time}.",
    # What is saved.
    "read_back": "Tengo {values}. ¿Es correcto?",
    "saved": "Guardado: {values}.",
    "half_email": (
        "No entendí el correo completo. ¿Lo puede repetir, como ana arroba ejemplo punto com?"
    ),
    "half_phone": "No entendí el número completo. ¿Lo puede repetir, con el código de área?",
}
