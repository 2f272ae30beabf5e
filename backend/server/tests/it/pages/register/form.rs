//! What the form takes, and what it says of the rest.

use serde_json::json;
use testkit::{Answer, PASSWORD, TestApp};

use super::{FORM, begin, count, open, open_with, open_without_email, says, send, usernames};

/// The page with the form once more, and what it says at a field.
#[track_caller]
fn is_told(page: &Answer, field: &str, words: &str) {
    says(page, 200, words);
    assert!(page.body.contains(&format!("<a href=\"#{field}\">")), "{field}: {page}");
    assert!(page.body.contains(&format!("id=\"{field}-error\"")), "{field}: {page}");
    assert!(!page.body.contains(PASSWORD), "passwords are never kept: {page}");
}

#[tokio::test]
async fn each_field_has_its_rules() {
    let app = open_with(|settings| settings.tos_uri = Some("https://example.org/terms".into())).await;
    app.user("alice").await;
    app.homeserver.is_there("bridge_bot");
    let mut browser = app.browser();
    let page = browser.get("/register").await;
    let long = "x".repeat(5000);
    let (long, weak) = (long.as_str(), "password");
    let accepted = ("accept_terms", "on");
    for (field, otherwise, words) in [
        ("username", vec![("username", " ")], "Choose a username."),
        ("username", vec![("username", "alice")], "not available"),
        ("username", vec![("username", "ALICE")], "not available"),
        ("username", vec![("username", "bridge_bot")], "not available"),
        ("username", vec![("username", "Dora")], "small letters"),
        ("username", vec![("username", "dörte")], "small letters"),
        ("username", vec![("username", "12345")], "digits alone"),
        ("username", vec![("username", &long[..250])], "too long"),
        ("username", vec![("username", long)], "too long"),
        ("email", vec![("email", "")], "Enter your e-mail address"),
        ("email", vec![("email", "dora")], "not an e-mail address"),
        ("email", vec![("email", "dora@a@b")], "not an e-mail address"),
        ("password", vec![("password", ""), ("password_confirm", "")], "Choose a password"),
        ("password", vec![("password", weak), ("password_confirm", weak)], "too easy to guess"),
        ("password", vec![("password", long), ("password_confirm", long)], "password is too long"),
        ("password_confirm", vec![("password_confirm", "another")], "The two passwords differ"),
        ("password_confirm", vec![("password_confirm", "")], "The two passwords differ"),
        ("accept_terms", vec![("accept_terms", "")], "if you agree to the terms"),
        ("accept_terms", vec![("accept_terms", "yes")], "if you agree to the terms"),
    ] {
        let mut fields = otherwise;
        if field != "accept_terms" {
            fields.push(accepted);
        }
        is_told(&send(&mut browser, &page, "dora", &fields).await, field, words);
    }
    assert_eq!(count(&app, "registrations").await, 0);
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once_and_what_was_typed_is_kept() {
    let app = open().await;
    let mut browser = app.browser();
    let page = browser.get("/register").await;
    let page = browser
        .submit(&page, FORM, &[("username", "Dora!"), ("email", "dora@"), ("password", PASSWORD)])
        .await;
    for (field, words) in [
        ("username", "small letters"),
        ("email", "not an e-mail address"),
        ("password_confirm", "The two passwords differ"),
    ] {
        is_told(&page, field, words);
    }
    assert!(page.body.contains("value=\"Dora!\"") && page.body.contains("value=\"dora@\""), "{page}");
    assert_eq!(page.body.matches(" autofocus").count(), 1, "the cursor is at the first: {page}");
}

#[tokio::test]
async fn ones_own_name_is_a_weak_password() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    let page = browser.get("/register").await;
    let name = "walburga.quistorp";
    let page = send(&mut browser, &page, name, &[("password", name), ("password_confirm", name)]).await;
    is_told(&page, "password", "too easy to guess");
}

#[tokio::test]
async fn a_matrix_id_of_this_server_is_a_name() {
    let app = open_without_email().await;
    let page = begin(&mut app.browser(), "@dora:example.com").await;
    assert!(page.body.contains("@dora:example.com"), "{page}");
    let mut browser = app.browser();
    let page = browser.get("/register").await;
    let page = send(&mut browser, &page, "@dora:elsewhere.org", &[]).await;
    is_told(&page, "username", "small letters");
}

