//! What is told about a person, by scope (OpenID Connect Core §5.4).

use kernel::{Scope, id::UserId, scope};
use serde_json::{Map, Value};

/// What is known about a person. What is not known is left out of the claims.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    pub id: UserId,
    /// The localpart.
    pub username: &'a str,
    /// The address that the account has had for longest. Addresses are only kept once they are verified.
    pub email: Option<&'a str>,
    /// The display name on the homeserver.
    pub name: Option<&'a str>,
}

impl Person<'_> {
    /// The claims that the scope gives: `email` and `email_verified` for `email`; `preferred_username` and `name` for
    /// `profile`. `sub` is not among them: it goes with every token.
    pub fn claims(&self, granted: &Scope) -> Map<String, Value> {
        let mut claims = Map::new();
        if granted.contains(scope::EMAIL)
            && let Some(email) = self.email
        {
            claims.insert("email".into(), email.into());
            claims.insert("email_verified".into(), true.into());
        }
        if granted.contains(scope::PROFILE) {
            claims.insert("preferred_username".into(), self.username.into());
            if let Some(name) = self.name {
                claims.insert("name".into(), name.into());
            }
        }
        claims
    }
}
