//! `grant_type=refresh_token`: nobody loses a session to a race or a lost answer, and a stolen token is noticed.

use std::collections::HashSet;

use kernel::{Presented, Token, TokenKind};
use testkit::{Answer, ClientKind::*, TestApp, TestClient, Tokens};

use super::{refused, seconds};

async fn is_active(app: &TestApp, token: &str) -> bool {
    let answer = app.synapse().post("/oauth2/introspect").form([("token", token)]).await;
    answer.json()["active"] == true
}

/// Signed in, refreshed once and the successor used: the state in which the first token is spent.
async fn rotated(app: &TestApp) -> (TestClient, Tokens, Tokens) {
    let (client, first) = app.signed_in("alice").await;
    let second = client.refresh(&first).await.tokens();
    client.userinfo(&second).await.ok();
    (client, first, second)
}

#[tokio::test]
async fn a_refresh_gives_a_new_pair() {
    let app = TestApp::new().await;
    let (client, first) = app.signed_in("alice").await;
    let second = client.refresh(&first).await.tokens();
    assert_ne!(first.access_token, second.access_token);
    assert_ne!(first.refresh_token, second.refresh_token);
    assert_eq!((second.token_type.as_str(), second.expires_in), ("Bearer", 300));
    assert_eq!(second.scope, first.scope);
    assert_eq!(second.id_token, None);
    client.userinfo(&second).await.ok();
}

#[tokio::test]
async fn a_lost_answer_can_be_asked_for_again() {
    let app = TestApp::new().await;
    let (client, first) = app.signed_in("alice").await;
    let lost = client.refresh(&first).await.tokens();
    for _ in 0..3 {
        app.clock.advance(seconds(86_400));
        let again = client.refresh(&first).await.tokens();
        assert_eq!((&again.access_token, &again.refresh_token), (&lost.access_token, &lost.refresh_token));
        assert_eq!(again.expires_in, 300);
    }
    client.userinfo(&lost).await.ok();
    let next = client.refresh(&lost).await.tokens();
    client.userinfo(&next).await.ok();
}

#[tokio::test]
async fn a_lost_answer_is_kept_for_clients_with_a_secret_too() {
    let app = TestApp::new().await;
    for (kind, username) in [(Basic, "alice"), (Post, "bob")] {
        let client = app.client(kind).await;
        let tokens = app.signed_in_to(&client, username).await;
        let lost = client.refresh(&tokens).await.tokens();
        assert_eq!(client.refresh(&tokens).await.tokens(), lost);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_refreshes_at_once_all_get_the_same_living_successor() {
    let app = TestApp::new().await;
    let (client, first) = app.signed_in("alice").await;
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let (client, first) = (client.clone(), first.clone());
            tokio::spawn(async move { client.refresh(&first).await })
        })
        .collect();
    let mut answers = HashSet::new();
    for task in tasks {
        let tokens = task.await.unwrap().tokens();
        answers.insert((tokens.access_token, tokens.refresh_token));
    }
    assert_eq!(answers.len(), 1);
    let (access_token, refresh_token) = answers.into_iter().next().unwrap();
    let second = Tokens { access_token, refresh_token, ..first };
    client.userinfo(&second).await.ok();
    client.refresh(&second).await.ok();
}

#[tokio::test]
async fn within_the_overlap_two_processes_of_one_client_may_race() {
    let app = TestApp::new().await;
    let (client, first, second) = rotated(&app).await;
    app.clock.advance(seconds(9));
    assert_eq!(client.refresh(&first).await.tokens().access_token, second.access_token);
    client.userinfo(&first).await.ok();
    client.userinfo(&second).await.ok();
}

#[tokio::test]
async fn after_the_overlap_the_old_access_token_is_no_longer_good() {
    let app = TestApp::new().await;
    let (client, first, second) = rotated(&app).await;
    app.clock.advance(seconds(11));
    assert_eq!(client.userinfo(&first).await.status.as_u16(), 401);
    client.userinfo(&second).await.ok();
}

