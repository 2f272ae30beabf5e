### Las palabras de las páginas. Se trata de «tú».

## Everywhere

sign-in = Iniciar sesión
create-account = Crear una cuenta
sign-out = Cerrar sesión
cancel = Cancelar
copy = Copiar
copied = Copiado
other-account = Usar otra cuenta
warning = Advertencia
to-start = Ir a la página de inicio
signed-in-as = Sesión iniciada como

shell-privacy = Privacidad
shell-terms = Condiciones
shell-made-with = Funciona con Latchkey

## Start page

index-title = Tu cuenta
index-title-signed-in = Sesión iniciada
index-heading = Tu cuenta empieza aquí
index-lead = Aquí inician sesión las personas de { $homeserver }, sea cual sea su aplicación de chat.
index-from-app = ¿Vienes de una aplicación de chat? Vuelve a ella e inicia sesión desde allí. Te traerá aquí por sí sola.
index-heading-signed-in = Has iniciado sesión
index-signed-in-apps = Las aplicaciones de chat que abras en este navegador ya pueden pedir usar esta cuenta.
index-discovery = Documento de descubrimiento

## Signing in

login-title = Iniciar sesión
login-title-problem = Problema al iniciar sesión
login-heading = Iniciar sesión
login-lead = Con tu cuenta en { $homeserver }.
login-next-app = Para continuar a { $app }
login-next-account = Para gestionar tu cuenta.
login-next-link = Después se conectará con ella tu cuenta de { $provider }.
login-username = Nombre de usuario
login-username-or-email = Nombre de usuario o dirección de correo
login-password = Contraseña
login-show-password = Mostrar la contraseña
login-or = o
login-provider = Continuar con { $provider }
login-no-account = ¿Aún no tienes cuenta?

login-problem = Todavía no has iniciado sesión
login-username-missing = Introduce tu nombre de usuario.
login-password-missing = Introduce tu contraseña.
login-wrong-credentials = No hay ninguna cuenta con este nombre y contraseña. Comprueba ambos y vuelve a intentarlo.
login-wrong-password = Esta no es la contraseña de la cuenta de abajo. Compruébala y vuelve a intentarlo.
login-throttled =
    { $minutes ->
        [one] Ha habido demasiados intentos. Espera un minuto y vuelve a intentarlo.
       *[other] Ha habido demasiados intentos. Espera { $minutes } minutos y vuelve a intentarlo.
    }
login-form-expired = Esta página ha estado abierta demasiado tiempo o tu navegador rechaza las cookies. Introduce tu contraseña otra vez.

login-no-way = Ahora mismo nadie puede iniciar sesión aquí
login-no-way-detail = Todas las formas de iniciar sesión están desactivadas. Quienes gestionan { $homeserver } pueden cambiarlo.

## Creating an account

register-title = Crear una cuenta
register-title-problem = Problema al crear la cuenta
register-lead = En { $homeserver }, para cualquier aplicación de chat que hable Matrix.
register-username-hint = Los demás te encontrarán como @usuario:{ $homeserver }. No se puede cambiar después.
register-email = Correo electrónico
register-email-hint = Enviamos allí un código para comprobar que es tuyo.
register-password-hint = Unas cuantas palabras poco comunes son fáciles de recordar y difíciles de adivinar.
register-password-confirm = Contraseña otra vez
register-accept = He leído los términos del servicio y los acepto
register-read-terms = Leer los términos
register-have-account = ¿Ya tienes cuenta?
register-continue = Continuar

register-problem = Todavía no hay ninguna cuenta
register-username-missing = Elige un nombre de usuario.
register-username-taken = Este nombre de usuario no está disponible. Elige otro.
register-username-too-long = Este nombre de usuario es demasiado largo. Elige uno más corto.
register-username-invalid-chars = Un nombre de usuario solo tiene letras minúsculas de la a a la z, cifras y . = _ / + -
register-username-all-numeric = Un nombre de usuario no puede tener solo cifras. Añade una letra.
register-username-refused = Las reglas de este servidor no permiten este nombre de usuario. Elige otro.
register-email-missing = Escribe tu correo electrónico.
register-email-invalid = Esto no es una dirección de correo. Debería parecerse a nombre@example.org.
register-email-refused = Las reglas de este servidor no permiten esta dirección de correo. Usa otra.
register-password-missing = Elige una contraseña.
register-password-weak = Esta contraseña es demasiado fácil de adivinar. Hazla más larga o usa unas cuantas palabras poco comunes.
register-password-too-long = Esta contraseña es demasiado larga. Elige una más corta.
register-password-mismatch = Las dos contraseñas son distintas. Escribe la misma dos veces.
register-terms-missing = Marca la casilla si aceptas los términos. Sin eso no puede haber cuenta.
register-denied = Las reglas de este servidor no lo permiten.
register-throttled =
    { $minutes ->
        [one] Ha habido demasiados intentos. Espera un minuto y vuelve a intentarlo.
       *[other] Ha habido demasiados intentos. Espera { $minutes } minutos y vuelve a intentarlo.
    }
