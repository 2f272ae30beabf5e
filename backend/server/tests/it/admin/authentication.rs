//! Who gets in.

use std::time::Duration;

use serde_json::json;
use testkit::{CONFIDENTIAL, ClientKind::*, Credentials, PASSWORD, TestApp};

use super::{BASE, app, failed, failure, get, post, script};

#[tokio::test]
async fn each_way_not_to_get_in_has_its_code() {
    let (app, admin) = app().await;
    let path = format!("{BASE}/version");
    let missing = app.anonymous().get(&path).await;
    assert_eq!(failure(&missing), failed(400, "missing_token"));
    assert_eq!(missing.header("www-authenticate"), "Bearer");
    for line in ["Basic YTpi", "Bearer", "Bearer ", "nonsense"] {
        let answer = app.anonymous().get(&path).header("authorization", line).await;
        assert_eq!(failure(&answer), failed(400, "invalid_authorization"), "{line}");
    }
    let twice = admin.get(&path).header("authorization", "Bearer x").await;
    assert_eq!(failure(&twice), failed(400, "invalid_authorization"));
    let (_, tokens) = app.signed_in("alice").await;
    for (token, code) in [
        ("nonsense", "wrong_token_type"),
        ("mat_abcdefghijklmnopqrstuvwxyz0123_ObV8J2", "wrong_token_type"),
        ("syt_abc", "wrong_token_type"),
        ("mct_000000000000000000000000000000_yh9234", "wrong_token_type"),
        (tokens.refresh_token.as_str(), "wrong_token_type"),
        ("mat_abcdefghijklmnopqrstuvwxyz0123_ObV8J1", "unknown_token"),
        (tokens.access_token.as_str(), "missing_scope"),
    ] {
        let answer = app.caller(Credentials::Bearer(token.into())).get(&path).await;
        assert_eq!(failure(&answer), failed(401, code), "{token}");
        assert!(answer.header("www-authenticate").starts_with("Bearer error="), "{answer}");
    }
    let scheme = admin.with(Credentials::None).get(&path);
    let Credentials::Bearer(token) = &admin.credentials else { panic!("a bearer") };
    scheme.header("authorization", &format!("bEARER {token}")).await.ok();
}

#[tokio::test]
async fn a_token_is_asked_for_before_anything_else() {
    let (app, admin) = app().await;
    for path in ["/users/nonsense", "/users?page[first]=0", "/users/01KE34VF00M9S346Q3D25VT4F5/lock"] {
        let answer = app.anonymous().get(&format!("{BASE}{path}")).await;
        let expected = if path.ends_with("lock") { 405 } else { 400 };
        assert_eq!(answer.status.as_u16(), expected, "{path}");
    }
    let answer = app.anonymous().post(&format!("{BASE}/users")).raw("text/plain", "nonsense").await;
    assert_eq!(failure(&answer), failed(400, "missing_token"));
    let answer = admin.post(&format!("{BASE}/users")).raw("text/plain", "nonsense").await;
    assert_eq!(failure(&answer), failed(415, "unsupported_media_type"));
}

#[tokio::test]
async fn an_ended_session_and_an_expired_token_are_told_apart() {
    let (app, admin) = app().await;
    let Credentials::Bearer(token) = &admin.credentials else { panic!("a bearer") };
    let other = script(&app, "urn:mas:admin").await;
    app.configured(Basic).revoke(token).await.ok();
    assert_eq!(failure(&get(&admin, "/version").await), failed(401, "token_revoked"));
    app.clock.advance(Duration::from_secs(301));
    assert_eq!(failure(&get(&other, "/version").await), failed(401, "token_expired"));
}

