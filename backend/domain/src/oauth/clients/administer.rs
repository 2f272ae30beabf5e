//! What administrators do about clients that are not of the configuration.
//!
//! A client that is disabled is to everybody as one that is not there ([`Clients::get`]), but for administrators: its id
//! stays taken, and who registers the same document again is that client.

use kernel::{Op, Result, Secret, id::ClientId};
use sea_orm::EntityTrait;
use store::{
    Db, Tx,
    changes::{self, Change},
    sql,
    tables::oauth_clients,
};

use super::{Clients, insert};
use crate::{
    audit,
    oauth::registration::ClientMetadata,
    sessions::{end::Reason, end_all},
};

/// What came of a wish about a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It is so now, or was so before.
    Yes,
    NoSuchClient,
    /// It comes from the configuration, and is changed there.
    Configured,
}

impl Clients {
    /// Makes a client, another one each time, which is not removed for want of use. The secret is shown this once.
    pub async fn create(
        &self,
        tx: &Tx,
        op: &Op,
        metadata: &ClientMetadata,
    ) -> Result<(ClientId, Option<Secret<String>>)> {
        const KEEP: &str = "UPDATE oauth_clients SET used_at = $2 WHERE id = $1";
        let (id, secret, sealed) = self.mint(op, metadata);
        insert(tx, op, id, metadata, None, sealed).await?;
        sql::execute(tx, KEEP, [id.into(), op.now.into()]).await?;
        Ok((id, secret))
    }
}

/// From now on the client gets nothing. Its sessions go on until [`end_sessions`].
pub async fn disable(tx: &Tx, op: &Op, id: ClientId) -> Result<Done> {
    const DISABLE: &str = "UPDATE oauth_clients SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL";
    switch(tx, op, id, (DISABLE, vec![id.into(), op.now.into()]), audit::Kind::ClientDisabled).await
}

/// Takes [`disable`] back. Sessions do not come back.
pub async fn enable(tx: &Tx, op: &Op, id: ClientId) -> Result<Done> {
    const ENABLE: &str =
        "UPDATE oauth_clients SET disabled_at = NULL WHERE id = $1 AND disabled_at IS NOT NULL";
    switch(tx, op, id, (ENABLE, vec![id.into()]), audit::Kind::ClientEnabled).await
}

async fn switch(
    tx: &Tx,
    op: &Op,
    id: ClientId,
    (statement, values): (&'static str, Vec<sea_orm::Value>),
    event: audit::Kind,
) -> Result<Done> {
    let done = standing(tx, id).await?;
    if done == Done::Yes && sql::execute(tx, statement, values).await? > 0 {
        changes::append(tx, op, Change::Client, id).await?;
        audit::record(tx, op, event, audit::Subject { client: Some(id), ..Default::default() }).await?;
    }
    Ok(done)
}

/// Ends all sessions of the client, in transactions of bounded size; the answer is how many. What is interrupted can be
/// called again.
pub async fn end_sessions(db: &Db, op: &Op, id: ClientId) -> Result<u64> {
    let mut ended = 0;
    loop {
        let slice = db.write(async |tx| end_all::slice_of_client(tx, op, id, Reason::ByAdmin).await).await?;
        ended += slice as u64;
        if slice < end_all::SLICE {
            return Ok(ended);
        }
    }
}

/// Removes the client and all that refers to it. Call [`end_sessions`] first: what is left of its sessions ends here, all at
/// once.
pub async fn remove(tx: &Tx, op: &Op, id: ClientId) -> Result<Done> {
    let done = standing(tx, id).await?;
    if done == Done::Yes {
        super::delete(tx, op, id).await?;
    }
    Ok(done)
}

async fn standing(tx: &Tx, id: ClientId) -> Result<Done> {
    Ok(match oauth_clients::Entity::find_by_id(id).one(tx).await? {
        None => Done::NoSuchClient,
        Some(client) if client.is_static => Done::Configured,
        Some(_) => Done::Yes,
    })
}
