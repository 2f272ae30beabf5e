### Les mots des pages. On vouvoie.

## Everywhere

sign-in = Se connecter
create-account = Créer un compte
sign-out = Se déconnecter
cancel = Annuler
copy = Copier
copied = Copié
other-account = Utiliser un autre compte
warning = Avertissement
to-start = Aller à la page d’accueil
signed-in-as = Connecté en tant que

shell-privacy = Vie privée
shell-terms = Conditions
shell-made-with = Fonctionne avec Latchkey

## Start page

index-title = Votre compte
index-title-signed-in = Connecté
index-heading = Votre compte commence ici
index-lead = C’est ici que se connectent les personnes qui sont sur { $homeserver }, quelle que soit leur application de discussion.
index-from-app = Vous venez d’une application de discussion ? Retournez-y et connectez-vous depuis là. Elle vous amènera ici d’elle-même.
index-heading-signed-in = Vous êtes connecté
index-signed-in-apps = Les applications de discussion que vous ouvrez dans ce navigateur peuvent maintenant demander à utiliser ce compte.
index-discovery = Document de découverte

## Signing in

login-title = Se connecter
login-title-problem = Problème de connexion
login-heading = Se connecter
login-lead = Avec votre compte sur { $homeserver }.
login-next-app = Pour continuer vers { $app }
login-next-account = Pour gérer votre compte.
login-next-link = Ensuite, votre compte { $provider } y sera relié.
login-username = Nom d’utilisateur
login-username-or-email = Nom d’utilisateur ou adresse e-mail
login-password = Mot de passe
login-show-password = Afficher le mot de passe
login-or = ou
login-provider = Continuer avec { $provider }
login-no-account = Pas encore de compte ?

login-problem = Vous n’êtes pas encore connecté
login-username-missing = Saisissez votre nom d’utilisateur.
login-password-missing = Saisissez votre mot de passe.
login-wrong-credentials = Aucun compte n’a ce nom et ce mot de passe. Vérifiez les deux et réessayez.
login-wrong-password = Ce n’est pas le mot de passe du compte ci-dessous. Vérifiez-le et réessayez.
login-throttled =
    { $minutes ->
        [one] Il y a eu trop d’essais. Attendez une minute, puis réessayez.
       *[other] Il y a eu trop d’essais. Attendez { $minutes } minutes, puis réessayez.
    }
login-form-expired = Cette page est restée ouverte trop longtemps, ou votre navigateur refuse les cookies. Saisissez votre mot de passe encore une fois.

login-no-way = Personne ne peut se connecter ici pour le moment
login-no-way-detail = Tous les moyens de connexion sont désactivés. Les personnes qui gèrent { $homeserver } peuvent y remédier.

## Creating an account

register-title = Créer un compte
register-title-problem = Problème de création du compte
register-lead = Sur { $homeserver }, pour toute application de messagerie qui parle Matrix.
register-username-hint = Les autres vous trouveront sous @nom:{ $homeserver }. Cela ne peut pas être changé ensuite.
register-email = Adresse e-mail
register-email-hint = Nous y envoyons un code pour vérifier qu’elle est à vous.
register-password-hint = Quelques mots inhabituels sont faciles à retenir et difficiles à deviner.
register-password-confirm = Mot de passe, encore une fois
register-accept = J’ai lu les conditions d’utilisation et je les accepte
register-read-terms = Lire les conditions
register-have-account = Vous avez déjà un compte ?
register-continue = Continuer

