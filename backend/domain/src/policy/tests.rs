//! The rules as promises: each fires when it should and stays silent otherwise.

use serde_json::{Value, json};

use super::{
    input::{
        AuthorizationGrant, Client, ClientRegistration, CompatLogin, Email, GrantType, Login, Register,
        RegistrationMethod, Requester, SessionCounts, User,
    },
    *,
};
use crate::oauth::registration::{self, ClientMetadata, RegistrationError};

const CLIENT: &str = "01K2F2DKG0M9S346Q3D25VT4F5";
const LIMIT: SessionLimit = SessionLimit {
    soft_limit: 32,
    hard_limit: 64,
    max_session_threshold: None,
    dangerous_hard_limit_eviction: false,
};

fn policy(data: Value) -> Policy {
    Policy::new("example.com", None, data).unwrap()
}

fn limited(limit: SessionLimit) -> Policy {
    Policy::new("example.com", Some(limit), json!({})).unwrap()
}

fn problems(data: Value) -> Vec<String> {
    Policy::new("example.com", None, data).unwrap_err().iter().map(Problem::to_string).collect()
}

/// Codes as text, `-` where there is none.
fn codes(violations: &[Violation]) -> Vec<&'static str> {
    violations.iter().map(|violation| violation.code.map_or("-", Code::as_str)).collect()
}

fn requester<'a>(ip: Option<&str>, user_agent: Option<&'a str>) -> Requester<'a> {
    Requester { ip_address: ip.map(|ip| ip.parse().unwrap()), user_agent }
}

fn user(username: &str) -> User<'_> {
    User {
        id: CLIENT.parse().unwrap(),
        username,
        created_at: kernel::Timestamp(0),
        locked_at: None,
        deactivated_at: None,
        can_request_admin: false,
        is_guest: false,
    }
}

mod data {
    use super::*;

    #[test]
    fn what_cannot_be_understood_is_reported_all_at_once() {
        let found = problems(json!({
            "admin_users": "alice",
            "allowed_domains": ["[a"],
            "registration": {"banned_usernames": {"regexes": ["("], "literals": "root"}},
            "emails": [],
            "requester": {"banned_ips": ["10.0.0", "10.0.0.0/8", 7]},
            "session_limit": {"soft_limit": "many"},
            "server_name": 1,
        }));
        // server_name does not even merge
        assert_eq!(
            found,
            ["server_name: cannot merge a number into a string: give it the same kind of value"]
        );

        let found = problems(json!({
            "admin_users": "alice",
            "allowed_domains": ["[a"],
            "registration": {"banned_usernames": {"regexes": ["("], "literals": "root"}},
            "emails": [],
            "requester": {"banned_ips": ["10.0.0", "10.0.0.0/8", 7]},
            "session_limit": {"soft_limit": "many"},
        }));
        let paths: Vec<_> = found.iter().map(|problem| problem.split(": ").next().unwrap()).collect();
        for path in [
            "admin_users",
            "allowed_domains",
            "registration.banned_usernames.regexes",
            "registration.banned_usernames.literals",
            "emails",
            "requester.banned_ips",
            "session_limit.soft_limit",
        ] {
            assert!(paths.contains(&path), "{path} in {found:#?}");
        }
        assert_eq!(paths.iter().filter(|path| **path == "requester.banned_ips").count(), 2);
    }

    #[test]
    fn a_constraint_that_is_no_object_is_reported() {
        for value in [json!("root"), json!(["root"]), json!(1), json!(true)] {
            assert_eq!(problems(json!({"registration": {"allowed_usernames": value}})).len(), 1);
        }
    }

    #[test]
    fn null_and_false_are_no_problem() {
        let data = json!({
            "registration": null, "emails": {"banned_addresses": null, "allowed_addresses": false},
            "requester": {"banned_ips": null, "banned_user_agents": false}, "client_registration": null,
            "admin_users": null, "admin_clients": null, "allowed_domains": false, "banned_domains": null,
            "session_limit": null,
        });
        assert!(policy(data.clone()).warnings().is_empty());
        assert!(policy(data).email(&Email { email: "a@b", requester: requester(None, None) }).is_empty());
    }

