//! `POST /refresh`: nobody loses a session to a race or a lost answer, and a stolen token is noticed. The construction is
//! that of the OAuth grant, which has tests of its own; here is what this endpoint adds.

use std::collections::HashSet;

use kernel::{Presented, Token, TokenKind};
use serde_json::json;
use testkit::{Answer, PASSWORD, TestApp};

use super::{Session, by_password, endings, is_active, log_in, log_out, problem, refresh, refused, with};
use crate::oauth::seconds;

pub async fn refreshable(app: &TestApp, username: &str) -> Session {
    log_in(app, with(by_password(username), json!({ "refresh_token": true }))).await
}

async fn alice(app: &TestApp) -> Session {
    app.user_with_password("alice", PASSWORD).await;
    refreshable(app, "alice").await
}

/// Access and refresh token of a success.
fn pair(answer: Answer) -> (String, String) {
    let body = answer.ok().json();
    assert_eq!(body["expires_in_ms"], 300_000);
    assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

#[tokio::test]
async fn a_refresh_gives_a_new_pair_and_a_lost_answer_can_be_asked_for_again() {
    let app = TestApp::new().await;
    let session = alice(&app).await;
    let first = session.refresh_token.unwrap();
    let second = pair(refresh(&app, &first).await);
    assert!(second.0.starts_with("mct_") && second.1.starts_with("mcr_"));
    assert_ne!((&second.0, &second.1), (&session.access_token, &first));
    app.clock.advance(seconds(86_400));
    assert_eq!(pair(refresh(&app, &first).await), second);
    assert!(is_active(&app, &second.0).await, "with a full life again");
    let third = pair(refresh(&app, &second.1).await);
    assert!(is_active(&app, &third.0).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_refreshes_at_once_all_get_the_same_living_successor() {
    let app = TestApp::new().await;
    let token = alice(&app).await.refresh_token.unwrap();
    let all = (0..100).map(|_| refresh(&app, &token));
    let pairs: HashSet<_> = futures_util::future::join_all(all).await.into_iter().map(pair).collect();
    assert_eq!(pairs.len(), 1);
    let (access, next) = pairs.into_iter().next().unwrap();
    assert!(is_active(&app, &access).await);
    pair(refresh(&app, &next).await);
}

#[tokio::test]
async fn a_replay_ends_the_session_and_a_forgery_does_not() {
    let app = TestApp::new().await;
    let first = alice(&app).await.refresh_token.unwrap();
    let second = pair(refresh(&app, &first).await);
    assert!(is_active(&app, &second.0).await);
    let Some(Presented::Native { handle, .. }) = Token::parse(&first) else { panic!("one of ours") };
    let forged = Token::mint(TokenKind::CompatRefresh, handle, app.op().random());
    assert_eq!(problem(&refresh(&app, forged.expose()).await), refused(401, "M_UNKNOWN_TOKEN"));
    app.clock.advance(seconds(11));
    assert_eq!(problem(&refresh(&app, forged.expose()).await), refused(401, "M_UNKNOWN_TOKEN"));
    let third = pair(refresh(&app, &second.1).await);
    assert!(is_active(&app, &third.0).await, "an overlap later, only a token of ours proves anything");
    app.clock.advance(seconds(11));
    assert_eq!(problem(&refresh(&app, &first).await), refused(401, "M_UNKNOWN_TOKEN"));
    assert!(!is_active(&app, &third.0).await);
    assert_eq!(problem(&refresh(&app, &third.1).await), refused(401, "M_UNKNOWN_TOKEN"));
    assert_eq!(endings(&app).await, ["refresh_token_replayed"]);
    assert_eq!(app.run_jobs().await, ["delete-device"]);
}

#[tokio::test]
async fn a_locked_account_keeps_its_session_for_later() {
    let app = TestApp::new().await;
    let token = alice(&app).await.refresh_token.unwrap();
    app.database.execute("UPDATE users SET locked_at = 1").await;
    let answer = refresh(&app, &token).await;
    assert_eq!(problem(&answer), refused(401, "M_USER_LOCKED"));
    assert_eq!(answer.json()["soft_logout"], true);
    app.clock.advance(seconds(3600));
    app.database.execute("UPDATE users SET locked_at = NULL").await;
    let (access, _) = pair(refresh(&app, &token).await);
    assert!(is_active(&app, &access).await);
    app.database.execute("UPDATE users SET deactivated_at = 1, locked_at = 1").await;
    let answer = refresh(&app, &token).await;
    assert_eq!(problem(&answer), refused(401, "M_UNKNOWN_TOKEN"));
    assert_eq!(answer.json()["soft_logout"], json!(null));
}

#[tokio::test]
async fn no_other_token_refreshes_here_and_this_one_nowhere_else() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("bob").await;
    let session = alice(&app).await;
    let legacy = session.refresh_token.unwrap();
    let swapped = legacy.replacen("mcr", "mar", 1);
    for token in [
        &tokens.refresh_token,
        &tokens.access_token,
        &session.access_token,
        &swapped,
        &"syr_abc".into(),
        &String::new(),
        &"é\0".into(),
    ] {
        assert_eq!(problem(&refresh(&app, token).await), refused(401, "M_UNKNOWN_TOKEN"), "{token:?}");
    }
    let elsewhere = testkit::Tokens { refresh_token: legacy.clone(), ..tokens.clone() };
    assert_eq!(client.refresh(&elsewhere).await.refusal().1, "invalid_grant");
    client.revoke(&legacy).await.ok();
    pair(refresh(&app, &legacy).await);
    client.refresh(&tokens).await.ok();
}

#[tokio::test]
async fn a_session_that_has_ended_or_cannot_refresh_does_not() {
    let app = TestApp::new().await;
    let session = alice(&app).await;
    log_out(&app, &session.access_token).await.ok();
    assert_eq!(
        problem(&refresh(&app, &session.refresh_token.unwrap()).await),
        refused(401, "M_UNKNOWN_TOKEN")
    );
    let forever = log_in(&app, by_password("alice")).await;
    assert_eq!(forever.refresh_token, None);
    let made_up = forever.access_token.replacen("mct", "mcr", 1);
    assert_eq!(problem(&refresh(&app, &made_up).await), refused(401, "M_UNKNOWN_TOKEN"));
    app.run_jobs().await;
}

#[tokio::test]
async fn use_is_noted_with_its_address() {
    let app = TestApp::new().await;
    let token = alice(&app).await.refresh_token.unwrap();
    app.write_activity().await;
    app.clock.advance(seconds(60));
    let request = app.anonymous().post("/_matrix/client/v3/refresh");
    let request = request.json(&json!({ "refresh_token": token }));
    request.header("x-forwarded-for", "203.0.113.9").header("user-agent", "Newer/2").await.ok();
    assert_eq!(app.write_activity().await, 1);
    let seen = "SELECT last_active_ip || ' ' || user_agent FROM sessions";
    assert_eq!(app.database.texts(seen).await, ["203.0.113.9 Newer/2"]);
}
