//! Rules for personal sessions: which scopes a token may have that an administrator makes for an account. Whose power it
//! may carry is for the administrator to say; whether it makes sense at all is asked here.

use std::collections::BTreeSet;

use kernel::{
    Scope,
    scope::{self, device_id, is_admin},
};

use super::{Violation, authorization_grant::matrix_scopes_fit};

pub(super) fn violations(wanted: &Scope) -> Vec<Violation> {
    let unknown = wanted.iter().filter(|token| !is_known(token));
    let mut violations: Vec<_> =
        unknown.map(|token| Violation::new(format!("scope `{token}` is not allowed"))).collect();
    if wanted.is_empty() {
        violations.push(Violation::new("a personal session needs a scope"));
    }
    violations.extend(matrix_scopes_fit(&wanted.iter().collect::<BTreeSet<_>>()));
    violations
}

fn is_known(token: &str) -> bool {
    matches!(
        token,
        scope::OPENID
            | scope::EMAIL
            | scope::PROFILE
            | scope::GRAPHQL
            | scope::MATRIX_API
            | scope::MATRIX_API_UNSTABLE
            | scope::SYNAPSE_ADMIN
    ) || is_admin(token)
        || device_id(token).is_some_and(|device| !device.is_empty())
}
