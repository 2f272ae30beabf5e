//! What people meet on the way from an app to their account and back, and what strangers may try there.

mod account;
mod app_names;
mod authorize;
mod consent;
mod cookies;
mod device;
mod endings;
mod reauthenticate;
mod register;
mod remembered;
mod sign_in;
mod unavailable;

use testkit::{Answer, Browser, PASSWORD, TestApp};

/// A browser that is signed in as somebody who is there already.
pub async fn signed_in(app: &TestApp, username: &str) -> Browser {
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    let page = browser.submit(&page, "/login", &[("username", username), ("password", PASSWORD)]).await;
    assert!(page.has_form("/logout"), "{page}");
    browser
}

/// Where the page's request is answered.
pub fn consent_path(page: &Answer) -> String {
    let rest = page.body.split_once("/consent/").unwrap_or_else(|| panic!("no request: {page}")).1;
    format!("/consent/{}", &rest[..26])
}
