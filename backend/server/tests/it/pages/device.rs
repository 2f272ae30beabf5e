//! Letting a device in: typing its code, being warned, deciding.

use domain::policy::SessionLimit;
use serde_json::json;
use testkit::{Browser, ClientKind::*, PASSWORD, TestApp, TestClient};

use super::signed_in;
use crate::oauth::{refused, seconds};

const SCOPE: &str = "openid urn:matrix:client:api:* urn:matrix:client:device:DEV1CE0001";

/// Device code and user code.
async fn codes(client: &TestClient, scope: &str) -> (String, String) {
    let body = client.ask_for_codes(scope).await.ok().json();
    let [device, user] = ["device_code", "user_code"].map(|name| body[name].as_str().unwrap().to_owned());
    (device, user)
}

/// Alice, and a device that waits for her.
async fn waiting(change: impl FnOnce(&mut testkit::Settings)) -> (TestApp, TestClient, (String, String)) {
    let app = TestApp::with(change).await;
    app.user_with_password("alice", PASSWORD).await;
    let client = app.device_client(Public).await;
    let codes = codes(&client, SCOPE).await;
    (app, client, codes)
}

async fn typed(browser: &mut Browser, code: &str) -> testkit::Answer {
    let page = browser.get("/link").await.ok();
    browser.submit(&page, "/link", &[("code", code)]).await
}

#[tokio::test]
async fn a_code_is_taken_however_it_is_typed() {
    let (app, _client, (_, code)) = waiting(|_| {}).await;
    let dashed = format!(" {}-{} ", &code[..3], code[3..].to_lowercase());
    for typed_as in [code.clone(), code.to_lowercase(), dashed] {
        let page = typed(&mut app.browser(), &typed_as).await;
        assert!(page.has_form("/login?kind=continue_device_code_grant&id="), "{typed_as}: {page}");
    }
}

#[tokio::test]
async fn what_is_no_code_is_said_at_the_field_and_kept() {
    let (app, _client, (_, code)) = waiting(|_| {}).await;
    for (wrong, says) in [
        ("", "Type the code that the device shows."),
        ("BCD", "A code has six letters and digits."),
        ("BCD3GA", "A code has six letters and digits."),
        ("<b>\"'", "A code has six letters and digits."),
        (if code == "BCD3GX" { "BCD3GZ" } else { "BCD3GX" }, "No device is waiting with this code."),
    ] {
        let page = typed(&mut app.browser(), wrong).await;
        assert_eq!(page.status.as_u16(), 200);
        assert!(page.body.contains(says), "{wrong}: {page}");
        assert!(page.body.contains("aria-invalid=\"true\"") && !page.body.contains("<b>\"'"), "{page}");
    }
}

#[tokio::test]
async fn settled_and_expired_codes_look_like_unknown_ones() {
    let (app, client, (_, granted)) = waiting(|_| {}).await;
    let ((_, rejected), (_, expired)) = (codes(&client, SCOPE).await, codes(&client, SCOPE).await);
    let mut browser = app.browser();
    app.let_in(&mut browser, "alice", &granted).await.ok();
    let page = app.asked_for_device(&mut browser, "alice", &rejected).await;
    let page = browser.submit(&page, "/device/", &[("action", "reject")]).await.ok();
    assert!(page.body.contains("You refused"), "{page}");
    app.clock.advance(seconds(20 * 60 + 1));
    for code in [granted, rejected, expired] {
        let page = typed(&mut browser, &code).await;
        assert!(page.body.contains("No device is waiting with this code."), "{page}");
    }
}

#[tokio::test]
async fn an_address_may_try_so_often_and_no_more() {
    let (app, _client, (_, code)) = waiting(|settings| settings.typed_codes = (2, 1.0 / 60.0)).await;
    let mut browser = app.browser();
    browser.address = Some("192.0.2.1".into());
    for _ in 0..2 {
        assert_eq!(typed(&mut browser, "BBBBBB").await.status.as_u16(), 200);
    }
    assert_eq!(typed(&mut browser, "BBB").await.status.as_u16(), 200, "what is no code is no try");
    let page = typed(&mut browser, &code).await;
    assert_eq!((page.status.as_u16(), page.header("retry-after")), (429, "61"));
    assert!(page.body.contains("There were too many tries. Wait a minute"), "{page}");
    let mut other = app.browser();
    other.address = Some("192.0.2.2".into());
    assert!(typed(&mut other, &code).await.has_form("/login"));
    app.clock.advance(seconds(60));
    assert!(typed(&mut browser, &code).await.has_form("/login"));
}

