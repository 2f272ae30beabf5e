### Las palabras de la aplicación de la cuenta. Se trata de «tú».

## Everywhere

loading = Cargando
close = Cerrar
save = Guardar
remove = Quitar
rename = Cambiar el nombre
try-again = Volver a intentarlo
to-your-account = Ir a tu cuenta
skip-to-content = Ir al contenido
your-password = Tu contraseña
wrong-password = Esta no es tu contraseña. Compruébala y vuelve a intentarlo.

nav = Cuenta
nav-account = Cuenta
nav-devices = Dispositivos
nav-security = Seguridad
nav-privacy = Datos
nav-plan = Plan

choose-language = Idioma
choose-theme = Aspecto
theme-system = Como el dispositivo
theme-light = Claro
theme-dark = Oscuro

pager = Páginas
pager-newer = Más recientes
pager-older = Más antiguos

time-now = ahora mismo
time-day-and-hour = { $day }, { $time }

failure-title = No ha funcionado
failure-offline = No se puede contactar con el servicio. Comprueba tu conexión y vuelve a intentarlo.
failure-rate-limited =
    { $minutes ->
        [one] Han sido demasiadas veces. Espera un minuto y vuelve a intentarlo.
       *[other] Han sido demasiadas veces. Espera { $minutes } minutos y vuelve a intentarlo.
    }
failure-homeserver = El servidor de chat no responde. Vuelve a intentarlo en un minuto; no se ha cambiado nada.
failure-disabled = Quienes gestionan este servicio lo han desactivado.
failure-internal = Algo ha fallado por nuestra parte. No has sido tú. Vuelve a intentarlo en un minuto.

broken-title = Ahora mismo no se puede mostrar
broken-details = Detalles para quienes gestionan este servicio

session-lost-title = Tu sesión está cerrada
session-lost-lead = Inicia sesión para seguir donde estabas.

## Account

home-title = Tu cuenta
home-lead = Cómo te ven los demás en { $homeserver } y cómo se puede contactar contigo.

profile-title = Tu perfil
profile-edit = Cambiar tu nombre
profile-name = Nombre visible
profile-name-hint = Los demás lo ven junto a tus mensajes. Déjalo vacío para mostrar tu ID de Matrix.
profile-name-invalid = Este nombre es demasiado largo. Elige uno de 200 letras como máximo.
profile-saved = Se ha cambiado tu nombre.
profile-unavailable = El servidor de chat no responde, por eso falta aquí tu nombre visible.

emails-title = Direcciones de correo
emails-lead = Para los mensajes sobre tu cuenta y para volver a entrar si olvidas tu contraseña.
emails-empty = Todavía ninguna. Con una podrás volver a entrar si olvidas tu contraseña.
emails-add = Añadir una dirección
emails-new = Nueva dirección
emails-new-hint = Se envía allí un código para comprobar que es tuya.
emails-send-code = Enviar el código
emails-invalid = Esto no es una dirección de correo. Comprueba que no haya errores al teclear.
emails-yours-already = Tu cuenta ya tiene esta dirección.
emails-denied = Esta dirección no se admite aquí. Usa otra.
emails-too-many = Se han enviado demasiados códigos últimamente. Espera unos minutos y vuelve a intentarlo.
emails-remove = Quitar la dirección
emails-remove-title = ¿Quitar esta dirección?
emails-remove-lead = { $email } ya no servirá para volver a entrar en tu cuenta.
emails-remove-last = Es la última: sin ninguna, no podrás volver a entrar si olvidas tu contraseña.
emails-removed = Se ha quitado { $email }.

verify-title = Introduce el código
verify-lead = Se ha enviado a { $email }. Puede tardar un minuto en llegar.
verify-code = Código del correo
verify-code-hint = Seis cifras
verify-continue = Añadir la dirección
verify-incomplete = Un código tiene seis cifras. Mira el correo.
verify-wrong = Este no es el código. Usa el del correo más reciente.
verify-expired = Este código ha caducado. Pide que se envíe otro.
verify-too-many = Ha habido demasiados intentos. Espera unos minutos y vuelve a intentarlo.
verify-nothing-came = ¿No ha llegado nada? Mira en la carpeta de correo no deseado o
verify-resend = pide otro código
verify-resent = Va de camino un código nuevo. Los anteriores ya no sirven.
verify-resent-too-often = Se han enviado demasiados últimamente. Espera unos minutos y vuelve a intentarlo.
verify-done = Se ha añadido { $email }.

