//! Writing down a new OAuth session and its first tokens.

use std::time::Duration;

use kernel::{Error, Op, Presented, Result, Scope, Token, id::*};
use sea_orm::Value;
use store::{Tx, sql};

use crate::{
    audit,
    sessions::{
        device::{self, Found, Taking, had},
        pair::Pair,
    },
};

/// A session that a grant is about to start.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    pub id: SessionId,
    pub user: Option<UserId>,
    pub client: ClientId,
    pub browser_session: Option<BrowserSessionId>,
    pub scope: &'a Scope,
    pub device: Option<&'a str>,
    /// What the homeserver had when it was told of the device.
    pub found: Found,
    pub pair: &'a Pair,
    /// Whether the refresh token of the pair is given out.
    pub refreshable: bool,
    pub access_token_ttl: Duration,
}

impl NewSession<'_> {
    /// In the order of [`INSERT_SESSION`].
    pub fn session_values(&self, op: &Op) -> [Value; 9] {
        [
            self.id.into(),
            self.user.into(),
            self.client.into(),
            self.browser_session.into(),
            self.scope.clone().into(),
            self.device.map(str::to_owned).into(),
            op.now.into(),
            op.user_agent.clone().into(),
            (self.found == Found::Device).into(),
        ]
    }

    /// In the order of [`INSERT_LINE`], which takes the session and the instant besides.
    pub fn line_values(&self, op: &Op) -> Result<[Value; 7]> {
        let pair = self.pair;
        let Some(Presented::Native { handle, .. }) = Token::parse(pair.access.expose()) else {
            return Err(Error::internal("the mint made something that is no token"));
        };
        let refresh_id = self.refreshable.then_some(pair.refresh_id);
        let refresh_hash = self.refreshable.then(|| pair.refresh.hash().to_vec());
        Ok([
            op.id::<TokenLineId>().into(),
            handle.into(),
            pair.access_id.into(),
            pair.access.hash().to_vec().into(),
            (op.now + self.access_token_ttl).into(),
            refresh_id.into(),
            refresh_hash.into(),
        ])
    }

    /// Inserts session, line and audit event, and ends whichever session had the device.
    pub async fn insert(&self, tx: &Tx, op: &Op) -> Result<()> {
        if let (Some(user), Some(device)) = (self.user, self.device) {
            device::take(tx, op, Taking { user, device, by: self.id }).await?;
        }
        sql::execute(tx, INSERT_SESSION, self.session_values(op)).await?;
        let values = self.line_values(op)?.into_iter().chain([self.id.into(), op.now.into()]);
        sql::execute(tx, INSERT_LINE, values).await?;
        let subject = audit::Subject {
            user: self.user,
            client: Some(self.client),
            session: Some(self.id),
            browser_session: self.browser_session,
            data: None,
        };
        audit::record(tx, op, audit::Kind::SessionStarted, subject).await
    }
}

const INSERT_SESSION: &str = concat!(
    "INSERT INTO sessions (id, kind, user_id, client_id, browser_session_id, scope, device_id, created_at, user_agent, \
       foreign_device) \
     VALUES ($1, 'oauth', $2, $3, $4, $5, $6, $7, $8, $9 AND NOT ",
    had!("$2", "$6", "$1"),
    ")"
);

const INSERT_LINE: &str = "INSERT INTO token_pairs \
  (id, handle, access_id, access_hash, access_expires_at, refresh_id, refresh_hash, session_id, created_at) \
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