register-problem = Le compte n’existe pas encore
register-username-missing = Choisissez un nom d’utilisateur.
register-username-taken = Ce nom d’utilisateur n’est pas disponible. Choisissez-en un autre.
register-username-too-long = Ce nom d’utilisateur est trop long. Choisissez-en un plus court.
register-username-invalid-chars = Un nom d’utilisateur ne contient que des minuscules de a à z, des chiffres et . = _ / + -
register-username-all-numeric = Un nom d’utilisateur ne peut pas être fait de chiffres seuls. Ajoutez une lettre.
register-username-refused = Les règles de ce serveur n’autorisent pas ce nom d’utilisateur. Choisissez-en un autre.
register-email-missing = Saisissez votre adresse e-mail.
register-email-invalid = Ce n’est pas une adresse e-mail. Elle devrait ressembler à nom@example.org.
register-email-refused = Les règles de ce serveur n’autorisent pas cette adresse e-mail. Utilisez-en une autre.
register-password-missing = Choisissez un mot de passe.
register-password-weak = Ce mot de passe est trop facile à deviner. Allongez-le, ou prenez quelques mots inhabituels.
register-password-too-long = Ce mot de passe est trop long. Choisissez-en un plus court.
register-password-mismatch = Les deux mots de passe diffèrent. Tapez deux fois le même.
register-terms-missing = Cochez la case si vous acceptez les conditions. Sans cela, il ne peut pas y avoir de compte.
register-denied = Les règles de ce serveur ne le permettent pas.
register-throttled =
    { $minutes ->
        [one] Il y a eu trop d’essais. Attendez une minute, puis réessayez.
       *[other] Il y a eu trop d’essais. Attendez { $minutes } minutes, puis réessayez.
    }
register-form-expired = Cette page est restée ouverte trop longtemps, ou votre navigateur refuse les cookies. Réessayez.

register-token-title = Saisissez votre code d’invitation
register-token-lead = Les nouveaux comptes sur { $homeserver } se font sur invitation. Les personnes qui gèrent le serveur peuvent vous donner un code.
register-token = Code d’invitation
register-token-missing = Saisissez votre code d’invitation.
register-token-invalid = Ce code n’est pas valable. Il est peut-être mal tapé, épuisé ou trop ancien.
register-token-spent = Votre code a été épuisé ou retiré entre-temps. Saisissez-en un autre.

register-email-title = Regardez vos e-mails
register-email-lead = Nous avons envoyé un code à six chiffres à { $email }.
register-code = Code reçu par e-mail
register-code-missing = Saisissez le code reçu par e-mail.
register-code-wrong = Ce n’est pas le code. Regardez le dernier e-mail : les codes plus anciens ne valent plus.
register-code-expired = Ce code a expiré : les codes durent cinq minutes. Demandez-en un autre ci-dessous.
register-nothing-came = Rien n’est arrivé ?
register-nothing-came-detail = Cela peut prendre une minute. Regardez aussi parmi les messages indésirables.
register-resend = Envoyer un autre code
register-resent = Un autre code est en route. Lui seul est valable désormais.
register-resend-wait =
    { $minutes ->
        [one] Vous pourrez demander un autre code dans une minute.
       *[other] Vous pourrez demander un autre code dans { $minutes } minutes.
    }
register-change = Une autre adresse e-mail
register-change-send = Y envoyer un code

register-name-title = Comment doit-on vous appeler ?
register-name-lead = Le nom s’affiche à côté de votre adresse, { $mxid }. Vous pourrez le changer à tout moment.
register-name = Nom
register-name-invalid = Saisissez un nom, pas trop long, ou continuez sans.
register-name-set = Créer le compte
register-name-skip = Appelez-moi simplement { $username }

register-closed-title = Pas de nouveaux comptes pour le moment
register-closed-lead = Personne ne peut créer de compte ici soi-même. Les personnes qui gèrent { $homeserver } peuvent vous en dire plus.
register-unknown-title = Il n’y a rien à poursuivre
register-unknown-lead = Le lien est peut-être incomplet, ou trop ancien. Aucun compte n’a été créé.
register-expired-title = Cela a pris trop de temps
register-expired-lead = Pour votre sécurité, vous avez une heure de la première page à la dernière. Aucun compte n’a été créé.
register-foreign-title = Continuez là où vous avez commencé
register-foreign-lead = Ces étapes ont été commencées dans un autre navigateur et ne peuvent être terminées que là. Ou recommencez ici.
register-username-taken-title = Quelqu’un a été plus rapide
register-username-taken-lead = Le nom { $what } a été pris entre-temps. Recommencez avec un autre.
register-email-in-use-title = Vous avez déjà un compte
register-email-in-use-lead = L’adresse { $what } appartient à un compte ici. Connectez-vous avec lui, ou recommencez avec une autre adresse.
register-start-over = Recommencer

## Proving again who one is

reauthenticate-title = Confirmez que c’est bien vous
reauthenticate-title-problem = Problème de confirmation
reauthenticate-heading = Confirmez que c’est bien vous
reauthenticate-lead = Saisissez votre mot de passe encore une fois pour continuer.
reauthenticate-lead-app = { $app } veut en être sûr. Saisissez votre mot de passe encore une fois pour continuer.
reauthenticate-problem = Pas encore confirmé
reauthenticate-continue = Continuer

