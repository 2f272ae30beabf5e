//! From where one comes, and where one goes on to.

use serde_json::{Value, json};
use testkit::{Answer, Browser, ClientKind::*, DEVICE_CODE, PASSWORD, TestApp};

use super::{FORM, open, open_without_email, says, skip_name, through};
use crate::pages::signed_in;

async fn prompts(app: &TestApp) -> Value {
    app.anonymous().get("/.well-known/openid-configuration").await.ok().json()["prompt_values_supported"]
        .take()
}

fn asks_to_allow(page: &Answer, mxid: &str) {
    assert!(page.body.contains("value=\"allow\"") && page.body.contains(mxid), "{page}");
}

#[tokio::test]
async fn an_app_sends_somebody_to_register_and_gets_a_code() {
    let app = open().await;
    assert_eq!(prompts(&app).await, json!(["none", "login", "consent", "select_account", "create"]));
    let client = app.client(Public).await;
    let mut browser = app.browser();
    let request =
        app.authorization(&client).with("prompt", "create").with("login_hint", "mxid:@dora:example.com");
    let page = browser.get(&request.path()).await;
    assert!(
        browser.redirects[0].starts_with("/register?kind=continue_authorization_grant&id="),
        "{:?}",
        browser.redirects
    );
    assert!(page.has_form(&format!("{FORM}?kind=continue_authorization_grant&")), "{page}");
    assert!(page.body.contains("To continue to <strong><bdi>App</bdi></strong>"), "{page}");
    assert!(page.body.contains("value=\"dora\""), "the hint is typed: {page}");
    let page = super::send(&mut browser, &page, "dora", &[]).await;
    let code = super::mailed(&app).await;
    let page = browser.submit(&page, super::STEPS, &[("code", &code)]).await;
    let policy = page.header("content-security-policy");
    let app_itself = &testkit::REDIRECT_URI[..testkit::REDIRECT_URI.rfind('/').unwrap()];
    assert!(
        policy.contains(&format!("form-action 'self' {app_itself}")),
        "what asks nothing is led to: {policy}"
    );
    let page = skip_name(&mut browser, &page).await;
    asks_to_allow(&page, "@dora:example.com");
    assert_eq!(app.run_jobs().await, ["provision-user"]);
    let answer = browser.submit(&page, "/consent/", &[("action", "allow")]).await;
    let code = answer.parameters()["code"].clone();
    let code = testkit::Code {
        code,
        redirect_uri: testkit::REDIRECT_URI.into(),
        verifier: Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into()),
    };
    client.exchange(&code).await.ok();
    assert!(app.homeserver.user("dora").unwrap().devices.contains_key("DEV1CE0001"));
    assert!(browser.get("/").await.has_form("/logout"), "and the browser is signed in");
}

/// The homeserver need not know of the account yet when the app has its code.
#[tokio::test]
async fn an_app_that_is_faster_than_the_jobs_gets_its_device() {
    let app = open_without_email().await;
    let client = app.client(Public).await;
    let mut browser = app.browser();
    let page = browser.get(&app.authorization(&client).with("prompt", "create").path()).await;
    let page = super::send(&mut browser, &page, "dora", &[]).await;
    skip_name(&mut browser, &page).await;
    let code = app.authorization(&client).through(&mut browser, "dora").await;
    client.exchange(&code).await.ok();
    assert!(app.homeserver.user("dora").unwrap().devices.contains_key("DEV1CE0001"));
    app.run_jobs().await;
    assert_eq!(app.homeserver.user("dora").unwrap().display_name.as_deref(), Some("dora"));
}

#[tokio::test]
async fn whoever_has_an_account_signs_in_instead() {
    let app = open().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    let mut browser = app.browser();
    let page = browser.get(&app.authorization(&client).with("prompt", "create").path()).await;
    let page = browser.get(&page.link("Sign in")).await;
    let page = browser.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
    asks_to_allow(&page, "@alice:example.com");
}

#[tokio::test]
async fn the_other_way_round_whoever_has_none_creates_one() {
    let app = open_without_email().await;
    let client = app.client(Public).await;
    let mut browser = app.browser();
    let page = browser.get(&app.authorization(&client).path()).await;
    assert!(page.has_form("/login"), "{page}");
    let page = browser.get(&page.link("Create an account")).await;
    let page = super::send(&mut browser, &page, "dora", &[]).await;
    asks_to_allow(&skip_name(&mut browser, &page).await, "@dora:example.com");
    app.run_jobs().await;
}

#[tokio::test]
async fn somebody_who_is_signed_in_chooses_between_this_account_and_a_new_one() {
    let app = open_without_email().await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.client(Public).await;
    let mut browser = signed_in(&app, "alice").await;
    app.clock.advance(std::time::Duration::from_secs(60));
    let request = app.authorization(&client).with("prompt", "create").path();
    let page = browser.get(&request).await;
    says(&page, 200, "You already have an account");
    assert!(page.body.contains("Create another account"), "{page}");
    asks_to_allow(&browser.submit(&page, "/consent/", &[("action", "choose")]).await, "@alice:example.com");

    let page = browser.get(&request).await;
    let page = browser.submit(&page, "/logout", &[]).await;
    assert!(page.has_form(FORM), "to the form at once: {page}");
    let page = super::send(&mut browser, &page, "dora", &[]).await;
    let page = skip_name(&mut browser, &page).await;
    asks_to_allow(&page, "@dora:example.com");
    app.run_jobs().await;
}

