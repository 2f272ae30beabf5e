//! The secret that is shared with the homeserver, and how it is changed.

use testkit::{Credentials, TestApp};

async fn introspect(app: &TestApp, secret: &str) -> u16 {
    let caller = app.caller(Credentials::Bearer(secret.to_owned()));
    caller.post("/oauth2/introspect").form([("token", "nonsense")]).await.status.as_u16()
}

#[tokio::test]
async fn the_former_secret_is_good_while_it_is_configured() {
    let mut app = TestApp::with(|settings| settings.former_homeserver_secret = Some("of old".into())).await;
    assert_eq!(introspect(&app, testkit::HOMESERVER_SECRET).await, 200);
    assert_eq!(introspect(&app, "of old").await, 200);
    for wrong in ["of older", "of ol", "OF OLD"] {
        assert_eq!(introspect(&app, wrong).await, 401, "{wrong}");
    }
    // What goes out is the new one: the fake takes no other.
    super::sign_in(&app, "alice").await.ok();
    app.restart(|settings| settings.former_homeserver_secret = None).await;
    assert_eq!(introspect(&app, "of old").await, 401);
    assert_eq!(introspect(&app, testkit::HOMESERVER_SECRET).await, 200);
}
