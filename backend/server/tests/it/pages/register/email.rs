//! The step that asks for the code.

use std::time::Duration;

use testkit::{Answer, Browser, TestApp};

use super::{STEPS, begin, code, mailed, open, open_with, says};

const ASKS: &str = "Code from the mail";
const PASSED: &str = "What should people call you?";

async fn enter(browser: &mut Browser, page: &Answer, code: &str) -> Answer {
    browser.submit(page, STEPS, &[("code", code)]).await
}

async fn act(browser: &mut Browser, page: &Answer, action: &str, email: &str) -> Answer {
    browser.submit(page, STEPS, &[("action", action), ("email", email)]).await
}

/// Somebody who was sent a code.
async fn waiting(app: &TestApp) -> (Browser, Answer, String) {
    let mut browser = app.browser();
    let page = begin(&mut browser, "dora").await;
    says(&page, 200, ASKS);
    let code = mailed(app).await;
    (browser, page, code)
}

#[tokio::test]
async fn the_right_code_passes_and_others_do_not() {
    let app = open().await;
    let (mut browser, page, code) = waiting(&app).await;
    says(&enter(&mut browser, &page, " ").await, 200, "Enter the code from the mail.");
    for wrong in ["000000", "12", &format!("{code}0"), "\u{0}", &"9".repeat(5000)] {
        let again = enter(&mut browser, &page, wrong).await;
        assert!(again.status.as_u16() < 500 && again.body.contains(ASKS), "{wrong:.9}: {again}");
    }
    says(&enter(&mut browser, &page, "000000").await, 200, "That is not the code.");
    says(&enter(&mut browser, &page, &code).await, 200, PASSED);
    says(&enter(&mut browser, &page, &code).await, 200, PASSED);
    let step = browser.redirects.last().unwrap().replace("display-name", "verify-email");
    says(&browser.get(&step).await, 200, PASSED);
}

#[tokio::test]
async fn a_code_is_good_for_five_minutes() {
    let app = open().await;
    let (mut browser, page, code) = waiting(&app).await;
    app.clock.advance(Duration::from_secs(301));
    says(&enter(&mut browser, &page, &code).await, 200, "This code has expired");
    let page = act(&mut browser, &page, "resend", "").await;
    let code = mailed(&app).await;
    says(&enter(&mut browser, &page, &code).await, 200, PASSED);
}

#[tokio::test]
async fn another_code_takes_the_place_of_the_one_before() {
    let app = open().await;
    let (mut browser, page, first) = waiting(&app).await;
    let page = act(&mut browser, &page, "resend", "").await;
    says(&page, 200, "Another code is on its way.");
    let second = mailed(&app).await;
    assert_ne!(first, second);
    says(&enter(&mut browser, &page, &first).await, 200, "That is not the code.");
    says(&enter(&mut browser, &page, &second).await, 200, PASSED);
}

#[tokio::test]
async fn whoever_wants_another_code_too_often_is_told_how_long_to_wait() {
    let app = open_with(|settings| settings.repeated_mails = (2, 1.0 / 300.0)).await;
    let (mut browser, page, _) = waiting(&app).await;
    for _ in 0..2 {
        let page = act(&mut browser, &page, "resend", "").await;
        says(&page, 200, "Another code is on its way.");
        mailed(&app).await;
    }
    let refused = act(&mut browser, &page, "resend", "").await;
    says(&refused, 429, "You can ask for another code in 5 minutes.");
    assert_eq!(refused.header("retry-after"), "301");
    says(&act(&mut browser, &page, "change", "d@example.org").await, 429, "There were too many tries.");
    assert_eq!(app.run_jobs().await, [""; 0]);
    app.clock.advance(Duration::from_secs(300));
    says(&act(&mut browser, &page, "resend", "").await, 200, "Another code is on its way.");
    mailed(&app).await;
}

#[tokio::test]
async fn guessing_has_an_end() {
    let app = open_with(|settings| settings.typed_mail_codes = (10, 1.0 / 60.0)).await;
    let (mut browser, page, code) = waiting(&app).await;
    let wrong = if code.starts_with('0') { "111111" } else { "000000" };
    for _ in 0..10 {
        says(&enter(&mut browser, &page, wrong).await, 200, "That is not the code.");
    }
    let refused = enter(&mut browser, &page, &code).await;
    says(&refused, 429, "There were too many tries.");
    assert_eq!(refused.header("retry-after"), "61");
    app.clock.advance(Duration::from_secs(60));
    says(&enter(&mut browser, &page, &code).await, 200, PASSED);
}

/// With another address come no other tries: who may register only with some addresses could else go through those.
#[tokio::test]
async fn another_address_is_no_new_beginning_for_guesses() {
    let app = open_with(|settings| settings.typed_mail_codes = (10, 1.0 / 60.0)).await;
    let (mut browser, mut page, _) = waiting(&app).await;
    for address in ["a@example.org", "b@example.org"] {
        for _ in 0..5 {
            says(&enter(&mut browser, &page, "none").await, 200, "That is not the code.");
        }
        app.clock.advance(Duration::from_millis(1));
        page = act(&mut browser, &page, "change", address).await;
        says(&page, 200, address);
    }
    app.run_jobs().await;
    let code = code(&app.mailbox.take().pop().unwrap());
    says(&enter(&mut browser, &page, &code).await, 429, "There were too many tries.");
}

#[tokio::test]
async fn another_address_has_to_be_proven_in_place_of_the_one_before() {
    let app = open().await;
    let (mut browser, page, first) = waiting(&app).await;
    for (email, words) in [("", "Enter your e-mail address"), ("dora@", "not an e-mail address")] {
        says(&act(&mut browser, &page, "change", email).await, 200, words);
    }
    let page = act(&mut browser, &page, "change", "d@example.org").await;
    says(&page, 200, "d@example.org");
    assert_eq!(app.run_jobs().await, ["send-email-authentication-code"]);
    let mail = app.mailbox.only();
    assert_eq!(mail.to, ["d@example.org"]);
    says(&enter(&mut browser, &page, &first).await, 200, "That is not the code.");
    let page = enter(&mut browser, &page, &code(&mail)).await;
    super::skip_name(&mut browser, &page).await;
    app.run_jobs().await;
    assert_eq!(app.homeserver.user("dora").unwrap().emails, ["d@example.org"]);
}

#[tokio::test]
async fn no_step_is_passed_over() {
    let app = open().await;
    let (mut browser, page, _) = waiting(&app).await;
    let steps = super::steps_in(&page);
    let name = browser.get(&format!("{steps}/display-name")).await;
    let page = super::skip_name(&mut browser, &name).await;
    says(&page, 200, ASKS);
    says(&browser.get(&format!("{steps}/finish")).await, 200, ASKS);
    assert_eq!(super::usernames(&app).await, [""; 0]);
}

#[tokio::test]
async fn the_mail_speaks_the_language_of_the_pages() {
    let app = open().await;
    let mut browser = app.browser();
    let client = app.client(testkit::ClientKind::Public).await;
    let request = app.authorization(&client).with("prompt", "create").with("ui_locales", "de");
    let page = browser.get(&request.path()).await;
    let page = super::send(&mut browser, &page, "dora", &[]).await;
    assert!(page.body.contains("lang=\"de\""), "{page}");
    app.run_jobs().await;
    let mail = app.mailbox.only();
    assert!(mail.subject.starts_with("Dein Code ist "), "{mail:#?}");
}
