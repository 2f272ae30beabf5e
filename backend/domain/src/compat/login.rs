//! `POST /login`: a password, or the token that the browser brought back, becomes a session with a device.
//!
//! Who it is is found out first, with no transaction open. Then one transaction takes the proof, makes room, ends
//! whichever session had the device, and creates the new one. Last, the homeserver is told of the device: if it does not
//! take it, the session ends again.

use std::time::Duration;

use kernel::{Actor, Error, Op, Result, Timestamp, Token, id::*};
use store::{DbErr, Tx};

use super::{
    Parts,
    room::{self, Full},
    session::NewSession,
    sso,
};
use crate::{
    policy::input,
    sessions::{
        device::{self, Found},
        end,
    },
    users::login::{self, Named, Proven, Verdict, note_failure, verify},
};

/// Characters of a device's id that the service makes up itself.
const DEVICE_ID_LENGTH: usize = 10;

/// A name and a password, and what it takes to verify them.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    pub parts: login::Parts<'a>,
    pub named: Named<'a>,
    pub password: &'a str,
}

/// What the client asks for besides being let in.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Good to be kept (see [`DeviceId`]); without one, a new one is made up.
    pub device: Option<DeviceId>,
    /// What the device is to be called.
    pub device_name: Option<String>,
    /// Whether the access token expires, and can be refreshed.
    pub refreshable: bool,
}

/// A device's id: what the homeserver takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceId(String);

impl DeviceId {
    /// Longer ones make introspection fail at the homeserver.
    pub const LONGEST: usize = 255;

    /// `None` if it is empty, longer than 255 bytes, has control characters in it, or means another place in a path, as
    /// Synapse's older interface would take it.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= Self::LONGEST && !text.contains(char::is_control);
        let good = fits && text != "." && text != "..";
        good.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a login came to.
#[derive(Debug)]
pub enum Login {
    Welcome(Box<Welcome>),
    /// Which part of it was wrong is not told, nor that an account is deactivated.
    WrongCredentials,
    /// Told only to those who have proven who they are.
    Locked,
    Throttled(Duration),
    /// By the policy.
    Denied,
    TooManySessions,
}

/// What the client gets.
#[derive(Clone, Debug)]
pub struct Welcome {
    pub session: SessionId,
    pub user: UserId,
    /// The localpart.
    pub username: String,
    pub device: String,
    pub access: Token,
    /// With the time that the access token lives.
    pub refresh: Option<(Token, Duration)>,
}

/// Who logs in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person<'a> {
    pub user: input::User<'a>,
    pub browser_session: Option<BrowserSessionId>,
}

/// What shows who it is, to be used up in the transaction that lets them in.
#[derive(Clone, Copy)]
enum Proof<'a> {
    Password(&'a Proven),
    Token(&'a sso::Approved),
}

pub async fn by_password(
    parts: Parts<'_>,
    op: &Op,
    credentials: Credentials<'_>,
    wanted: &Wanted,
) -> Result<Login> {
    let proven = match verify(credentials.parts, op, credentials.named, credentials.password).await? {
        Verdict::Proven(proven) => proven,
        Verdict::WrongCredentials | Verdict::Deactivated { .. } => return Ok(Login::WrongCredentials),
        Verdict::Locked { .. } => return Ok(Login::Locked),
        Verdict::Throttled(wait) => return Ok(Login::Throttled(wait)),
    };
    let Proven { user, created_at, can_request_admin, is_guest, .. } = *proven;
    let user = person(user, &proven.username, created_at, can_request_admin, is_guest);
    let person = Person { user, browser_session: None };
    let login = start(parts, op, person, Proof::Password(&proven), wanted).await?;
    if matches!(login, Login::WrongCredentials) {
        note_failure(parts.db, op, Some(proven.user)).await?;
    }
    Ok(login)
}

/// By the token that the browser brought back to the app.
pub async fn by_token(parts: Parts<'_>, op: &Op, token: &str, wanted: &Wanted) -> Result<Login> {
    let approved = match sso::redeem(parts.db, op, token).await? {
        sso::Redemption::Good(approved) => approved,
        sso::Redemption::Bad => return Ok(Login::WrongCredentials),
        sso::Redemption::Locked => return Ok(Login::Locked),
    };
    let sso::Approved { user, created_at, can_request_admin, is_guest, .. } = *approved;
    let user = person(user, &approved.username, created_at, can_request_admin, is_guest);
    let person = Person { user, browser_session: Some(approved.browser_session) };
    start(parts, op, person, Proof::Token(&approved), wanted).await
}

/// As the policy is told of them: they are neither locked nor deactivated.
const fn person(
    id: UserId,
    username: &str,
    created_at: Timestamp,
    can_request_admin: bool,
    is_guest: bool,
) -> input::User<'_> {
    input::User {
        id,
        username,
        created_at,
        locked_at: None,
        deactivated_at: None,
        can_request_admin,
        is_guest,
    }
}

