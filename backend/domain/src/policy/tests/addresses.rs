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
