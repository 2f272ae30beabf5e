//! The rules as promises: each fires when it should and stays silent otherwise.

mod addresses;
mod data;
mod grants;
mod legacy_logins;
mod personal_tokens;
mod registering;
mod registering_clients;

use serde_json::{Value, json};

use super::{
    input::{
        AuthorizationGrant, Client, ClientRegistration, CompatLogin, Email, GrantType, Login, OwnToken,
        PersonalSession, Register, RegistrationMethod, Requester, SessionCounts, User,
    },
    *,
};
use crate::oauth::registration::{self, ClientMetadata, RegistrationError};

const CLIENT: &str = "01K2F2DKG0M9S346Q3D25VT4F5";
const LIMIT: SessionLimit = SessionLimit {
    soft_limit: 32,
    hard_limit: 64,
    max_session_threshold: None,
    dangerous_hard_limit_eviction: false,
};

fn policy(data: Value) -> Policy {
    Policy::new("example.com", None, data).unwrap()
}

fn limited(limit: SessionLimit) -> Policy {
    Policy::new("example.com", Some(limit), json!({})).unwrap()
}

fn problems(data: Value) -> Vec<String> {
    Policy::new("example.com", None, data).unwrap_err().iter().map(Problem::to_string).collect()
}

/// Codes as text, `-` where there is none.
fn codes(violations: &[Violation]) -> Vec<&'static str> {
    violations.iter().map(|violation| violation.code.map_or("-", Code::as_str)).collect()
}

fn requester<'a>(ip: Option<&str>, user_agent: Option<&'a str>) -> Requester<'a> {
    Requester { ip_address: ip.map(|ip| ip.parse().unwrap()), user_agent }
}

fn user(username: &str) -> User<'_> {
    User {
        id: CLIENT.parse().unwrap(),
        username,
        created_at: kernel::Timestamp(0),
        locked_at: None,
        deactivated_at: None,
        can_request_admin: false,
        is_guest: false,
    }
}

fn register(policy: &Policy, username: &str, email: Option<&str>) -> Vec<Violation> {
    let registration_method = RegistrationMethod::Password;
    policy.register(&Register { registration_method, username, email, requester: requester(None, None) })
}
