//! `POST /logout` and `POST /logout/all`.

use kernel::{Op, Presented, Result, Token, TokenKind, id::*};
use store::{Db, sql};

use crate::sessions::end::{self, Reason};

/// Sessions that end in one transaction, so that on SQLite nobody waits for long.
const SLICE: usize = 100;

/// A session that its client has ended.
#[derive(Clone, Copy, Debug)]
pub struct LoggedOut {
    pub session: SessionId,
    pub user: UserId,
}

/// Ends the session of an access token, also of one that has expired, and also for an account that is locked. `None` for
/// any other token.
pub async fn logout(db: &Db, op: &Op, token: &str) -> Result<Option<LoggedOut>> {
    let Some(token @ Presented::Native { kind: TokenKind::CompatAccess, handle, .. }) = Token::parse(token)
    else {
        return Ok(None);
    };
    let Some(row) = sql::one(&db.read, FIND, [handle.into(), token.hash().to_vec().into()]).await? else {
        return Ok(None);
    };
    let (session, user) = (row.try_get("", "id")?, row.try_get("", "user_id")?);
    let op = op.clone().by(kernel::Actor::User(user));
    let ended = db.write(async |tx| end::end(tx, &op, session, Reason::LoggedOut).await).await?;
    Ok(ended.then_some(LoggedOut { session, user }))
}

/// Ends all legacy sessions of the person. `presented`, the session whose client asks for it, comes last: who is
/// interrupted can ask again.
pub async fn logout_all(db: &Db, op: &Op, user: UserId, presented: SessionId) -> Result<()> {
    const ACTIVE: &str =
        "SELECT id FROM sessions WHERE user_id = $1 AND kind = 'compat' AND finished_at IS NULL";
    let rows = sql::all(&db.read, ACTIVE, [user.into()]).await?;
    let mut sessions = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<Vec<SessionId>, _>>()?;
    sessions.sort_by_key(|session| *session == presented);
    for slice in sessions.chunks(SLICE) {
        let work = async |tx: &store::Tx| {
            for session in slice {
                end::end(tx, op, *session, Reason::LoggedOut).await?;
            }
            Ok::<_, kernel::Error>(())
        };
        db.write(work).await?;
    }
    Ok(())
}

const FIND: &str = "SELECT s.id, s.user_id FROM token_pairs t JOIN sessions s ON s.id = t.session_id \
  WHERE t.handle = $1 AND s.kind = 'compat' AND s.finished_at IS NULL AND $2 IN (t.access_hash, t.prior_access_hash)";