/// A browser behind this address.
fn at(app: &TestApp, address: &str) -> Browser {
    let mut browser = app.browser();
    browser.address = Some(address.to_owned());
    browser
}

#[tokio::test]
async fn many_addresses_guess_no_better_than_one() {
    let (app, _client, (_, code)) = waiting(|_| {}).await;
    for provider in 1..=120 {
        let page = typed(&mut at(&app, &format!("{provider}.0.2.1")), "BBBBBB").await;
        assert_eq!(page.status.as_u16(), 200, "{provider}");
    }
    let mut latecomer = at(&app, "192.0.2.1");
    assert_eq!(typed(&mut latecomer, &code).await.status.as_u16(), 429);
    // Whom the service knows is not held up by strangers.
    let mut known = signed_in(&app, "alice").await;
    assert!(typed(&mut known, &code).await.has_form("/device/"));
    app.clock.advance(seconds(1));
    assert!(typed(&mut latecomer, &code).await.has_form("/login"));
}

/// Whoever is quick enough to ask before the first answer is there.
#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_the_same_time_count_like_those_one_after_the_other() {
    let (app, _client, (_, code)) = waiting(|_| {}).await;
    let mut guesser = app.browser();
    let page = guesser.get("/link").await;
    let guesses: Vec<_> = (0..100)
        .map(|network| {
            let (mut browser, page) = (guesser.clone(), page.clone());
            browser.address = Some(format!("2001:db8:1:{network:x}::1"));
            tokio::spawn(async move { browser.submit(&page, "/link", &[("code", "BBBBBB")]).await })
        })
        .collect();
    let mut looked_up = 0;
    for guess in guesses {
        looked_up += u32::from(guess.await.unwrap().status.as_u16() == 200);
    }
    assert_eq!(looked_up, 30, "a /48 has thirty at once");
    // A right code costs nothing.
    for _ in 0..40 {
        assert!(typed(&mut at(&app, "2001:db8:2::1"), &code).await.has_form("/login"));
    }
}

/// Whoever has a /48 has 65,536 networks of the size that an address stands for.
#[tokio::test]
async fn one_large_network_cannot_keep_others_from_typing_their_codes() {
    let (app, _client, (_, code)) = waiting(|_| {}).await;
    let mut refused = 0;
    for network in 0..200 {
        let page = typed(&mut at(&app, &format!("2001:db8:1:{network:x}::1")), "BBBBBB").await;
        refused += u32::from(page.status.as_u16() == 429);
    }
    assert_eq!(refused, 170, "a /48 has thirty at once");
    for site in 2..200 {
        typed(&mut at(&app, &format!("2001:db8:{site:x}::1")), "BBBBBB").await;
    }
    let page = typed(&mut at(&app, "2001:db8:ffff::1"), &code).await;
    assert_eq!(page.status.as_u16(), 429, "and a /32 has sixty");
    assert!(typed(&mut at(&app, "2001:db9::1"), &code).await.has_form("/login"), "others are not held up");
}

/// Some page could otherwise use up its visitors' tries.
#[tokio::test]
async fn a_link_that_is_loaded_and_not_gone_to_is_no_try() {
    let (app, _client, (_, code)) = waiting(|settings| {
        settings.device_grant.auto_fill = true;
        settings.typed_codes = (1, 1.0 / 60.0);
    })
    .await;
    let path = format!("/link?code={code}");
    for (name, value) in [
        ("sec-fetch-dest", "image"),
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-dest", "empty"),
        ("sec-purpose", "prefetch"),
    ] {
        let answer = app.anonymous().get(&path).header(name, value).await;
        assert!(answer.has_form("/link") && !answer.body.contains(&code), "{name}: {value}: {answer}");
    }
    let answer = app.anonymous().get(&path).header("sec-fetch-dest", "document").await;
    assert!(answer.header("location").starts_with("/device/"), "{answer}");
    assert_eq!(app.anonymous().get(&path).await.status.as_u16(), 429, "that one was the only one");
}

#[tokio::test]
async fn a_link_fills_the_code_in_only_where_the_operator_wants_it() {
    for auto_fill in [true, false] {
        let (app, _client, (_, code)) = waiting(|settings| settings.device_grant.auto_fill = auto_fill).await;
        let page = app.browser().get(&format!("/link?code={}", code.to_lowercase())).await.ok();
        assert_eq!((page.has_form("/login"), page.has_form("/link")), (auto_fill, !auto_fill));
        assert!(auto_fill || !page.body.contains(&code), "{page}");
    }
}

