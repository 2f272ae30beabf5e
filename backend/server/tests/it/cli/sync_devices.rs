//! `mas-cli manage sync-devices`: a repair, never by itself.

use domain::homeserver::{Endpoint, Homeserver, Link, Provisioning, Surroundings};
use edge::Metrics;
use kernel::Secret;
use testkit::FakeHomeserver;
use tokio::runtime::Runtime;

use super::{Shell, database::Database};

const SECRET: &str = "shared";

/// Alice has two devices at the homeserver; one session of hers has `OURS`, one that ended had `ENDED`.
async fn with_devices(homeserver: &FakeHomeserver) {
    let around = Surroundings {
        clock: std::sync::Arc::new(kernel::SystemClock),
        random: std::sync::Arc::new(kernel::SystemRandom),
        meter: Metrics::none().meter(),
    };
    let endpoint = Endpoint { base: homeserver.endpoint().clone(), secret: Secret::new(SECRET.to_owned()) };
    let link = Homeserver::synapse(Link::new(endpoint, around).unwrap());
    link.provision_user("alice", &Provisioning::default()).await.unwrap();
    link.upsert_device("alice", "OURS", None).await.unwrap();
    link.upsert_device("alice", "BRIDGE", None).await.unwrap();
    homeserver.calls();
}

fn alice(homeserver: &FakeHomeserver) -> (Shell, Database) {
    let (shell, database) = Shell::with_config(&format!(
        "matrix: {{homeserver: example.com, secret: {SECRET}, endpoint: '{}'}}\n",
        homeserver.endpoint()
    ));
    shell.run("database migrate").ok();
    for statement in [
        "INSERT INTO users (id, username, username_norm, created_at) VALUES ({1}, 'alice', 'alice', 1)",
        "INSERT INTO sessions (id, kind, user_id, scope, device_id, created_at) VALUES ({2}, 'compat', {1}, '', 'OURS', 1)",
        "INSERT INTO sessions (id, kind, user_id, scope, device_id, created_at) VALUES ({3}, 'oauth', {1}, '', 'OURS', 1)",
        "INSERT INTO sessions (id, kind, user_id, scope, created_at) VALUES ({4}, 'oauth', {1}, '', 1)",
        "INSERT INTO sessions (id, kind, user_id, scope, device_id, created_at, finished_at) \
         VALUES ({5}, 'oauth', {1}, '', 'ENDED', 1, 2)",
    ] {
        let mut statement = statement.to_owned();
        for id in 1..=5 {
            let literal = match testkit::engine() {
                store::Engine::Sqlite => format!("X'{id:032x}'"),
                store::Engine::Postgres => format!("'{id:032x}'"),
            };
            statement = statement.replace(&format!("{{{id}}}"), &literal);
        }
        database.execute(&statement);
    }
    (shell, database)
}

#[test]
fn devices_are_made_equal_by_who_says_so() {
    let runtime = Runtime::new().unwrap();
    let homeserver = runtime.block_on(FakeHomeserver::start(SECRET));
    runtime.block_on(with_devices(&homeserver));
    let (shell, _database) = alice(&homeserver);

    shell.run("manage sync-devices alice").fails(1, "give --yes");
    shell.run("manage sync-devices bob --yes").fails(1, "User not found");
    let trial = shell.run("manage --output json sync-devices alice --dry-run").ok();
    assert!(trial.stderr.contains(r#"have these devices: "OURS""#), "{}", trial.stderr);
    assert!(trial.stderr.contains("does not tell which devices it has"), "{}", trial.stderr);
    assert!(trial.stderr.contains("application services"), "{}", trial.stderr);
    let told: serde_json::Value = serde_json::from_str(&trial.stdout).unwrap();
    assert_eq!(told["devices"], serde_json::json!(["OURS"]));
    assert_eq!(told["deleted"], serde_json::Value::Null);
    assert_eq!(homeserver.called(), [""; 0]);

    let done = shell.run("manage sync-devices alice --yes").ok();
    assert!(done.stderr.contains("Devices synchronised"), "{}", done.stderr);
    assert_eq!(homeserver.called(), ["sync_devices"]);
    let left: Vec<String> = homeserver.user("alice").unwrap().devices.into_keys().collect();
    assert_eq!(left, ["OURS"]);
}

#[test]
fn without_a_homeserver_there_is_nothing_to_repair() {
    let (shell, _database) = Shell::migrated();
    shell.run("manage sync-devices alice --yes").fails(1, "matrix.kind: none");
}
