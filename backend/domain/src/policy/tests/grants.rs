use super::*;

const API: &str = "urn:matrix:client:api:*";
const OLD_API: &str = "urn:matrix:org.matrix.msc2967.client:api:*";
const DEVICE: &str = "urn:matrix:client:device:ABCDEFGHIJ";
const OLD_DEVICE: &str = "urn:matrix:org.matrix.msc2967.client:device:ABCDEFGHIJ";
const INTERACTIVE: [GrantType; 2] = [GrantType::AuthorizationCode, GrantType::DeviceCode];

struct Ask<'a> {
    user: Option<User<'a>>,
    total: Option<u32>,
    grant_type: GrantType,
    requester: Requester<'a>,
}

impl Default for Ask<'_> {
    fn default() -> Self {
        let (user, grant_type) = (Some(user("alice")), GrantType::AuthorizationCode);
        Self { user, total: Some(0), grant_type, requester: requester(None, None) }
    }
}

impl Ask<'_> {
    fn by_client() -> Self {
        Self { user: None, total: None, grant_type: GrantType::ClientCredentials, ..Self::default() }
    }

    fn of(&self, policy: &Policy, scope: &str) -> Vec<Violation> {
        let client =
            Client { id: CLIENT.parse().unwrap(), metadata: &ClientMetadata::default(), is_static: true };
        let session_counts = self.total.map(|total| SessionCounts { total, ..Default::default() });
        policy.authorization_grant(&AuthorizationGrant {
            user: self.user,
            session_counts,
            client,
            scope,
            grant_type: self.grant_type,
            requester: self.requester,
        })
    }
}

fn count(ask: &Ask, scope: &str) -> usize {
    ask.of(&policy(json!({})), scope).len()
}

#[test]
fn harmless_scopes_are_for_everyone() {
    for scope in ["", "openid", "email", "profile", "urn:mas:graphql:*", "openid email openid"] {
        assert_eq!(count(&Ask::default(), scope), 0, "{scope}");
        assert_eq!(count(&Ask::by_client(), scope), 0, "{scope}");
    }
}

#[test]
fn unknown_scopes_are_refused_one_by_one() {
    assert_eq!(
        Ask::default().of(&policy(json!({})), "openid address phone"),
        [Violation::new("scope `address` is not allowed"), Violation::new("scope `phone` is not allowed")],
    );
    for scope in ["offline_access", "urn:matrix:client:api", "urn:matrix:client:api:*x", "OPENID"] {
        assert_eq!(count(&Ask::default(), scope), 1, "{scope}");
    }
}

#[test]
fn matrix_scopes_are_for_people() {
    for (api, device) in [(API, DEVICE), (OLD_API, OLD_DEVICE)] {
        for grant_type in INTERACTIVE {
            assert_eq!(count(&Ask { grant_type, ..Ask::default() }, &format!("{api} {device}")), 0);
        }
        assert_eq!(count(&Ask::by_client(), api), 1);
        assert_eq!(count(&Ask::by_client(), &format!("{api} {device}")), 2);
    }
}

#[test]
fn device_ids_are_long_and_plain() {
    for id in ["ABCDEFGHIJ", "a._~!$&'()*+,;=:@/-Z9"] {
        assert_eq!(count(&Ask::default(), &format!("{API} urn:matrix:client:device:{id}")), 0, "{id}");
    }
    for id in ["", "ABCDEFGHI", "ABCDEFGHI%", "ABCDEFGHIé", "ABCDEFGHI#"] {
        assert_eq!(count(&Ask::default(), &format!("{API} urn:matrix:client:device:{id}")), 1, "{id}");
    }
}

#[test]
fn there_is_one_device_at_a_time() {
    let other = DEVICE.replace('A', "B");
    let old_other = OLD_DEVICE.replace('A', "B");
    assert_eq!(count(&Ask::default(), &format!("{API} {DEVICE} {other}")), 1);
    assert_eq!(count(&Ask::default(), &format!("{OLD_API} {OLD_DEVICE} {old_other}")), 1);
    assert_eq!(count(&Ask::default(), &format!("{API} {DEVICE} {DEVICE}")), 0);
}

