//! OAuth 2.0 clients that administrators make and stop.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{CONFIDENTIAL, Caller, ClientKind::*, Code, Credentials, TestApp};

use super::{BASE, app, attributes, book, claim, failed, failure, get, ids, post, run_a_little};

async fn delete(admin: &Caller, id: &str) -> testkit::Answer {
    admin.request(http::Method::DELETE, &format!("{BASE}/oauth2-clients/{id}")).await
}

#[tokio::test]
async fn a_client_for_a_program_is_made_with_a_secret_that_is_shown_once() {
    let (app, admin) = app().await;
    let body =
        json!({ "client_name": "Backup", "grant_types": ["client_credentials"], "response_types": [] });
    let made = post(&admin, "/oauth2-clients", body.clone()).await;
    assert_eq!(made.status.as_u16(), 201);
    let (client, id) = (attributes(&made), made.json()["data"]["id"].as_str().unwrap().to_owned());
    assert_eq!((&client["client_name"], &client["is_static"]), (&json!("Backup"), &json!(false)));
    assert_eq!(client["grant_types"], json!(["client_credentials"]));
    let secret = client["client_secret"].as_str().unwrap();
    let shown = get(&admin, &format!("/oauth2-clients/{id}")).await;
    assert!(attributes(&shown).get("client_secret").is_none(), "{shown}");
    assert_eq!(shown.header("etag"), made.header("etag"));

    let form = [("grant_type", "client_credentials"), ("scope", "openid")];
    app.client_as(Basic, &id, secret).token(form).await.ok();
    assert_eq!(app.client_as(Basic, &id, "another").token(form).await.status.as_u16(), 401);
    let again = post(&admin, "/oauth2-clients", body).await.ok();
    assert_ne!(again.json()["data"]["id"], id, "another one each time");
    let events =
        app.database.texts("SELECT COALESCE(CAST(data AS text), '') FROM audit_events").await.join("\n");
    assert!(events.contains("addOAuth2Client") && !events.contains(secret), "{events}");
}

#[tokio::test]
async fn what_could_not_register_itself_cannot_be_made() {
    let (_app, admin) = app().await;
    for (body, code) in [
        (json!({ "redirect_uris": ["https://app.example.org/#fragment"] }), "invalid_redirect_uri"),
        (json!({ "redirect_uris": ["nonsense"] }), "invalid_client_metadata"),
        (
            json!({ "redirect_uris": ["https://app.example.org/"], "id_token_signed_response_alg": "none" }),
            "invalid_client_metadata",
        ),
    ] {
        let answer = post(&admin, "/oauth2-clients", body.clone()).await;
        assert_eq!(failure(&answer), failed(400, code), "{body} {answer}");
    }
    let wrong = post(&admin, "/oauth2-clients", json!({ "redirect_uris": "https://app.example.org/" })).await;
    assert_eq!(failure(&wrong), failed(422, "invalid_body"));
    assert_eq!(ids(&get(&admin, "/oauth2-clients?filter[client-kind]=dynamic").await).len(), 0);
}

#[tokio::test]
async fn a_disabled_client_gets_nothing_until_it_is_enabled() {
    let (app, admin) = app().await;
    let client = app.client(Public).await;
    let tokens = app.signed_in_to(&client, "ada").await;
    let path = format!("/oauth2-clients/{}", client.id);
    let seen = get(&admin, &path).await.header("etag").to_owned();
    let disabled = post(&admin, &format!("{path}/disable"), Value::Null).await;
    let since = attributes(&disabled)["disabled_at"].clone();
    assert!(since.is_string(), "{disabled}");
    assert_eq!(disabled.json()["links"]["self"], format!("{BASE}{path}/disable"));

    assert_eq!(client.exchange(&Code::unknown()).await.status.as_u16(), 401, "it is not known any more");
    assert_eq!(client.refresh(&tokens).await.status.as_u16(), 401);
    assert_eq!(client.userinfo(&tokens).await.status.as_u16(), 401, "its sessions have ended");
    let sign_in = app.anonymous().get(&app.authorization(&client).path()).await;
    assert_eq!(sign_in.status.as_u16(), 400, "{sign_in}");
    assert_eq!(app.client(Public).await.id, client.id, "registering again does not help");
    assert_eq!(client.exchange(&Code::unknown()).await.status.as_u16(), 401);
    assert_eq!(app.run_jobs().await, ["end-client-sessions", "delete-devices"]);

    app.clock.advance(Duration::from_secs(1));
    let twice = post(&admin, &format!("{path}/disable"), Value::Null).await;
    assert_eq!(attributes(&twice)["disabled_at"], since, "asking twice is no error");
    let stale = admin.post(&format!("{BASE}{path}/enable")).header("if-match", &seen).await;
    assert_eq!(failure(&stale), failed(412, "precondition_failed"));
    let enabled = post(&admin, &format!("{path}/enable"), Value::Null).await;
    assert_eq!(attributes(&enabled)["disabled_at"], Value::Null);
    assert_eq!(client.refresh(&tokens).await.status.as_u16(), 400, "sessions do not come back");
    app.signed_in_to(&client, "bob").await;
    app.run_jobs().await;
}

