//! The device grant (RFC 8628) as the device meets it: two codes, patience, and tokens once its person has agreed.

use domain::oauth::device_authorization::{self, Request};
use insta::assert_snapshot;
use kernel::{Op, Scope, id::ClientId};
use serde_json::Value;
use testkit::{
    Answer, ClientKind::*, DEVICE_CODE, Mood, PASSWORD, SeededRandom, TestApp, TestClient, engine,
};

use super::{refused, seconds};

const SCOPE: &str = "openid urn:matrix:client:api:* urn:matrix:client:device:DEV1CE0001";

/// The codes that a device got.
struct Codes {
    device: String,
    user: String,
}

async fn ask(client: &TestClient, scope: &str) -> Codes {
    let body = client.ask_for_codes(scope).await.ok().json();
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    Codes { device: text("device_code"), user: text("user_code") }
}

/// Alice, and a device that waits for her.
async fn waiting() -> (TestApp, TestClient, Codes) {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.device_client(Public).await;
    let codes = ask(&client, SCOPE).await;
    (app, client, codes)
}

async fn agree(app: &TestApp, codes: &Codes) -> Answer {
    app.let_in(&mut app.browser(), "alice", &codes.user).await.ok()
}

#[tokio::test]
async fn a_device_gets_two_codes() {
    let app = TestApp::new().await;
    let answer = app.device_client(Public).await.ask_for_codes(SCOPE).await.ok();
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_snapshot!(format!("{:#}", answer.json()), @r#"
    {
      "device_code": "do7V4U6iylMFwJ8B9EF3Kwh0gqGsGAyv",
      "expires_in": 1200,
      "interval": 5,
      "user_code": "DPW3MQ",
      "verification_uri": "https://auth.example.com/link"
    }
    "#);
}

#[tokio::test]
async fn the_link_carries_the_code_where_the_operator_wants_it() {
    let app = TestApp::with(|settings| settings.device_grant.auto_fill = true).await;
    let body = app.device_client(Public).await.ask_for_codes(SCOPE).await.ok().json();
    let expected = format!("https://auth.example.com/link?code={}", body["user_code"].as_str().unwrap());
    assert_eq!(body["verification_uri_complete"], expected);
}

#[tokio::test]
async fn a_device_gets_its_tokens_once_its_person_has_agreed() {
    let (app, client, codes) = waiting().await;
    assert_eq!(client.poll(&codes.device).await.refusal(), refused(403, "authorization_pending"));
    let page = agree(&app, &codes).await;
    assert!(page.body.contains("Your device is signed in"), "{page}");
    let tokens = client.poll(&codes.device).await.tokens();
    assert_eq!(tokens.scope.as_deref(), Some(SCOPE));
    let alice = app.homeserver.user("alice").unwrap();
    assert_eq!(alice.devices.keys().collect::<Vec<_>>(), ["DEV1CE0001"]);

    let claims: Value =
        app.parts().keys.verify(tokens.id_token.as_deref().unwrap()).expect("our key signed it");
    assert_eq!(claims["aud"], client.id);
    assert_eq!(claims["sub"], client.userinfo(&tokens).await.ok().json()["sub"]);
    for absent in ["nonce", "auth_time", "c_hash"] {
        assert_eq!(claims.get(absent), None, "{absent}");
    }
    client.refresh(&tokens).await.ok();
    let events =
        "SELECT kind FROM audit_events WHERE kind IN ('consent_given', 'session_started') ORDER BY id";
    assert_eq!(app.database.texts(events).await, ["consent_given", "session_started"]);
    assert_eq!(client.poll(&codes.device).await.refusal(), refused(400, "invalid_grant"));
}

#[tokio::test]
async fn a_device_that_asks_too_often_is_told_to_slow_down() {
    let (app, client, codes) = waiting().await;
    let poll = async |after: u64| {
        app.clock.advance(seconds(after));
        client.poll(&codes.device).await.refusal()
    };
    assert_eq!(poll(0).await, refused(403, "authorization_pending"), "the first time is free");
    assert_eq!(poll(5).await, refused(403, "authorization_pending"));
    assert_eq!(poll(4).await, refused(403, "authorization_pending"), "networks are not exact");
    assert_eq!(poll(3).await, refused(403, "slow_down"));
    assert_eq!(poll(5).await, refused(403, "slow_down"), "ten seconds are wanted by now");
    assert_eq!(poll(15).await, refused(403, "authorization_pending"), "fifteen were");
    let other = ask(&client, SCOPE).await;
    assert_eq!(client.poll(&other.device).await.refusal(), refused(403, "authorization_pending"));
    agree(&app, &codes).await;
    client.poll(&codes.device).await.tokens();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_polls_at_once_one_is_in_time() {
    let (_app, client, codes) = waiting().await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (client, code) = (client.clone(), codes.device.clone());
            tokio::spawn(async move { client.poll(&code).await.refusal().1 })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|code| *code == "authorization_pending").count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|code| *code == "slow_down").count(), 19, "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_exchanges_at_once_exactly_one_wins() {
    let (app, client, codes) = waiting().await;
    agree(&app, &codes).await;
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let (client, code) = (client.clone(), codes.device.clone());
            tokio::spawn(async move { client.poll(&code).await })
        })
        .collect();
    let mut winners = Vec::new();
    for task in tasks {
        let answer = task.await.unwrap();
        if answer.status.is_success() {
            winners.push(answer.tokens());
        } else {
            assert_eq!(answer.refusal(), refused(400, "invalid_grant"));
        }
    }
    assert_eq!(winners.len(), 1);
    client.userinfo(&winners[0]).await.ok();
    assert_eq!(app.database.texts("SELECT kind FROM sessions").await, ["oauth"]);
    // Of one that lost, if it was the first that told the homeserver of the device, which is in use.
    app.run_jobs().await;
    assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), 1);
}

