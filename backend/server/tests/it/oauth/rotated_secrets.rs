//! `secrets.encryption` is replaced (`secrets.former_encryption`): nobody loses anything, and nobody gains by it.

use testkit::{ClientKind::*, PASSWORD, Settings, TestApp, Tokens};

use super::{refused, seconds};
use crate::pages::signed_in;

const SCOPE: &str = "openid urn:matrix:client:api:* urn:matrix:client:device:DEV1CE0002";

/// A new secret; the one before goes to the former ones.
fn rotate(settings: &mut Settings) {
    settings.former_encryption.insert(0, settings.encryption);
    settings.encryption += 1;
}

fn forget_former(settings: &mut Settings) {
    settings.former_encryption.clear();
}

async fn is_signed_in(browser: &mut testkit::Browser) -> bool {
    browser.get("/").await.has_form("/logout")
}

#[tokio::test]
async fn sessions_and_lost_answers_live_on() {
    let mut app = TestApp::new().await;
    let client = app.client(Basic).await;
    let first = app.signed_in_to(&client, "alice").await;
    let lost = client.refresh(&first).await.tokens();
    app.restart(rotate).await;
    assert_eq!(client.refresh(&first).await.tokens(), lost, "the answer that was lost, once more");
    app.restart(rotate).await;
    assert_eq!(client.refresh(&first).await.tokens(), lost, "and after another rotation");
    let next = client.refresh(&lost).await.tokens();
    client.userinfo(&next).await.ok();
}

#[tokio::test]
async fn a_replay_is_noticed_many_generations_restarts_and_secrets_later() {
    let mut app = TestApp::new().await;
    let (client, first) = app.signed_in("alice").await;
    let mut newest = first.clone();
    for generation in 0..20 {
        app.clock.advance(seconds(60));
        newest = client.refresh(&newest).await.tokens();
        client.userinfo(&newest).await.ok();
        if generation % 5 == 0 {
            app.restart(rotate).await;
        }
    }
    app.clock.advance(seconds(11));
    assert_eq!(client.refresh(&first).await.refusal(), refused(400, "invalid_grant"));
    assert_eq!(client.userinfo(&newest).await.status.as_u16(), 401, "the session has ended");
    assert_eq!(app.run_jobs().await, ["delete-device"]);
}

/// What is lost with a former secret: its tokens are refused as before, but prove nothing.
#[tokio::test]
async fn without_the_former_secret_an_old_token_is_refused_and_harms_nobody() {
    let mut app = TestApp::new().await;
    let (client, first) = app.signed_in("alice").await;
    let second = client.refresh(&first).await.tokens();
    client.userinfo(&second).await.ok();
    app.clock.advance(seconds(11));
    app.restart(rotate).await;
    app.restart(forget_former).await;
    assert_eq!(client.refresh(&first).await.refusal(), refused(400, "invalid_grant"));
    let third = client.refresh(&second).await.tokens();
    client.userinfo(&third).await.ok();
    let forged = Tokens { refresh_token: first.refresh_token, ..third.clone() };
    assert_eq!(client.refresh(&forged).await.refusal(), refused(400, "invalid_grant"));
    client.userinfo(&third).await.ok();
}

#[tokio::test]
async fn codes_that_a_device_shows_are_found_and_shown_again() {
    let mut app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.device_client(Post).await;
    let codes = client.ask_for_codes(SCOPE).await.ok().json();
    let code = |name: &str| codes[name].as_str().unwrap().to_owned();
    app.restart(rotate).await;
    let mut browser = app.browser();
    let page = app.asked_for_device(&mut browser, "alice", &code("user_code")).await.ok();
    assert!(page.body.contains(&code("user_code")), "{page}");
    browser.submit(&page, "/device/", &[("action", "consent"), ("confirm_device", "yes")]).await.ok();
    client.poll(&code("device_code")).await.tokens();
}

/// Forms that are open stay good, and whoever comes back gets a cookie under the new secret.
#[tokio::test]
async fn browsers_stay_signed_in_and_move_to_the_new_secret() {
    let mut app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    let mut browser = signed_in(&app, "alice").await;
    let pending = browser.get(&app.authorization(&client).path()).await;
    let mut absent = browser.clone();
    app.restart(rotate).await;
    let answer = browser.submit(&pending, "/consent/", &[("action", "allow")]).await;
    assert!(answer.parameters().contains_key("code"), "{answer}");

    assert!(is_signed_in(&mut browser).await);
    app.restart(forget_former).await;
    assert!(
        is_signed_in(&mut browser).await,
        "a page was shown under the new secret before the old one went"
    );
    assert!(!is_signed_in(&mut absent).await, "this one did not come back in time");
}

#[tokio::test]
async fn what_the_database_keeps_sealed_moves_to_the_new_secret() {
    let mut app = TestApp::new().await;
    let client = app.client(Basic).await;
    let tokens = app.signed_in_to(&client, "alice").await;
    app.device_client(Public).await.ask_for_codes(SCOPE).await.ok();
    app.restart(rotate).await;
    for expected in [2, 0] {
        let (op, parts) = (app.op(), app.parts());
        let resealed = domain::reseal::reseal(&parts.db, &op, &parts.vault).await.unwrap();
        assert_eq!((resealed.moved, resealed.stuck.len()), (expected, 0));
    }
    app.restart(forget_former).await;
    client.refresh(&tokens).await.ok();
}

#[tokio::test]
async fn what_does_not_open_is_named_and_stays_as_it_is() {
    let mut app = TestApp::new().await;
    let client = app.client(Basic).await;
    let tokens = app.signed_in_to(&client, "alice").await;
    app.restart(rotate).await;
    app.restart(forget_former).await;
    let (op, parts) = (app.op(), app.parts());
    let resealed = domain::reseal::reseal(&parts.db, &op, &parts.vault).await.unwrap();
    assert_eq!(resealed.moved, 0);
    let [stuck] = resealed.stuck.as_slice() else { panic!("{resealed:?}") };
    let why = kernel::error::chain(stuck);
    assert!(why.contains(&format!("client/{}", client.id)) && why.contains("not configured"), "{why}");
    app.restart(|settings| settings.former_encryption.push(7)).await;
    client.refresh(&tokens).await.ok();
}