#[test]
fn a_device_needs_the_api() {
    assert_eq!(count(&Ask::default(), DEVICE), 1);
    assert_eq!(count(&Ask::default(), OLD_DEVICE), 1);
    assert_eq!(count(&Ask::default(), API), 0);
}

#[test]
fn families_do_not_mix() {
    assert_eq!(count(&Ask::default(), &format!("{API} {OLD_API}")), 1);
    assert_eq!(count(&Ask::default(), &format!("{API} {OLD_DEVICE}")), 1); // which any API scope satisfies
}

#[test]
fn admin_scopes_are_for_admins() {
    let policy = policy(json!({"admin_users": ["root"]}));
    for scope in ["urn:mas:admin", "urn:synapse:admin:*"] {
        for grant_type in INTERACTIVE {
            let ask = |user| Ask { user, grant_type, ..Ask::default() }.of(&policy, scope).len();
            assert_eq!(ask(Some(user("alice"))), 1);
            assert_eq!(ask(Some(user("Root"))), 1);
            assert_eq!(ask(Some(user("root"))), 0);
            assert_eq!(ask(Some(User { can_request_admin: true, ..user("alice") })), 0);
            assert_eq!(ask(None), 1);
        }
        let as_client = Ask { user: Some(user("root")), ..Ask::by_client() };
        assert_eq!(as_client.of(&policy, scope).len(), 1);
    }
}

#[test]
fn admin_clients_have_the_admin_api_only() {
    let policy = Policy::new("example.com", Some(LIMIT), json!({"admin_clients": [CLIENT]})).unwrap();
    assert_eq!(Ask::by_client().of(&policy, "urn:mas:admin"), []);
    assert_eq!(Ask::by_client().of(&policy, "urn:synapse:admin:*").len(), 1);
    assert_eq!(Ask::default().of(&policy, "urn:mas:admin").len(), 1);
    assert_eq!(count(&Ask::by_client(), "urn:mas:admin"), 1);
}

fn to_remove(policy: &Policy, total: u32) -> Option<Code> {
    let violations = Ask { total: Some(total), ..Ask::default() }.of(policy, API);
    assert!(violations.len() <= 1);
    violations.first().and_then(|violation| violation.code)
}

#[test]
fn the_soft_limit_counts() {
    let policy = limited(LIMIT);
    assert_eq!(to_remove(&policy, 31), None);
    assert_eq!(to_remove(&policy, 32), Some(Code::TooManySessions { need_to_remove: 1 }));
    assert_eq!(to_remove(&policy, 42), Some(Code::TooManySessions { need_to_remove: 11 }));
    assert_eq!(to_remove(&super::policy(json!({})), 1000), None);
}

#[test]
fn those_above_the_threshold_are_exempt() {
    let policy = limited(SessionLimit { max_session_threshold: Some(64), ..LIMIT });
    assert_eq!(to_remove(&policy, 128), None);
    assert_eq!(to_remove(&policy, 65), None);
    assert_eq!(to_remove(&policy, 64), Some(Code::TooManySessions { need_to_remove: 33 }));
}

#[test]
fn the_data_can_set_a_limit_by_itself() {
    let policy = super::policy(json!({"session_limit": {"soft_limit": 2}}));
    assert_eq!(to_remove(&policy, 2), Some(Code::TooManySessions { need_to_remove: 1 }));
    let hard_only = super::policy(json!({"session_limit": {"hard_limit": 2}}));
    assert_eq!(to_remove(&hard_only, 2), None);
}

#[test]
fn a_banned_requester_is_refused() {
    let policy = super::policy(json!({"requester": {"banned_user_agents": {"prefixes": ["Bad"]}}}));
    let ask =
        |agent| Ask { requester: requester(None, Some(agent)), ..Ask::default() }.of(&policy, API).len();
    assert_eq!((ask("Bad/1"), ask("Good/1")), (1, 0));
}
