### The words on the pages people see. Plain, short, second person, sentence case.
### Names that strangers choose ($app, $mxid, $provider) may stand anywhere; do not build grammar on them.

## Everywhere

sign-in = Sign in
create-account = Create an account
sign-out = Sign out
cancel = Cancel
copy = Copy
copied = Copied
other-account = Use another account
warning = Warning
to-start = Go to the start page
signed-in-as = Signed in as

shell-privacy = Privacy
shell-terms = Terms
shell-made-with = Runs on Latchkey

## Start page

index-title = Your account
index-title-signed-in = Signed in
index-heading = Your account starts here
index-lead = This is where people on { $homeserver } sign in, whichever chat app they use.
index-from-app = Came from a chat app? Go back to it and sign in from there. It will bring you here by itself.
index-heading-signed-in = You are signed in
index-signed-in-apps = Chat apps that you open in this browser can now ask to use this account.
# For developers: the link to the OpenID provider's metadata.
index-discovery = Discovery document

## Signing in

login-title = Sign in
login-title-problem = Problem signing in
login-heading = Sign in
login-lead = With your account on { $homeserver }.
login-next-app = To continue to { $app }
login-next-account = To look after your account.
login-next-link = Then your { $provider } account will be connected to it.
login-username = Username
login-username-or-email = Username or e-mail address
login-password = Password
login-show-password = Show password
login-or = or
login-provider = Continue with { $provider }
login-no-account = No account yet?

login-problem = You are not signed in yet
login-username-missing = Enter your username.
login-password-missing = Enter your password.
login-wrong-credentials = There is no account with this name and password. Check both and try again.
# Of the account that is signed in, whose name is on the page.
login-wrong-password = This is not the password of the account below. Check it and try again.
login-throttled =
    { $minutes ->
        [one] There were too many tries. Wait a minute, then try again.
       *[other] There were too many tries. Wait { $minutes } minutes, then try again.
    }
login-form-expired = This page had been open for too long, or your browser refuses cookies. Enter your password once more.

login-no-way = Nobody can sign in here at the moment
login-no-way-detail = All ways to sign in are switched off. The people who run { $homeserver } can change that.

## Creating an account

register-title = Create an account
register-title-problem = Problem creating an account
register-lead = On { $homeserver }, for any chat app that speaks Matrix.
register-username-hint = Others will find you as @username:{ $homeserver }. It cannot be changed later.
register-email = E-mail address
register-email-hint = We send a code there to see that it is yours.
register-password-hint = A few unusual words are easy to keep and hard to guess.
register-password-confirm = Password once more
register-accept = I have read the terms of this service and agree to them
register-read-terms = Read the terms
register-have-account = Already have an account?
register-continue = Continue

register-problem = There is no account yet
register-username-missing = Choose a username.
register-username-taken = This username is not available. Choose another one.
register-username-too-long = This username is too long. Choose a shorter one.
register-username-invalid-chars = A username has small letters from a to z, digits and . = _ / + - and nothing else.
register-username-all-numeric = A username cannot be digits alone. Add a letter.
register-username-refused = The rules of this server do not allow this username. Choose another one.
register-email-missing = Enter your e-mail address.
register-email-invalid = This is not an e-mail address. It should look like name@example.org.
register-email-refused = The rules of this server do not allow this e-mail address. Use another one.
register-password-missing = Choose a password.
register-password-weak = This password is too easy to guess. Make it longer, or use a few unusual words.
register-password-too-long = This password is too long. Choose a shorter one.
register-password-mismatch = The two passwords differ. Type the same one twice.
register-terms-missing = Tick the box if you agree to the terms. There can be no account without that.
register-denied = The rules of this server do not allow this.
register-throttled =
    { $minutes ->
        [one] There were too many tries. Wait a minute, then try again.
       *[other] There were too many tries. Wait { $minutes } minutes, then try again.
    }
register-form-expired = This page had been open for too long, or your browser refuses cookies. Try once more.

