//! Personal access tokens: sessions that a person owns, to act as themselves from a program of their own.

use kernel::{Result, Timestamp, id::*};
use sea_orm::QueryResult;
use store::{Db, Listing, Page, Window};

use super::State;

/// One, without the token.
#[derive(Clone, Debug)]
pub struct PersonalSession {
    pub id: SessionId,
    pub human_name: String,
    pub scope: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub last_active_at: Option<Timestamp>,
    pub last_active_ip: Option<String>,
}

const COLUMNS: &str = "s.id, s.human_name, s.scope, s.created_at, s.finished_at, s.last_active_at, s.last_active_ip, \
  t.access_expires_at";

/// One that was given a new token has still one line of tokens that is not revoked.
const FROM: &str = "sessions s LEFT JOIN token_pairs t ON t.session_id = s.id AND t.revoked_at IS NULL";

fn of(user: UserId, state: Option<State>, now: Timestamp) -> Listing {
    let mut listing = Listing::of(COLUMNS, FROM, "s.id");
    listing.only("s.user_id = ? AND s.owner_user_id = ? AND s.kind = 'personal'", [user.into(), user.into()]);
    match state {
        None => {}
        Some(State::Active) => listing.only(
            "s.finished_at IS NULL AND (t.access_expires_at IS NULL OR t.access_expires_at > ?)",
            [now.into()],
        ),
        Some(State::Finished) => {
            listing.only("s.finished_at IS NOT NULL OR t.access_expires_at <= ?", [now.into()]);
        }
    }
    listing
}

fn read(row: &QueryResult) -> Result<PersonalSession> {
    Ok(PersonalSession {
        id: row.try_get("", "id")?,
        human_name: row.try_get::<Option<String>>("", "human_name")?.unwrap_or_default(),
        scope: row.try_get("", "scope")?,
        created_at: row.try_get("", "created_at")?,
        expires_at: row.try_get("", "access_expires_at")?,
        revoked_at: row.try_get("", "finished_at")?,
        last_active_at: row.try_get("", "last_active_at")?,
        last_active_ip: row.try_get("", "last_active_ip")?,
    })
}

pub async fn list(
    db: &Db,
    user: UserId,
    (state, now): (Option<State>, Timestamp),
    window: Window,
) -> Result<Page<PersonalSession>> {
    of(user, state, now).page(&db.read, window).await?.try_map(|row| read(&row))
}

pub async fn count(db: &Db, user: UserId, state: Option<State>, now: Timestamp) -> Result<u64> {
    Ok(of(user, state, now).count(&db.read).await?)
}

/// The person's own session of that id.
pub async fn get(db: &Db, user: UserId, id: SessionId, now: Timestamp) -> Result<Option<PersonalSession>> {
    of(user, None, now).get(&db.read, id).await?.map(|row| read(&row)).transpose()
}
