//! What is told about a person: by userinfo, what the scope gives; in the ID token, of that only what the client asks
//! for there by name (OpenID Connect Core §5.4, §5.5).

use std::{collections::BTreeSet, time::Duration};

use kernel::{Scope, id::UserId, scope};
use serde_json::{Map, Value};
use store::Db;

use super::claims_request::ClaimsRequest;
use crate::{
    homeserver::Homeserver,
    users::display_name::{self, Known},
};

/// For the homeserver.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// The scope with what gives the claims that are asked for by name (§5.5). So the person is asked before they are told,
/// and the client reads in the answer's `scope` what it got.
pub fn widened(scope: Scope, asked: &ClaimsRequest) -> Scope {
    if !scope.contains(scope::OPENID) {
        return scope;
    }
    let names = asked.userinfo.keys().chain(asked.id_token.keys());
    let giving = names.filter_map(|name| GIVEN_BY.iter().find(|(claim, _)| claim == name));
    let tokens = scope.iter().chain(giving.map(|(_, scope)| *scope));
    Scope::from_tokens(tokens).unwrap_or_else(|_| scope.clone())
}

/// What is asked for in the ID token, as far as it may be told there.
pub fn in_id_token(asked: &ClaimsRequest) -> BTreeSet<String> {
    let known = GIVEN_BY.iter().map(|(claim, _)| *claim);
    known.filter(|claim| asked.id_token.contains_key(*claim)).map(str::to_owned).collect()
}

const GIVEN_BY: [(&str, &str); 4] = [
    ("email", scope::EMAIL),
    ("email_verified", scope::EMAIL),
    ("preferred_username", scope::PROFILE),
    ("name", scope::PROFILE),
];

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
        let given = GIVEN_BY.iter().filter(|(_, scope)| granted.contains(scope));
        given.filter_map(|(claim, _)| Some(((*claim).to_owned(), self.tell(claim)?))).collect()
    }

    /// The value of one of [`GIVEN_BY`], if it is known.
    fn tell(&self, claim: &str) -> Option<Value> {
        match claim {
            "email" => self.email.map(Value::from),
            "email_verified" => self.email.map(|_| true.into()),
            "preferred_username" => Some(self.username.into()),
            "name" => self.name.map(Value::from),
            _ => None,
        }
    }
}

/// The display name, from the homeserver, where people choose it. An answer without it is better than one that is late.
pub async fn display_name(db: &Db, homeserver: &Homeserver, known: Known<'_>) -> Option<String> {
    match display_name::ask(db, homeserver, known, LONGEST_WAIT).await {
        Ok(profile) => profile?.display_name,
        Err(error) => {
            tracing::info!(error = kernel::error::chain(&error), "claims go without the display name");
            None
        }
    }
}
