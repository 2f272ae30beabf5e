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
        time(&app, typed, "wrong").await;
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

/// How long a failed sign-in takes.
async fn time(app: &TestApp, username: &str, password: &str) -> Duration {
    let (mut browser, page) = form(app).await;
    let begun = Instant::now();
    browser.submit(&page, "/login", &[("username", username), ("password", password)]).await;
    begun.elapsed()
}

/// The least time of each, over rounds in turn until they are as expected, twenty at most: other load on the machine only
/// ever adds, and more of it to one than to another.
async fn least_times<const N: usize>(
    app: &TestApp,
    attempts: [(&str, &str); N],
    expected: impl Fn(&[Duration; N]) -> bool,
) -> [Duration; N] {
    let mut least = [Duration::MAX; N];
    for _ in 0..20 {
        for (least, (username, password)) in least.iter_mut().zip(attempts) {
            *least = time(app, username, password).await.min(*least);
        }
        if expected(&least) {
            break;
        }
    }
    least
}

#[tokio::test]
async fn a_hash_is_computed_for_everybody() {
    let app = TestApp::with(|settings| settings.hashing_cost = 11).await;
    people(&app).await;
    let attempts =
        ["alice", "nobody", "passwordless", "locked", "nobody@example.org"].map(|name| (name, "wrong"));
    let alike = |[known, others @ ..]: &[Duration; 5]| others.iter().all(|taken| *taken > *known / 2);
    let least = least_times(&app, attempts, alike).await;
    assert!(alike(&least), "{attempts:?}: {least:?}");
}

/// Kanidm's 1.11.0 notes: there was no limit.
#[tokio::test]
async fn a_password_that_is_too_long_is_refused_before_anything_is_done() {
    let app = TestApp::with(|settings| settings.hashing_cost = 11).await;
    people(&app).await;
    let (long, longer) = ("x".repeat(4097), "x".repeat(1 << 20));
    for password in [&long, &longer] {
        let (cost, status) = attempt(&app, "alice", password).await;
        assert_eq!(cost, 0, "{}", password.len());
        assert!(status < 500, "{status}");
    }
    let attempts = [("alice", "wrong"), ("alice", long.as_str()), ("alice", longer.as_str())];
    let quicker = |[hashed, others @ ..]: &[Duration; 3]| others.iter().all(|taken| *taken < *hashed / 2);
    let least = least_times(&app, attempts, quicker).await;
    assert!(quicker(&least), "a hash, and without one: {least:?}");
}
