//! Sessions that an administrator starts for somebody, without that person being asked.

use std::time::Duration;

use kernel::{Handle, Op, Result, Scope, Token, id::*, seal::Lineage};
use serde_json::{Value, json};
use store::{Db, sql, tables::users};

use super::{
    announce::{NewDevice, announce, take_back},
    start::NewSession,
};
use crate::{
    audit::{self, Administered, Subject},
    homeserver::Homeserver,
    mail::Writer,
    oauth::clients::Client,
    sessions::{
        device::Found,
        pair::{Family, Pair},
    },
};

#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub db: &'a Db,
    pub homeserver: &'a Homeserver,
    pub writer: &'a dyn Writer,
    pub lineage: &'a Lineage,
    pub access_token_ttl: Duration,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct NewGrant<'a> {
    pub user: &'a users::Model,
    pub client: &'a Client,
    pub scope: &'a Scope,
    /// An access token without end, and no refresh token.
    pub permanent: bool,
    /// The administrator's.
    pub by_session: SessionId,
}

#[derive(Clone, Debug)]
pub struct Given {
    pub session: SessionId,
    pub access: Token,
    pub refresh: Option<Token>,
}

/// Has the homeserver know the devices that the scope names, then starts the session.
pub async fn start(parts: Parts<'_>, op: &Op, new: NewGrant<'_>) -> Result<Given> {
    const WITHOUT_END: &str = "UPDATE token_pairs SET access_expires_at = NULL WHERE session_id = $1";
    let (devices, mut found) = (new.scope.device_ids(), Vec::new());
    for device in &devices {
        let device = NewDevice {
            username: &new.user.username,
            device,
            client: &new.client.display_name(),
            user_agent: op.user_agent.as_deref(),
            language: None,
        };
        found.push(announce(parts.homeserver, parts.writer, device).await?);
    }
    let pair = Pair::mint(parts.lineage, op, Family::Oauth, Handle::new(op.random()));
    let session = NewSession {
        id: op.id(),
        user: Some(new.user.id),
        client: new.client.id,
        browser_session: None,
        scope: new.scope,
        device: devices.first().copied(),
        found: found.first().copied().unwrap_or(Found::Nothing),
        pair: &pair,
        refreshable: !new.permanent,
        access_token_ttl: parts.access_token_ttl,
    };
    let insert = async |tx: &_| {
        session.insert(tx, op).await?;
        if new.permanent {
            sql::execute(tx, WITHOUT_END, [session.id.into()]).await?;
        }
        let subject = Subject {
            user: Some(new.user.id),
            client: Some(new.client.id),
            session: Some(session.id),
            ..Default::default()
        };
        let change = Administered {
            operation: "createOauth2Session",
            target: None,
            by_session: new.by_session,
            before: Value::Null,
            after: json!({ "scope": new.scope, "permanent": new.permanent }),
        };
        audit::administered(tx, op, subject, change).await
    };
    if let Err(error) = parts.db.write(insert).await {
        take_back(parts.db, op, &session).await?;
        return Err(error);
    }
    let (session, refresh) = (session.id, (!new.permanent).then(|| pair.refresh.clone()));
    Ok(Given { session, access: pair.access.clone(), refresh })
}