/// By the code flow, as consoles do: without `openid`, without a device.
#[tokio::test]
async fn a_person_who_may_administer_does_and_loses_it_with_the_account() {
    let (app, script) = app().await;
    let client = app.client(Public).await;
    let user = app.user_with_password("ada", PASSWORD).await;
    let scope = "urn:matrix:org.matrix.msc2967.client:api:* urn:mas:admin urn:synapse:admin:*";
    let mut browser = app.browser();
    let page = browser.get(&app.authorization(&client).with("scope", scope).path()).await;
    let refused = browser.submit(&page, "/login", &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(!refused.has_form("/consent/") || !refused.body.contains("value=\"allow\""), "{refused}");

    post(&script, &format!("/users/{user}/set-admin"), json!({ "admin": true })).await.ok();
    let code = app.authorization(&client).with("scope", scope).through(&mut browser, "ada").await;
    let tokens = client.exchange(&code).await.tokens();
    let admin = app.caller(Credentials::Bearer(tokens.access_token.clone()));
    get(&admin, "/users").await.ok();
    post(&script, &format!("/users/{user}/lock"), json!(null)).await.ok();
    assert_eq!(failure(&get(&admin, "/users").await), failed(401, "user_locked"));
    post(&script, &format!("/users/{user}/unlock"), json!(null)).await.ok();
    get(&admin, "/users").await.ok();
    // What the right has given goes with it.
    post(&script, &format!("/users/{user}/set-admin"), json!({ "admin": false })).await.ok();
    assert_eq!(failure(&get(&admin, "/users").await), failed(401, "token_revoked"));
    app.run_jobs().await;
}

#[tokio::test]
async fn parts_of_the_api_can_be_given_away() {
    let (app, _) = app().await;
    let user = app.user("ada").await;
    let lock = format!("/users/{user}/lock");
    for (scope, look, change, elsewhere) in [
        ("urn:mas:admin:read", 200, 403, 200),
        ("urn:mas:admin:users", 200, 200, 403),
        ("urn:mas:admin:users:read openid", 200, 403, 403),
        ("urn:mas:admin:user-emails", 403, 403, 200),
    ] {
        let caller = script(&app, scope).await;
        let statuses = [
            get(&caller, "/users").await,
            post(&caller, &lock, json!(null)).await,
            get(&caller, "/user-emails").await,
        ]
        .map(|answer| answer.status.as_u16());
        assert_eq!(statuses, [look, change, elsewhere], "{scope}");
        get(&caller, "/version").await.ok();
    }
    let reader = script(&app, "urn:mas:admin:users:read").await;
    let refused = post(&reader, &lock, json!(null)).await;
    assert_eq!(failure(&refused), failed(403, "insufficient_scope"));
    let challenge = "Bearer error=\"insufficient_scope\", scope=\"urn:mas:admin:users\"";
    assert_eq!(refused.header("www-authenticate"), challenge);
    app.run_jobs().await;
}

/// Whoever may change accounts must not come to more rights by it.
#[tokio::test]
async fn a_part_does_not_lead_to_the_whole() {
    let (app, admin) = app().await;
    let (user, boss) = (app.user("ada").await, app.user("boss").await);
    post(&admin, &format!("/users/{boss}/set-admin"), json!({ "admin": true })).await.ok();
    let part = script(&app, "urn:mas:admin:users urn:mas:admin:personal-sessions").await;
    let password = json!({ "password": "a password that nobody guesses" });
    for (path, body) in [
        (format!("/users/{user}/set-admin"), json!({ "admin": true })),
        (format!("/users/{boss}/set-password"), password.clone()),
        ("/users".into(), json!({ "username": "mallory", "admin": true })),
        (
            "/personal-sessions".into(),
            json!({ "actor_user_id": user, "human_name": "", "scope": "urn:mas:admin" }),
        ),
        (
            "/personal-sessions".into(),
            json!({ "actor_user_id": user, "human_name": "", "scope": "urn:synapse:admin:*" }),
        ),
    ] {
        let answer = post(&part, &path, body).await;
        assert_eq!(failure(&answer), failed(403, "insufficient_scope"), "{path}");
    }
    post(&part, &format!("/users/{user}/set-password"), password).await.ok();
}

/// Somebody who administers by what the policy says of the name, without the flag.
#[tokio::test]
async fn nor_by_way_of_those_whom_the_policy_names() {
    let named = json!({ "admin_clients": [CONFIDENTIAL], "admin_users": ["ops", "root"] });
    let app = TestApp::with(|settings| settings.policy = named).await;
    let (ops, user) = (app.user("ops").await, app.user("ada").await);
    super::upstream::provider(&app).await;
    let resources = ["users", "user-emails", "upstream-oauth-links"];
    let scope: Vec<_> = resources.iter().map(|resource| format!("urn:mas:admin:{resource}")).collect();
    let part = script(&app, &scope.join(" ")).await;
    let password = "a password that nobody guesses";
    let ways = |user: kernel::id::UserId| {
        let link = json!({ "user_id": user, "provider_id": super::upstream::PROVIDER, "subject": user });
        [
            (format!("/users/{user}/set-password"), json!({ "password": password })),
            ("/user-emails".into(), json!({ "user_id": user, "email": format!("{user}@example.com") })),
            ("/upstream-oauth-links".into(), link),
        ]
    };
    for (path, body) in ways(ops) {
        let answer = post(&part, &path, body).await;
        assert_eq!(failure(&answer), failed(403, "insufficient_scope"), "{path}");
    }
    for body in [json!({ "username": "root", "password": password }), json!({ "username": "root" })] {
        let answer = post(&part, "/users", body).await;
        assert_eq!(failure(&answer), failed(403, "insufficient_scope"));
    }
    for (path, body) in ways(user) {
        post(&part, &path, body).await.ok();
    }
    let whole = script(&app, "urn:mas:admin").await;
    for (path, body) in ways(ops) {
        post(&whole, &path, body).await.ok();
    }
    app.run_jobs().await;
}

#[tokio::test]
async fn consoles_of_any_origin_may_call() {
    let (app, _) = app().await;
    let preflight = app.anonymous().request(http::Method::OPTIONS, &format!("{BASE}/users"));
    let preflight = preflight
        .header("origin", "https://console.example.org")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type");
    let answer = preflight.await.ok();
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-methods"), "*");
    assert!(answer.header("access-control-allow-headers").contains("authorization"), "{answer:?}");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
}

#[tokio::test]
async fn what_is_not_there_is_told_in_json() {
    let (_app, admin) = app().await;
    for path in ["/api/admin/v1/users/", "/api/doc", "/api/admin/v2/users", "/api/nonsense", "/api", "/api/"]
    {
        assert_eq!(failure(&admin.get(path).await), failed(404, "unknown_path"), "{path}");
    }
    let answer = admin.request(http::Method::DELETE, &format!("{BASE}/users")).await;
    assert_eq!(failure(&answer), failed(405, "method_not_allowed"));
    assert!(answer.header("allow").contains("GET"), "{answer:?}");
    assert!(answer.header("x-request-id").starts_with("DELETE-"), "{answer:?}");
    let answer = admin.get(&format!("{BASE}/users/by-username/%00")).await;
    assert_eq!(failure(&answer), failed(400, "nul"));
    let answer = admin.get(&format!("{BASE}/users/by-username/%FF")).await;
    assert_eq!(failure(&answer), failed(400, "invalid_username"));
    let answer = admin.get(&format!("{BASE}/users?filter[search]=%00")).await;
    assert_eq!(failure(&answer), failed(400, "nul"));
}

#[tokio::test]
async fn a_fault_of_ours_is_told_in_json_too() {
    let (app, admin) = app().await;
    app.panic_once();
    let broken = post(&admin, "/user-registration-tokens", json!({})).await;
    assert_eq!(failure(&broken), failed(500, "internal"));
    assert!(broken.header("x-request-id").starts_with("POST-"), "{broken:?}");
    post(&admin, "/user-registration-tokens", json!({})).await.ok();
}

#[tokio::test]
async fn use_of_a_token_is_noted() {
    let app = TestApp::with(|settings| settings.policy = json!({ "admin_clients": [CONFIDENTIAL] })).await;
    let admin = script(&app, "urn:mas:admin").await;
    app.write_activity().await;
    app.clock.advance(Duration::from_secs(7));
    get(&admin, "/version").await.ok();
    assert_eq!(app.write_activity().await, 1);
}