#[tokio::test]
async fn the_policy_has_its_say() {
    let policy = json!({
        "registration": { "banned_usernames": { "literals": ["root"] } },
        "emails": { "banned_addresses": { "suffixes": ["@spam.example"] } },
        "banned_domains": ["*.evil.example"],
        "requester": { "banned_ips": ["203.0.113.0/24"] },
    });
    let app = open_with(|settings| settings.policy = policy).await;
    let mut browser = app.browser();
    let page = browser.get("/register").await;
    is_told(&send(&mut browser, &page, "root", &[]).await, "username", "do not allow this username");
    for address in ["a@spam.example", "a@very.evil.example"] {
        let refused = send(&mut browser, &page, "dora", &[("email", address)]).await;
        is_told(&refused, "email", "do not allow this e-mail address");
    }
    browser.address = Some("203.0.113.9".into());
    says(&send(&mut browser, &page, "dora", &[]).await, 200, "The rules of this server do not allow this.");
    assert_eq!(count(&app, "registrations").await, 0);
}

#[tokio::test]
async fn malformed_forms_begin_nothing_and_never_fail_on_our_side() {
    let app = open().await;
    let mut browser = app.browser();
    let page = browser.get("/register").await;
    let long = "x".repeat(60_000);
    for text in ["\0", "\u{e9}", "\u{1f980}", "\r\n", "' OR 1=1 --", "{{7*7}}", "<b>", "@:", "@a:b:c", &long]
    {
        for field in ["username", "email", "password", "password_confirm"] {
            let page = send(&mut browser, &page, "dora", &[(field, text)]).await;
            assert!(page.status.as_u16() < 500 && page.has_form(FORM), "{field} {text:.9}: {page}");
            assert!(!page.body.contains("<b>"), "{page}");
        }
    }
    for body in ["", "%", "csrf&csrf", "username=dora", "\u{fffd}", "username=a&username=b"] {
        let request = app.anonymous().post(FORM);
        let page = request.raw("application/x-www-form-urlencoded", body).await;
        says(&page, 400, "This page had been open for too long");
    }
    let request = app.anonymous().post(FORM);
    let page = request.raw("application/x-www-form-urlencoded", "x".repeat(100_000)).await;
    assert_eq!(page.status.as_u16(), 413, "{page}");
    assert_eq!((count(&app, "registrations").await, usernames(&app).await.len()), (0, 0));
}

#[tokio::test]
async fn a_form_that_is_not_from_our_page_begins_nothing() {
    let app = open().await;
    let page = app.browser().get("/register").await;
    let mut other = app.browser();
    other.get("/register").await;
    let page = send(&mut other, &page, "dora", &[]).await;
    says(&page, 400, "This page had been open for too long");
    assert!(page.body.contains("value=\"dora\""), "what was typed is kept: {page}");
    assert_eq!(count(&app, "registrations").await, 0);
}

#[tokio::test]
async fn where_nobody_may_register_the_way_leads_to_signing_in() {
    for change in [
        |_: &mut testkit::Settings| {},
        |settings: &mut testkit::Settings| {
            settings.site.password_registration_enabled = true;
            settings.passwords = false;
        },
    ] {
        let app = TestApp::with(change).await;
        let mut browser = app.browser();
        let page = browser.get("/register").await;
        says(&page, 200, "No new accounts at the moment");
        assert_eq!(page.link("Sign in"), "/login");
        let next = "?kind=manage_account&action=org.matrix.profile";
        let login = browser.get(&format!("{FORM}{next}")).await;
        assert_eq!(browser.redirects, [format!("/login{next}")]);
        let page = app.anonymous().post(FORM).form([("username", "dora")]).await;
        says(&page, 405, "No new accounts at the moment");
        assert_eq!(page.header("allow"), "GET");
        for page in [browser.get("/").await, login] {
            assert!(!page.body.contains("Create an account"), "{page}");
        }
    }
}
