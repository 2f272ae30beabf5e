//! The account app's document, the way to it, and the download.

use serde_json::json;
use store::Engine;
use testkit::{PASSWORD, TestApp, engine};

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
        assert!(form.body.contains("look after your account"), "{form}");
        let wrong = [("username", "alice"), ("password", "not that one")];
        let form = browser.submit(&form, "/login", &wrong).await;
        assert!(form.has_form("/login"), "who mistypes is still on the way: {form}");
        let page = browser.submit(&form, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
        assert_eq!(browser.redirects.last(), Some(&format!("/account/{path}")), "{page}");
        assert!(page.status == 200 && page.body.contains("id=\"root\""), "{page}");
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
    app.parts().homeserver.set_display_name("alice", Some("Alice L.")).await.unwrap();
    browser.ask("{ viewer { ... on User { matrix { displayName } } } }", json!({})).await;
    let answer = browser.get("/account/export.json").await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"account.json\"");
    let data = answer.json();
    assert_eq!(
        (&data["account"]["username"], &data["account"]["has_password"]),
        (&json!("alice"), &json!(true))
    );
    assert_eq!(data["account"]["display_name_last_seen"], "Alice L.");
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

/// What of the database belongs to a person, and where the download tells it. Whoever adds a column that leads to people adds it
/// here, or says why it is not told.
#[tokio::test]
async fn every_table_about_people_is_in_the_download() {
    const TOLD: [(&str, &str); 11] = [
        ("accepted_terms.user_id", "accepted_terms"),
        ("audit_events.user_id", "events"),
        ("authenticators.user_id", "account"),
        ("browser_sessions.user_id", "browsers"),
        ("consents.user_id", "remembered_consents"),
        ("email_authentications.browser_session_id", "pending_email_addresses"),
        ("sessions.owner_user_id", "apps"),
        ("sessions.user_id", "apps"),
        ("upstream_links.user_id", "linked_accounts"),
        ("user_emails.user_id", "email_addresses"),
        ("user_third_party_ids.user_id", "other_addresses"),
    ];
    const UNTOLD: [&str; 9] = [
        // Steps on the way to an app, for minutes; what came of them is among the apps.
        "authorization_grants.browser_session_id",
        "compat_sso_logins.browser_session_id",
        "device_grants.browser_session_id",
        "sessions.browser_session_id",
        // Found by the person already.
        "audit_events.browser_session_id",
        // Proofs alone: of an address that is told, to who asked at the sign-in page.
        "recovery_tickets.user_email_id",
        // On the way to being a browser, for minutes.
        "sign_ins.user_id",
        "upstream_visits.browser_session_id",
        // The name and the addresses once more, for searching.
        "user_search.user_id",
    ];
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    let columns = match engine() {
        Engine::Sqlite => {
            "SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' \
             AND (c.name LIKE '%user_id' OR c.name IN ('browser_session_id', 'user_email_id')) ORDER BY 1"
        }
        Engine::Postgres => {
            "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'latchkey' \
             AND (column_name LIKE '%user_id' OR column_name IN ('browser_session_id', 'user_email_id')) ORDER BY 1"
        }
    };
    let mut known: Vec<_> = TOLD.iter().map(|(column, _)| *column).chain(UNTOLD).collect();
    known.sort_unstable();
    assert_eq!(app.database.texts(columns).await, known);

    let input = json!({ "email": "alice@new.example", "password": PASSWORD });
    call(&mut browser, "startEmailAuthentication", input, "status").await;
    assert_eq!(app.run_jobs().await, ["send-email-authentication-code"]);
    let phone = "INSERT INTO user_third_party_ids (user_id, medium, address, created_at) \
      VALUES ($1, 'msisdn', '4670174060', 1)";
    let user: kernel::id::UserId = user.trim_start_matches("user:").parse().unwrap();
    store::sql::execute(&app.parts().db.single, phone, [user.into()]).await.unwrap();
    let data = browser.get("/account/export.json").await.json();
    for (column, member) in TOLD {
        assert!(data.get(member).is_some(), "{column}: {data}");
    }
    assert_eq!(data["pending_email_addresses"][0]["email"], "alice@new.example");
    assert_eq!(data["other_addresses"][0]["address"], "4670174060");
}

