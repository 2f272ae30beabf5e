//! Registering by invitation.

use std::time::Duration;

use domain::users::registration_tokens::{self, NewToken};
use futures_util::future::join_all;
use kernel::id::RegistrationTokenId;
use testkit::{Answer, Browser, TestApp};

use super::{STEPS, begin, is_signed_in, open_with, says, skip_name, steps_in, usernames};

const ASKS: &str = "Enter your invitation code";
const PASSED: &str = "What should people call you?";
const REFUSED: &str = "This code is not valid.";

async fn by_invitation() -> TestApp {
    open_with(|settings| {
        settings.site.password_registration_token_required = true;
        settings.site.password_registration_email_required = false;
    })
    .await
}

async fn issue(app: &TestApp, token: &str, limit: Option<u32>, good_for: Option<u64>) -> RegistrationTokenId {
    let op = app.op();
    let expires_at = good_for.map(|seconds| op.now + Duration::from_secs(seconds));
    let new = NewToken { token: Some(token.to_owned().into()), usage_limit: limit, expires_at };
    let vault = &app.parts().vault;
    let issue = async |tx: &_| registration_tokens::issue(tx, vault, &op, new.clone()).await;
    app.parts().db.write(issue).await.unwrap().unwrap().id
}

async fn enter(browser: &mut Browser, page: &Answer, token: &str) -> Answer {
    browser.submit(page, STEPS, &[("token", token)]).await
}

async fn used(app: &TestApp) -> Vec<String> {
    app.database.texts("SELECT CAST(times_used AS text) FROM registration_tokens ORDER BY id").await
}

#[tokio::test]
async fn whoever_has_been_invited_comes_in_and_is_counted() {
    let app = by_invitation().await;
    issue(&app, "Come in", Some(2), None).await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    says(&page, 200, ASKS);
    says(&enter(&mut browser, &page, "  ").await, 200, "Enter your invitation code.");
    for wrong in ["come in", "Come  in", "Come i", "Come in!", "\u{0}", &"x".repeat(50_000)] {
        let page = enter(&mut browser, &page, wrong).await;
        assert!(page.status.as_u16() < 500 && !page.body.contains(PASSED), "{wrong:.9}: {page}");
    }
    let steps = steps_in(&page);
    let page = enter(&mut browser, &page, " Come in ").await;
    says(&page, 200, PASSED);
    assert_eq!(used(&app).await, ["0"], "it counts when there is an account");
    assert_eq!(browser.get(&format!("{steps}/token")).await.status.as_u16(), 200);
    assert!(browser.redirects.last().unwrap().ends_with("/display-name"));
    is_signed_in(&skip_name(&mut browser, &page).await);
    assert_eq!(used(&app).await, ["1"]);
    app.run_jobs().await;
}

#[tokio::test]
async fn tokens_that_are_not_good_let_nobody_in() {
    let app = by_invitation().await;
    issue(&app, "expired", None, Some(60)).await;
    issue(&app, "used up", Some(0), None).await;
    let revoked = issue(&app, "revoked", None, None).await;
    let op = app.op();
    app.parts().db.write(async |tx| registration_tokens::revoke(tx, &op, revoked).await).await.unwrap();
    app.clock.advance(Duration::from_secs(60));
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    for token in ["unknown", "expired", "used up", "revoked"] {
        says(&enter(&mut browser, &page, token).await, 200, REFUSED);
    }
    let name = browser.get(&format!("{}/display-name", steps_in(&page))).await;
    says(&skip_name(&mut browser, &name).await, 200, ASKS);
    assert_eq!(usernames(&app).await, [""; 0]);
}

#[tokio::test]
async fn guessing_has_an_end_and_right_ones_are_free() {
    let app = by_invitation().await;
    issue(&app, "Come in", None, None).await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    for _ in 0..12 {
        says(&enter(&mut browser, &page, "Come in").await, 200, PASSED);
    }
    for _ in 0..10 {
        says(&enter(&mut browser, &page, "guess").await, 200, REFUSED);
    }
    let refused = enter(&mut browser, &page, "Come in").await;
    says(&refused, 429, "There were too many tries.");
    assert_eq!(refused.header("retry-after"), "61");
    app.clock.advance(Duration::from_secs(60));
    says(&enter(&mut browser, &page, "Come in").await, 200, PASSED);
}

/// Wherever its browser says that it is.
#[tokio::test]
async fn a_registration_has_so_many_guesses() {
    let app = by_invitation().await;
    issue(&app, "Come in", None, None).await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    for place in 0..10 {
        browser.address = Some(format!("203.0.113.{place}"));
        says(&enter(&mut browser, &page, "guess").await, 200, REFUSED);
    }
    browser.address = Some("203.0.113.77".into());
    says(&enter(&mut browser, &page, "Come in").await, 429, "There were too many tries.");
    let mut other = app.browser();
    other.address = Some("203.0.113.77".into());
    let page = begin(&mut other, "ella").await;
    says(&enter(&mut other, &page, "Come in").await, 200, PASSED);
}

#[tokio::test]
async fn a_token_with_one_use_left_makes_one_account_of_fifty() {
    let app = by_invitation().await;
    issue(&app, "Come in", Some(1), None).await;
    let mut begun = Vec::new();
    for number in 0..50 {
        let mut browser = app.browser();
        browser.address = Some(format!("203.0.113.{number}"));
        let page = begin(&mut browser, &format!("dora{number}")).await;
        let page = enter(&mut browser, &page, "Come in").await;
        begun.push((browser, page));
    }
    let ends = begun.into_iter().map(|(mut browser, page)| async move {
        let page = skip_name(&mut browser, &page).await;
        (browser, page)
    });
    let mut ended = join_all(ends).await;
    assert_eq!(ended.iter().filter(|(_, page)| page.has_form("/logout")).count(), 1);
    assert_eq!((usernames(&app).await.len(), used(&app).await), (1, vec!["1".to_owned()]));
    // The others are told, and go on with another one.
    let (browser, page) = ended.iter_mut().find(|(_, page)| !page.has_form("/logout")).unwrap();
    says(page, 200, "used up or withdrawn in the meantime");
    issue(&app, "Come in, too", None, None).await;
    is_signed_in(&enter(browser, page, "Come in, too").await);
    app.run_jobs().await;
}

#[tokio::test]
async fn a_token_that_is_withdrawn_meanwhile_is_asked_for_again() {
    let app = by_invitation().await;
    let id = issue(&app, "Come in", None, None).await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    let page = enter(&mut browser, &page, "Come in").await;
    let op = app.op();
    app.parts().db.write(async |tx| registration_tokens::revoke(tx, &op, id).await).await.unwrap();
    says(&skip_name(&mut browser, &page).await, 200, "used up or withdrawn in the meantime");
    assert_eq!(usernames(&app).await, [""; 0]);
}