register-form-expired = Esta página ha estado abierta demasiado tiempo o tu navegador rechaza las cookies. Inténtalo otra vez.

register-token-title = Escribe tu código de invitación
register-token-lead = Las cuentas nuevas en { $homeserver } son por invitación. Quienes lo gestionan pueden darte un código.
register-token = Código de invitación
register-token-missing = Escribe tu código de invitación.
register-token-invalid = Este código no vale. Puede estar mal escrito, agotado o ser demasiado antiguo.
register-token-spent = Tu código se ha agotado o retirado entretanto. Escribe otro.

register-email-title = Mira tu correo
register-email-lead = Hemos enviado un código de seis cifras a { $email }.
register-code = Código del correo
register-code-missing = Escribe el código del correo.
register-code-wrong = Ese no es el código. Mira el correo más reciente: los códigos anteriores ya no valen.
register-code-expired = Este código ha caducado: los códigos duran cinco minutos. Pide otro más abajo.
register-nothing-came = ¿No ha llegado nada?
register-nothing-came-detail = Puede tardar un minuto. Mira también entre el correo no deseado.
register-resend = Enviar otro código
register-resent = Otro código está en camino. A partir de ahora solo vale ese.
register-resend-wait =
    { $minutes ->
        [one] Podrás pedir otro código dentro de un minuto.
       *[other] Podrás pedir otro código dentro de { $minutes } minutos.
    }
register-change = Otro correo electrónico
register-change-send = Enviar allí un código

register-name-title = ¿Cómo te deben llamar?
register-name-lead = El nombre se muestra junto a tu dirección, { $mxid }. Puedes cambiarlo cuando quieras.
register-name = Nombre
register-name-invalid = Escribe un nombre que no sea demasiado largo, o sigue sin él.
register-name-set = Crear la cuenta
register-name-skip = Llamadme simplemente { $username }

register-closed-title = Por ahora no hay cuentas nuevas
register-closed-lead = Aquí nadie puede crear una cuenta por su cuenta. Quienes gestionan { $homeserver } pueden decirte más.
register-unknown-title = No hay nada que continuar
register-unknown-lead = Puede que el enlace esté incompleto o sea demasiado antiguo. No se ha creado ninguna cuenta.
register-expired-title = Ha tardado demasiado
register-expired-lead = Por tu seguridad, hay una hora desde la primera página hasta la última. No se ha creado ninguna cuenta.
register-foreign-title = Sigue donde empezaste
register-foreign-lead = Estos pasos se empezaron en otro navegador y solo se pueden terminar allí. O empieza aquí de nuevo.
register-username-taken-title = Alguien ha sido más rápido
register-username-taken-lead = El nombre { $what } se ha ocupado entretanto. Empieza de nuevo con otro.
register-email-in-use-title = Ya tienes una cuenta
register-email-in-use-lead = La dirección { $what } pertenece a una cuenta de aquí. Inicia sesión con ella o empieza de nuevo con otra dirección.
register-start-over = Empezar de nuevo

## Proving again who one is

reauthenticate-title = Confirma que eres tú
reauthenticate-title-problem = Problema al confirmar que eres tú
reauthenticate-heading = Confirma que eres tú
reauthenticate-lead = Introduce tu contraseña otra vez para continuar.
reauthenticate-lead-app = { $app } quiere asegurarse. Introduce tu contraseña otra vez para continuar.
reauthenticate-problem = Todavía sin confirmar
reauthenticate-continue = Continuar

## Which account

