//! The registration becomes an account, and its browser is signed in.

use kernel::{Actor, Error, Op, Result, Secret, id::*};
use sea_orm::DbErr;
use store::{Db, Tx, sql};

use super::{Document, Registration};
use crate::users::{
    browser,
    register::{self, NewUser},
    registration_tokens,
};

/// What came of it. Nothing is written unless it is `Welcome`.
#[derive(Debug)]
pub enum Finished {
    Welcome {
        user: UserId,
        session: BrowserSessionId,
        secret: Secret<String>,
    },
    /// Another request has finished it, or it was cancelled.
    Settled,
    /// Somebody was faster.
    UsernameTaken,
    EmailTaken,
    /// The token was good when it was typed.
    TokenSpent,
}

/// Rolls back what was begun.
enum Stop {
    Refused(Finished),
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    #[track_caller]
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Makes the account, with all that was told, and starts a browser session. Of several at once, one does. Whoever calls has seen
/// to it that no step is left, and that the homeserver has nobody of that name.
pub async fn finish(db: &Db, op: &Op, registration: &Registration) -> Result<Finished> {
    match db.write::<_, Stop>(async |tx| create(tx, op, registration).await).await {
        Ok(finished) | Err(Stop::Refused(finished)) => Ok(finished),
        Err(Stop::Failed(error)) => Err(error),
    }
}

async fn create(tx: &Tx, op: &Op, registration: &Registration) -> Result<Finished, Stop> {
    let Some(source) = &registration.document.source else { return Err(Stop::Refused(Finished::Settled)) };
    if !complete(tx, op, registration).await? {
        return Err(Stop::Refused(Finished::Settled));
    }
    if let Some(token) = registration.token
        && !registration_tokens::take(tx, op, token).await?
    {
        return Err(Stop::Refused(Finished::TokenSpent));
    }
    let new = NewUser {
        username: registration.username.clone(),
        password: Some(source.password()),
        emails: registration.email.iter().map(|email| email.email.clone()).collect(),
        display_name: registration.display_name.clone(),
        ..NewUser::default()
    };
    let user = match register::create(tx, op, &new).await? {
        register::Registration::Created(user) => user,
        register::Registration::UsernameTaken => return Err(Stop::Refused(Finished::UsernameTaken)),
        register::Registration::EmailTaken(_) => return Err(Stop::Refused(Finished::EmailTaken)),
    };
    if let Some(terms) = &registration.document.terms {
        accept(tx, op, user, terms).await?;
    }
    let op = op.clone().by(Actor::User(user));
    let (session, secret) = browser::start(tx, &op, user, "pwd")
        .await?
        .ok_or_else(|| Error::internal("an account that was just made cannot be used"))?;
    Ok(Finished::Welcome { user, session, secret })
}

/// Of what was told, it keeps where the browser goes on to. False if it is over already.
async fn complete(tx: &Tx, op: &Op, registration: &Registration) -> Result<bool> {
    const COMPLETE: &str =
        "UPDATE registrations SET completed_at = $2, document = $3 WHERE id = $1 AND completed_at IS NULL";
    let Document { next, language, .. } = registration.document.clone();
    let rest = Document { next, language, ..Document::default() };
    let rest = serde_json::to_value(rest).map_err(Error::internal)?;
    Ok(sql::execute(tx, COMPLETE, [registration.id.into(), op.now.into(), rest.into()]).await? > 0)
}

async fn accept(tx: &Tx, op: &Op, user: UserId, terms: &str) -> Result<(), DbErr> {
    const ACCEPT: &str = "INSERT INTO accepted_terms (user_id, url, created_at) VALUES ($1, $2, $3)";
    sql::execute(tx, ACCEPT, [user.into(), terms.to_owned().into(), op.now.into()]).await.map(drop)
}
