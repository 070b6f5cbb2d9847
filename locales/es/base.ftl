month-1 = ene
month-2 = feb
month-3 = mar
month-4 = abr
month-5 = may
month-6 = jun
month-7 = jul
month-8 = ago
month-9 = sept
month-10 = oct
month-11 = nov
month-12 = dic
when-today = hoy
when-tomorrow = mañana
when-yesterday = ayer
when-in-days = { $count ->
    [one] en { $count } día
   *[other] en { $count } días
}
when-in-months = { $count ->
    [one] en { $count } mes
   *[other] en { $count } meses
}
when-in-years = en más de 2 años
when-ago-days = { $count ->
    [one] hace { $count } día
   *[other] hace { $count } días
}
when-ago-months = { $count ->
    [one] hace { $count } mes
   *[other] hace { $count } meses
}
when-ago-years = hace más de 2 años
when-due-now = vence ahora
when-overdue-hours = { $count ->
    [one] vencido hace { $count } hora
   *[other] vencido hace { $count } horas
}
when-overdue-days = { $count ->
    [one] vencido hace { $count } día
   *[other] vencido hace { $count } días
}
when-overdue-months = { $count ->
    [one] vencido hace { $count } mes
   *[other] vencido hace { $count } meses
}
when-overdue-years = vencido hace más de 2 años
age-years = { $years ->
    [one] { $years } año
   *[other] { $years } años
}
age-about = { $years ->
    [one] unos { $years } año
   *[other] unos { $years } años
}
nav-my-day = Mi día
nav-cases = Casos
nav-people = Personas
nav-inbox = Bandeja de entrada
nav-referrals = Derivaciones
nav-services = Servicios
nav-loop = Seguimiento
nav-protection = Protección de datos
nav-admin = Administración
sign-in-title = Entrar
sign-in-heading = Entrar
sign-in-login = Usuario
sign-in-password = Contraseña
sign-in-go = Entrar
sign-in-locked-out = ¿No puede entrar? Pida una contraseña nueva a la administración de su organización.
account-title = Mi cuenta
account-lang = Idioma
account-digits = Cifras
account-save = Guardar
account-saved = Guardado.
account-change-password = Cambiar la contraseña
account-sessions = Dónde tiene la sesión abierta
account-device = Dispositivo
account-since = Desde
account-seen = Último uso
account-end-sessions = Cerrar todas las sesiones
account-end-sessions-what = Cierra todas sus sesiones, también esta.
password-title = Contraseña
password-lead = Una contraseña nueva cierra sus sesiones en otros dispositivos.
password-old = Contraseña actual
password-new = Contraseña nueva
password-hint = Al menos 10 caracteres. Tres o cuatro palabras sin relación son fáciles de recordar y difíciles de adivinar.
password-save = Cambiar la contraseña
password-saved = Su contraseña ha cambiado.
error-required = Rellene este campo.
error-too-long = Es demasiado largo.
error-not-text = Esto no es texto.
error-not-understood = No se pudo entender.
error-not-a-choice = Elija una de las respuestas.
error-not-a-date = Escriba una fecha como 2026-11-24 o 24/11/2026.
error-not-a-moment = Escriba la fecha así: 30/12/2026 14:00.
error-too-large = Este archivo es demasiado grande.
error-sign-in = El usuario o la contraseña no son correctos.
error-locked-down = Su organización está en cierre de emergencia. Hasta que se levante, solo sus administradores pueden iniciar sesión.
error-password-short = Use al menos 10 caracteres.
error-password-common = Esta contraseña es fácil de adivinar. Elija otra.
error-password-wrong = Esta no es su contraseña actual.
error-page-not-found-heading = No encontrado
error-page-not-found-words = Aquí no hay nada que usted pueda ver. Si alguien le envió aquí, pídale que revise la dirección.
error-page-forbidden-heading = No permitido
error-page-forbidden-words = Su rol no permite esto. Su supervisión o administración puede decirle quién puede hacerlo.
error-page-in-for-task-heading = Solo para una tarea
error-page-in-for-task-words = Se le dio acceso a este caso para una tarea que le pasaron. Haga esa tarea; de todo lo demás se ocupa quien lleva el caso.
error-page-forged-heading = Inténtelo de nuevo
error-page-forged-words = Este formulario estuvo abierto demasiado tiempo o vino de otra página. No se cambió nada. Vuelva, recargue la página y envíelo otra vez.
error-page-invalid-heading = Falta algo
error-page-invalid-words = Una parte de lo enviado no se pudo usar. No se cambió nada. Vuelva y revise el formulario.
error-page-too-large-heading = Es demasiado de una vez
error-page-too-large-words = No se cambió nada. Vuelva atrás, escriba menos o en varias partes y envíelo de nuevo.
error-page-stale-heading = Esto cambió mientras tanto
error-page-stale-words = Este registro cambió mientras tanto, por otra persona o por usted en otra ventana. No se guardó nada de este formulario. Vuelva, recargue y revise antes de enviarlo otra vez.
error-page-state-heading = Esto ya no es posible
error-page-slow-heading = Espere, por favor
error-page-slow-words = { $seconds ->
    [one] Demasiados intentos. Espere { $seconds } segundo e inténtelo de nuevo.
   *[other] Demasiados intentos. Espere { $seconds } segundos e inténtelo de nuevo.
}
error-page-broken-heading = Algo salió mal
error-page-broken-words = El fallo es nuestro. No se cambió nada; lo guardado está a salvo. Inténtelo en un momento.
error-page-reference = Si pide ayuda, mencione { $code }.
error-page-way-on = Ir a mi día
error-page-back = Volver a donde estaba
conflict-title = Alguien cambió esto mientras tanto
conflict-title-own = Usted cambió esto mientras tanto, en otra ventana
conflict-lead = Nada de lo que escribió se pierde. Elija en cada campo y guarde.
conflict-mine = Lo mío
conflict-theirs = Guardado mientras tanto
conflict-empty = vacío
conflict-save = Guardar lo elegido
conflict-save-mine = Guardar lo que escribí
conflict-keep-mine = Conservar todo lo mío
conflict-take-theirs = Tomar lo guardado
conflict-leave = Salir sin guardar
conflict-by = Cambiado por
conflict-join = Ambos, unidos a mano
conflict-by-hand = Unidos a mano, empezando por lo mío
conflict-untouched = Usted no había tocado esto. Lo que se guardó entre tanto se queda; guarde lo que escribió al lado.
conflict-elsewhere = Lo que cambió no está en este formulario. Mírelo y luego guarde lo suyo.
conflict-look = Ver qué cambió
conflict-choose = Elija una de estas opciones.
error-page-typed = Lo que escribió
error-page-typed-what = No se ha guardado. Cópielo de aquí si quiere conservarlo: no está en ningún otro sitio.
conflict-yes = sí
conflict-no = no
error-page-full-heading = Ahora no se puede guardar nada
error-page-full-words = El disco de este servicio está casi lleno y no se escribe nada nuevo. La lectura sigue. Avise a quien administra el servicio para que haga sitio y luego envíe esto otra vez.
error-look-again = Aún no se ha guardado nada. Revíselo y envíelo otra vez.
saved-already = Esto ya estaba guardado, y nada se hizo dos veces. Para hacer lo mismo una segunda vez, abra la página de nuevo.
nav-transfers = Transferencias
nav-team = Equipo
paper-lang = Idioma del papel
paper-safe = La persona dice que es seguro llevarlo y guardarlo
error-safe-to-carry-first = Pregunte a la persona si es seguro llevarlo y guardarlo, y márquelo; si no lo es, no imprima nada.