choose-title = Elegir una cuenta
choose-heading = ¿Es esta la cuenta correcta?
choose-lead-expected = { $app } espera { $expected }, pero este navegador tiene la sesión iniciada con otra cuenta.
choose-this = Continuar como { $account }
choose-heading-create = Ya tienes una cuenta
choose-lead-create = { $app } te ha enviado aquí para crear una cuenta, pero este navegador ya tiene una sesión abierta. Usa esa cuenta o crea otra.
choose-create = Crear otra cuenta
choose-title-another = Hace falta otra cuenta
choose-heading-another = Hace falta otra cuenta
choose-lead-another = { $app } se usó antes con otra cuenta y quiere esa. Inicia sesión con ella o vuelve atrás.

## Allowing an app

consent-title = Permitir { $app }
consent-heading = ¿Permitir que { $app } use tu cuenta?
consent-able-to = Podrá
consent-nothing = Saber que has iniciado sesión, y nada más
consent-identity = Saber quién eres
consent-identity-detail = Tu ID de Matrix, { $mxid }
consent-messages = Leer y enviar mensajes en tu nombre
consent-messages-detail = En todas tus salas, junto con todo lo demás que hace una aplicación de chat
consent-device = Ser uno de tus dispositivos
consent-device-detail = Aparece como { $device }. Puedes cerrar su sesión en cualquier momento.
consent-profile = Ver tu nombre
consent-profile-detail = El nombre visible que ven los demás
consent-email = Ver tu dirección de correo
consent-email-detail = Para contactar contigo fuera de Matrix
consent-account = Cambiar tu cuenta
consent-account-detail = Tu perfil, tus direcciones de correo y tus otros dispositivos
consent-synapse-admin = Gestionar el servidor { $server }
consent-synapse-admin-detail = Todas las cuentas, todas las salas y todo lo que se guarda allí
consent-accounts-admin = Gestionar todas las cuentas de { $server }
consent-accounts-admin-detail = Crear, bloquear y eliminar cuentas, poner contraseñas, cerrar sesiones de otras personas
consent-other = Hacer algo para lo que esta página no tiene palabras
consent-as = Con esta cuenta
consent-alarm = { $app } pide el control de todo { $server }, no solo de tu cuenta.
consent-alarm-advice = Permítelo solo si gestionas este servidor y lo has iniciado tú.
app-privacy = Privacidad en { $app }
app-terms = Condiciones de { $app }
consent-next-site = Después irás a { $host }
consent-next-this-device = Después irás a una aplicación de este ordenador, en { $host }
consent-next-app-scheme = Después irás a la aplicación de este dispositivo que abre los enlaces { $scheme }
consent-allow = Permitir { $app }
consent-allow-admin = Dejar que { $app } gestione este servidor

## Allowing an app that uses the older sign-in

compat-sso-title = Iniciar sesión en { $app }
compat-sso-title-here = Iniciar sesión en una aplicación
compat-sso-heading = ¿Iniciar sesión en { $app }?
compat-sso-heading-here = ¿Iniciar sesión en una aplicación de este dispositivo?
compat-sso-lead = Una aplicación de ese sitio quiere usar tu cuenta.
compat-sso-lead-this-device = Una aplicación de este ordenador quiere usar tu cuenta.
compat-sso-lead-app-scheme = La aplicación de este dispositivo que abre los enlaces { $scheme } quiere usar tu cuenta.
compat-sso-warning = Continúa solo si acabas de iniciarlo en una aplicación en la que confías
compat-sso-warning-detail = Si alguien te ha enviado un enlace que te ha traído aquí, cancela: la aplicación podrá leer y escribir como si fueras tú.
compat-sso-device-detail = Aparece entre tus dispositivos. Puedes cerrar su sesión en cualquier momento.
compat-sso-continue = Continuar a { $app }
compat-sso-continue-here = Continuar a la aplicación

## Letting a device in

