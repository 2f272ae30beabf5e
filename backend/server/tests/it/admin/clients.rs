//! OAuth 2.0 clients that administrators make and stop.

use serde_json::{Value, json};
use testkit::{CONFIDENTIAL, Caller, ClientKind::*, Code};

use super::{BASE, app, attributes, failed, failure, get, ids, post};

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
    assert_eq!(client.refresh(&tokens).await.status.as_u16(), 400);
    assert_eq!(client.userinfo(&tokens).await.status.as_u16(), 401, "its sessions have ended");
    let sign_in = app.anonymous().get(&app.authorization(&client).path()).await;
    assert_eq!(sign_in.status.as_u16(), 400, "{sign_in}");
    assert_eq!(app.client(Public).await.id, client.id, "registering again does not help");
    assert_eq!(client.exchange(&Code::unknown()).await.status.as_u16(), 401);
    assert_eq!(app.run_jobs().await, ["delete-devices"]);

    app.clock.advance(std::time::Duration::from_secs(1));
    let twice = post(&admin, &format!("{path}/disable"), Value::Null).await;
    assert_eq!(attributes(&twice)["disabled_at"], since, "asking twice is no error");
    let stale = admin.post(&format!("{BASE}{path}/enable")).header("if-match", &seen).await;
    assert_eq!(failure(&stale), failed(412, "precondition_failed"));
    let enabled = post(&admin, &format!("{path}/enable"), Value::Null).await;
    assert_eq!(attributes(&enabled)["disabled_at"], Value::Null);
    assert_eq!(client.refresh(&tokens).await.status.as_u16(), 400, "sessions do not come back");
    app.signed_in_to(&client, "bob").await;
}

#[tokio::test]
async fn a_deleted_client_takes_its_sessions_along() {
    let (app, admin) = app().await;
    let (client, tokens) = app.signed_in("ada").await;
    assert_eq!(delete(&admin, &client.id).await.status.as_u16(), 204);
    assert_eq!(failure(&delete(&admin, &client.id).await), failed(404, "not_found"));
    assert_eq!(client.userinfo(&tokens).await.status.as_u16(), 401);
    assert_eq!(client.exchange(&Code::unknown()).await.status.as_u16(), 401);
    assert_eq!(ids(&get(&admin, "/oauth2-sessions?filter[client-kind]=dynamic").await).len(), 0);
    assert_eq!(app.run_jobs().await, ["delete-devices"]);
    assert_eq!(app.homeserver.called(), ["delete_device"]);
    for kind in ["client_disabled", "client_deleted", "administered"] {
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
