### Die Wörter der Konto-App. Angesprochen wird mit „du“, wie in Chat-Apps üblich.

## Everywhere

loading = Wird geladen
close = Schließen
save = Speichern
remove = Entfernen
rename = Umbenennen
try-again = Noch einmal versuchen
to-your-account = Zu deinem Konto
skip-to-content = Zum Inhalt springen
your-password = Dein Passwort
wrong-password = Das ist nicht dein Passwort. Prüfe es und versuche es noch einmal.

nav = Konto
nav-account = Konto
nav-devices = Geräte
nav-security = Sicherheit
nav-privacy = Daten
nav-plan = Tarif

choose-language = Sprache
choose-theme = Darstellung
theme-system = Wie das Gerät
theme-light = Hell
theme-dark = Dunkel

pager = Seiten
pager-newer = Neuere
pager-older = Ältere

time-now = gerade eben
time-day-and-hour = { $day }, { $time }

failure-title = Das hat nicht geklappt
failure-offline = Der Dienst ist nicht zu erreichen. Prüfe deine Verbindung und versuche es noch einmal.
failure-rate-limited =
    { $minutes ->
        [one] Das war zu oft. Warte eine Minute und versuche es dann noch einmal.
       *[other] Das war zu oft. Warte { $minutes } Minuten und versuche es dann noch einmal.
    }
failure-homeserver = Der Chat-Server antwortet nicht. Versuche es in einer Minute noch einmal; geändert wurde nichts.
failure-disabled = Die Betreiber dieses Dienstes haben das abgeschaltet.
failure-internal = Bei uns ist etwas schiefgegangen. Es lag nicht an dir. Versuche es in einer Minute noch einmal.

broken-title = Das lässt sich gerade nicht anzeigen
broken-details = Einzelheiten für die Betreiber dieses Dienstes

session-lost-title = Du bist abgemeldet
session-lost-lead = Melde dich an, um dort weiterzumachen, wo du warst.

## Account

home-title = Dein Konto
home-lead = Wie andere dich auf { $homeserver } sehen und wie du zu erreichen bist.

profile-title = Dein Profil
profile-edit = Namen ändern
profile-name = Anzeigename
profile-name-hint = Andere sehen ihn neben deinen Nachrichten. Ist er leer, steht dort deine Matrix-ID.
profile-name-invalid = Dieser Name ist zu lang. Wähle einen mit höchstens 200 Buchstaben.
profile-saved = Dein Name wurde geändert.
profile-unavailable = Der Chat-Server antwortet nicht, deshalb fehlt hier dein Anzeigename.

emails-title = E-Mail-Adressen
emails-lead = Für Nachrichten über dein Konto und damit du wieder hineinkommst, wenn du dein Passwort vergisst.
emails-empty = Noch keine. Mit einer kommst du wieder hinein, wenn du dein Passwort vergisst.
emails-add = Adresse hinzufügen
emails-new = Neue Adresse
emails-new-hint = Dorthin geht ein Code, damit sicher ist, dass sie dir gehört.
emails-send-code = Code senden
emails-invalid = Das ist keine E-Mail-Adresse. Sieh nach, ob du dich vertippt hast.
emails-yours-already = Diese Adresse hat dein Konto schon.
emails-denied = Diese Adresse ist hier nicht erlaubt. Nimm eine andere.
emails-too-many = In letzter Zeit wurden zu viele Codes gesendet. Warte ein paar Minuten und versuche es dann noch einmal.
emails-remove = Adresse entfernen
emails-remove-title = Diese Adresse entfernen?
emails-remove-lead = Mit { $email } kommst du dann nicht mehr in dein Konto zurück.
emails-remove-last = Es ist die letzte: Ohne eine kommst du nicht wieder hinein, wenn du dein Passwort vergisst.
emails-removed = { $email } wurde entfernt.

verify-title = Code eingeben
verify-lead = Er ging an { $email }. Das kann eine Minute dauern.
verify-code = Code aus der Mail
verify-code-hint = Sechs Ziffern
verify-continue = Adresse hinzufügen
verify-incomplete = Ein Code hat sechs Ziffern. Sieh in der Mail nach.
verify-wrong = Das ist nicht der Code. Nimm den aus der neuesten Mail.
verify-expired = Dieser Code ist abgelaufen. Lass dir einen neuen senden.
verify-too-many = Das waren zu viele Versuche. Warte ein paar Minuten und versuche es dann noch einmal.
verify-nothing-came = Nichts angekommen? Sieh im Spam-Ordner nach oder
verify-resend = lass dir einen neuen Code senden
verify-resent = Ein neuer Code ist unterwegs. Ältere gelten nicht mehr.
verify-resent-too-often = In letzter Zeit wurden zu viele gesendet. Warte ein paar Minuten und versuche es dann noch einmal.
verify-done = { $email } wurde hinzugefügt.

