//! A registration that is begun: whose it is, and for how long.

use std::time::Duration;

use testkit::{Answer, Browser, TestApp};

use super::{STEPS, begin, count, open, open_without_email, says, skip_name, steps_in, usernames};

const ALL: [&str; 4] = ["token", "verify-email", "display-name", "finish"];

/// Every way to go on with it, by this browser.
async fn tries(app: &TestApp, browser: &mut Browser, steps: &str, page: &Answer) -> Vec<Answer> {
    let mut answers = Vec::new();
    for step in ALL {
        answers.push(browser.get(&format!("{steps}/{step}")).await);
    }
    answers.push(skip_name(browser, page).await);
    app.homeserver.calls();
    answers
}

#[tokio::test]
async fn only_the_browser_that_began_it_goes_on_with_it() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    let steps = steps_in(&page);
    let mut stranger = app.browser();
    stranger.get("/register").await;
    for answer in tries(&app, &mut stranger, &steps, &page).await {
        says(&answer, 403, "Go on where you began");
        assert!(!answer.body.contains("dora"), "nothing is told of it: {answer}");
    }
    // Another registration of their own does not help.
    begin(&mut stranger, "mallory").await;
    says(&stranger.get(&format!("{steps}/finish")).await, 403, "Go on where you began");
    assert_eq!(usernames(&app).await, [""; 0]);
}

#[tokio::test]
async fn an_hour_is_what_there_is() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    let steps = steps_in(&page);
    app.clock.advance(Duration::from_secs(3600));
    says(&browser.get(&format!("{steps}/display-name")).await, 200, "What should people call you?");
    app.clock.advance(Duration::from_secs(1));
    for answer in tries(&app, &mut browser, &steps, &page).await {
        says(&answer, 410, "That took too long");
        assert_eq!(answer.link("Start over"), "/register");
    }
    assert_eq!(usernames(&app).await, [""; 0]);
    // The cookie does not grow by what is over.
    begin(&mut browser, "dora").await;
    says(&browser.get(&format!("{steps}/finish")).await, 410, "That took too long");
}

#[tokio::test]
async fn what_was_never_begun_has_a_page_that_says_so() {
    let app = open().await;
    let mut browser = app.browser();
    for id in ["01K2C31V80V37E3S3E28JT97KB", "x", "%00", "%FF", "01K2C31V80V37E3S3E28JT97KBX"] {
        for step in ALL {
            let page = browser.get(&format!("{STEPS}{id}/{step}")).await;
            assert_eq!(page.status.as_u16(), 404, "{id} {step}: {page}");
            assert!(page.header("content-type").starts_with("text/html"), "{id} {step}");
        }
        let answer =
            app.anonymous().post(&format!("{STEPS}{id}/display-name")).form([("action", "skip")]).await;
        assert_eq!(answer.status.as_u16(), 404, "{id}: {answer}");
    }
    let page = browser.get(&format!("{STEPS}01K2C31V80V37E3S3E28JT97KB/finish")).await;
    says(&page, 404, "There is nothing to go on with");
}

#[tokio::test]
async fn whoever_cancels_leaves_nothing_behind() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    let steps = steps_in(&page);
    let page = browser.submit(&page, STEPS, &[("action", "cancel")]).await;
    assert!(page.has_form("/login"), "{page}");
    assert_eq!(count(&app, "registrations").await, 0);
    assert_eq!(browser.cookies["user-registration-sessions"], "");
    says(&browser.get(&format!("{steps}/finish")).await, 404, "There is nothing to go on with");
}

#[tokio::test]
async fn steps_that_are_closed_meanwhile_make_no_account() {
    let mut app = open_without_email().await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    app.restart(|settings| settings.site.password_registration_enabled = false).await;
    says(&skip_name(&mut browser, &page).await, 403, "No new accounts at the moment");
    assert_eq!(usernames(&app).await, [""; 0]);
    // A process that is ended between two steps takes nothing with it.
    app.restart(|settings| settings.site.password_registration_enabled = true).await;
    assert!(skip_name(&mut browser, &page).await.has_form("/logout"));
    app.run_jobs().await;
}

#[tokio::test]
async fn a_step_that_is_not_from_our_page_changes_nothing() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    for action in ["skip", "set", "cancel"] {
        let fields = [("csrf", "x"), ("action", action), ("display_name", "Mallory")];
        let page = browser.submit(&page, STEPS, &fields).await;
        says(&page, 400, "This page had been open for too long");
    }
    assert_eq!((count(&app, "registrations").await, count(&app, "users").await), (1, 0));
}