## Which account

choose-title = Choisir un compte
choose-heading = Est-ce le bon compte ?
choose-lead-expected = { $app } attend { $expected }, mais ce navigateur est connecté avec un autre compte.
choose-this = Continuer en tant que { $account }
choose-heading-create = Vous avez déjà un compte
choose-lead-create = { $app } vous a envoyé ici pour créer un compte, mais ce navigateur est déjà connecté à un compte. Utilisez-le, ou créez-en un autre.
choose-create = Créer un autre compte
choose-title-another = Il faut un autre compte
choose-heading-another = Il faut un autre compte
choose-lead-another = { $app } a été utilisé avec un autre compte et veut celui-là. Connectez-vous avec lui, ou revenez en arrière.

## Allowing an app

consent-title = Autoriser { $app }
consent-heading = Autoriser { $app } à utiliser votre compte ?
consent-able-to = Cela permettra de
consent-nothing = Savoir que vous vous êtes connecté, et rien de plus
consent-identity = Savoir qui vous êtes
consent-identity-detail = Votre identifiant Matrix, { $mxid }
consent-messages = Lire et envoyer des messages en votre nom
consent-messages-detail = Dans tous vos salons, et tout ce que fait une application de discussion
consent-device = Être l’un de vos appareils
consent-device-detail = Inscrit comme { $device }. Vous pouvez le déconnecter à tout moment.
consent-profile = Voir votre nom
consent-profile-detail = Le nom affiché que voient les autres
consent-email = Voir votre adresse e-mail
consent-email-detail = Pour vous joindre en dehors de Matrix
consent-account = Modifier votre compte
consent-account-detail = Votre profil, vos adresses e-mail et vos autres appareils
consent-synapse-admin = Gérer le serveur { $server }
consent-synapse-admin-detail = Chaque compte, chaque salon et tout ce qui y est conservé
consent-accounts-admin = Gérer chaque compte de { $server }
consent-accounts-admin-detail = Créer, verrouiller et supprimer des comptes, définir des mots de passe, déconnecter des personnes
consent-other = Faire quelque chose que cette page ne sait pas décrire
consent-as = Avec ce compte
consent-alarm = { $app } demande le contrôle de tout { $server }, pas seulement de votre compte.
consent-alarm-advice = N’acceptez que si vous gérez ce serveur et avez lancé cela vous-même.
app-privacy = Vie privée chez { $app }
app-terms = Conditions de { $app }
consent-next-site = Vous irez ensuite vers { $host }
consent-next-this-device = Vous irez ensuite vers une application sur cet ordinateur, à { $host }
consent-next-app-scheme = Vous irez ensuite vers l’application de cet appareil qui ouvre les liens { $scheme }
consent-allow = Autoriser { $app }
consent-allow-admin = Laisser { $app } gérer ce serveur

## Allowing an app that uses the older sign-in

compat-sso-title = Se connecter à { $app }
compat-sso-title-here = Se connecter à une application
compat-sso-heading = Se connecter à { $app } ?
compat-sso-heading-here = Se connecter à une application sur cet appareil ?
compat-sso-lead = Une application de ce site veut utiliser votre compte.
compat-sso-lead-this-device = Une application sur cet ordinateur veut utiliser votre compte.
compat-sso-lead-app-scheme = L’application de cet appareil qui ouvre les liens { $scheme } veut utiliser votre compte.
compat-sso-warning = Ne continuez que si vous venez de lancer cela dans une application de confiance
compat-sso-warning-detail = Si quelqu’un vous a envoyé un lien menant ici, annulez : l’application pourra lire et écrire à votre place.
compat-sso-device-detail = Inscrit parmi vos appareils. Vous pouvez le déconnecter à tout moment.
compat-sso-continue = Continuer vers { $app }
compat-sso-continue-here = Continuer vers l’application

## Letting a device in

