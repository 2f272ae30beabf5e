### Les mots de l’application du compte. On vouvoie.

## Everywhere

loading = Chargement
close = Fermer
save = Enregistrer
remove = Retirer
rename = Renommer
try-again = Réessayer
to-your-account = Aller à votre compte
skip-to-content = Aller au contenu
your-password = Votre mot de passe
wrong-password = Ce n’est pas votre mot de passe. Vérifiez-le et réessayez.

nav = Compte
nav-account = Compte
nav-devices = Appareils
nav-security = Sécurité
nav-privacy = Données
nav-plan = Offre

choose-language = Langue
choose-theme = Apparence
theme-system = Comme l’appareil
theme-light = Claire
theme-dark = Sombre

pager = Pages
pager-newer = Plus récents
pager-older = Plus anciens

time-now = à l’instant
time-day-and-hour = { $day }, { $time }

failure-title = Cela n’a pas marché
failure-offline = Le service est injoignable. Vérifiez votre connexion, puis réessayez.
failure-rate-limited =
    { $minutes ->
        [one] C’était trop souvent. Attendez une minute, puis réessayez.
       *[other] C’était trop souvent. Attendez { $minutes } minutes, puis réessayez.
    }
failure-homeserver = Le serveur de discussion ne répond pas. Réessayez dans une minute ; rien n’a été modifié.
failure-disabled = Les personnes qui gèrent ce service ont désactivé cela.
failure-internal = Quelque chose s’est cassé chez nous. Vous n’y êtes pour rien. Réessayez dans une minute.

broken-title = Impossible d’afficher cela pour le moment
broken-details = Détails pour les personnes qui gèrent ce service

session-lost-title = Vous êtes déconnecté
session-lost-lead = Connectez-vous pour reprendre là où vous étiez.

## Account

home-title = Votre compte
home-lead = Comment les autres vous voient sur { $homeserver }, et comment vous joindre.

profile-title = Votre profil
profile-edit = Changer de nom
profile-name = Nom affiché
profile-name-hint = Les autres le voient à côté de vos messages. Laissez-le vide pour afficher votre identifiant Matrix.
profile-name-invalid = Ce nom est trop long. Choisissez-en un de 200 lettres au plus.
profile-saved = Votre nom a été changé.
profile-unavailable = Le serveur de discussion ne répond pas, votre nom affiché manque donc ici.

emails-title = Adresses e-mail
emails-lead = Pour les messages concernant votre compte, et pour y revenir si vous oubliez votre mot de passe.
emails-empty = Aucune pour l’instant. Avec une adresse, vous pourrez revenir si vous oubliez votre mot de passe.
emails-add = Ajouter une adresse
emails-new = Nouvelle adresse
emails-new-hint = Un code y est envoyé, pour s’assurer qu’elle est à vous.
emails-send-code = Envoyer le code
emails-invalid = Ce n’est pas une adresse e-mail. Vérifiez qu’il n’y a pas de faute de frappe.
emails-yours-already = Votre compte a déjà cette adresse.
emails-denied = Cette adresse n’est pas admise ici. Utilisez-en une autre.
emails-too-many = Trop de codes ont été envoyés récemment. Attendez quelques minutes, puis réessayez.
emails-remove = Retirer l’adresse
emails-remove-title = Retirer cette adresse ?
emails-remove-lead = { $email } ne pourra plus servir à revenir dans votre compte.
emails-remove-last = C’est la dernière : sans adresse, vous ne pourrez plus revenir si vous oubliez votre mot de passe.
emails-removed = { $email } a été retirée.

verify-title = Saisissez le code
verify-lead = Il est parti vers { $email }. Il peut mettre une minute à arriver.
verify-code = Code reçu par e-mail
verify-code-hint = Six chiffres
verify-continue = Ajouter l’adresse
verify-incomplete = Un code a six chiffres. Regardez l’e-mail.
verify-wrong = Ce n’est pas le code. Prenez celui de l’e-mail le plus récent.
verify-expired = Ce code a expiré. Faites-en envoyer un nouveau.
verify-too-many = Il y a eu trop d’essais. Attendez quelques minutes, puis réessayez.
verify-nothing-came = Rien reçu ? Regardez dans les indésirables, ou
verify-resend = faites envoyer un nouveau code
verify-resent = Un nouveau code est en route. Les anciens ne marchent plus.
verify-resent-too-often = Trop de messages ont été envoyés récemment. Attendez quelques minutes, puis réessayez.
verify-done = { $email } a été ajoutée.