#[tokio::test]
async fn an_old_access_token_lives_until_its_successor_is_used() {
    let app = TestApp::new().await;
    let (client, first) = app.signed_in("alice").await;
    let second = client.refresh(&first).await.tokens();
    app.clock.advance(seconds(60));
    client.userinfo(&first).await.ok();
    client.userinfo(&second).await.ok();
    app.clock.advance(seconds(11));
    assert_eq!(client.userinfo(&first).await.status.as_u16(), 401);
}

/// Whoever sees an access token knows its line. That must not be enough to end the session.
#[tokio::test]
async fn a_token_that_was_not_minted_here_proves_no_replay() {
    let app = TestApp::new().await;
    let (client, first, second) = rotated(&app).await;
    app.clock.advance(seconds(11));
    let Some(Presented::Native { handle, .. }) = Token::parse(&first.access_token) else {
        panic!("an access token is one of ours");
    };
    let op = app.op();
    for _ in 0..20 {
        let forged = Token::mint(TokenKind::OauthRefresh, handle, op.random());
        let forged = Tokens { refresh_token: forged.expose().into(), ..first.clone() };
        assert_eq!(client.refresh(&forged).await.refusal(), refused(400, "invalid_grant"));
    }
    client.refresh(&second).await.ok();
}

async fn assert_ended(app: &TestApp, replay: Answer, tokens: &Tokens) {
    assert_eq!(replay.refusal(), refused(400, "invalid_grant"));
    assert!(!is_active(app, &tokens.access_token).await);
    assert!(!is_active(app, &tokens.refresh_token).await);
    assert_eq!(app.run_jobs().await, ["delete-device"]);
    assert_eq!(app.homeserver.user("alice").unwrap().devices.len(), 0);
    let replays = "SELECT kind FROM audit_events WHERE kind = 'replay_detected'";
    assert_eq!(app.database.texts(replays).await.len(), 1);
}

#[tokio::test]
async fn a_replay_after_the_overlap_ends_the_session() {
    let app = TestApp::new().await;
    let (client, first, second) = rotated(&app).await;
    app.clock.advance(seconds(11));
    let replay = client.refresh(&first).await;
    assert_ended(&app, replay, &second).await;
    assert_eq!(client.refresh(&second).await.refusal(), refused(400, "invalid_grant"));
}

#[tokio::test]
async fn a_replay_is_noticed_many_generations_later() {
    let app = TestApp::new().await;
    let (client, first) = app.signed_in("alice").await;
    let mut newest = first.clone();
    for _ in 0..20 {
        app.clock.advance(seconds(60));
        newest = client.refresh(&newest).await.tokens();
        client.userinfo(&newest).await.ok();
    }
    app.clock.advance(seconds(11));
    let replay = client.refresh(&first).await;
    assert_ended(&app, replay, &newest).await;
}

#[tokio::test]
async fn a_replay_is_noticed_after_a_restart() {
    let mut app = TestApp::new().await;
    let (client, first, second) = rotated(&app).await;
    app.clock.advance(seconds(11));
    app.restart(|_| {}).await;
    let replay = client.refresh(&first).await;
    assert_ended(&app, replay, &second).await;
}

#[tokio::test]
async fn a_lost_answer_survives_a_restart() {
    let mut app = TestApp::new().await;
    let (client, first) = app.signed_in("alice").await;
    let lost = client.refresh(&first).await.tokens();
    app.restart(|_| {}).await;
    assert_eq!(client.refresh(&first).await.tokens(), lost);
}

#[tokio::test]
async fn operators_may_choose_that_a_replay_is_only_refused() {
    let app = TestApp::with(|settings| settings.lifetimes.end_session_on_replay = false).await;
    let (client, first, second) = rotated(&app).await;
    app.clock.advance(seconds(11));
    assert_eq!(client.refresh(&first).await.refusal(), refused(400, "invalid_grant"));
    client.userinfo(&second).await.ok();
    client.refresh(&second).await.ok();
}

#[tokio::test]
async fn without_overlap_the_first_use_settles_it() {
    let app = TestApp::with(|settings| settings.lifetimes.overlap = seconds(0)).await;
    let (client, first) = app.signed_in("alice").await;
    let second = client.refresh(&first).await.tokens();
    assert_eq!(client.refresh(&first).await.tokens(), second);
    client.userinfo(&first).await.ok();
    client.userinfo(&second).await.ok();
    assert_eq!(client.userinfo(&first).await.status.as_u16(), 401);
    let replay = client.refresh(&first).await;
    assert_ended(&app, replay, &second).await;
}

