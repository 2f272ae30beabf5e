//! How often one may try.

use std::time::Duration;

use super::{begin, count, mailed, open, open_with, says, send};

#[tokio::test]
async fn a_place_may_register_so_many_and_mistakes_are_free() {
    let app = open_with(|settings| {
        settings.sign_ups = (3, 3.0 / 3600.0);
        settings.site.password_registration_email_required = false;
    })
    .await;
    let mut browser = app.browser();
    browser.address = Some("203.0.113.1".into());
    let page = browser.get("/register").await;
    for _ in 0..5 {
        says(&send(&mut browser, &page, "12345", &[]).await, 200, "digits alone");
    }
    for username in ["one", "two", "three"] {
        begin(&mut browser, username).await;
    }
    let refused = send(&mut browser, &page, "four", &[]).await;
    says(&refused, 429, "There were too many tries. Wait 20 minutes");
    assert_eq!(refused.header("retry-after"), "1201");
    assert!(refused.body.contains("value=\"four\""), "{refused}");
    browser.address = Some("203.0.113.2".into());
    begin(&mut browser, "four").await;
    browser.address = Some("203.0.113.1".into());
    app.clock.advance(Duration::from_secs(1200));
    begin(&mut browser, "five").await;
}

/// Mistakes cost work, too: scoring a password, a question to the homeserver.
#[tokio::test]
async fn mistakes_have_a_wider_limit() {
    let app = open().await;
    let mut browser = app.browser();
    browser.address = Some("203.0.113.1".into());
    let page = browser.get("/register").await;
    for _ in 0..20 {
        says(&send(&mut browser, &page, "12345", &[]).await, 200, "digits alone");
    }
    app.homeserver.calls();
    let (refused, cost) = app.cost(send(&mut browser, &page, "ella", &[])).await;
    says(&refused, 429, "There were too many tries.");
    assert_eq!((refused.header("retry-after"), cost), ("11", 0));
    assert!(app.homeserver.called().is_empty());
    app.clock.advance(Duration::from_secs(10));
    begin(&mut browser, "ella").await;
    mailed(&app).await;
}

/// Who is over the limit causes no work: no question to the homeserver, no scoring, no hash.
#[tokio::test]
async fn whoever_is_refused_costs_nothing() {
    let app = open_with(|settings| settings.sign_ups = (1, 1e-6)).await;
    let mut browser = app.browser();
    begin(&mut browser, "dora").await;
    mailed(&app).await;
    app.homeserver.calls();
    let page = browser.get("/register").await;
    let (refused, cost) = app.cost(send(&mut browser, &page, "ella", &[])).await;
    assert_eq!((refused.status.as_u16(), cost), (429, 0));
    assert!(app.homeserver.called().is_empty());
}

#[tokio::test]
async fn an_address_is_sent_so_many_codes_whoever_asks() {
    let app = open_with(|settings| settings.mailed_codes = (3, 1.0 / 3600.0)).await;
    for (number, email) in
        ["victim@example.org", "Victim@example.org", "VICTIM@example.org"].iter().enumerate()
    {
        let mut browser = app.browser();
        browser.address = Some(format!("203.0.113.{number}"));
        let page = browser.get("/register").await;
        says(&send(&mut browser, &page, "dora", &[("email", *email)]).await, 200, "Code from the mail");
        mailed(&app).await;
    }
    let mut browser = app.browser();
    browser.address = Some("203.0.113.77".into());
    let page = browser.get("/register").await;
    says(&send(&mut browser, &page, "dora", &[("email", "victim@example.org")]).await, 429, "too many tries");
    assert_eq!(count(&app, "registrations").await, 3);
    let page = begin(&mut browser, "ella").await;
    mailed(&app).await;
    let change = [("action", "change"), ("email", "victim@example.org")];
    says(&browser.submit(&page, super::STEPS, &change).await, 429, "too many tries");
}

/// Whether the address has an account makes no difference before it is proven: not in words, and not in statements.
#[tokio::test]
async fn nobody_learns_whether_an_address_has_an_account() {
    let app = open().await;
    let alice = app.user("alice").await;
    let op = app.op();
    let add = async |tx: &_| domain::users::emails::add(tx, &op, alice, "alice@example.org").await;
    app.parts().db.write(add).await.unwrap();
    app.run_jobs().await;
    begin(&mut app.browser(), "warm").await;
    mailed(&app).await;
    let mut seen = Vec::new();
    for email in ["alice@example.org", "ghost@example.org"] {
        let mut browser = app.browser();
        let page = browser.get("/register").await;
        let (page, cost) = app.cost(send(&mut browser, &page, "dora", &[("email", email)])).await;
        seen.push((page.status, cost, page.body.replace(email, "").matches('<').count()));
        mailed(&app).await;
    }
    assert_eq!(seen[0], seen[1]);
}
