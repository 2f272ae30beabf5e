//! What happened, for people and operators to look up. Written in the transaction of what it tells of, and never
//! changed, save that addresses and user agents are forgotten after a while (`retention`). It holds no secret and no password, and has no foreign keys: it outlives its subjects.

use kernel::{Actor, Op, Result, id::*};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DbBackend};
use serde_json::{Value, json};
use store::{ConnectionTrait, Tx, sql, tables::audit_events};

/// The kinds of events; their names are stable, since operators search for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    UserRegistered,
    UserLocked,
    UserUnlocked,
    /// `erase` in the data tells whether what was kept of them goes as well.
    UserDeactivated,
    UserReactivated,
    /// What was asked for with the deactivation is done, here and at the homeserver.
    UserErased,
    /// The account may ask for administrative rights from now on.
    AdminGranted,
    AdminRevoked,
    EmailAdded,
    EmailRemoved,
    PasswordChanged,
    SignedIn,
    SignInFailed,
    /// Somebody who is signed in has proven again who they are.
    Reauthenticated,
    SignedOut,
    /// Somebody who is signed in was asked for the password again, and did not know it.
    PasswordProofFailed,
    ConsentGiven,
    ConsentRefused,
    SessionStarted,
    SessionEnded,
    SessionRenamed,
    /// A person ended everything but what they were using.
    OtherSessionsEnded,
    DisplayNameChanged,
    /// For some minutes, apps may replace the cryptographic identity.
    CrossSigningResetAllowed,
    DataExported,
    /// A superseded refresh token or a used code was presented again.
    ReplayDetected,
    ClientRegistered,
    ClientDisabled,
    ClientEnabled,
    ClientDeleted,
    RegistrationTokenIssued,
    RegistrationTokenUpdated,
    RegistrationTokenRevoked,
    RegistrationTokenUnrevoked,
    UpstreamLinked,
    UpstreamUnlinked,
    /// A personal session was started; `name` in the data is what it is called.
    PersonalTokenCreated,
    PersonalTokenRevoked,
    /// A personal session got a new token, in place of the one before.
    TokenRegenerated,
    /// An administrator changed something through an API; `data` tells what it was before and after.
    Administered,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::UserRegistered => "user_registered",
            Self::UserLocked => "user_locked",
            Self::UserUnlocked => "user_unlocked",
            Self::UserDeactivated => "user_deactivated",
            Self::UserReactivated => "user_reactivated",
            Self::UserErased => "user_erased",
            Self::AdminGranted => "admin_granted",
            Self::AdminRevoked => "admin_revoked",
            Self::EmailAdded => "email_added",
            Self::EmailRemoved => "email_removed",
            Self::PasswordChanged => "password_changed",
            Self::SignedIn => "signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::Reauthenticated => "reauthenticated",
            Self::SignedOut => "signed_out",
            Self::ConsentGiven => "consent_given",
            Self::ConsentRefused => "consent_refused",
            Self::SessionStarted => "session_started",
            Self::SessionEnded => "session_ended",
            Self::SessionRenamed => "session_renamed",
            Self::OtherSessionsEnded => "other_sessions_ended",
            Self::PasswordProofFailed => "password_proof_failed",
            Self::DisplayNameChanged => "display_name_changed",
            Self::CrossSigningResetAllowed => "cross_signing_reset_allowed",
            Self::DataExported => "data_exported",
            Self::ReplayDetected => "replay_detected",
            Self::ClientRegistered => "client_registered",
            Self::ClientDisabled => "client_disabled",
            Self::ClientEnabled => "client_enabled",
            Self::ClientDeleted => "client_deleted",
            Self::RegistrationTokenIssued => "registration_token_issued",
            Self::RegistrationTokenUpdated => "registration_token_updated",
            Self::RegistrationTokenRevoked => "registration_token_revoked",
            Self::RegistrationTokenUnrevoked => "registration_token_unrevoked",
            Self::UpstreamLinked => "upstream_linked",
            Self::UpstreamUnlinked => "upstream_unlinked",
            Self::PersonalTokenCreated => "personal_token_created",
            Self::PersonalTokenRevoked => "personal_token_revoked",
            Self::TokenRegenerated => "token_regenerated",
            Self::Administered => "administered",
        }
    }
}

/// An event about to be written; whom it concerns is what is set.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    pub user: Option<UserId>,
    pub client: Option<ClientId>,
    pub session: Option<SessionId>,
    /// The one that it is about; if none is, that of the operation is written down.
    pub browser_session: Option<BrowserSessionId>,
    pub data: Option<serde_json::Value>,
}

