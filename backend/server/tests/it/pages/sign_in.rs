//! Signing in.

use testkit::{Browser, ClientKind::*, PASSWORD, TestApp};

async fn log_in(browser: &mut Browser, username: &str, password: &str) -> testkit::Answer {
    let page = browser.get("/login").await.ok();
    browser.submit(&page, "/login", &[("username", username), ("password", password)]).await
}

fn is_signed_in(page: &testkit::Answer) -> bool {
    page.has_form("/logout")
}

#[tokio::test]
async fn a_person_signs_in_once_and_agrees_for_each_app() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let (first, second) = (app.client(Public).await, app.configured(Basic));
    let mut browser = app.browser();
    let code = app.authorization(&first).through(&mut browser, "alice").await;
    first.exchange(&code).await.ok();
    let page = browser.get(&app.authorization(&second).path()).await;
    assert!(!page.has_form("/login") && page.has_form("/consent/"), "{page}");
    let code = app.authorization(&second).through(&mut browser, "alice").await;
    second.exchange(&code).await.ok();
}

#[tokio::test]
async fn the_answer_names_the_issuer() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    let mut browser = app.browser();
    let page = browser.get(&app.authorization(&client).path()).await;
    let page = browser.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
    let answer = browser.submit(&page, "/consent/", &[]).await;
    assert_eq!(answer.status.as_u16(), 303);
    assert_eq!(answer.parameters()["iss"], "https://auth.example.com/");
}

#[tokio::test]
async fn a_wrong_password_keeps_the_name_and_forgets_the_password() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    for (username, password) in [("alice", "wr0ng-p4ss"), ("nobody", "wr0ng-p4ss"), ("alice", &PASSWORD[1..])]
    {
        let mut browser = app.browser();
        let page = log_in(&mut browser, username, password).await;
        assert!(page.has_form("/login"), "{page}");
        assert!(page.body.contains(username) && !page.body.contains(password), "{page}");
        assert!(!is_signed_in(&browser.get("/").await));
    }
}

#[tokio::test]
async fn the_name_may_be_typed_in_any_case_and_as_a_matrix_id() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    for typed in ["alice", "ALICE", "@alice:example.com", " Alice "] {
        let mut browser = app.browser();
        assert!(is_signed_in(&log_in(&mut browser, typed, PASSWORD).await), "{typed}");
    }
}

/// Authelia's CVE-2025-24806 and CVE-2026-47203: every way of writing a name has to share one count.
#[tokio::test]
async fn attempts_are_counted_for_the_account_however_its_name_is_written() {
    let app = TestApp::with(|settings| settings.attempts = (3, 0.001)).await;
    let alice = app.user_with_password("alice", PASSWORD).await;
    let op = app.op();
    let add = async |tx: &_| domain::users::emails::add(tx, &op, alice, "al@example.com").await;
    app.parts().db.write(add).await.unwrap();
    app.run_jobs().await;
    for (typed, address) in
        [("alice", "203.0.113.1"), ("@ALICE:example.com", "203.0.113.2"), ("Al@Example.com", "203.0.113.3")]
    {
        assert_eq!(attempt(&app, typed, "wrong", address).await.status.as_u16(), 200, "{typed}");
    }
    for typed in ["alice", "Alice", "@Alice:EXAMPLE.com", "al@example.com", "AL@EXAMPLE.COM"] {
        let answer = attempt(&app, typed, PASSWORD, "203.0.113.4").await;
        assert_eq!(answer.status.as_u16(), 429, "{typed}");
        assert_ne!(answer.header("retry-after"), "");
    }
}

async fn attempt(app: &TestApp, username: &str, password: &str, address: &str) -> testkit::Answer {
    let mut browser = app.browser();
    browser.address = Some(address.to_owned());
    log_in(&mut browser, username, password).await
}

