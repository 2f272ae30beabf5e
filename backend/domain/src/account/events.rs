//! What happened to an account, as far as it concerns the person.

use kernel::{Actor, Result, id::*};
use sea_orm::{FromQueryResult, Value};
use store::{Db, Listing, Page, Window};

pub use store::tables::audit_events::Model as Event;

use crate::audit::{self, Kind};

/// What people are told of: neither the machinery's own, nor the administrators' notes on themselves.
pub const TOLD: &[Kind] = &[
    Kind::UserRegistered,
    Kind::SignedIn,
    Kind::SignInFailed,
    Kind::Reauthenticated,
    Kind::SignedOut,
    Kind::ConsentGiven,
    Kind::ConsentRefused,
    Kind::SessionStarted,
    Kind::SessionEnded,
    Kind::ReplayDetected,
    Kind::OtherSessionsEnded,
    Kind::PasswordChanged,
    Kind::PasswordProofFailed,
    Kind::EmailAdded,
    Kind::EmailRemoved,
    Kind::PersonalTokenCreated,
    Kind::PersonalTokenRevoked,
    Kind::TokenRegenerated,
    Kind::CrossSigningResetAllowed,
    Kind::DisplayNameChanged,
    Kind::SessionRenamed,
    Kind::DataExported,
    Kind::UserLocked,
    Kind::UserUnlocked,
    Kind::UserDeactivated,
    Kind::UserReactivated,
    Kind::AdminGranted,
    Kind::AdminRevoked,
];

/// Who it was, as far as the person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The person themselves, or nobody who was known yet.
    Person,
    /// An app that did something with its own session.
    App,
    /// Somebody of the operator's staff, or a program.
    Administrator,
}

impl By {
    /// Of an event of this person's.
    pub fn of(event: &Event, user: UserId) -> Self {
        let is = |actor| event.actor == audit::actor(actor);
        if is(Actor::User(user)) || is(Actor::Anonymous) {
            return Self::Person;
        }
        let is_client = event.client_id.is_some_and(|client| is(Actor::Client(client)));
        // A client that has a token of its own act as somebody administers: no app makes one, and apps are let in by a browser.
        let lends = [Kind::PersonalTokenCreated, Kind::PersonalTokenRevoked, Kind::TokenRegenerated];
        let is_unasked = event.kind == Kind::SessionStarted.name() && event.browser_session_id.is_none();
        let is_app = is_client && !is_unasked && lends.iter().all(|kind| kind.name() != event.kind);
        if is_app { Self::App } else { Self::Administrator }
    }

    /// Whether the person is told where it came from: where the operator's staff sits is not their business.
    pub fn may_be_located(self) -> bool {
        self != Self::Administrator
    }
}

/// What it is about in other words: an e-mail address, a device's or token's name. The rest of the data is not for the person.
pub fn detail(event: &Event) -> Option<&str> {
    let data = event.data.as_ref()?;
    ["email", "name", "display_name"].iter().find_map(|key| data.get(key)?.as_str())
}

/// Events of an account; of these kinds, by their names, if any are given.
pub(super) fn of(user: UserId, kinds: Option<&[&'static str]>) -> Listing {
    let mut listing = Listing::of("*", "audit_events", "id");
    listing.only("user_id = ?", [user.into()]);
    match kinds {
        None => {}
        Some([]) => listing.only("FALSE", []),
        Some(kinds) => listing.any_of("kind IN ({})", kinds.iter().map(|kind| Value::from(*kind)).collect()),
    }
    listing
}

pub async fn list(
    db: &Db,
    user: UserId,
    kinds: Option<&[&'static str]>,
    window: Window,
) -> Result<Page<Event>> {
    let page = of(user, kinds).page(&db.read, window).await?;
    Ok(page.try_map(|row| Event::from_query_result(&row, ""))?)
}

pub async fn count(db: &Db, user: UserId, kinds: Option<&[&'static str]>) -> Result<u64> {
    Ok(of(user, kinds).count(&db.read).await?)
}
