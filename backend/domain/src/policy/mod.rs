//! The operator's policy: whether an account, an address, a client or a session may come to be. It allows or
//! denies and never changes anything.
//!
//! Here are the built-in rules, evaluated natively and without I/O. Custom Rego policies are a later issue; they
//! would take the same inputs ([`input`]) and give the same [`Violation`]s. The admin API and the command line ask the policy
//! about personal sessions and about nothing else; nor do clients from the configuration when they are registered.
//!
//! Behind the rules stands the data document, built from three layers, later over earlier: `server_name` and
//! `session_limit`, `policy.data` of the configuration, and the document that the admin API sets. Its patterns are
//! compiled once, here; what cannot be understood is a [`Problem`] at load, never a rule that silently does not
//! fire.
//!
//! Invariant: an empty list of violations means allowed; the list is sorted and without duplicates.

mod authorization_grant;
mod client_registration;
mod compat_login;
pub mod current;
mod data;
mod email;
pub mod input;
mod merge;
mod network;
mod node;
mod patterns;
mod personal_session;
pub mod power;
mod register;
mod uri;
mod violation;

use serde::Serialize;
use serde_json::{Value, json};

pub use current::Current;
pub use node::Problem;
pub use violation::{Code, Field, Violation};

/// How many sessions a user may have (`experimental.session_limit`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SessionLimit {
    /// At this many sessions, sign-ins in the browser are refused.
    pub soft_limit: u32,
    /// At this many sessions, sign-ins through the legacy API are refused.
    pub hard_limit: u32,
    /// Users who already have more sessions than this are exempt.
    pub max_session_threshold: Option<u32>,
    /// Whether legacy logins push out the least recently used legacy sessions. Acted upon by the login.
    pub dangerous_hard_limit_eviction: bool,
}

/// A compiled policy. Cheap to ask; build a new one when its data changes.
#[derive(Debug)]
pub struct Policy {
    /// Base and static layer, on which dynamic data is laid.
    configured: Value,
    /// All layers.
    effective: Value,
    rules: data::Rules,
    warnings: Vec<Problem>,
}

impl Policy {
    /// Compiles `policy.data`. Paths in problems start below it, for example `requester.banned_ips`.
    pub fn new(
        server_name: &str,
        session_limit: Option<SessionLimit>,
        static_data: Value,
    ) -> Result<Self, Vec<Problem>> {
        let base = json!({ "server_name": server_name, "session_limit": session_limit });
        let static_data = if static_data.is_null() { json!({}) } else { static_data }; // `data:` with nothing below
        let configured = lay(base, static_data)?;
        Self::compile(configured.clone(), configured)
    }

    /// The same policy with a document from the admin API on top. `self` goes on without it if this fails.
    pub fn with_dynamic(&self, dynamic_data: Value) -> Result<Self, Vec<Problem>> {
        let effective = lay(self.configured.clone(), dynamic_data)?;
        Self::compile(self.configured.clone(), effective)
    }

    fn compile(configured: Value, effective: Value) -> Result<Self, Vec<Problem>> {
        let (rules, warnings) = data::compile(&effective)?;
        Ok(Self { configured, effective, rules, warnings })
    }

    /// What is harmless but probably not meant: keys that no rule reads, lists that lock everybody out.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// The data document in force, for the operator.
    pub const fn data(&self) -> &Value {
        &self.effective
    }

    /// May this account be created?
    pub fn register(&self, input: &input::Register) -> Vec<Violation> {
        violation::sorted(register::violations(&self.rules, input))
    }

    /// May this address be added to an account?
    pub fn email(&self, input: &input::Email) -> Vec<Violation> {
        violation::sorted(email::violations(&self.rules, input.email))
    }

    /// May this client register itself?
    pub fn client_registration(&self, input: &input::ClientRegistration) -> Vec<Violation> {
        violation::sorted(client_registration::violations(
            &self.rules.client_registration,
            input.client_metadata,
        ))
    }

    /// May this client have this scope, for this user or for itself?
    pub fn authorization_grant(&self, input: &input::AuthorizationGrant) -> Vec<Violation> {
        violation::sorted(authorization_grant::violations(&self.rules, input))
    }

    /// May there be a personal session with this scope for this user?
    pub fn personal_session(&self, input: &input::PersonalSession) -> Vec<Violation> {
        violation::sorted(personal_session::violations(&self.rules, input))
    }

    /// May this user make this personal access token?
    pub fn own_token(&self, input: &input::OwnToken) -> Vec<Violation> {
        violation::sorted(personal_session::own_violations(&self.rules, input))
    }

    /// The scopes that this user may give to personal access tokens of their own.
    pub fn own_scopes(&self, user: &input::User) -> Vec<&'static str> {
        personal_session::own_scopes(&self.rules, user)
    }

    /// May this user sign in through the legacy API?
    pub fn compat_login(&self, input: &input::CompatLogin) -> Vec<Violation> {
        violation::sorted(compat_login::violations(&self.rules, input))
    }
}

fn lay(under: Value, over: Value) -> Result<Value, Vec<Problem>> {
    if !over.is_object() {
        return Err(vec![Problem::new("", "the policy data must be an object")]);
    }
    merge::merge(under, over).map_err(|problem| vec![problem])
}

#[cfg(test)]
mod tests;