in-use-title = Cette adresse est prise
in-use-lead = { $email } appartient ici à un autre compte. Retirez-la d’abord là-bas, ou utilisez une autre adresse.

sign-out-title = Se déconnecter ici
sign-out-lead = Ce navigateur n’aura plus accès à ces pages. Vos applications de discussion restent connectées.

plan-title = Votre offre
plan-lead = Ce que comprend votre compte, et comment le changer.
plan-open = Voir votre offre

## Devices

sessions-title = Vos appareils
sessions-lead = Tout ce qui peut utiliser votre compte. Déconnectez ce que vous ne reconnaissez pas.
sessions-filter = N’afficher que
sessions-search = Chercher par application, appareil ou adresse
sessions-all = Tout
sessions-apps = Applications
sessions-browsers = Navigateurs
sessions-inactive = Inutilisés depuis 90 jours
sessions-ended = Déconnectés
sessions-count =
    { $count ->
        [one] { $count } connexion
       *[other] { $count } connexions
    }
sessions-matches =
    { $count ->
        [0] Rien trouvé
        [one] Une connexion trouvée
       *[other] { $count } connexions trouvées
    }
sessions-empty = Rien n’est connecté. Les appareils apparaissent ici quand vous vous connectez avec un navigateur ou une application.
sessions-no-match = Rien ne correspond. Essayez avec moins de mots, ou affichez tout.
sessions-this-device = Cet appareil
sessions-this-browser = Ce navigateur
sessions-active-now = Actif maintenant
sessions-last-used = Dernière utilisation :
sessions-signed-in = Connecté :
sessions-limit-title = Vous avez trop d’appareils
sessions-limit-lead =
    { $count ->
        [one] Une application est connectée sur { $limit } possibles. Déconnectez ce que vous n’utilisez plus avant d’en ajouter une autre.
       *[other] { $count } applications sont connectées sur { $limit } possibles. Déconnectez ce que vous n’utilisez plus avant d’en ajouter une autre.
    }
sessions-limit-near =
    { $count ->
        [one] Une application est connectée. À partir de { $limit }, vous ne pourrez plus en ajouter.
       *[other] { $count } applications sont connectées. À partir de { $limit }, vous ne pourrez plus en ajouter.
    }

device-unknown-kind = Appareil inconnu
device-computer-of = Ordinateur { $os }
device-phone-of = Téléphone { $os }
device-tablet-of = Tablette { $os }
browser-unknown = Navigateur inconnu
app-unknown = Application inconnue
program-on = { $program } sur { $device }

sign-out-one-title = Déconnecter { $program } ?
sign-out-browser-lead = { $program } sur { $device } ne pourra plus modifier votre compte. Les applications connectées par ce navigateur le restent.
sign-out-app-lead = { $program } sur { $device } ne pourra plus lire ni écrire en votre nom.
sign-out-keys = Les messages chiffrés lisibles seulement sur un appareil déconnecté sont perdus, sauf si vous avez une clé de récupération ou un autre appareil qui peut les lire.
sign-out-keep = Laisser connecté
sign-out-done = { $program } sur { $device } : déconnecté.

others-sign-out = Déconnecter tous les autres
others-title = Déconnecter tous les autres ?
others-lead =
    { $browsers ->
        [0] { $apps ->
            [one] Une application perd aussitôt l’accès à votre compte. Ce navigateur reste connecté.
           *[other] { $apps } applications perdent aussitôt l’accès à votre compte. Ce navigateur reste connecté.
        }
        [one] { $apps ->
            [0] Un navigateur perd aussitôt l’accès à votre compte. Celui-ci reste connecté.
            [one] Un navigateur et une application perdent aussitôt l’accès à votre compte. Ce navigateur-ci reste connecté.
           *[other] Un navigateur et { $apps } applications perdent aussitôt l’accès à votre compte. Ce navigateur-ci reste connecté.
        }
       *[other] { $apps ->
            [0] { $browsers } navigateurs perdent aussitôt l’accès à votre compte. Celui-ci reste connecté.
            [one] { $browsers } navigateurs et une application perdent aussitôt l’accès à votre compte. Ce navigateur-ci reste connecté.
           *[other] { $browsers } navigateurs et { $apps } applications perdent aussitôt l’accès à votre compte. Ce navigateur-ci reste connecté.
        }
    }
