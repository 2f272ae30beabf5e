### Die Wörter auf den Seiten. Angesprochen wird mit „du“, wie in Chat-Apps üblich.

## Everywhere

sign-in = Anmelden
create-account = Konto erstellen
sign-out = Abmelden
cancel = Abbrechen
copy = Kopieren
copied = Kopiert
other-account = Anderes Konto verwenden
warning = Warnung
to-start = Zur Startseite
signed-in-as = Angemeldet als

shell-privacy = Datenschutz
shell-terms = Nutzungsbedingungen
shell-made-with = Läuft mit Latchkey

## Start page

index-title = Dein Konto
index-title-signed-in = Angemeldet
index-heading = Hier beginnt dein Konto
index-lead = Hier melden sich alle an, die auf { $homeserver } sind, mit welcher Chat-App auch immer.
index-from-app = Du kommst aus einer Chat-App? Geh zu ihr zurück und melde dich dort an. Sie bringt dich von selbst hierher.
index-heading-signed-in = Du bist angemeldet
index-signed-in-apps = Chat-Apps, die du in diesem Browser öffnest, können jetzt darum bitten, dieses Konto zu benutzen.
index-discovery = Discovery-Dokument

## Signing in

login-title = Anmelden
login-title-problem = Problem beim Anmelden
login-heading = Anmelden
login-lead = Mit deinem Konto auf { $homeserver }.
login-next-app = Weiter geht es zu { $app }
login-next-account = Um dein Konto zu verwalten.
login-next-link = Danach wird dein Konto bei { $provider } damit verbunden.
login-username = Benutzername
login-username-or-email = Benutzername oder E-Mail-Adresse
login-password = Passwort
login-show-password = Passwort zeigen
login-or = oder
login-provider = Weiter mit { $provider }
login-no-account = Noch kein Konto?

login-problem = Du bist noch nicht angemeldet
login-username-missing = Gib deinen Benutzernamen ein.
login-password-missing = Gib dein Passwort ein.
login-wrong-credentials = Es gibt kein Konto mit diesem Namen und Passwort. Prüfe beides und versuche es noch einmal.
login-wrong-password = Das ist nicht das Passwort des Kontos unten. Prüfe es und versuche es noch einmal.
login-throttled =
    { $minutes ->
        [one] Das waren zu viele Versuche. Warte eine Minute und versuche es dann noch einmal.
       *[other] Das waren zu viele Versuche. Warte { $minutes } Minuten und versuche es dann noch einmal.
    }
login-form-expired = Diese Seite war zu lange offen, oder dein Browser nimmt keine Cookies an. Gib dein Passwort noch einmal ein.

login-no-way = Im Moment kann sich hier niemand anmelden
login-no-way-detail = Alle Wege zur Anmeldung sind abgeschaltet. Die Betreiber von { $homeserver } können das ändern.

## Creating an account

register-title = Konto erstellen
register-title-problem = Problem beim Erstellen des Kontos
register-lead = Auf { $homeserver }, für jede Chat-App, die Matrix spricht.
register-username-hint = Andere finden dich als @benutzername:{ $homeserver }. Das lässt sich später nicht ändern.
register-email = E-Mail-Adresse
register-email-hint = Wir schicken einen Code dorthin, um zu sehen, dass es deine ist.
register-password-hint = Ein paar ungewöhnliche Wörter sind leicht zu merken und schwer zu erraten.
register-password-confirm = Passwort noch einmal
register-accept = Ich habe die Nutzungsbedingungen gelesen und stimme ihnen zu
register-read-terms = Nutzungsbedingungen lesen
register-have-account = Schon ein Konto?
register-continue = Weiter

register-problem = Noch gibt es kein Konto
register-username-missing = Wähle einen Benutzernamen.
register-username-taken = Dieser Benutzername ist nicht zu haben. Wähle einen anderen.
register-username-too-long = Dieser Benutzername ist zu lang. Wähle einen kürzeren.
register-username-invalid-chars = Ein Benutzername besteht nur aus Kleinbuchstaben von a bis z, Ziffern und . = _ / + -
register-username-all-numeric = Ein Benutzername kann nicht nur aus Ziffern bestehen. Füge einen Buchstaben hinzu.
register-username-refused = Die Regeln dieses Servers erlauben diesen Benutzernamen nicht. Wähle einen anderen.
register-email-missing = Gib deine E-Mail-Adresse ein.
register-email-invalid = Das ist keine E-Mail-Adresse. Sie sollte aussehen wie name@example.org.
register-email-refused = Die Regeln dieses Servers erlauben diese E-Mail-Adresse nicht. Nimm eine andere.
register-password-missing = Wähle ein Passwort.
register-password-weak = Dieses Passwort ist zu leicht zu erraten. Mach es länger oder nimm ein paar ungewöhnliche Wörter.
register-password-too-long = Dieses Passwort ist zu lang. Wähle ein kürzeres.
register-password-mismatch = Die beiden Passwörter sind verschieden. Tippe zweimal dasselbe.
register-terms-missing = Setze den Haken, wenn du den Nutzungsbedingungen zustimmst. Ohne das gibt es kein Konto.
register-denied = Die Regeln dieses Servers erlauben das nicht.
register-throttled =
    { $minutes ->
        [one] Das waren zu viele Versuche. Warte eine Minute und versuche es dann noch einmal.
       *[other] Das waren zu viele Versuche. Warte { $minutes } Minuten und versuche es dann noch einmal.
    }
