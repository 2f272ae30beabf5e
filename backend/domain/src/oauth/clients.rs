//! OAuth 2.0 clients: those of the configuration, which are kept in memory, and those that registered themselves
//! (RFC 7591), which are read when they are needed.

mod administer;
mod authenticate;
mod unused;

use std::{collections::HashMap, sync::Arc};

use kernel::{Error, Op, Result, Secret, Timestamp, id::ClientId, jose::Hmac, seal::Vault};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use store::{
    Db, Lock, Tx,
    changes::{self, Change},
    sql,
    tables::oauth_clients,
};

pub use administer::{Done, disable, enable, remove};
pub use authenticate::Credentials;
pub use unused::remove_unused;

use super::{
    client_keys::ClientKeys,
    registration::{AuthMethod, ClientMetadata, Registration},
};
use crate::{
    audit,
    jobs::Stop,
    outbound::Outbound,
    sessions::{
        end::{self, Reason},
        end_all::{self, SLICE},
    },
};

const SECRET_LENGTH: usize = 20;

#[derive(Clone, Debug)]
pub struct Client {
    pub id: ClientId,
    /// Comes from the configuration.
    pub is_static: bool,
    pub auth_method: AuthMethod,
    pub metadata: ClientMetadata,
    /// The operator trusts it: people are not asked whether they agree (`clients[].skip_consent`).
    pub skip_consent: bool,
    /// The operator lets it introspect every token, and not only its own (`clients[].resource_server`).
    pub is_resource_server: bool,
    pub created_at: Timestamp,
    secret: ClientSecret,
}

#[derive(Clone, Debug)]
enum ClientSecret {
    None,
    Configured(Secret<String>),
    Sealed(String),
}

/// A client as the configuration has it, its secret read.
#[derive(Clone, Debug)]
pub struct StaticClient {
    pub id: ClientId,
    pub auth_method: AuthMethod,
    pub secret: Option<Secret<String>>,
    /// All grants are enabled for it.
    pub metadata: ClientMetadata,
    pub skip_consent: bool,
    pub is_resource_server: bool,
}

impl Client {
    /// What people are shown: the name, or for want of one the id.
    pub fn display_name(&self) -> String {
        self.metadata.client_name.as_ref().map_or_else(|| self.id.to_string(), |name| name.plain.clone())
    }

    /// The host of `client_uri`, if it is a web address.
    pub fn host(&self) -> Option<String> {
        let uri = &self.metadata.client_uri.as_ref()?.plain;
        if uri.scheme() == "https" { uri.host_str().map(str::to_owned) } else { None }
    }
}

/// What this service is to clients that prove themselves by assertions, and how it asks for their keys.
#[derive(Debug)]
pub struct Identity {
    pub issuer: String,
    pub token_endpoint: String,
    pub outbound: Arc<Outbound>,
}

/// All clients.
#[derive(Debug)]
pub struct Clients {
    configured: HashMap<ClientId, Arc<Client>>,
    vault: Arc<Vault>,
    identity: Identity,
    keys: ClientKeys,
}

impl Clients {
    pub fn new(configured: Vec<StaticClient>, vault: Arc<Vault>, identity: Identity) -> Self {
        let client = |one: StaticClient| Client {
            id: one.id,
            is_static: true,
            auth_method: one.auth_method,
            metadata: one.metadata,
            skip_consent: one.skip_consent,
            is_resource_server: one.is_resource_server,
            created_at: kernel::id::Id::created_at(one.id),
            secret: one.secret.map_or(ClientSecret::None, ClientSecret::Configured),
        };
        Self {
            configured: configured.into_iter().map(|one| (one.id, Arc::new(client(one)))).collect(),
            vault,
            identity,
            keys: ClientKeys::default(),
        }
    }

