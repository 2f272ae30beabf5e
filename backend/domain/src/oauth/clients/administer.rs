//! What administrators do about clients that are not of the configuration.
//!
//! A client that is disabled is to everybody as one that is not there ([`Clients::get`]), but for administrators: its id
//! stays taken, and who registers the same document again is that client.

use kernel::{Op, Result, Secret, id::ClientId};
use sea_orm::EntityTrait;
use store::{
    Tx,
    changes::{self, Change},
    sql,
    tables::oauth_clients,
};

use super::{Clients, insert};
use crate::{
    audit,
    jobs::{self, Job},
    oauth::registration::ClientMetadata,
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

/// From now on the client gets nothing, and what it had is good for nothing. A job ends its sessions.
pub async fn disable(tx: &Tx, op: &Op, id: ClientId) -> Result<Done> {
    const DISABLE: &str = "UPDATE oauth_clients SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL";
    let disabling = (DISABLE, vec![id.into(), op.now.into()]);
    let done = switch(tx, op, id, disabling, audit::Kind::ClientDisabled).await?;
    if done == Done::Yes {
        end_sessions(tx, op, id).await?;
    }
    Ok(done)
}

/// Takes [`disable`] back. Sessions do not come back, also those that nobody has come to end yet.
pub async fn enable(tx: &Tx, op: &Op, id: ClientId) -> Result<Done> {
    const ENABLE: &str = "UPDATE oauth_clients SET disabled_at = NULL, sessions_ended_at = $2 \
      WHERE id = $1 AND disabled_at IS NOT NULL";
    let enabling = (ENABLE, vec![id.into(), op.now.into()]);
    switch(tx, op, id, enabling, audit::Kind::ClientEnabled).await
}

/// The client is gone for everybody, administrators included. A job ends its sessions and removes all that refers to it.
pub async fn remove(tx: &Tx, op: &Op, id: ClientId) -> Result<Done> {
    // Whoever registers the same document again is another client.
    const REMOVE: &str = "UPDATE oauth_clients SET deleted_at = $2, digest = NULL, \
      disabled_at = COALESCE(disabled_at, $2) WHERE id = $1 AND deleted_at IS NULL";
    let removal = (REMOVE, vec![id.into(), op.now.into()]);
    let done = switch(tx, op, id, removal, audit::Kind::ClientDeleted).await?;
    if done == Done::Yes {
        end_sessions(tx, op, id).await?;
    }
    Ok(done)
}

async fn end_sessions(tx: &Tx, op: &Op, client: ClientId) -> Result<()> {
    jobs::enqueue(tx, op, &Job::EndClientSessions { client, after: None, again: false }).await
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

async fn standing(tx: &Tx, id: ClientId) -> Result<Done> {
    Ok(match oauth_clients::Entity::find_by_id(id).one(tx).await? {
        None => Done::NoSuchClient,
        Some(client) if client.deleted_at.is_some() => Done::NoSuchClient,
        Some(client) if client.is_static => Done::Configured,
        Some(_) => Done::Yes,
    })
}
