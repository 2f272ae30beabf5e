//! Logging in through the browser: the redirect, the page that asks, and the token that comes back.

use std::time::Duration;

use domain::policy::SessionLimit;
use insta::assert_snapshot;
use serde_json::{Value, json};
use testkit::{Answer, Browser, PASSWORD, TestApp};
use url::{Url, form_urlencoded};

use super::{active_sessions, attempt, is_active, log_in, problem, refused, with};
use crate::{oauth::seconds, pages::signed_in};

const APP: &str = "https://chat.example.org/?x=1#here";
const PAGE: &str = "/complete-compat-sso/";

pub fn by_token(token: &str) -> Value {
    json!({ "type": "m.login.token", "token": token })
}

async fn redirect(app: &TestApp, redirect_url: &str) -> Answer {
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("redirectUrl", redirect_url).finish();
    app.anonymous().get(&format!("/_matrix/client/v3/login/sso/redirect?{query}")).await
}

/// The path of the page to which an app's request leads.
async fn page_of(app: &TestApp, redirect_url: &str) -> String {
    let answer = redirect(app, redirect_url).await;
    assert_eq!(answer.status.as_u16(), 303, "{answer}");
    let page = Url::parse(answer.header("location")).unwrap();
    page.path().to_owned()
}

/// The token that an app gets once this person, who is signed in or does so, has agreed.
async fn agreed(app: &TestApp, browser: &mut Browser, username: &str) -> String {
    let mut page = browser.get(&page_of(app, APP).await).await;
    if page.has_form("/login") {
        page = browser.submit(&page, "/login", &[("username", username), ("password", PASSWORD)]).await;
    }
    token_in(&browser.submit(&page, PAGE, &[]).await)
}

pub async fn approved(app: &TestApp, username: &str) -> String {
    agreed(app, &mut app.browser(), username).await
}

fn token_in(answer: &Answer) -> String {
    assert_eq!(answer.status.as_u16(), 303, "{answer}");
    let location = Url::parse(answer.header("location")).unwrap();
    assert_eq!((location.host_str(), location.fragment()), (Some("chat.example.org"), Some("here")));
    let pairs: Vec<_> = location.query_pairs().into_owned().collect();
    assert_eq!(pairs[0], ("x".into(), "1".into()), "what was there is kept");
    assert_eq!(pairs[1].0, "loginToken");
    pairs[1].1.clone()
}

async fn with_alice() -> TestApp {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    app
}

