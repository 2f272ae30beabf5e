//! The account app's document, the way to it, and the download.

use serde_json::json;
use testkit::{PASSWORD, TestApp};

use super::{app_of, call, person};
use crate::pages::signed_in;

#[tokio::test]
async fn who_signs_in_comes_back_to_the_very_screen() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    for path in
        ["sessions/oauth2_session:01K2C31V80V37E3S3E28JT97KB", "emails/x/verify?y=%2F%26z", "devices/A%2FB"]
    {
        let sent = app.anonymous().get(&format!("/account/{path}")).await;
        assert_eq!(sent.status, 303);
        let login = sent.header("location").to_owned();
        assert!(login.starts_with("/login?kind=manage_account&path="), "{login}");
        let mut browser = app.browser();
        let form = browser.get(&login).await;
        let action = form
            .body
            .split("action=\"")
            .find(|form| form.starts_with("&#x2f;login?kind") || form.starts_with("/login?kind"));
        assert!(action.is_some(), "the form keeps what comes after: {form}");
        assert!(form.body.contains("look after your account"), "{form}");
    }
}

#[tokio::test]
async fn nobody_is_led_elsewhere_by_a_path() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    for path in ["//evil.example", "../../login", "https://evil.example\\", "/evil.example"] {
        let mut browser = app.browser();
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("kind", "manage_account")
            .append_pair("path", path)
            .finish();
        let form = browser.get(&format!("/login?{query}")).await;
        assert!(!form.body.contains("evil.example"), "{path}: {form}");
        let page = browser.submit(&form, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
        assert!(!page.header("location").contains("evil"), "{path}: {page}");
    }
}

#[tokio::test]
async fn everything_that_is_kept_can_be_downloaded() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    app_of(&app, &mut browser, "DEV1CE0001").await;
    let answer = browser.get("/account/export.json").await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"account.json\"");
    let data = answer.json();
    assert_eq!(
        (&data["account"]["username"], &data["account"]["has_password"]),
        (&json!("alice"), &json!(true))
    );
    assert_eq!(data["apps"][0]["device_id"], "DEV1CE0001");
    assert_eq!(data["browsers"].as_array().unwrap().len(), 1);
    assert_eq!(data["events"][0]["kind"], "data_exported");
    for secret in ["secret", "hash", "$2", "mat_", "mcr_"] {
        assert!(!answer.body.contains(secret), "{secret}: {answer}");
    }
    let stranger = app.anonymous().get("/account/export.json").await;
    assert_eq!(
        (stranger.status.as_u16(), stranger.header("location")),
        (303, "/login?kind=manage_account&path=privacy")
    );
    let foreign = app.anonymous().get("/account/export.json").header("sec-fetch-site", "cross-site").await;
    assert_eq!(foreign.status, 403);
}

#[tokio::test]
async fn the_document_names_where_it_is_mounted() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let built = web::assets::AppAssets::load("").unwrap().is_some();
    for path in ["/account/", "/account/sessions", "/account/password/recovery?ticket=x"] {
        let page = browser.get(path).await;
        if !built {
            assert!(page.has_form("/logout"), "without the app, the front page: {page}");
            continue;
        }
        assert!(
            page.body.contains(
                r#"<div id="root" data-root="&#x2f;account&#x2f;" data-graphql-endpoint="&#x2f;graphql">"#
            ),
            "{page}"
        );
        assert_eq!(page.header("cross-origin-opener-policy"), "", "an app may wait to be told");
        let policy = page.header("content-security-policy");
        assert!(
            policy.contains("script-src 'self' 'nonce-") && policy.contains("default-src 'none'"),
            "{policy}"
        );
    }
}

#[tokio::test]
async fn pages_speak_the_language_that_was_chosen() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    let speaks = |page: &testkit::Answer, language: &str| {
        assert!(page.body.contains(&format!("<html lang=\"{language}\"")), "{language}: {page}");
    };
    speaks(&browser.get("/account/").await, "en");
    call(&mut browser, "setLanguage", json!({ "language": "ar" }), "status").await;
    let page = browser.get("/account/").await;
    speaks(&page, "ar");
    assert!(page.body.contains("dir=\"rtl\""), "{page}");

    // The account knows it in every browser, and each browser for whoever comes.
    let mut other = signed_in(&app, "alice").await;
    speaks(&other.get("/").await, "ar");
    let cookie = browser.cookies["language"].clone();
    let mut stranger = app.browser();
    stranger.cookies.insert("language".into(), cookie);
    speaks(&stranger.get("/login").await, "ar");

    // No app's wish goes before it.
    let client = app.client(testkit::ClientKind::Public).await;
    let asking = app.authorization(&client).with("ui_locales", "fr").path();
    speaks(&app.browser().get(&asking).await, "fr");
    speaks(&stranger.get(&asking).await, "ar");

    call(&mut other, "setLanguage", json!({ "language": null }), "status").await;
    speaks(&other.get("/account/").await, "en");
}

#[tokio::test]
async fn pages_are_light_or_dark_as_was_chosen() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    for (theme, shown) in [("dark", true), ("light", true), ("system", false), ("x\"y", false)] {
        browser.cookies.insert("theme".into(), theme.into());
        for path in ["/", "/account/", "/nothing-here"] {
            let page = browser.get(path).await;
            let attribute = format!("data-theme=\"{theme}\"");
            assert_eq!(page.body.contains(&attribute), shown, "{path}, {theme}: {page}");
            assert_eq!(page.body.contains("data-theme"), shown, "{path}, {theme}: {page}");
        }
    }
}
