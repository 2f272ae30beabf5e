//! What each call does on a real Synapse, by either interface. The homeserver needs no service for this; what it does with
//! one is shown in `e2e/`.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use domain::homeserver::{Availability, Endpoint, Homeserver, Link, Provisioning, Surroundings, Upsert};
use edge::Metrics;
use kernel::{Secret, SystemClock, SystemRandom, id::UserId};
use testkit::engine;

use crate::oauth::seconds;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/synapse");
const SECRET: &str = "shared-with-synapse";
const UP_WITHIN: Duration = Duration::from_secs(60);

/// Ends with the test.
struct Synapse {
    process: Child,
    base: String,
    legacy: bool,
    _home: tempfile::TempDir,
}

impl Synapse {
    /// Installs it first, once for all runs on this machine.
    async fn start(legacy: bool) -> Self {
        let home = tempfile::tempdir().unwrap();
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = free.local_addr().unwrap().port().to_string();
        drop(free);
        let folder = home.path().join("synapse").display().to_string();
        let script = |arguments: &[&str]| {
            let mut command = Command::new(SCRIPT);
            command.args(if legacy { &["--legacy"][..] } else { &[] }).args(arguments);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command
        };
        assert!(script(&["install"]).status().unwrap().success(), "Synapse cannot be installed: {SCRIPT}");
        let nobody = "http://127.0.0.1:9/";
        let configured = script(&["configure", &folder, &port, nobody, SECRET]).status();
        assert!(configured.unwrap().success());
        let process = script(&["serve", &folder]).spawn().unwrap();
        let synapse = Self { process, base: format!("http://127.0.0.1:{port}"), legacy, _home: home };
        tokio::time::timeout(UP_WITHIN, synapse.is_up()).await.expect("Synapse starts");
        synapse
    }

    async fn is_up(&self) {
        while !matches!(reqwest::get(format!("{}/health", self.base)).await, Ok(answer) if answer.status() == 200)
        {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn link(&self, secret: &str) -> Homeserver {
        let around = Surroundings {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            meter: Metrics::none().meter(),
        };
        let secret = Secret::new(secret.to_owned());
        let link = Link::new(Endpoint { base: self.base.parse().unwrap(), secret }, around).unwrap();
        if self.legacy { Homeserver::synapse_legacy(link, "localhost") } else { Homeserver::synapse(link) }
    }

    /// For half a minute after its very first start on SQLite, Synapse cannot: it is still making an index.
    async fn reactivates(&self) {
        while self.link(SECRET).reactivate_user("alice").await.is_err() {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// The user's devices, where they can be asked for.
    async fn has_devices(&self, expected: &[&str]) {
        let devices = self.link(SECRET).devices("alice").await.unwrap();
        match devices {
            None => assert!(!self.legacy),
            Some(mut devices) => {
                devices.sort();
                assert_eq!(devices, expected);
            }
        }
    }

    async fn display_name(&self) -> Option<String> {
        let profile = self.link(SECRET).query_user("alice", seconds(5)).await.unwrap().unwrap();
        profile.display_name.filter(|name| !name.is_empty())
    }
}

impl Drop for Synapse {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

async fn everything(legacy: bool) {
    let synapse = Synapse::start(legacy).await;
    let homeserver = synapse.link(SECRET);

    if !legacy {
        // The older one would ask the service about a secret that it does not know.
        let refused = synapse.link("another").availability("alice").await.unwrap_err();
        assert!(kernel::error::chain(&refused).contains("matrix.secret"), "{refused:?}");
    }

    assert_eq!(homeserver.availability("alice").await.unwrap(), Availability::Available);
    assert_eq!(homeserver.availability("Alice").await.unwrap(), Availability::Unavailable);
    assert_eq!(homeserver.query_user("alice", seconds(5)).await.unwrap(), None);
    assert_eq!(homeserver.upsert_device("alice", "DEV", None).await.unwrap(), Upsert::NoSuchUser);
    let subject: UserId = "01JD8Z0V5M3T6W8Y2A4C6E8G0J".parse().unwrap();
    let emails = ["alice@example.com".to_owned()];
    let wanted = Provisioning {
        display_name: Some("Alice"),
        emails: Some(&emails),
        locked: false,
        subject: Some(subject),
    };
    for _ in ["created", "updated"] {
        homeserver.provision_user("alice", &wanted).await.unwrap();
    }
    assert_eq!(homeserver.availability("alice").await.unwrap(), Availability::Unavailable);
    assert_eq!(synapse.display_name().await.as_deref(), Some("Alice"));

    let long = "é".repeat(300);
    for (name, found) in
        [(Some("Phone"), Upsert::Created), (None, Upsert::Known), (Some(long.as_str()), Upsert::Known)]
    {
        assert_eq!(homeserver.upsert_device("alice", "DEV", name).await.unwrap(), found);
    }
    homeserver.upsert_device("alice", "D/E?V", None).await.unwrap();
    synapse.has_devices(&["D/E?V", "DEV"]).await;
    homeserver.rename_device("alice", "DEV", "Telephone").await.unwrap();
    for _ in ["there", "gone"] {
        homeserver.delete_device("alice", "D/E?V").await.unwrap();
    }
    homeserver.rename_device("alice", "GONE", "Telephone").await.unwrap();
    homeserver.delete_device("nobody", "GONE").await.unwrap();
    synapse.has_devices(&["DEV"]).await;
    homeserver.sync_devices("alice", &["A".to_owned(), "B".to_owned()]).await.unwrap();
    synapse.has_devices(&["A", "B"]).await;

    homeserver.set_display_name("alice", Some("Al")).await.unwrap();
    assert_eq!(synapse.display_name().await.as_deref(), Some("Al"));
    homeserver.set_display_name("alice", None).await.unwrap();
    assert_eq!(synapse.display_name().await, None);
    homeserver.allow_cross_signing_reset("alice").await.unwrap();

    for _ in ["active", "deactivated"] {
        homeserver.delete_user("alice", true).await.unwrap();
    }
    assert_eq!(homeserver.availability("alice").await.unwrap(), Availability::Unavailable);
    synapse.has_devices(&[]).await;
    tokio::time::timeout(UP_WITHIN, synapse.reactivates()).await.expect("it reactivates");
    homeserver.reactivate_user("alice").await.expect("an active user may be reactivated");
    homeserver.upsert_device("alice", "DEV", None).await.unwrap();
    homeserver.set_display_name("alice", Some("Back")).await.unwrap();
    assert_eq!(synapse.display_name().await.as_deref(), Some("Back"));
}

#[tokio::test]
async fn by_the_interface_for_authentication_services() {
    if engine() == store::Engine::Postgres {
        return; // no database is asked
    }
    everything(false).await;
}

#[tokio::test]
async fn by_the_admin_interface() {
    if engine() == store::Engine::Postgres {
        return; // as above
    }
    everything(true).await;
}