#[tokio::test]
async fn a_form_that_is_not_from_our_page_signs_nobody_in() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let foreign = app.browser().get("/login").await.ok();
    for csrf in ["", "x", &"A".repeat(43)] {
        let mut browser = app.browser();
        let page = browser.get("/login").await.ok();
        let fields = [("csrf", csrf), ("username", "alice"), ("password", PASSWORD)];
        let answer = browser.submit(&page, "/login", &fields).await;
        assert!(answer.has_form("/login"), "{csrf}: {answer}");
        assert!(!is_signed_in(&browser.get("/").await));
    }
    let mut other = app.browser();
    let answer = other.submit(&foreign, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
    assert!(answer.has_form("/login"), "another browser's token: {answer}");
}

#[tokio::test]
async fn only_who_knows_the_password_learns_that_an_account_is_locked() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    for (how, undo) in [
        ("UPDATE users SET locked_at = 1", "UPDATE users SET locked_at = NULL"),
        ("UPDATE users SET deactivated_at = 1", "UPDATE users SET deactivated_at = NULL"),
    ] {
        app.database.execute(how).await;
        let wrong = log_in(&mut app.browser(), "alice", "wrong").await;
        let unknown = log_in(&mut app.browser(), "nobody", "wrong").await;
        assert_eq!(wrong.body.matches("locked").count(), unknown.body.matches("locked").count());
        assert!(wrong.has_form("/login"), "{how}");
        let right = log_in(&mut app.browser(), "alice", PASSWORD).await;
        assert!(!right.has_form("/login") && !is_signed_in(&app.browser().get("/").await), "{how}: {right}");
        app.database.execute(undo).await;
    }
}

#[tokio::test]
async fn a_password_of_a_megabyte_is_just_wrong() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let long = "x".repeat(1024 * 1024);
    let page = log_in(&mut app.browser(), "alice", &long).await;
    assert!(page.status.as_u16() < 500 && !is_signed_in(&page), "{}", page.status);
}

#[tokio::test]
async fn malformed_forms_sign_nobody_in_and_never_fail_on_our_side() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let long = "x".repeat(100_000);
    for text in ["\0", "\u{e9}", "\u{1f980}", "\r\n", "' OR 1=1 --", "{{7*7}}", "<b>", "@:", "@a:b:c", &long]
    {
        for (username, password) in [(text, PASSWORD), ("alice", text)] {
            let page = log_in(&mut app.browser(), username, password).await;
            assert!(page.status.as_u16() < 500 && !is_signed_in(&page), "{text:.9}: {}", page.status);
            assert!(!page.body.contains("<b>"), "{page}");
        }
    }
    for body in ["", "%", "csrf&csrf", "username=alice", "\u{fffd}"] {
        for path in ["/login", "/logout", "/consent/01K2F2DKG0M9S346Q3D25VT4F5"] {
            let request = app.anonymous().post(path);
            let answer = request.raw("application/x-www-form-urlencoded", body).await;
            assert!(answer.status.as_u16() < 500, "{path} {body}: {answer}");
        }
    }
}

#[tokio::test]
async fn signing_out_ends_the_browser_session_at_once() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = app.browser();
    let page = log_in(&mut browser, "alice", PASSWORD).await;
    assert!(is_signed_in(&page), "{page}");
    let mut stolen = browser.clone();
    browser.submit(&page, "/logout", &[]).await;
    assert!(!is_signed_in(&browser.get("/").await));
    let page = stolen.get("/").await;
    assert!(page.status.as_u16() < 500);
    let client = app.client(Public).await;
    let page = stolen.get(&app.authorization(&client).path()).await;
    assert!(!page.has_form("/consent/"), "a kept cookie is worth nothing: {page}");
}

#[tokio::test]
async fn only_trusted_proxies_say_where_somebody_is() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    attempt(&app, "alice", PASSWORD, "203.0.113.9, 198.51.100.7").await;
    let seen = "SELECT address FROM audit_events WHERE kind = 'signed_in'";
    assert_eq!(app.database.texts(seen).await, ["198.51.100.7"]);
}
