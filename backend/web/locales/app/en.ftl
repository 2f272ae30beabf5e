### The words of the account app. It also uses some of the pages' words, from ../en.ftl.
### Names that strangers choose ($program, $device, $name, $email) may stand anywhere; do not build grammar on them.

## Everywhere

loading = Loading
close = Close
save = Save
remove = Remove
rename = Rename
try-again = Try again
to-your-account = Go to your account
skip-to-content = Skip to the content
your-password = Your password
wrong-password = This is not your password. Check it and try again.

nav = Account
nav-account = Account
nav-devices = Devices
nav-security = Security
nav-privacy = Privacy
nav-plan = Plan

choose-language = Language
choose-theme = Appearance
theme-system = Like the device
theme-light = Light
theme-dark = Dark

pager = Pages
pager-newer = Newer
pager-older = Older

time-now = just now
# $day is "today", "yesterday" or "3 days ago", $time a time of day.
time-day-and-hour = { $day }, { $time }

failure-title = That did not work
failure-offline = The service cannot be reached. Check your connection, then try again.
failure-rate-limited =
    { $minutes ->
        [one] That was too often. Wait a minute, then try again.
       *[other] That was too often. Wait { $minutes } minutes, then try again.
    }
failure-homeserver = The chat server does not answer. Try again in a minute; nothing was changed.
failure-disabled = The people who run this service have switched this off.
failure-internal = Something broke on our side. It was not you. Try again in a minute.

broken-title = This cannot be shown right now
broken-details = Details for the people who run this service

session-lost-title = You are signed out
session-lost-lead = Sign in to go on where you were.

## Account

home-title = Your account
home-lead = How others see you on { $homeserver }, and how you can be reached.

profile-title = Your profile
profile-edit = Change your name
profile-name = Display name
profile-name-hint = People see it beside your messages. Leave it empty to go by your Matrix ID.
profile-name-invalid = This name is too long. Choose one of at most 200 letters.
profile-saved = Your name was changed.
profile-unavailable = The chat server does not answer, so your display name is missing here.

emails-title = E-mail addresses
emails-lead = For messages about your account, and to get back in if you forget your password.
emails-empty = None yet. With one, you can get back in if you forget your password.
emails-add = Add an address
emails-new = New address
emails-new-hint = A code is sent there, to make sure that it is yours.
emails-send-code = Send the code
emails-invalid = This is not an e-mail address. Check it for typing errors.
emails-yours-already = Your account has this address already.
emails-denied = This address is not allowed here. Use another one.
emails-too-many = Too many codes were sent lately. Wait a few minutes, then try again.
emails-remove = Remove the address
emails-remove-title = Remove this address?
emails-remove-lead = { $email } can then no longer be used to get back into your account.
emails-remove-last = It is the last one: without any, you cannot get back in if you forget your password.
emails-removed = { $email } was removed.

verify-title = Enter the code
verify-lead = It went to { $email }. It can take a minute to arrive.
verify-code = Code from the mail
verify-code-hint = Six digits
verify-continue = Add the address
verify-incomplete = A code has six digits. Check the mail.
verify-wrong = This is not the code. Take the one from the newest mail.
verify-expired = This code has expired. Have a new one sent.
verify-too-many = There were too many tries. Wait a few minutes, then try again.
verify-nothing-came = Nothing came? Look into the spam folder, or
verify-resend = have a new code sent
verify-resent = A new code is on its way. Older codes no longer work.
verify-resent-too-often = Too many were sent lately. Wait a few minutes, then try again.
verify-done = { $email } was added.

in-use-title = This address is taken
in-use-lead = { $email } belongs to another account here. Remove it there first, or use another address.

sign-out-title = Sign out here
sign-out-lead = Ends this browser’s access to these pages. Your chat apps stay signed in.

plan-title = Your plan
plan-lead = What your account includes, and how to change it.
plan-open = Look at your plan

## Devices

