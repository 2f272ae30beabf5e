//! The one error type. What a caller must tell apart is an enum of its own; everything else is this.
//!
//! `public` may be read by a stranger. `cause` and `at` are for the log, which the surface writes once, where it
//! turns the error into its own shape (OAuth code, Matrix `errcode`, admin `errors`, page).

use std::{borrow::Cow, error::Error as StdError, fmt, panic::Location};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in the terms that decide the status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be understood: 400.
    Invalid,
    /// Who is asking is not known: 401.
    Unauthenticated,
    /// Who is asking may not: 403.
    Forbidden,
    /// There is no such thing: 404.
    NotFound,
    /// It clashes with what is there: 409.
    Conflict,
    /// It was here and is no more: 410.
    Gone,
    /// Too many of these: 429.
    Throttled,
    /// A part we depend on (database, homeserver, hashing queue) cannot serve now: 503 with `Retry-After`.
    Unavailable,
    /// A fault of ours: 500.
    Internal,
}

#[derive(Debug)]
pub struct Error {
    pub kind: Kind,
    /// A sentence that a stranger may read: what is wrong and how to mend it.
    pub public: Cow<'static, str>,
    /// For the log only.
    pub cause: Option<Box<dyn StdError + Send + Sync>>,
    /// The line that gave up.
    pub at: &'static Location<'static>,
}

impl Error {
    #[track_caller]
    pub fn new(kind: Kind, public: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, public: public.into(), cause: None, at: Location::caller() }
    }

    /// A fault of ours; `cause` goes to the log and nowhere else.
    #[track_caller]
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(Kind::Internal, "something went wrong on our side").caused_by(cause)
    }

    #[track_caller]
    pub fn unavailable(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(Kind::Unavailable, "the service cannot answer right now, please try again").caused_by(cause)
    }

    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.public)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn StdError + 'static))
    }
}

/// The error and all its causes in one line, for operators.
pub fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// A database that cannot be reached is [`Kind::Unavailable`]; any other database error is a fault of ours.
impl From<sea_orm::DbErr> for Error {
    #[track_caller]
    fn from(error: sea_orm::DbErr) -> Self {
        use sea_orm::{DbErr, RuntimeErr, sqlx};
        let unreachable = match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
                match cause.as_ref() {
                    sqlx::Error::Io(_)
                    | sqlx::Error::PoolTimedOut
                    | sqlx::Error::PoolClosed
                    | sqlx::Error::WorkerCrashed
                    | sqlx::Error::Protocol(_)
                    | sqlx::Error::Tls(_) => true,
                    // PostgreSQL: connection exceptions, resources, operator intervention; SQLite: BUSY, LOCKED.
                    sqlx::Error::Database(refusal) => refusal.code().is_some_and(|code| {
                        ["08", "53", "57"].iter().any(|class| code.len() == 5 && code.starts_with(class))
                            || matches!(code.as_ref(), "5" | "6" | "261" | "517")
                    }),
                    _ => false,
                }
            }
            _ => false,
        };
        if unreachable { Self::unavailable(error) } else { Self::internal(error) }
    }
}
