//! Flaws that other servers of this field shipped, as tests against this one: `docs/security-tests.md` says which flaw
//! has which test, and which of them are elsewhere. Everything here goes through HTTP or the real binary.

mod accounts;
mod cookies;
mod endings;
mod enumeration;
mod flows;
mod load;
mod markup;
mod outside;
mod redirects;
pub mod secrets;
mod surfaces;
mod tokens;

use testkit::{Answer, Browser, PASSWORD, TestApp};

/// A browser that is signed in as somebody who is there already.
pub async fn signed_in(app: &TestApp, username: &str) -> Browser {
    let mut browser = app.browser();
    let page = log_in(&mut browser, username, PASSWORD).await;
    assert!(page.has_form("/logout"), "{page}");
    browser
}

pub async fn log_in(browser: &mut Browser, username: &str, password: &str) -> Answer {
    let page = browser.get("/login").await.ok();
    browser.submit(&page, "/login", &[("username", username), ("password", password)]).await
}

/// Whether the homeserver would accept the token.
pub async fn is_active(app: &TestApp, token: &str) -> bool {
    let answer = app.synapse().post("/oauth2/introspect").form([("token", token)]).await.ok();
    answer.json()["active"] == true
}
