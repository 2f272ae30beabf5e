//! `/reauthenticate`: the password of the account that is signed in.

use testkit::{Browser, ClientKind::*, PASSWORD, TestApp};

use super::signed_in;

async fn prove(browser: &mut Browser, password: &str) -> testkit::Answer {
    let page = browser.get("/reauthenticate").await;
    browser.submit(&page, "/reauthenticate", &[("password", password)]).await
}

#[tokio::test]
async fn guesses_are_counted_with_those_of_signing_in() {
    let app = TestApp::with(|settings| settings.attempts = (3, 0.001)).await;
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = signed_in(&app, "alice").await;
    for address in ["203.0.113.1", "203.0.113.2"] {
        browser.address = Some(address.into());
        assert_eq!(prove(&mut browser, "wrong").await.status.as_u16(), 200, "{address}");
    }
    browser.address = Some("203.0.113.3".into());
    let answer = prove(&mut browser, PASSWORD).await;
    assert_eq!(answer.status.as_u16(), 429, "{answer}");
    assert_ne!(answer.header("retry-after"), "");
    let mut other = app.browser();
    other.address = Some("203.0.113.4".into());
    let page = other.get("/login").await;
    let answer = other.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(answer.status.as_u16(), 429, "{answer}");
    assert_eq!(
        app.database.texts("SELECT kind FROM audit_events WHERE kind = 'password_proof_failed'").await.len(),
        2
    );
}

#[tokio::test]
async fn a_password_that_was_changed_while_the_page_was_open_is_wrong() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    app.user_with_password("bob", "another password that nobody guesses").await;
    let mut browser = signed_in(&app, "alice").await;
    let page = browser.get("/reauthenticate").await;
    let of = |name: &str| format!("(SELECT id FROM users WHERE username = '{name}')");
    app.database
        .execute(&format!(
            "UPDATE authenticators SET secret = (SELECT secret FROM authenticators WHERE user_id = {}) \
             WHERE user_id = {}",
            of("bob"),
            of("alice")
        ))
        .await;
    let wrong = browser.submit(&page, "/reauthenticate", &[("password", PASSWORD)]).await;
    assert!(wrong.has_form("/reauthenticate"), "{wrong}");
    app.database.execute("UPDATE authenticators SET retired_at = 1").await;
    let none = prove(&mut browser, PASSWORD).await;
    assert!(none.has_form("/reauthenticate") && none.has_form("/logout"), "there is a way on: {none}");
}

#[tokio::test]
async fn who_is_signed_out_or_stopped_signs_in_instead() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    assert!(app.browser().get("/reauthenticate").await.has_form("/login"));
    let mut browser = signed_in(&app, "alice").await;
    let page = browser.get("/reauthenticate").await;
    for stop in ["UPDATE browser_sessions SET finished_at = 1", "UPDATE users SET locked_at = 1"] {
        app.database.execute(stop).await;
        let answer = browser.submit(&page, "/reauthenticate", &[("password", PASSWORD)]).await;
        assert!(!answer.has_form("/reauthenticate") && answer.has_form("/logout"), "{stop}: {answer}");
    }
    assert!(
        app.database.texts("SELECT kind FROM audit_events WHERE kind = 'reauthenticated'").await.is_empty()
    );
}

#[tokio::test]
async fn where_passwords_are_off_nobody_is_stuck() {
    let mut app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    let mut browser = signed_in(&app, "alice").await;
    app.clock.advance(std::time::Duration::from_secs(1));
    let before = browser.get(&app.authorization(&client).with("prompt", "login").path()).await;
    app.restart(|settings| settings.passwords = false).await;
    let page = browser.get(&app.authorization(&client).with("prompt", "login").path()).await;
    assert!(!page.has_form("/reauthenticate") && page.has_form("/logout"), "{page}");
    let answer = browser.submit(&before, "/reauthenticate", &[("password", PASSWORD)]).await;
    assert_eq!(answer.status.as_u16(), 403, "{answer}");
    let answer = browser.submit(&page, "/consent/", &[("action", "cancel")]).await;
    assert_eq!(answer.parameters()["error"], "access_denied");
}

#[tokio::test]
async fn malformed_forms_prove_nothing_and_never_fail_on_our_side() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = signed_in(&app, "alice").await;
    for password in ["\0", "\u{1f980}", "' OR 1=1 --", "{{7*7}}", "<b>", &"x".repeat(20_000)] {
        let page = prove(&mut browser, password).await;
        assert!(page.status.as_u16() < 500 && page.has_form("/reauthenticate"), "{password:.9}: {page}");
        assert!(!page.body.contains("<b>"), "{page}");
    }
    for query in ["?kind=continue_authorization_grant", "?kind=x&id=y", "?id=%00", "?id=1&id=2", "?%ff"] {
        let page = browser.get(&format!("/reauthenticate{query}")).await.ok();
        assert!(page.has_form("/reauthenticate"), "{query}");
    }
}
