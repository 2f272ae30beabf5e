//! Rules for personal sessions: which scopes their tokens may have.
//!
//! A token that an administrator makes for an account carries no power over others that the account may not have, unless the
//! administrator says so. What people make for themselves is no more than they may have anyway, and counts
//! among their sessions.

use std::collections::BTreeSet;

use kernel::{
    Scope,
    scope::{self, device_id, is_admin},
};

use super::{
    Violation,
    authorization_grant::matrix_scopes_fit,
    data::Rules,
    input::{OwnToken, PersonalSession, User},
    power::is_power,
};

pub(super) fn violations(rules: &Rules, input: &PersonalSession) -> Vec<Violation> {
    let PersonalSession { actor, scope, skip_actor_check, requester } = input;
    let mut violations = refused(scope, is_known);
    violations.extend(matrix_scopes_fit(&scope.iter().collect::<BTreeSet<_>>()));
    violations.extend(rules.requester.ban(requester));
    if !skip_actor_check && !rules.may_administer(actor.username, actor.can_request_admin) {
        let beyond = scope.iter().filter(|token| is_power(token));
        violations.extend(beyond.map(|token| {
            Violation::new(format!(
                "scope `{token}` is for accounts that may administer, and `{}` may not: let it (set-admin), or skip this check (skip_actor_check)",
                actor.username
            ))
        }));
    }
    violations
}

/// What there is for tokens that people make for themselves. Not the account API, which takes no such tokens, and not what
/// only a sign-in has a use for.
const OWN: [&str; 3] = [scope::MATRIX_API, scope::SYNAPSE_ADMIN, scope::MAS_ADMIN];

/// What of it is for this user.
pub(super) fn own_scopes(rules: &Rules, user: &User) -> Vec<&'static str> {
    let is_open = |token: &&str| {
        *token == scope::MATRIX_API || rules.may_administer(user.username, user.can_request_admin)
    };
    OWN.into_iter().filter(is_open).collect()
}

pub(super) fn own_violations(rules: &Rules, input: &OwnToken) -> Vec<Violation> {
    let open = own_scopes(rules, &input.user);
    let mut violations = refused(input.scope, |token| open.contains(&token));
    violations.extend(rules.requester.ban(&input.requester));
    if let Some(limits) = &rules.sessions {
        violations.extend(limits.exceeded(limits.soft, input.session_counts.total));
    }
    violations
}

/// One violation for each token that is not allowed, and one if there is none at all.
fn refused(wanted: &Scope, is_allowed: impl Fn(&str) -> bool) -> Vec<Violation> {
    let refused = wanted.iter().filter(|token| !is_allowed(token));
    let mut violations: Vec<_> =
        refused.map(|token| Violation::new(format!("scope `{token}` is not allowed"))).collect();
    if wanted.is_empty() {
        violations.push(Violation::new("a personal session needs a scope"));
    }
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