#[tokio::test]
async fn the_page_tells_who_asks_and_warns() {
    let (app, client, _) = waiting(|_| {}).await;
    let request = client.caller.post("/oauth2/device").form([("scope", SCOPE)]);
    let request = request.header("x-forwarded-for", "192.0.2.77");
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    let body = request.header("user-agent", agent).await.ok().json();
    app.clock.advance(seconds(125));
    let code = body["user_code"].as_str().unwrap();
    let page = app.asked_for_device(&mut app.browser(), "alice", code).await.ok();
    for expected in [
        "Firefox for Linux",
        "192.0.2.77",
        "2 minutes ago",
        code,
        "Go on only if you started this",
        "App",
        "DEV1CE0001",
    ] {
        assert!(page.body.contains(expected), "{expected}: {page}");
    }
}

#[tokio::test]
async fn what_a_device_says_of_itself_is_only_text() {
    let (app, client, _) = waiting(|_| {}).await;
    let request = client.caller.post("/oauth2/device").form([("scope", SCOPE)]);
    let body =
        request.header("user-agent", "<script>alert(1)</script>/1 (<b>x</b>; Android 16)").await.ok().json();
    let code = body["user_code"].as_str().unwrap();
    let page = app.asked_for_device(&mut app.browser(), "alice", code).await.ok();
    assert!(!page.body.contains("<script>alert") && !page.body.contains("<b>x"), "{page}");
}

