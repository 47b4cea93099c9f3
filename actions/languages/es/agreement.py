"""Yes and no in Spanish; words stand without their accents."""

from __future__ import annotations

from actions.languages.rooms import Agreement, pattern, phrases, row

AGREEMENT = Agreement(
    leading=row(
        "eh este em mmm ah oh ay bueno pues entonces hola buenas buenos oiga mire mira y ya este"
    ),
    firm=phrases(
        "si, sii, siii, sip, simon, claro, claro que si, por supuesto, desde luego, como no, "
        "de acuerdo, esta bien, asi es, eso es, exacto, exactamente, correcto, es correcto, "
        "es correcta, afirmativo, efectivamente, seguro, con gusto, con mucho gusto, "
        "me parece bien, me parece perfecto, me parece, me sirve, me queda bien, me queda perfecto, "
        "me funciona, me conviene, adelante, hagalo, hagale, hazlo, haganlo, me encantaria, "
        "me gustaria, si me gustaria, si quiero, acepto, aceptado, confirmo, confirmado, "
        "de una, vamos, cuente conmigo, sin duda, que si, es cierto, es verdad, por favor si, "
        "obvio, obviamente"
    ),
    casual=phrases(
        "ok, okay, okey, oki, vale, dale, va, sale, andale, listo, bien, esta bueno, orale"
    ),
    alone=phrases(
        "perfecto, excelente, genial, muy bien, buenisimo, estupendo, por favor, bueno, "
        "lo es, lo soy, cierto, verdad, trato hecho, confirmar, aceptar, quiero, me gusta"
    ),
    no=phrases(
        "no, nop, nope, nel, no gracias, no muchas gracias, ahora no, ahorita no, hoy no, "
        "todavia no, aun no, para nada, de ninguna manera, de ningun modo, nunca, jamas, ni hablar, "
        "ni pensarlo, no quiero, no puedo, no me interesa, no estoy interesado, "
        "no estoy interesada, no creo, no lo creo, negativo, claro que no, por supuesto que no, "
        "desde luego que no, mejor no, prefiero que no, prefiero no, esta vez no, nada, "
        "no senor, no senora, no senorita, asi estoy bien, estoy bien gracias, incorrecto, "
        "es incorrecto, tampoco, en absoluto, gracias pero no, que va"
    ),
    bare_no=row("no nop nope nel"),
    settled=phrases("si, claro, claro que si, por supuesto, de acuerdo, ok, okay, vale, esta bien"),
    unsure=phrases(
        "tal vez, talvez, quiza, quizas, a lo mejor, puede ser, no se, no lo se, no estoy seguro, "
        "no estoy segura, no sabria, depende, si y no, dejeme pensarlo, deje lo pienso, "
        "dejame pensarlo, lo pienso, lo voy a pensar, tengo que pensarlo, luego, despues, "
        "mas tarde, mas adelante, posiblemente, supongo, quien sabe, creo que si, ni idea, "
        "le aviso, yo le aviso"
    ),
    refusal=phrases(
        "no quiero, no me interesa, no gracias, prefiero no, prefiero que no, no creo, "
        "no necesito, no deseo, no voy a, mejor no"
    ),
    polite=row(
        "por favor gracias muchas muy amable senor senora senorita eso es lo la el me parece bien "
        "perfecto genial excelente todo usted que si claro mi yo tambien verdad asi esta muchisimas "
        "mil de nada"
    ),
    going_on=row(
        "adelante continue continuar siga proceda agende agendar reserve reservela reservelo mande "
        "mandeme envie enviemelo envielo llame comuniqueme transfierame paseme conecteme con un una "
        "los las en a al para se le puede ahora mismo ya ahorita este esta ese esa es de acuerdo "
        "hagalo quiero quisiera gustaria encantaria me conviene sirve funciona y bueno mismo listo"
    ),
    doubt=row(
        "no nop nunca jamas tampoco ni nada nadie sin pero aunque sino si-no hasta mientras cuando "
        "antes despues luego cancele cancelar pare alto espere esperen espereme momento segundo "
        "minuto minutos rato quite borre elimine adios hola mejor prefiero preferiria cambiar cambie "
        "cambio otro otra otros otras diferente distinto distinta quiza quizas talvez posiblemente "
        "supongo creo pienso pensarlo pensar dudo duda espero depende consultar consulto preguntar "
        "pregunta preguntas digame repita explique "
        "que-es cual cuanto cuanta como donde quien mal error equivocado equivocada problema "
        "problemas lastima caro cara dificil tarde temprano tampoco ocupado ocupada o u excepto "
        "demasiado"
    ),
    unfinished=row("eh este em mmm pues entonces y que como con de"),
    finished=(("muy", "bueno"),),
    doubtful=pattern(
        r"\.\.|…|[🤔😕🤷]|\bsiempre\sy\scuando\b|\btengo\sque\b|\bhay\sque\b|\btendria\sque\b|"
        r"\byo\s(?:le|les|lo|la)\s(?:llamo|aviso|marco|hablo)\b|\bsi\s(?:me|es|puede|no|hay|tiene)\b"
        r"(?=.{3,}\bsi\b)|^\W*si\s(?:es|hay|puedo|puede|tuviera|fuera|me\s(?:da|dan|hace|hacen|dice))\b"
    ),
    harmless=pattern(
        r"\b(?:por que no|(?:no hay|sin|ningun) (?:problema|inconveniente)|no (?:me )?importa|"
        r"no tengo (?:problema|inconveniente)|como no|cual mejor|claro como no)\b"
    ),
    request=pattern(r"^(?:y )?(?:por favor )?(?:me |nos )?(?:puede|podria|puedes|pueden)\b"),
    why_not=pattern(r"\bpor que no\W*$"),
    shortened={"sí": "si", "sta": "esta", "porfa": "por", "porfis": "por", "xfa": "por"},
    interest=pattern(
        r"\b(?:estoy|muy|bastante)\s(?:muy\s)?interesad[oa]\b|\bme\sinteresa\b|"
        r"\bcuenteme\smas\b|\bdigame\smas\b|\bme\s(?:encanta|gusta|encantaria|gustaria)\b|"
        r"\bsuena\s(?:bien|perfecto|genial|interesante)\b|\bquiero\s(?:eso|uno|una|ese|esa|inscribirme)\b"
    ),
    stopping=pattern(r"\s*(?:que\s)?(?:parar|cancelar|darme|dejar|no\b)"),
    more=pattern(r"\b(?:cuente|diga|cuenta|di)me\smas\b"),
    agreed=pattern(
        r"\b(?:me\s(?:parece|queda|viene)\s(?:muy\s)?(?:bien|perfecto|genial)|me\s(?:sirve|funciona|"
        r"conviene)|suena\s(?:bien|perfecto|genial)|me\s(?:encantaria|gustaria)|adelante|hagalo|"
        r"por\ssupuesto)\b"
    ),
    signs=(" si ", " no "),
)
