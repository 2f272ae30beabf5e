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
    /// The claims that the scope gives. `sub` is not among them: it goes with every token.
    pub fn claims(&self, granted: &Scope) -> Map<String, Value> {
        let given = self.all().into_iter().filter(|(scope, ..)| granted.contains(scope));
        given.filter_map(|(_, name, value)| Some((name.to_owned(), value?))).collect()
    }

    /// Every claim: the scope that gives it, its name, and its value if that is known.
    fn all(&self) -> [(&'static str, &'static str, Option<Value>); 4] {
        [
            (scope::EMAIL, "email", self.email.map(Value::from)),
            (scope::EMAIL, "email_verified", self.email.map(|_| true.into())),
            (scope::PROFILE, "preferred_username", Some(self.username.into())),
            (scope::PROFILE, "name", self.name.map(Value::from)),
        ]
    }
}
