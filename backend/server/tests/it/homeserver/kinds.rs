//! `matrix.kind`, besides Synapse's usual interface and its older one.

use domain::homeserver::{Availability, Provisioning};
use kernel::config::HomeserverKind;
use testkit::TestApp;

use super::sign_in;
use crate::oauth::{refused, seconds};

#[tokio::test]
async fn a_trial_changes_nothing_on_the_homeserver() {
    let mut app = TestApp::new().await;
    let user = app.user("alice").await;
    app.restart(|settings| settings.homeserver = HomeserverKind::SynapseReadOnly).await;
    let link = &app.parts().homeserver;

    let refusal = link.provision_user("alice", &Provisioning::default()).await.unwrap_err();
    assert!(refusal.public.contains("read-only"), "{refusal}");
    link.upsert_device("alice", "DEV", None).await.unwrap_err();
    link.rename_device("alice", "DEV", "name").await.unwrap_err();
    link.delete_device("alice", "DEV").await.unwrap_err();
    link.sync_devices("alice", &[]).await.unwrap_err();
    link.set_display_name("alice", Some("Alice")).await.unwrap_err();
    link.delete_user("alice", true).await.unwrap_err();
    link.reactivate_user("alice").await.unwrap_err();
    link.allow_cross_signing_reset("alice").await.unwrap_err();
    assert_eq!(app.homeserver.called(), [""; 0]);

    assert!(link.query_user("alice", seconds(5)).await.unwrap().is_some());
    assert_eq!(link.availability("alice").await.unwrap(), Availability::Unavailable);
    assert_eq!(app.homeserver.called(), ["query_user", "is_localpart_available"]);

    let client = app.client(testkit::ClientKind::Public).await;
    let code = app.authorization(&client).agreed_by(user).await;
    assert_eq!(client.exchange(&code).await.refusal(), refused(503, "temporarily_unavailable"));
}

#[tokio::test]
async fn without_a_homeserver_there_is_nobody_to_tell() {
    let app = TestApp::with(|settings| settings.homeserver = HomeserverKind::None).await;
    sign_in(&app, "alice").await.ok();
    assert_eq!(app.homeserver.called(), [""; 0]);
    let link = &app.parts().homeserver;
    assert_eq!(link.availability("alice").await.unwrap(), Availability::Available);
    assert_eq!(link.query_user("alice", seconds(5)).await.unwrap(), None);
}
