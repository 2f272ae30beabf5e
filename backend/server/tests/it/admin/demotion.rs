//! The right to administer is taken away: from then on nobody has what it gave, however they came by it.

use std::time::Duration;

use domain::users;
use kernel::id::UserId;
use serde_json::json;
use testkit::{Answer, Browser, ClientKind::Public, PASSWORD, TestApp};

use super::{
    app,
    personal_sessions::{bearer, introspect, token},
    post,
};
use crate::pages::signed_in;

const POWER: &str = "openid urn:mas:admin";
/// In which an answer comes that nobody holds up.
const SOON: Duration = Duration::from_secs(1);

/// Somebody who may administer, in a browser.
async fn boss() -> (TestApp, UserId, Browser) {
    let (app, script) = app().await;
    let boss = app.user_with_password("boss", PASSWORD).await;
    post(&script, &format!("/users/{boss}/set-admin"), json!({ "admin": true })).await.ok();
    let browser = signed_in(&app, "boss").await;
    (app, boss, browser)
}

/// The answer to what is sent while a transaction is open in which the right is taken away: the policy is asked before it ends.
async fn demoted_meanwhile(app: &TestApp, boss: UserId, sent: impl Future<Output = Answer>) -> Answer {
    let (op, mut sent) = (app.op(), Box::pin(sent));
    let early = app.parts().db.write(async |tx| {
        users::set_admin(tx, &op, boss, false).await?;
        Ok::<_, kernel::Error>(tokio::time::timeout(SOON, &mut sent).await.ok())
    });
    match early.await.unwrap() {
        Some(answer) => answer,
        None => sent.await,
    }
}

#[tokio::test]
async fn what_is_agreed_to_meanwhile_is_good_for_nothing() {
    let (app, boss, mut browser) = boss().await;
    let client = app.client(Public).await;
    let asked = app.authorization(&client).with("scope", POWER);
    let page = browser.get(&asked.path()).await.ok();
    let agreed = browser.submit(&page, "/consent/", &[("action", "allow")]);
    let answer = demoted_meanwhile(&app, boss, agreed).await.ok();
    assert!(answer.body.contains("do not let this app use your account"), "{answer}");
    // Nor later.
    let page = browser.get(&asked.path()).await.ok();
    assert!(page.body.contains("do not let this app use your account"), "{page}");
}

#[tokio::test]
async fn a_device_that_is_let_in_meanwhile_gets_nothing() {
    let (app, boss, mut browser) = boss().await;
    let client = app.device_client(Public).await;
    let codes = client.ask_for_codes(POWER).await.ok().json();
    let [device, user] = ["device_code", "user_code"].map(|name| codes[name].as_str().unwrap());
    let page = app.asked_for_device(&mut browser, "boss", user).await.ok();
    let agreed = browser.submit(&page, "/device/", &[("action", "consent"), ("confirm_device", "yes")]);
    let answer = demoted_meanwhile(&app, boss, agreed).await.ok();
    assert!(answer.body.contains("do not let this app use your account"), "{answer}");
    assert_eq!(client.poll(device).await.refusal().1, "authorization_pending");
}

#[tokio::test]
async fn to_take_it_away_again_ends_what_was_given_without_it() {
    let (app, script) = app().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let body = |scope: &str| json!({ "actor_user_id": ada, "human_name": "", "scope": scope, "skip_actor_check": true });
    let lent = token(&post(&script, "/personal-sessions", body("urn:mas:admin")).await.ok());
    let plain = token(&post(&script, "/personal-sessions", body("openid")).await.ok());
    let holder = bearer(&app, lent.clone());
    post(&holder, &format!("/users/{bob}/lock"), serde_json::Value::Null).await.ok();
    // The account never could ask for it itself.
    post(&script, &format!("/users/{ada}/set-admin"), json!({ "admin": false })).await.ok();
    assert_eq!(introspect(&app, &lent).await["active"], false);
    assert_eq!(introspect(&app, &plain).await["active"], true);
    app.run_jobs().await;
}
