//! What the policy is told, per question. Borrowed from the caller.

use std::net::IpAddr;

use kernel::{
    Scope, Timestamp,
    id::{ClientId, UserId},
};
use store::tables::users;

use crate::oauth::registration::ClientMetadata;

/// Where the request comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Requester<'a> {
    /// After trusted-proxy processing.
    pub ip_address: Option<IpAddr>,
    /// The header as it was sent.
    pub user_agent: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationMethod {
    Password,
    UpstreamOauth2,
}

/// Somebody wants an account.
#[derive(Clone, Copy, Debug)]
pub struct Register<'a> {
    pub registration_method: RegistrationMethod,
    /// The localpart.
    pub username: &'a str,
    /// `None` if the form does not ask for one; an empty field is `Some("")`.
    pub email: Option<&'a str>,
    pub requester: Requester<'a>,
}

/// A user wants to add an address.
#[derive(Clone, Copy, Debug)]
pub struct Email<'a> {
    pub email: &'a str,
    pub requester: Requester<'a>,
}

/// A client introduces itself. The metadata has passed [`ClientMetadata::validate`].
#[derive(Clone, Copy, Debug)]
pub struct ClientRegistration<'a> {
    pub client_metadata: &'a ClientMetadata,
    pub requester: Requester<'a>,
}

#[derive(Clone, Copy, Debug)]
pub struct User<'a> {
    pub id: UserId,
    /// The localpart.
    pub username: &'a str,
    pub created_at: Timestamp,
    pub locked_at: Option<Timestamp>,
    pub deactivated_at: Option<Timestamp>,
    pub can_request_admin: bool,
    pub is_guest: bool,
}

impl<'a> From<&'a users::Model> for User<'a> {
    fn from(user: &'a users::Model) -> Self {
        Self {
            id: user.id,
            username: &user.username,
            created_at: user.created_at,
            locked_at: user.locked_at,
            deactivated_at: user.deactivated_at,
            can_request_admin: user.can_request_admin,
            is_guest: user.is_guest,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    pub id: ClientId,
    pub metadata: &'a ClientMetadata,
    /// From the configuration.
    pub is_static: bool,
}

/// Active sessions of the user. `personal` are those that the user owns and acts as.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionCounts {
    pub total: u32,
    pub oauth2: u32,
    pub compat: u32,
    pub personal: u32,
}

/// The grants that the policy is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantType {
    AuthorizationCode,
    ClientCredentials,
    DeviceCode,
}

/// A client wants a session.
#[derive(Clone, Copy, Debug)]
pub struct AuthorizationGrant<'a> {
    /// `None` with client credentials, as is `session_counts`.
    pub user: Option<User<'a>>,
    pub session_counts: Option<SessionCounts>,
    pub client: Client<'a>,
    /// Tokens separated by single spaces; may be empty.
    pub scope: &'a str,
    pub grant_type: GrantType,
    pub requester: Requester<'a>,
}

/// An administrator wants a personal access token for somebody.
#[derive(Clone, Copy, Debug)]
pub struct PersonalSession<'a> {
    /// Whom it acts as.
    pub actor: User<'a>,
    pub scope: &'a Scope,
    /// It may have power over others although the actor may not, as the administrator says.
    pub skip_actor_check: bool,
    pub requester: Requester<'a>,
}

/// A user wants a personal access token that acts as themselves.
#[derive(Clone, Copy, Debug)]
pub struct OwnToken<'a> {
    pub user: User<'a>,
    pub session_counts: SessionCounts,
    pub scope: &'a Scope,
    pub requester: Requester<'a>,
}

/// The way in of a legacy login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Login<'a> {
    Sso { redirect_uri: &'a str },
    Token,
    Password,
}

impl Login<'_> {
    /// As the client-server API names it.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Sso { .. } => "m.login.sso",
            Self::Token => "m.login.token",
            Self::Password => "m.login.password",
        }
    }
}

/// A user wants a session through the legacy API.
#[derive(Clone, Copy, Debug)]
pub struct CompatLogin<'a> {
    pub user: User<'a>,
    pub session_counts: SessionCounts,
    /// Whether the login takes the place of a session with the same device.
    pub session_replaced: bool,
    pub login: Login<'a>,
    pub requester: Requester<'a>,
}