link-title = Iniciar sesión en un dispositivo
link-title-problem = Problema al iniciar sesión en un dispositivo
link-heading = Iniciar sesión en un dispositivo
link-lead = El dispositivo muestra un código. Escríbelo aquí y podrá usar tu cuenta.
link-code = Código del dispositivo
link-code-hint = Seis letras y cifras. Las mayúsculas, los espacios y los guiones no importan.
link-continue = Continuar
link-problem = Todavía no se ha iniciado ninguna sesión
link-missing = Escribe el código que muestra el dispositivo.
link-no-code = Un código tiene seis letras y cifras. Comprueba lo que muestra el dispositivo.
link-unknown = Ningún dispositivo espera con este código. Compruébalo o haz que el dispositivo muestre otro: los códigos duran veinte minutos.
link-throttled =
    { $minutes ->
        [one] Ha habido demasiados intentos. Espera un minuto y vuelve a intentarlo.
       *[other] Ha habido demasiados intentos. Espera { $minutes } minutos y vuelve a intentarlo.
    }
link-form-expired = Esta página ha estado abierta demasiado tiempo o tu navegador rechaza las cookies. Inténtalo otra vez.
link-phone = Usar el teléfono en su lugar
link-phone-detail = Escanea esto con el teléfono o abre allí { $address }.
link-qr = Código QR de la dirección { $address }

device-title = Iniciar sesión en un dispositivo
device-title-problem = Problema al iniciar sesión en un dispositivo
device-heading = ¿Es tuyo este dispositivo?
device-lead = { $app } en otro dispositivo quiere usar tu cuenta.
device-warning = Continúa solo si lo has iniciado tú
device-warning-detail = Si alguien te ha enviado un código o un enlace, recházalo: quien tenga el dispositivo podría leer y escribir como si fueras tú.
device-asks = Este dispositivo pregunta
device-unknown = Un dispositivo que no dice qué es
device-asked =
    { $minutes ->
        [0] hace menos de un minuto
        [one] hace un minuto
       *[other] hace { $minutes } minutos
    }
device-address = desde { $address }
device-shows = Su pantalla muestra
device-app-able-to = Podrá
device-confirm = Este dispositivo es mío y su pantalla muestra { $code }
device-unconfirmed = Marca la casilla si el dispositivo es tuyo. Si no lo es, recházalo.
device-problem = Todavía no se ha iniciado ninguna sesión
device-form-expired = Esta página ha estado abierta demasiado tiempo o tu navegador rechaza las cookies. Mira otra vez el dispositivo y decide.
device-allow = Permitir { $app }
device-refuse = Rechazar
device-granted-title = Tu dispositivo ha iniciado sesión
device-granted-lead = { $app } sigue por sí sola en un momento.
device-rejected-title = Lo has rechazado
device-rejected-lead = { $app } no tiene acceso a tu cuenta.
device-close = Puedes cerrar esta página.
device-expired-title = Este código ha caducado
device-expired-lead = Haz que el dispositivo muestre otro código y escríbelo a tiempo: los códigos duran veinte minutos.
device-unknown-title = Aquí no espera ningún dispositivo
device-unknown-lead = Puede que el enlace esté incompleto o sea demasiado antiguo. Escribe el código que muestra el dispositivo.
device-again = Escribir un código

## When the rules of the server refuse

refusal-title = Aquí no se permite
refusal-title-devices = Demasiados dispositivos
refusal-heading = Este inicio de sesión no se permite aquí
refusal-heading-app = { $app } no se permite aquí
refusal-lead = Las normas de { $server } no dejan que esta aplicación use tu cuenta. Si crees que deberían, pregunta a quienes gestionan el servidor.
refusal-heading-devices = Tienes demasiados dispositivos
refusal-lead-devices =
    { $count ->
        [one] Cierra la sesión de un dispositivo que ya no uses. Después vuelve a la aplicación e inténtalo otra vez.
       *[other] Cierra la sesión de { $count } dispositivos que ya no uses. Después vuelve a la aplicación e inténtalo otra vez.
    }
refusal-devices = Elegir qué sesiones cerrar
refusal-back = Volver a { $app }

## Accounts that cannot be used

stopped-locked-title = Esta cuenta está bloqueada
stopped-locked-lead = { $mxid } no se puede usar por ahora. No se ha perdido nada de lo que contiene.
stopped-deactivated-title = Esta cuenta se ha cerrado
stopped-deactivated-lead = { $mxid } se ha desactivado y ya no se puede usar.
stopped-session-ended-title = Se ha cerrado tu sesión
stopped-session-ended-lead = Este navegador tenía la sesión iniciada como { $mxid }. Se ha cerrado desde otro lugar.
stopped-contact = Quienes gestionan { $homeserver } pueden decirte más.
stopped-sign-in-again = Volver a iniciar sesión

