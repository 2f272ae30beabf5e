//! Sends the code by which somebody proves that an address is theirs.
//!
//! The code is committed before it is sent, so whoever types it at once finds it. When sending fails, the next attempt makes a
//! new one: nobody can tell what became of the mail before.

use std::time::Duration;

use kernel::{Op, Result, Timestamp, id::EmailAuthenticationId};

use super::{Outcome, Parts};
use crate::{
    mail::{Message, Sent},
    users::email_authentications::{get, make_code},
};

/// Whoever has waited for longer has given up, and may ask for another one.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

pub async fn run(
    parts: Parts<'_>,
    op: &Op,
    authentication: EmailAuthenticationId,
    (language, asked_at): (&str, Option<Timestamp>),
) -> Result<Outcome> {
    let Some(found) = get(parts.db, authentication).await? else {
        return Ok(Outcome::GiveUp("there is no such verification".into()));
    };
    if op.now.since(asked_at.unwrap_or(found.created_at)) > LONGEST_WAIT {
        return Ok(Outcome::GiveUp("nobody waits for it any more".into()));
    }
    let made = parts.db.write(async |tx| make_code(tx, parts.vault, op, authentication).await).await?;
    let Some((address, code)) = made else { return Ok(Outcome::Done) };
    let message = Message::EmailCode { code: code.expose() };
    Ok(match parts.post.send(op, &address, language, &message).await? {
        Sent::Accepted => Outcome::Done,
        Sent::Refused(reason) => Outcome::GiveUp(reason),
        Sent::NotNow(reason) => Outcome::Retry(reason),
    })
}