others-keep-here =
    { $count ->
        [one] Garder connectée l’application de cet appareil
       *[other] Garder connectées les { $count } applications de cet appareil
    }
others-confirm =
    { $count ->
        [one] Mettre fin à une connexion
       *[other] Mettre fin à { $count } connexions
    }
others-done =
    { $count ->
        [0] Rien d’autre n’était connecté.
        [one] Une connexion a pris fin.
       *[other] { $count } connexions ont pris fin.
    }

session-about = À propos de cette connexion
session-able-to = Ce qu’elle permet
session-name = Nom
session-device = Appareil
session-app = Application
session-apps = Applications connectées par ce navigateur
session-apps-count =
    { $count ->
        [0] Aucune
        [one] Une
       *[other] { $count }
    }
session-allowed-in = Autorisée dans
session-ended = Déconnectée
session-last-used = Dernière utilisation
session-never = Pas encore
session-address = Adresse IP
session-since = Connectée
session-device-id = Identifiant de l’appareil
session-user-agent = Ce qu’il dit de lui-même

permission-server = Gérer tout le serveur de discussion
permission-accounts = Gérer tous les comptes de ce serveur

rename-title = Nommer cet appareil
rename-label = Nom
rename-hint = Les personnes avec qui vous discutez peuvent le voir en vérifiant cet appareil.
rename-done = L’appareil a un nouveau nom.

device-gone-title = Cet appareil n’est pas connecté
device-gone-lead = Aucune connexion active n’a l’identifiant d’appareil { $device }. Il a peut-être déjà été déconnecté.
device-gone-list = Voir vos appareils

client-lead = Ce que cette application dit d’elle-même.
client-site = Site web
client-goes-to = Vous renvoie vers
client-id = Identifiant du client

## Security

security-title = Sécurité
security-lead = Ce qui protège votre compte, et ce qui lui est arrivé.
security-ways = Ce qui protège votre compte

password-title = Mot de passe
password-change = Changer de mot de passe
password-fixed = Les personnes qui gèrent ce service gèrent les mots de passe ailleurs.
password-none = Votre compte n’a pas de mot de passe à changer.
password-current = Mot de passe actuel
password-new = Nouveau mot de passe
password-new-hint = Plusieurs mots sans rapport entre eux sont solides et faciles à retenir.
password-again = Nouveau mot de passe, encore une fois
password-match = Les deux sont identiques.
password-differ = Ils diffèrent encore.
password-differ-error = C’est différent de ci-dessus. Tapez deux fois la même chose.
password-missing = Choisissez un nouveau mot de passe.
password-too-weak = Ce mot de passe est trop facile à deviner. Allongez-le, ou ajoutez des mots sans rapport.

strength-0 = Très faible.
strength-1 = Faible.
strength-2 = Moyen.
strength-3 = Fort.
strength-4 = Très fort.
strength-common = Il figure sur la liste des mots de passe divulgués que les attaquants essaient en premier. Choisissez-en un autre.
strength-more = Allongez-le, ou ajoutez des mots sans rapport.
strength-enough = Cela suffit.

change-title = Changer de mot de passe
change-lead = Prenez-en un que vous n’utilisez nulle part ailleurs.
change-others = Se déconnecter aussi partout ailleurs
change-others-hint = Tous les autres navigateurs et applications. Faites-le si quelqu’un d’autre peut connaître votre mot de passe. Les messages chiffrés que seuls ces appareils peuvent lire sont perdus.

changed-title = Votre mot de passe a été changé
changed-lead = Utilisez désormais le nouveau.
changed-back = Retour à la sécurité
changed-devices = Vérifier vos appareils
changed-tokens =
    { $count ->
        [one] Votre jeton d’accès continue de fonctionner.
       *[other] Vos { $count } jetons d’accès continuent de fonctionner.
    }
changed-tokens-check = Vérifier vos jetons d’accès

