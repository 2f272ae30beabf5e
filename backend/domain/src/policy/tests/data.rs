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
    assert_eq!(found, ["server_name: cannot merge a number into a string: give it the same kind of value"]);

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
    let banned = |policy: &Policy, name| codes(&super::register(policy, name, None)) == ["username-banned"];
    let one =
        configured.with_dynamic(json!({"registration": {"banned_usernames": {"literals": ["b"]}}})).unwrap();
    assert!(banned(&one, "a") && banned(&one, "b"));
    let other = one.with_dynamic(json!({"registration": {"banned_usernames": null}})).unwrap();
    assert!(!banned(&other, "a") && !banned(&other, "b"));
    assert!(!banned(&configured, "b") && banned(&configured, "a"));
    assert!(configured.with_dynamic(json!({"registration": []})).is_err());
    assert_eq!(one.data()["registration"]["banned_usernames"]["literals"], json!(["a", "b"]));
}
