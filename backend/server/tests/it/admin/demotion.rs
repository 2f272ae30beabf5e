//! The right to administer is taken away: from then on nobody has what it gave, however they came by it.

use futures_util::future::join_all;
use serde_json::json;
use testkit::{Answer, Browser, ClientKind::Public, PASSWORD, TestApp, TestClient};

use super::{
    app,
    personal_sessions::{bearer, introspect, token},
    post,
};
use crate::pages::signed_in;

/// As many as ask at once.
const MANY: usize = 12;
const POWER: &str = "openid urn:mas:admin";

/// Pages that ask whether to let an app administer.
async fn questions(app: &TestApp, browser: &mut Browser, client: &TestClient) -> Vec<Answer> {
    let mut pages = Vec::new();
    for _ in 0..MANY {
        pages.push(browser.get(&app.authorization(client).with("scope", POWER).path()).await.ok());
    }
    pages
}

#[tokio::test]
async fn what_is_agreed_to_meanwhile_is_good_for_nothing() {
    let (app, script) = app().await;
    let boss = app.user_with_password("boss", PASSWORD).await;
    let path = format!("/users/{boss}/set-admin");
    post(&script, &path, json!({ "admin": true })).await.ok();
    let client = app.client(Public).await;
    let mut browser = signed_in(&app, "boss").await;
    let pages = questions(&app, &mut browser, &client).await;
    let answers = join_all(pages.iter().map(async |page| {
        let mut tab = browser.clone();
        tab.submit(page, "/consent/", &[("action", "allow")]).await
    }));
    let demotion = post(&script, &path, json!({ "admin": false }));
    let (answers, demoted) = tokio::join!(answers, demotion);
    demoted.ok();
    for answer in answers {
        if answer.status.is_redirection() {
            let code = app.authorization(&client).answered(&answer);
            assert_eq!(client.exchange(&code).await.status.as_u16(), 400, "{answer}");
        } else {
            assert!(answer.body.contains("do not let this app use your account"), "{answer}");
        }
    }
}

#[tokio::test]
async fn devices_that_are_let_in_meanwhile_get_nothing() {
    let (app, script) = app().await;
    let boss = app.user_with_password("boss", PASSWORD).await;
    let path = format!("/users/{boss}/set-admin");
    post(&script, &path, json!({ "admin": true })).await.ok();
    let client = app.device_client(Public).await;
    let mut browser = signed_in(&app, "boss").await;
    let mut asked = Vec::new();
    for _ in 0..MANY {
        let codes = client.ask_for_codes(POWER).await.ok().json();
        let [device, user] =
            ["device_code", "user_code"].map(|name| codes[name].as_str().unwrap().to_owned());
        asked.push((app.asked_for_device(&mut browser, "boss", &user).await.ok(), device));
    }
    let answers = join_all(asked.iter().map(async |(page, _)| {
        let mut tab = browser.clone();
        let fields = [("action", "consent"), ("confirm_device", "yes")];
        tab.submit(page, "/device/", &fields).await.ok();
    }));
    let (_, demoted) = tokio::join!(answers, post(&script, &path, json!({ "admin": false })));
    demoted.ok();
    for (_, device) in asked {
        assert_ne!(client.poll(&device).await.status.as_u16(), 200);
    }
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
