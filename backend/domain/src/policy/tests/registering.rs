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
    for (ip, agent) in [(Some("10.1.1.1"), None), (None, Some("curl/8")), (Some("10.1.1.1"), Some("curl/8"))]
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
