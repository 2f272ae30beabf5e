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
        ask(json!({}), json!({"grant_types": ["client_credentials"], "client_uri": "https://example.com/"})),
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
