//! Synapse's older interface: the requests themselves. That a Synapse takes them is shown in `e2e/`.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use domain::homeserver::{Availability, Endpoint, Homeserver, Link, Provisioning, Surroundings, Upsert};
use edge::Metrics;
use kernel::{Secret, id::UserId};
use testkit::{ManualClock, SeededRandom};
use tokio::net::TcpListener;

use crate::oauth::seconds;

/// Answers in turn what it was told to, and writes down what it was asked.
#[derive(Clone, Default)]
struct Scribe(Arc<Mutex<Desk>>);

#[derive(Default)]
struct Desk {
    /// Status and body, the last one first.
    answers: Vec<(u16, &'static str)>,
    asked: String,
}

impl Scribe {
    fn answers(&self, answers: &[(u16, &'static str)]) {
        self.0.lock().unwrap().answers = answers.iter().rev().copied().collect();
    }

    fn asked(&self) -> String {
        std::mem::take(&mut self.0.lock().unwrap().asked)
    }

    async fn answer(State(scribe): State<Self>, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        assert_eq!(parts.headers["authorization"], "Bearer the admin token");
        assert!(parts.headers["user-agent"].to_str().unwrap().starts_with("latchkey/"));
        let mut known = scribe.0.lock().unwrap();
        let line = format!("{} {} {}", parts.method, parts.uri, String::from_utf8_lossy(&body));
        known.asked.push_str(line.trim_end());
        known.asked.push('\n');
        let (status, body) = known.answers.pop().unwrap_or((200, "{}"));
        (http::StatusCode::from_u16(status).unwrap(), body).into_response()
    }
}

async fn legacy() -> (Homeserver, Scribe) {
    let scribe = Scribe::default();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let base = format!("http://{}/behind/a/proxy", listener.local_addr().unwrap());
    let router = Router::new().fallback(Scribe::answer).with_state(scribe.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let around = Surroundings {
        clock: Arc::<ManualClock>::default(),
        random: Arc::<SeededRandom>::default(),
        meter: Metrics::none().meter(),
    };
    let secret = Secret::new("the admin token".to_owned());
    let link = Link::new(Endpoint { base: base.parse().unwrap(), secret }, around).unwrap();
    (Homeserver::synapse_legacy(link, "example.com"), scribe)
}

#[tokio::test]
async fn people() {
    let (homeserver, scribe) = legacy().await;
    let subject: UserId = "01JD8Z0V5M3T6W8Y2A4C6E8G0J".parse().unwrap();
    scribe.answers(&[(201, "{}")]);
    let emails = ["a@example.com".to_owned()];
    let everything = Provisioning {
        display_name: Some("Alice"),
        emails: Some(&emails),
        locked: true,
        subject: Some(subject),
    };
    homeserver.provision_user("alice", &everything).await.unwrap();
    let nothing = Provisioning { emails: Some(&[]), display_name: Some(""), ..Provisioning::default() };
    homeserver.provision_user("alice", &nothing).await.unwrap();
    homeserver.delete_user("alice", true).await.unwrap();
    homeserver.reactivate_user("alice").await.unwrap();
    homeserver.set_display_name("a/b", Some("Al")).await.unwrap();
    homeserver.set_display_name("alice", None).await.unwrap();
    homeserver.allow_cross_signing_reset("alice").await.unwrap();
    insta::assert_snapshot!(scribe.asked(), @r#"
    PUT /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com {"displayname":"Alice","external_ids":[{"auth_provider":"oauth-delegated","external_id":"01JD8Z0V5M3T6W8Y2A4C6E8G0J"}],"threepids":[{"address":"a@example.com","medium":"email"}]}
    PUT /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com {"displayname":"","threepids":[]}
    POST /behind/a/proxy/_synapse/admin/v1/deactivate/@alice:example.com {"erase":true}
    PUT /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com {"deactivated":false}
    PUT /behind/a/proxy/_matrix/client/v3/profile/@a%2Fb:example.com/displayname {"displayname":"Al"}
    PUT /behind/a/proxy/_matrix/client/v3/profile/@alice:example.com/displayname {"displayname":""}
    POST /behind/a/proxy/_synapse/admin/v1/users/@alice:example.com/_allow_cross_signing_replacement_without_uia {}
    "#);
}

/// A job was quicker between Synapse's look for the user and its making them.
#[tokio::test]
async fn who_was_made_at_the_same_moment_is_made() {
    let (homeserver, scribe) = legacy().await;
    let taken = (400, r#"{"errcode":"M_USER_IN_USE","error":"User ID already taken."}"#);
    scribe.answers(&[taken, (200, "{}")]);
    homeserver.provision_user("alice", &Provisioning::default()).await.unwrap();
    scribe.answers(&[taken, taken]);
    homeserver.provision_user("alice", &Provisioning::default()).await.expect_err("somebody else's");
    assert_eq!(
        scribe.asked(),
        "PUT /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com {}\n".repeat(4)
    );
}

#[tokio::test]
async fn questions() {
    let (homeserver, scribe) = legacy().await;
    let named = r#"{"displayname":"Alice","avatar_url":null,"deactivated":false}"#;
    let unknown = r#"{"errcode":"M_NOT_FOUND","error":"User not found"}"#;
    scribe.answers(&[(200, named), (404, unknown)]);
    let profile = homeserver.query_user("alice", seconds(5)).await.unwrap().unwrap();
    assert_eq!(profile.display_name.as_deref(), Some("Alice"));
    assert_eq!(homeserver.query_user("bob", seconds(5)).await.unwrap(), None);

    let taken = r#"{"errcode":"M_USER_IN_USE","error":"User ID already taken."}"#;
    scribe.answers(&[(200, r#"{"available":true}"#), (200, r#"{"available":false}"#), (400, taken)]);
    for expected in [Availability::Available, Availability::Unavailable, Availability::Unavailable] {
        assert_eq!(homeserver.availability("al+ice").await.unwrap(), expected);
    }
    assert_eq!(homeserver.availability("älice").await.unwrap(), Availability::Unavailable);
    scribe.answers(&[(400, r#"{"errcode":"M_UNKNOWN","error":"?"}"#)]);
    homeserver.availability("alice").await.unwrap_err();
    insta::assert_snapshot!(scribe.asked(), @r#"
    GET /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com
    GET /behind/a/proxy/_synapse/admin/v2/users/@bob:example.com
    GET /behind/a/proxy/_synapse/admin/v1/username_available?username=al%2Bice
    GET /behind/a/proxy/_synapse/admin/v1/username_available?username=al%2Bice
    GET /behind/a/proxy/_synapse/admin/v1/username_available?username=al%2Bice
    GET /behind/a/proxy/_synapse/admin/v1/username_available?username=alice
    "#);
}

#[tokio::test]
async fn devices() {
    let (homeserver, scribe) = legacy().await;
    let unknown = (404, r#"{"errcode":"M_NOT_FOUND"}"#);
    scribe.answers(&[unknown, (201, "{}"), (200, "{}"), (200, "{}"), (201, "{}"), unknown, unknown]);
    assert_eq!(homeserver.upsert_device("alice", "D/1", Some("Name")).await.unwrap(), Upsert::Created);
    assert_eq!(homeserver.upsert_device("alice", "D1", None).await.unwrap(), Upsert::Known);
    assert_eq!(homeserver.upsert_device("nobody", "D1", None).await.unwrap(), Upsert::NoSuchUser);
    homeserver.rename_device("alice", "D1", "Other").await.unwrap();
    homeserver.delete_device("alice", "D1").await.unwrap();
    homeserver.delete_device("alice", "..").await.expect_err("no path can name it");
    insta::assert_snapshot!(scribe.asked(), @r#"
    GET /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com/devices/D%2F1
    POST /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com/devices {"device_id":"D/1"}
    PUT /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com/devices/D%2F1 {"display_name":"Name"}
    GET /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com/devices/D1
    POST /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com/devices {"device_id":"D1"}
    GET /behind/a/proxy/_synapse/admin/v2/users/@nobody:example.com/devices/D1
    POST /behind/a/proxy/_synapse/admin/v2/users/@nobody:example.com/devices {"device_id":"D1"}
    PUT /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com/devices/D1 {"display_name":"Other"}
    DELETE /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com/devices/D1
    "#);

    let list =
        r#"{"total":3,"devices":[{"device_id":"A"},{"device_id":"B"},{"device_id":"K","dehydrated":true}]}"#;
    scribe.answers(&[(200, list)]);
    homeserver.sync_devices("alice", &["B".to_owned(), "C".to_owned()]).await.unwrap();
    scribe.answers(&[(200, list)]);
    assert_eq!(homeserver.devices("alice").await.unwrap(), Some(vec!["A".into(), "B".into()]));
    insta::assert_snapshot!(scribe.asked(), @r#"
    GET /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com/devices
    POST /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com/delete_devices {"devices":["A"]}
    GET /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com/devices/C
    POST /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com/devices {"device_id":"C"}
    GET /behind/a/proxy/_synapse/admin/v2/users/@alice:example.com/devices
    "#);
}
