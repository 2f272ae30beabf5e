//! Registering: what somebody has told so far who wants an account.
//!
//! A form begins it, steps complete it in the order of [`Step`], and it is finished once, within an hour. Until then there is
//! no account, and nobody else is kept from the name. What the form told is in a document and stays; what the steps tell
//! has columns of its own, each of which is one statement.
//!
//! Not here: which browser may go on with it, and how often one may try (`web/src/pages/register/`).
//! Invariant: whoever finishes gets everything or nothing, once; and no password outlives it here.

mod begin;
mod finish;
mod steps;

use std::time::Duration;

use kernel::{Error, Result, Secret, Timestamp, id::*};
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};
use store::{Run, sql};

pub use begin::{NewRegistration, begin};
pub use finish::{Finished, finish};
pub use steps::{attach_token, cancel, change_email, detach_token, set_display_name};

use super::email_authentications::EmailAuthentication;
use crate::passwords::Hashed;

/// From the form to the account.
const LIFETIME: Duration = Duration::from_secs(3600);

/// Somebody on the way to an account.
#[derive(Clone, Debug)]
pub struct Registration {
    pub id: RegistrationId,
    /// As it was free when it was chosen.
    pub username: String,
    pub display_name: Option<String>,
    pub token: Option<RegistrationTokenId>,
    /// The newest one: whoever changes the address has to prove the other one.
    pub email: Option<EmailAuthentication>,
    pub completed_at: Option<Timestamp>,
    created_at: Timestamp,
    document: Document,
}

/// What is still to be done, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Token,
    Email,
    DisplayName,
    /// Nothing: there can be an account.
    Finish,
}

/// What does not change any more once the form is sent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Document {
    /// Gone once it is finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
    /// The terms that were accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<String>,
    /// What comes after it, as the query of an address of ours.
    #[serde(skip_serializing_if = "String::is_empty")]
    next: String,
    /// Of pages and mails, BCP 47.
    language: String,
}

/// How the person will sign in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Source {
    Password { version: u16, hash: String },
}

impl Source {
    fn of(password: &Hashed) -> Self {
        Self::Password { version: password.version, hash: password.text.expose().clone() }
    }

    fn password(&self) -> Hashed {
        match self {
            Self::Password { version, hash } => Hashed { version: *version, text: Secret::new(hash.clone()) },
        }
    }
}

impl Registration {
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now.since(self.created_at) > LIFETIME
    }

    /// What comes after it, as it was told to [`begin`].
    pub fn next(&self) -> &str {
        &self.document.next
    }

    pub fn language(&self) -> &str {
        &self.document.language
    }

    /// What to ask for next. Whoever does not want a name has said so in their step.
    pub fn step(&self, token_required: bool) -> Step {
        if token_required && self.token.is_none() {
            Step::Token
        } else if self.email.as_ref().is_some_and(|email| email.completed_at.is_none()) {
            Step::Email
        } else if self.display_name.is_none() {
            Step::DisplayName
        } else {
            Step::Finish
        }
    }
}

/// In one statement, with the verification of the address.
pub async fn get(db: &impl Run, id: RegistrationId) -> Result<Option<Registration>> {
    sql::one(db, FIND, [id.into()]).await?.map(|row| read(&row)).transpose()
}

fn read(row: &QueryResult) -> Result<Registration> {
    let id = row.try_get("", "id")?;
    let email = match row.try_get::<Option<EmailAuthenticationId>>("", "proof")? {
        None => None,
        Some(proof) => Some(EmailAuthentication {
            id: proof,
            browser_session: None,
            registration: Some(id),
            email: row.try_get("", "email")?,
            created_at: row.try_get("", "sent_at")?,
            completed_at: row.try_get("", "proven_at")?,
        }),
    };
    let document: serde_json::Value = row.try_get("", "document")?;
    Ok(Registration {
        id,
        username: row.try_get("", "username")?,
        display_name: row.try_get("", "display_name")?,
        token: row.try_get("", "registration_token_id")?,
        email,
        completed_at: row.try_get("", "completed_at")?,
        created_at: row.try_get("", "created_at")?,
        document: serde_json::from_value(document).map_err(Error::internal)?,
    })
}

const FIND: &str = "SELECT r.id, r.username, r.document, r.display_name, r.registration_token_id, r.created_at, \
    r.completed_at, e.id AS proof, e.email, e.created_at AS sent_at, e.completed_at AS proven_at \
  FROM registrations r LEFT JOIN email_authentications e ON e.id = (SELECT newest.id FROM email_authentications newest \
    WHERE newest.registration_id = r.id ORDER BY newest.id DESC LIMIT 1) \
  WHERE r.id = $1";