    #[test]
    fn what_no_rule_reads_and_what_locks_out_gives_a_warning() {
        let policy = policy(json!({
            "passwords": {},
            "client_registration": {"allow_missing_contacts": true},
            "registration": {"allowed_usernames": {}},
            "emails": {"banned_addresses": {"literal": ["x"]}},
            "allowed_domains": [],
            "admin_clients": ["my-client"],
        }));
        let warnings: Vec<_> = policy.warnings().iter().map(|warning| warning.path.as_str()).collect();
        for path in [
            "passwords",
            "client_registration.allow_missing_contacts",
            "registration.allowed_usernames",
            "emails.banned_addresses.literal",
            "allowed_domains",
            "admin_clients",
        ] {
            assert!(warnings.contains(&path), "{path} in {warnings:?}");
        }
        assert_eq!(warnings.len(), 6);
    }

    #[test]
    fn data_is_an_object() {
        assert!(Policy::new("example.com", None, json!([])).is_err());
        assert!(Policy::new("example.com", None, json!(null)).is_ok());
        assert!(policy(json!({})).with_dynamic(json!(null)).is_err());
        assert!(policy(json!({})).with_dynamic(json!("x")).is_err());
    }

    #[test]
    fn dynamic_data_lies_on_top_and_is_replaced_as_a_whole() {
        let configured = policy(json!({"registration": {"banned_usernames": {"literals": ["a"]}}}));
        let banned =
            |policy: &Policy, name| codes(&super::register(policy, name, None)) == ["username-banned"];
        let one = configured
            .with_dynamic(json!({"registration": {"banned_usernames": {"literals": ["b"]}}}))
            .unwrap();
        assert!(banned(&one, "a") && banned(&one, "b"));
        let other = one.with_dynamic(json!({"registration": {"banned_usernames": null}})).unwrap();
        assert!(!banned(&other, "a") && !banned(&other, "b"));
        assert!(!banned(&configured, "b") && banned(&configured, "a"));
        assert!(configured.with_dynamic(json!({"registration": []})).is_err());
        assert_eq!(one.data()["registration"]["banned_usernames"]["literals"], json!(["a", "b"]));
    }
}

fn register(policy: &Policy, username: &str, email: Option<&str>) -> Vec<Violation> {
    let registration_method = RegistrationMethod::Password;
    policy.register(&Register { registration_method, username, email, requester: requester(None, None) })
}

mod registering {
    use super::*;

    #[track_caller]
    fn gives(data: Value, username: &str, expected: &[&str]) {
        let violations = register(&policy(data), username, None);
        assert_eq!(codes(&violations), expected, "{username}");
        assert!(violations.iter().all(|violation| violation.field == Some(Field::Username)));
    }

    #[test]
    fn names_are_not_empty() {
        gives(json!({}), "", &["username-too-short", "username-invalid-chars"]);
        gives(json!({}), "a", &[]);
    }

    #[test]
    fn names_fit_into_a_user_id() {
        let server = json!({"server_name": "a.io"});
        gives(server.clone(), &"a".repeat(249), &[]);
        gives(server, &"a".repeat(250), &["username-too-long"]);
    }

    #[test]
    fn names_are_not_numbers() {
        gives(json!({}), "1234", &["username-all-numeric"]);
        gives(json!({}), "1234a", &[]);
        gives(json!({}), "12-34", &[]);
    }

    #[test]
    fn names_have_the_characters_of_a_localpart() {
        gives(json!({}), "az09.=_/+-", &[]);
        for name in ["Hello", "hällo", "a b", "a:b", "@a", "a\n"] {
            gives(json!({}), name, &["username-invalid-chars"]);
        }
    }

    #[test]
    fn each_kind_of_constraint_bans() {
        let banned = json!({"registration": {"banned_usernames": {
            "literals": ["root"], "substrings": ["admin"], "regexes": ["^x[0-9]+$"], "prefixes": ["_"], "suffixes": ["-bot"],
        }}});
        for name in ["root", "myadmin2", "x12", "_a", "a-bot"] {
            gives(banned.clone(), name, &["username-banned"]);
        }
        for name in ["roots", "adm", "x12a", "a_", "bot"] {
            gives(banned.clone(), name, &[]);
        }
    }