sessions-title = Your devices
sessions-lead = Everything that can use your account. Sign out what you do not recognise.
sessions-filter = Show only
sessions-search = Search by app, device or address
sessions-all = All
sessions-apps = Apps
sessions-browsers = Browsers
sessions-inactive = Unused for 90 days
sessions-ended = Signed out
sessions-count =
    { $count ->
        [one] One sign-in
       *[other] { $count } sign-ins
    }
sessions-matches =
    { $count ->
        [0] Nothing found
        [one] One sign-in found
       *[other] { $count } sign-ins found
    }
sessions-empty = Nothing is signed in. Devices appear here when you sign in with a browser or an app.
sessions-no-match = Nothing here matches. Try fewer words, or show all.
sessions-this-device = This device
sessions-this-browser = This browser
sessions-active-now = Active now
sessions-last-used = Last used
sessions-signed-in = Signed in
sessions-limit-title = You have too many devices
sessions-limit-lead =
    { $count ->
        [one] One app is signed in; { $limit } are possible. Sign out what you no longer use before you add another.
       *[other] { $count } apps are signed in; { $limit } are possible. Sign out what you no longer use before you add another.
    }
sessions-limit-near =
    { $count ->
        [one] One app is signed in. From { $limit } on you cannot add more.
       *[other] { $count } apps are signed in. From { $limit } on you cannot add more.
    }

device-unknown-kind = Unknown device
device-computer-of = { $os } computer
device-phone-of = { $os } phone
device-tablet-of = { $os } tablet
browser-unknown = Unknown browser
app-unknown = Unknown app
program-on = { $program } on { $device }

sign-out-one-title = Sign out { $program }?
sign-out-browser-lead = { $program } on { $device } can then no longer change your account. Apps that were signed in with it stay signed in.
sign-out-app-lead = { $program } on { $device } can then no longer read or write as you.
sign-out-keys = Encrypted messages that are readable only on a device you sign out are lost, unless you have a recovery key or another device that can read them.
sign-out-keep = Leave it signed in
sign-out-done = { $program } on { $device } was signed out.

others-sign-out = Sign out all others
others-title = Sign out all others?
others-lead =
    { $browsers ->
        [0] { $apps ->
            [one] One app loses access to your account at once. This browser stays signed in.
           *[other] { $apps } apps lose access to your account at once. This browser stays signed in.
        }
        [one] { $apps ->
            [0] One browser loses access to your account at once. This browser stays signed in.
            [one] One browser and one app lose access to your account at once. This browser stays signed in.
           *[other] One browser and { $apps } apps lose access to your account at once. This browser stays signed in.
        }
       *[other] { $apps ->
            [0] { $browsers } browsers lose access to your account at once. This browser stays signed in.
            [one] { $browsers } browsers and one app lose access to your account at once. This browser stays signed in.
           *[other] { $browsers } browsers and { $apps } apps lose access to your account at once. This browser stays signed in.
        }
    }
others-keep-here =
    { $count ->
        [one] Keep the app on this device signed in
       *[other] Keep the { $count } apps on this device signed in
    }
others-confirm =
    { $count ->
        [one] Sign out one
       *[other] Sign out { $count }
    }
others-done =
    { $count ->
        [0] Nothing else was signed in.
        [one] One was signed out.
       *[other] { $count } were signed out.
    }

session-about = About this sign-in
session-able-to = What it can do
session-name = Name
session-device = Device
session-app = App
session-apps = Apps signed in with it
session-apps-count =
    { $count ->
        [0] None
        [one] One
       *[other] { $count }
    }
session-allowed-in = Allowed in
session-ended = Signed out
session-last-used = Last used
session-never = Not yet
session-address = IP address
session-since = Signed in
session-device-id = Device ID
session-user-agent = What it says of itself

permission-server = Manage the whole chat server
permission-accounts = Manage every account on this server

rename-title = Name this device
rename-label = Name
rename-hint = People you chat with may see it when they verify this device.
rename-done = The device has a new name.

device-gone-title = This device is not signed in
device-gone-lead = No active sign-in has the device ID { $device }. It may have been signed out already.
device-gone-list = See your devices

