//! Legacy sessions that an operator starts, for scripts and bots: with an access token that does not expire, and none to
//! refresh it.

use kernel::{Error, Handle, Kind, Op, Result, Token, TokenKind, id::*};
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::json;
use store::{Db, Tx, sql, tables::users};

use super::{
    device::{self, Found, Taking},
    end,
};
use crate::{audit, homeserver::Homeserver};

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Issue<'a> {
    pub user: &'a users::Model,
    pub device: &'a str,
    /// Whether the id was made up for this session, so that no such device can have been there before.
    pub is_new_device: bool,
    /// Whether Synapse's admin API takes the token.
    pub is_synapse_admin: bool,
}

#[derive(Clone, Debug)]
pub struct Issued {
    pub session: SessionId,
    pub id: TokenId,
    pub token: Token,
}

/// Starts the session, then has the homeserver know the device: in this order, so that no job takes the device for one that
/// nobody uses. If the homeserver does not take it, the session ends again; a device that may have been there before stays.
pub async fn issue(db: &Db, homeserver: &Homeserver, op: &Op, asked: Issue<'_>) -> Result<Issued> {
    let Issue { user, device, .. } = asked;
    let (issued, replaced) = db.write(async |tx| insert(tx, op, asked).await).await?;
    match device::announce(homeserver, &user.username, device, None).await {
        Ok(Found::Device) if !asked.is_new_device => device::disown(&db.single, issued.session).await?,
        Ok(_) => {}
        Err(error) => {
            let ours = asked.is_new_device || replaced > 0;
            db.write(async |tx| end::take_back(tx, op, issued.session, ours).await).await?;
            return Err(error);
        }
    }
    Ok(issued)
}

/// Session, tokens and event, if the account is not deactivated by now. Whichever sessions had the device end; the answer is how
/// many.
async fn insert(tx: &Tx, op: &Op, asked: Issue<'_>) -> Result<(Issued, u64)> {
    let handle = Handle::new(op.random());
    let token = Token::mint(TokenKind::CompatAccess, handle, op.random());
    let (session, id): (SessionId, TokenId) = (op.id(), op.id());
    let values = [
        session.into(),
        asked.user.id.into(),
        asked.device.to_owned().into(),
        asked.is_synapse_admin.into(),
        op.now.into(),
    ];
    let statement = match tx.get_database_backend() {
        DbBackend::Sqlite => INSERT_SESSION,
        _ => INSERT_SESSION_POSTGRES,
    };
    if sql::execute(tx, statement, values).await? == 0 {
        return Err(Error::new(Kind::Conflict, "the account is deactivated"));
    }
    let taking = Taking { user: asked.user.id, device: asked.device, by: session };
    let replaced = device::take(tx, op, taking).await?;
    let values = [
        op.id::<TokenLineId>().into(),
        session.into(),
        handle.into(),
        op.now.into(),
        id.into(),
        token.hash().to_vec().into(),
    ];
    sql::execute(tx, INSERT_LINE, values).await?;
    let subject = audit::Subject {
        user: Some(asked.user.id),
        session: Some(session),
        data: Some(json!({ "synapse_admin": asked.is_synapse_admin })),
        ..Default::default()
    };
    audit::record(tx, op, audit::Kind::SessionStarted, subject).await?;
    Ok((Issued { session, id, token }, replaced))
}

macro_rules! insert_session {
    ($lock:literal) => {
        concat!(
            "INSERT INTO sessions (id, kind, user_id, scope, device_id, is_synapse_admin, created_at) \
             SELECT $1, 'compat', u.id, '', $3, $4, $5 FROM users u WHERE u.id = $2 AND u.deactivated_at IS NULL",
            $lock
        )
    };
}

const INSERT_SESSION: &str = insert_session!("");
// Whoever deactivates the account waits until this is committed, and then sees the session.
const INSERT_SESSION_POSTGRES: &str = insert_session!(" FOR SHARE OF u");

const INSERT_LINE: &str = "INSERT INTO token_pairs (id, session_id, handle, created_at, access_id, access_hash) \
  VALUES ($1, $2, $3, $4, $5, $6)";