in-use-title = Diese Adresse ist vergeben
in-use-lead = { $email } gehört hier zu einem anderen Konto. Entferne sie zuerst dort oder nimm eine andere Adresse.

sign-out-title = Hier abmelden
sign-out-lead = Dieser Browser kommt dann nicht mehr auf diese Seiten. Deine Chat-Apps bleiben angemeldet.

plan-title = Dein Tarif
plan-lead = Was zu deinem Konto gehört und wie du es änderst.
plan-open = Tarif ansehen

## Devices

sessions-title = Deine Geräte
sessions-lead = Alles, was dein Konto benutzen kann. Melde ab, was du nicht kennst.
sessions-filter = Nur zeigen
sessions-search = Nach App, Gerät oder Adresse suchen
sessions-all = Alle
sessions-apps = Apps
sessions-browsers = Browser
sessions-inactive = 90 Tage unbenutzt
sessions-ended = Abgemeldete
sessions-count =
    { $count ->
        [one] Eine Anmeldung
       *[other] { $count } Anmeldungen
    }
sessions-matches =
    { $count ->
        [0] Nichts gefunden
        [one] Eine Anmeldung gefunden
       *[other] { $count } Anmeldungen gefunden
    }
sessions-empty = Nichts ist angemeldet. Geräte erscheinen hier, wenn du dich mit einem Browser oder einer App anmeldest.
sessions-no-match = Hier passt nichts. Versuche es mit weniger Wörtern oder zeige alle.
sessions-this-device = Dieses Gerät
sessions-this-browser = Dieser Browser
sessions-active-now = Gerade aktiv
sessions-last-used = Zuletzt benutzt:
sessions-signed-in = Angemeldet:
sessions-limit-title = Du hast zu viele Geräte
sessions-limit-lead =
    { $count ->
        [one] Eine App ist angemeldet; möglich sind { $limit }. Melde ab, was du nicht mehr benutzt, bevor du eine weitere anmeldest.
       *[other] { $count } Apps sind angemeldet; möglich sind { $limit }. Melde ab, was du nicht mehr benutzt, bevor du eine weitere anmeldest.
    }
sessions-limit-near =
    { $count ->
        [one] Eine App ist angemeldet. Ab { $limit } kannst du keine weiteren anmelden.
       *[other] { $count } Apps sind angemeldet. Ab { $limit } kannst du keine weiteren anmelden.
    }

device-unknown-kind = Unbekanntes Gerät
device-computer-of = Computer mit { $os }
device-phone-of = Telefon mit { $os }
device-tablet-of = Tablet mit { $os }
browser-unknown = Unbekannter Browser
app-unknown = Unbekannte App
program-on = { $program } auf { $device }

sign-out-one-title = { $program } abmelden?
sign-out-browser-lead = { $program } ({ $device }) kann dein Konto dann nicht mehr ändern. Apps, die darüber angemeldet wurden, bleiben angemeldet.
sign-out-app-lead = { $program } ({ $device }) kann dann nicht mehr in deinem Namen lesen und schreiben.
sign-out-keys = Verschlüsselte Nachrichten, die nur auf einem abgemeldeten Gerät lesbar sind, gehen verloren, wenn du keinen Wiederherstellungsschlüssel und kein anderes Gerät hast, das sie lesen kann.
sign-out-keep = Angemeldet lassen
sign-out-done = { $program } ({ $device }) wurde abgemeldet.

others-sign-out = Alle anderen abmelden
others-title = Alle anderen abmelden?
others-lead =
    { $browsers ->
        [0] { $apps ->
            [one] Eine App verliert sofort den Zugang zu deinem Konto. Dieser Browser bleibt angemeldet.
           *[other] { $apps } Apps verlieren sofort den Zugang zu deinem Konto. Dieser Browser bleibt angemeldet.
        }
        [one] { $apps ->
            [0] Ein Browser verliert sofort den Zugang zu deinem Konto. Dieser hier bleibt angemeldet.
            [one] Ein Browser und eine App verlieren sofort den Zugang zu deinem Konto. Dieser Browser bleibt angemeldet.
           *[other] Ein Browser und { $apps } Apps verlieren sofort den Zugang zu deinem Konto. Dieser Browser bleibt angemeldet.
        }
       *[other] { $apps ->
            [0] { $browsers } Browser verlieren sofort den Zugang zu deinem Konto. Dieser hier bleibt angemeldet.
            [one] { $browsers } Browser und eine App verlieren sofort den Zugang zu deinem Konto. Dieser Browser bleibt angemeldet.
           *[other] { $browsers } Browser und { $apps } Apps verlieren sofort den Zugang zu deinem Konto. Dieser Browser bleibt angemeldet.
        }
    }
