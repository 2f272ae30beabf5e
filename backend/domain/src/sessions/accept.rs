//! The one place that decides whether a presented token is good, for introspection, userinfo and every API.
//!
//! One statement finds the token, its session and its user. First use of an access token is recorded before the
//! answer goes out, because from then on its predecessor is on its way out (`docs/security.md`): in the same
//! statement on PostgreSQL, in one more on SQLite.

use std::time::Duration;

use kernel::{
    Actor, Error, Op, Result, Timestamp,
    id::*,
    token::{Presented, TokenKind},
};
use sea_orm::QueryResult;
use store::{
    Db, Engine,
    sql::{self, Columns},
};

use super::SessionKind;
use crate::{oauth::clients::client_lets, users::primary_email};

/// A good token, and what it stands for.
#[derive(Clone, Debug)]
pub struct Accepted {
    pub token: TokenId,
    pub line: TokenLineId,
    pub session: SessionId,
    pub kind: SessionKind,
    pub is_refresh: bool,
    pub expires_at: Option<Timestamp>,
    pub user: Option<AcceptedUser>,
    pub client: Option<ClientId>,
    pub scope: String,
    pub device: Option<String>,
    pub is_synapse_admin: bool,
    /// Who made it, of a personal session or one that an administrator gave, and answers for what is done with it.
    pub owner: Option<UserId>,
}

impl Accepted {
    /// Who acts with it: not whom it acts as, if somebody else has lent that out.
    pub fn actor(&self) -> Actor {
        let user = self.user.as_ref().map(|user| user.id).filter(|_| self.kind != SessionKind::Personal);
        let user = self.owner.or(user).map(Actor::User);
        user.or(self.client.map(Actor::Client)).unwrap_or_default()
    }
}

#[derive(Clone, Debug)]
pub struct AcceptedUser {
    pub id: UserId,
    pub username: String,
}

/// What userinfo needs besides.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The address that the account has had for longest.
    pub email: Option<String>,
    /// As last seen at the homeserver.
    pub display_name: Option<String>,
    /// The client's `userinfo_signed_response_alg`.
    pub signing_alg: Option<String>,
}

/// What a token is, to who may know why it is not accepted.
#[derive(Clone, Debug)]
pub enum Judged {
    Accepted(Box<Accepted>),
    /// It would be, if its user were not locked.
    Locked,
    Refused,
}

/// Looks a token up. `None` for one that is unknown, expired, superseded or revoked, whose session has ended,
/// whose user (or owner) is locked or deactivated, or whose client is disabled. `overlap` is `oauth.refresh_token_overlap`.
pub async fn accept(db: &Db, op: &Op, token: &Presented<'_>, overlap: Duration) -> Result<Option<Accepted>> {
    Ok(match judge(db, op, token, overlap).await? {
        Judged::Accepted(accepted) => Some(*accepted),
        Judged::Locked | Judged::Refused => None,
    })
}

/// Like [`accept`], in the same statement; tells apart who is locked.
pub async fn judge(db: &Db, op: &Op, token: &Presented<'_>, overlap: Duration) -> Result<Judged> {
    let found = if token.is_refresh() {
        let Presented::Native { handle, .. } = *token else { return Ok(Judged::Refused) };
        let row = sql::one(&db.read, REFRESH, [handle.into(), token.hash().to_vec().into()]).await?;
        row.map(|row| read(&row, true)).transpose()?
    } else {
        let statements = Statements { sqlite: ACCESS, postgres: USE_ACCESS };
        access(db, op, token, overlap, &statements).await?.map(|(found, _)| found)
    };
    Ok(match found {
        Some(found) if found.is_locked => Judged::Locked,
        Some(found) => Judged::Accepted(Box::new(found.accepted)),
        None => Judged::Refused,
    })
}

/// Like [`accept`], of an access token, with the profile of whom it stands for: in the same statement.
pub async fn accept_with_profile(
    db: &Db,
    op: &Op,
    token: &Presented<'_>,
    overlap: Duration,
) -> Result<Option<(Accepted, Profile)>> {
    let statements = Statements { sqlite: PROFILE, postgres: USE_PROFILE };
    let found = access(db, op, token, overlap, &statements).await?;
    let Some((Found { accepted, is_locked: false, .. }, row)) = found else { return Ok(None) };
    let profile = Profile {
        email: row.try_get("", "email")?,
        display_name: row.try_get("", "display_name")?,
        signing_alg: row.try_get("", "signing_alg")?,
    };
    Ok(Some((accepted, profile)))
}

/// The same question for each engine: on PostgreSQL, asking records the first use.
struct Statements {
    sqlite: &'static str,
    postgres: &'static str,
}

async fn access(
    db: &Db,
    op: &Op,
    token: &Presented<'_>,
    overlap: Duration,
    statements: &Statements,
) -> Result<Option<(Found, QueryResult)>> {
    // Tokens that a migration brings in are found by another key; none exists before that capability does.
    let Presented::Native { handle, kind, .. } = *token else { return Ok(None) };
    let sqlite = db.engine() == Engine::Sqlite;
    let hash = token.hash().to_vec();
    let statement = if sqlite { statements.sqlite } else { statements.postgres };
    let values =
        [handle.into(), hash.clone().into(), oldest_expiry(op, kind).into(), (op.now - overlap).into()];
    let Some(row) = sql::one(&db.read, statement, values).await? else { return Ok(None) };
    let found = read(&row, false)?;
    if sqlite && found.is_first_use && !found.is_locked {
        let values = [found.accepted.line.into(), hash.into(), op.now.into()];
        sql::execute(&db.single, RECORD_FIRST_USE, values).await?;
    }
    Ok(Some((found, row)))
}