in-use-title = Esta dirección ya se usa
in-use-lead = { $email } pertenece aquí a otra cuenta. Quítala primero de allí o usa otra dirección.

sign-out-title = Cerrar sesión aquí
sign-out-lead = Este navegador dejará de tener acceso a estas páginas. Tus aplicaciones de chat siguen con la sesión iniciada.

plan-title = Tu plan
plan-lead = Qué incluye tu cuenta y cómo cambiarlo.
plan-open = Ver tu plan

## Devices

sessions-title = Tus dispositivos
sessions-lead = Todo lo que puede usar tu cuenta. Cierra la sesión de lo que no reconozcas.
sessions-filter = Mostrar solo
sessions-search = Buscar por aplicación, dispositivo o dirección
sessions-all = Todo
sessions-apps = Aplicaciones
sessions-browsers = Navegadores
sessions-inactive = Sin usar desde hace 90 días
sessions-ended = Con la sesión cerrada
sessions-count =
    { $count ->
        [one] Una sesión
       *[other] { $count } sesiones
    }
sessions-matches =
    { $count ->
        [0] No se ha encontrado nada
        [one] Se ha encontrado una sesión
       *[other] Se han encontrado { $count } sesiones
    }
sessions-empty = No hay ninguna sesión. Los dispositivos aparecen aquí cuando inicias sesión con un navegador o una aplicación.
sessions-no-match = Aquí no coincide nada. Prueba con menos palabras o muéstralo todo.
sessions-this-device = Este dispositivo
sessions-this-browser = Este navegador
sessions-active-now = En uso ahora
sessions-last-used = Último uso:
sessions-signed-in = Sesión iniciada:
sessions-limit-title = Tienes demasiados dispositivos
sessions-limit-lead =
    { $count ->
        [one] Hay una aplicación con la sesión iniciada, de { $limit } posibles. Cierra las sesiones que ya no uses antes de añadir otra.
       *[other] Hay { $count } aplicaciones con la sesión iniciada, de { $limit } posibles. Cierra las sesiones que ya no uses antes de añadir otra.
    }
sessions-limit-near =
    { $count ->
        [one] Hay una aplicación con la sesión iniciada. A partir de { $limit } no podrás añadir más.
       *[other] Hay { $count } aplicaciones con la sesión iniciada. A partir de { $limit } no podrás añadir más.
    }

device-unknown-kind = Dispositivo desconocido
device-computer-of = Ordenador con { $os }
device-phone-of = Teléfono con { $os }
device-tablet-of = Tableta con { $os }
browser-unknown = Navegador desconocido
app-unknown = Aplicación desconocida
program-on = { $program } en { $device }

sign-out-one-title = ¿Cerrar la sesión de { $program }?
sign-out-browser-lead = { $program } en { $device } ya no podrá cambiar tu cuenta. Las aplicaciones que iniciaron sesión con él siguen igual.
sign-out-app-lead = { $program } en { $device } ya no podrá leer ni escribir en tu nombre.
sign-out-keys = Los mensajes cifrados que solo se pueden leer en un dispositivo cuya sesión cierras se pierden, salvo que tengas una clave de recuperación u otro dispositivo que pueda leerlos.
sign-out-keep = Dejar la sesión abierta
sign-out-done = Se ha cerrado la sesión de { $program } en { $device }.

others-sign-out = Cerrar todas las demás
others-title = ¿Cerrar todas las demás sesiones?
others-lead =
    { $browsers ->
        [0] { $apps ->
            [one] Una aplicación pierde enseguida el acceso a tu cuenta. Este navegador sigue con la sesión iniciada.
           *[other] { $apps } aplicaciones pierden enseguida el acceso a tu cuenta. Este navegador sigue con la sesión iniciada.
        }
        [one] { $apps ->
            [0] Un navegador pierde enseguida el acceso a tu cuenta. Este sigue con la sesión iniciada.
            [one] Un navegador y una aplicación pierden enseguida el acceso a tu cuenta. Este navegador sigue con la sesión iniciada.
           *[other] Un navegador y { $apps } aplicaciones pierden enseguida el acceso a tu cuenta. Este navegador sigue con la sesión iniciada.
        }
       *[other] { $apps ->
            [0] { $browsers } navegadores pierden enseguida el acceso a tu cuenta. Este sigue con la sesión iniciada.
            [one] { $browsers } navegadores y una aplicación pierden enseguida el acceso a tu cuenta. Este navegador sigue con la sesión iniciada.
           *[other] { $browsers } navegadores y { $apps } aplicaciones pierden enseguida el acceso a tu cuenta. Este navegador sigue con la sesión iniciada.
        }
    }
