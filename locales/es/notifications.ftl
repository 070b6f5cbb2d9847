notifications-title = Mis notificaciones
notifications-read-all = Marcar todo como leído
notifications-preferences = Elegir qué quiero saber
notifications-filters = Filtrar
notifications-none = No hay nada
notifications-none-next = Aquí se le avisa de lo que debe saber: una respuesta a una derivación, un caso que se le asigna.
notifications-new = Nueva
notifications-open = Abrir
notifications-unread = Sin leer
notifications-group-urgent = Urgente
notifications-group-referrals = Derivaciones
notifications-group-cases = Casos
notifications-all-read = Todo queda marcado como leído.
notifications-preferences-lead = Las urgentes llegan siempre: la seguridad de alguien, un plazo vencido, un consentimiento retirado.
notifications-hear = Avisarme cuando
notification-break-glass-used = Se usó el acceso de emergencia
notification-case-safety-action-missing = No se registró a tiempo ninguna acción de seguridad
notification-worker-threat-logged = Una persona del equipo recibió amenazas
notification-consent-withdrawn = Consentimiento retirado: deje de compartir
notification-packet-deletion-asked = Deje de usar y elimine lo compartido
notification-referral-escalated = Venció el plazo de una derivación
notification-referral-in-review = Un borrador de derivación espera su revisión
notification-referral-returned = Le devolvieron su borrador de derivación
notification-referral-approved = Se aprobó su borrador de derivación
notification-referral-submitted = Llegó una derivación
notification-referral-assigned = Se le asignó una derivación
notification-referral-acknowledged = Se acusó recibo de su derivación
notification-referral-accepted = Se aceptó su derivación
notification-referral-declined = Se rechazó su derivación
notification-referral-held = Una derivación está en espera
notification-referral-started = El servicio comenzó
notification-referral-scheduled = Se fijó o cambió una cita
notification-referral-noted = Hay novedades en una derivación
notification-referral-completed = El servicio se prestó
notification-referral-taken-over = Otra organización asumió el caso
notification-referral-failed = El servicio no se pudo prestar
notification-referral-cancelled = Se canceló una derivación
notification-referral-cancellation-asked = Quien envió pide cancelar una derivación
notification-referral-entered-in-error = Una derivación se envió por error
notification-referral-amended = Se completó una derivación con más datos
notification-letter-dropped = Una carta se retuvo y no salió
notification-referral-message = Un mensaje en una derivación
notification-referral-loop-moved = Se preguntó o confirmó si se recibió el servicio
notification-referral-reminder = Una derivación vence pronto
notification-referral-due = Vence una derivación
notification-case-assigned = Se le asignó un caso
notification-case-reclassified = Uno de sus casos cambió de tipo
notification-case-reopened = Se reabrió uno de sus casos
notification-case-risk-set = Se fijó un nivel de riesgo
notification-case-safety-action = Se registró una acción de seguridad
notifications-group-tasks = Tareas
notification-task-added = Una tarea nueva para usted
notification-task-assigned = Se le dio una tarea
notification-task-overdue = Una tarea está vencida
notifications-by-due = Por fecha límite
notifications-programmes = Programa
notifications-due-soon = Vencidas y próximo mes
notifications-due-newest = Las más recientes
notifications-due-overdue = Vencidas
notifications-due-today = Hoy
notifications-due-week = Próximos 7 días
notifications-due-month = Próximo mes
notifications-due-all = Todas
notifications-due-done = Hechas
notifications-part-overdue = Vencidas
notifications-part-due = Con fecha límite
notifications-part-undated = Para su información
notifications-mark-done = Marcar como hecha
notifications-not-done = Aún no está hecha
notifications-marked = Marcada como hecha.
notifications-unmarked = Vuelve a esperarle.
digest-question = Un mensaje que dice cuánto espera
digest-hint = Sale a { $address } en la mañana de un día laborable cuando algo espera. Solo contiene números: ni nombres ni códigos. Si su dirección cambia, termina.
digest-no-address = No tiene dirección de correo aquí; una persona administradora puede añadirla. Hasta entonces no se le envía nada.
digest-never = Nunca
digest-daily = Cada día laborable
digest-weekly = El primer día laborable de la semana
digest-subject = Lo que le espera
digest-greeting = Buenos días. Esto le espera:
digest-overdue = tareas vencidas: { $count }
digest-today = tareas para hoy: { $count }
digest-inbox = tareas de su unidad que nadie ha tomado: { $count }
digest-answers = derivaciones que esperan respuesta: { $count }
digest-unread = notificaciones sin leer: { $count }
digest-sign-in = Inicie sesión para verlo:
digest-end = Usted eligió recibir este mensaje. Puede cambiarlo en Notificaciones, «Elegir qué quiero saber».
error-address-changed = Su dirección cambió entretanto. Mire la nueva y elija de nuevo.
notification-case-transferred = Le han entregado un caso
notification-case-transferred-away = Un caso suyo fue asumido en otra parte
notification-away-where = { $cases }, ahora en { $to }
notification-transfer-submitted = Una transferencia espera su decisión
notification-transfer-approved = Su solicitud de transferencia fue aceptada
notification-transfer-rejected = Su solicitud de transferencia fue rechazada
notification-transfer-ended = Una transferencia suya ha terminado
notification-transfer-unattended = Una solicitud de transferencia espera y allí nadie puede decidirla
notification-supervision-planned = Hay una sesión de supervisión prevista con usted
notification-supervision-called-off = Se canceló una sesión de supervisión con usted
notification-conference-shared = Se compartió con su organización el acta de una conferencia
notification-conference-called-off = No tendrá lugar una conferencia a la que se había invitado a su organización
notification-cover-started = { $count ->
    [0] Sustituye a un/a colega hasta el { $day }. Todavía no hay casos
    [one] Sustituye a un/a colega hasta el { $day }: { $count } caso
   *[other] Sustituye a un/a colega hasta el { $day }: { $count } casos
}
notification-cover-started-for-you = { $count ->
    [0] Un/a colega le sustituye hasta el { $day }. Todavía no hay casos
    [one] Un/a colega le sustituye hasta el { $day }: { $count } caso
   *[other] Un/a colega le sustituye hasta el { $day }: { $count } casos
}
notification-cover-for-good = { $count ->
    [one] Desde ahora lleva los casos de un/a colega: { $count } caso
   *[other] Desde ahora lleva los casos de un/a colega: { $count } casos
}
notification-cover-for-good-for-you = { $count ->
    [one] Desde ahora un/a colega lleva sus casos: { $count } caso
   *[other] Desde ahora un/a colega lleva sus casos: { $count } casos
}
notification-cover-ended = { $count ->
    [one] Ya no sustituye a un/a colega: { $count } caso devuelto
   *[other] Ya no sustituye a un/a colega: { $count } casos devueltos
}
notification-cover-ended-for-you = { $count ->
    [one] Ya nadie le sustituye: { $count } caso vuelve a ser suyo
   *[other] Ya nadie le sustituye: { $count } casos vuelven a ser suyos
}
notification-cover-referrals = { $count ->
    [one] { $count } derivación recibida
   *[other] { $count } derivaciones recibidas
}
notification-draft-discarded = Se descartó una derivación en borrador: su caso fue asumido en otra parte
notification-assessment-submitted = Una evaluación espera aprobación
notification-assessment-approved = Se aprobó la evaluación de uno de sus casos
notification-assessment-returned = Se devolvió la evaluación de uno de sus casos
notification-quality-reviewed = Se revisó un caso suyo
notification-plan-submitted = Un plan espera aprobación
notification-plan-approved = Se aprobó un plan de uno de sus casos
notification-plan-returned = Se devolvió un plan de uno de sus casos
notification-plan-words-replaced = Un colega puso otras palabras en lugar de las suyas en un plan; las suyas se conservan allí
notification-closing-approved = Se aprobó el cierre que usted pidió
notification-closing-returned = Se devolvió el cierre que usted pidió
notification-correction-answered = Se aceptó o se devolvió una corrección que usted propuso
notification-task-handed = Un/a colega le pide que haga una tarea
notification-task-handed-back = Una tarea volvió a usted
notification-task-handed-done = Está hecha una tarea que usted pasó
notification-approval-due-soon = Una aprobación vence pronto
notification-approval-escalated = Una aprobación vencida pasó a un nivel superior
notification-letter-lost = Una carta volvió: su copia nunca llegó
notifications-mailed = También en el correo
notifications-mailed-hint = «También en el correo» dice qué cuenta como no leído el correo que avisa cuánto espera. No cuenta nada que no se le avise aquí; lo urgente siempre, y también las tareas y derivaciones que esperan.
