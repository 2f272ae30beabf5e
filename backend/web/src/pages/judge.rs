//! What the policy says to an app that asks for a session.

use domain::{
    oauth::clients::Client,
    policy::{Code, Violation, input},
    sessions,
    users::browser::BrowserSession,
};
use kernel::Scope;

use super::{Failure, Visit};

/// Who asks whom for what.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    pub client: &'a Client,
    pub session: &'a BrowserSession,
    pub scope: &'a Scope,
    pub grant_type: input::GrantType,
}

impl Question<'_> {
    /// Asks the policy, with the person's sessions counted where it limits them.
    pub async fn judge(&self, visit: &Visit) -> Result<Vec<Violation>, Failure> {
        let Self { client, session, scope, grant_type } = *self;
        let counts = if visit.app.counts_sessions {
            Some(sessions::count::active(&visit.app.db, session.user).await?)
        } else {
            None
        };
        let scope = scope.to_string();
        let input = input::AuthorizationGrant {
            user: Some(session.person()),
            session_counts: counts,
            client: input::Client { id: client.id, metadata: &client.metadata, is_static: client.is_static },
            scope: &scope,
            grant_type,
            requester: input::Requester {
                ip_address: visit.op.address,
                user_agent: visit.op.user_agent.as_deref(),
            },
        };
        let violations = visit.app.policy.get().authorization_grant(&input);
        for violation in &violations {
            tracing::info!(client = %client.id, "The policy refuses an authorization: {}", violation.msg);
        }
        Ok(violations)
    }
}

/// How many sessions have to end first, if only their number is in the way.
pub fn need_to_remove(violations: &[Violation]) -> Option<u32> {
    match violations {
        [Violation { code: Some(Code::TooManySessions { need_to_remove }), .. }] => Some(*need_to_remove),
        _ => None,
    }
}