#[tokio::test]
async fn both_codes_last_twenty_minutes_whatever_becomes_of_them() {
    let (app, client, pending) = waiting().await;
    let (agreed, refused_) = (ask(&client, SCOPE).await, ask(&client, SCOPE).await);
    agree(&app, &agreed).await;
    let mut browser = app.browser();
    let page = app.asked_for_device(&mut browser, "alice", &refused_.user).await;
    browser.submit(&page, "/device/", &[("action", "reject")]).await.ok();
    app.clock.advance(seconds(20 * 60));
    assert_eq!(client.poll(&refused_.device).await.refusal(), refused(403, "access_denied"));
    app.clock.advance(seconds(1));
    for codes in [&pending, &agreed, &refused_] {
        assert_eq!(client.poll(&codes.device).await.refusal(), refused(403, "expired_token"));
    }
}

#[tokio::test]
async fn a_device_code_is_for_the_client_that_asked() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.device_client(Basic).await;
    let codes = ask(&client, SCOPE).await;
    agree(&app, &codes).await;
    for (other, expected) in [
        (app.device_client(Public).await, refused(400, "invalid_grant")),
        (app.device_client(Basic).await, refused(400, "invalid_grant")),
        (app.configured(Basic), refused(400, "invalid_grant")),
        (app.client(Public).await, refused(401, "unauthorized_client")),
        (app.client(Basic).await, refused(401, "unauthorized_client")),
        (app.client_as(Public, &client.id, ""), refused(401, "invalid_client")),
        (app.client_as(Basic, &client.id, "wrong"), refused(401, "invalid_client")),
        (app.client_as(Public, "01JD8Z0V5M3T6W8Y2A4C6E8G0J", ""), refused(401, "invalid_client")),
    ] {
        assert_eq!(other.poll(&codes.device).await.refusal(), expected, "{:?}", other.caller.credentials);
    }
    client.poll(&codes.device).await.tokens();
}

