//! `grant_type=authorization_code`: a code works once, for whom it was made, and is never lost to somebody's failure.

use insta::assert_snapshot;
use testkit::{ClientKind::*, Code, Mood, REDIRECT_URI, TestApp};

use super::{refused, seconds};

#[tokio::test]
async fn it_gives_tokens_and_an_id_token() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    let answer = client.exchange(&code).await.ok();
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
    let mut body = answer.json();
    body["id_token"] = "…".into(); // its signature is by a key that each test process makes
    assert_snapshot!(format!("{body:#}"), @r#"
    {
      "access_token": "mat_0pZM2kyhGR7dW5Z23b5pud3yybnhHV_XhkRG2",
      "expires_in": 300,
      "id_token": "…",
      "refresh_token": "mar_0pZM2kyhGRnx0uro80BowsuQESjNqw_0KF0Wn",
      "scope": "openid urn:matrix:client:api:* urn:matrix:client:device:DEV1CE0001",
      "token_type": "Bearer"
    }
    "#);

    let id_token = answer.tokens().id_token.unwrap();
    let claims: serde_json::Value = app.parts().keys.verify(&id_token).expect("it is signed by our key");
    assert_eq!(claims["sub"], user.to_string());
    assert_eq!(claims["aud"], client.id);
    assert_snapshot!(format!("{claims:#}"), @r#"
    {
      "amr": [
        "pwd"
      ],
      "at_hash": "sVMFiuZQ0BadvuDFDpmDxA",
      "aud": "01KYYK41G0G8P3SARPS4X17165",
      "auth_time": 1785585600,
      "c_hash": "wczS6GJdSeFsowGe-PimOg",
      "exp": 1785589200,
      "iat": 1785585600,
      "iss": "https://auth.example.com/",
      "nonce": "a-nonce",
      "sid": "01KYYK41G0AB4GA5TFGK56P6CV",
      "sub": "01KYYK41G043HF8SDSM5N9WY3E"
    }
    "#);
}

#[tokio::test]
async fn no_id_token_without_openid() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).with("scope", "urn:matrix:client:api:*").agreed_by(user).await;
    let tokens = client.exchange(&code).await.tokens();
    assert_eq!(tokens.id_token, None);
    assert_eq!(app.homeserver.called(), Vec::<String>::new(), "there is no device to announce");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_exchanges_at_once_exactly_one_wins() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let (client, code) = (client.clone(), code.clone());
            tokio::spawn(async move { client.exchange(&code).await })
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
    // The one that made the device may have lost.
    app.run_jobs().await;
    assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), 1);
}

#[tokio::test]
async fn a_second_use_is_refused_and_soon_after_the_first_harms_nobody() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    let tokens = client.exchange(&code).await.tokens();
    app.clock.advance(seconds(20));
    assert_eq!(client.exchange(&code).await.refusal(), refused(400, "invalid_grant"));
    client.userinfo(&tokens).await.ok();
}

#[tokio::test]
async fn a_late_second_use_ends_the_session() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    let tokens = client.exchange(&code).await.tokens();
    app.clock.advance(seconds(21));
    for _ in 0..2 {
        assert_eq!(client.exchange(&code).await.refusal(), refused(400, "invalid_grant"));
    }
    assert_eq!(client.userinfo(&tokens).await.status.as_u16(), 401);
    assert_eq!(client.refresh(&tokens).await.refusal(), refused(400, "invalid_grant"));
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    let replays = "SELECT kind FROM audit_events WHERE kind = 'replay_detected'";
    assert_eq!(app.database.texts(replays).await.len(), 1);
}

#[tokio::test]
async fn somebody_elses_late_second_use_does_not_end_the_session() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    let tokens = client.exchange(&code).await.tokens();
    app.clock.advance(seconds(60));
    let other = app.configured(Public);
    assert_eq!(other.exchange(&code).await.refusal(), refused(400, "invalid_grant"));
    client.userinfo(&tokens).await.ok();
}

#[tokio::test]
async fn a_code_expires_ten_minutes_after_consent() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let (on_time, late) =
        (app.authorization(&client).agreed_by(user).await, app.authorization(&client).agreed_by(user).await);
    app.clock.advance(seconds(600));
    client.exchange(&on_time).await.ok();
    app.clock.advance(seconds(1));
    assert_eq!(client.exchange(&late).await.refusal(), refused(400, "invalid_grant"));
}

#[tokio::test]
async fn a_code_is_for_the_client_that_asked() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Basic).await;
    let code = app.authorization(&client).agreed_by(user).await;
    for (other, expected) in [
        (app.client(Public).await, refused(400, "invalid_grant")),
        (app.client(Basic).await, refused(400, "invalid_grant")),
        (app.configured(Basic), refused(400, "invalid_grant")),
        (app.client_as(Public, &client.id, ""), refused(401, "invalid_client")),
        (app.client_as(Basic, &client.id, "wrong"), refused(401, "invalid_client")),
    ] {
        assert_eq!(other.exchange(&code).await.refusal(), expected, "{:?}", other.caller.credentials);
    }
    client.exchange(&code).await.ok();
}

