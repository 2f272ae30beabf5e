//! The form was sent.

use kernel::{Error, Op, Result, id::RegistrationId};
use store::{Tx, sql};

use super::{Document, Source};
use crate::{
    passwords::Hashed,
    users::email_authentications::{self, Purpose},
};

/// What the form told. All of it has been checked.
#[derive(Clone, Debug)]
pub struct NewRegistration<'a> {
    /// The localpart.
    pub username: &'a str,
    pub password: &'a Hashed,
    /// To be proven by a code, which is sent.
    pub email: Option<&'a str>,
    /// Those that were accepted.
    pub terms: Option<&'a str>,
    /// What comes after it, as the query of an address of ours.
    pub next: String,
    /// Of pages and mails, BCP 47.
    pub language: &'a str,
}

/// Keeps it, and has the code sent.
pub async fn begin(tx: &Tx, op: &Op, new: &NewRegistration<'_>) -> Result<RegistrationId> {
    const INSERT: &str = "INSERT INTO registrations (id, username, document, address, user_agent, created_at) \
      VALUES ($1, $2, $3, $4, $5, $6)";
    let document = Document {
        source: Some(Source::of(new.password)),
        terms: new.terms.map(str::to_owned),
        next: new.next.clone(),
        language: new.language.to_owned(),
    };
    let id: RegistrationId = op.id();
    let values = [
        id.into(),
        new.username.to_owned().into(),
        serde_json::to_value(document).map_err(Error::internal)?.into(),
        op.address.map(|address| address.to_string()).into(),
        op.user_agent.clone().into(),
        op.now.into(),
    ];
    sql::execute(tx, INSERT, values).await?;
    if let Some(email) = new.email {
        email_authentications::start(tx, op, Purpose::Registration(id), email, new.language).await?;
    }
    Ok(id)
}