#[tokio::test]
async fn somebody_signs_in_agrees_and_the_app_logs_in() {
    let app = with_alice().await;
    let mut browser = app.browser();
    let page = browser.get(&page_of(&app, APP).await).await;
    assert!(page.has_form("/login?kind=continue_compat_sso_login&id="), "{page}");
    assert!(page.body.contains("chat.example.org"), "it says where one goes on to");
    let page = browser.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await.ok();
    assert!(page.body.contains("Sign in to <bdi>chat.example.org</bdi>?"), "{page}");
    assert!(page.body.contains("@alice:example.com"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://chat.example.org;"), "{policy}");
    let token = token_in(&browser.submit(&page, PAGE, &[]).await);
    assert!(token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let answer = attempt(&app, with(by_token(&token), json!({ "device_id": "D" }))).await;
    assert_snapshot!(answer, @r#"200 {"access_token":"mct_7dW5Z23b5pdubrTL8vWKHHsLtYrWQh_nN05S3","device_id":"D","user_id":"@alice:example.com"}"#);
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert!(is_active(&app, &token).await);
    let bound = "SELECT 'x' FROM sessions s JOIN browser_sessions b ON b.id = s.browser_session_id";
    assert_eq!(app.database.texts(bound).await.len(), 1);
    let said = "SELECT kind FROM audit_events WHERE kind IN ('consent_given', 'session_started') ORDER BY id";
    assert_eq!(app.database.texts(said).await.len(), 2);
}

#[tokio::test]
async fn the_redirect_leads_to_our_page_and_carries_the_action() {
    let app = TestApp::new().await;
    let at = |path: &str, query: &str| {
        format!("/_matrix/client/v3/login/sso/redirect{path}?redirectUrl=a%3Ab{query}")
    };
    let action = |action: &str| format!("?action={action}&org.matrix.msc3824.action={action}");
    for (path, expected) in [
        (at("", ""), String::new()),
        (at("/", ""), String::new()),
        (at("/oidc-anything", ""), String::new()),
        (at("", "&action=login"), action("login")),
        (at("", "&action=register"), action("register")),
        (at("", "&org.matrix.msc3824.action=register"), action("register")),
        (at("", "&action=x&org.matrix.msc3824.action=login"), action("login")),
        (at("", "&action=login&org.matrix.msc3824.action=register"), action("login")),
        (at("", "&action=%22%3E"), String::new()),
    ] {
        let answer = app.anonymous().get(&path).await;
        let location = answer.header("location");
        let (page, rest) = location.split_at("https://auth.example.com/complete-compat-sso/".len());
        assert_eq!((answer.status.as_u16(), page), (303, "https://auth.example.com/complete-compat-sso/"));
        assert_eq!(rest[26..], expected, "{path}");
    }
}

#[tokio::test]
async fn nobody_is_sent_to_what_is_no_app() {
    let app = TestApp::with(|settings| {
        settings.sso_redirects =
            Some(vec!["https://chat.example.org/".parse().unwrap(), "io.element:".parse().unwrap()]);
    })
    .await;
    redirect(&app, "https://chat.example.org/any").await;
    for bad in
        ["javascript:alert(1)", "data:text/html,x", "/here", "", "https://", "https://a@chat.example.org/"]
    {
        assert_eq!(redirect(&app, bad).await.status.as_u16(), 400, "{bad}");
    }
    assert_eq!(
        problem(&redirect(&app, "https://chat.example.org.evil.test/").await),
        refused(400, "M_INVALID_PARAM")
    );
    assert_eq!(redirect(&app, "io.element:/x").await.status.as_u16(), 303);
    let path = "/_matrix/client/v3/login/sso/redirect";
    assert_eq!(problem(&app.anonymous().get(path).await), refused(400, "M_MISSING_PARAM"));
    let twice = app.anonymous().get(&format!("{path}?redirectUrl=a:b&redirectUrl=c:d")).await;
    assert_eq!(problem(&twice), refused(400, "M_INVALID_PARAM"));
    assert_eq!(app.database.texts("SELECT redirect_uri FROM compat_sso_logins").await.len(), 2);
}

#[tokio::test]
async fn people_are_asked_each_time() {
    let app = with_alice().await;
    let mut browser = signed_in(&app, "alice").await;
    for _ in 0..2 {
        let page = browser.get(&page_of(&app, APP).await).await.ok();
        assert!(page.has_form(PAGE), "{page}");
        browser.submit(&page, PAGE, &[]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_exchanges_at_once_exactly_one_wins() {
    let app = with_alice().await;
    let token = approved(&app, "alice").await;
    let answers = futures_util::future::join_all((0..100).map(|_| attempt(&app, by_token(&token)))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status.is_success());
    assert_eq!((won.len(), lost.len()), (1, 99));
    for answer in lost {
        assert_eq!(problem(answer), refused(403, "M_FORBIDDEN"));
    }
    assert_eq!(active_sessions(&app).await.len(), 1);
}

#[tokio::test]
async fn a_token_is_good_for_thirty_seconds_and_once() {
    let app = with_alice().await;
    let token = approved(&app, "alice").await;
    app.clock.advance(seconds(31));
    assert_eq!(problem(&attempt(&app, by_token(&token)).await), refused(403, "M_FORBIDDEN"));
    let token = approved(&app, "alice").await;
    app.clock.advance(seconds(30));
    log_in(&app, by_token(&token)).await;
    assert_eq!(problem(&attempt(&app, by_token(&token)).await), refused(403, "M_FORBIDDEN"));
    for wrong in ["", "x", &"x".repeat(32), &token[1..], &format!("{token}0"), "\0"] {
        assert_eq!(problem(&attempt(&app, by_token(wrong)).await), refused(403, "M_FORBIDDEN"), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_token_dies_with_the_browser_session_and_the_account() {
    let app = with_alice().await;
    for (ending, expected) in [
        ("UPDATE browser_sessions SET finished_at = 1", refused(403, "M_FORBIDDEN")),
        ("UPDATE users SET deactivated_at = 1", refused(403, "M_FORBIDDEN")),
        ("UPDATE users SET deactivated_at = 1, locked_at = 1", refused(403, "M_FORBIDDEN")),
        ("UPDATE users SET locked_at = 1", refused(401, "M_USER_LOCKED")),
    ] {
        let token = approved(&app, "alice").await;
        app.database.execute(ending).await;
        assert_eq!(problem(&attempt(&app, by_token(&token)).await), expected, "{ending}");
        app.database.execute("UPDATE users SET deactivated_at = NULL, locked_at = NULL").await;
    }
}

#[tokio::test]
async fn pressing_twice_gives_the_same_token_and_nobody_else_gets_it() {
    let app = with_alice().await;
    app.user_with_password("mallory", PASSWORD).await;
    let mut browser = signed_in(&app, "alice").await;
    let path = page_of(&app, APP).await;
    let page = browser.get(&path).await.ok();
    let mut other = signed_in(&app, "mallory").await;
    let others = other.get(&path).await.ok();
    let token = token_in(&browser.submit(&page, PAGE, &[]).await);
    assert_eq!(token_in(&browser.submit(&page, PAGE, &[]).await), token);
    for page in [other.submit(&others, PAGE, &[]).await, other.get(&path).await, browser.get(&path).await] {
        assert_eq!(page.status.as_u16(), 200);
        assert!(page.body.contains("already used"), "{page}");
        assert_eq!(page.link("Go back to"), "https://chat.example.org/");
    }
    log_in(&app, by_token(&token)).await;
    assert!(browser.submit(&page, PAGE, &[]).await.body.contains("already used"));
}

#[tokio::test]
async fn a_request_waits_for_half_an_hour() {
    let app = with_alice().await;
    let mut browser = signed_in(&app, "alice").await;
    let path = page_of(&app, APP).await;
    app.clock.advance(seconds(30 * 60));
    let page = browser.get(&path).await.ok();
    assert!(page.has_form(PAGE));
    app.clock.advance(seconds(1));
    for late in [browser.submit(&page, PAGE, &[]).await, browser.get(&path).await] {
        assert_eq!(late.status.as_u16(), 200);
        assert!(late.body.contains("expired") && !late.has_form(PAGE), "{late}");
    }
    for unknown in ["/complete-compat-sso/01KYYK41G0RG3ES0ACEAMBH2ZR", "/complete-compat-sso/x"] {
        assert_eq!(browser.get(unknown).await.status.as_u16(), 404, "{unknown}");
    }
}

#[tokio::test]
async fn a_form_that_is_not_ours_agrees_to_nothing() {
    let app = with_alice().await;
    app.user_with_password("bob", PASSWORD).await;
    let mut browser = signed_in(&app, "alice").await;
    let page = browser.get(&page_of(&app, APP).await).await.ok();
    for forged in [("csrf", "x"), ("csrf", ""), ("account", "@bob:example.com")] {
        let answer = browser.submit(&page, PAGE, &[forged]).await;
        assert_eq!(answer.status.as_u16(), 400, "{forged:?}");
        assert!(answer.has_form(PAGE), "it asks again");
    }
    token_in(&browser.submit(&page, PAGE, &[]).await);
}

#[tokio::test]
async fn another_account_comes_back_to_the_question() {
    let app = with_alice().await;
    app.user_with_password("bob", PASSWORD).await;
    let mut browser = signed_in(&app, "alice").await;
    let page = browser.get(&page_of(&app, APP).await).await.ok();
    let page = browser.submit(&page, "/logout", &[]).await;
    let page = browser.submit(&page, "/login", &[("username", "bob"), ("password", PASSWORD)]).await;
    assert!(page.body.contains("@bob:example.com"), "{page}");
    let token = token_in(&browser.submit(&page, PAGE, &[]).await);
    assert_eq!(log_in(&app, by_token(&token)).await.user_id, "@bob:example.com");
}

#[tokio::test]
async fn stopped_accounts_are_told_so_and_can_use_another_one() {
    let app = with_alice().await;
    let mut browser = signed_in(&app, "alice").await;
    let path = page_of(&app, APP).await;
    app.database.execute("UPDATE users SET locked_at = 1").await;
    let page = browser.get(&path).await;
    assert!(page.status.is_success() && page.body.contains("This account is locked"), "{page}");
    assert!(
        page.hidden("/logout")
            .iter()
            .any(|(name, value)| name == "kind" && value == "continue_compat_sso_login")
    );
}

#[tokio::test]
async fn the_policy_is_asked_at_the_page() {
    let app = TestApp::with(|settings| {
        settings.session_limit = Some(SessionLimit {
            soft_limit: 1,
            hard_limit: 2,
            max_session_threshold: None,
            dangerous_hard_limit_eviction: false,
        });
    })
    .await;
    app.user_with_password("alice", PASSWORD).await;
    let mut browser = signed_in(&app, "alice").await;
    let token = agreed(&app, &mut browser, "alice").await;
    let path = page_of(&app, APP).await;
    let asked = browser.get(&path).await.ok();
    log_in(&app, by_token(&token)).await;
    for page in [browser.get(&path).await, browser.submit(&asked, PAGE, &[]).await] {
        assert_eq!(page.status.as_u16(), 403);
        assert!(page.body.contains("Sign out one device"), "{page}");
    }
}

/// A refusal at the exchange leaves the token as it was.
#[tokio::test]
async fn a_token_survives_a_refusal_of_the_policy() {
    let app = TestApp::with(|settings| {
        settings.policy = json!({ "requester": { "banned_ips": ["203.0.113.7"] } });
    })
    .await;
    app.user_with_password("alice", PASSWORD).await;
    let token = approved(&app, "alice").await;
    let request = app.anonymous().post("/_matrix/client/v3/login").json(&by_token(&token));
    let answer = request.header("x-forwarded-for", "203.0.113.7").await;
    assert_eq!(problem(&answer), refused(403, "M_FORBIDDEN"));
    log_in(&app, by_token(&token)).await;
}

#[tokio::test]
async fn logins_go_after_a_week_and_those_that_nobody_answers_after_a_day() {
    let app = with_alice().await;
    app.plan_jobs().await;
    page_of(&app, APP).await;
    log_in(&app, by_token(&approved(&app, "alice").await)).await;
    let count = async || app.database.texts("SELECT redirect_uri FROM compat_sso_logins").await.len();
    for (time, left) in [(23, 2), (2, 1), (6 * 24 - 2, 1), (2, 0)] {
        app.clock.advance(Duration::from_secs(time * 3600));
        app.plan_jobs().await;
        app.run_jobs().await;
        assert_eq!(count().await, left);
    }
    assert_eq!(active_sessions(&app).await.len(), 1);
}
