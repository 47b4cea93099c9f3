"""Opting out in Spanish; words stand without their accents."""

from __future__ import annotations

from actions.languages.rooms import OptOut, pattern, row

_END_WORDS = (
    r"mas|nunca|jamas|por\sfavor|porfa|porfavor|gracias|ya|otra\svez|de\snuevo|nuevamente|ok|"
    r"y|ni|nunca\smas|(?:a|en|por)\s(?:este|mi)\s(?:numero|telefono|celular)|aqui|para\snada|"
    r"bajo\sning"
)
_INSTEAD = (
    r"(?!\W{0,3}(?:(?:mejor|solo|por\sfavor|porfa|pero|y|ya)\s)*"
    r"(?:yo\b|mejor\b|escrib|mande|envie|llam[eao]|texte))"
)
_END = rf"(?=\s*(?:$|[^\w\s]|(?:{_END_WORDS})\b)){_INSTEAD}"
_MESSAGES = (
    r"(?:llamadas?|mensajes?|mensajitos?|textos?|sms|correos?|e-?mails?|publicidad|promociones|"
    r"ofertas|anuncios|propaganda|spam|notificaciones|avisos|marketing|whatsapps?)\b"
)
_REACH = (
    r"(?:llam(?:e|es|en|aran)|escrib(?:a|as|an|ieran)|mand(?:e|es|en|aran)|envi(?:e|es|en|aran)|"
    r"contact(?:e|es|en|aran)|molest(?:e|es|en|aran)|marqu(?:e|es|en)|texte(?:e|es|en)|"
    r"busqu(?:e|es|en)|hable(?:n|s)?|insist(?:a|as|an)|fastidi(?:e|es|en))"
)
_TO_REACH = (
    r"(?:llamar|escribir|mandar|enviar|contactar|molestar|marcar|textear|buscar|insistir|"
    r"comunicarse|fastidiar|acosar|hostigar|spamear)"
)
_HERE = r"(?:\s(?:a|en)\s(?:este|mi|mis|esta|nuestra?)\s(?:numero|telefono|celular|casa|oficina|linea))?"
_NOT_NAMED = r"(?!\s(?:senor|senora|senorita|don|dona|asi|de\stu|de\susted|por\s(?!favor|tele)))"
_NO_WISH = r"(?:no\s(?:quiero|deseo|quisiera|me\sinteresa|necesito|me\sgustaria)|prefiero\sno)"
_LIST = r"(?:listas?|base\sde\sdatos|bases\sde\sdatos|sistema|registros?|contactos|directorio)\b"
_TAKE = (
    r"(?:quit|sac|sa(?:qu)|borr|elimin|remuev|retir|suprim|tach|descart)(?:ue|e|a|en|uen|an|ar|"
    r"as|es)?"
)
_OUR_LIST = rf"(?:de|del)\s(?:(?:la|las|su|sus|tu|tus|esta|estas|este)\s)?(?:\w+\s)?{_LIST}"
_SUBSCRIBED = (
    rf"(?:de\s(?:(?:su|sus|esta|estos|estas|la|los|las|todos?|todas?)\s)*(?:{_LIST}|{_MESSAGES}|"
    r"suscripcion|esto|todo)|ya|inmediatamente)"
)