    #[test]
    fn an_allow_list_lets_only_its_own_through() {
        let allowed = |constraints: Value| json!({"registration": {"allowed_usernames": constraints}});
        gives(allowed(json!({"prefixes": ["s-"]})), "s-alice", &[]);
        gives(allowed(json!({"prefixes": ["s-"]})), "alice", &["username-not-allowed"]);
        gives(allowed(json!({})), "alice", &["username-not-allowed"]);
        gives(allowed(json!(null)), "alice", &["username-not-allowed"]);
        gives(allowed(json!(false)), "alice", &[]);
        gives(json!({"registration": null}), "alice", &[]);
    }

    #[test]
    fn an_address_is_judged_if_there_is_one() {
        let policy = policy(json!({"allowed_domains": ["x.org"]}));
        assert_eq!(register(&policy, "a", None), []);
        assert_eq!(register(&policy, "a", Some("a@x.org")), []);
        for address in ["", "a@y.org"] {
            let violations = register(&policy, "a", Some(address));
            assert_eq!(codes(&violations), ["email-domain-not-allowed"]);
            assert_eq!(violations[0].field, Some(Field::Email));
        }
    }

    #[test]
    fn a_banned_requester_is_refused_without_being_told_why() {
        let policy = policy(json!({"requester": {
            "banned_ips": ["10.0.0.0/8"], "banned_user_agents": {"substrings": ["curl"]},
        }}));
        let ask = |requester| {
            let registration_method = RegistrationMethod::UpstreamOauth2;
            policy.register(&Register { registration_method, username: "a", email: None, requester })
        };
        for (ip, agent) in
            [(Some("10.1.1.1"), None), (None, Some("curl/8")), (Some("10.1.1.1"), Some("curl/8"))]
        {
            let violations = ask(requester(ip, agent));
            assert_eq!(codes(&violations), ["-"]);
            assert!(violations[0].field.is_none());
            assert!(!violations[0].msg.contains("10.1.1.1") && !violations[0].msg.contains("curl"));
        }
        for (ip, agent) in [(None, None), (Some("11.1.1.1"), Some("Firefox"))] {
            assert_eq!(ask(requester(ip, agent)), []);
        }
    }

    #[test]
    fn the_order_is_that_of_the_codes() {
        let violations = register(&policy(json!({"allowed_domains": []})), "", Some("x"));
        let sorted = ["username-too-short", "username-invalid-chars", "email-domain-not-allowed"];
        assert_eq!(codes(&violations), sorted);
    }
}

mod addresses {
    use super::*;

    #[track_caller]
    fn gives(data: &Value, email: &str, expected: &[&str]) {
        let violations = policy(data.clone()).email(&Email { email, requester: requester(None, None) });
        assert_eq!(codes(&violations), expected, "{email}");
        assert!(violations.iter().all(|violation| violation.field.is_none()));
    }

    #[test]
    fn domains_are_globbed() {
        let data = json!({"allowed_domains": ["*.x.org"], "banned_domains": ["a.x.org"]});
        gives(&data, "u@b.x.org", &[]);
        gives(&data, "u@a.x.org", &["email-domain-banned"]);
        gives(&data, "u@x.org", &["email-domain-not-allowed"]);
        gives(&data, "u@b.x.ORG", &["email-domain-not-allowed"]);
    }

    #[test]
    fn several_at_signs_leave_no_domain() {
        for address in ["u", "\"a@b\"@a.x.org", ""] {
            gives(&json!({"banned_domains": ["**"]}), address, &[]);
            gives(&json!({"allowed_domains": ["**"]}), address, &["email-domain-not-allowed"]);
        }
    }

    #[test]
    fn empty_allow_lists_allow_nothing() {
        gives(&json!({"allowed_domains": []}), "a@b", &["email-domain-not-allowed"]);
        gives(&json!({"allowed_domains": null}), "a@b", &["email-domain-not-allowed"]);
        gives(&json!({"emails": {"allowed_addresses": {}}}), "a@b", &["email-not-allowed"]);
    }