/// OAuth tokens are good at the very instant of their expiry, legacy and personal ones no longer.
fn oldest_expiry(op: &Op, kind: TokenKind) -> Timestamp {
    if kind == TokenKind::OauthAccess { op.now } else { op.now + Duration::from_micros(1) }
}

struct Found {
    /// Unless [`Self::is_locked`].
    accepted: Accepted,
    is_locked: bool,
    is_first_use: bool,
}

fn read(row: &QueryResult, is_refresh: bool) -> Result<Found> {
    let mut columns = Columns::of(row);
    let (line, is_first_use, is_locked) = (columns.read()?, columns.read()?, columns.read()?);
    let (token, expires_at) = (columns.read()?, columns.read()?);
    let (session, kind) = (columns.read()?, columns.read::<String>()?);
    let accepted = Accepted {
        token,
        line,
        session,
        kind: SessionKind::from_name(&kind)
            .ok_or_else(|| Error::internal(format!("a session of unknown kind {kind:?}")))?,
        is_refresh,
        expires_at,
        client: columns.read()?,
        scope: columns.read()?,
        device: columns.read()?,
        is_synapse_admin: columns.read()?,
        owner: columns.read()?,
        user: match columns.read()? {
            None => None,
            Some(id) => Some(AcceptedUser { id, username: columns.read()? }),
        },
    };
    Ok(Found { accepted, is_locked, is_first_use })
}

macro_rules! joined_owner {
    () => {
        "LEFT JOIN users o ON o.id = s.owner_user_id WHERE o.locked_at IS NULL AND o.deactivated_at IS NULL"
    };
}

/// On PostgreSQL, joining a table costs something even where nothing is found in it.
macro_rules! owner_if_any {
    () => {
        "WHERE may_act(s.owner_user_id) IS NOT FALSE"
    };
}

// The order of the columns is the one in which `read` takes them; those of the profile are read by name.
macro_rules! standing_for {
    ($owner:ident, $more:expr) => {
        concat!(
            "s.id, s.kind, s.client_id, s.scope, s.device_id, s.is_synapse_admin, s.owner_user_id, s.user_id, \
             u.username",
            $more,
            " FROM token_pairs t JOIN sessions s ON s.id = t.session_id \
             LEFT JOIN users u ON u.id = s.user_id LEFT JOIN oauth_clients c ON c.id = s.client_id ",
            $owner!(),
            " AND t.handle = $1 AND t.revoked_at IS NULL AND s.finished_at IS NULL AND u.deactivated_at IS NULL AND ",
            client_lets!(),
            " "
        )
    };
}

macro_rules! access {
    ($owner:ident, $is_first_use:expr, $more:expr) => {
        concat!(
            "SELECT t.id, ",
            $is_first_use,
            ", u.locked_at IS NOT NULL, CASE WHEN t.access_hash = $2 THEN t.access_id ELSE t.prior_access_id END, \
             CASE WHEN t.access_hash = $2 THEN t.access_expires_at ELSE t.prior_access_expires_at END, ",
            standing_for!($owner, $more),
            // The predecessor lives on until the overlap after its successor's first use has passed.
            "AND ((t.access_hash = $2 AND (t.access_expires_at IS NULL OR t.access_expires_at >= $3)) \
              OR (t.prior_access_hash = $2 AND t.prior_access_expires_at >= $3 \
                  AND (t.access_used_at IS NULL OR t.access_used_at > $4)))"
        )
    };
}

macro_rules! unused {
    () => {
        "t.access_hash = $2 AND t.access_used_at IS NULL"
    };
}

macro_rules! record_use {
    () => {
        concat!(
            "CASE WHEN ",
            unused!(),
            " AND u.locked_at IS NULL THEN record_first_use(t.id, $2, $3) END IS TRUE"
        )
    };
}

macro_rules! profile {
    () => {
        concat!(
            ", ",
            primary_email!(),
            " AS email, u.display_name, c.metadata ->> 'userinfo_signed_response_alg' AS signing_alg"
        )
    };
}

const ACCESS: &str = access!(joined_owner, unused!(), "");
const USE_ACCESS: &str = access!(owner_if_any, record_use!(), "");
const PROFILE: &str = access!(joined_owner, unused!(), profile!());
const USE_PROFILE: &str = access!(owner_if_any, record_use!(), profile!());

const REFRESH: &str = concat!(
    "SELECT t.id, FALSE, u.locked_at IS NOT NULL, t.refresh_id, NULL, ",
    standing_for!(joined_owner, ""),
    "AND t.refresh_hash = $2"
);

const RECORD_FIRST_USE: &str = "UPDATE token_pairs SET access_used_at = $3 WHERE id = $1 AND access_hash = $2 AND access_used_at IS NULL";