/// Why the transaction is given up.
enum Stop {
    Refused(Login),
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<DbErr> for Stop {
    #[track_caller]
    fn from(error: DbErr) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Full> for Stop {
    fn from(full: Full) -> Self {
        Self::Refused(match full {
            Full::Denied => Login::Denied,
            Full::TooManySessions => Login::TooManySessions,
        })
    }
}

async fn start(
    parts: Parts<'_>,
    op: &Op,
    person: Person<'_>,
    proof: Proof<'_>,
    wanted: &Wanted,
) -> Result<Login> {
    let user = person.user;
    let op = &op.clone().by(Actor::User(user.id));
    let device = match &wanted.device {
        Some(device) => device.as_str().to_owned(),
        None => op.alphanumeric(DEVICE_ID_LENGTH),
    };
    let new = NewSession::mint(parts, op, person, &device, proof.login(), wanted);
    let written = parts.db.write(async |tx| {
        if !proof.use_up(tx, op, new.id).await? {
            return Err(Stop::Refused(Login::WrongCredentials));
        }
        room::make(parts, tx, op, new.question(op)).await??;
        // Locked or deactivated this very moment: they will be told so when they try again.
        new.insert(tx, op).await?.ok_or(Stop::Refused(Login::WrongCredentials))
    });
    let had_before = match written.await {
        Ok(had_before) => had_before,
        Err(Stop::Refused(login)) => return Ok(login),
        Err(Stop::Failed(error)) => return Err(error),
    };
    let ours = wanted.device.is_none() || had_before;
    let announced = device::announce(parts.homeserver, user.username, &device, wanted.device_name.as_deref());
    let announced = match announced.await {
        Ok(Found::Device) if !ours => device::disown(&parts.db.single, new.id).await,
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = announced {
        parts.db.write(async |tx| end::take_back(tx, op, new.id, ours).await).await?;
        return Err(error);
    }
    Ok(Login::Welcome(Box::new(new.welcome())))
}

impl Proof<'_> {
    const fn login(&self) -> input::Login<'static> {
        match self {
            Self::Password(_) => input::Login::Password,
            Self::Token(_) => input::Login::Token,
        }
    }

    /// False if it is worth nothing any more.
    async fn use_up(&self, tx: &Tx, op: &Op, session: SessionId) -> Result<bool> {
        match self {
            Self::Password(proven) => proven.settle(tx, op).await,
            Self::Token(approved) => sso::consume(tx, op, approved.id, session).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_id_is_what_the_homeserver_takes() {
        for good in ["A", "DEV1CE0001", "My \"device\" é", &"x".repeat(255)] {
            assert!(DeviceId::parse(good).is_some(), "{good}");
        }
        for bad in ["", ".", "..", "a\nb", "a\0", "\u{7f}", &"x".repeat(256), &"é".repeat(128)] {
            assert!(DeviceId::parse(bad).is_none(), "{bad:?}");
        }
    }
}