register-token-title = Enter your invitation code
register-token-lead = New accounts on { $homeserver } are by invitation. The people who run it can give you a code.
register-token = Invitation code
register-token-missing = Enter your invitation code.
register-token-invalid = This code is not valid. It may be mistyped, used up or too old.
register-token-spent = Your code was used up or withdrawn in the meantime. Enter another one.

register-email-title = Check your e-mail
register-email-lead = We sent a code of six digits to { $email }.
register-code = Code from the mail
register-code-missing = Enter the code from the mail.
register-code-wrong = That is not the code. Check the newest mail: older codes do not work.
register-code-expired = This code has expired: codes last five minutes. Ask for another one below.
register-nothing-came = Nothing came?
register-nothing-came-detail = It can take a minute. Look among the unwanted mail, too.
register-resend = Send another code
register-resent = Another code is on its way. Only this one works from now on.
register-resend-wait =
    { $minutes ->
        [one] You can ask for another code in a minute.
       *[other] You can ask for another code in { $minutes } minutes.
    }
register-change = Another e-mail address
register-change-send = Send a code there

register-name-title = What should people call you?
register-name-lead = The name is shown beside your address, { $mxid }. You can change it at any time.
register-name = Name
register-name-invalid = Enter a name, not too long a one, or go on without.
register-name-set = Create account
register-name-skip = Just call me { $username }

register-closed-title = No new accounts at the moment
register-closed-lead = Nobody can create an account here by themselves. The people who run { $homeserver } can tell you more.
register-unknown-title = There is nothing to go on with
register-unknown-lead = The link may be incomplete, or from too long ago. No account was created.
register-expired-title = That took too long
register-expired-lead = For your safety, there is an hour from the first page to the last. No account was created.
register-foreign-title = Go on where you began
register-foreign-lead = These steps were begun in another browser, and can only be finished there. Or start over here.
register-username-taken-title = Somebody was faster
register-username-taken-lead = The name { $what } was taken in the meantime. Start over with another one.
register-email-in-use-title = You already have an account
register-email-in-use-lead = The address { $what } belongs to an account here. Sign in to it, or start over with another address.
register-start-over = Start over

## Proving again who one is

reauthenticate-title = Confirm that it is you
reauthenticate-title-problem = Problem confirming that it is you
reauthenticate-heading = Confirm that it is you
reauthenticate-lead = Enter your password once more to go on.
reauthenticate-lead-app = { $app } wants to be sure. Enter your password once more to go on.
reauthenticate-problem = Not confirmed yet
reauthenticate-continue = Continue

## Which account

choose-title = Choose an account
choose-heading = Is this the right account?
choose-lead-expected = { $app } expects { $expected }, but this browser is signed in with another account.
choose-this = Continue as { $account }
choose-heading-create = You already have an account
choose-lead-create = { $app } sent you here to create an account, but this browser is signed in to one. Use it, or create another.
choose-create = Create another account
choose-title-another = Another account is needed
choose-heading-another = Another account is needed
choose-lead-another = { $app } was used with another account before and wants that one. Sign in with it, or go back.

## Allowing an app

consent-title = Allow { $app }
consent-heading = Allow { $app } to use your account?
consent-able-to = It will be able to
consent-nothing = Know that you have signed in, and nothing more
consent-identity = Know who you are
consent-identity-detail = Your Matrix ID, { $mxid }
consent-messages = Read and send messages as you
consent-messages-detail = In all your rooms, along with everything else a chat app does
consent-device = Be one of your devices
consent-device-detail = Listed as { $device }. You can sign it out at any time.
consent-profile = See your name
consent-profile-detail = The display name that others see
consent-email = See your e-mail address
consent-email-detail = To reach you outside Matrix
consent-account = Change your account
consent-account-detail = Your profile, your e-mail addresses and your other devices
consent-synapse-admin = Manage the server { $server }
consent-synapse-admin-detail = Every account, every room and everything kept there
consent-accounts-admin = Manage every account on { $server }
consent-accounts-admin-detail = Create, lock and delete accounts, set passwords, sign people out
consent-other = Do something this page has no words for
consent-as = With this account
consent-alarm = { $app } asks for control over all of { $server }, not just your account.
consent-alarm-advice = Allow this only if you run this server and started this yourself.
app-privacy = Privacy at { $app }
app-terms = Terms of { $app }
consent-next-site = Next you go to { $host }
consent-next-this-device = Next you go to an app on this computer, at { $host }
consent-next-app-scheme = Next you go to the app on this device that opens { $scheme } links
consent-allow = Allow { $app }
consent-allow-admin = Let { $app } manage this server