others-keep-here =
    { $count ->
        [one] Mantener la sesión de la aplicación de este dispositivo
       *[other] Mantener las sesiones de las { $count } aplicaciones de este dispositivo
    }
others-confirm =
    { $count ->
        [one] Cerrar una sesión
       *[other] Cerrar { $count } sesiones
    }
others-done =
    { $count ->
        [0] No había ninguna otra sesión.
        [one] Se ha cerrado una sesión.
       *[other] Se han cerrado { $count } sesiones.
    }

session-about = Sobre esta sesión
session-able-to = Qué puede hacer
session-name = Nombre
session-device = Dispositivo
session-app = Aplicación
session-apps = Aplicaciones que iniciaron sesión con él
session-apps-count =
    { $count ->
        [0] Ninguna
        [one] Una
       *[other] { $count }
    }
session-allowed-in = Permitida en
session-ended = Sesión cerrada
session-last-used = Último uso
session-never = Todavía no
session-address = Dirección IP
session-since = Sesión iniciada
session-device-id = ID del dispositivo
session-user-agent = Lo que dice de sí mismo

permission-server = Gestionar todo el servidor de chat
permission-accounts = Gestionar todas las cuentas de este servidor

rename-title = Poner nombre a este dispositivo
rename-label = Nombre
rename-hint = Las personas con las que chateas pueden verlo cuando verifican este dispositivo.
rename-done = El dispositivo tiene un nombre nuevo.

device-gone-title = Este dispositivo no tiene la sesión iniciada
device-gone-lead = Ninguna sesión activa tiene el ID de dispositivo { $device }. Puede que ya se haya cerrado.
device-gone-list = Ver tus dispositivos

client-lead = Lo que esta aplicación dice de sí misma.
client-site = Sitio web
client-goes-to = Te devuelve a
client-id = ID de cliente

## Security

security-title = Seguridad
security-lead = Qué protege tu cuenta y qué ha pasado con ella.
security-ways = Qué protege tu cuenta

password-title = Contraseña
password-change = Cambiar la contraseña
password-fixed = Quienes gestionan este servicio gestionan las contraseñas en otro lugar.
password-none = Tu cuenta no tiene ninguna contraseña que cambiar.
password-current = Contraseña actual
password-new = Contraseña nueva
password-new-hint = Varias palabras sin relación entre sí son seguras y fáciles de recordar.
password-again = Contraseña nueva, otra vez
password-match = Las dos son iguales.
password-differ = De momento son distintas.
password-differ-error = Es distinta de la de arriba. Escribe dos veces lo mismo.
password-missing = Elige una contraseña nueva.
password-too-weak = Esta contraseña es demasiado fácil de adivinar. Hazla más larga o añade palabras sin relación.

strength-0 = Muy débil.
strength-1 = Débil.
strength-2 = Regular.
strength-3 = Fuerte.
strength-4 = Muy fuerte.
strength-common = Está en la lista de contraseñas filtradas que los atacantes prueban primero. Elige otra.
strength-more = Hazla más larga o añade palabras sin relación.
strength-enough = Con eso basta.

change-title = Cambiar tu contraseña
change-lead = Usa una que no uses en ningún otro sitio.
change-others = Cerrar también la sesión en todo lo demás
change-others-hint = Todos los demás navegadores y aplicaciones. Hazlo si alguien más puede saber tu contraseña. Los mensajes cifrados que solo esos dispositivos pueden leer se pierden.

changed-title = Se ha cambiado tu contraseña
changed-lead = Usa la nueva a partir de ahora.
changed-back = Volver a la seguridad
changed-devices = Revisar tus dispositivos
changed-tokens =
    { $count ->
        [one] Tu token de acceso sigue funcionando.
       *[other] Tus { $count } tokens de acceso siguen funcionando.
    }
