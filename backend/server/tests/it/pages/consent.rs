//! Agreeing: once, by the person who is signed in, on our own page.

use testkit::{Answer, Browser, ClientKind::*, Mood, PASSWORD, TestApp, TestClient};

use crate::oauth::refused;

/// A signed-in browser before the question.
async fn asked(app: &TestApp, client: &TestClient) -> (Browser, Answer) {
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = app.browser();
    let page = browser.get(&app.authorization(client).path()).await;
    let page = browser.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
    assert!(page.has_form("/consent/"), "{page}");
    (browser, page)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_presses_of_the_button_all_give_the_same_one_code() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (browser, page) = asked(&app, &client).await;
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let (mut browser, page) = (browser.clone(), page.clone());
            tokio::spawn(async move { browser.submit(&page, "/consent/", &[("action", "allow")]).await })
        })
        .collect();
    let mut codes = std::collections::BTreeSet::new();
    for task in tasks {
        codes.insert(task.await.unwrap().parameters()["code"].clone());
    }
    assert_eq!(codes.len(), 1);
    let agreed = "SELECT kind FROM audit_events WHERE kind = 'consent_given'";
    assert_eq!(app.database.texts(agreed).await.len(), 1);
}

#[tokio::test]
async fn refusing_is_told_to_the_app_and_settles_the_request() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, page) = asked(&app, &client).await;
    let answer = browser.submit(&page, "/consent/", &[("action", "cancel")]).await;
    let told = answer.parameters();
    assert_eq!((told["error"].as_str(), told["state"].as_str()), ("access_denied", "a-state"));
    let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    assert_eq!(answer.status.as_u16(), 409);
}

#[tokio::test]
async fn a_form_that_is_not_from_our_page_agrees_to_nothing() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (browser, page) = asked(&app, &client).await;
    for csrf in ["", "x", &"A".repeat(43)] {
        let answer = browser.clone().submit(&page, "/consent/", &[("csrf", csrf), ("action", "allow")]).await;
        assert_eq!(answer.status.as_u16(), 400, "{csrf}");
    }
    let stranger = app.browser().submit(&page, "/consent/", &[("action", "allow")]).await;
    assert!(stranger.has_form("/login"), "{stranger}");
    assert_eq!(
        app.database.texts("SELECT kind FROM audit_events WHERE kind = 'consent_given'").await.len(),
        0
    );
}

#[tokio::test]
async fn requests_that_do_not_exist_are_not_found_and_there_is_a_way_on() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, _) = asked(&app, &client).await;
    for id in ["x", "01K2F2DKG0M9S346Q3D25VT4F5", "%00", "..%2f..", "%E9"] {
        for mut browser in [browser.clone(), app.browser()] {
            let answer = browser.get(&format!("/consent/{id}")).await;
            assert_eq!(answer.status.as_u16(), 404, "{id}: {answer}");
            assert_eq!(answer.link("Go to the start page"), "/", "{id}");
        }
    }
    browser.get("/").await.ok();
}

/// Nobody may get an administrative scope who must not.
#[tokio::test]
async fn administrative_scopes_are_for_administrators() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, _) = asked(&app, &client).await;
    for scope in ["urn:mas:admin", "urn:synapse:admin:*", "openid urn:mas:admin"] {
        let page = browser.get(&app.authorization(&client).with("scope", scope).path()).await;
        assert!(page.body.contains("Not allowed here"), "{scope}: {page}");
        let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (200, ""), "{scope}: {answer}");
    }
    app.database.execute("UPDATE users SET can_request_admin = TRUE").await;
    let page = browser.get(&app.authorization(&client).with("scope", "urn:synapse:admin:*").path()).await;
    assert!(!page.body.contains("Not allowed here"), "{page}");
    app.database.execute("UPDATE users SET can_request_admin = FALSE").await;
    let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (200, ""), "{answer}");
}

#[tokio::test]
async fn the_answer_travels_as_the_app_asked() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, _) = asked(&app, &client).await;
    let page = browser.get(&app.authorization(&client).with("response_mode", "fragment").path()).await;
    let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    assert!(answer.header("location").starts_with("https://app.example.org/callback#"), "{answer}");
    assert!(answer.parameters().contains_key("code"));

    let page = browser.get(&app.authorization(&client).with("response_mode", "form_post").path()).await;
    let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert!(answer.has_form("https://app.example.org/callback"), "{answer}");
    assert!(
        answer.header("content-security-policy").contains("https://app.example.org"),
        "the form may go there"
    );
}

#[tokio::test]
async fn a_homeserver_that_fails_or_hangs_does_not_keep_people_from_agreeing() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, _) = asked(&app, &client).await;
    for mood in [Mood::Failing, Mood::Hanging] {
        app.homeserver.feels(mood);
        let page = browser.get(&app.authorization(&client).path()).await;
        let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
        assert!(answer.parameters().contains_key("code"), "{mood:?}");
    }
}

#[tokio::test]
async fn pages_cannot_be_framed_or_remembered() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (_, page) = asked(&app, &client).await;
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("access-control-allow-origin"), "");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[tokio::test]
async fn a_code_from_the_page_is_for_the_app_that_asked() {
    let app = TestApp::new().await;
    let client = app.client(Public).await;
    let (mut browser, page) = asked(&app, &client).await;
    let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    let code = testkit::Code { code: answer.parameters()["code"].clone(), ..testkit::Code::unknown() };
    assert_eq!(app.configured(Public).exchange(&code).await.refusal(), refused(400, "invalid_grant"));
    assert_eq!(
        client.exchange(&code).await.refusal(),
        refused(400, "invalid_request"),
        "without its verifier"
    );
}