others-keep-here =
    { $count ->
        [one] Die App auf diesem Gerät angemeldet lassen
       *[other] Die { $count } Apps auf diesem Gerät angemeldet lassen
    }
others-confirm =
    { $count ->
        [one] Eine Anmeldung beenden
       *[other] { $count } Anmeldungen beenden
    }
others-done =
    { $count ->
        [0] Es war sonst nichts angemeldet.
        [one] Eine Anmeldung wurde beendet.
       *[other] { $count } Anmeldungen wurden beendet.
    }

session-about = Über diese Anmeldung
session-able-to = Was sie kann
session-name = Name
session-device = Gerät
session-app = App
session-apps = Darüber angemeldete Apps
session-apps-count =
    { $count ->
        [0] Keine
        [one] Eine
       *[other] { $count }
    }
session-allowed-in = Erlaubt in
session-ended = Abgemeldet
session-last-used = Zuletzt benutzt
session-never = Noch nicht
session-address = IP-Adresse
session-since = Angemeldet
session-device-id = Geräte-ID
session-user-agent = Was es über sich sagt

permission-server = Den ganzen Chat-Server verwalten
permission-accounts = Alle Konten auf diesem Server verwalten

rename-title = Gerät benennen
rename-label = Name
rename-hint = Leute, mit denen du schreibst, können ihn sehen, wenn sie dieses Gerät verifizieren.
rename-done = Das Gerät hat einen neuen Namen.

device-gone-title = Dieses Gerät ist nicht angemeldet
device-gone-lead = Keine aktive Anmeldung hat die Geräte-ID { $device }. Vielleicht wurde es schon abgemeldet.
device-gone-list = Geräte ansehen

client-lead = Was diese App über sich sagt.
client-site = Website
client-goes-to = Schickt dich zurück zu
client-id = Client-ID

## Security

security-title = Sicherheit
security-lead = Was dein Konto schützt und was damit geschehen ist.
security-ways = Was dein Konto schützt

password-title = Passwort
password-change = Passwort ändern
password-fixed = Die Betreiber dieses Dienstes verwalten Passwörter an anderer Stelle.
password-none = Dein Konto hat kein Passwort, das du ändern könntest.
password-current = Jetziges Passwort
password-new = Neues Passwort
password-new-hint = Mehrere Wörter ohne Zusammenhang sind stark und leicht zu merken.
password-again = Neues Passwort, noch einmal
password-match = Beide sind gleich.
password-differ = Noch sind sie verschieden.
password-differ-error = Das ist anders als oben. Tippe zweimal dasselbe.
password-missing = Wähle ein neues Passwort.
password-too-weak = Dieses Passwort ist zu leicht zu erraten. Mach es länger oder nimm Wörter ohne Zusammenhang dazu.

strength-0 = Sehr schwach.
strength-1 = Schwach.
strength-2 = Mittel.
strength-3 = Stark.
strength-4 = Sehr stark.
strength-common = Es steht auf der Liste bekannt gewordener Passwörter, die Angreifer zuerst versuchen. Wähle ein anderes.
strength-more = Mach es länger oder nimm Wörter ohne Zusammenhang dazu.
strength-enough = Das genügt.

change-title = Passwort ändern
change-lead = Nimm eines, das du sonst nirgends benutzt.
change-others = Auch überall sonst abmelden
change-others-hint = Alle anderen Browser und Apps. Tu das, wenn jemand anderes dein Passwort kennen könnte. Verschlüsselte Nachrichten, die nur diese Geräte lesen können, gehen verloren.

changed-title = Dein Passwort wurde geändert
changed-lead = Nimm von jetzt an das neue.
changed-back = Zurück zur Sicherheit
changed-devices = Geräte prüfen
changed-tokens =
    { $count ->
        [one] Dein Zugangsschlüssel funktioniert weiter.
       *[other] Deine { $count } Zugangsschlüssel funktionieren weiter.
    }
changed-tokens-check = Zugangsschlüssel prüfen

recovery-title = Neues Passwort wählen
recovery-lead = Für das Konto { $name }.
recovery-save = Passwort speichern
recovery-expired-lead = Solche Links gelten zehn Minuten. Lass dir einen neuen an dieselbe Adresse senden.
recovery-resend = Neuen Link an { $email } senden
recovery-locked = Dieses Konto ist gesperrt. Die Betreiber dieses Dienstes können dir mehr sagen.