#[tokio::test]
async fn unknown_and_mutilated_codes_are_refused() {
    let (app, client, codes) = waiting().await;
    agree(&app, &codes).await;
    let code = &codes.device;
    for wrong in
        [&codes.user, &code.to_lowercase(), &format!("{code}x"), &code[1..].to_owned(), &"x".repeat(32)]
    {
        assert_eq!(client.poll(wrong).await.refusal(), refused(400, "invalid_grant"), "{wrong}");
    }
    let missing = client.token([("grant_type", DEVICE_CODE)]).await;
    assert_eq!(missing.refusal(), refused(400, "invalid_request"));
    client.poll(code).await.tokens();
}

#[tokio::test]
async fn only_clients_that_registered_for_it_get_codes() {
    let app = TestApp::new().await;
    for (client, expected) in [
        (app.client(Public).await, refused(401, "unauthorized_client")),
        (app.client_as(Public, "01JD8Z0V5M3T6W8Y2A4C6E8G0J", ""), refused(401, "invalid_client")),
        (app.client_as(Basic, testkit::CONFIDENTIAL, "wrong"), refused(401, "invalid_client")),
    ] {
        assert_eq!(client.ask_for_codes(SCOPE).await.refusal(), expected);
    }
    app.configured(Basic).ask_for_codes(SCOPE).await.ok();
    app.configured(Public).ask_for_codes(SCOPE).await.ok();
}

#[tokio::test]
async fn the_scope_is_read_strictly_and_may_be_left_out() {
    let (app, client, _) = waiting().await;
    for scope in ["openid  email", " openid", "\"", "a\u{e9}"] {
        assert_eq!(client.ask_for_codes(scope).await.refusal(), refused(400, "invalid_scope"), "{scope}");
    }
    let twice = client.caller.post("/oauth2/device").form([("scope", "openid"), ("scope", "email")]).await;
    assert_eq!(twice.refusal(), refused(400, "invalid_request"));
    let json = client.caller.post("/oauth2/device").raw("application/json", "{}").await;
    assert_eq!(json.refusal(), refused(400, "invalid_request"));
    for fields in [vec![], vec![("scope", "")]] {
        let body = client.caller.post("/oauth2/device").form(fields).await.ok().json();
        let [device, user] = ["device_code", "user_code"].map(|name| body[name].as_str().unwrap().to_owned());
        let codes = Codes { device, user };
        assert_eq!(client.poll(&codes.device).await.refusal(), refused(403, "authorization_pending"));
        agree(&app, &codes).await;
        let body = client.poll(&codes.device).await.ok().json();
        assert_eq!((body.get("scope"), body.get("id_token")), (None, None), "{body}");
    }
}

#[tokio::test]
async fn only_clients_that_may_refresh_get_a_refresh_token() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client_for(Public, &[DEVICE_CODE]).await;
    let codes = ask(&client, "openid").await;
    agree(&app, &codes).await;
    let body = client.poll(&codes.device).await.ok().json();
    assert_eq!(body.get("refresh_token"), None);
    let token = body["access_token"].as_str().unwrap();
    let known = app.synapse().post("/oauth2/introspect").form([("token", token)]).await.ok();
    assert_eq!(known.json()["active"], true);
}

#[tokio::test]
async fn a_homeserver_that_fails_costs_nobody_the_code() {
    let (app, client, codes) = waiting().await;
    agree(&app, &codes).await;
    app.homeserver.feels(Mood::Failing);
    assert_eq!(client.poll(&codes.device).await.refusal(), refused(503, "temporarily_unavailable"));
    assert_eq!(app.database.texts("SELECT kind FROM sessions").await.len(), 0);
    app.homeserver.feels(Mood::Well);
    client.poll(&codes.device).await.tokens();
}

#[tokio::test]
async fn who_agreed_may_leave_but_not_be_stopped() {
    let (app, client, codes) = waiting().await;
    let later = ask(&client, "openid").await;
    agree(&app, &codes).await;
    agree(&app, &later).await;
    app.database.execute("UPDATE users SET locked_at = 1").await;
    assert_eq!(client.poll(&codes.device).await.refusal(), refused(400, "invalid_grant"));
    app.database.execute("UPDATE users SET locked_at = NULL").await;
    app.database.execute("UPDATE browser_sessions SET finished_at = 1").await;
    client.poll(&later.device).await.tokens();
}