changed-tokens-check = Revisar tus tokens de acceso

recovery-title = Elige una contraseña nueva
recovery-lead = Para la cuenta { $name }.
recovery-save = Guardar la contraseña
recovery-expired-lead = Estos enlaces sirven durante diez minutos. Pide que se envíe otro a la misma dirección.
recovery-resend = Enviar otro enlace a { $email }
recovery-locked = Esta cuenta está bloqueada. Quienes gestionan este servicio pueden decirte más.

identity-title = Identidad de cifrado
identity-detail = Muestra a los demás que tus dispositivos son tuyos
identity-reset = Restablecer

activity-lately = Últimamente
activity-all = Toda la actividad
activity-title = Actividad de seguridad
activity-lead = Qué ha pasado con tu cuenta. Si algo no has sido tú, cambia la contraseña y cierra todas las demás sesiones.
activity-empty = Todavía no ha pasado nada. Los inicios de sesión y los cambios aparecerán aquí.
activity-by-administrator = por la administración

event-account-created = Cuenta creada
event-signed-in = Sesión iniciada
event-sign-in-failed = Alguien no consiguió iniciar sesión
event-reauthenticated = Contraseña confirmada
event-signed-out = Sesión del navegador cerrada
event-consent-given = Aplicación permitida
event-consent-refused = Aplicación rechazada
event-session-started = Sesión de aplicación iniciada
event-session-ended = Sesión de aplicación cerrada
event-replay-detected = Sesión de aplicación cerrada porque pueden haber robado su acceso
event-other-sessions-ended = Todas las demás sesiones cerradas
event-password-changed = Contraseña cambiada
event-password-proof-failed = Contraseña incorrecta al hacer un cambio
event-recovery-started = Recuperación de contraseña solicitada
event-password-recovered = Contraseña sustituida mediante recuperación
event-email-added = Dirección de correo añadida
event-email-removed = Dirección de correo quitada
event-token-created = Token de acceso creado
event-token-revoked = Token de acceso revocado
event-reset-allowed = Restablecimiento de la identidad de cifrado permitido
event-display-name-changed = Nombre visible cambiado
event-session-renamed = Nombre de dispositivo cambiado
event-data-exported = Datos descargados
event-account-locked = Cuenta bloqueada
event-account-unlocked = Cuenta desbloqueada
event-account-deactivated = Cuenta eliminada
event-account-reactivated = Cuenta restaurada
event-other = Otro cambio

## Access tokens

tokens-title = Tokens de acceso
tokens-lead = Para tus propios scripts y programas. Quien tenga uno puede actuar en tu nombre sin tu contraseña.
tokens-count =
    { $count ->
        [0] Ninguno
        [one] Uno en uso
       *[other] { $count } en uso
    }
tokens-manage = Gestionar
tokens-new = Nuevo token de acceso
tokens-empty = No tienes ninguno. Crea uno cuando un script tuyo necesite usar tu cuenta.
tokens-off = No tienes ninguno. Quienes gestionan este servicio los han desactivado.
tokens-never-used = Nunca usado
tokens-until = hasta el { $date }
tokens-without-end = no caduca
tokens-expired = Caducado
tokens-revoke = Revocar
tokens-revoke-title = ¿Revocar { $name }?
tokens-revoke-lead = Lo que use este token dejará de funcionar enseguida. No se puede recuperar.
tokens-revoked = Se ha revocado { $name }.
tokens-remove-title = ¿Quitar { $name }?
tokens-remove-lead = Ha caducado: ya nada puede usarlo.
tokens-removed = Se ha quitado { $name }.

token-title = Nuevo token de acceso
token-lead = No le des más de lo que su programa necesita.
token-name = Nombre
token-name-hint = Para reconocerlo más adelante, por ejemplo «Script de copias». Tus aplicaciones de chat lo muestran con este nombre, como un dispositivo.
token-name-refused = Elige un nombre de 100 letras como máximo.
token-scope = Qué puede hacer
token-no-scope = Elige al menos una cosa.
token-scope-refused = Una de estas no se te permite. Elige otras.
token-power = Tiene poder sobre todo el servidor
token-power-detail = No solo sobre tu cuenta. Dale una vida corta y guárdalo donde nadie más pueda leerlo.
token-expiry = Válido durante
token-expiry-refused = Elige otro plazo.
token-days =
    { $days ->
        [one] 1 día
       *[other] { $days } días
    }
