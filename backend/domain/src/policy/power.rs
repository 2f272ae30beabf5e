//! Power over others: who may administer, and what a token for a part of the admin API must not lead to.
//!
//! Invariant: with a part of the admin API, nobody comes to a right that the part does not give. Every way that could lead there
//! asks here: personal sessions by [`Caller::may_issue`]; accounts, and what their people sign in with, by
//! [`Policy::may_administer`].

use kernel::{
    Scope,
    id::UserId,
    scope::{MAS_ADMIN, SYNAPSE_ADMIN, is_admin},
};

use super::{Policy, data::Rules};

/// Whoever calls the admin API.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// Of the token.
    pub scope: &'a Scope,
    /// Who is acted for.
    pub user: Option<UserId>,
}

impl Caller<'_> {
    /// Whether the token is good for the whole admin API.
    pub fn is_unlimited(self) -> bool {
        self.scope.contains(MAS_ADMIN)
    }

    /// Whether they may come by a token of this scope that acts as `actor`. One with power over others is given out by nobody but
    /// who may do everything; save that for whom they act as they may have what they hold already. Not for others: who else has
    /// power is not for a part of the API to say.
    pub fn may_issue(self, scope: &Scope, actor: UserId) -> bool {
        let is_held = |token| self.user == Some(actor) && self.scope.contains(token);
        self.is_unlimited() || scope.iter().filter(|token| is_power(token)).all(is_held)
    }
}

impl Policy {
    /// Whether an account may be granted power over others: by its flag, or because the policy names it. Whoever can sign in to it
    /// has that power, and so has whoever can change what it is signed in with.
    pub fn may_administer(&self, username: &str, can_request_admin: bool) -> bool {
        self.rules.may_administer(username, can_request_admin)
    }
}

impl Rules {
    pub(super) fn may_administer(&self, username: &str, can_request_admin: bool) -> bool {
        can_request_admin || self.admin_users.contains(username)
    }
}

/// Whether the column `scope` holds a token that [`is_power`], in SQL.
macro_rules! is_powerful {
    () => {
        "(' ' || scope || ' ' LIKE '% urn:mas:admin %' OR ' ' || scope || ' ' LIKE '% urn:mas:admin:%' \
          OR ' ' || scope || ' ' LIKE '% urn:synapse:admin:* %')"
    };
}
pub(crate) use is_powerful;

/// Over other people, here or at the homeserver.
pub(crate) fn is_power(token: &str) -> bool {
    token == SYNAPSE_ADMIN || is_admin(token)
}