register-form-expired = Diese Seite war zu lange offen, oder dein Browser nimmt keine Cookies an. Versuche es noch einmal.

register-token-title = Gib deinen Einladungscode ein
register-token-lead = Neue Konten auf { $homeserver } gibt es auf Einladung. Die Betreiber können dir einen Code geben.
register-token = Einladungscode
register-token-missing = Gib deinen Einladungscode ein.
register-token-invalid = Dieser Code gilt nicht. Vielleicht ist er vertippt, aufgebraucht oder zu alt.
register-token-spent = Dein Code wurde inzwischen aufgebraucht oder zurückgezogen. Gib einen anderen ein.

register-email-title = Sieh in deine E-Mails
register-email-lead = Wir haben einen Code mit sechs Ziffern an { $email } geschickt.
register-code = Code aus der E-Mail
register-code-missing = Gib den Code aus der E-Mail ein.
register-code-wrong = Das ist nicht der Code. Sieh in die neueste E-Mail: ältere Codes gelten nicht mehr.
register-code-expired = Dieser Code ist abgelaufen: Codes gelten fünf Minuten. Lass dir unten einen neuen schicken.
register-nothing-came = Nichts angekommen?
register-nothing-came-detail = Es kann eine Minute dauern. Sieh auch bei den unerwünschten E-Mails nach.
register-resend = Noch einen Code schicken
register-resent = Ein neuer Code ist unterwegs. Von jetzt an gilt nur dieser.
register-resend-wait =
    { $minutes ->
        [one] In einer Minute kannst du dir noch einen Code schicken lassen.
       *[other] In { $minutes } Minuten kannst du dir noch einen Code schicken lassen.
    }
register-change = Andere E-Mail-Adresse
register-change-send = Code dorthin schicken

register-name-title = Wie sollen andere dich nennen?
register-name-lead = Der Name steht neben deiner Adresse { $mxid }. Du kannst ihn jederzeit ändern.
register-name = Name
register-name-invalid = Gib einen Namen ein, der nicht zu lang ist, oder mach ohne weiter.
register-name-set = Konto erstellen
register-name-skip = Nennt mich einfach { $username }

register-closed-title = Im Moment keine neuen Konten
register-closed-lead = Hier kann niemand selbst ein Konto erstellen. Die Betreiber von { $homeserver } wissen mehr.
register-unknown-title = Hier gibt es nichts fortzusetzen
register-unknown-lead = Der Link ist vielleicht unvollständig oder zu alt. Es wurde kein Konto erstellt.
register-expired-title = Das hat zu lange gedauert
register-expired-lead = Zu deiner Sicherheit bleibt von der ersten bis zur letzten Seite eine Stunde. Es wurde kein Konto erstellt.
register-foreign-title = Mach dort weiter, wo du begonnen hast
register-foreign-lead = Diese Schritte wurden in einem anderen Browser begonnen und können nur dort beendet werden. Oder beginne hier von vorn.
register-username-taken-title = Jemand war schneller
register-username-taken-lead = Der Name { $what } wurde inzwischen vergeben. Beginne mit einem anderen von vorn.
register-email-in-use-title = Du hast schon ein Konto
register-email-in-use-lead = Die Adresse { $what } gehört zu einem Konto hier. Melde dich damit an oder beginne mit einer anderen Adresse von vorn.
register-start-over = Von vorn beginnen

## Proving again who one is

reauthenticate-title = Bestätige, dass du es bist
reauthenticate-title-problem = Problem beim Bestätigen
reauthenticate-heading = Bestätige, dass du es bist
reauthenticate-lead = Gib dein Passwort noch einmal ein, um fortzufahren.
reauthenticate-lead-app = { $app } will sichergehen. Gib dein Passwort noch einmal ein, um fortzufahren.
reauthenticate-problem = Noch nicht bestätigt
reauthenticate-continue = Weiter