/// What an administrator changed.
#[derive(Clone, Debug)]
pub struct Administered {
    /// As the API names it.
    pub operation: &'static str,
    /// The path of what was changed in the admin API, if it has one.
    pub target: Option<String>,
    /// Of the token that was shown.
    pub by_session: SessionId,
    /// Nothing that is secret.
    pub before: Value,
    pub after: Value,
}

/// Writes down what an administrator changed, beside the events of the change itself.
pub async fn administered(
    db: &impl ConnectionTrait,
    op: &Op,
    subject: Subject,
    change: Administered,
) -> Result<()> {
    let Administered { operation, target, by_session, before, after } = change;
    let data = json!({
        "operation": operation, "target": target, "by_session": by_session, "before": before, "after": after,
    });
    record(db, op, Kind::Administered, Subject { data: Some(data), ..subject }).await
}

pub async fn record(db: &impl ConnectionTrait, op: &Op, kind: Kind, subject: Subject) -> Result<()> {
    audit_events::ActiveModel {
        id: Set(op.id()),
        kind: Set(kind.name().to_owned()),
        actor: Set(actor(op.actor)),
        user_id: Set(subject.user),
        client_id: Set(subject.client),
        session_id: Set(subject.session),
        browser_session_id: Set(subject.browser_session.or(op.browser)),
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

/// Many events of one kind, in one statement.
pub async fn record_all(tx: &Tx, op: &Op, kind: Kind, subjects: &[Subject]) -> Result<()> {
    let rows: Vec<_> = subjects
        .iter()
        .map(|subject| {
            serde_json::json!([
                bits(op.id::<AuditEventId>()),
                subject.user.map(bits),
                subject.client.map(bits),
                subject.session.map(bits),
                subject.browser_session.or(op.browser).map(bits),
                subject.data,
            ])
        })
        .collect();
    let statement = match tx.get_database_backend() {
        DbBackend::Sqlite => RECORD_ALL_SQLITE,
        _ => RECORD_ALL_POSTGRES,
    };
    let values = [
        serde_json::Value::from(rows).to_string().into(),
        kind.name().into(),
        actor(op.actor).into(),
        op.address.map(|address| address.to_string()).into(),
        op.user_agent.clone().into(),
        op.request_id.to_string().into(),
        op.now.into(),
    ];
    sql::execute(tx, statement, values).await?;
    Ok(())
}

/// An id as both engines read it out of JSON.
fn bits(id: impl Id) -> String {
    format!("{:032x}", id.ulid().0)
}

macro_rules! record_all {
    ($($subject:literal),*; $from:literal) => {
        concat!(
            "INSERT INTO audit_events (id, user_id, client_id, session_id, browser_session_id, data, \
               kind, actor, address, user_agent, request_id, created_at) SELECT ",
            $($subject, ", ",)*
            "$2, $3, $4, $5, $6, $7 FROM ",
            $from
        )
    };
}

const RECORD_ALL_SQLITE: &str = record_all!(
    "unhex(value ->> 0)", "unhex(value ->> 1)", "unhex(value ->> 2)", "unhex(value ->> 3)", "unhex(value ->> 4)",
    "value ->> 5"; "json_each($1)"
);
const RECORD_ALL_POSTGRES: &str = record_all!(
    "(row ->> 0)::uuid", "(row ->> 1)::uuid", "(row ->> 2)::uuid", "(row ->> 3)::uuid", "(row ->> 4)::uuid",
    "NULLIF(row -> 5, 'null')"; "jsonb_array_elements($1::jsonb) AS row"
);

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

/// Reads what [`actor`] has written. Whoever cannot be read is nobody.
pub fn read_actor(text: &str) -> Actor {
    match text.split_once(':') {
        Some(("user", id)) => id.parse().map(Actor::User).unwrap_or_default(),
        Some(("oauth2-client", id)) => id.parse().map(Actor::Client).unwrap_or_default(),
        _ => {
            let others = [Actor::Homeserver, Actor::Operator, Actor::Worker];
            others.into_iter().find(|other| actor(*other) == text).unwrap_or_default()
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_read_as_it_was_written() {
        let id = kernel::id::first_ulid(1_785_585_600_000);
        for one in [
            Actor::Anonymous,
            Actor::User(Id::from_ulid(id)),
            Actor::Client(Id::from_ulid(id)),
            Actor::Homeserver,
            Actor::Operator,
            Actor::Worker,
        ] {
            assert_eq!(read_actor(&actor(one)), one);
        }
        assert_eq!(read_actor("user:nobody"), Actor::Anonymous);
    }
}