link-title = Connecter un appareil
link-title-problem = Problème de connexion d’un appareil
link-heading = Connecter un appareil
link-lead = L’appareil affiche un code. Tapez-le ici, et il pourra utiliser votre compte.
link-code = Code affiché sur l’appareil
link-code-hint = Six lettres et chiffres. Majuscules, espaces et tirets n’importent pas.
link-continue = Continuer
link-problem = Rien n’a encore été connecté
link-missing = Tapez le code que l’appareil affiche.
link-no-code = Un code a six lettres et chiffres. Vérifiez ce que l’appareil affiche.
link-unknown = Aucun appareil n’attend avec ce code. Vérifiez-le, ou faites-en afficher un nouveau : les codes durent vingt minutes.
link-throttled =
    { $minutes ->
        [one] Il y a eu trop d’essais. Attendez une minute, puis réessayez.
       *[other] Il y a eu trop d’essais. Attendez { $minutes } minutes, puis réessayez.
    }
link-form-expired = Cette page est restée ouverte trop longtemps, ou votre navigateur refuse les cookies. Réessayez.
link-phone = Utiliser plutôt votre téléphone
link-phone-detail = Scannez ceci avec le téléphone, ou ouvrez-y { $address }.
link-qr = Code QR de l’adresse { $address }

device-title = Connecter un appareil
device-title-problem = Problème de connexion d’un appareil
device-heading = Est-ce votre appareil ?
device-lead = { $app } sur un autre appareil veut utiliser votre compte.
device-warning = Ne continuez que si vous avez lancé cela
device-warning-detail = Si quelqu’un vous a envoyé un code ou un lien, refusez : qui détient l’appareil pourrait lire et écrire à votre place.
device-asks = Cet appareil demande
device-unknown = Un appareil qui ne dit pas ce qu’il est
device-asked =
    { $minutes ->
        [0] il y a moins d’une minute
        [one] il y a une minute
       *[other] il y a { $minutes } minutes
    }
device-address = depuis { $address }
device-shows = Son écran affiche
device-app-able-to = Cela permettra de
device-confirm = Cet appareil est à moi, et son écran affiche { $code }
device-unconfirmed = Cochez la case si l’appareil est à vous. Sinon, refusez.
device-problem = Rien n’a encore été connecté
device-form-expired = Cette page est restée ouverte trop longtemps, ou votre navigateur refuse les cookies. Regardez l’appareil encore une fois, puis décidez.
device-allow = Autoriser { $app }
device-refuse = Refuser
device-granted-title = Votre appareil est connecté
device-granted-lead = { $app } continue de lui-même dans un instant.
device-rejected-title = Vous avez refusé
device-rejected-lead = { $app } n’a pas accès à votre compte.
device-close = Vous pouvez fermer cette page.
device-expired-title = Ce code a expiré
device-expired-lead = Faites afficher un nouveau code par l’appareil et tapez-le à temps : les codes durent vingt minutes.
device-unknown-title = Aucun appareil n’attend ici
device-unknown-lead = Le lien est peut-être incomplet ou trop ancien. Tapez le code que l’appareil affiche.
device-again = Taper un code

## When the rules of the server refuse

refusal-title = Pas admis ici
refusal-title-devices = Trop d’appareils
refusal-heading = Cette connexion n’est pas admise ici
refusal-heading-app = { $app } n’est pas admis ici
refusal-lead = Les règles de { $server } ne laissent pas cette application utiliser votre compte. Si vous pensez qu’elles le devraient, demandez aux personnes qui gèrent le serveur.
refusal-heading-devices = Vous avez trop d’appareils
refusal-lead-devices =
    { $count ->
        [one] Déconnectez un appareil que vous n’utilisez plus. Retournez ensuite à l’application et réessayez.
       *[other] Déconnectez { $count } appareils que vous n’utilisez plus. Retournez ensuite à l’application et réessayez.
    }
refusal-devices = Choisir les appareils à déconnecter
refusal-back = Retourner à { $app }

## Accounts that cannot be used

stopped-locked-title = Ce compte est verrouillé
stopped-locked-lead = { $mxid } ne peut pas être utilisé pour le moment. Rien n’y est perdu.
stopped-deactivated-title = Ce compte a été fermé
stopped-deactivated-lead = { $mxid } a été désactivé et ne peut plus être utilisé.
stopped-session-ended-title = Vous avez été déconnecté
stopped-session-ended-lead = Ce navigateur était connecté en tant que { $mxid }. Il a été déconnecté depuis un autre endroit.
stopped-contact = Les personnes qui gèrent { $homeserver } peuvent vous en dire plus.
stopped-sign-in-again = Se reconnecter