#[tokio::test]
async fn where_it_is_switched_off_nothing_is_there() {
    let app = TestApp::with(|settings| settings.device_grant.enabled = false).await;
    let client = app.device_client(Public).await;
    assert_eq!(client.ask_for_codes(SCOPE).await.refusal(), refused(400, "invalid_request"));
    let nobody = app.anonymous().post("/oauth2/device").form([("client_id", "?")]).await;
    assert_eq!(nobody.refusal(), refused(400, "invalid_request"));
    let polled = app.configured(Public).poll("x").await;
    assert_eq!(polled.refusal(), refused(400, "unsupported_grant_type"));
    let metadata = app.anonymous().get("/.well-known/openid-configuration").await.json();
    assert_eq!(metadata.get("device_authorization_endpoint"), None);
    assert!(!metadata["grant_types_supported"].to_string().contains("device_code"), "{metadata}");
    let grants = "SELECT grant_types FROM oauth_clients WHERE digest IS NOT NULL";
    assert_eq!(app.database.texts(grants).await, ["refresh_token"]);
    for path in ["/link", "/link?code=BCD3GX", "/device/01JD8Z0V5M3T6W8Y2A4C6E8G0J"] {
        assert_eq!(app.browser().get(path).await.status.as_u16(), 404, "{path}");
    }
}

#[tokio::test]
async fn an_address_gets_so_many_codes_and_no_more() {
    let app = TestApp::with(|settings| settings.device_requests = (2, 0.1)).await;
    let client = app.device_client(Public).await;
    let from = async |address: &str| {
        let request = client.caller.post("/oauth2/device").form([("scope", "openid")]);
        request.header("x-forwarded-for", address).await
    };
    from("192.0.2.1").await.ok();
    from("192.0.2.1").await.ok();
    let third = from("192.0.2.1").await;
    assert_eq!(third.refusal(), refused(429, "temporarily_unavailable"));
    assert_eq!(third.header("retry-after"), "11");
    from("192.0.2.2").await.ok();
    app.clock.advance(seconds(10));
    from("192.0.2.1").await.ok();
}

/// The same numbers again: every code and id of the second request is taken when it is tried first.
#[tokio::test]
async fn a_code_that_is_taken_is_replaced_by_another_one() {
    let app = TestApp::new().await;
    let parts = app.parts();
    let id: ClientId = app.configured(Public).id.parse().unwrap();
    let client = parts.clients.get(&parts.db, id).await.unwrap().unwrap();
    let scope = Scope::default();
    let mut codes = Vec::new();
    for _ in 0..3 {
        let op = Op::new(app.now(), std::sync::Arc::new(SeededRandom::new(7)), "test");
        let request = Request { client: &client, scope: &scope, login_hint: None };
        let started = device_authorization::start(&parts.db, &parts.vault, &op, request).await.unwrap();
        codes.push((started.device_code.into_exposed(), started.user_code.into_exposed()));
    }
    assert!(codes[0].1 != codes[1].1 && codes[1].1 != codes[2].1 && codes[0].1 != codes[2].1, "{codes:?}");
    assert_eq!(app.database.texts("SELECT scope FROM device_grants").await.len(), 3);
}

#[tokio::test]
async fn the_codes_are_not_kept_as_they_are() {
    let (app, _client, codes) = waiting().await;
    let hex = if engine() == store::Engine::Sqlite {
        "hex(user_code_hash)"
    } else {
        "encode(user_code_hash, 'hex')"
    };
    let row = format!("SELECT user_code_box || ' ' || {hex} || ' ' || scope FROM device_grants");
    for kept in app.database.texts(&row).await {
        assert!(!kept.contains(&codes.user) && !kept.contains(&codes.device), "{kept}");
        let plain =
            kernel::token::hash(&codes.user).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert!(!kept.to_lowercase().contains(&plain), "a hash of so few bits hides nothing");
    }
}