## Which account

choose-title = Konto wählen
choose-heading = Ist das das richtige Konto?
choose-lead-expected = { $app } erwartet { $expected }, aber dieser Browser ist mit einem anderen Konto angemeldet.
choose-this = Weiter als { $account }
choose-heading-create = Du hast schon ein Konto
choose-lead-create = { $app } hat dich hergeschickt, um ein Konto zu erstellen, aber dieser Browser ist schon bei einem angemeldet. Benutze es oder erstelle ein weiteres.
choose-create = Weiteres Konto erstellen
choose-title-another = Ein anderes Konto ist nötig
choose-heading-another = Ein anderes Konto ist nötig
choose-lead-another = { $app } wurde bisher mit einem anderen Konto benutzt und will dieses. Melde dich damit an oder geh zurück.

## Allowing an app

consent-title = { $app } erlauben
consent-heading = Darf { $app } dein Konto benutzen?
consent-able-to = Das wird damit möglich
consent-nothing = Wissen, dass du dich angemeldet hast, und sonst nichts
consent-identity = Wissen, wer du bist
consent-identity-detail = Deine Matrix-ID, { $mxid }
consent-messages = In deinem Namen Nachrichten lesen und senden
consent-messages-detail = In allen deinen Räumen, dazu alles andere, was eine Chat-App tut
consent-device = Eines deiner Geräte sein
consent-device-detail = Geführt als { $device }. Du kannst es jederzeit abmelden.
consent-profile = Deinen Namen sehen
consent-profile-detail = Den Anzeigenamen, den auch andere sehen
consent-email = Deine E-Mail-Adresse sehen
consent-email-detail = Um dich außerhalb von Matrix zu erreichen
consent-account = Dein Konto ändern
consent-account-detail = Dein Profil, deine E-Mail-Adressen und deine anderen Geräte
consent-synapse-admin = Den Server { $server } verwalten
consent-synapse-admin-detail = Jedes Konto, jeden Raum und alles, was dort liegt
consent-accounts-admin = Jedes Konto auf { $server } verwalten
consent-accounts-admin-detail = Konten anlegen, sperren und löschen, Passwörter setzen, Leute abmelden
consent-other = Etwas tun, wofür diese Seite keine Worte hat
consent-as = Mit diesem Konto
consent-alarm = { $app } will die Kontrolle über ganz { $server }, nicht nur über dein Konto.
consent-alarm-advice = Erlaube das nur, wenn du diesen Server betreibst und es selbst angestoßen hast.
app-privacy = Datenschutz bei { $app }
app-terms = Nutzungsbedingungen von { $app }
consent-next-site = Danach geht es zu { $host }
consent-next-this-device = Danach geht es zu einer App auf diesem Computer, unter { $host }
consent-next-app-scheme = Danach geht es zu der App auf diesem Gerät, die { $scheme }-Links öffnet
consent-allow = { $app } erlauben
consent-allow-admin = { $app } diesen Server verwalten lassen

## Allowing an app that uses the older sign-in

compat-sso-title = Bei { $app } anmelden
compat-sso-title-here = Bei einer App anmelden
compat-sso-heading = Bei { $app } anmelden?
compat-sso-heading-here = Bei einer App auf diesem Gerät anmelden?
compat-sso-lead = Eine App dort will dein Konto benutzen.
compat-sso-lead-this-device = Eine App auf diesem Computer will dein Konto benutzen.
compat-sso-lead-app-scheme = Die App auf diesem Gerät, die { $scheme }-Links öffnet, will dein Konto benutzen.
compat-sso-warning = Mach nur weiter, wenn du das gerade in einer App angestoßen hast, der du vertraust
compat-sso-warning-detail = Wenn dir jemand einen Link geschickt hat, der hierher führte, brich ab: Die App könnte als du lesen und schreiben.
compat-sso-device-detail = Geführt unter deinen Geräten. Du kannst es jederzeit abmelden.
compat-sso-continue = Weiter zu { $app }
compat-sso-continue-here = Weiter zur App

## Letting a device in