## Allowing an app that uses the older sign-in

compat-sso-title = Sign in to { $app }
compat-sso-title-here = Sign in to an app
compat-sso-heading = Sign in to { $app }?
compat-sso-heading-here = Sign in to an app on this device?
compat-sso-lead = An app there wants to use your account.
compat-sso-lead-this-device = An app on this computer wants to use your account.
compat-sso-lead-app-scheme = The app on this device that opens { $scheme } links wants to use your account.
compat-sso-warning = Go on only if you have just started this in an app that you trust
compat-sso-warning-detail = If somebody sent you a link that led here, cancel: the app will be able to read and write as you.
compat-sso-device-detail = Listed among your devices. You can sign it out at any time.
compat-sso-continue = Continue to { $app }
compat-sso-continue-here = Continue to the app

## Letting a device in

link-title = Sign in a device
link-title-problem = Problem signing in a device
link-heading = Sign in a device
link-lead = The device shows a code. Type it here, and it can use your account.
link-code = Code on the device
link-code-hint = Six letters and digits. Capitals, spaces and dashes do not matter.
link-continue = Continue
link-problem = Nothing was signed in yet
link-missing = Type the code that the device shows.
link-no-code = A code has six letters and digits. Check what the device shows.
link-unknown = No device is waiting with this code. Check it, or have the device show a new one: codes last twenty minutes.
link-throttled =
    { $minutes ->
        [one] There were too many tries. Wait a minute, then try again.
       *[other] There were too many tries. Wait { $minutes } minutes, then try again.
    }
link-form-expired = This page had been open for too long, or your browser refuses cookies. Try once more.
link-phone = Use your phone instead
link-phone-detail = Scan this with the phone, or open { $address } there.
link-qr = QR code of the address { $address }

device-title = Sign in a device
device-title-problem = Problem signing in a device
device-heading = Is this your device?
device-lead = { $app } on another device wants to use your account.
device-warning = Go on only if you started this
device-warning-detail = If somebody sent you a code or a link, refuse: whoever has the device could read and write as you.
device-asks = This device asks
device-unknown = A device that does not say what it is
device-asked =
    { $minutes ->
        [0] less than a minute ago
        [one] a minute ago
       *[other] { $minutes } minutes ago
    }
device-address = from { $address }
device-shows = Its screen shows
device-app-able-to = It will be able to
device-confirm = This device is mine, and its screen shows { $code }
device-unconfirmed = Tick the box if the device is yours. If it is not, refuse.
device-problem = Nothing was signed in yet
device-form-expired = This page had been open for too long, or your browser refuses cookies. Look at the device once more, then decide.
device-allow = Allow { $app }
device-refuse = Refuse
device-granted-title = Your device is signed in
device-granted-lead = { $app } goes on by itself in a moment.
device-rejected-title = You refused
device-rejected-lead = { $app } has no access to your account.
device-close = You can close this page.
device-expired-title = This code has expired
device-expired-lead = Have the device show a new code, and type it in time: codes last twenty minutes.
device-unknown-title = No device is waiting here
device-unknown-lead = The link may be incomplete, or too old. Type the code that the device shows.
device-again = Type a code

## When the rules of the server refuse

