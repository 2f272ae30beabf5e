//! What happened, for people and operators to look up. Written in the transaction of what it tells of, and never
//! changed. It holds no secret and no password, and has no foreign keys: it outlives its subjects.

use kernel::{Actor, Op, Result, id::*};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use store::{ConnectionTrait, tables::audit_events};

/// The kinds of events; their names are stable, since operators search for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    UserRegistered,
    PasswordChanged,
    SignedIn,
    SignInFailed,
    /// Somebody who is signed in has proven again who they are.
    Reauthenticated,
    SignedOut,
    ConsentGiven,
    ConsentRefused,
    SessionStarted,
    SessionEnded,
    /// A superseded refresh token or a used code was presented again.
    ReplayDetected,
    ClientRegistered,
    ClientDeleted,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::UserRegistered => "user_registered",
            Self::PasswordChanged => "password_changed",
            Self::SignedIn => "signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::Reauthenticated => "reauthenticated",
            Self::SignedOut => "signed_out",
            Self::ConsentGiven => "consent_given",
            Self::ConsentRefused => "consent_refused",
            Self::SessionStarted => "session_started",
            Self::SessionEnded => "session_ended",
            Self::ReplayDetected => "replay_detected",
            Self::ClientRegistered => "client_registered",
            Self::ClientDeleted => "client_deleted",
        }
    }
}

/// An event about to be written; whom it concerns is what is set.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    pub user: Option<UserId>,
    pub client: Option<ClientId>,
    pub session: Option<SessionId>,
    pub browser_session: Option<BrowserSessionId>,
    pub data: Option<serde_json::Value>,
}

pub async fn record(db: &impl ConnectionTrait, op: &Op, kind: Kind, subject: Subject) -> Result<()> {
    audit_events::ActiveModel {
        id: Set(op.id()),
        kind: Set(kind.name().to_owned()),
        actor: Set(actor(op.actor)),
        user_id: Set(subject.user),
        client_id: Set(subject.client),
        session_id: Set(subject.session),
        browser_session_id: Set(subject.browser_session),
        address: Set(op.address.map(|address| address.to_string())),
        user_agent: Set(op.user_agent.clone()),
        request_id: Set(op.request_id.to_string()),
        data: Set(subject.data),
        created_at: Set(op.now),
    }
    .insert(db)
    .await?;
    Ok(())
}

/// The columns that every event has and that are not those of its subject, for statements that write the event along
/// with what it tells of: id, kind, actor, address, request.
pub fn values(op: &Op, kind: Kind) -> [sea_orm::Value; 5] {
    [
        op.id::<AuditEventId>().into(),
        kind.name().into(),
        actor(op.actor).into(),
        op.address.map(|address| address.to_string()).into(),
        op.request_id.to_string().into(),
    ]
}

/// As the request log prints it.
pub fn actor(actor: Actor) -> String {
    match actor {
        Actor::Anonymous => "anonymous".into(),
        Actor::User(id) => format!("user:{id}"),
        Actor::Client(id) => format!("oauth2-client:{id}"),
        Actor::Homeserver => "homeserver".into(),
        Actor::Operator => "operator".into(),
        Actor::Worker => "worker".into(),
    }
}