    #[test]
    fn addresses_are_constrained() {
        let data = json!({"emails": {
            "allowed_addresses": {"suffixes": ["@x.org"]}, "banned_addresses": {"literals": ["root@x.org"]},
        }});
        gives(&data, "a@x.org", &[]);
        gives(&data, "root@x.org", &["email-banned"]);
        gives(&data, "a@y.org", &["email-not-allowed"]);
    }
}

mod grants {
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
        for scope in ["", "openid", "email", "urn:mas:graphql:*", "openid email openid"] {
            assert_eq!(count(&Ask::default(), scope), 0, "{scope}");
            assert_eq!(count(&Ask::by_client(), scope), 0, "{scope}");
        }
    }

    #[test]
    fn unknown_scopes_are_refused_one_by_one() {
        assert_eq!(
            Ask::default().of(&policy(json!({})), "openid profile phone"),
            [
                Violation::new("scope `phone` is not allowed"),
                Violation::new("scope `profile` is not allowed")
            ],
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
}

mod legacy_logins {
    use super::*;

    const SSO: Login = Login::Sso { redirect_uri: "https://example.com/" };

    fn ask(policy: &Policy, login: Login, total: u32, session_replaced: bool) -> Vec<Violation> {
        policy.compat_login(&CompatLogin {
            user: user("alice"),
            session_counts: SessionCounts { total, ..Default::default() },
            session_replaced,
            login,
            requester: requester(Some("192.0.2.1"), None),
        })
    }

    fn to_remove(login: Login, total: u32) -> Option<Code> {
        ask(&limited(LIMIT), login, total, false).first().and_then(|violation| violation.code)
    }

    #[test]
    fn the_browser_has_the_soft_limit_and_the_api_the_hard_one() {
        for login in [Login::Password, Login::Token] {
            assert_eq!(to_remove(login, 63), None);
            assert_eq!(to_remove(login, 64), Some(Code::TooManySessions { need_to_remove: 1 }));
        }
        assert_eq!(to_remove(SSO, 31), None);
        assert_eq!(to_remove(SSO, 65), Some(Code::TooManySessions { need_to_remove: 34 }));
    }

    #[test]
    fn a_replaced_session_takes_no_room() {
        for login in [SSO, Login::Password, Login::Token] {
            assert_eq!(ask(&limited(LIMIT), login, 1000, true), []);
        }
    }

    #[test]
    fn without_a_limit_or_above_the_threshold_there_is_none() {
        let exempt = limited(SessionLimit { max_session_threshold: Some(99), ..LIMIT });
        for login in [SSO, Login::Password, Login::Token] {
            assert_eq!(ask(&policy(json!({})), login, 1000, false), []);
            assert_eq!(ask(&exempt, login, 100, false), []);
            assert_eq!(ask(&exempt, login, 99, false).len(), 1);
        }
    }

    #[test]
    fn a_banned_requester_is_refused() {
        let banned = |ip: &str| policy(json!({"requester": {"banned_ips": [ip]}}));
        assert_eq!(codes(&ask(&banned("192.0.2.0/24"), SSO, 0, true)), ["-"]);
        assert_eq!(ask(&banned("192.0.3.0/24"), SSO, 0, true), []);
    }
}

mod registering_clients {
    use super::*;

    fn ask(flags: Value, metadata: Value) -> Vec<Violation> {
        let metadata = registration::parse(metadata.to_string().as_bytes()).unwrap();
        let policy = policy(json!({"client_registration": flags}));
        policy.client_registration(&ClientRegistration {
            client_metadata: &metadata,
            requester: requester(None, None),
        })
    }

    /// What is said about a public web client of example.com with these members.
    fn changed(flags: Value, changes: Value) -> Vec<String> {
        let mut metadata = json!({
            "client_uri": "https://example.com/", "redirect_uris": ["https://example.com/cb"],
            "token_endpoint_auth_method": "none",
        });
        metadata.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        ask(flags, metadata).into_iter().map(|violation| violation.msg).collect()
    }

    #[track_caller]
    fn fine(changes: Value) {
        assert_eq!(changed(json!({}), changes), [""; 0]);
    }

    #[track_caller]
    fn refused(changes: Value, start: &str) {
        let messages = changed(json!({}), changes);
        assert!(messages.len() == 1 && messages[0].starts_with(start), "{messages:?}");
    }

    fn redirect(kind: &str, uri: &str) -> Value {
        json!({"application_type": kind, "redirect_uris": [uri]})
    }

    #[test]
    fn a_service_needs_a_home_page_only() {
        assert_eq!(
            ask(
                json!({}),
                json!({"grant_types": ["client_credentials"], "client_uri": "https://example.com/"})
            ),
            []
        );
    }

    #[test]
    fn a_home_page_is_needed_and_public() {
        refused(json!({"client_uri": null, "redirect_uris": [], "grant_types": []}), "client_uri is missing");
        for uri in [
            "http://example.com/",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://0.0.0.0/",
            "https://[::1]/",
        ] {
            refused(
                json!({"client_uri": uri, "redirect_uris": [], "grant_types": []}),
                &format!("client_uri {uri}"),
            );
        }
    }

    #[test]
    fn pages_and_logo_are_the_clients_own() {
        for name in ["tos_uri", "policy_uri", "logo_uri"] {
            fine(json!({name: "https://example.com/x"}));
            fine(json!({name: "https://www.example.com:8443/x"}));
            fine(json!({name: "https://example.com/x", format!("{name}#fr"): "http://elsewhere.test/"}));
            refused(
                json!({name: "http://example.com/x"}),
                &format!("{name} http://example.com/x is not allowed: it must be https"),
            );
            refused(
                json!({name: "https://evil.test/x"}),
                &format!("{name} https://evil.test/x is not allowed: its host"),
            );
            assert_eq!(changed(json!({}), json!({name: "http://evil.test/x"})).len(), 2);
        }
    }

    #[test]
    fn client_credentials_need_credentials() {
        let grants = json!(["client_credentials"]);
        refused(json!({"grant_types": grants}), "the grant type client_credentials");
        fine(json!({"grant_types": grants, "token_endpoint_auth_method": "client_secret_post"}));
        fine(json!({"grant_types": grants, "token_endpoint_auth_method": null}));
    }

    #[test]
    fn redirect_uris_are_needed_for_redirects() {
        refused(json!({"redirect_uris": null}), "redirect_uris is missing");
        refused(json!({"redirect_uris": []}), "redirect_uris is empty");
        refused(json!({"redirect_uris": [], "grant_types": ["implicit"]}), "redirect_uris is empty");
        fine(json!({"redirect_uris": [], "grant_types": ["refresh_token"]}));
        fine(json!({"redirect_uris": null, "grant_types": []}));
    }

    #[test]
    fn web_clients_come_back_to_their_own_site() {
        for uri in ["https://app.example.com/cb", "https://example.com:8443/cb", "https://example.com?x=y"] {
            fine(redirect("web", uri));
        }
        for uri in [
            "https://example.com/a%20b",
            "http://example.com/cb",
            "https://evil.test/cb",
            "https://badexample.com/cb",
            "https://me@example.com/cb",
            "http://localhost/cb",
            "com.example.app:/cb",
        ] {
            refused(redirect("web", uri), &format!("redirect_uri {uri}"));
        }
    }

    #[test]
    fn native_clients_may_use_the_loopback_and_their_own_scheme() {
        for uri in [
            "com.example.app:/cb",
            "com.example:/cb",
            "http://localhost:1/cb",
            "http://127.0.0.1/cb",
            "http://[::1]/cb",
            "https://example.com/cb",
        ] {
            fine(redirect("native", uri));
        }
        for uri in [
            "https://localhost:1/",
            "http://example.com/",
            "org.example.app:/cb",
            "com.example.app://cb",
            "com.examples:/cb",
            "com:/cb",
            "http://0.0.0.0/",
        ] {
            refused(redirect("native", uri), &format!("redirect_uri {uri}"));
        }
        refused(redirect("other", "com.example.app:/cb"), "redirect_uri com.example.app:/cb");
    }

    #[test]
    fn every_wrong_redirect_uri_is_named() {
        let uris = ["https://a.test/", "https://b.test/", "https://b.test/", "https://example.com/"];
        let violations = ask(json!({}), json!({"client_uri": "https://example.com/", "redirect_uris": uris}));
        let named: Vec<_> = violations.iter().map(|violation| violation.redirect_uri.as_deref()).collect();
        assert_eq!(named, [Some("https://a.test/"), Some("https://b.test/")]);
        let error = RegistrationError::from_violations(&violations).unwrap();
        assert_eq!(error.code, registration::Code::InvalidRedirectUri);
    }

    #[test]
    fn only_redirect_rules_speak_of_redirect_uris() {
        let violations = ask(
            json!({}),
            json!({
                "grant_types": ["client_credentials"], "token_endpoint_auth_method": "none",
                "client_uri": "http://example.com", "tos_uri": "http://evil.test/",
            }),
        );
        assert_eq!(violations.len(), 4);
        let error = RegistrationError::from_violations(&violations).unwrap();
        assert_eq!(error.code, registration::Code::InvalidClientMetadata);
    }

    #[test]
    fn insecure_uris_can_be_allowed() {
        let flags = json!({"allow_insecure_uris": true});
        let uris = json!({"client_uri": "http://localhost/", "logo_uri": "http://localhost/l"});
        assert_eq!(changed(flags.clone(), redirect("web", "http://example.com/cb")), [""; 0]);
        assert_eq!(changed(flags.clone(), redirect("web", "http://evil.test/cb")).len(), 1);
        let mut local = uris;
        local["redirect_uris"] = json!(["http://localhost:8080/cb"]);
        assert_eq!(changed(flags, local), [""; 0]);
    }

    #[test]
    fn host_mismatch_can_be_allowed() {
        let flags = json!({"allow_host_mismatch": true});
        assert_eq!(
            changed(
                flags.clone(),
                json!({"redirect_uris": ["https://evil.test/"], "tos_uri": "https://a.test/"})
            ),
            [""; 0]
        );
        assert_eq!(changed(flags, redirect("web", "http://evil.test/")).len(), 1);
        let both = json!({"allow_host_mismatch": true, "allow_insecure_uris": true});
        assert_eq!(changed(both, redirect("web", "any.thing://at/all%20")), [""; 0]);
    }

    #[test]
    fn a_missing_home_page_can_be_allowed_without_lifting_the_host_rule() {
        let flags = json!({"allow_missing_client_uri": true});
        assert_eq!(changed(flags.clone(), json!({"redirect_uris": ["https://evil.com/"]})).len(), 1);
        assert_eq!(changed(flags.clone(), json!({"tos_uri": "https://evil.com/"})).len(), 1);
        let without =
            |uri: &str| json!({"client_uri": null, "application_type": "native", "redirect_uris": [uri]});
        assert_eq!(changed(flags.clone(), without("https://any.test/")), [""; 0]);
        assert_eq!(changed(flags.clone(), without("http://localhost/")), [""; 0]);
        assert_eq!(changed(flags.clone(), without("http://any.test/")).len(), 1);
        assert_eq!(changed(flags, without("com.example:/cb")).len(), 1);
    }

    #[test]
    fn switches_are_on_unless_false() {
        for (value, on) in [
            (json!(true), true),
            (json!(null), true),
            (json!("false"), true),
            (json!(0), true),
            (json!(""), true),
            (json!([]), true),
            (json!({}), true),
            (json!(false), false),
        ] {
            let flags = json!({"allow_insecure_uris": value});
            let allowed = changed(flags, redirect("web", "http://example.com/")).is_empty();
            assert_eq!(allowed, on, "{value}");
        }
    }

    /// The registrations of the two most common clients (shortened).
    #[test]
    fn common_clients_pass() {
        let device = "urn:ietf:params:oauth:grant-type:device_code";
        fine(json!({
            "client_name": "Element", "client_uri": "https://app.example.com",
            "redirect_uris": ["https://app.example.com/?no_universal_links=true"],
            "logo_uri": "https://app.example.com/vector-icons/1024.png", "application_type": "web",
            "response_types": ["code"], "grant_types": ["authorization_code", "refresh_token", device],
        }));
        fine(json!({
            "client_uri": "https://element.example", "redirect_uris": ["example.element.x:/callback"],
            "application_type": "native", "client_name": "X", "client_name#fr": "X",
            "grant_types": ["authorization_code", "refresh_token", device],
        }));
    }
}
