//! Whatever is sent: a refusal that helps, never a 500, and nothing stored.

use serde_json::Value;
use testkit::{Answer, ClientKind::*, Credentials, DEVICE_CODE, TestApp, Tokens};

use super::refused;

/// Each form endpoint with a form that it accepts.
fn forms(tokens: &Tokens) -> Vec<(&'static str, Vec<(&'static str, &str)>)> {
    let (access, refresh) = (tokens.access_token.as_str(), tokens.refresh_token.as_str());
    vec![
        ("/oauth2/token", vec![("grant_type", "refresh_token"), ("refresh_token", refresh)]),
        (
            "/oauth2/token",
            vec![
                ("grant_type", "authorization_code"),
                ("code", "x"),
                ("redirect_uri", "https://app.example.org/callback"),
                ("code_verifier", "x"),
            ],
        ),
        ("/oauth2/token", vec![("grant_type", DEVICE_CODE), ("device_code", "x")]),
        ("/oauth2/token", vec![("grant_type", "client_credentials"), ("scope", "urn:mas:graphql:*")]),
        ("/oauth2/device", vec![("scope", "openid")]),
        ("/oauth2/introspect", vec![("token", access), ("token_type_hint", "access_token")]),
        ("/oauth2/revoke", vec![("token", access), ("token_type_hint", "access_token")]),
    ]
}

fn assert_helpful(answer: &Answer, what: &str) {
    assert!(answer.status.is_client_error(), "{what}: {answer}");
    let body: Value = answer.json();
    assert!(body["error"].is_string(), "{what}: {answer}");
    assert!(body["error_description"].as_str().is_some_and(|text| text.len() > 10), "{what}: {answer}");
}

/// CVE-2026-9689: two readers of a parameter that comes twice may each take another one.
#[tokio::test]
async fn a_parameter_that_comes_twice_is_refused() {
    let app = TestApp::new().await;
    let client = app.client(Post).await;
    let tokens = app.signed_in_to(&client, "alice").await;
    for (path, form) in forms(&tokens) {
        for (name, value) in &form {
            for second in [*value, "", "other"] {
                let request = client.caller.post(path).form(form.clone()).form([(*name, second)]);
                let answer = request.await;
                assert_eq!(answer.refusal(), refused(400, "invalid_request"), "{path} {name}={second}");
                assert!(answer.body.contains(name), "it says which one: {answer}");
            }
        }
        for name in ["client_id", "client_secret", "login_hint", "unknown"] {
            let request = client.caller.post(path).form(form.clone()).form([(name, "a"), (name, "a")]);
            assert_eq!(request.await.refusal(), refused(400, "invalid_request"), "{path} {name}");
        }
    }
    let twice = app.anonymous().post("/oauth2/userinfo");
    let token = tokens.access_token.as_str();
    let twice = twice.form([("access_token", token), ("access_token", token)]).await;
    assert_eq!(twice.status.as_u16(), 400);
    client.userinfo(&tokens).await.ok();
}

#[tokio::test]
async fn a_missing_parameter_is_named() {
    let app = TestApp::new().await;
    let client = app.configured(Basic);
    let (_, tokens) = app.signed_in("alice").await;
    for (path, form) in forms(&tokens) {
        for (missing, _) in &form {
            if ["token_type_hint", "redirect_uri", "code_verifier", "scope"].contains(missing) {
                continue;
            }
            for empty in [false, true] {
                let rest = form.iter().copied().filter(|(name, _)| name != missing);
                let rest = rest.chain(empty.then_some((*missing, "")));
                let answer = client.caller.post(path).form(rest).await;
                assert_eq!(answer.refusal(), refused(400, "invalid_request"), "{path} without {missing}");
                assert!(answer.body.contains(missing), "{answer}");
            }
        }
    }
    let answer = client.token([("grant_type", "password"), ("username", "alice"), ("password", "x")]).await;
    assert_eq!(answer.refusal(), refused(400, "unsupported_grant_type"));
}