identity-title = Verschlüsselungs-Identität
identity-detail = Zeigt anderen, dass deine Geräte dir gehören
identity-reset = Zurücksetzen

activity-lately = In letzter Zeit
activity-all = Alles ansehen
activity-title = Sicherheitsverlauf
activity-lead = Was mit deinem Konto geschehen ist. Wenn etwas nicht von dir war, ändere dein Passwort und melde alle anderen ab.
activity-empty = Noch ist nichts geschehen. Anmeldungen und Änderungen erscheinen hier.
activity-by-administrator = durch die Verwaltung

event-account-created = Konto angelegt
event-signed-in = Angemeldet
event-sign-in-failed = Anmeldung ist jemandem misslungen
event-reauthenticated = Passwort bestätigt
event-signed-out = Browser abgemeldet
event-consent-given = App erlaubt
event-consent-refused = App abgelehnt
event-session-started = App angemeldet
event-session-ended = App abgemeldet
event-replay-detected = App abgemeldet, weil ihr Zugang gestohlen worden sein könnte
event-other-sessions-ended = Alle anderen abgemeldet
event-password-changed = Passwort geändert
event-password-proof-failed = Falsches Passwort bei einer Änderung
event-recovery-started = Neues Passwort angefordert
event-password-recovered = Passwort über die Mail ersetzt
event-email-added = E-Mail-Adresse hinzugefügt
event-email-removed = E-Mail-Adresse entfernt
event-token-created = Zugangsschlüssel erstellt
event-token-revoked = Zugangsschlüssel widerrufen
event-reset-allowed = Zurücksetzen der Verschlüsselungs-Identität erlaubt
event-display-name-changed = Anzeigename geändert
event-session-renamed = Gerät umbenannt
event-data-exported = Daten heruntergeladen
event-account-locked = Konto gesperrt
event-account-unlocked = Konto entsperrt
event-account-deactivated = Konto gelöscht
event-account-reactivated = Konto wiederhergestellt
event-other = Etwas anderes geändert

## Access tokens

tokens-title = Zugangsschlüssel
tokens-lead = Für deine eigenen Skripte und Programme. Wer einen hat, kann ohne dein Passwort in deinem Namen handeln.
tokens-count =
    { $count ->
        [0] Keiner
        [one] Einer in Gebrauch
       *[other] { $count } in Gebrauch
    }
tokens-manage = Verwalten
tokens-new = Neuer Zugangsschlüssel
tokens-empty = Du hast keinen. Erstelle einen, wenn ein Skript von dir dein Konto benutzen soll.
tokens-off = Du hast keinen. Die Betreiber dieses Dienstes haben sie abgeschaltet.
tokens-never-used = Nie benutzt
tokens-until = bis { $date }
tokens-without-end = läuft nicht ab
tokens-expired = Abgelaufen
tokens-revoke = Widerrufen
tokens-revoke-title = { $name } widerrufen?
tokens-revoke-lead = Was diesen Schlüssel benutzt, funktioniert sofort nicht mehr. Er lässt sich nicht zurückholen.
tokens-revoked = { $name } wurde widerrufen.
tokens-remove-title = { $name } entfernen?
tokens-remove-lead = Er ist abgelaufen: Nichts kann ihn mehr benutzen.
tokens-removed = { $name } wurde entfernt.

token-title = Neuer Zugangsschlüssel
token-lead = Gib ihm nicht mehr, als sein Programm braucht.
token-name = Name
token-name-hint = Damit du ihn später wiedererkennst, etwa „Sicherungsskript“. Deine Chat-Apps führen ihn unter diesem Namen als Gerät auf.
token-name-refused = Wähle einen Namen mit höchstens 100 Buchstaben.
token-scope = Was er darf
token-no-scope = Wähle mindestens eines.
token-scope-refused = Eines davon ist dir nicht erlaubt. Wähle andere.
token-power = Er hat Macht über den ganzen Server
token-power-detail = Nicht nur über dein Konto. Gib ihm eine kurze Laufzeit und bewahre ihn so auf, dass ihn sonst niemand lesen kann.
token-expiry = Gültig für
token-expiry-refused = Wähle eine andere Zeit.
token-days =
    { $days ->
        [one] 1 Tag
       *[other] { $days } Tage
    }