## Signing out

logout-title = Se déconnecter
logout-title-done = Déconnecté
logout-heading = Se déconnecter dans ce navigateur ?
logout-lead = Vos applications de discussion restent connectées. Pour revenir sur ces pages, il faudra vous connecter.
logout-stay = Rester connecté
end-session-lead-app = { $app } vous a envoyé ici pour vous déconnecter.
logout-heading-done = Vous êtes déconnecté
logout-lead-done = Ce navigateur n’a accès à aucun compte ici. Vos applications de discussion restent connectées.

## When something fails

error-reference = Erreur { $status }, référence
error-refused-title = Cela n’a pas marché
error-refused-lead = Revenez en arrière et réessayez. Si vous veniez d’une application, recommencez depuis là.
error-not-found-title = Cela n’existe pas
error-not-found-lead = Cela a peut-être disparu, ou le lien est incomplet.
error-moved-on-title = Ce n’est plus possible
error-moved-on-lead = Quelque chose a changé entre-temps. Si vous veniez d’une application, recommencez depuis là.
error-throttled-title = C’était trop souvent
error-throttled-lead = Attendez quelques minutes, puis réessayez.
error-unavailable-title = Un instant, s’il vous plaît
error-unavailable-lead = Le service ne peut pas répondre pour le moment. Réessayez dans une minute ; rien n’est perdu.
error-internal-title = Quelque chose s’est cassé chez nous
error-internal-lead = Vous n’y êtes pour rien. Réessayez dans une minute. Si cela se reproduit, envoyez la référence ci-dessous aux personnes qui gèrent ce service.

not-found-title = Il n’y a pas de page ici
not-found-lead = L’adresse est peut-être mal tapée, ou la page a été déplacée.

spent-used-title = Ce lien a déjà servi
spent-used-lead = Pour votre sécurité, il ne marche qu’une fois. Si vous êtes connecté maintenant, il n’y a plus rien à faire.
spent-expired-title = Ce lien a expiré
spent-expired-lead = Pour votre sécurité, il ne marche qu’un certain temps.
spent-cancelled-title = Vous avez dit non
spent-cancelled-lead = L’application en a été informée et n’a rien reçu. Si vous avez changé d’avis, recommencez.
spent-ready-title = Tout est prêt
spent-ready-lead = Vous avez autorisé l’application. Si elle ne s’est pas ouverte d’elle-même, ouvrez-la ici.
spent-continue = Continuer vers { $app }
spent-again = Recommencer
spent-start-again = Retournez à votre application et recommencez depuis là.
spent-retry = Retourner à { $app }

busy-title = Un instant, s’il vous plaît
busy-lead = Beaucoup de personnes se connectent depuis votre réseau en ce moment. Rien n’est perdu : attendez un instant, puis réessayez.
busy-again = Réessayer

app-problem-title = Cette application a mal demandé
app-problem-heading = Impossible de répondre à cela
app-problem-lead = L’application qui vous a envoyé ici s’est trompée dans sa demande. Rien de vous ne lui a été donné.
app-problem-detail = Pour les personnes qui s’occupent de l’application
app-problem-way = L’application veut en être informée à { $place }. N’y allez que si vous en veniez.
app-problem-go-on = Continuer vers { $place }

form-post-title = Retour en cours
form-post-lead = Vous continuez vers { $host }.
form-post-continue = Continuer

account-title = Votre compte
account-needs-scripts = Ces pages ont besoin de JavaScript
account-needs-scripts-lead = Activez-le pour ce site afin de gérer votre compte. Vous pouvez vous connecter et vous déconnecter sans lui.

## E-mails

mail-code-subject = Votre code est { $code }
mail-code-lead = Voici le code pour votre compte sur { $place } :
mail-code-use = Saisissez-le là où vous l’avez demandé. Il est valable cinq minutes ; si vous en avez demandé un autre, seul le plus récent fonctionne.
mail-code-not-you = Si vous ne l’avez pas demandé, vous n’avez rien à faire : sans ce code, personne ne peut ajouter votre adresse à son compte. Ne le donnez à personne, quoi qu’on vous dise.

## Noms des appareils

device-name = { $client } sur { $device }
device-name-program = { $program } pour { $system }
device-name-unknown = un appareil inconnu
