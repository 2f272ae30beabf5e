//! Signing in: a password form, buttons for other ways, or the word that there is no way.

use std::time::Duration;

use serde::Serialize;

use super::{Account, App, Continuation, Page};

/// `GET` and `POST /login`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Login {
    /// Where the form posts to: `/login` behind the public prefix, with the query that tells what comes next.
    pub action: String,
    pub next: Option<Next>,
    /// `passwords.enabled`
    pub password: bool,
    /// `account.login_with_email_allowed`: the first field also takes an address.
    pub email: bool,
    /// What was typed before, or what a `login_hint` suggests. Passwords are never kept.
    pub username: String,
    pub problems: Vec<LoginProblem>,
    pub providers: Vec<Provider>,
    /// The way to a new account, with the query that tells what comes next; `None` where people may not register.
    pub register: Option<String>,
}

impl Page for Login {
    const TEMPLATE: &'static str = "login.html";
}

/// `GET` and `POST /reauthenticate`: the password of the account that is signed in.
#[derive(Clone, Debug, Serialize)]
pub struct Reauthenticate {
    /// Where the form posts to, with the query that tells what comes next.
    pub action: String,
    /// The app that wants it.
    pub app: Option<App>,
    /// The app's request, which may be refused instead.
    pub grant_id: Option<String>,
    pub account: Account,
    /// For password managers.
    pub username: String,
    /// `passwords.enabled`
    pub password: bool,
    pub problems: Vec<LoginProblem>,
    /// Brings back here after signing in with another account.
    pub keep: Continuation,
}

impl Page for Reauthenticate {
    const TEMPLATE: &'static str = "reauthenticate.html";
}

/// What one goes on to after signing in.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Next {
    App {
        app: App,
    },
    Account,
    /// Connecting an account elsewhere to the one that is signed in to.
    Link {
        provider: String,
    },
}

/// Another place where one can sign in.
#[derive(Clone, Debug, Serialize)]
pub struct Provider {
    pub name: String,
    /// The page that starts it, with the query that tells what comes next.
    pub href: String,
}

/// Why the form is shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LoginProblem {
    UsernameMissing,
    PasswordMissing,
    /// Says neither which of the two is wrong nor whether there is such an account.
    WrongCredentials,
    /// Of the account that is signed in.
    WrongPassword,
    Throttled {
        minutes: u64,
    },
    /// The page was open for longer than its CSRF token lives, or the browser keeps no cookies.
    FormExpired,
}

impl LoginProblem {
    /// Rounded up to whole minutes: a wait that is too short is a second disappointment.
    pub fn throttled(wait: Duration) -> Self {
        Self::Throttled { minutes: wait.as_secs().div_ceil(60).max(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_rounded_up() {
        for (seconds, minutes) in [(0, 1), (20, 1), (60, 1), (61, 2), (3600, 60)] {
            let wait = Duration::from_secs(seconds);
            assert_eq!(LoginProblem::throttled(wait), LoginProblem::Throttled { minutes });
        }
    }
}