/// Downgrades as in CVE-2023-48228: each side of PKCE without the other, and `plain` for `S256`.
#[tokio::test]
async fn pkce_holds_both_ways() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Basic).await;
    let with = app.authorization(&client).agreed_by(user).await;
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    for (verifier, expected) in [
        (None, refused(400, "invalid_request")),
        (Some(""), refused(400, "invalid_request")),
        (Some(challenge), refused(400, "invalid_grant")),
        (Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXj"), refused(400, "invalid_grant")),
        (Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX"), refused(400, "invalid_grant")),
        (Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXé"), refused(400, "invalid_grant")),
    ] {
        let code = Code { verifier: verifier.map(str::to_owned), ..with.clone() };
        assert_eq!(client.exchange(&code).await.refusal(), expected, "{verifier:?}");
    }
    client.exchange(&with).await.ok();

    let authorization = app.authorization(&client);
    let without =
        authorization.without("code_challenge").without("code_challenge_method").agreed_by(user).await;
    let added = Code { verifier: with.verifier.clone(), ..without.clone() };
    assert_eq!(client.exchange(&added).await.refusal(), refused(400, "invalid_request"));
    client.exchange(&without).await.ok();

    let plain = app.authorization(&client).with("code_challenge_method", "plain").agreed_by(user).await;
    assert_eq!(client.exchange(&plain).await.refusal(), refused(400, "invalid_grant"));
    client.exchange(&Code { verifier: Some(challenge.into()), ..plain }).await.ok();
}

#[tokio::test]
async fn the_redirect_uri_is_repeated() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    for (redirect_uri, expected) in [
        ("", refused(400, "invalid_request")),
        ("no URL", refused(400, "invalid_grant")),
        ("https://app.example.org/", refused(400, "invalid_grant")),
        ("https://app.example.org/callback/", refused(400, "invalid_grant")),
        ("https://app.example.org/callback?x", refused(400, "invalid_grant")),
        ("https://appXexample.org/callback", refused(400, "invalid_grant")),
        ("http://app.example.org/callback", refused(400, "invalid_grant")),
    ] {
        let wrong = Code { redirect_uri: redirect_uri.into(), ..code.clone() };
        assert_eq!(client.exchange(&wrong).await.refusal(), expected, "{redirect_uri}");
    }
    let other_case = Code { redirect_uri: "HTTPS://APP.example.org:443/callback".into(), ..code };
    client.exchange(&other_case).await.ok();

    let not_given = app.authorization(&client).without("redirect_uri").agreed_by(user).await;
    assert_eq!(not_given.redirect_uri, REDIRECT_URI);
    client.exchange(&Code { redirect_uri: String::new(), ..not_given }).await.ok();
}

#[tokio::test]
async fn unknown_and_mutilated_codes_are_refused() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    let mut wrong = vec![Code::unknown().code, code.code.to_lowercase(), format!("{}x", code.code)];
    wrong.extend((1..code.code.len()).map(|at| code.code[..at].to_owned()));
    for wrong in wrong {
        let answer = client.exchange(&Code { code: wrong.clone(), ..code.clone() }).await;
        assert_eq!(answer.refusal(), refused(400, "invalid_grant"), "{wrong}");
    }
    client.exchange(&code).await.ok();
}

#[tokio::test]
async fn a_code_dies_with_the_browser_session_and_the_account() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    for (end, undo) in [
        ("UPDATE browser_sessions SET finished_at = 1", "UPDATE browser_sessions SET finished_at = NULL"),
        ("UPDATE users SET locked_at = 1", "UPDATE users SET locked_at = NULL"),
        ("UPDATE users SET deactivated_at = 1", "UPDATE users SET deactivated_at = NULL"),
    ] {
        let code = app.authorization(&client).agreed_by(user).await;
        app.database.execute(end).await;
        assert_eq!(client.exchange(&code).await.refusal(), refused(400, "invalid_grant"), "{end}");
        app.database.execute(undo).await;
    }
}

#[tokio::test]
async fn a_homeserver_that_fails_costs_nobody_the_code() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    app.homeserver.feels(Mood::Failing);
    let answer = client.exchange(&code).await;
    assert_eq!(answer.refusal(), refused(503, "temporarily_unavailable"));
    assert_ne!(answer.header("retry-after"), "");
    assert_eq!(app.database.texts("SELECT kind FROM sessions").await.len(), 0);
    app.homeserver.feels(Mood::Well);
    client.exchange(&code).await.ok();
}

#[tokio::test]
async fn the_device_is_there_before_the_client_has_its_token() {
    let app = TestApp::new().await;
    let (_, _) = app.signed_in("alice").await;
    let alice = app.homeserver.user("alice").unwrap();
    assert_eq!(alice.devices.keys().collect::<Vec<_>>(), ["DEV1CE0001"]);
    let name = alice.devices["DEV1CE0001"].clone().unwrap();
    assert!(name.starts_with("App"), "{name}");
}

#[tokio::test]
async fn a_person_whom_the_homeserver_does_not_know_yet_is_provisioned() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    app.homeserver.forget("alice");
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    client.exchange(&code).await.ok();
    assert_eq!(app.homeserver.called(), ["upsert_device", "provision_user", "upsert_device"]);
    assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), 1);
}

/// A code may be found in a browser's history; its verifier may not.
#[tokio::test]
async fn a_used_code_without_its_verifier_ends_nothing() {
    let app = TestApp::new().await;
    let user = app.user("alice").await;
    let client = app.client(Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    let tokens = client.exchange(&code).await.tokens();
    app.clock.advance(seconds(60));
    for verifier in [None, Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXj".to_owned())] {
        client.exchange(&Code { verifier, ..code.clone() }).await.refusal();
    }
    client.refresh(&tokens).await.tokens();
}
