//! Legacy sessions that an operator starts, for scripts and bots: with an access token that does not expire, and none to
//! refresh it.

use kernel::{Handle, Op, Result, Token, TokenKind, id::*};
use serde_json::json;
use store::{Db, Tx, sql, tables::users};

use super::{device, end};
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
    let issued = db.write(async |tx| insert(tx, op, asked).await).await?;
    if let Err(error) = device::announce(homeserver, &user.username, device, None).await {
        db.write(async |tx| end::take_back(tx, op, issued.session, asked.is_new_device).await).await?;
        return Err(error);
    }
    Ok(issued)
}

async fn insert(tx: &Tx, op: &Op, asked: Issue<'_>) -> Result<Issued> {
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
    sql::execute(tx, INSERT_SESSION, values).await?;
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
    Ok(Issued { session, id, token })
}

const INSERT_SESSION: &str = "INSERT INTO sessions (id, kind, user_id, scope, device_id, is_synapse_admin, created_at) \
  VALUES ($1, 'compat', $2, '', $3, $4, $5)";

const INSERT_LINE: &str = "INSERT INTO token_pairs (id, session_id, handle, created_at, access_id, access_hash) \
  VALUES ($1, $2, $3, $4, $5, $6)";
