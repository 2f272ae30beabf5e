//! `mas-cli manage issue-compatibility-token` and `issue-user-registration-token`

use kernel::{Secret, seal::Vault};
use serde_json::{Value, json};
use testkit::{Caller, Credentials, FakeHomeserver, Mood};
use tokio::runtime::Runtime;

use super::{
    super::{Shell, database::Database},
    accounts::with_accounts,
};

/// What the configuration of these tests says.
const ENCRYPTION: [u8; 16] =
    [0x0f, 0x1e, 0x2d, 0x3c, 0x4b, 0x5a, 0x69, 0x78, 0x87, 0x96, 0xa5, 0xb4, 0xc3, 0xd2, 0xe1, 0xf0];

/// A service beside a homeserver, which both live as long as this.
struct House {
    shell: Shell,
    database: Database,
    homeserver: FakeHomeserver,
    runtime: Runtime,
}

impl House {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let homeserver = runtime.block_on(FakeHomeserver::start("s"));
        let (shell, database) = with_accounts(&["alice"]);
        let listeners = r#"[{resources=[{name=oauth}],binds=[{address="127.0.0.1:0"}]}]"#;
        let shell = shell.env("MAS__HTTP__LISTENERS", listeners);
        shell.write(
            "config.yaml",
            &format!(
                "matrix: {{homeserver: example.com, secret: s, endpoint: '{}'}}\n",
                homeserver.endpoint()
            ),
        );
        Self { shell, database, homeserver, runtime }
    }

    /// What the homeserver is told of the token.
    fn introspect(&self, token: &str) -> Value {
        let mut server = self.shell.start("server");
        let address = server.address();
        let synapse = Caller::new(format!("http://{address}"), Credentials::Bearer("s".into()));
        let asking = async { synapse.post("/oauth2/introspect").form([("token", token)]).await.ok().json() };
        self.runtime.block_on(asking)
    }
}

#[test]
fn a_token_is_issued_for_the_homeserver_to_accept() {
    let house = House::new();
    let issued = house.shell.run("manage issue-compatibility-token alice").ok();
    let line = issued.stderr.lines().find(|line| line.contains("Compatibility token issued: ")).unwrap();
    let shape = regex::Regex::new(
        r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z  INFO \S+:\d+ Compatibility token issued: (mct_[A-Za-z0-9]{30}_[A-Za-z0-9]{6}) compat_access_token\.id=[0-9A-Z]{26} compat_session\.id=[0-9A-Z]{26} compat_session\.device=([A-Za-z0-9]{10}) user\.id=[0-9A-Z]{26} user\.username=alice$",
    );
    let found = shape.unwrap().captures(line).unwrap_or_else(|| panic!("{line}"));
    let (token, device) = (&found[1], &found[2]);
    let there = house.homeserver.user("alice").unwrap();
    assert_eq!(there.devices.into_iter().collect::<Vec<_>>(), [(device.to_owned(), None)]);

    let told = house.introspect(token);
    assert_eq!((&told["active"], &told["username"]), (&json!(true), &json!("alice")));
    assert_eq!(told["device_id"], device);
    assert_eq!(told.get("exp"), None, "it does not expire");
    assert!(!told["scope"].as_str().unwrap().contains("urn:synapse:admin"), "{told}");
    assert_eq!(house.database.texts("SELECT kind FROM token_pairs t JOIN sessions s ON s.id = t.session_id WHERE t.refresh_hash IS NULL"), ["compat"]);
}

#[test]
fn only_who_asks_for_it_gets_synapses_admin_api() {
    let house = House::new();
    let arguments =
        "manage issue-compatibility-token ALICE ADMIN1 --yes-i-want-to-grant-synapse-admin-privileges";
    let issued = house.shell.run(&format!("{arguments} --output json")).ok();
    let result: Value = serde_json::from_str(&issued.stdout).unwrap();
    assert_eq!(result["device_id"], "ADMIN1");
    let told = house.introspect(result["token"].as_str().unwrap());
    assert!(told["scope"].as_str().unwrap().contains("urn:synapse:admin:*"), "{told}");
    assert!(house.homeserver.user("alice").unwrap().devices.contains_key("ADMIN1"));
}

#[test]
fn no_token_is_issued_for_a_device_that_the_homeserver_does_not_take() {
    let house = House::new();
    house.homeserver.feels(Mood::Failing);
    let jobs = "SELECT payload ->> 'device' FROM jobs WHERE queue = 'delete-device'";
    // Somebody's bridge may have made it.
    let failed = house.shell.run("manage issue-compatibility-token alice D1");
    assert!(failed.stderr.contains(" ERROR ") && failed.stderr.contains("stays there"), "{}", failed.stderr);
    failed.fails(1, "Error: ");
    assert_eq!(house.database.texts(jobs), [""; 0]);
    // Nobody else can have made one of this name.
    house.shell.run("manage issue-compatibility-token alice").fails(1, "Error: ");
    let made_up = "SELECT device_id FROM sessions WHERE device_id <> 'D1'";
    assert_eq!(house.database.texts(jobs), house.database.texts(made_up));
    assert_eq!(house.database.texts(jobs).len(), 1, "to be cleaned up");
    assert!(house.database.texts("SELECT kind FROM sessions WHERE finished_at IS NULL").is_empty());
}