token-without-end = Sin fin
token-ends = Deja de funcionar el { $date }.
token-never-ends = Funciona hasta que lo revoques.
token-too-many = Tienes demasiados tokens de acceso o dispositivos. Revoca o desconecta lo que ya no uses y vuelve a intentarlo.
token-denied = Esto no está permitido desde aquí. Pregunta a quienes gestionan este servicio.
token-create = Crear el token
token-done-title = Tu nuevo token de acceso
token-done-lead = Cópialo donde tu programa lo encuentre.
token-once = Solo lo ves ahora
token-once-detail = Por tu seguridad no se guarda aquí. Si lo pierdes, revócalo y crea otro.
token-value = token de acceso
token-stored = Ya lo he guardado

## Privacy

privacy-title = Tus datos
privacy-lead = Qué se guarda aquí sobre ti y cómo ponerle fin.
export-title = Descargar
export-lead = Todo lo que este servicio guarda sobre tu cuenta: perfil, direcciones, dispositivos, lo que has permitido y la actividad de seguridad. Un archivo JSON.
export-not = No incluye tus mensajes. Están en el servidor de chat y en tus aplicaciones.
export-download = Descargar tus datos
retention-title = Cuánto tiempo se guardan las cosas
retention-addresses =
    { $days ->
        [one] Las direcciones IP de navegadores y aplicaciones se olvidan un día después de su último uso.
       *[other] Las direcciones IP de navegadores y aplicaciones se olvidan { $days } días después de su último uso.
    }
retention-sessions =
    { $days ->
        [one] Lo que se ha desconectado se olvida después de un día.
       *[other] Lo que se ha desconectado se olvida después de { $days } días.
    }
retention-events =
    { $days ->
        [one] La actividad de seguridad pierde sus direcciones IP y navegadores después de un día.
       *[other] La actividad de seguridad pierde sus direcciones IP y navegadores después de { $days } días.
    }
retention-failures =
    { $days ->
        [one] Los inicios de sesión fallidos se olvidan después de un día.
       *[other] Los inicios de sesión fallidos se olvidan después de { $days } días.
    }

delete-title = Eliminar tu cuenta
delete-panel-lead = Para siempre. Nadie puede recuperarla, ni siquiera quienes gestionan este servicio.
delete-go = Eliminar tu cuenta
delete-lead = Estás a punto de eliminar { $mxid }.
delete-sessions = Se cierra la sesión de todos tus dispositivos y aplicaciones.
delete-rooms = Sales de todas tus salas.
delete-name = Tu ID de Matrix no podrá volver a usarse nunca, ni por ti ni por nadie.
delete-for-ever = Esto no se puede deshacer.
delete-erase = Ocultar también mis mensajes a quienes entren más tarde en mis salas
delete-erase-hint = Quienes estaban allí conservan lo que tienen.
delete-type-mxid = Escribe tu ID de Matrix para confirmar
delete-last-warning = El siguiente paso elimina tu cuenta
delete-confirm = Eliminar mi cuenta
delete-keep = Conservar mi cuenta

## Reset of the encryption identity

reset-title = ¿Restablecer tu identidad de cifrado?
reset-lead = Una aplicación crea entonces una nueva para ti. Los demás dejan de saber que tus dispositivos son tuyos hasta que vuelvan a verificarte.
reset-keeps = Conservas tu cuenta, tus contactos, tus salas y tus ajustes
reset-loses = Pierdes los mensajes cifrados que solo están guardados en el servidor
reset-verify = Vuelves a verificar tus dispositivos y contactos
reset-only-if = Hazlo solo si no tienes otro dispositivo con la sesión iniciada y has perdido tu clave de recuperación.
reset-confirm = Permitir el restablecimiento
reset-back = Conservar mi identidad
reset-allowed-title = El restablecimiento está permitido
reset-allowed-lead = Vuelve a tu aplicación en los próximos diez minutos y termina allí. Puedes cerrar esta página.
reset-allowed-devices = ¿Has perdido un dispositivo? Su sesión sigue abierta. Cuando tu aplicación termine, cierra la sesión de lo que ya no tengas.
reset-cancelled-title = No se ha restablecido nada
reset-cancelled-lead = Puedes cerrar esta página y volver a tu aplicación.