recovery-title = Choisissez un nouveau mot de passe
recovery-lead = Pour le compte { $name }.
recovery-save = Enregistrer le mot de passe
recovery-expired-lead = Ces liens marchent dix minutes. Faites-en envoyer un nouveau à la même adresse.
recovery-resend = Envoyer un nouveau lien à { $email }
recovery-locked = Ce compte est verrouillé. Les personnes qui gèrent ce service peuvent vous en dire plus.

identity-title = Identité de chiffrement
identity-detail = Montre aux autres que vos appareils sont à vous
identity-reset = Réinitialiser

activity-lately = Récemment
activity-all = Toute l’activité
activity-title = Activité de sécurité
activity-lead = Ce qui est arrivé à votre compte. Si quelque chose ne vient pas de vous, changez de mot de passe et déconnectez tous les autres.
activity-empty = Rien n’est encore arrivé. Les connexions et les changements apparaîtront ici.
activity-by-administrator = par l’administration

event-account-created = Compte créé
event-signed-in = Connexion
event-sign-in-failed = Échec de connexion de quelqu’un
event-reauthenticated = Mot de passe confirmé
event-signed-out = Navigateur déconnecté
event-consent-given = Application autorisée
event-consent-refused = Application refusée
event-session-started = Application connectée
event-session-ended = Application déconnectée
event-replay-detected = Application déconnectée, car son accès a pu être volé
event-other-sessions-ended = Tous les autres déconnectés
event-password-changed = Mot de passe changé
event-password-proof-failed = Mauvais mot de passe lors d’un changement
event-recovery-started = Récupération du mot de passe demandée
event-password-recovered = Mot de passe remplacé par récupération
event-email-added = Adresse e-mail ajoutée
event-email-removed = Adresse e-mail retirée
event-token-created = Jeton d’accès créé
event-token-revoked = Jeton d’accès révoqué
event-reset-allowed = Réinitialisation de l’identité de chiffrement autorisée
event-display-name-changed = Nom affiché changé
event-session-renamed = Appareil renommé
event-data-exported = Données téléchargées
event-account-locked = Compte verrouillé
event-account-unlocked = Compte déverrouillé
event-account-deactivated = Compte supprimé
event-account-reactivated = Compte rétabli
event-other = Autre changement

## Access tokens

tokens-title = Jetons d’accès
tokens-lead = Pour vos propres scripts et programmes. Qui en a un peut agir en votre nom, sans votre mot de passe.
tokens-count =
    { $count ->
        [0] Aucun
        [one] Un en service
       *[other] { $count } en service
    }
tokens-manage = Gérer
tokens-new = Nouveau jeton d’accès
tokens-empty = Vous n’en avez aucun. Créez-en un quand un de vos scripts doit utiliser votre compte.
tokens-off = Vous n’en avez aucun. Les personnes qui gèrent ce service les ont désactivés.
tokens-never-used = Jamais utilisé
tokens-until = jusqu’au { $date }
tokens-without-end = n’expire pas
tokens-expired = Expiré
tokens-revoke = Révoquer
tokens-revoke-title = Révoquer { $name } ?
tokens-revoke-lead = Ce qui utilise ce jeton cesse aussitôt de marcher. On ne peut pas le rétablir.
tokens-revoked = { $name } : révoqué.
tokens-remove-title = Retirer { $name } ?
tokens-remove-lead = Il a expiré : plus rien ne peut l’utiliser.
tokens-removed = { $name } : retiré.

token-title = Nouveau jeton d’accès
token-lead = Ne lui donnez pas plus que ce dont son programme a besoin.
token-name = Nom
token-name-hint = Pour le reconnaître plus tard, par exemple « Script de sauvegarde ». Vos applications de discussion l’affichent sous ce nom, comme un appareil.
token-name-refused = Choisissez un nom de 100 lettres au plus.
token-scope = Ce qu’il peut faire
token-no-scope = Choisissez au moins une chose.
token-scope-refused = L’une d’elles ne vous est pas permise. Choisissez-en d’autres.
token-power = Il a pouvoir sur tout le serveur
token-power-detail = Pas seulement sur votre compte. Donnez-lui une durée courte, et gardez-le là où personne d’autre ne peut le lire.
token-expiry = Valable pendant
token-expiry-refused = Choisissez une autre durée.
token-days =
    { $days ->
        [one] { $days } jour
       *[other] { $days } jours
    }