## Signing out

logout-title = Cerrar sesión
logout-title-done = Sesión cerrada
logout-heading = ¿Cerrar la sesión en este navegador?
logout-lead = Tus aplicaciones de chat siguen con la sesión iniciada. Para volver a usar estas páginas tendrás que iniciar sesión.
logout-stay = Seguir con la sesión iniciada
end-session-lead-app = { $app } te ha enviado aquí para cerrar la sesión.
logout-heading-done = Has cerrado la sesión
logout-lead-done = Este navegador no tiene acceso a ninguna cuenta aquí. Tus aplicaciones de chat siguen con la sesión iniciada.

## When something fails

error-reference = Error { $status }, referencia
error-refused-title = No ha funcionado
error-refused-lead = Vuelve atrás e inténtalo otra vez. Si venías de una aplicación, empieza de nuevo desde allí.
error-not-found-title = Eso no está aquí
error-not-found-lead = Puede que ya no exista o que el enlace esté incompleto.
error-moved-on-title = Eso ya no es posible
error-moved-on-lead = Algo ha cambiado mientras tanto. Si venías de una aplicación, empieza de nuevo desde allí.
error-throttled-title = Han sido demasiadas veces
error-throttled-lead = Espera unos minutos y vuelve a intentarlo.
error-unavailable-title = Un momento, por favor
error-unavailable-lead = El servicio no puede responder ahora. Vuelve a intentarlo en un minuto; no se ha perdido nada.
error-internal-title = Algo ha fallado por nuestra parte
error-internal-lead = No has sido tú. Vuelve a intentarlo en un minuto. Si se repite, envía la referencia de abajo a quienes gestionan este servicio.

not-found-title = Aquí no hay ninguna página
not-found-lead = Puede que la dirección esté mal escrita o que la página haya cambiado de lugar.

spent-used-title = Este enlace ya se ha usado
spent-used-lead = Por tu seguridad solo sirve una vez. Si ya has iniciado sesión, no queda nada por hacer.
spent-expired-title = Este enlace ha caducado
spent-expired-lead = Por tu seguridad solo sirve durante un tiempo.
spent-cancelled-title = Has dicho que no
spent-cancelled-lead = Se ha avisado a la aplicación y no ha recibido nada. Si has cambiado de opinión, empieza de nuevo.
spent-ready-title = Todo listo
spent-ready-lead = Has permitido la aplicación. Si no se ha abierto por sí sola, ábrela aquí.
spent-continue = Continuar a { $app }
spent-again = Empezar de nuevo
spent-start-again = Vuelve a tu aplicación y empieza de nuevo desde allí.
spent-retry = Volver a { $app }

busy-title = Un momento, por favor
busy-lead = Ahora mismo hay muchas personas iniciando sesión desde tu red. No se ha perdido nada: espera un momento y vuelve a intentarlo.
busy-again = Volver a intentarlo

app-problem-title = Esa aplicación ha preguntado mal
app-problem-heading = No se puede responder a esto
app-problem-lead = La aplicación que te ha enviado aquí se ha equivocado al preguntar. No se le ha dado nada tuyo.
app-problem-detail = Para quienes se ocupan de la aplicación
app-problem-way = La aplicación quiere que se lo digan en { $place }. Ve allí solo si venías de ahí.
app-problem-go-on = Continuar a { $place }

form-post-title = Te llevamos de vuelta
form-post-lead = Continúas a { $host }.
form-post-continue = Continuar

account-title = Tu cuenta
account-needs-scripts = Estas páginas necesitan JavaScript
account-needs-scripts-lead = Actívalo en este sitio para gestionar tu cuenta. Para iniciar y cerrar sesión no hace falta.

## Correos

mail-code-subject = Tu código es { $code }
mail-code-lead = Este es el código para tu cuenta en { $place }:
mail-code-use = Escríbelo donde lo pediste. Vale durante cinco minutos; si lo pediste otra vez, solo vale el más reciente.
mail-code-not-you = Si no lo pediste, no tienes que hacer nada: sin el código, nadie puede añadir tu dirección a su cuenta. No se lo des a nadie, te lo pida quien te lo pida.

## Nombres de los dispositivos

device-name = { $client } en { $device }
device-name-program = { $program } para { $system }
device-name-unknown = un dispositivo desconocido
