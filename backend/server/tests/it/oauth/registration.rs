//! `POST /oauth2/registration` (RFC 7591).

use insta::assert_snapshot;
use serde_json::{Value, json};
use testkit::{Answer, REDIRECT_URI, TestApp};

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