refusal-title = Not allowed here
refusal-title-devices = Too many devices
refusal-heading = This sign-in is not allowed here
refusal-heading-app = { $app } is not allowed here
refusal-lead = The rules of { $server } do not let this app use your account. If you think they should, ask the people who run the server.
refusal-heading-devices = You have too many devices
refusal-lead-devices =
    { $count ->
        [one] Sign out one device that you no longer use. Then go back to the app and try again.
       *[other] Sign out { $count } devices that you no longer use. Then go back to the app and try again.
    }
refusal-devices = Choose devices to sign out
refusal-back = Go back to { $app }

## Accounts that cannot be used

stopped-locked-title = This account is locked
stopped-locked-lead = { $mxid } cannot be used at the moment. Nothing in it is lost.
stopped-deactivated-title = This account was closed
stopped-deactivated-lead = { $mxid } has been deactivated and can no longer be used.
stopped-session-ended-title = You were signed out
stopped-session-ended-lead = This browser was signed in as { $mxid }. It was signed out from somewhere else.
stopped-contact = The people who run { $homeserver } can tell you more.
stopped-sign-in-again = Sign in again

## Signing out

logout-title = Sign out
logout-title-done = Signed out
logout-heading = Sign out in this browser?
logout-lead = Your chat apps stay signed in. To use these pages again you will need to sign in.
logout-stay = Stay signed in
end-session-lead-app = { $app } has sent you here to sign out.
logout-heading-done = You are signed out
logout-lead-done = This browser has no access to an account here. Your chat apps stay signed in.

## When something fails

error-reference = Error { $status }, reference
error-refused-title = That did not work
error-refused-lead = Go back and try again. If you came from an app, start again there.
error-not-found-title = That is not there
error-not-found-lead = It may be gone, or the link may be incomplete.
error-moved-on-title = That is no longer possible
error-moved-on-lead = Something changed in the meantime. If you came from an app, start again there.
error-throttled-title = That was too often
error-throttled-lead = Wait a few minutes, then try again.
error-unavailable-title = One moment, please
error-unavailable-lead = The service cannot answer right now. Try again in a minute; nothing is lost.
error-internal-title = Something broke on our side
error-internal-lead = It was not you. Try again in a minute. If it happens again, send the reference below to the people who run this service.

not-found-title = There is no page here
not-found-lead = The address may be mistyped, or the page may have moved.

spent-used-title = This link was already used
spent-used-lead = For your safety it works only once. If you are signed in by now, there is nothing left to do.
spent-expired-title = This link has expired
spent-expired-lead = For your safety it works only for a while.
spent-cancelled-title = You said no to this
spent-cancelled-lead = The app was told, and got nothing. If you have changed your mind, start again.
spent-ready-title = You are all set
spent-ready-lead = You have allowed the app. If it did not open by itself, open it here.
spent-continue = Continue to { $app }
spent-again = Start again
spent-start-again = Go back to your app and start again from there.
spent-retry = Go back to { $app }

busy-title = One moment, please
busy-lead = Many people are signing in from your network right now. Nothing is lost: wait a moment, then try again.
busy-again = Try again

app-problem-title = That app asked wrongly
app-problem-heading = This cannot be answered
app-problem-lead = The app that sent you here made a mistake in asking. Nothing of yours was given to it.
app-problem-detail = For the people who look after the app
app-problem-way = The app wants to be told at { $place }. Go there only if you came from there.
app-problem-go-on = Go on to { $place }

form-post-title = Taking you back
form-post-lead = You go on to { $host }.
form-post-continue = Continue

## Account app

account-title = Your account
account-needs-scripts = These pages need JavaScript
account-needs-scripts-lead = Turn it on for this site to look after your account. Signing in and out works without it.

## Mails

# $code is six digits, in two groups: 123 456
mail-code-subject = Your code is { $code }
mail-code-lead = This is the code for your account at { $place }:
mail-code-use = Type it where you asked for it. It works for five minutes; if you asked again, only the newest code works.
mail-code-not-you = If you did not ask for it, you need not do anything: without the code, nobody can add your address to their account. Give it to nobody, whoever asks.

## Names of devices

device-name = { $client } on { $device }
device-name-program = { $program } for { $system }
device-name-unknown = unknown device