    /// The client with that id, unless it is disabled; of the configured ones, the database is not asked.
    pub async fn get(&self, db: &Db, id: ClientId) -> Result<Option<Arc<Client>>> {
        if let Some(client) = self.configured.get(&id) {
            return Ok(Some(Arc::clone(client)));
        }
        let row = oauth_clients::Entity::find_by_id(id).one(&db.read).await?;
        row.filter(|row| row.disabled_at.is_none()).map(|row| read(row).map(Arc::new)).transpose()
    }

    /// Those of them that there are; one statement at most.
    pub async fn by_ids(&self, db: &Db, ids: &[ClientId]) -> Result<HashMap<ClientId, Arc<Client>>> {
        let configured = |id: &ClientId| Some((*id, Arc::clone(self.configured.get(id)?)));
        let mut found: HashMap<_, _> = ids.iter().filter_map(configured).collect();
        let missing: Vec<_> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
        if !missing.is_empty() {
            let rows = oauth_clients::Entity::find().filter(oauth_clients::Column::Id.is_in(missing));
            for row in rows.all(&db.read).await? {
                found.insert(row.id, Arc::new(read(row)?));
            }
        }
        Ok(found)
    }

    /// Registers a client. One without a secret whose document was registered before is that client again.
    pub async fn register(
        &self,
        db: &Db,
        op: &Op,
        metadata: ClientMetadata,
        digest: String,
    ) -> Result<Registration> {
        let (id, secret, sealed) = self.mint(op, &metadata);
        let digest = secret.is_none().then_some(digest);
        let id = db.write(async |tx| insert(tx, op, id, &metadata, digest.as_deref(), sealed).await).await?;
        Ok(metadata.response(id, kernel::id::Id::created_at(id), secret))
    }

    /// An id and, if the client needs one, a secret, open and sealed.
    fn mint(&self, op: &Op, metadata: &ClientMetadata) -> (ClientId, Option<Secret<String>>, Option<String>) {
        let id: ClientId = op.id();
        let secret = metadata.needs_secret().then(|| Secret::new(op.alphanumeric(secret_length(metadata))));
        let sealed = secret
            .as_ref()
            .map(|secret| self.vault.seal(&bound_to(id), secret.expose().as_bytes(), op.random()));
        (id, secret, sealed)
    }
}

/// A secret that signs is as long as the hash that it goes into (RFC 7518 §3.2).
fn secret_length(metadata: &ClientMetadata) -> usize {
    if *metadata.auth_method() != AuthMethod::ClientSecretJwt {
        return SECRET_LENGTH;
    }
    let registered = metadata.token_endpoint_auth_signing_alg.as_deref().and_then(Hmac::from_name);
    registered.unwrap_or(Hmac::Hs512).bytes()
}

/// What a sealed secret is bound to.
pub(crate) fn bound_to(id: ClientId) -> String {
    format!("client/{id}")
}

/// Inserts the client, or finds the one that has this digest; of two that register at once, one wins and both get it.
async fn insert(
    tx: &Tx,
    op: &Op,
    id: ClientId,
    metadata: &ClientMetadata,
    digest: Option<&str>,
    sealed: Option<String>,
) -> Result<ClientId> {
    let row = columns(metadata, metadata.auth_method())?;
    let values = [
        id.into(),
        false.into(),
        digest.map(str::to_owned).into(),
        row.auth_method.into(),
        sealed.into(),
        row.grant_types.into(),
        row.name.into(),
        row.uri.into(),
        row.metadata.into(),
        op.now.into(),
    ];
    let Some(row) = sql::one(tx, INSERT, values).await? else {
        return Err(Error::internal("registering a client returned none"));
    };
    let stored: ClientId = row.try_get("", "id")?;
    if stored == id {
        let subject = audit::Subject { client: Some(id), ..Default::default() };
        audit::record(tx, op, audit::Kind::ClientRegistered, subject).await?;
    }
    Ok(stored)
}

/// Brings the configured clients into the database, where sessions refer to them. Static clients that are not
/// configured any more are left alone; the answer is how many.
pub async fn synchronise(tx: &Tx, op: &Op, configured: &[StaticClient]) -> Result<usize> {
    tx.lock(Lock::Synchronise).await?;
    let known = static_ids(tx).await?;
    for client in configured {
        let action = if known.contains(&client.id) { "Updating client" } else { "Adding client" };
        tracing::info!(client.id = %client.id, "{action}");
        upsert_static(tx, op, client).await?;
    }
    Ok(known.iter().filter(|id| is_leftover(**id, configured)).count())
}