OPT_OUT = OptOut(
    out=row("stop alto pare paren parar baja cancelar fin detener detenga basta"),
    back_in=row("start unstop alta iniciar reanudar"),
    pairs={"dar de baja": "baja", "darme de baja": "baja", "de baja": "baja"},
    polite=row("por favor porfa porfavor ya gracias"),
    beside_polite=row("stop alto pare paren baja basta"),
    wordings=(
        rf"(?:ya\s)?no\s(?:me|nos)\s{_REACH}{_NOT_NAMED}{_HERE}{_END}",
        rf"(?:ya\s)?no\s(?:me|nos)\s{_REACH}\s(?:(?:mas|ya|tantos?|tantas?|ningun|esos|estos|esas|"
        rf"estas|sus)\s)*(?:{_MESSAGES}|nada\b)",
        rf"(?:ya\s)?no\s(?:me\s|nos\s)?{_REACH}\s(?:ya\s)?(?:mas|nunca|jamas)\b",
        rf"(?:nunca|jamas)\s(?:mas\s)?(?:me|nos)\s{_REACH}{_END}",
        rf"(?:ya\s)?no\s(?:me\s|nos\s)?vuelv(?:a|as|an|e)\sa\s{_TO_REACH}(?:me|nos)?{_NOT_NAMED}"
        rf"{_HERE}{_END}",
        rf"(?:deje|dejen|deja|dejar|pare|paren|para|parar|basta)\s(?:ya\s)?de\s{_TO_REACH}(?:me|nos)\b"
        rf"{_NOT_NAMED}",
        rf"(?:deje|dejen|deja|dejar|pare|paren|parar|basta)\s(?:ya\s)?de\s{_TO_REACH}{_HERE}{_END}",
        rf"(?:deje|dejen|deja|pare|paren|parar|basta)\s(?:ya\s)?de\s(?:{_TO_REACH}\s)?"
        rf"(?:(?:tantos?|tantas?|sus|los|las|esos|estos|mas)\s)*{_MESSAGES}",
        rf"(?:pare|paren|detenga|detengan|suspenda|suspendan|cancele|cancelen)\s"
        rf"(?:(?:ya|con|todos?|todas?|los|las|sus|esos|estos|esas|estas)\s)+{_MESSAGES}",
        rf"{_NO_WISH}\s(?:que\s)?(?:ya\s)?(?:me|nos)\s(?:vuelvan?\sa\s{_TO_REACH}|{_REACH}|"
        rf"(?:est|sig)(?:e|en|a|an|as)\s\w+ndo){_HERE}{_END}",
        rf"(?:favor\sde|pido|solicito|agradeceria|mejor)\sno\s(?:volver\sa\s)?{_TO_REACH}(?:me|nos)?"
        rf"{_HERE}{_END}",
        rf"prefiero\sque\sno\s(?:me|nos)\s{_REACH}{_END}",
        rf"{_NO_WISH}\s(?:seguir\s)?(?:recibir|recibiendo|tener)\s(?:(?:ya|mas|sus|estos|estas|esos|"
        rf"esas|ningun|ninguna|tantos|tantas|ningun\stipo\sde)\s)*(?:{_MESSAGES}|nada\b)",
        rf"{_NO_WISH}\s(?:(?:mas|sus|estos|estas|esos|esas)\s)+{_MESSAGES}",
        rf"{_NO_WISH}\sser\s(?:contactad|llamad|molestad)[oa]{_END}",
        rf"{_NO_WISH}\ssaber\s(?:ya\s)?(?:nada\s)?(?:mas\s)?(?:de\sustedes|de\susted|con\sustedes)",
        rf"{_TAKE}(?:me|nos)\s(?:ya\s)?{_OUR_LIST}",
        rf"{_TAKE}\s(?:a\s)?(?:mi|este|mis|nuestro)\s(?:numero|nombre|telefono|celular|datos|contacto|"
        rf"informacion|correo)(?:\s{_OUR_LIST}|{_END})",
        rf"(?:dar|de|den|da)(?:me|nos)\sde\sbaja(?:{_END}|\s{_SUBSCRIBED})",
        rf"me\s(?:quiero\sdar|(?:puede|puedes|pueden|podria)\sdar|doy|den|de|da)\sde\sbaja"
        rf"(?:{_END}|\s{_SUBSCRIBED})",
        r"(?:dar|de|den|da)\sde\sbaja\s(?:mi|este|a\smi)\s(?:numero|suscripcion|telefono)\b",
        rf"solicito\s(?:la|mi)\sbaja(?:{_END}|\s{_SUBSCRIBED})",
        r"(?:cancel(?:e|en|ar|a|o)|anul(?:e|en|ar))\s(?:mi|la)\ssuscripcion\b",
        r"(?:desuscrib|desinscrib)(?:a|an|e|ir)(?:me|nos)\b",
        r"(?:deje|dejen|deja)(?:me|nos)\s(?:ya\s)?(?:en\spaz|tranquil[oa]s?|de\smolestar)\b",
        rf"no\s(?:me\s|nos\s)?(?:moleste|molesten|molestes|fastidien|insistan){_END}",
        r"(?:pierda|pierdan|olvide|olviden|olvidese\sde)\s(?:mi|este)\snumero\b",
        r"(?:ponga|pongan|agregue|agreguen|anote|anoten|incluya|incluyan)(?:me|nos|\smi\snumero)\s(?:en|a)\s"
        r"(?:\w+\s){0,3}?(?:no\sllamar|no\sllame|no\scontactar|no\smolestar|dnc|exclusion)\b",
        r"(?:retiro|revoco|retirar|revocar)\s(?:mi|el)\s(?:consentimiento|permiso|autorizacion)\b",
        r"no\s(?:les\s|le\s)?(?:autorizo|doy\spermiso|tienen\spermiso|tiene\spermiso|tienen\smi\s"
        r"permiso)\s(?:(?:a|para|de)\s)?(?:que\s)?(?:me|nos|llamar|escribir|contactar|mandar)",
    ),
    no_more=pattern(
        r"(?:^|[.,;!?¡\n]\s{0,3}|\bpor\sfavor\s|\bya\s)((?:no\smas|ni\suna?\smas|ya\sno\smas)\s"
        r"(?:llamadas|mensajes|textos|correos|publicidad|spam|sms|promociones)"
        r"(?=\s*(?:$|[.,;!?\n]|por\sfavor\b|gracias\b|de\sustedes\b|a\seste\b)))"
    ),
    # What stands right before turns it round, or makes it a story about others.
    turned=pattern(
        r"(?:\b(?:no|nunca|sin|tampoco)(?:\s(?:quiero|quisiera|deseo|pienso|necesito|pido|pedi|dije|"
        r"digo|he|hace|falta|que|les?|me|vaya|vayan|voy|a|es|quise|decir)){0,4}"
        r"|\b(?:dile|digale|diganle|pidele|pidale|le\sdije|les?\sdijo|le\spedi|le\spidio)\s"
        r"(?:a\s\w+\s){0,2}que(?:\sya)?"
        r"|\b(?:si|cuando|hasta\sque|para\sque|por\sque|porque|antes\sde\sque|aunque)(?:\susted(?:es)?)?)"
        r"\s$"
    ),
    story=pattern(r"\b(?:ella|el|ellos|ellas|nadie|ustedes|todos|quien)\s$"),
    told=row("no nunca jamas deje dejen"),
    other_list=pattern(
        r"\blista\sde\s(?:espera|invitados|compras|precios|bodas|deseos)|\bmedia\slista"
    ),
    demand=pattern(r"\b(?:si\sno|por\sque\sno)\s$"),
    invite=pattern(
        r"\b(?:respond(?:a|e|er|iendo)|contest(?:e|a|ar)|envi(?:e|a|ar)|escrib(?:a|e|ir)|"
        r"mand(?:e|a|ar)|textee|teclee|marque)\b([^.!?\n]{0,160})"
    ),
    reserved=r"alto|paren?|parar|baja|cancelar|fin|detener|basta|stop",
    direct=pattern(
        r"^(?:\s(?:con|la|el|palabra|a|un|este|mensaje|numero|simplemente|solo|nos|texto))*"
        r"\s?[:\"“'‘«]?\s?$"
    ),
    followed=pattern(r"^[\"”'’»]?\s*(?:$|para\b|si\b|o\b|y\b|u\b|al?\b|[.,;:!?)=])"),
    to_opt_out=pattern(
        r"^[\"”'’»]?\s*(?:al?\s\S+\s)?(?:si\s(?:ya\s)?no\s(?:quier|dese)\w+\s|(?:para|=|-|:|y)\s*"
        r"(?:(?:ya\s)?no\s|dejar(?:an|emos)?\sde\s|dej(?:e|a)\sde\s|dar(?:se|te)\sde\sbaja|"
        r"salir\sde|(?:cancelar|detener|parar|anular|terminar|suspender)\s"
        r"(?:(?:los|las|estos|estas|sus|tus|todos|todas|la|su)\s)*(?:mensajes|textos|llamadas|avisos|"
        r"alertas|suscripcion)))"
    ),
    to_end=pattern(
        r"^[\"”'’»]?\s*(?:para|=)\s*(?:terminar|cancelar|parar|detener|salir)\b"
        r"(?!\s(?:la|el|su|tu|mi|una?|esta|este|nuestra?)\b)"
    ),
    plain_ends=row("STOP ALTO BAJA PARE"),
)