#[tokio::test]
async fn a_deleted_client_takes_its_sessions_along() {
    let (app, admin) = app().await;
    let (client, tokens) = app.signed_in("ada").await;
    assert_eq!(delete(&admin, &client.id).await.status.as_u16(), 204);
    assert_eq!(failure(&delete(&admin, &client.id).await), failed(404, "not_found"));
    assert_eq!(client.userinfo(&tokens).await.status.as_u16(), 401);
    assert_eq!(client.exchange(&Code::unknown()).await.status.as_u16(), 401);
    assert_eq!(
        failure(&get(&admin, &format!("/oauth2-clients/{}", client.id)).await),
        failed(404, "not_found")
    );
    assert_eq!(ids(&get(&admin, "/oauth2-clients?filter[client-kind]=dynamic").await).len(), 0);
    assert_ne!(app.client(Public).await.id, client.id, "the same document again is another client");
    assert_eq!(app.run_jobs().await, ["end-client-sessions", "delete-devices"]);
    assert_eq!(ids(&get(&admin, "/oauth2-sessions?filter[client-kind]=dynamic").await).len(), 0);
    let left = "SELECT kind FROM sessions WHERE user_id IS NOT NULL";
    assert!(app.database.texts(left).await.is_empty());
    assert_eq!(app.homeserver.called(), ["delete_device"]);
    for kind in ["client_deleted", "administered"] {
        let told = format!("/audit-events?filter[client]={}&filter[kind]={kind}", client.id);
        assert_eq!(ids(&get(&admin, &told).await).len(), 1, "{kind}");
    }
}

#[tokio::test]
async fn clients_of_the_configuration_are_changed_there() {
    let (app, admin) = app().await;
    for action in ["disable", "enable"] {
        let answer = post(&admin, &format!("/oauth2-clients/{CONFIDENTIAL}/{action}"), Value::Null).await;
        assert_eq!(failure(&answer), failed(409, "client_configured"), "{action}");
    }
    assert_eq!(failure(&delete(&admin, CONFIDENTIAL).await), failed(409, "client_configured"));
    let nobody = "01KE34VF00M9S346Q3D25VT4F5";
    let answer = post(&admin, &format!("/oauth2-clients/{nobody}/disable"), Value::Null).await;
    assert_eq!(failure(&answer), failed(404, "not_found"));
    drop(app);
}

async fn is_active(app: &TestApp, token: &str) -> bool {
    app.synapse().post("/oauth2/introspect").form([("token", token)]).await.ok().json()["active"] == true
}

/// That sessions end is written down later: there may be a million of them.
#[tokio::test]
async fn a_disabled_client_is_out_at_once_whatever_its_job_does() {
    let (app, admin) = app().await;
    let client = app.client(Public).await;
    let tokens = app.signed_in_to(&client, "ada").await;
    let bob = app.user("bob").await;
    let code = app.authorization(&client).agreed_by(bob).await;
    let path = format!("/oauth2-clients/{}", client.id);
    assert!(is_active(&app, &tokens.access_token).await);
    app.clock.advance(Duration::from_secs(1));
    post(&admin, &format!("{path}/disable"), Value::Null).await.ok();

    let unknown = |answer: testkit::Answer| {
        assert_eq!(answer.refusal(), (401, "invalid_client".to_owned()));
    };
    for token in [&tokens.access_token, &tokens.refresh_token] {
        assert!(!is_active(&app, token).await, "no job has run yet");
    }
    unknown(client.refresh(&tokens).await);
    unknown(client.exchange(&code).await);
    assert_eq!(client.userinfo(&tokens).await.status.as_u16(), 401);
    let as_admin = app.caller(Credentials::Bearer(tokens.access_token.clone()));
    assert_eq!(failure(&get(&as_admin, "/version").await), failed(401, "token_revoked"));

    app.clock.advance(Duration::from_secs(1));
    post(&admin, &format!("{path}/enable"), Value::Null).await.ok();
    assert!(!is_active(&app, &tokens.access_token).await, "what has ended does not come back");
    assert_eq!(client.refresh(&tokens).await.refusal(), (400, "invalid_grant".to_owned()));
    let new = app.signed_in_to(&client, "eve").await;
    app.run_jobs().await;
    let open =
        "SELECT u.username FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.finished_at IS NULL";
    assert_eq!(app.database.texts(open).await, ["eve"]);
    client.refresh(&new).await.tokens();
    app.clock.advance(Duration::from_secs(60));
    assert_eq!(app.run_jobs().await, ["end-client-sessions"], "once more, for what was begun at that moment");
    assert_eq!(app.database.texts(open).await, ["eve"]);
}