/// Deletes the static clients that are not configured any more, and all that refers to them; the answer is how many. Clients
/// that registered themselves are never touched. In transactions of bounded size, since many people may be signed in to one;
/// what is interrupted can be called again.
pub async fn prune(db: &Db, op: &Op, configured: &[StaticClient]) -> Result<usize> {
    let leftovers = db.write(async |tx| leftovers(tx, configured).await).await?;
    for id in &leftovers {
        tracing::info!(client.id = %id, "Deleting client");
        empty(db, op, *id).await?;
        db.write(async |tx| delete(tx, op, *id).await).await?;
    }
    Ok(leftovers.len())
}

/// The static clients that are not configured any more.
pub async fn leftovers(tx: &Tx, configured: &[StaticClient]) -> Result<Vec<ClientId>> {
    tx.lock(Lock::Synchronise).await?;
    let mut leftovers = static_ids(tx).await?;
    leftovers.retain(|id| is_leftover(*id, configured));
    Ok(leftovers)
}

/// Ends the client's sessions, and removes them and what else there may be much of.
async fn empty(db: &Db, op: &Op, id: ClientId) -> Result<()> {
    let slice =
        async || db.write(async |tx| end_all::slice_of_client(tx, op, id, Reason::ClientDeleted).await).await;
    while slice().await? == SLICE {}
    remove_much(db, id, &Stop::new()).await.map(drop)
}