link-title = Gerät anmelden
link-title-problem = Problem beim Anmelden eines Geräts
link-heading = Gerät anmelden
link-lead = Das Gerät zeigt einen Code. Tippe ihn hier ein, dann kann es dein Konto benutzen.
link-code = Code auf dem Gerät
link-code-hint = Sechs Buchstaben und Ziffern. Großschreibung, Leerzeichen und Striche sind egal.
link-continue = Weiter
link-problem = Noch wurde nichts angemeldet
link-missing = Tippe den Code ein, den das Gerät zeigt.
link-no-code = Ein Code hat sechs Buchstaben und Ziffern. Sieh nach, was das Gerät zeigt.
link-unknown = Kein Gerät wartet mit diesem Code. Prüfe ihn oder lass das Gerät einen neuen zeigen: Codes gelten zwanzig Minuten.
link-throttled =
    { $minutes ->
        [one] Das waren zu viele Versuche. Warte eine Minute und versuche es dann noch einmal.
       *[other] Das waren zu viele Versuche. Warte { $minutes } Minuten und versuche es dann noch einmal.
    }
link-form-expired = Diese Seite war zu lange offen, oder dein Browser nimmt keine Cookies an. Versuche es noch einmal.
link-phone = Stattdessen das Telefon benutzen
link-phone-detail = Scanne dies mit dem Telefon oder öffne dort { $address }.
link-qr = QR-Code der Adresse { $address }

device-title = Gerät anmelden
device-title-problem = Problem beim Anmelden eines Geräts
device-heading = Ist das dein Gerät?
device-lead = { $app } auf einem anderen Gerät will dein Konto benutzen.
device-warning = Mach nur weiter, wenn du das angestoßen hast
device-warning-detail = Wenn dir jemand einen Code oder einen Link geschickt hat, lehne ab: Wer das Gerät hat, könnte als du lesen und schreiben.
device-asks = Dieses Gerät fragt
device-unknown = Ein Gerät, das nicht sagt, was es ist
device-asked =
    { $minutes ->
        [0] vor weniger als einer Minute
        [one] vor einer Minute
       *[other] vor { $minutes } Minuten
    }
device-address = von { $address }
device-shows = Auf seinem Bildschirm steht
device-app-able-to = Das wird damit möglich
device-confirm = Dieses Gerät gehört mir, und auf seinem Bildschirm steht { $code }
device-unconfirmed = Setze den Haken, wenn das Gerät dir gehört. Wenn nicht, lehne ab.
device-problem = Noch wurde nichts angemeldet
device-form-expired = Diese Seite war zu lange offen, oder dein Browser nimmt keine Cookies an. Sieh noch einmal auf das Gerät und entscheide dann.
device-allow = { $app } erlauben
device-refuse = Ablehnen
device-granted-title = Dein Gerät ist angemeldet
device-granted-lead = { $app } macht gleich von selbst weiter.
device-rejected-title = Du hast abgelehnt
device-rejected-lead = { $app } hat keinen Zugang zu deinem Konto.
device-close = Du kannst diese Seite schließen.
device-expired-title = Dieser Code ist abgelaufen
device-expired-lead = Lass das Gerät einen neuen Code zeigen und tippe ihn rechtzeitig ein: Codes gelten zwanzig Minuten.
device-unknown-title = Hier wartet kein Gerät
device-unknown-lead = Der Link ist vielleicht unvollständig oder zu alt. Tippe den Code ein, den das Gerät zeigt.
device-again = Code eintippen

## When the rules of the server refuse

refusal-title = Hier nicht erlaubt
refusal-title-devices = Zu viele Geräte
refusal-heading = Diese Anmeldung ist hier nicht erlaubt
refusal-heading-app = { $app } ist hier nicht erlaubt
refusal-lead = Nach den Regeln von { $server } darf diese App dein Konto nicht benutzen. Wenn du das anders siehst, frag die Betreiber des Servers.
refusal-heading-devices = Du hast zu viele Geräte
refusal-lead-devices =
    { $count ->
        [one] Melde ein Gerät ab, das du nicht mehr benutzt. Geh dann zur App zurück und versuche es noch einmal.
       *[other] Melde { $count } Geräte ab, die du nicht mehr benutzt. Geh dann zur App zurück und versuche es noch einmal.
    }
refusal-devices = Geräte zum Abmelden wählen
refusal-back = Zurück zu { $app }

## Accounts that cannot be used

stopped-locked-title = Dieses Konto ist gesperrt
stopped-locked-lead = { $mxid } kann im Moment nicht benutzt werden. Nichts darin ist verloren.
stopped-deactivated-title = Dieses Konto wurde geschlossen
stopped-deactivated-lead = { $mxid } wurde deaktiviert und kann nicht mehr benutzt werden.
stopped-session-ended-title = Du wurdest abgemeldet
stopped-session-ended-lead = Dieser Browser war als { $mxid } angemeldet. Er wurde von anderswo abgemeldet.
stopped-contact = Die Betreiber von { $homeserver } können dir mehr sagen.
stopped-sign-in-again = Wieder anmelden