#[tokio::test]
async fn every_way_of_using_the_successor_settles_it() {
    let app = TestApp::with(|settings| settings.lifetimes.end_session_on_replay = false).await;
    let (client, mut tokens) = app.signed_in("alice").await;
    for way in ["introspection", "userinfo", "refresh"] {
        let next = client.refresh(&tokens).await.tokens();
        let newest = match way {
            "introspection" => {
                assert!(is_active(&app, &next.access_token).await);
                next
            }
            "userinfo" => {
                client.userinfo(&next).await.ok();
                next
            }
            _ => client.refresh(&next).await.tokens(),
        };
        app.clock.advance(seconds(11));
        assert_eq!(client.refresh(&tokens).await.refusal(), refused(400, "invalid_grant"), "{way}");
        tokens = newest;
    }
}

#[tokio::test]
async fn a_locked_account_is_refused_and_unlocking_gives_the_session_back() {
    let app = TestApp::new().await;
    let (client, first, second) = rotated(&app).await;
    app.database.execute("UPDATE users SET locked_at = 1").await;
    for tokens in [&first, &second] {
        assert_eq!(client.refresh(tokens).await.refusal(), refused(400, "invalid_grant"));
        assert!(!is_active(&app, &tokens.access_token).await);
    }
    app.clock.advance(seconds(3600));
    assert_eq!(client.refresh(&second).await.refusal(), refused(400, "invalid_grant"));
    app.database.execute("UPDATE users SET locked_at = NULL").await;
    let third = client.refresh(&second).await.tokens();
    client.userinfo(&third).await.ok();
}

#[tokio::test]
async fn a_deactivated_account_is_refused() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    app.database.execute("UPDATE users SET deactivated_at = 1").await;
    assert_eq!(client.refresh(&tokens).await.refusal(), refused(400, "invalid_grant"));
    assert!(!is_active(&app, &tokens.access_token).await);
}

#[tokio::test]
async fn a_refresh_token_belongs_to_its_client() {
    let app = TestApp::new().await;
    let client = app.client(Basic).await;
    let tokens = app.signed_in_to(&client, "alice").await;
    let id = client.id.as_str();
    for (other, expected) in [
        (app.client(Public).await, refused(400, "invalid_grant")),
        (app.client(Post).await, refused(400, "invalid_grant")),
        (app.configured(Basic), refused(400, "invalid_grant")),
        // The right client by name, but without its proof.
        (app.client_as(Public, id, ""), refused(401, "invalid_client")),
        (app.client_as(Basic, id, "wrong"), refused(401, "invalid_client")),
        (app.client_as(Post, id, "wrong"), refused(401, "invalid_client")),
        (app.client_as(Public, "01K2F2DKG0M9S346Q3D25VT4F5", ""), refused(401, "invalid_client")),
        (app.client_as(Public, "no ULID", ""), refused(401, "invalid_client")),
    ] {
        assert_eq!(other.refresh(&tokens).await.refusal(), expected, "{:?}", other.caller.credentials);
    }
    client.refresh(&tokens).await.ok();
}

#[tokio::test]
async fn a_client_without_the_grant_cannot_refresh() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    app.database.execute("UPDATE oauth_clients SET grant_types = 'authorization_code'").await;
    assert_eq!(client.refresh(&tokens).await.refusal(), refused(401, "unauthorized_client"));
}

#[tokio::test]
async fn what_is_no_refresh_token_costs_nothing_and_gives_nothing() {
    let app = TestApp::new().await;
    let (client, tokens) = app.signed_in("alice").await;
    let mut others = vec![tokens.access_token.clone(), "x".into(), "mar_".into(), "é".into()];
    others.extend(super::introspection::mutilations(&tokens.refresh_token));
    for other in others {
        let wanted = Tokens { refresh_token: other.clone(), ..tokens.clone() };
        let (answer, cost) = app.cost(client.refresh(&wanted)).await;
        assert_eq!((answer.refusal(), cost), (refused(400, "invalid_grant"), 0), "{other:?}");
    }
    client.refresh(&tokens).await.ok();
}