#[test]
fn a_device_has_one_client_and_whose_account_is_deactivated_gets_none() {
    let house = House::new();
    house.shell.run("manage issue-compatibility-token alice D1").ok();
    let second = house.shell.run("manage issue-compatibility-token alice D1 --output json").ok();
    let second: Value = serde_json::from_str(&second.stdout).unwrap();
    let devices = "SELECT device_id FROM sessions WHERE finished_at IS NULL";
    assert_eq!(house.database.texts(devices), ["D1"]);
    let jobs = "SELECT payload ->> 'device' FROM jobs WHERE queue = 'delete-device'";
    assert_eq!(house.database.texts(jobs), [""; 0], "it goes on being used");
    assert_eq!(house.introspect(second["token"].as_str().unwrap())["active"], json!(true));
    house.database.execute("UPDATE users SET deactivated_at = 1");
    house.shell.run("manage issue-compatibility-token alice D2").fails(1, "the account is deactivated");
    assert_eq!(house.database.texts(devices), ["D1"]);
}

#[test]
fn a_token_for_who_is_locked_is_issued_with_a_warning() {
    let house = House::new();
    house.database.execute("UPDATE users SET locked_at = 1");
    let issued = house.shell.run("manage issue-compatibility-token alice --output json").ok();
    assert!(issued.stderr.contains(" WARN "), "{}", issued.stderr);
    let result: Value = serde_json::from_str(&issued.stdout).unwrap();
    let told = house.introspect(result["token"].as_str().unwrap());
    assert_eq!(told, json!({ "active": false, "locked": true }));
}

#[test]
fn wrong_usage_of_it_is_refused() {
    let (shell, _database) = with_accounts(&["alice"]);
    shell.run("manage issue-compatibility-token").fails(2, "<USERNAME>");
    shell.run("manage issue-compatibility-token alice --device-id X").fails(2, "--device-id");
    shell.run("manage issue-compatibility-token nobody").fails(1, "Error: User not found");
    let long = "x".repeat(256);
    shell.run(&format!("manage issue-compatibility-token alice {long}")).fails(1, "the device id");
}

#[test]
fn registration_tokens_are_made_as_they_are_asked_for() {
    let (shell, database) = Shell::migrated();
    let made = shell.run("manage issue-user-registration-token").ok();
    let line = made.stderr.lines().find(|line| line.contains("registration token")).unwrap();
    let shape = regex::Regex::new(
        r" INFO \S+ Created user registration token: ([A-Za-z0-9]{12}) registration_token\.id=[0-9A-Z]{26}$",
    );
    let token = shape.unwrap().captures(line).unwrap_or_else(|| panic!("{line}"))[1].to_owned();

    shell.run("manage issue-user-registration-token --token Welcome! --unlimited --expires-in 60").ok();
    shell.run("manage issue-user-registration-token --token welcome! --usage-limit 3").ok();
    shell
        .run("manage issue-user-registration-token --token Welcome!")
        .fails(1, "there is such a registration token already");
    shell
        .run("manage issue-user-registration-token --usage-limit 1 --unlimited")
        .fails(2, "cannot be used with");
    shell.run("manage issue-user-registration-token --expires-in soon").fails(2, "--expires-in");
    let rows = "SELECT COALESCE(CAST(usage_limit AS text), 'unlimited') || \
      CASE WHEN expires_at = created_at + 60000000 THEN ' a minute' WHEN expires_at IS NULL THEN ' ever' END \
      FROM registration_tokens ORDER BY id";
    assert_eq!(database.texts(rows), ["1 ever", "unlimited a minute", "3 ever"]);
    let sealed = database.texts("SELECT token_box FROM registration_tokens");
    assert!(!sealed.iter().any(|sealed| sealed.contains("elcome") || sealed.contains(&token)));

    let vault = Vault::new(Secret::new([ENCRYPTION, ENCRYPTION].concat().try_into().unwrap()), Vec::new());
    let kept = database.with(async |db| {
        let hash = vault.mac("registration token", b"Welcome!").to_vec();
        let find = "SELECT id, token_box FROM registration_tokens WHERE token_hash = $1";
        let row = store::sql::one(&db.read, find, [hash.into()]).await.unwrap().unwrap();
        let id: kernel::id::RegistrationTokenId = row.try_get("", "id").unwrap();
        (id, row.try_get::<String>("", "token_box").unwrap())
    });
    let opened = vault.open(&format!("registration-token/{}", kept.0), &kept.1).unwrap();
    assert_eq!(opened.expose(), b"Welcome!");
}
