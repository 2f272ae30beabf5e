//! `POST /oauth2/registration` (RFC 7591).

use insta::assert_snapshot;
use serde_json::{Value, json};
use testkit::{Answer, ClientKind::*, REDIRECT_URI, TestApp};

use super::{refused, seconds};

fn document() -> Value {
    json!({
        "client_name": "App",
        "client_uri": "https://app.example.org/",
        "redirect_uris": [REDIRECT_URI],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut document = document();
    document[name] = value;
    document
}

async fn register(app: &TestApp, document: &Value) -> Answer {
    app.anonymous().post("/oauth2/registration").json(document).await
}

#[tokio::test]
async fn a_public_client_gets_an_id() {
    let app = TestApp::new().await;
    assert_snapshot!(register(&app, &document()).await, @r#"201 {"client_id":"01KYYK41G043HF8SDSM5N9WY3E","client_id_issued_at":1785585600,"redirect_uris":["https://app.example.org/callback"],"grant_types":["authorization_code","refresh_token"],"token_endpoint_auth_method":"none","client_name":"App","client_uri":"https://app.example.org/"}"#);
}

#[tokio::test]
async fn a_confidential_client_gets_a_secret_that_is_stored_sealed() {
    let app = TestApp::new().await;
    let document = with("token_endpoint_auth_method", json!("client_secret_basic"));
    let answer = register(&app, &document).await;
    assert_snapshot!(answer, @r#"201 {"client_id":"01KYYK41G043HF8SDSM5N9WY3E","client_secret":"H794OVA6o5EqiyFVsiJi","client_id_issued_at":1785585600,"client_secret_expires_at":0,"redirect_uris":["https://app.example.org/callback"],"grant_types":["authorization_code","refresh_token"],"token_endpoint_auth_method":"client_secret_basic","client_name":"App","client_uri":"https://app.example.org/"}"#);
    assert_eq!(answer.header("cache-control"), "no-store");
    let secret = answer.json()["client_secret"].as_str().unwrap().to_owned();
    let stored = "SELECT secret_box || metadata FROM oauth_clients WHERE secret_box IS NOT NULL";
    let stored = app.database.texts(stored).await;
    assert!(stored.len() == 1 && !stored[0].contains(&secret));
}

#[tokio::test]
async fn the_same_public_client_registers_once() {
    let app = TestApp::new().await;
    let first = register(&app, &document()).await.ok();
    app.clock.advance(seconds(3600));
    assert_eq!(register(&app, &document()).await.to_string(), first.to_string());
    let reordered = with("grant_types", json!(["refresh_token", "authorization_code"]));
    assert_eq!(register(&app, &reordered).await.json()["client_id"], first.json()["client_id"]);
    let other = register(&app, &with("client_name", json!("Other"))).await.ok();
    assert_ne!(other.json()["client_id"], first.json()["client_id"]);
}

#[tokio::test]
async fn clients_with_a_secret_are_never_the_same() {
    let app = TestApp::new().await;
    let document = with("token_endpoint_auth_method", json!("client_secret_post"));
    let (first, second) = (register(&app, &document).await.json(), register(&app, &document).await.json());
    assert_ne!(first["client_id"], second["client_id"]);
    assert_ne!(first["client_secret"], second["client_secret"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_registers_many_times_at_once_is_one() {
    let app = TestApp::new().await;
    let tasks: Vec<_> = (0..30)
        .map(|_| {
            let request = app.anonymous().post("/oauth2/registration").json(&document());
            tokio::spawn(async move { request.await })
        })
        .collect();
    let mut ids = std::collections::HashSet::new();
    for task in tasks {
        ids.insert(task.await.unwrap().ok().json()["client_id"].to_string());
    }
    assert_eq!(ids.len(), 1);
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_stored() {
    let app = TestApp::new().await;
    let count = async || app.database.texts("SELECT CAST(count(*) AS text) FROM oauth_clients").await;
    let before = count().await;
    let redirects = |uri: &str| with("redirect_uris", json!([uri]));
    for (document, code) in [
        (json!([]), "invalid_client_metadata"),
        (json!("text"), "invalid_client_metadata"),
        (json!(null), "invalid_client_metadata"),
        (json!({}), "invalid_redirect_uri"),
        (with("redirect_uris", json!("https://app.example.org/")), "invalid_client_metadata"),
        (with("redirect_uris", json!([])), "invalid_redirect_uri"),
        (redirects("not a URL"), "invalid_client_metadata"),
        (redirects("https://app.example.org/#fragment"), "invalid_redirect_uri"),
        (redirects("https://elsewhere.example/"), "invalid_redirect_uri"),
        (redirects("http://app.example.org/callback"), "invalid_redirect_uri"),
        (redirects("javascript:alert(1)"), "invalid_redirect_uri"),
        (redirects("data:text/html,x"), "invalid_redirect_uri"),
        (with("client_uri", json!("https://co.uk/")), "invalid_client_metadata"),
        (with("client_uri", json!(null)), "invalid_redirect_uri"),
        (with("client_uri", json!(7)), "invalid_client_metadata"),
        (with("logo_uri", json!("https://elsewhere.example/logo.png")), "invalid_client_metadata"),
        (with("client_name#de", json!(["x"])), "invalid_client_metadata"),
        (with("response_types", json!(["token"])), "invalid_client_metadata"),
        (with("grant_types", json!(["client_credentials", "authorization_code"])), "invalid_client_metadata"),
        (with("token_endpoint_auth_method", json!("private_key_jwt")), "invalid_client_metadata"),
        (with("default_max_age", json!(-1)), "invalid_client_metadata"),
        // PostgreSQL cannot keep it.
        (with("client_name", json!("A\0pp")), "invalid_client_metadata"),
        (with("contacts", json!(["\0"])), "invalid_client_metadata"),
    ] {
        let answer = register(&app, &document).await;
        assert_eq!(answer.refusal(), refused(400, code), "{document}: {answer}");
    }
    assert_eq!(count().await, before);
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused() {
    let app = TestApp::new().await;
    let post =
        |kind: &str, body: &[u8]| app.anonymous().post("/oauth2/registration").raw(kind, body.to_vec());
    for body in [&b""[..], b"{", b"{\"a\":", b"\xff\xfe", b"\0"] {
        assert_eq!(
            post("application/json", body).await.refusal(),
            refused(400, "invalid_request"),
            "{body:?}"
        );
    }
    let deep = "[".repeat(100_000);
    assert_eq!(post("application/json", deep.as_bytes()).await.refusal(), refused(400, "invalid_request"));
    let long = vec![b' '; 3 * 1024 * 1024];
    assert_eq!(post("application/json", &long).await.refusal(), refused(400, "invalid_request"));
    let good = document().to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
        assert_eq!(post(kind, good.as_bytes()).await.refusal(), refused(400, "invalid_request"), "{kind}");
    }
    post("application/json; charset=utf-8", good.as_bytes()).await.ok();
}

#[tokio::test]
async fn without_a_method_it_is_client_secret_basic() {
    let app = TestApp::new().await;
    let mut document = with("grant_types", json!(["client_credentials", "authorization_code"]));
    document.as_object_mut().unwrap().remove("token_endpoint_auth_method");
    let answer = register(&app, &document).await.ok().json();
    assert_eq!(answer["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(answer["client_secret_expires_at"], 0);
    let (id, secret) = (answer["client_id"].as_str().unwrap(), answer["client_secret"].as_str().unwrap());
    app.client_as(Basic, id, secret).token([("grant_type", "client_credentials")]).await.ok();
    let post = app.client_as(Post, id, secret).token([("grant_type", "client_credentials")]).await;
    assert_eq!(post.refusal(), refused(401, "invalid_client"));
}

#[tokio::test]
async fn translations_come_back_as_they_were_sent() {
    let app = TestApp::new().await;
    let mut document = document();
    for (name, value) in [
        ("client_name#de", "Anwendung"),
        ("client_name#pt-BR", "Aplicativo"),
        ("logo_uri", "https://app.example.org/logo.png"),
        ("logo_uri#ja", "https://app.example.org/logo.ja.png"),
        ("tos_uri", "https://app.example.org/terms"),
        ("tos_uri#fr", "https://app.example.org/conditions"),
    ] {
        document[name] = value.into();
    }
    let answer = register(&app, &document).await.ok().json();
    for (name, value) in document.as_object().unwrap() {
        if name != "response_types" {
            assert_eq!(&answer[name], value, "{name}");
        }
    }
    let again = register(&app, &document).await.ok().json();
    assert_eq!(again, answer);
    document["client_name#de"] = "Andere Anwendung".into();
    assert_ne!(register(&app, &document).await.ok().json()["client_id"], answer["client_id"]);
}

#[tokio::test]
async fn what_no_key_can_sign_is_refused_at_once() {
    let app = TestApp::new().await;
    for member in ["id_token_signed_response_alg", "userinfo_signed_response_alg"] {
        for alg in ["ES384", "EdDSA", "HS256", "none"] {
            let answer = register(&app, &with(member, json!(alg))).await;
            assert_eq!(answer.refusal(), refused(400, "invalid_client_metadata"), "{member} {alg}");
            assert!(answer.body.contains(member) && answer.body.contains("RS256"), "{answer}");
        }
        register(&app, &with(member, json!("ES256"))).await.ok();
    }
}

#[tokio::test]
async fn each_fault_names_its_address_and_rule() {
    let app = TestApp::new().await;
    let redirects = ["https://elsewhere.example/cb", "http://app.example.org/cb", REDIRECT_URI];
    let answer = register(&app, &with("redirect_uris", json!(redirects))).await;
    assert_eq!(answer.refusal(), refused(400, "invalid_redirect_uri"));
    let why = answer.json()["error_description"].as_str().unwrap().to_owned();
    assert!(why.contains(redirects[0]) && why.contains(redirects[1]) && !why.contains(REDIRECT_URI), "{why}");
    assert!(why.contains("https") && why.contains("client_uri"), "{why}");
}

#[tokio::test]
async fn an_operator_can_switch_it_off() {
    let mut app = TestApp::new().await;
    let before = app.client(Public).await;
    app.restart(|settings| settings.registration.enabled = false).await;
    let answer = register(&app, &document()).await;
    assert_eq!(answer.refusal(), refused(403, "registration_not_supported"));
    for name in ["openid-configuration", "oauth-authorization-server"] {
        let discovery = app.anonymous().get(&format!("/.well-known/{name}")).await.json();
        assert_eq!(discovery.get("registration_endpoint"), None);
    }
    let user = app.user("alice").await;
    let code = app.authorization(&before).agreed_by(user).await;
    before.exchange(&code).await.ok();
}

#[tokio::test]
async fn an_operator_can_say_whose_clients_may_come() {
    let app =
        TestApp::with(|settings| settings.registration.allowed_hosts = vec!["example.org".into()]).await;
    register(&app, &document()).await.ok();
    let mut other = document();
    other["client_uri"] = "https://example.net/".into();
    other["redirect_uris"] = json!(["https://example.net/cb"]);
    let answer = register(&app, &other).await;
    assert_eq!(answer.refusal(), refused(400, "invalid_client_metadata"));
    assert!(answer.body.contains("https://example.net/") && answer.body.contains("example.org"), "{answer}");
    app.configured(Basic).token([("grant_type", "client_credentials")]).await.ok();
}

#[tokio::test]
async fn an_address_may_register_so_many_and_then_waits() {
    let app = TestApp::with(|settings| settings.registrations = (3, 1.0 / 60.0)).await;
    let from = async |address: &str| {
        let request = app.anonymous().post("/oauth2/registration").json(&document());
        request.header("x-forwarded-for", address).await
    };
    for _ in 0..3 {
        from("192.0.2.1").await.ok();
    }
    let throttled = from("192.0.2.1").await;
    assert_eq!(throttled.refusal(), refused(429, "temporarily_unavailable"));
    let wait: u64 = throttled.header("retry-after").parse().unwrap();
    assert!((1..=61).contains(&wait), "{wait}");
    from("192.0.2.2").await.ok();
    app.clock.advance(seconds(wait));
    from("192.0.2.1").await.ok();
}

#[tokio::test]
async fn clients_that_never_had_a_session_go_and_others_stay() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let used = app.client(Public).await;
    let ended = app.client(Basic).await;
    let waiting = app.client(Post).await;
    let unused = app.client(Post).await;
    for client in [&used, &ended] {
        let code = app.authorization(client).agreed_by(user).await;
        let tokens = client.exchange(&code).await.tokens();
        if client.id == ended.id {
            client.revoke(&tokens.access_token).await.ok();
            app.run_jobs().await;
        }
    }
    app.authorization(&waiting).agreed_by(user).await;
    let remove = async |after: u64| {
        let op = app.op();
        domain::oauth::clients::remove_unused(
            &app.parts().db,
            &op,
            Some(seconds(after)),
            &domain::jobs::Stop::new(),
        )
        .await
        .unwrap()
    };
    app.clock.advance(seconds(1000));
    let young = app.client(Post).await;
    assert_eq!(remove(1001).await, 0);
    assert_eq!(remove(999).await, 1, "the unused one");
    // What other jobs remove after weeks: it is remembered who had a session.
    app.database.execute("DELETE FROM authorization_grants").await;
    app.database.execute("DELETE FROM sessions").await;
    assert_eq!(remove(999).await, 1, "the one whose person never came back");
    let left = app.database.texts("SELECT name FROM oauth_clients WHERE is_static = FALSE").await;
    assert_eq!(left.len(), 3);
    for client in [&unused, &waiting] {
        assert_eq!(client.introspect("x").await.refusal(), refused(401, "invalid_client"));
    }
    for client in [&ended, &young] {
        client.introspect("x").await.ok();
    }
    let events = app.database.texts("SELECT kind FROM audit_events WHERE kind = 'client_deleted'").await;
    assert_eq!(events.len(), 2);
}