/// The statement that begins a session may be under way when the client is disabled.
#[tokio::test]
async fn what_was_being_begun_is_ended_when_the_job_comes_back() {
    let (app, admin) = app().await;
    let (client, tokens) = app.signed_in("ada").await;
    post(&admin, &format!("/oauth2-clients/{}/disable", client.id), Value::Null).await.ok();
    app.run_jobs().await;
    app.database.execute("UPDATE sessions SET finished_at = NULL WHERE user_id IS NOT NULL").await;
    assert!(!is_active(&app, &tokens.access_token).await);
    app.clock.advance(Duration::from_secs(60));
    assert_eq!(app.run_jobs().await, ["end-client-sessions", "delete-devices"]);
    let open = "SELECT kind FROM sessions WHERE finished_at IS NULL AND user_id IS NOT NULL";
    assert!(app.database.texts(open).await.is_empty());
    app.clock.advance(Duration::from_secs(60));
    assert!(app.run_jobs().await.is_empty());
}

#[tokio::test]
async fn a_device_gets_nothing_of_a_client_that_is_disabled() {
    let (app, admin) = app().await;
    let client = app.device_client(Public).await;
    app.user_with_password("ada", testkit::PASSWORD).await;
    let codes = client.ask_for_codes("openid").await.ok().json();
    app.let_in(&mut app.browser(), "ada", codes["user_code"].as_str().unwrap()).await.ok();
    post(&admin, &format!("/oauth2-clients/{}/disable", client.id), Value::Null).await.ok();
    let poll = client.poll(codes["device_code"].as_str().unwrap()).await;
    assert_eq!(poll.refusal(), (401, "invalid_client".to_owned()));
    app.run_jobs().await;
}

#[tokio::test]
async fn a_million_sessions_would_end_slice_by_slice() {
    let (app, admin) = app().await;
    let client = app.client(Public).await;
    let (db, op) = (&app.parts().db, app.op());
    let user = crate::faults::seeds::user(db, &op, "ada").await;
    crate::faults::seeds::session(db, &op, user, &client.id, None).await;
    // Each as the one before, with another id.
    for _ in 0..11 {
        app.database.execute(MORE_SESSIONS[usize::from(testkit::engine() == store::Engine::Postgres)]).await;
    }
    let count = async |which: &str| {
        let count = format!("SELECT CAST(count(*) AS text) FROM sessions WHERE user_id IS NOT NULL{which}");
        app.database.texts(&count).await.remove(0)
    };
    assert_eq!(count("").await, "2048");
    let removed = delete(&admin, &client.id).await;
    assert_eq!(removed.status.as_u16(), 204);
    assert_eq!(count(" AND finished_at IS NULL").await, "2048", "not within the request");
    let [first] = claim(&app, "stops").await.try_into().unwrap();
    let outcome = run_a_little(&app, &first).await;
    book(&app, first, outcome).await;
    assert_eq!(count(" AND finished_at IS NULL").await, "1548");
    app.run_jobs().await;
    assert_eq!(count("").await, "0");
    assert!(
        app.database.texts("SELECT name FROM oauth_clients WHERE deleted_at IS NOT NULL").await.is_empty()
    );
    let told = "/audit-events?filter[kind]=session_ended&count=only";
    assert_eq!(get(&admin, told).await.json()["meta"]["count"], 2048);
}

const MORE_SESSIONS: [&str; 2] = [
    "INSERT INTO sessions (id, kind, user_id, client_id, scope, created_at) \
     SELECT randomblob(16), kind, user_id, client_id, scope, created_at FROM sessions WHERE user_id IS NOT NULL",
    "INSERT INTO sessions (id, kind, user_id, client_id, scope, created_at) \
     SELECT gen_random_uuid(), kind, user_id, client_id, scope, created_at FROM sessions WHERE user_id IS NOT NULL",
];