token-without-end = Sans fin
token-ends = Il cesse de fonctionner le { $date }.
token-never-ends = Il fonctionne jusqu’à ce que vous le révoquiez.
token-too-many = Vous avez trop de jetons d’accès ou d’appareils. Révoquez ou déconnectez ce que vous n’utilisez plus, puis réessayez.
token-denied = Ce n’est pas autorisé d’ici. Demandez aux personnes qui gèrent ce service.
token-create = Créer le jeton
token-done-title = Votre nouveau jeton d’accès
token-done-lead = Copiez-le là où votre programme le trouvera.
token-once = Vous ne le voyez que maintenant
token-once-detail = Pour votre sécurité, il n’est pas conservé ici. Si vous le perdez, révoquez-le et créez-en un nouveau.
token-value = jeton d’accès
token-stored = Je l’ai enregistré

## Privacy

privacy-title = Vos données
privacy-lead = Ce qui est conservé ici à votre sujet, et comment y mettre fin.
export-title = Télécharger
export-lead = Tout ce que ce service conserve sur votre compte : profil, adresses, appareils, ce que vous avez autorisé, et l’activité de sécurité. Un fichier JSON.
export-not = Vos messages n’y sont pas. Ils sont sur le serveur de discussion et dans vos applications.
export-download = Télécharger vos données
retention-title = Durée de conservation
retention-addresses =
    { $days ->
        [one] Les adresses IP des navigateurs et des applications sont oubliées { $days } jour après leur dernière utilisation.
       *[other] Les adresses IP des navigateurs et des applications sont oubliées { $days } jours après leur dernière utilisation.
    }
retention-sessions =
    { $days ->
        [one] Ce qui a été déconnecté est oublié après { $days } jour.
       *[other] Ce qui a été déconnecté est oublié après { $days } jours.
    }
retention-events =
    { $days ->
        [one] L’activité de sécurité perd ses adresses IP et ses navigateurs après { $days } jour.
       *[other] L’activité de sécurité perd ses adresses IP et ses navigateurs après { $days } jours.
    }
retention-failures =
    { $days ->
        [one] Les connexions échouées sont oubliées après { $days } jour.
       *[other] Les connexions échouées sont oubliées après { $days } jours.
    }

delete-title = Supprimer votre compte
delete-panel-lead = Pour toujours. Personne ne peut le rétablir, pas même les personnes qui gèrent ce service.
delete-go = Supprimer votre compte
delete-lead = Vous êtes sur le point de supprimer { $mxid }.
delete-sessions = Tous vos appareils et applications sont déconnectés.
delete-rooms = Vous quittez tous vos salons.
delete-name = Votre identifiant Matrix ne pourra plus jamais servir, ni à vous ni à quelqu’un d’autre.
delete-for-ever = C’est irréversible.
delete-erase = Cacher aussi mes messages à ceux qui rejoindront mes salons plus tard
delete-erase-hint = Ceux qui étaient là gardent ce qu’ils ont.
delete-type-mxid = Tapez votre identifiant Matrix pour confirmer
delete-last-warning = L’étape suivante supprime votre compte
delete-confirm = Supprimer mon compte
delete-keep = Garder mon compte

## Reset of the encryption identity

reset-title = Réinitialiser votre identité de chiffrement ?
reset-lead = Une application en crée alors une nouvelle pour vous. Les autres ne savent plus que vos appareils sont à vous tant qu’ils ne vous ont pas vérifié de nouveau.
reset-keeps = Vous gardez votre compte, vos contacts, vos salons et vos réglages
reset-loses = Vous perdez les messages chiffrés conservés uniquement sur le serveur
reset-verify = Vous vérifiez de nouveau vos appareils et vos contacts
reset-only-if = Ne le faites que si vous n’avez pas d’autre appareil connecté et avez perdu votre clé de récupération.
reset-confirm = Autoriser la réinitialisation
reset-back = Garder mon identité
reset-allowed-title = La réinitialisation est autorisée
reset-allowed-lead = Retournez à votre application dans les dix minutes et terminez-y. Vous pouvez fermer cette page.
reset-allowed-devices = Vous avez perdu un appareil ? Il reste connecté. Quand votre application a terminé, déconnectez ce que vous n’avez plus.
reset-cancelled-title = Rien n’a été réinitialisé
reset-cancelled-lead = Vous pouvez fermer cette page et retourner à votre application.
