//! A cookie that cannot be read counts as absent (authentik's CVE-2026-25748: a malformed one let people in).

use testkit::{Browser, ClientKind::*, PASSWORD, TestApp};

async fn signed_in(app: &TestApp) -> Browser {
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    let page = browser.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
    assert!(page.has_form("/logout"), "{page}");
    browser
}

#[tokio::test]
async fn an_altered_cookie_is_nobodys() {
    let app = TestApp::new().await;
    let browser = signed_in(&app).await;
    let client = app.client(Public).await;
    let path = app.authorization(&client).path();
    let cookie = browser.cookies["session"].clone();
    let altered = (0..cookie.len()).step_by(7).map(|at| {
        let mut bytes = cookie.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    });
    let cut = (0..cookie.len()).step_by(11).map(|at| cookie[..at].to_owned());
    let other = ["", "x", "%00", "%ff%fe", "{}", "null", "\"", "a=b", "%22%22", &"A".repeat(8000)];
    // Encrypted, but under another name: a cookie of one purpose is none of the other.
    let swapped = browser.cookies.get("csrf").cloned();
    for value in altered.chain(cut).chain(other.map(str::to_owned)).chain(swapped) {
        let mut thief = app.browser();
        thief.cookies.insert("session".into(), value.clone());
        let page = thief.get(&path).await;
        assert_eq!(page.status.as_u16(), 200, "{value}");
        assert!(page.has_form("/login") && !page.has_form("/consent/"), "{value}");
    }
    let mut original = browser.clone();
    assert!(original.get(&path).await.has_form("/consent/"));
}

#[tokio::test]
async fn foreign_and_broken_cookies_beside_ours_do_no_harm() {
    let app = TestApp::new().await;
    let mut browser = signed_in(&app).await;
    for (name, value) in [("a", "\"unclosed"), ("b", ";;;"), ("c", "%zz"), ("d", ""), ("e", "x=y=z")] {
        browser.cookies.insert(name.into(), value.into());
    }
    assert!(browser.get("/").await.has_form("/logout"));
}

#[tokio::test]
async fn cookies_are_for_our_pages_only() {
    let app = TestApp::new().await;
    let page = app.anonymous().get("/login").await;
    let cookie = page.header("set-cookie").to_owned();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
}
