//! What each call does on a real Synapse, by either interface, as its own database shows afterwards. The homeserver needs no
//! service for this; what it does with one is shown in `e2e/`.

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use domain::homeserver::{Availability, Endpoint, Homeserver, Link, Provisioning, Surroundings, Upsert};
use edge::Metrics;
use kernel::{Secret, SystemClock, SystemRandom, id::UserId};
use sea_orm::{ConnectionTrait, Database, Statement};
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
    folder: PathBuf,
    _home: tempfile::TempDir,
}

impl Synapse {
    /// Installs it first, once for all runs on this machine.
    async fn start(legacy: bool) -> Self {
        let home = tempfile::tempdir().unwrap();
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = free.local_addr().unwrap().port().to_string();
        drop(free);
        let path = home.path().join("synapse");
        let folder = path.display().to_string();
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
        let base = format!("http://127.0.0.1:{port}");
        let synapse = Self { process, base, legacy, folder: path, _home: home };
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

    /// What Synapse has written down: one column of text. No query of its interfaces tells all of it.
    async fn kept(&self, sql: &str) -> Vec<String> {
        let path = self.folder.join("synapse.sqlite");
        let database = Database::connect(format!("sqlite://{}?mode=ro", path.display())).await.unwrap();
        let statement = Statement::from_string(database.get_database_backend(), sql);
        let rows = database.query_all_raw(statement).await.unwrap();
        let kept = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
        database.close().await.unwrap();
        kept
    }

    /// The user's devices. The older interface tells of them, too.
    async fn has_devices(&self, expected: &[&str]) {
        let devices = "SELECT device_id FROM devices \
                       WHERE user_id = '@alice:localhost' AND NOT COALESCE(hidden, 0) ORDER BY device_id";
        assert_eq!(self.kept(devices).await, expected);
        let told = self.link(SECRET).devices("alice").await.unwrap().map(|mut devices| {
            devices.sort();
            devices
        });
        let expected: Vec<_> = expected.iter().map(|device| (*device).to_owned()).collect();
        assert_eq!(told, self.legacy.then_some(expected));
    }

    /// What the device `DEV` is called.
    async fn device_name(&self) -> Vec<String> {
        self.kept("SELECT display_name FROM devices WHERE user_id = '@alice:localhost' AND device_id = 'DEV'")
            .await
    }

    async fn emails(&self) -> Vec<String> {
        self.kept("SELECT address FROM user_threepids WHERE user_id = '@alice:localhost' ORDER BY address")
            .await
    }

    /// Which of these the account is.
    async fn state(&self) -> Vec<String> {
        self.kept(
            "SELECT 'locked' FROM users WHERE name = '@alice:localhost' AND locked \
             UNION ALL SELECT 'deactivated' FROM users WHERE name = '@alice:localhost' AND deactivated \
             UNION ALL SELECT 'erased' FROM erased_users WHERE user_id = '@alice:localhost'",
        )
        .await
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
        assert_eq!(synapse.emails().await, ["alice@example.com"]);
        assert_eq!(synapse.state().await, [""; 0]);
    }
    locks_and_addresses(&synapse, &homeserver, subject).await;
    assert_eq!(homeserver.availability("alice").await.unwrap(), Availability::Unavailable);
    assert_eq!(synapse.display_name().await.as_deref(), Some("Alice"));

    let long = "é".repeat(300);
    for (name, found, length) in [
        (Some("Phone"), Upsert::Created, 5),
        (None, Upsert::Known, 5),
        (Some(long.as_str()), Upsert::Known, 100),
    ] {
        assert_eq!(homeserver.upsert_device("alice", "DEV", name).await.unwrap(), found);
        assert_eq!(synapse.device_name().await[0].chars().count(), length, "{name:?}");
    }
    homeserver.upsert_device("alice", "D/E?V", None).await.unwrap();
    synapse.has_devices(&["D/E?V", "DEV"]).await;
    homeserver.rename_device("alice", "DEV", "Telephone").await.unwrap();
    assert_eq!(synapse.device_name().await, ["Telephone"]);
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
        assert_eq!(synapse.state().await, ["deactivated", "erased"]);
        assert_eq!(synapse.emails().await, [""; 0]);
    }
    assert_eq!(homeserver.availability("alice").await.unwrap(), Availability::Unavailable);
    synapse.has_devices(&[]).await;
    tokio::time::timeout(UP_WITHIN, synapse.reactivates()).await.expect("it reactivates");
    homeserver.reactivate_user("alice").await.expect("an active user may be reactivated");
    assert_eq!(synapse.state().await, [""; 0]);
    homeserver.upsert_device("alice", "DEV", None).await.unwrap();
    homeserver.set_display_name("alice", Some("Back")).await.unwrap();
    assert_eq!(synapse.display_name().await.as_deref(), Some("Back"));
}

/// Every change of them reaches the homeserver, and nothing else changes with it.
async fn locks_and_addresses(synapse: &Synapse, homeserver: &Homeserver, subject: UserId) {
    let [one, other] = ["alice@example.com", "alice@example.org"].map(str::to_owned);
    for (emails, locked) in [
        (vec![one.clone(), other.clone()], true),
        (vec![other.clone()], true),
        (Vec::new(), false),
        (vec![one], false),
    ] {
        let wanted =
            Provisioning { emails: Some(&emails), locked, subject: Some(subject), ..Default::default() };
        homeserver.provision_user("alice", &wanted).await.unwrap();
        assert_eq!(synapse.emails().await, emails);
        // The older interface is not told: there, introspection keeps a locked user out.
        assert_eq!(synapse.state().await, vec!["locked"; usize::from(locked && !synapse.legacy)]);
    }
    let only_locked = Provisioning { locked: true, subject: Some(subject), ..Default::default() };
    homeserver.provision_user("alice", &only_locked).await.unwrap();
    assert_eq!(synapse.emails().await, ["alice@example.com"], "nobody has said anything of addresses");
    let open = Provisioning { locked: false, ..only_locked };
    homeserver.provision_user("alice", &open).await.unwrap();
    assert_eq!(synapse.state().await, [""; 0]);
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
