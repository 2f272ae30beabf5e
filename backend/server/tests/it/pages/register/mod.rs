//! Registering, from the form to the account.

mod begun;
mod email;
mod finish;
mod form;
mod limits;
mod token;
mod ways;

use testkit::{Answer, Browser, Mail, PASSWORD, Settings, TestApp};

const FORM: &str = "/register/password";
const STEPS: &str = "/register/steps/";

/// Where people may register with an address.
async fn open() -> TestApp {
    open_with(|_| {}).await
}

async fn open_with(change: impl FnOnce(&mut Settings)) -> TestApp {
    TestApp::with(|settings| {
        settings.site.password_registration_enabled = true;
        change(settings);
    })
    .await
}

/// Where a name and a password will do.
async fn open_without_email() -> TestApp {
    open_with(|settings| settings.site.password_registration_email_required = false).await
}

/// All that the form asks for, in order, by somebody of that name.
fn told(username: &str) -> Vec<(&str, String)> {
    vec![
        ("username", username.to_owned()),
        ("email", format!("{username}@example.org")),
        ("password", PASSWORD.to_owned()),
        ("password_confirm", PASSWORD.to_owned()),
    ]
}

/// Sends the form as [`told`], with some fields otherwise.
async fn send(browser: &mut Browser, page: &Answer, username: &str, otherwise: &[(&str, &str)]) -> Answer {
    let mut fields = told(username);
    fields.retain(|(name, _)| otherwise.iter().all(|(other, _)| other != name));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.submit(page, FORM, &[&fields, otherwise].concat()).await
}

/// Registers up to the first step, whichever it is.
async fn begin(browser: &mut Browser, username: &str) -> Answer {
    let page = browser.get("/register").await;
    let page = send(browser, &page, username, &[]).await;
    assert!(page.has_form(STEPS), "{page}");
    page
}

/// The code in the one mail that came.
async fn mailed(app: &TestApp) -> String {
    assert_eq!(app.run_jobs().await, ["send-email-authentication-code"]);
    code(&app.mailbox.only())
}

fn code(mail: &Mail) -> String {
    let code = mail.subject.strip_prefix("Your code is ").unwrap_or_else(|| panic!("{mail:#?}"));
    code.to_owned()
}

/// Goes on without a name, which ends the steps.
async fn skip_name(browser: &mut Browser, page: &Answer) -> Answer {
    browser.submit(page, STEPS, &[("action", "skip")]).await
}

/// From the form to where one goes on to.
async fn through(app: &TestApp, browser: &mut Browser, username: &str) -> Answer {
    let mut page = begin(browser, username).await;
    if page.body.contains("name=\"code\"") {
        let code = mailed(app).await;
        page = browser.submit(&page, STEPS, &[("code", &code)]).await;
    }
    skip_name(browser, &page).await
}

/// The path of the registration's steps, without the step.
fn steps_in(page: &Answer) -> String {
    let html = page.body.replace("&#x2f;", "/");
    let rest = html.split_once(STEPS).unwrap_or_else(|| panic!("no registration: {page}")).1;
    format!("{STEPS}{}", &rest[..26])
}

async fn count(app: &TestApp, table: &str) -> usize {
    app.database.texts(&format!("SELECT 'one' FROM {table}")).await.len()
}

async fn usernames(app: &TestApp) -> Vec<String> {
    app.database.texts("SELECT username FROM users ORDER BY username").await
}

#[track_caller]
fn is_signed_in(page: &Answer) {
    assert!(page.status.is_success() && page.has_form("/logout"), "{page}");
}

/// The page says so, and nothing is wrong on our side.
#[track_caller]
fn says(page: &Answer, status: u16, words: &str) {
    assert_eq!(page.status.as_u16(), status, "{words}: {page}");
    assert!(page.body.contains(words), "{words}: {page}");
    assert!(page.header("content-security-policy").contains("default-src 'none'"), "{words}");
}
