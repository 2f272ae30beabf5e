//! Logos of clients, from our own origin.

use serde_json::json;
use testkit::{Answer, ClientKind::*, FakeSite, PASSWORD, REDIRECT_URI, TestApp, TestClient};

use super::seconds;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand what follows";

async fn with_fetching() -> TestApp {
    TestApp::with(|settings| {
        settings.fetch_networks = vec!["127.0.0.0/8".parse().unwrap()];
        settings.policy =
            json!({ "client_registration": { "allow_insecure_uris": true, "allow_host_mismatch": true } });
    })
    .await
}

async fn client(app: &TestApp, logo_uri: &str) -> TestClient {
    let document = json!({
        "client_name": "App", "client_uri": "https://app.example.org/", "redirect_uris": [REDIRECT_URI],
        "token_endpoint_auth_method": "none", "logo_uri": logo_uri,
    });
    let answer = app.anonymous().post("/oauth2/registration").json(&document).await.ok().json();
    app.client_as(Public, answer["client_id"].as_str().unwrap(), "")
}

async fn logo(app: &TestApp, client: &str) -> Answer {
    app.anonymous().get(&format!("/oauth2/clients/{client}/logo")).await
}

#[tokio::test]
async fn a_picture_is_fetched_once_and_can_do_nothing() {
    let (app, site) = (with_fetching().await, FakeSite::start().await);
    // The site's own word for it does not count.
    site.serve("/logo", 200, &[("content-type", "text/html"), ("set-cookie", "a=b"), ("refresh", "0")], PNG);
    let client = client(&app, site.url("/logo").as_str()).await;
    assert_eq!(site.hits("/logo"), 0, "registering fetches nothing");
    for _ in 0..3 {
        let answer = logo(&app, &client.id).await.ok();
        for (name, value) in [
            ("content-type", "image/png"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("cross-origin-resource-policy", "same-origin"),
            ("set-cookie", ""),
            ("refresh", ""),
        ] {
            assert_eq!(answer.header(name), value, "{name}");
        }
    }
    assert_eq!(site.hits("/logo"), 1);
    app.clock.advance(seconds(24 * 3600));
    logo(&app, &client.id).await.ok();
    assert_eq!(site.hits("/logo"), 2);
}

#[tokio::test]
async fn what_is_no_picture_is_not_passed_on() {
    let (app, site) = (with_fetching().await, FakeSite::start().await);
    let png = [("content-type", "image/png")];
    site.serve("/svg", 200, &png, "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");
    site.serve("/html", 200, &png, "<script>alert(1)</script>");
    site.serve("/empty", 200, &png, "");
    site.serve("/long", 200, &png, [PNG, &vec![0; 300_000]].concat());
    site.serve("/moved", 302, &[("location", "/logo")], PNG);
    site.serve("/fails", 500, &png, PNG);
    site.serve("/logo", 200, &png, PNG);
    for path in ["/svg", "/html", "/empty", "/long", "/moved", "/fails", "/missing"] {
        let client = client(&app, site.url(path).as_str()).await;
        for _ in 0..3 {
            let answer = logo(&app, &client.id).await;
            assert_eq!((answer.status.as_u16(), answer.body.as_str()), (404, ""), "{path}");
        }
        assert_eq!(site.hits(path), 1, "{path}");
    }
    assert_eq!(site.hits("/logo"), 0);
    for nobody in [&app.client(Public).await.id, "01K2F2DKG0M9S346Q3D25VT4F5", "x", "..%2f"] {
        assert_eq!(logo(&app, nobody).await.status.as_u16(), 404, "{nobody}");
    }
}

#[tokio::test]
async fn nothing_beside_us_is_asked_for_a_logo() {
    let app = TestApp::with(|settings| {
        settings.policy =
            json!({ "client_registration": { "allow_insecure_uris": true, "allow_host_mismatch": true } });
    })
    .await;
    let site = FakeSite::start().await;
    site.serve("/logo", 200, &[], PNG);
    let client = client(&app, site.url("/logo").as_str()).await;
    assert_eq!(logo(&app, &client.id).await.status.as_u16(), 404);
    assert_eq!(site.hits("/logo"), 0);
}

#[tokio::test]
async fn people_see_the_logo_or_the_initial() {
    let (app, site) = (with_fetching().await, FakeSite::start().await);
    app.user_with_password("alice", PASSWORD).await;
    site.serve("/logo", 200, &[], PNG);
    let (good, bad) =
        (client(&app, site.url("/logo").as_str()).await, client(&app, site.url("/missing").as_str()).await);
    let mut browser = app.browser();
    let page = browser.get(&app.authorization(&good).path()).await;
    let page = browser.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await.ok();
    let image = format!("<img class=\"tile tile-logo\" src=\"/oauth2/clients/{}/logo\" alt=\"\"", good.id);
    assert!(page.body.replace("&#x2f;", "/").contains(&image), "{page}");
    assert!(!page.body.contains(site.url("/").host_str().unwrap()), "the browser does not ask the site");
    let page = browser.get(&app.authorization(&bad).path()).await.ok();
    assert!(!page.body.contains("tile-logo"), "{page}");
}
