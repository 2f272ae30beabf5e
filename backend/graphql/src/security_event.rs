//! What happened to an account, told to the person.

use async_graphql::{Context, Enum, ID, Object, Result};
use domain::{
    account::events::{self, By, Event},
    audit::Kind,
};
use kernel::id::UserId;

use crate::{
    asking::Asking,
    node_id,
    paging::{self, Asked, Connection, Total},
    scalars::DateTime,
    shared::UserAgent,
};

/// As cursors name it.
const CURSOR: &str = "SecurityEvent";

/// What a security event tells of. More may come: show unknown ones by their name. Latchkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SecurityEventKind {
    AccountCreated,
    SignedIn,
    SignInFailed,
    /// Somebody who was signed in has proven again who they are.
    Reauthenticated,
    SignedOut,
    ConsentGiven,
    ConsentRefused,
    /// An app was signed in.
    SessionStarted,
    /// An app was signed out.
    SessionEnded,
    /// A stolen code or token was noticed, and the session ended for it.
    ReplayDetected,
    OtherSessionsEnded,
    PasswordChanged,
    /// A password was asked for, to change something, and was wrong.
    PasswordProofFailed,
    RecoveryStarted,
    PasswordRecovered,
    EmailAdded,
    EmailRemoved,
    PersonalTokenCreated,
    PersonalTokenRevoked,
    /// A personal access token was replaced by a new one of the same name.
    PersonalTokenRegenerated,
    CrossSigningResetAllowed,
    DisplayNameChanged,
    SessionRenamed,
    DataExported,
    AccountLocked,
    AccountUnlocked,
    AccountDeactivated,
    AccountReactivated,
    Other,
}

/// What is written down and told, and what people call it. What cannot happen yet has no kind in the audit trail.
const NAMES: &[(Kind, SecurityEventKind)] = {
    use SecurityEventKind as Shown;
    &[
        (Kind::UserRegistered, Shown::AccountCreated),
        (Kind::SignedIn, Shown::SignedIn),
        (Kind::SignInFailed, Shown::SignInFailed),
        (Kind::Reauthenticated, Shown::Reauthenticated),
        (Kind::SignedOut, Shown::SignedOut),
        (Kind::ConsentGiven, Shown::ConsentGiven),
        (Kind::ConsentRefused, Shown::ConsentRefused),
        (Kind::SessionStarted, Shown::SessionStarted),
        (Kind::SessionEnded, Shown::SessionEnded),
        (Kind::ReplayDetected, Shown::ReplayDetected),
        (Kind::OtherSessionsEnded, Shown::OtherSessionsEnded),
        (Kind::PasswordChanged, Shown::PasswordChanged),
        (Kind::PasswordProofFailed, Shown::PasswordProofFailed),
        (Kind::EmailAdded, Shown::EmailAdded),
        (Kind::EmailRemoved, Shown::EmailRemoved),
        (Kind::PersonalTokenCreated, Shown::PersonalTokenCreated),
        (Kind::PersonalTokenRevoked, Shown::PersonalTokenRevoked),
        (Kind::TokenRegenerated, Shown::PersonalTokenRegenerated),
        (Kind::CrossSigningResetAllowed, Shown::CrossSigningResetAllowed),
        (Kind::DisplayNameChanged, Shown::DisplayNameChanged),
        (Kind::SessionRenamed, Shown::SessionRenamed),
        (Kind::DataExported, Shown::DataExported),
        (Kind::UserLocked, Shown::AccountLocked),
        (Kind::UserUnlocked, Shown::AccountUnlocked),
        (Kind::UserDeactivated, Shown::AccountDeactivated),
        (Kind::UserReactivated, Shown::AccountReactivated),
        (Kind::AdminGranted, Shown::Other),
        (Kind::AdminRevoked, Shown::Other),
    ]
};

/// Events of an account, the newest first; without the machinery's own.
pub async fn list(
    ctx: &Context<'_>,
    user: UserId,
    kinds: Option<Vec<SecurityEventKind>>,
    asked: &Asked,
) -> Result<Connection<SecurityEvent>> {
    let window = asked.newest_first(&[CURSOR])?;
    let wanted = |shown: SecurityEventKind| kinds.as_ref().is_none_or(|kinds| kinds.contains(&shown));
    let names = NAMES.iter().filter(|(_, shown)| wanted(*shown)).map(|(kind, _)| kind.name());
    let names: Vec<&'static str> = names.collect();
    let db = &Asking::of(ctx).app.db;
    let page = paging::fetch(window, events::list(db, user, Some(&names), window)).await?;
    let total = Total::by(move |app| {
        let names = names.clone();
        async move { events::count(&app.db, user, Some(&names)).await }
    });
    Ok(paging::answer_newest_first((window.from, page), total, |event| {
        (paging::cursor(CURSOR, event.id), SecurityEvent { event, user })
    }))
}

/// Something that happened and matters to the account's safety. Latchkey.
pub struct SecurityEvent {
    event: Event,
    user: UserId,
}

impl SecurityEvent {
    fn by(&self) -> By {
        By::of(&self.event, self.user)
    }
}

#[Object]
impl SecurityEvent {
    pub async fn id(&self) -> ID {
        node_id::of(node_id::SECURITY_EVENT, self.event.id)
    }

    pub async fn created_at(&self) -> DateTime {
        DateTime(self.event.created_at)
    }

    async fn kind(&self) -> SecurityEventKind {
        let found = NAMES.iter().find(|(kind, _)| kind.name() == self.event.kind);
        found.map_or(SecurityEventKind::Other, |(_, shown)| *shown)
    }

    /// From where, if the event came by HTTP.
    async fn ip(&self) -> Option<&String> {
        self.event.address.as_ref().filter(|_| self.by().may_be_located())
    }

    async fn user_agent(&self) -> Option<UserAgent> {
        UserAgent::of(self.event.user_agent.as_ref().filter(|_| self.by().may_be_located()))
    }

    /// The app that it is about, by name.
    async fn client_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(client) = self.event.client_id else { return Ok(None) };
        let client = Asking::of(ctx).loads.load_one(client).await?;
        Ok(client.map(|client| client.display_name()))
    }

    /// What it is about in other words: an e-mail address, a device's or token's name.
    async fn detail(&self) -> Option<&str> {
        events::detail(&self.event)
    }

    /// Whether somebody of the operator's staff, or a program, did it.
    async fn by_administrator(&self) -> bool {
        self.by() == By::Administrator
    }

    /// Whether it came from the very browser that is asking.
    async fn from_this_browser(&self, ctx: &Context<'_>) -> bool {
        let asking = Asking::of(ctx).browser().map(|browser| browser.id);
        asking.is_some() && asking == self.event.browser_session_id && self.by() == By::Person
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_people_are_told_of_has_a_name_here() {
        let named: Vec<_> = NAMES.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(named, events::TOLD);
    }
}
