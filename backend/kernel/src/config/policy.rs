//! `policy`: who may register, add an address, or be granted a scope.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Section;

/// Who may register, add an address, or be granted a scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PolicyConfig {
    /// An Open Policy Agent module compiled to WebAssembly that replaces the built-in policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wasm_module: Option<PathBuf>,

    /// The rule that judges the registration of a client.
    pub client_registration_entrypoint: String,

    /// The rule that judges the registration of a person.
    pub register_entrypoint: String,

    /// The rule that judges an authorization grant.
    pub authorization_grant_entrypoint: String,

    /// The rule that judges a sign-in by the Matrix client API.
    pub compat_login_entrypoint: String,

    /// The rule that judges an e-mail address.
    pub email_entrypoint: String,

    /// Accepted and unused, as in MAS: see `passwords.minimum_complexity`.
    pub password_entrypoint: String,

    /// What the policy is told: `admin_users`, `admin_clients`, `registration`, `emails`, `requester`,
    /// `client_registration` for the built-in one.
    pub data: serde_json::Map<String, serde_json::Value>,
}

impl Default for PolicyConfig {
    fn default() -> Self {
        Self {
            wasm_module: None,
            client_registration_entrypoint: "client_registration/violation".to_owned(),
            register_entrypoint: "register/violation".to_owned(),
            authorization_grant_entrypoint: "authorization_grant/violation".to_owned(),
            compat_login_entrypoint: "compat_login/violation".to_owned(),
            email_entrypoint: "email/violation".to_owned(),
            password_entrypoint: "password/violation".to_owned(),
            data: serde_json::Map::new(),
        }
    }
}

impl Section for PolicyConfig {
    const NAME: &'static str = "policy";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}