/// Removes what there may be much of, in slices. False if it was stopped before the end.
async fn remove_much(db: &Db, id: ClientId, stop: &Stop) -> Result<bool> {
    for statement in MUCH {
        let values = || [id.into(), (SLICE as i64).into()];
        while sql::execute(&db.single, statement, values()).await? == SLICE as u64 {
            if stop.is_cancelled() {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Removes all that is left of a client that was deleted and whose sessions have ended. False if it was stopped before the end.
pub(crate) async fn remove_rest(db: &Db, op: &Op, id: ClientId, stop: &Stop) -> Result<bool> {
    if !remove_much(db, id, stop).await? {
        return Ok(false);
    }
    db.write(async |tx| remove_row(tx, op, id).await).await?;
    Ok(true)
}

async fn static_ids(tx: &Tx) -> Result<Vec<ClientId>> {
    let rows = sql::all(tx, "SELECT id FROM oauth_clients WHERE is_static ORDER BY id", []).await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

fn is_leftover(id: ClientId, configured: &[StaticClient]) -> bool {
    configured.iter().all(|client| client.id != id)
}

async fn upsert_static(tx: &Tx, op: &Op, client: &StaticClient) -> Result<()> {
    let row = columns(&client.metadata, &client.auth_method)?;
    // What people agreed to was another client by that id.
    sql::execute(tx, FORGET_CONSENTS, [client.id.into(), row.metadata.clone().into()]).await?;
    let values = [
        client.id.into(),
        row.auth_method.into(),
        row.grant_types.into(),
        row.name.into(),
        row.uri.into(),
        row.metadata.into(),
        op.now.into(),
    ];
    sql::execute(tx, UPSERT_STATIC, values).await?;
    changes::append(tx, op, Change::Client, client.id).await?;
    Ok(())
}

async fn delete(tx: &Tx, op: &Op, id: ClientId) -> Result<()> {
    remove_row(tx, op, id).await?;
    let subject = audit::Subject { client: Some(id), ..Default::default() };
    audit::record(tx, op, audit::Kind::ClientDeleted, subject).await
}

/// Its sessions are ended first, so that their devices go from the homeserver, too.
async fn remove_row(tx: &Tx, op: &Op, id: ClientId) -> Result<()> {
    const ACTIVE: &str = "SELECT id FROM sessions WHERE client_id = $1 AND finished_at IS NULL";
    for row in sql::all(tx, ACTIVE, [id.into()]).await? {
        end::end(tx, op, row.try_get("", "id")?, Reason::ClientDeleted).await?;
    }
    sql::execute(tx, "DELETE FROM oauth_clients WHERE id = $1", [id.into()]).await?;
    changes::append(tx, op, Change::Client, id).await?;
    Ok(())
}

/// SQL: that the client `c` of the session `s` does not keep it from being used. True of a session that has no client, if `c` is
/// joined by a LEFT JOIN.
macro_rules! client_lets {
    () => {
        "c.disabled_at IS NULL AND (c.sessions_ended_at IS NULL OR s.created_at >= c.sessions_ended_at)"
    };
}
pub(crate) use client_lets;

macro_rules! much {
    ($table:literal, $key:literal, $which:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE client_id = $1 AND ",
            $key,
            " IN (SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE client_id = $1",
            $which,
            " LIMIT $2)"
        )
    };
}

const MUCH: [&str; 4] = [
    much!("sessions", "id", " AND finished_at IS NOT NULL"),
    much!("authorization_grants", "id", ""),
    much!("device_grants", "id", ""),
    much!("consents", "user_id", ""),
];

/// What both kinds of clients have in columns.
struct Columns {
    auth_method: String,
    grant_types: String,
    name: Option<String>,
    uri: Option<String>,
    metadata: serde_json::Value,
}

fn columns(metadata: &ClientMetadata, auth_method: &AuthMethod) -> Result<Columns> {
    let grants: Vec<String> = metadata.granted().iter().map(|grant| grant.as_str().to_owned()).collect();
    Ok(Columns {
        auth_method: auth_method.as_str().to_owned(),
        grant_types: grants.join(" "),
        name: metadata.client_name.as_ref().map(|name| name.plain.clone()),
        uri: metadata.client_uri.as_ref().map(|uri| uri.plain.to_string()),
        metadata: serde_json::to_value(metadata).map_err(Error::internal)?,
    })
}

fn read(row: oauth_clients::Model) -> Result<Client> {
    let metadata: ClientMetadata = serde_json::from_value(row.metadata).map_err(Error::internal)?;
    Ok(Client {
        id: row.id,
        is_static: row.is_static,
        auth_method: row.auth_method.map_or_else(|| metadata.auth_method().clone(), AuthMethod::from),
        metadata,
        skip_consent: false,
        is_resource_server: false,
        created_at: row.created_at,
        secret: row.secret_box.map_or(ClientSecret::None, ClientSecret::Sealed),
    })
}

// A client that registers again is as good as new to whoever removes unused ones; its id tells how old it is.
const INSERT: &str = "INSERT INTO oauth_clients \
  (id, is_static, digest, auth_method, secret_box, grant_types, name, uri, metadata, created_at) \
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
  ON CONFLICT (digest) WHERE digest IS NOT NULL DO UPDATE SET created_at = excluded.created_at RETURNING id";

const FORGET_CONSENTS: &str = "DELETE FROM consents WHERE client_id = $1 \
  AND EXISTS (SELECT 1 FROM oauth_clients c WHERE c.id = $1 AND c.metadata <> $2)";

const UPSERT_STATIC: &str = "INSERT INTO oauth_clients \
  (id, is_static, auth_method, grant_types, name, uri, metadata, created_at) \
  VALUES ($1, TRUE, $2, $3, $4, $5, $6, $7) \
  ON CONFLICT (id) DO UPDATE SET is_static = TRUE, digest = NULL, secret_box = NULL, disabled_at = NULL, deleted_at = NULL, \
    sessions_ended_at = CASE WHEN oauth_clients.disabled_at IS NULL THEN oauth_clients.sessions_ended_at \
      ELSE excluded.created_at END, \
    auth_method = excluded.auth_method, \
    grant_types = excluded.grant_types, name = excluded.name, uri = excluded.uri, metadata = excluded.metadata";
