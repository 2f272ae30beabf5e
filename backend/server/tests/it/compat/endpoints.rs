//! Where the endpoints are, who may call them, and what is not there.

use http::Method;
use insta::assert_snapshot;
use serde_json::json;
use testkit::{PASSWORD, TestApp};

use super::{by_password, problem, refused};

#[tokio::test]
async fn the_ways_to_log_in() {
    let app = TestApp::new().await;
    let answer = app.anonymous().get("/_matrix/client/v3/login").await;
    assert_snapshot!(answer, @r#"200 {"flows":[{"type":"m.login.password"},{"oauth_aware_preferred":true,"org.matrix.msc3824.delegated_oidc_compatibility":true,"type":"m.login.sso"},{"type":"m.login.token"}]}"#);
    let without = TestApp::with(|settings| settings.passwords = false).await;
    let answer = without.anonymous().get("/_matrix/client/v3/login").await;
    assert_snapshot!(answer, @r#"200 {"flows":[{"oauth_aware_preferred":true,"org.matrix.msc3824.delegated_oidc_compatibility":true,"type":"m.login.sso"},{"type":"m.login.token"}]}"#);
}

#[tokio::test]
async fn every_version_is_answered() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    for version in ["r0", "v1", "v3", "unstable", "anything%20else"] {
        let at = |path: &str| format!("/_matrix/client/{version}/{path}");
        app.anonymous().get(&at("login")).await.ok();
        let answer = app.anonymous().post(&at("login")).json(&by_password("alice")).await.ok();
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        super::bearer(&app, &token).post(&at("logout")).await.ok();
        let answer = app.anonymous().post(&at("refresh")).json(&json!({ "refresh_token": "x" })).await;
        assert_eq!(problem(&answer), refused(401, "M_UNKNOWN_TOKEN"));
    }
    app.run_jobs().await;
}

#[tokio::test]
async fn what_is_not_there_says_so_in_the_apis_own_words() {
    let app = TestApp::new().await;
    for path in [
        "/_matrix",
        "/_matrix/",
        "/_matrix/client/v3/register",
        "/_matrix/client/v1/login/get_token",
        "/_matrix/client/v3/account/whoami",
        "/_matrix/client/v3/login/sso",
        "/_matrix/client/v3/login/sso/redirect/a/b",
        "/_matrix/client/v3/logout/none",
        "/_matrix/client/%FF/login/x",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let answer = app.anonymous().request(method, path).await;
            assert_eq!(problem(&answer), refused(404, "M_UNRECOGNIZED"), "{path}");
        }
    }
    for (method, path) in [
        (Method::PUT, "login"),
        (Method::GET, "logout"),
        (Method::GET, "logout/all"),
        (Method::GET, "refresh"),
        (Method::DELETE, "login"),
        (Method::POST, "login/sso/redirect"),
        (Method::POST, "login/sso/redirect/"),
        (Method::POST, "login/sso/redirect/oidc"),
    ] {
        let answer = app.anonymous().request(method, &format!("/_matrix/client/v3/{path}")).await;
        assert_eq!(problem(&answer), refused(405, "M_UNRECOGNIZED"), "{path}");
    }
}

#[tokio::test]
async fn scripts_of_any_origin_may_call_and_browsers_go_to_the_redirect_themselves() {
    let app = TestApp::new().await;
    for path in ["login", "logout", "logout/all", "refresh", "nothing"] {
        let path = format!("/_matrix/client/v3/{path}");
        let preflight = app.anonymous().request(Method::OPTIONS, &path);
        let preflight = preflight
            .header("origin", "https://app.example.org")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization")
            .await;
        assert_eq!(preflight.status.as_u16(), 200, "{path}");
        assert_eq!(preflight.header("access-control-allow-origin"), "*");
        assert_eq!(preflight.header("access-control-allow-methods"), "*");
        assert_eq!(preflight.header("access-control-max-age"), "3600");
        assert_eq!(preflight.header("access-control-allow-credentials"), "");
        for name in ["authorization", "accept", "content-type", "x-requested-with"] {
            let allowed = preflight.header("access-control-allow-headers");
            assert!(allowed.split(',').any(|one| one == name), "{allowed}");
        }
        let answer = app.anonymous().post(&path).header("origin", "https://app.example.org").await;
        assert!(answer.status.is_client_error(), "{answer}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
    }
    let redirect = app.anonymous().get("/_matrix/client/v3/login/sso/redirect?redirectUrl=a:b");
    let redirect = redirect.header("origin", "https://app.example.org").await;
    assert_eq!(redirect.header("access-control-allow-origin"), "");
}