#[tokio::test]
async fn where_nobody_may_register_no_app_can_ask_for_it() {
    let app = TestApp::new().await;
    assert_eq!(prompts(&app).await, json!(["none", "login", "consent", "select_account"]));
    let client = app.configured(Basic);
    let answer = app.browser().get(&app.authorization(&client).with("prompt", "create").path()).await;
    assert_eq!(answer.parameters()["error"], "invalid_request");
    let open = open().await;
    let silent = open.authorization(&open.configured(Basic)).with("prompt", "none create").path();
    assert_eq!(open.browser().get(&silent).await.parameters()["error"], "invalid_request");
}

#[tokio::test]
async fn an_app_of_the_older_sign_in_may_ask_for_it_too() {
    let app = open_without_email().await;
    let redirect = "/_matrix/client/v3/login/sso/redirect?redirectUrl=https%3A%2F%2Fchat.example.org%2F";
    for (number, action) in ["action=register", "org.matrix.msc3824.action=register"].iter().enumerate() {
        let answer = app.anonymous().get(&format!("{redirect}&{action}")).await;
        let path = answer.header("location").strip_prefix("https://auth.example.com").unwrap().to_owned();
        let mut browser = app.browser();
        let page = browser.get(&path).await;
        assert!(page.has_form(&format!("{FORM}?kind=continue_compat_sso_login&")), "{action}: {page}");
        let page = super::send(&mut browser, &page, &format!("dora{number}"), &[]).await;
        let page = skip_name(&mut browser, &page).await;
        assert!(page.has_form("/complete-compat-sso/"), "{action}: {page}");
        let answer = browser.submit(&page, "/complete-compat-sso/", &[]).await;
        assert!(answer.parameters().contains_key("loginToken"), "{action}: {answer}");
    }
    for action in ["action=login", "action=x", ""] {
        let answer = app.anonymous().get(&format!("{redirect}&{action}")).await;
        let path = answer.header("location").strip_prefix("https://auth.example.com").unwrap().to_owned();
        assert!(app.browser().get(&path).await.has_form("/login"), "{action}");
    }
    let closed = TestApp::new().await;
    let answer = closed.anonymous().get(&format!("{redirect}&action=register")).await;
    let path = answer.header("location").strip_prefix("https://auth.example.com").unwrap().to_owned();
    assert!(closed.browser().get(&path).await.has_form("/login"));
    app.run_jobs().await;
}

#[tokio::test]
async fn a_device_and_the_account_app_are_gone_on_to_as_well() {
    let app = open_without_email().await;
    let client = app.device_client(Public).await;
    let codes = client.ask_for_codes("openid").await.ok().json();
    let mut browser = app.browser();
    let page = browser.get("/link").await;
    let page = browser.submit(&page, "/link", &[("code", codes["user_code"].as_str().unwrap())]).await;
    let page = browser.get(&page.link("Create an account")).await;
    let page = super::send(&mut browser, &page, "dora", &[]).await;
    let page = skip_name(&mut browser, &page).await;
    let page = browser.submit(&page, "/device/", &[("action", "consent"), ("confirm_device", "yes")]).await;
    assert!(page.body.contains("Your device is signed in"), "{page}");
    let code = codes["device_code"].as_str().unwrap();
    app.run_jobs().await;
    let tokens =
        client.caller.post("/oauth2/token").form([("grant_type", DEVICE_CODE), ("device_code", code)]).await;
    tokens.ok();

    let mut browser = app.browser();
    let page = browser.get("/register?kind=manage_account&action=org.matrix.sessions_list").await;
    let page = super::send(&mut browser, &page, "ella", &[]).await;
    skip_name(&mut browser, &page).await;
    assert!(browser.redirects.iter().any(|path| path.starts_with("/account/")), "{:?}", browser.redirects);
    app.run_jobs().await;
}

#[tokio::test]
async fn who_is_signed_in_has_no_need_to_register() {
    let app = open().await;
    app.user_with_password("alice", PASSWORD).await;
    let form: Answer = app.browser().get("/register").await;
    let mut browser: Browser = signed_in(&app, "alice").await;
    for path in ["/register", FORM] {
        assert!(browser.get(path).await.has_form("/logout"), "{path}");
    }
    assert!(super::send(&mut browser, &form, "dora", &[]).await.has_form("/logout"));
    assert_eq!(super::usernames(&app).await, ["alice"]);
    // A session that is of no use counts for nobody.
    app.database.execute("UPDATE users SET locked_at = 1").await;
    assert!(browser.get("/register").await.has_form(FORM));
    app.database.execute("UPDATE users SET locked_at = NULL").await;
    app.database.execute("UPDATE browser_sessions SET finished_at = 1").await;
    assert!(browser.get("/register").await.has_form(FORM));
}

#[tokio::test]
async fn the_account_api_tells_the_truth() {
    let query = "{ siteConfig { passwordRegistrationEnabled } }";
    for (app, truth) in [(open().await, true), (TestApp::new().await, false)] {
        let data = app.browser().ask(query, json!({})).await;
        assert_eq!(data["siteConfig"]["passwordRegistrationEnabled"], truth);
    }
}

#[tokio::test]
async fn what_comes_after_is_only_ever_ours() {
    let app = open_without_email().await;
    let mut browser = app.browser();
    for (number, next) in
        ["kind=x&id=1", "kind=continue_authorization_grant&id=%2F%2Fevil.example", "next=%2F%2Fevil.example"]
            .iter()
            .enumerate()
    {
        let page = browser.get(&format!("/register?{next}")).await;
        let page = super::send(&mut browser, &page, &format!("dora{number}"), &[]).await;
        let page = skip_name(&mut browser, &page).await;
        assert!(page.has_form("/logout"), "{next}: {page}");
        assert_eq!(browser.redirects.last().unwrap(), "/", "{next}");
        browser.submit(&page, "/logout", &[]).await;
    }
    through(&app, &mut browser, "ella").await;
    app.run_jobs().await;
}
