//! Personal access tokens: sessions that a person owns, to act as themselves from a program of their own.

use std::time::Duration;

use kernel::{Op, Result, Scope, Timestamp, Token, id::*, scope::DEVICE_PREFIX};
use sea_orm::QueryResult;
use store::{Db, Listing, Page, Window};

use super::State;
use crate::{
    homeserver::Homeserver,
    jobs::{self, Job},
    personal::{self, NewSession, Owner},
    sessions::device,
};

/// As many as one account may have that are not revoked.
pub const MOST: u32 = 100;
/// The shortest life of a token that anybody can have meant.
pub const SHORTEST: Duration = Duration::from_secs(60);

const LONGEST_NAME: usize = 100;
const DEVICE_ID_LENGTH: usize = 10;

/// What a person calls a token: without blanks around it, 1 to 100 characters.
#[derive(Clone, Debug)]
pub struct TokenName(String);

impl TokenName {
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let good = (1..=LONGEST_NAME).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        good.then(|| Self(text.to_owned()))
    }
}

/// A token to be.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub name: TokenName,
    pub scope: Scope,
    /// From now; without it, the token does not expire.
    pub expires_in: Option<Duration>,
}

impl Wanted {
    /// Gives a token for the homeserver a device of its own, which has the token's name and goes when it is revoked: without one
    /// a program could not send anything.
    pub async fn with_device(self, homeserver: &Homeserver, op: &Op, username: &str) -> Result<Self> {
        if !self.scope.has_matrix_api() {
            return Ok(self);
        }
        let id = op.alphanumeric(DEVICE_ID_LENGTH);
        device::announce(homeserver, username, &id, Some(&self.name.0)).await?;
        let device = [DEVICE_PREFIX, &id].concat();
        let tokens = self.scope.iter().chain([device.as_str()]);
        let scope = Scope::from_tokens(tokens).map_err(kernel::Error::internal)?;
        Ok(Self { scope, ..self })
    }
}

/// Makes it. `None` if the account is deactivated by now.
pub async fn create(db: &Db, op: &Op, user: UserId, wanted: Wanted) -> Result<Option<(SessionId, Token)>> {
    let Wanted { name, scope, expires_in } = wanted;
    let new = NewSession { owner: Owner::User(user), actor: user, human_name: name.0, scope, expires_in };
    db.write(async |tx| {
        let created = personal::create(tx, op, &new).await?;
        if created.is_none() {
            for device in new.scope.device_ids() {
                jobs::enqueue(tx, op, &Job::DeleteDevice { user, device: device.to_owned() }).await?;
            }
        }
        Ok(created)
    })
    .await
}

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

/// Which of a person's own. What is absent does not matter.
#[derive(Clone, Debug)]
pub struct Filter {
    pub user: UserId,
    /// Whether they can be used, as of this instant.
    pub state: Option<(State, Timestamp)>,
    pub revoked: Option<bool>,
    pub device: Option<String>,
}

impl Filter {
    pub const fn of(user: UserId) -> Self {
        Self { user, state: None, revoked: None, device: None }
    }

    fn listing(&self) -> Listing {
        let mut listing = Listing::of(COLUMNS, FROM, "s.id");
        let whose = [self.user.into(), self.user.into()];
        listing.only("s.user_id = ? AND s.owner_user_id = ? AND s.kind = 'personal'", whose);
        match self.state {
            None => {}
            Some((State::Active, now)) => listing.only(
                "s.finished_at IS NULL AND (t.access_expires_at IS NULL OR t.access_expires_at > ?)",
                [now.into()],
            ),
            Some((State::Finished, now)) => {
                listing.only("s.finished_at IS NOT NULL OR t.access_expires_at <= ?", [now.into()]);
            }
        }
        match self.revoked {
            None => {}
            Some(true) => listing.only("s.finished_at IS NOT NULL", []),
            Some(false) => listing.only("s.finished_at IS NULL", []),
        }
        if let Some(device) = &self.device {
            listing.only("s.device_id = ?", [device.clone().into()]);
        }
        listing
    }
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

pub async fn list(db: &Db, filter: &Filter, window: Window) -> Result<Page<PersonalSession>> {
    filter.listing().page(&db.read, window).await?.try_map(|row| read(&row))
}

pub async fn count(db: &Db, filter: &Filter) -> Result<u64> {
    Ok(filter.listing().count(&db.read).await?)
}

/// The person's own session of that id.
pub async fn get(db: &Db, user: UserId, id: SessionId) -> Result<Option<PersonalSession>> {
    Filter::of(user).listing().get(&db.read, id).await?.map(|row| read(&row)).transpose()
}
