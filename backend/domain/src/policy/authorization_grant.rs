//! Rules for OAuth 2.0 sessions: which scopes, how many.

use std::collections::BTreeSet;

use kernel::scope::is_admin;

use super::{
    Violation,
    data::Rules,
    input::{AuthorizationGrant, GrantType},
};

/// A family of Matrix scopes: the stable one (MSC2967, MSC4341 in the specification) or the one from before.
struct Family {
    prefix: &'static str,
    api: &'static str,
    device: &'static str,
}

const STABLE: Family = Family {
    prefix: "urn:matrix:client:",
    api: "urn:matrix:client:api:*",
    device: "urn:matrix:client:device:",
};
const UNSTABLE: Family = Family {
    prefix: "urn:matrix:org.matrix.msc2967.client:",
    api: "urn:matrix:org.matrix.msc2967.client:api:*",
    device: "urn:matrix:org.matrix.msc2967.client:device:",
};
const FAMILIES: [Family; 2] = [STABLE, UNSTABLE];

pub(super) fn violations(rules: &Rules, input: &AuthorizationGrant) -> Vec<Violation> {
    let scope: BTreeSet<&str> = input.scope.split(' ').collect();
    let refused = scope.iter().filter(|token| !is_allowed(rules, input, token));
    let mut violations: Vec<_> =
        refused.map(|token| Violation::new(format!("scope `{token}` is not allowed"))).collect();
    violations.extend(matrix_scopes_fit(&scope));
    violations.extend(rules.requester.ban(&input.requester));
    if let (Some(limits), Some(counts)) = (&rules.sessions, input.session_counts) {
        violations.extend(limits.exceeded(limits.soft, counts.total));
    }
    violations
}

fn is_allowed(rules: &Rules, input: &AuthorizationGrant, token: &str) -> bool {
    let interactive = matches!(input.grant_type, GrantType::AuthorizationCode | GrantType::DeviceCode);
    let admin_user =
        || input.user.is_some_and(|user| rules.may_administer(user.username, user.can_request_admin));
    match token {
        "" | "openid" | "email" | "profile" | "urn:mas:graphql:*" => true,
        "urn:synapse:admin:*" => interactive && admin_user(),
        part if is_admin(part) && interactive => admin_user(),
        part if is_admin(part) => rules.admin_clients.contains(&input.client.id),
        _ => interactive && is_matrix_scope(token),
    }
}

fn is_matrix_scope(token: &str) -> bool {
    let device = |family: &Family| token.strip_prefix(family.device).is_some_and(is_device_id);
    FAMILIES.iter().any(|family| token == family.api || device(family))
}

/// Long enough not to be guessed or to collide, and made of what may stand in a URL's path.
fn is_device_id(id: &str) -> bool {
    id.len() >= 10
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~!$&'()*+,;=:@/-".contains(&byte))
}

pub(super) fn matrix_scopes_fit(scope: &BTreeSet<&str>) -> Vec<Violation> {
    let starting = |prefix: &str| scope.iter().filter(|token| token.starts_with(prefix)).count();
    let devices = FAMILIES.map(|family| starting(family.device));
    let has_api = FAMILIES.iter().any(|family| scope.contains(family.api));
    let checks = [
        (devices.iter().any(|count| *count > 1), "only one device scope can be requested at a time"),
        (
            devices.iter().any(|count| *count > 0) && !has_api,
            "a device scope needs the client API scope beside it",
        ),
        (
            FAMILIES.iter().all(|family| starting(family.prefix) > 0),
            "stable and unstable Matrix scopes cannot be requested together",
        ),
    ];
    checks.into_iter().filter(|(fires, _)| *fires).map(|(_, msg)| Violation::new(msg)).collect()
}