token-without-end = Ohne Ende
token-ends = Er funktioniert bis zum { $date }.
token-never-ends = Er funktioniert, bis du ihn widerrufst.
token-too-many = Du hast zu viele Zugangsschlüssel oder Geräte. Widerrufe oder melde ab, was du nicht mehr benutzt, und versuche es dann erneut.
token-denied = Das ist von hier aus nicht erlaubt. Frag die Betreiber dieses Dienstes.
token-create = Schlüssel erstellen
token-done-title = Dein neuer Zugangsschlüssel
token-done-lead = Kopiere ihn dorthin, wo dein Programm ihn findet.
token-once = Du siehst ihn nur jetzt
token-once-detail = Zu deiner Sicherheit wird er hier nicht aufbewahrt. Wenn du ihn verlierst, widerrufe ihn und erstelle einen neuen.
token-value = Zugangsschlüssel
token-stored = Ich habe ihn gespeichert

## Privacy

privacy-title = Deine Daten
privacy-lead = Was hier über dich aufbewahrt wird und wie du das beendest.
export-title = Herunterladen
export-lead = Alles, was dieser Dienst zu deinem Konto aufbewahrt: Profil, Adressen, Geräte, was du erlaubt hast, und den Sicherheitsverlauf. Eine JSON-Datei.
export-not = Deine Nachrichten sind nicht dabei. Sie liegen auf dem Chat-Server und in deinen Apps.
export-download = Daten herunterladen
retention-title = Wie lange etwas bleibt
retention-addresses =
    { $days ->
        [one] Die IP-Adressen von Browsern und Apps werden einen Tag nach der letzten Benutzung vergessen.
       *[other] Die IP-Adressen von Browsern und Apps werden { $days } Tage nach der letzten Benutzung vergessen.
    }
retention-sessions =
    { $days ->
        [one] Was abgemeldet wurde, wird nach einem Tag vergessen.
       *[other] Was abgemeldet wurde, wird nach { $days } Tagen vergessen.
    }
retention-events =
    { $days ->
        [one] Der Sicherheitsverlauf verliert seine IP-Adressen und Browser nach einem Tag.
       *[other] Der Sicherheitsverlauf verliert seine IP-Adressen und Browser nach { $days } Tagen.
    }
retention-failures =
    { $days ->
        [one] Misslungene Anmeldungen werden nach einem Tag vergessen.
       *[other] Misslungene Anmeldungen werden nach { $days } Tagen vergessen.
    }

delete-title = Konto löschen
delete-panel-lead = Für immer. Niemand kann es zurückholen, auch die Betreiber dieses Dienstes nicht.
delete-go = Konto löschen
delete-lead = Du bist dabei, { $mxid } zu löschen.
delete-sessions = Alle deine Geräte und Apps werden abgemeldet.
delete-rooms = Du verlässt alle deine Räume.
delete-name = Deine Matrix-ID kann nie wieder benutzt werden, weder von dir noch von anderen.
delete-for-ever = Das lässt sich nicht rückgängig machen.
delete-erase = Meine Nachrichten auch vor denen verbergen, die meinen Räumen später beitreten
delete-erase-hint = Wer dabei war, behält, was er hat.
delete-type-mxid = Tippe zur Bestätigung deine Matrix-ID
delete-last-warning = Mit dem nächsten Schritt wird dein Konto gelöscht
delete-confirm = Mein Konto löschen
delete-keep = Mein Konto behalten

## Reset of the encryption identity

reset-title = Verschlüsselungs-Identität zurücksetzen?
reset-lead = Eine App legt dann eine neue für dich an. Andere wissen erst wieder, dass deine Geräte dir gehören, wenn sie dich neu verifizieren.
reset-keeps = Konto, Kontakte, Räume und Einstellungen behältst du
reset-loses = Verschlüsselte Nachrichten, die nur auf dem Server liegen, verlierst du
reset-verify = Deine Geräte und Kontakte verifizierst du neu
reset-only-if = Tu das nur, wenn du kein anderes angemeldetes Gerät hast und dein Wiederherstellungsschlüssel verloren ist.
reset-confirm = Zurücksetzen erlauben
reset-back = Identität behalten
reset-allowed-title = Das Zurücksetzen ist erlaubt
reset-allowed-lead = Geh innerhalb von zehn Minuten zu deiner App zurück und schließe es dort ab. Diese Seite kannst du schließen.
reset-allowed-devices = Ein Gerät verloren? Es bleibt angemeldet. Wenn deine App fertig ist, melde ab, was du nicht mehr hast.
reset-cancelled-title = Nichts wurde zurückgesetzt
reset-cancelled-lead = Du kannst diese Seite schließen und zu deiner App zurückgehen.