#[tokio::test]
async fn malformed_values_are_refused_everywhere() {
    let app = TestApp::new().await;
    let client = app.configured(Basic);
    let (_, tokens) = app.signed_in("alice").await;
    let long = "x".repeat(100_000);
    for (path, form) in forms(&tokens) {
        for (name, _) in &form {
            for value in ["\0", "é", "🦀", "%00", "' OR 1=1 --", "\r\n\r\n", "{{7*7}}", long.as_str()] {
                let changed =
                    form.iter().map(|(other, kept)| (*other, if other == name { value } else { *kept }));
                let answer = client.caller.post(path).form(changed).await;
                // Most nonsense is a scope in good form, which nobody grants.
                if *name == "scope" && answer.status.is_success() {
                    assert!(value.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{value:.9}: {answer}");
                    continue;
                }
                // Nonsense tokens are inactive or gone already: that is no error (RFC 7662 §2.2, RFC 7009 §2.2).
                if value != "\0" && (*name == "token" || path == "/oauth2/introspect") {
                    answer.ok();
                } else {
                    assert_helpful(&answer, &format!("{path} {name}={}", &value[..value.len().min(9)]));
                }
            }
        }
    }
}

#[tokio::test]
async fn malformed_credentials_are_refused_everywhere() {
    let app = TestApp::new().await;
    let (_, tokens) = app.signed_in("alice").await;
    for (path, form) in forms(&tokens) {
        for header in [
            "",
            "Basic",
            "Basic ",
            "Basic !!!",
            "Basic bm9jb2xvbg==",
            "Basic gICAgA==",
            "Bearer",
            "Digest x",
            "x",
            "Basic Og==",
            "Basic OjphOmI=",
            "Bearer \u{e9}",
            "Negotiate YWJj",
            "Bearer a b c",
        ] {
            let answer = app.anonymous().post(path).form(form.clone()).header("authorization", header).await;
            assert_helpful(&answer, &format!("{path} with {header:?}"));
        }
        for id in ["", "x", "01K2F2DKG0M9S346Q3D25VT4F5", "\0", "01k2f2dkg0m9s346q3d25vt4fi"] {
            for credentials in [
                Credentials::Public { id: id.into() },
                Credentials::Post { id: id.into(), secret: "x".into() },
                Credentials::Basic { id: id.into(), secret: "x".into() },
                Credentials::Basic { id: id.into(), secret: String::new() },
            ] {
                let what = format!("{path} as {credentials:?}");
                let answer = app.caller(credentials).post(path).form(form.clone()).await;
                assert_helpful(&answer, &what);
            }
        }
        let client = app.configured(Basic);
        let both = client.caller.post(path).form(form.clone());
        let both = both.form([("client_id", client.id.as_str()), ("client_secret", "x")]).await;
        assert_eq!(both.refusal(), refused(400, "invalid_request"), "{path}");
    }
}

#[tokio::test]
async fn only_forms_are_read() {
    let app = TestApp::new().await;
    let client = app.configured(Basic);
    let (_, tokens) = app.signed_in("alice").await;
    for (path, _) in forms(&tokens) {
        for (kind, body) in [
            ("application/json", &b"{\"grant_type\":\"refresh_token\"}"[..]),
            ("text/plain", b"grant_type=refresh_token"),
            ("multipart/form-data; boundary=x", b"--x--"),
            ("", b"grant_type=refresh_token"),
            ("application/x-www-form-urlencoded", b"%ff%fe=%zz&&&=&a"),
            ("application/x-www-form-urlencoded", b"\xff\xfe\x00"),
            ("application/x-www-form-urlencoded", b""),
        ] {
            if path == "/oauth2/device" && kind.ends_with("urlencoded") && !body.contains(&0) {
                continue; // a form in which nothing is asked for that we know, as it may be
            }
            let answer = client.caller.post(path).raw(kind, body.to_vec()).await;
            assert_eq!(answer.refusal(), refused(400, "invalid_request"), "{path} {kind}");
        }
        let long = [b"token=".to_vec(), vec![b'x'; 3 * 1024 * 1024]].concat();
        let answer = client.caller.post(path).raw("application/x-www-form-urlencoded", long).await;
        assert_eq!(answer.refusal(), refused(400, "invalid_request"), "{path}");
    }
}

#[tokio::test]
async fn the_wrong_method_is_told_the_right_one() {
    let app = TestApp::new().await;
    for (path, allowed) in [
        ("/oauth2/token", "POST"),
        ("/oauth2/introspect", "POST"),
        ("/oauth2/revoke", "POST"),
        ("/oauth2/registration", "POST"),
        ("/oauth2/device", "POST"),
        ("/oauth2/keys.json", "GET,HEAD"),
        ("/.well-known/openid-configuration", "GET,HEAD"),
    ] {
        let method = if allowed == "POST" { http::Method::GET } else { http::Method::POST };
        let answer = app.anonymous().request(method, path).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, allowed), "{path}");
    }
    assert_eq!(app.anonymous().get("/no/such/path").await.status.as_u16(), 404);
}

/// RFC 6749 §2.3.1 wants id and secret form-encoded in the header; clients of MAS send them as they are.
#[tokio::test]
async fn a_secret_in_the_header_is_taken_as_it_is_and_decoded() {
    let secret = "p%41ss+w&rd=: 100%";
    let metadata = serde_json::json!({
        "token_endpoint_auth_method": "client_secret_basic", "grant_types": ["client_credentials"],
    });
    let metadata = domain::oauth::registration::parse(metadata.to_string().as_bytes()).unwrap();
    let id = "0000000000000000000000PASS";
    let client = domain::oauth::clients::StaticClient {
        id: id.parse().unwrap(),
        skip_consent: false,
        is_resource_server: true,
        auth_method: metadata.auth_method().clone(),
        secret: Some(kernel::Secret::new(secret.to_owned())),
        metadata,
    };
    let app = TestApp::with(|settings| settings.clients.push(client)).await;
    let ask = async |sent: &str| {
        let client = app.client_as(Basic, id, sent);
        client.token([("grant_type", "client_credentials")]).await
    };
    for good in [secret, "p%2541ss%2Bw%26rd%3D%3A+100%25", "p%2541ss%2bw%26rd%3d%3a%20100%25"] {
        ask(good).await.ok();
    }
    for bad in ["pAss w&rd=: 100%", "pAss+w&rd=: 100%", "p%41ss+w&rd=: 100%25", ""] {
        assert_eq!(ask(bad).await.refusal(), refused(401, "invalid_client"), "{bad}");
    }
}