## Signing out

logout-title = Abmelden
logout-title-done = Abgemeldet
logout-heading = In diesem Browser abmelden?
logout-lead = Deine Chat-Apps bleiben angemeldet. Um diese Seiten wieder zu benutzen, musst du dich anmelden.
logout-stay = Angemeldet bleiben
end-session-lead-app = { $app } hat dich zum Abmelden hierher geschickt.
logout-heading-done = Du bist abgemeldet
logout-lead-done = Dieser Browser hat keinen Zugang zu einem Konto hier. Deine Chat-Apps bleiben angemeldet.

## When something fails

error-reference = Fehler { $status }, Kennung
error-refused-title = Das hat nicht geklappt
error-refused-lead = Geh zurück und versuche es noch einmal. Wenn du aus einer App kamst, fang dort neu an.
error-not-found-title = Das gibt es nicht
error-not-found-lead = Vielleicht ist es weg, oder der Link ist unvollständig.
error-moved-on-title = Das geht nicht mehr
error-moved-on-lead = Inzwischen hat sich etwas geändert. Wenn du aus einer App kamst, fang dort neu an.
error-throttled-title = Das war zu oft
error-throttled-lead = Warte ein paar Minuten und versuche es dann noch einmal.
error-unavailable-title = Einen Moment bitte
error-unavailable-lead = Der Dienst kann gerade nicht antworten. Versuche es in einer Minute noch einmal; verloren ist nichts.
error-internal-title = Bei uns ist etwas schiefgegangen
error-internal-lead = Es lag nicht an dir. Versuche es in einer Minute noch einmal. Wenn es wieder geschieht, schick die Kennung unten an die Betreiber dieses Dienstes.

not-found-title = Hier gibt es keine Seite
not-found-lead = Die Adresse ist vielleicht falsch getippt, oder die Seite ist umgezogen.

spent-used-title = Dieser Link wurde schon benutzt
spent-used-lead = Zu deiner Sicherheit gilt er nur einmal. Wenn du inzwischen angemeldet bist, ist nichts mehr zu tun.
spent-expired-title = Dieser Link ist abgelaufen
spent-expired-lead = Zu deiner Sicherheit gilt er nur eine Weile.
spent-cancelled-title = Du hast das abgelehnt
spent-cancelled-lead = Die App hat das erfahren und nichts bekommen. Wenn du es dir anders überlegt hast, fang neu an.
spent-ready-title = Alles ist bereit
spent-ready-lead = Du hast die App erlaubt. Wenn sie sich nicht von selbst geöffnet hat, öffne sie hier.
spent-continue = Weiter zu { $app }
spent-again = Neu anfangen
spent-start-again = Geh zu deiner App zurück und fang dort neu an.
spent-retry = Zurück zu { $app }

busy-title = Einen Moment bitte
busy-lead = Gerade melden sich viele Leute aus deinem Netz an. Verloren ist nichts: Warte einen Augenblick und versuche es dann noch einmal.
busy-again = Noch einmal versuchen

app-problem-title = Die App hat falsch gefragt
app-problem-heading = Darauf gibt es keine Antwort
app-problem-lead = Die App, die dich hierher geschickt hat, hat beim Fragen einen Fehler gemacht. Sie hat nichts von dir bekommen.
app-problem-detail = Für die Leute, die sich um die App kümmern
app-problem-way = Die App will das unter { $place } erfahren. Geh nur dorthin, wenn du von dort kamst.
app-problem-go-on = Weiter zu { $place }

form-post-title = Es geht zurück
form-post-lead = Weiter geht es zu { $host }.
form-post-continue = Weiter

account-title = Dein Konto
account-needs-scripts = Diese Seiten brauchen JavaScript
account-needs-scripts-lead = Schalte es für diese Website ein, um dein Konto zu verwalten. An- und Abmelden geht auch ohne.

## E-Mails

mail-code-subject = Dein Code ist { $code }
mail-code-lead = Das ist der Code für dein Konto bei { $place }:
mail-code-use = Gib ihn dort ein, wo du ihn angefordert hast. Er gilt fünf Minuten; wenn du noch einmal darum gebeten hast, gilt nur der neueste.
mail-code-not-you = Wenn du ihn nicht angefordert hast, musst du nichts tun: Ohne den Code kann niemand deine Adresse zu seinem Konto hinzufügen. Gib ihn niemandem, wer auch immer fragt.

## Namen von Geräten

device-name = { $client } auf { $device }
device-name-program = { $program } für { $system }
device-name-unknown = unbekanntem Gerät