client-lead = What this app says about itself.
client-site = Website
client-goes-to = Sends you back to
client-id = Client ID

## Security

security-title = Security
security-lead = What protects your account, and what has happened to it.
security-ways = What protects your account

password-title = Password
password-change = Change password
password-fixed = The people who run this service manage passwords elsewhere.
password-none = Your account has no password to change.
password-current = Current password
password-new = New password
password-new-hint = Several unrelated words are strong and easy to remember.
password-again = New password, again
password-match = Both are the same.
password-differ = They differ so far.
password-differ-error = This differs from the one above. Type the same twice.
password-missing = Choose a new password.
password-too-weak = This password is too easy to guess. Make it longer, or add unrelated words.

strength-0 = Very weak.
strength-1 = Weak.
strength-2 = Fair.
strength-3 = Strong.
strength-4 = Very strong.
strength-common = It is on the list of leaked passwords that attackers try first. Choose another one.
strength-more = Make it longer, or add unrelated words.
strength-enough = That will do.

change-title = Change your password
change-lead = Use one that you use nowhere else.
change-others = Also sign out everywhere else
change-others-hint = All other browsers and apps. Do this if somebody else may know your password. Encrypted messages that only those devices can read are lost.

changed-title = Your password was changed
changed-lead = Use the new one from now on.
changed-back = Back to security
changed-devices = Check your devices
changed-tokens =
    { $count ->
        [one] Your access token goes on working.
       *[other] Your { $count } access tokens go on working.
    }
changed-tokens-check = Check your access tokens

recovery-title = Choose a new password
recovery-lead = For the account { $name }.
recovery-save = Save the password
recovery-expired-lead = Links like this work for ten minutes. Have a new one sent to the same address.
recovery-resend = Send a new link to { $email }
recovery-locked = This account is locked. The people who run this service can tell you more.

identity-title = Encryption identity
identity-detail = Shows others that your devices are yours
identity-reset = Reset

activity-lately = Lately
activity-all = All activity
activity-title = Security activity
activity-lead = What has happened to your account. If something was not you, change your password and sign out all others.
activity-empty = Nothing has happened yet. Sign-ins and changes will appear here.
activity-by-administrator = by an administrator

event-account-created = Account created
event-signed-in = Signed in
event-sign-in-failed = Someone failed to sign in
event-reauthenticated = Password confirmed
event-signed-out = Browser signed out
event-consent-given = App allowed
event-consent-refused = App refused
event-session-started = App signed in
event-session-ended = App signed out
event-replay-detected = App signed out because its access may have been stolen
event-other-sessions-ended = All others signed out
event-password-changed = Password changed
event-password-proof-failed = Wrong password for a change
event-recovery-started = Password recovery asked for
event-password-recovered = Password replaced by recovery
event-email-added = E-mail address added
event-email-removed = E-mail address removed
event-token-created = Access token created
event-token-revoked = Access token revoked
event-reset-allowed = Reset of the encryption identity allowed
event-display-name-changed = Display name changed
event-session-renamed = Device renamed
event-data-exported = Data downloaded
event-account-locked = Account locked
event-account-unlocked = Account unlocked
event-account-deactivated = Account deleted
event-account-reactivated = Account restored
event-other = Something else changed

## Access tokens: for people who write programs

tokens-title = Access tokens
tokens-lead = For your own scripts and programs. Whoever has one can act as you, without your password.
tokens-count =
    { $count ->
        [0] None
        [one] One in use
       *[other] { $count } in use
    }
tokens-manage = Manage
tokens-new = New access token
tokens-empty = You have none. Create one when a script of yours needs to use your account.
tokens-off = You have none. The people who run this service have switched them off.
tokens-never-used = Never used
tokens-until = until { $date }
tokens-without-end = does not expire
tokens-expired = Expired
tokens-revoke = Revoke
tokens-revoke-title = Revoke { $name }?
tokens-revoke-lead = Whatever uses this token stops working at once. It cannot be brought back.
tokens-revoked = { $name } was revoked.
tokens-remove-title = Remove { $name }?
tokens-remove-lead = It has expired: nothing can use it any more.
tokens-removed = { $name } was removed.

