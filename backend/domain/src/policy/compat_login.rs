//! Rules for sign-ins through the legacy API.

use super::{
    Violation,
    data::Rules,
    input::{CompatLogin, Login},
};

pub(super) fn violations(rules: &Rules, input: &CompatLogin) -> Vec<Violation> {
    let banned = rules.requester.ban(&input.requester);
    banned.into_iter().chain(too_many_sessions(rules, input)).collect()
}

fn too_many_sessions(rules: &Rules, input: &CompatLogin) -> Option<Violation> {
    let limits = rules.sessions.as_ref().filter(|_| !input.session_replaced)?;
    // In the browser the user can be shown what to remove; an app that logs in directly cannot.
    let limit = match input.login {
        Login::Sso { .. } => limits.soft,
        Login::Token | Login::Password => limits.hard,
    };
    limits.exceeded(limit, input.session_counts.total)
}
