//! No dead ends: wherever a request ends, there is a way on.

use std::time::Duration;

use testkit::{Answer, Browser, ClientKind::*, PASSWORD, TestApp, TestClient};

use super::{consent_path, signed_in};

const CODE_LIFETIME: Duration = Duration::from_secs(600);
const REQUEST_LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// A signed-in browser before the question.
async fn asked(app: &TestApp, client: &TestClient) -> (Browser, Answer) {
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = signed_in(app, "alice").await;
    let page = browser.get(&app.authorization(client).path()).await;
    (browser, page)
}

/// A native app that did not open, or the back button.
#[tokio::test]
async fn the_same_browser_gets_the_same_code_as_long_as_it_is_good() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, page) = asked(&app, &client).await;
    let first = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    let landing = browser.get(&consent_path(&page)).await.ok();
    assert!(landing.body.contains("You are all set"), "{landing}");
    let again = browser.submit(&landing, "/consent/", &[]).await;
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(
        browser.submit(&page, "/consent/", &[("action", "allow")]).await.parameters(),
        first.parameters()
    );

    let mut elsewhere = signed_in(&app, "alice").await;
    let page_elsewhere = elsewhere.get(&consent_path(&page)).await;
    assert_eq!(page_elsewhere.status.as_u16(), 409, "another browser gets none: {page_elsewhere}");

    app.clock.advance(CODE_LIFETIME + Duration::from_secs(1));
    for late in [browser.get(&consent_path(&page)).await, browser.submit(&landing, "/consent/", &[]).await] {
        assert_eq!((late.status.as_u16(), late.header("location")), (410, ""), "{late}");
        assert!(late.link("Start again").starts_with("/authorize?"), "{late}");
    }
}

#[tokio::test]
async fn after_the_exchange_there_is_no_code_any_more() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, page) = asked(&app, &client).await;
    let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    let code = testkit::Code {
        code: answer.parameters()["code"].clone(),
        verifier: Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into()),
        ..testkit::Code::unknown()
    };
    client.exchange(&code).await.ok();
    for late in [
        browser.get(&consent_path(&page)).await,
        browser.submit(&page, "/consent/", &[("action", "allow")]).await,
        browser.submit(&page, "/consent/", &[("action", "cancel")]).await,
    ] {
        assert_eq!((late.status.as_u16(), late.header("location")), (409, ""), "{late}");
        assert_eq!(late.link("Go back to"), "https://app.example.org/");
        let anew = browser.get(&late.link("Start again")).await;
        assert!(anew.body.contains("value=\"allow\""), "{anew}");
    }
}

#[tokio::test]
async fn who_refused_may_change_their_mind_and_the_app_is_told_as_often_as_they_press() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, page) = asked(&app, &client).await;
    for _ in 0..2 {
        let answer = browser.submit(&page, "/consent/", &[("action", "cancel")]).await;
        let told = answer.parameters();
        assert_eq!(
            (told["error"].as_str(), told["iss"].as_str()),
            ("access_denied", "https://auth.example.com/")
        );
    }
    let landing = browser.get(&consent_path(&page)).await;
    assert_eq!(landing.status.as_u16(), 409);
    let anew = browser.get(&landing.link("Start again")).await;
    let answer = browser.submit(&anew, "/consent/", &[("action", "allow")]).await;
    assert_eq!(answer.parameters()["state"], "a-state", "{answer}");
}

#[tokio::test]
async fn a_request_that_nobody_answered_for_a_day_is_made_again() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, page) = asked(&app, &client).await;
    app.clock.advance(REQUEST_LIFETIME);
    browser.get(&consent_path(&page)).await.ok();
    app.clock.advance(Duration::from_secs(1));
    let late = browser.get(&consent_path(&page)).await;
    assert_eq!(late.status.as_u16(), 410, "{late}");
    let token = browser.get("/").await;
    let late = browser.submit(&page, "/consent/", &[("action", "allow"), ("csrf", &csrf(&token))]).await;
    assert_eq!((late.status.as_u16(), late.header("location")), (410, ""), "{late}");
    let anew = browser.get(&late.link("Start again")).await.ok();
    assert!(anew.body.contains("value=\"allow\""), "{anew}");
}

fn csrf(page: &Answer) -> String {
    let rest = page.body.split_once("name=\"csrf\" value=\"").unwrap().1;
    rest[..rest.find('"').unwrap()].to_owned()
}

#[tokio::test]
async fn a_question_that_was_open_for_too_long_is_asked_again() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, page) = asked(&app, &client).await;
    app.clock.advance(Duration::from_secs(3601));
    let again = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    assert_eq!(again.status.as_u16(), 400);
    let answer = browser.submit(&again, "/consent/", &[("action", "allow")]).await;
    assert!(answer.parameters().contains_key("code"), "{answer}");
}

#[tokio::test]
async fn an_app_that_asks_wrongly_is_named_and_linked_if_it_is_known() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let wrong = app.authorization(&client).with("redirect_uri", "https://evil.example/").path();
    let page = app.browser().get(&wrong).await;
    assert_eq!(page.status.as_u16(), 400);
    assert_eq!(page.link("Go back to"), "https://app.example.org/");
    assert!(page.body.contains("redirect_uri") && !page.body.contains("evil.example"), "{page}");
    for path in [
        app.authorization(&client).with("client_id", "01K2F2DKG0M9S346Q3D25VT4F5").path(),
        app.authorization(&client).without("client_id").path(),
        format!("{}&state=twice", app.authorization(&client).path()),
    ] {
        let page = app.browser().get(&path).await;
        assert_eq!(page.status.as_u16(), 400, "{path}");
        assert_eq!(page.link("Go to the start page"), "/", "{path}");
    }
}