token-title = New access token
token-lead = Give it no more than its program needs.
token-name = Name
token-name-hint = So that you recognise it later, such as “Backup script”. Your chat apps list it under this name, as a device.
token-name-refused = Choose a name of at most 100 letters.
token-scope = What it may do
token-no-scope = Choose at least one.
token-scope-refused = One of these is not allowed for you. Choose others.
token-power = It has power over the whole server
token-power-detail = Not only your own account. Give it a short life, and keep it where nobody else can read it.
token-expiry = Valid for
token-expiry-refused = Choose another time.
token-days =
    { $days ->
        [one] 1 day
       *[other] { $days } days
    }
token-without-end = No end
token-ends = It stops working on { $date }.
token-never-ends = It works until you revoke it.
token-too-many = You have too many access tokens or devices. Revoke or sign out what you no longer use, then try again.
token-denied = This is not allowed from here. Ask the people who run this service.
token-create = Create the token
token-done-title = Your new access token
token-done-lead = Copy it to where your program finds it.
token-once = You see it only now
token-once-detail = For your safety it is not kept here. If you lose it, revoke it and create a new one.
token-value = access token
token-stored = I have stored it

## Privacy

privacy-title = Privacy
privacy-lead = What is kept about you here, and how to end it.
export-title = Your data
export-lead = Everything this service keeps about your account: profile, addresses, devices, what you have allowed, and security activity. One JSON file.
export-not = Your messages are not in it. They are on the chat server and in your apps.
export-download = Download your data
retention-title = How long things are kept
retention-addresses =
    { $days ->
        [one] The IP addresses of browsers and apps are forgotten a day after they were last used.
       *[other] The IP addresses of browsers and apps are forgotten { $days } days after they were last used.
    }
retention-sessions =
    { $days ->
        [one] What was signed out is forgotten after a day.
       *[other] What was signed out is forgotten after { $days } days.
    }
retention-events =
    { $days ->
        [one] Security activity loses its IP addresses and browsers after a day.
       *[other] Security activity loses its IP addresses and browsers after { $days } days.
    }
retention-failures =
    { $days ->
        [one] Sign-ins that failed are forgotten after a day.
       *[other] Sign-ins that failed are forgotten after { $days } days.
    }

delete-title = Delete your account
delete-panel-lead = For ever. Nobody can bring it back, not even the people who run this service.
delete-go = Delete your account
delete-lead = You are about to delete { $mxid }.
delete-sessions = All your devices and apps are signed out.
delete-rooms = You leave all your rooms.
delete-name = Your Matrix ID can never be used again, by you or by anybody else.
delete-for-ever = This cannot be undone.
delete-erase = Also hide my messages from people who join my rooms later
delete-erase-hint = People who were there keep what they have.
delete-type-mxid = Type your Matrix ID to confirm
delete-last-warning = Your account is deleted with the next step
delete-confirm = Delete my account
delete-keep = Keep my account

## Reset of the encryption identity

reset-title = Reset your encryption identity?
reset-lead = An app then creates a new one for you. Others no longer know that your devices are yours until they verify you again.
reset-keeps = You keep your account, contacts, rooms and settings
reset-loses = You lose encrypted messages that are stored only on the server
reset-verify = You verify your devices and contacts again
reset-only-if = Do this only if you have no other signed-in device and have lost your recovery key.
reset-confirm = Allow the reset
reset-back = Keep my identity
reset-allowed-title = The reset is allowed
reset-allowed-lead = Go back to your app within ten minutes and finish there. You can close this page.
reset-allowed-devices = Lost a device? It stays signed in. When your app is done, sign out whatever you no longer have.
reset-cancelled-title = Nothing was reset
reset-cancelled-lead = You can close this page and go back to your app.