#[tokio::test]
async fn nothing_is_let_in_without_the_tick_or_by_a_foreign_form() {
    let (app, client, (device, code)) = waiting(|_| {}).await;
    let mut browser = app.browser();
    let page = app.asked_for_device(&mut browser, "alice", &code).await.ok();
    let unticked = browser.submit(&page, "/device/", &[("action", "consent")]).await;
    assert_eq!(unticked.status.as_u16(), 400);
    assert!(unticked.body.contains("Tick the box if the device is yours."), "{unticked}");
    for csrf in ["", "x", &"A".repeat(43)] {
        let fields = [("csrf", csrf), ("action", "consent"), ("confirm_device", "yes")];
        let answer = browser.clone().submit(&page, "/device/", &fields).await;
        assert_eq!(answer.status.as_u16(), 400, "{csrf}");
    }
    let odd = browser.submit(&page, "/device/", &[("action", "nonsense"), ("confirm_device", "yes")]).await;
    assert_eq!(odd.status.as_u16(), 400);
    assert_eq!(client.poll(&device).await.refusal(), refused(403, "authorization_pending"));
    let link = browser.get("/link").await;
    let foreign = browser.submit(&link, "/link", &[("csrf", "x"), ("code", &code)]).await;
    assert_eq!(foreign.status.as_u16(), 400);
    assert!(foreign.body.contains(&code), "what was typed is kept: {foreign}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_decisions_at_once_one_counts() {
    let (app, client, (device, code)) = waiting(|_| {}).await;
    let mut browser = app.browser();
    let page = app.asked_for_device(&mut browser, "alice", &code).await.ok();
    let tasks: Vec<_> = (0..100)
        .map(|turn| {
            let (mut browser, page) = (browser.clone(), page.clone());
            let action = if turn % 2 == 0 { "consent" } else { "reject" };
            tokio::spawn(async move {
                browser.submit(&page, "/device/", &[("action", action), ("confirm_device", "yes")]).await.body
            })
        })
        .collect();
    let mut granted = Vec::new();
    for task in tasks {
        granted.push(task.await.unwrap().contains("Your device is signed in"));
    }
    assert!(granted.iter().all(|one| *one == granted[0]), "everybody sees the same end");
    assert_eq!(client.poll(&device).await.status.is_success(), granted[0]);
    let settled = "SELECT kind FROM audit_events WHERE kind IN ('consent_given', 'consent_refused')";
    assert_eq!(app.database.texts(settled).await.len(), 1);
}

#[tokio::test]
async fn a_settled_request_shows_how_it_ended() {
    let (app, client, (device, code)) = waiting(|_| {}).await;
    let mut browser = app.browser();
    let page = app.asked_for_device(&mut browser, "alice", &code).await.ok();
    let fields = [("action", "consent"), ("confirm_device", "yes")];
    browser.submit(&page, "/device/", &fields).await.ok();
    for fields in [&fields[..], &[("action", "reject")]] {
        let again = browser.submit(&page, "/device/", fields).await.ok();
        assert!(
            again.body.contains("Your device is signed in") && again.body.contains("You can close this page")
        );
    }
    client.poll(&device).await.tokens();
    let again = browser.submit(&page, "/device/", &fields).await.ok();
    assert!(again.body.contains("Your device is signed in"), "{again}");
}

#[tokio::test]
async fn dead_ends_lead_to_where_a_code_is_typed() {
    let (app, _client, (_, code)) = waiting(|_| {}).await;
    let mut browser = app.browser();
    let page = app.asked_for_device(&mut browser, "alice", &code).await.ok();
    app.clock.advance(seconds(20 * 60 + 1));
    let late = browser.submit(&page, "/device/", &[("action", "consent"), ("confirm_device", "yes")]).await;
    assert_eq!(late.status.as_u16(), 410);
    let unknown = browser.get("/device/01JD8Z0V5M3T6W8Y2A4C6E8G0J").await;
    let malformed = browser.get("/device/nonsense").await;
    assert_eq!((unknown.status.as_u16(), malformed.status.as_u16()), (404, 404));
    for page in [late, unknown, malformed] {
        assert!(page.body.contains("href=\"&#x2f;link\"") || page.body.contains("href=\"/link\""), "{page}");
    }
}

#[tokio::test]
async fn the_policy_is_asked_when_the_page_shows_and_when_it_is_sent() {
    let (app, client, _) = waiting(|_| {}).await;
    let (device, code) = codes(&client, "urn:synapse:admin:* urn:matrix:client:api:*").await;
    let mut browser = app.browser();
    let page = app.asked_for_device(&mut browser, "alice", &code).await.ok();
    assert!(page.body.contains("is not allowed here") && !page.has_form("/device/"), "{page}");

    app.database.execute("UPDATE users SET can_request_admin = TRUE").await;
    let page = app.asked_for_device(&mut browser, "alice", &code).await.ok();
    assert!(page.body.contains("asks for control over all of"), "{page}");
    app.database.execute("UPDATE users SET can_request_admin = FALSE").await;
    let sent = browser.submit(&page, "/device/", &[("action", "consent"), ("confirm_device", "yes")]).await;
    assert!(sent.body.contains("is not allowed here"), "{sent}");
    assert_eq!(client.poll(&device).await.refusal(), refused(403, "authorization_pending"));
}

#[tokio::test]
async fn who_has_too_many_sessions_is_told_how_many_to_end() {
    let limit = SessionLimit {
        soft_limit: 1,
        hard_limit: 10,
        max_session_threshold: None,
        dangerous_hard_limit_eviction: false,
    };
    let (app, client, (device, code)) = waiting(|settings| settings.session_limit = Some(limit)).await;
    let mut browser = app.browser();
    app.let_in(&mut browser, "alice", &code).await.ok();
    let tokens = client.poll(&device).await.tokens();
    let (device, code) = codes(&client, "openid").await;
    let page = app.asked_for_device(&mut browser, "alice", &code).await.ok();
    assert!(
        page.body.contains("You have too many devices") && page.body.contains("Sign out one device"),
        "{page}"
    );
    let other = app.client(Public).await;
    let consent = browser.get(&app.authorization(&other).path()).await;
    assert!(consent.body.contains("You have too many devices"), "{consent}");

    client.revoke(&tokens.refresh_token).await.ok();
    app.run_jobs().await;
    app.let_in(&mut browser, "alice", &code).await.ok();
    client.poll(&device).await.tokens();
}

#[tokio::test]
async fn whom_the_device_expects_is_suggested_at_sign_in() {
    let (app, client, _) = waiting(|_| {}).await;
    let fields = [("scope", SCOPE), ("login_hint", "mxid:@alice:example.com")];
    let body = client.caller.post("/oauth2/device").form(fields).await.ok().json();
    let page = typed(&mut app.browser(), body["user_code"].as_str().unwrap()).await;
    assert!(page.body.contains("value=\"alice\"") && page.body.contains("App"), "{page}");
}

#[tokio::test]
async fn another_account_comes_back_to_the_device() {
    let (app, client, (device, code)) = waiting(|_| {}).await;
    app.user_with_password("bob", PASSWORD).await;
    let mut browser = app.browser();
    let page = app.asked_for_device(&mut browser, "alice", &code).await.ok();
    let page = browser.submit(&page, "/logout", &[]).await;
    let page = browser.submit(&page, "/login", &[("username", "bob"), ("password", PASSWORD)]).await.ok();
    browser.submit(&page, "/device/", &[("action", "consent"), ("confirm_device", "yes")]).await.ok();
    let tokens = client.poll(&device).await.tokens();
    assert_eq!(client.userinfo(&tokens).await.ok().json()["username"], json!("bob"));
}
