//! Registering: the form, its steps, and where it can end without an account.

use std::time::Duration;

use domain::policy::{Code, Field, Violation};
use serde::Serialize;

use super::{Next, Page};

/// Why a form is shown again. `kind` names the text (`register-…`), `field` the input that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormProblem {
    kind: &'static str,
    field: Option<&'static str>,
    /// How long to wait.
    minutes: Option<u64>,
    /// A sentence of the policy, which is in English.
    detail: Option<String>,
}

impl FormProblem {
    pub const fn at(field: &'static str, kind: &'static str) -> Self {
        Self { kind, field: Some(field), minutes: None, detail: None }
    }

    const fn of_all(kind: &'static str) -> Self {
        Self { kind, field: None, minutes: None, detail: None }
    }

    /// Rounded up to whole minutes: a wait that is too short is a second disappointment.
    pub fn throttled(wait: Duration) -> Self {
        Self { minutes: Some(minutes(wait)), ..Self::of_all("throttled") }
    }

    /// The page was open for longer than its CSRF token lives, or the browser keeps no cookies.
    pub const fn form_expired() -> Self {
        Self::of_all("form-expired")
    }

    /// What the policy has against it.
    pub fn of_policy(violation: &Violation) -> Self {
        match (violation.code, violation.field) {
            (Some(Code::UsernameTooShort), _) => Self::at("username", "username-missing"),
            (Some(Code::UsernameTooLong), _) => Self::at("username", "username-too-long"),
            (Some(Code::UsernameInvalidChars), _) => Self::at("username", "username-invalid-chars"),
            (Some(Code::UsernameAllNumeric), _) => Self::at("username", "username-all-numeric"),
            (_, Some(Field::Username)) => Self::at("username", "username-refused"),
            (_, Some(Field::Email)) => Self::at("email", "email-refused"),
            _ => Self { detail: Some(violation.msg.clone()), ..Self::of_all("denied") },
        }
    }

    pub fn is_about(&self, field: &str) -> bool {
        self.field == Some(field)
    }
}

fn minutes(wait: Duration) -> u64 {
    wait.as_secs().div_ceil(60).max(1)
}

/// The first field that something is wrong with, or else `otherwise`: where the cursor goes.
fn focus(problems: &[FormProblem], otherwise: &'static str) -> &'static str {
    problems.iter().find_map(|problem| problem.field).unwrap_or(otherwise)
}

/// `GET` and `POST /register/password`.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterPassword {
    /// Where the form posts to, with the query that tells what comes next.
    pub action: String,
    pub next: Option<Next>,
    pub username: String,
    /// `None` if none is asked for.
    pub email: Option<String>,
    /// `branding.tos_uri`, to be accepted.
    pub terms: Option<String>,
    /// For who has an account.
    pub sign_in: String,
    pub problems: Vec<FormProblem>,
    /// Where the cursor goes.
    pub focus: &'static str,
}

impl RegisterPassword {
    /// An empty form.
    pub fn new(action: String, sign_in: String) -> Self {
        let (username, problems) = (String::new(), Vec::new());
        Self { action, next: None, username, email: None, terms: None, sign_in, problems, focus: "username" }
    }

    /// The form once more.
    #[must_use]
    pub fn with_problems(self, problems: Vec<FormProblem>) -> Self {
        Self { focus: focus(&problems, "password"), problems, ..self }
    }
}

impl Page for RegisterPassword {
    const TEMPLATE: &'static str = "register-password.html";
}

/// `GET` and `POST /register/steps/{id}/token`.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterToken {
    /// `/register/steps/{id}` behind the public prefix.
    pub steps: String,
    pub token: String,
    pub problems: Vec<FormProblem>,
}

impl Page for RegisterToken {
    const TEMPLATE: &'static str = "register-token.html";
}

/// `GET` and `POST /register/steps/{id}/verify-email`.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterEmail {
    pub steps: String,
    /// Where the code was sent.
    pub email: String,
    /// Another code was just asked for.
    pub resent: bool,
    /// Until another code may be asked for, in minutes.
    pub wait: Option<u64>,
    /// Another address that was typed.
    pub new_email: String,
    pub problems: Vec<FormProblem>,
    /// Where the cursor goes.
    pub focus: &'static str,
}

impl RegisterEmail {
    /// `wait` is how long until another code may be asked for.
    pub fn new(steps: String, email: String, wait: Option<Duration>) -> Self {
        let wait = wait.map(minutes);
        let (new_email, problems) = (String::new(), Vec::new());
        Self { steps, email, resent: false, wait, new_email, problems, focus: "code" }
    }

    #[must_use]
    pub fn with_problem(self, problem: FormProblem) -> Self {
        let problems = vec![problem];
        Self { focus: focus(&problems, "code"), problems, ..self }
    }
}

impl Page for RegisterEmail {
    const TEMPLATE: &'static str = "register-email.html";
}

/// `GET` and `POST /register/steps/{id}/display-name`.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterName {
    pub steps: String,
    pub username: String,
    pub mxid: String,
    pub display_name: String,
    pub problems: Vec<FormProblem>,
}

impl Page for RegisterName {
    const TEMPLATE: &'static str = "register-name.html";
}

/// There is no account, and cannot be one without starting over.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterEnd {
    pub reason: RegisterEndReason,
    /// The name or address that it is about; empty if it is about none.
    pub what: String,
    /// To the form, with the query that tells what comes next; `None` if there is none.
    pub again: Option<String>,
    pub sign_in: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegisterEndReason {
    /// Nobody may register here.
    Closed,
    Unknown,
    Expired,
    /// It was begun in another browser.
    Foreign,
    /// Somebody else has the name by now.
    UsernameTaken,
    /// The address belongs to an account. Told to who has proven that it is theirs.
    EmailInUse,
}

impl Page for RegisterEnd {
    const TEMPLATE: &'static str = "register-end.html";
}