/// However much there is, and however long it has been there.
#[tokio::test]
async fn a_download_goes_on_until_all_is_told() {
    let app = TestApp::new().await;
    let (user, mut browser) = person(&app, "alice").await;
    super::budgets::crowd(&app, &user, 1_100).await;
    let data = browser.get("/account/export.json").await.json();
    let apps = data["apps"].as_array().unwrap();
    let ids: std::collections::BTreeSet<_> = apps.iter().map(|app| app["id"].as_str().unwrap()).collect();
    assert_eq!((apps.len(), ids.len()), (1_100, 1_100));
    assert!(apps.is_sorted_by_key(|app| app["id"].as_str().unwrap().to_owned()));
    assert_eq!(data["events"].as_array().unwrap().last().unwrap()["kind"], "user_registered");
}

/// What administrators leave of themselves in the trail is not the person's, as in the list of security events.
#[tokio::test]
async fn a_download_tells_no_more_than_the_pages_do() {
    let app = TestApp::with(|settings| {
        settings.policy = json!({ "admin_clients": [testkit::CONFIDENTIAL] });
    })
    .await;
    let (user, mut browser) = person(&app, "alice").await;
    let form = [("grant_type", "client_credentials"), ("scope", "urn:mas:admin")];
    let token = app.configured(testkit::ClientKind::Basic).token(form).await.ok().json();
    let token = token["access_token"].as_str().unwrap().to_owned();
    let admin = app.caller(testkit::Credentials::Bearer(token));
    let id = user.trim_start_matches("user:");
    for action in ["lock", "unlock"] {
        admin.post(&format!("/api/admin/v1/users/{id}/{action}")).await.ok();
    }
    let body = json!({ "user_id": id, "email": "alice@example.com" });
    admin.post("/api/admin/v1/user-emails").json(&body).await.ok();
    app.run_jobs().await;
    let answer = browser.get("/account/export.json").await;
    let (data, text) = (answer.json(), answer.body);
    let events = data["events"].as_array().unwrap();
    let of = |kind: &str| events.iter().find(|event| event["kind"] == kind);
    let added = of("email_added").unwrap();
    assert_eq!((&added["detail"], &added["by_administrator"]), (&json!("alice@example.com"), &json!(true)));
    assert_eq!((&added["ip"], &added["user_agent"]), (&json!(null), &json!(null)));
    assert_eq!(of("user_locked").unwrap()["by_administrator"], true);
    assert!(of("administered").is_none() && !text.contains("by_session"), "{text}");
}

#[tokio::test]
async fn a_download_is_not_had_again_and_again() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    for _ in 0..5 {
        browser.get("/account/export.json").await.ok();
    }
    let refused = browser.get("/account/export.json").await;
    assert_eq!(refused.status, 429, "{refused}");
    assert!(refused.header("content-type").starts_with("text/html"), "{refused}");
    let (_, mut other) = person(&app, "bob").await;
    other.get("/account/export.json").await.ok();
    app.clock.advance(std::time::Duration::from_secs(600));
    browser.get("/account/export.json").await.ok();
}

#[tokio::test]
async fn the_document_names_where_it_is_mounted() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    for path in ["/account/", "/account/sessions", "/account/password/recovery?ticket=x"] {
        let page = browser.get(path).await;
        assert!(
            page.body.contains(
                r#"<div id="root" data-root="&#x2f;account&#x2f;" data-graphql-endpoint="&#x2f;graphql">"#
            ),
            "{page}"
        );
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin", "{path}");
        let policy = page.header("content-security-policy");
        assert!(
            policy.contains("script-src 'self' 'nonce-") && policy.contains("default-src 'none'"),
            "{policy}"
        );
    }
}

/// An app that has sent somebody to reset their cryptographic identity is told how it ends; nobody else waits for anything.
#[tokio::test]
async fn only_who_waits_for_a_reset_stays_tied_to_the_window() {
    let app = TestApp::new().await;
    let (_, mut browser) = person(&app, "alice").await;
    for (path, policy) in [
        ("/account/?action=org.matrix.cross_signing_reset", ""),
        ("/account/reset-cross-signing?deepLink=true", ""),
        ("/account/reset-cross-signing/success", ""),
        ("/account/reset-cross-signings", "same-origin"),
        ("/account/sessions?x=reset-cross-signing", "same-origin"),
        ("/account/?action=org.matrix.profile", "same-origin"),
    ] {
        assert_eq!(browser.get(path).await.header("cross-origin-opener-policy"), policy, "{path}");
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
