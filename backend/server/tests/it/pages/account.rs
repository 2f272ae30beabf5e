//! Where apps send people to look after their account (MSC4191).

use testkit::{PASSWORD, TestApp};

#[tokio::test]
async fn what_somebody_was_sent_for_outlasts_the_sign_in() {
    let app = TestApp::new().await;
    app.user_with_password("alice", PASSWORD).await;
    for (query, kept, page) in [
        ("", "kind=manage_account", None),
        ("?action=org.matrix.profile", "kind=manage_account&action=org.matrix.profile", None),
        (
            "?action=org.matrix.session_end&device_id=DEV%2F1",
            "kind=manage_account&action=org.matrix.device_delete&device_id=DEV%2F1",
            Some("/account/devices/DEV%2F1"),
        ),
        (
            "?action=sessions_list",
            "kind=manage_account&action=org.matrix.devices_list",
            Some("/account/sessions"),
        ),
        (
            "?action=org.matrix.account_deactivate",
            "kind=manage_account&action=org.matrix.account_deactivate",
            Some("/account/delete-account"),
        ),
        (
            "?action=org.matrix.cross_signing_reset",
            "kind=manage_account&action=org.matrix.cross_signing_reset",
            Some("/account/reset-cross-signing?deepLink=true"),
        ),
        ("?action=https://evil.example/&device_id=x", "kind=manage_account", None),
    ] {
        let caller = app.anonymous();
        let sent = caller.get(&format!("/account/{query}")).await;
        assert_eq!(
            (sent.status.as_u16(), sent.header("location")),
            (303, &*format!("/login?{kept}")),
            "{query}"
        );

        let mut browser = app.browser();
        let form = browser.get(&format!("/account/{query}")).await;
        assert!(form.body.contains("look after your account"), "what one signs in for: {form}");
        browser.redirects.clear();
        let shown = browser.submit(&form, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
        let action = kept.trim_start_matches("kind=manage_account").replacen('&', "?", 1);
        let steps: Vec<_> =
            [format!("/account/{action}")].into_iter().chain(page.map(str::to_owned)).collect();
        assert_eq!(browser.redirects, steps, "{query}");
        assert!(shown.body.contains("id=\"root\""), "the app: {shown}");
    }
}

#[tokio::test]
async fn whom_the_app_expects_is_suggested() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let hint = "org.matrix.msc4198.login_hint=mxid%3A%40alice%3Aexample.com";
    let form = browser.get(&format!("/account/?action=org.matrix.profile&{hint}")).await;
    assert!(form.body.contains("value=\"alice\""), "{form}");
    let form = browser.get(&format!("/account?{hint}")).await;
    assert!(form.body.contains("value=\"alice\""), "{form}");
    let elsewhere =
        browser.get("/account/?org.matrix.msc4198.login_hint=mxid%3A%40alice%3Aevil.example").await;
    assert!(!elsewhere.body.contains("value=\"alice\""), "{elsewhere}");
}
