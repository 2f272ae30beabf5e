//! Browser, legacy and OAuth 2.0 sessions, and the clients of the latter.

use insta::assert_snapshot;
use serde_json::{Value, json};
use testkit::{CONFIDENTIAL, ClientKind::*};

use super::{BASE, app, attributes, failed, failure, get, ids, post};

#[tokio::test]
async fn an_oauth_session_is_shown_found_and_finished_once() {
    let (app, admin) = app().await;
    let (client, tokens) = app.signed_in("ada").await;
    let page = get(&admin, "/oauth2-sessions?filter[client-kind]=dynamic").await;
    let id = ids(&page).remove(0);
    let path = format!("/oauth2-sessions/{id}");
    assert_snapshot!(format!("{:#}", get(&admin, &path).await.json()), @r#"
    {
      "data": {
        "attributes": {
          "client_id": "01KYYK41G0FKEQPKTCVFRR4QMK",
          "created_at": "2026-08-01T12:00:00Z",
          "finished_at": null,
          "human_name": null,
          "last_active_at": null,
          "last_active_ip": null,
          "scope": "openid urn:matrix:client:api:* urn:matrix:client:device:DEV1CE0001",
          "user_agent": null,
          "user_id": "01KYYK41G0D7RJA0Q4N3F3AZ9Q",
          "user_session_id": "01KYYK41G08SVXMMJF9ZR57CS2"
        },
        "id": "01KYYK41G0SP8Q74TRRSYP1Z3Q",
        "links": {
          "self": "/api/admin/v1/oauth2-sessions/01KYYK41G0SP8Q74TRRSYP1Z3Q"
        },
        "type": "oauth2-session"
      },
      "links": {
        "self": "/api/admin/v1/oauth2-sessions/01KYYK41G0SP8Q74TRRSYP1Z3Q"
      }
    }
    "#);
    let user = attributes(&get(&admin, &path).await)["user_id"].as_str().unwrap().to_owned();
    let browser = attributes(&get(&admin, &path).await)["user_session_id"].as_str().unwrap().to_owned();
    for (query, found) in [
        (format!("filter[user]={user}"), true),
        (format!("filter[user-session]={browser}"), true),
        (format!("filter[client]={}", client.id), true),
        (format!("filter[client]={}&filter[client]={CONFIDENTIAL}", client.id), true),
        (format!("filter[client]={CONFIDENTIAL}"), false),
        ("filter[client-kind]=static".into(), false),
        ("filter[scope]=openid&filter[scope]=urn:matrix:client:api:*".into(), true),
        ("filter[scope]=openid&filter[scope]=email".into(), false),
        ("filter[scope]=urn:matrix:client:api:".into(), false),
        ("filter[status]=active".into(), true),
        ("filter[status]=finished".into(), false),
    ] {
        let found_ids = ids(&get(&admin, &format!("/oauth2-sessions?{query}")).await);
        assert_eq!(found_ids.contains(&id), found, "{query}");
    }
    let bad = get(&admin, "/oauth2-sessions?filter[scope]=a%20b").await;
    assert_eq!(failure(&bad), failed(400, "invalid_filter"));

    let finished = post(&admin, &format!("{path}/finish"), Value::Null).await.ok();
    assert!(attributes(&finished)["finished_at"].is_string());
    assert_eq!(finished.json()["links"]["self"], format!("{BASE}{path}/finish"));
    let again = post(&admin, &format!("{path}/finish"), Value::Null).await;
    assert_eq!(failure(&again), failed(400, "session_finished"));
    assert_eq!(client.refresh(&tokens).await.status.as_u16(), 400);
    app.run_jobs().await;
    assert_eq!(app.homeserver.called(), ["delete_device"]);
    assert_eq!(ids(&get(&admin, "/oauth2-sessions?filter[status]=finished").await), [id]);
}

#[tokio::test]
async fn a_browser_is_signed_out_and_its_applications_go_on() {
    let (app, admin) = app().await;
    let (client, tokens) = app.signed_in("ada").await;
    let mut browser = crate::pages::signed_in(&app, "ada").await;
    let all = ids(&get(&admin, "/user-sessions?filter[status]=active").await);
    assert_eq!(all.len(), 2);
    for id in &all {
        let path = format!("/user-sessions/{id}");
        post(&admin, &format!("{path}/finish"), Value::Null).await.ok();
        let again = post(&admin, &format!("{path}/finish"), Value::Null).await;
        assert_eq!(failure(&again), failed(400, "session_finished"));
        assert!(attributes(&get(&admin, &path).await)["finished_at"].is_string());
    }
    assert!(browser.get("/").await.body.contains("You were signed out"));
    client.refresh(&tokens).await.ok();
    assert_eq!(ids(&get(&admin, "/user-sessions?filter[status]=finished").await), all);
}

#[tokio::test]
async fn a_legacy_session_is_shown_and_finished() {
    let (app, admin) = app().await;
    let user = app.user("ada").await;
    let parts = app.parts();
    let model = domain::users::by_id(&parts.db.read, user).await.unwrap().unwrap();
    let asked =
        domain::sessions::issue::Issue { user: &model, device: "DEV1CE0001", is_synapse_admin: false };
    let issued =
        domain::sessions::issue::issue(&parts.db, &parts.homeserver, &app.op(), asked).await.unwrap();
    let path = format!("/compat-sessions/{}", issued.session);
    let shown = get(&admin, &path).await;
    assert_snapshot!(format!("{:#}", shown.json()["data"]), @r#"
    {
      "attributes": {
        "created_at": "2026-08-01T12:00:00Z",
        "device_id": "DEV1CE0001",
        "finished_at": null,
        "human_name": null,
        "last_active_at": null,
        "last_active_ip": null,
        "redirect_uri": null,
        "user_agent": null,
        "user_id": "01KYYK41G0FKEQPKTCVFRR4QMK",
        "user_session_id": null
      },
      "id": "01KYYK41G0GGZ4KBHTEHVD83K9",
      "links": {
        "self": "/api/admin/v1/compat-sessions/01KYYK41G0GGZ4KBHTEHVD83K9"
      },
      "type": "compat-session"
    }
    "#);
    assert_eq!(ids(&get(&admin, &format!("/compat-sessions?filter[user]={user}")).await).len(), 1);
    post(&admin, &format!("{path}/finish"), Value::Null).await.ok();
    let again = post(&admin, &format!("{path}/finish"), Value::Null).await;
    assert_eq!(failure(&again), failed(400, "session_finished"));
    // A session is found among its kind only.
    let elsewhere = get(&admin, &format!("/oauth2-sessions/{}", issued.session)).await;
    assert_eq!(failure(&elsewhere), failed(404, "not_found"));
    app.run_jobs().await;
}

#[tokio::test]
async fn clients_are_shown_without_their_secrets() {
    let (app, admin) = app().await;
    let registered = app.client(Basic).await;
    let shown = get(&admin, &format!("/oauth2-clients/{}", registered.id)).await;
    assert_snapshot!(format!("{:#}", shown.json()["data"]["attributes"]), @r#"
    {
      "client_id": "01KYYK41G0FKEQPKTCVFRR4QMK",
      "client_name": "App",
      "client_uri": "https://app.example.org/",
      "disabled_at": null,
      "grant_types": [
        "authorization_code",
        "refresh_token"
      ],
      "is_static": false,
      "logo_uri": null,
      "redirect_uris": [
        "https://app.example.org/callback"
      ]
    }
    "#);
    for (query, found) in [
        ("filter[client-kind]=dynamic", true),
        ("filter[client-kind]=static", false),
        ("filter[client-name]=APP", true),
        ("filter[client-name]=configured", false),
        ("filter[client-uri]=app.example.org", true),
        ("filter[grant-type]=authorization_code", true),
        ("filter[grant-type]=client_credentials", false),
        ("filter[grant-type]=code", false),
        ("filter[has-active-sessions]=false", true),
        ("filter[has-active-sessions]=true", false),
    ] {
        let found_ids = ids(&get(&admin, &format!("/oauth2-clients?{query}")).await);
        assert_eq!(found_ids.contains(&registered.id), found, "{query}");
    }
    let unknown = get(&admin, "/oauth2-clients/01KE34VF00M9S346Q3D25VT4F5").await;
    assert_eq!(failure(&unknown), failed(404, "not_found"));
}

#[tokio::test]
async fn the_server_tells_what_it_is() {
    let (_app, admin) = app().await;
    assert_snapshot!(get(&admin, "/site-config").await, @r#"200 {"server_name":"example.com","password_login_enabled":true,"password_registration_enabled":false,"password_registration_email_required":true,"password_registration_token_required":false,"registration_token_required":false,"email_change_allowed":true,"displayname_change_allowed":true,"password_change_allowed":true,"account_recovery_allowed":false,"account_deactivation_allowed":true,"captcha_enabled":false,"minimum_password_complexity":3}"#);
    assert_eq!(get(&admin, "/version").await.json(), json!({ "version": "v0.1.0" }));
}
