//! Tokens that people make for themselves.

use super::*;

const API: &str = "urn:matrix:client:api:*";

fn said(policy: &Policy, user: User, scope: &str) -> Vec<Violation> {
    of(policy, user, scope, 0, requester(None, None))
}

fn of(policy: &Policy, user: User, scope: &str, total: u32, requester: Requester) -> Vec<Violation> {
    let session_counts = SessionCounts { total, ..Default::default() };
    let scope = &scope.parse().unwrap();
    policy.own_token(&OwnToken { user, session_counts, scope, requester })
}

#[test]
fn people_give_themselves_no_more_than_they_may_have() {
    let policy = policy(json!({ "admin_users": ["ada"] }));
    let entitled = User { can_request_admin: true, ..user("alice") };
    assert_eq!(policy.own_scopes(&user("alice")), [API]);
    assert_eq!(said(&policy, user("alice"), API), []);
    for scope in ["urn:mas:admin", "urn:synapse:admin:*"] {
        assert_eq!(said(&policy, user("alice"), scope).len(), 1, "{scope}");
        for administrator in [entitled, user("ada")] {
            assert!(policy.own_scopes(&administrator).contains(&scope));
            assert_eq!(said(&policy, administrator, &format!("{scope} {API}")), [], "{scope}");
        }
    }
}

#[test]
fn what_is_not_offered_is_refused() {
    let policy = policy(json!({}));
    let entitled = User { can_request_admin: true, ..user("alice") };
    for scope in
        ["", "openid", "urn:mas:graphql:*", "urn:mas:admin:users", "urn:matrix:client:device:ABCDEFGHIJ"]
    {
        assert_eq!(said(&policy, entitled, scope).len(), 1, "{scope}");
    }
}

#[test]
fn tokens_count_among_the_sessions() {
    let policy = limited(LIMIT);
    let asked = |total| of(&policy, user("alice"), API, total, requester(None, None));
    assert_eq!(asked(31), []);
    assert_eq!(asked(33)[0].code, Some(Code::TooManySessions { need_to_remove: 2 }));
}

#[test]
fn whoever_is_banned_makes_none() {
    let policy = policy(json!({ "requester": { "banned_ips": ["192.0.2.0/24"] } }));
    assert_eq!(of(&policy, user("alice"), API, 0, requester(Some("192.0.2.7"), None)).len(), 1);
    assert_eq!(of(&policy, user("alice"), API, 0, requester(Some("198.51.100.7"), None)), []);
}

fn lent(policy: &Policy, actor: User, scope: &str, skip_actor_check: bool) -> Vec<Violation> {
    let (scope, requester) = (&scope.parse().unwrap(), requester(Some("192.0.2.7"), None));
    policy.personal_session(&PersonalSession { actor, scope, skip_actor_check, requester })
}

#[test]
fn administrators_lend_nobody_power_without_a_word() {
    let policy = policy(json!({ "admin_users": ["ada"] }));
    let entitled = User { can_request_admin: true, ..user("alice") };
    for scope in ["urn:mas:admin", "urn:mas:admin:users:read", "urn:synapse:admin:* openid"] {
        assert_eq!(lent(&policy, user("alice"), scope, false).len(), 1, "{scope}");
        assert_eq!(lent(&policy, user("alice"), scope, true), [], "{scope}");
        for administrator in [entitled, user("ada")] {
            assert_eq!(lent(&policy, administrator, scope, false), [], "{scope}");
        }
    }
    assert_eq!(lent(&policy, user("alice"), &format!("{API} openid urn:mas:graphql:*"), false), []);
    assert_eq!(lent(&policy, entitled, "urn:nonsense", true).len(), 1, "no word makes sense of that");
}

#[test]
fn nor_anything_from_a_network_that_is_banned() {
    let policy = policy(json!({ "requester": { "banned_ips": ["192.0.2.0/24"] } }));
    assert_eq!(lent(&policy, user("alice"), API, true).len(), 1);
}
