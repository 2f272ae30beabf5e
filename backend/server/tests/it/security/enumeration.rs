//! Nobody learns from a failed sign-in which accounts exist: not by the number of statements, and not by the hash
//! that is or is not computed. MAS answers for unknown names before it hashes.

use std::time::{Duration, Instant};

use testkit::{Answer, Browser, PASSWORD, TestApp};

/// Fetched before anything is counted.
async fn form(app: &TestApp) -> (Browser, Answer) {
    let mut browser = app.browser();
    let page = browser.get("/login").await.ok();
    (browser, page)
}

/// What a failed sign-in cost in round trips, and its status.
async fn attempt(app: &TestApp, username: &str, password: &str) -> (u64, u16) {
    let (mut browser, page) = form(app).await;
    let fields = [("username", username), ("password", password)];
    let (answer, cost) = app.cost(browser.submit(&page, "/login", &fields)).await;
    assert!(!answer.has_form("/logout"), "{username}: {answer}");
    (cost, answer.status.as_u16())
}

async fn people(app: &TestApp) {
    app.user_with_password("alice", PASSWORD).await;
    app.user_with_password("locked", PASSWORD).await;
    app.user_with_password("deactivated", PASSWORD).await;
    app.user("passwordless").await;
    app.database.execute("UPDATE users SET locked_at = 1 WHERE username = 'locked'").await;
    app.database.execute("UPDATE users SET deactivated_at = 1 WHERE username = 'deactivated'").await;
    let address = "INSERT INTO user_emails (id, user_id, email, email_norm, created_at) \
                   SELECT id, id, 'alice@example.org', 'alice@example.org', created_at FROM users WHERE username = 'alice'";
    app.database.execute(address).await;
}

#[tokio::test]
async fn an_unknown_account_costs_as_many_statements_as_a_wrong_password() {
    let app = TestApp::new().await;
    people(&app).await;
    // The first use of a statement on a connection prepares it.
    for typed in ["alice", "alice@example.org"] {
        time(&app, typed).await;
    }
    let known = attempt(&app, "alice", "wrong").await;
    assert!(known.0 > 0, "a known name is looked up");
    for name in ["nobody", "locked", "deactivated", "passwordless"] {
        assert_eq!(attempt(&app, name, "wrong").await, known, "{name}");
    }
    let known = attempt(&app, "alice@example.org", "wrong").await;
    for address in ["nobody@example.org", "@nobody", "@alice:elsewhere.org"] {
        assert_eq!(attempt(&app, address, "wrong").await, known, "{address}");
    }
}

/// The least of three, since load only ever adds.
async fn time(app: &TestApp, username: &str) -> Duration {
    let mut least = Duration::MAX;
    for _ in 0..3 {
        let (mut browser, page) = form(app).await;
        let begun = Instant::now();
        browser.submit(&page, "/login", &[("username", username), ("password", "wrong")]).await;
        least = least.min(begun.elapsed());
    }
    least
}

#[tokio::test]
async fn a_hash_is_computed_for_everybody() {
    let app = TestApp::with(|settings| settings.hashing_cost = 11).await;
    people(&app).await;
    let hashed = time(&app, "alice").await;
    for name in ["nobody", "passwordless", "locked", "nobody@example.org"] {
        let taken = time(&app, name).await;
        assert!(taken > hashed / 2, "{name}: {taken:?}, but alice: {hashed:?}");
    }
}

/// Kanidm's 1.11.0 notes: there was no limit.
#[tokio::test]
async fn a_password_that_is_too_long_is_refused_before_anything_is_done() {
    let app = TestApp::with(|settings| settings.hashing_cost = 11).await;
    people(&app).await;
    let hashed = time(&app, "alice").await;
    for length in [4097, 60_000, 1 << 20] {
        let begun = Instant::now();
        let (cost, status) = attempt(&app, "alice", &"x".repeat(length)).await;
        assert_eq!(cost, 0, "{length}");
        assert!(
            status < 500 && begun.elapsed() < hashed,
            "{length}: {:?}, a hash: {hashed:?}",
            begun.elapsed()
        );
    }
}
