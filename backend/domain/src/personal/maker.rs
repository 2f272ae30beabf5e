//! By what a token is made or renewed: a session of the admin API's caller.

use kernel::{Op, Result, Timestamp, id::*};
use sea_orm::DbBackend;
use store::{ConnectionTrait, Tx, sql};

use super::Owner;
use crate::sessions::SessionKind;

/// For whom tokens are made, and until when they may be good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maker {
    /// Whose the tokens are: the person of an app's session, or the client that acts for itself. What is made with a personal
    /// token is its owner's, and not of whom that acts as: it must not outlive the one who answers for it.
    pub owner: Owner,
    /// The end of the personal token that it is made with. An app's token is replaced every few minutes, so its end says
    /// nothing.
    pub until: Option<Timestamp>,
}

impl Maker {
    /// When a token ends that is wanted until then; `None` is never.
    pub fn limit(&self, wanted: Option<Timestamp>) -> Option<Timestamp> {
        match (wanted, self.until) {
            (Some(wanted), Some(until)) => Some(wanted.min(until)),
            (wanted, until) => wanted.or(until),
        }
    }
}

/// What the caller has shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub session: SessionId,
    pub token: TokenId,
}

/// The maker behind a session. `None` if the session has ended by now; or its token, if it is a personal one: that of an app is
/// replaced all the time. Until the transaction ends, nobody takes the right to administer, or the account, from the owner or
/// from `actor` without seeing what is made here.
pub async fn maker(tx: &Tx, op: &Op, shown: Shown, actor: UserId) -> Result<Option<Maker>> {
    let Shown { session, token } = shown;
    // The rows of accounts first: whoever changes them has ended their sessions when this goes on.
    if tx.get_database_backend() == DbBackend::Postgres {
        sql::all(tx, SHARE_ACCOUNTS, [session.into(), actor.into()]).await?;
    }
    let Some(row) = sql::one(tx, FIND, [session.into(), op.now.into(), token.into()]).await? else {
        return Ok(None);
    };
    let is_personal = row.try_get::<String>("", "kind")? == SessionKind::Personal.as_str();
    let user: Option<UserId> = row.try_get("", if is_personal { "owner_user_id" } else { "user_id" })?;
    let client: Option<ClientId> = row.try_get("", "client_id")?;
    let owner = user.map(Owner::User).or(client.map(Owner::Client));
    let until: Option<Timestamp> = row.try_get("", "access_expires_at")?;
    Ok(owner.map(|owner| Maker { owner, until: until.filter(|_| is_personal) }))
}

const SHARE_ACCOUNTS: &str = "SELECT id FROM users WHERE id = $2 OR id IN (\
    SELECT COALESCE(owner_user_id, user_id) FROM sessions WHERE id = $1) ORDER BY id FOR SHARE";

const FIND: &str = "SELECT s.kind, s.user_id, s.owner_user_id, s.client_id, t.access_expires_at \
  FROM sessions s LEFT JOIN token_pairs t \
    ON s.kind = 'personal' AND t.session_id = s.id AND t.access_id = $3 AND t.revoked_at IS NULL \
  WHERE s.id = $1 AND s.finished_at IS NULL \
    AND (s.kind <> 'personal' OR (t.id IS NOT NULL AND (t.access_expires_at IS NULL OR t.access_expires_at > $2)))";
