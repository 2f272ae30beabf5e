//! Personal access tokens: sessions that act as a person, from a program of their own, or of an administrator's.

use std::time::Duration;

use kernel::{Op, Result, Scope, Timestamp, Token, id::*, scope::DEVICE_PREFIX};
use sea_orm::QueryResult;
use store::{Db, Listing, Page, Tx, Window};

use super::State;
use crate::{
    homeserver::Homeserver,
    personal::{
        self, NewSession, Owner,
        devices::{self, Announced},
    },
    policy::{
        Code, Policy, Violation,
        input::{OwnToken, Requester, SessionCounts, User},
    },
    sessions::count,
    users,
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
        Self::parse_or_empty(text).filter(|name| !name.0.is_empty())
    }

    /// What administrators call one need not be anything.
    pub fn parse_or_empty(text: &str) -> Option<Self> {
        let text = text.trim();
        let good = text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control);
        good.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
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

/// What stands against one more token.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// Others have to be revoked first, or sessions ended.
    TooMany,
    /// By the policy.
    Denied(Vec<Violation>),
}

/// Where it is judged, and who asks.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub policy: &'a Policy,
    pub requester: Requester<'a>,
}

impl Question<'_> {
    /// Whether this person, who has so many sessions, may have a token of this scope.
    pub fn judge(&self, user: User<'_>, scope: &Scope, session_counts: SessionCounts) -> Result<(), Refusal> {
        if session_counts.personal >= MOST {
            return Err(Refusal::TooMany);
        }
        let violations =
            self.policy.own_token(&OwnToken { user, session_counts, scope, requester: self.requester });
        match violations.as_slice() {
            [] => Ok(()),
            [Violation { code: Some(Code::TooManySessions { .. }), .. }] => Err(Refusal::TooMany),
            _ => Err(Refusal::Denied(violations)),
        }
    }
}

/// A token to be whose device the homeserver knows.
#[derive(Debug)]
pub struct Ready {
    user: UserId,
    wanted: Wanted,
    /// With that of the device.
    scope: Scope,
    announced: Announced,
}

/// Gives a token for the homeserver a device of its own, which has the token's name and goes when it is revoked: without one
/// a program could not send anything. `None` if the account is deactivated by now.
pub async fn prepare(
    db: &Db,
    homeserver: &Homeserver,
    op: &Op,
    (user, wanted): (User<'_>, Wanted),
) -> Result<Option<Ready>> {
    let mut scope = wanted.scope.clone();
    if scope.has_matrix_api() {
        let device = [DEVICE_PREFIX, &op.alphanumeric(DEVICE_ID_LENGTH)].concat();
        let tokens = scope.iter().chain([device.as_str()]);
        scope = Scope::from_tokens(tokens).map_err(kernel::Error::internal)?;
    }
    let whose = (user.id, user.username);
    let announced = devices::announce(db, homeserver, whose, (&scope, Some(&wanted.name.0))).await?;
    Ok(announced.map(|announced| Ready { user: user.id, wanted, scope, announced }))
}

/// What became of a token that somebody wanted.
#[derive(Debug)]
pub enum Created {
    New(SessionId, Token),
    Refused(Refusal),
    /// The account is deactivated by now.
    Deactivated,
}

/// Makes it, if nothing stands against it now: nobody else adds a session of this person meanwhile. If none is made, the device goes again.
pub async fn create(db: &Db, op: &Op, question: Question<'_>, ready: Ready) -> Result<Created> {
    let created = db.write(async |tx| insert(tx, op, question, &ready).await).await;
    if !matches!(created, Ok(Created::New(..))) {
        ready.announced.take_back(db, op).await?;
    }
    created
}

async fn insert(tx: &Tx, op: &Op, question: Question<'_>, ready: &Ready) -> Result<Created> {
    let Ready { user, wanted, scope, announced } = ready;
    // As it is now: since the request came in, a password was hashed and the homeserver asked.
    let (counts, _) = count::alone(tx, *user, "").await?;
    let Some(person) = users::hold(tx, *user).await? else { return Ok(Created::Deactivated) };
    if let Err(refusal) = question.judge((&person).into(), &wanted.scope, counts) {
        return Ok(Created::Refused(refusal));
    }
    let new = NewSession {
        owner: Owner::User(*user),
        actor: *user,
        human_name: wanted.name.0.clone(),
        scope: scope.clone(),
        expires_at: wanted.expires_in.map(|life| op.now + life),
        skip_actor_check: false,
    };
    let Some((id, token)) = personal::create(tx, op, &new).await? else { return Ok(Created::Deactivated) };
    announced.belongs_to(tx, op, id).await?;
    Ok(Created::New(id, token))
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
    /// Not of one that an administrator made: where the operator's staff sits is not the person's business.
    pub last_active_ip: Option<String>,
    /// It acts as the person, and is not theirs.
    pub made_by_administrator: bool,
}

const COLUMNS: &str = "s.id, s.human_name, s.scope, s.created_at, s.finished_at, s.last_active_at, s.last_active_ip, \
  t.access_expires_at, s.owner_user_id IS NULL OR s.owner_user_id <> s.user_id AS made_by_administrator";

/// One that was given a new token has still one line of tokens that is not revoked.
const FROM: &str = "sessions s LEFT JOIN token_pairs t ON t.session_id = s.id AND t.revoked_at IS NULL";

/// Which of those that act as a person, whoever made them. What is absent does not matter.
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
        listing.only("s.user_id = ? AND s.kind = 'personal'", [self.user.into()]);
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
    let made_by_administrator: bool = row.try_get("", "made_by_administrator")?;
    let last_active_ip: Option<String> = row.try_get("", "last_active_ip")?;
    Ok(PersonalSession {
        id: row.try_get("", "id")?,
        human_name: row.try_get::<Option<String>>("", "human_name")?.unwrap_or_default(),
        scope: row.try_get("", "scope")?,
        created_at: row.try_get("", "created_at")?,
        expires_at: row.try_get("", "access_expires_at")?,
        revoked_at: row.try_get("", "finished_at")?,
        last_active_at: row.try_get("", "last_active_at")?,
        last_active_ip: last_active_ip.filter(|_| !made_by_administrator),
        made_by_administrator,
    })
}

pub async fn list(db: &Db, filter: &Filter, window: Window) -> Result<Page<PersonalSession>> {
    filter.listing().page(&db.read, window).await?.try_map(|row| read(&row))
}

pub async fn count(db: &Db, filter: &Filter) -> Result<u64> {
    Ok(filter.listing().count(&db.read).await?)
}

/// The session of that id, if it acts as the person.
pub async fn get(db: &Db, user: UserId, id: SessionId) -> Result<Option<PersonalSession>> {
    Filter::of(user).listing().get(&db.read, id).await?.map(|row| read(&row)).transpose()
}
