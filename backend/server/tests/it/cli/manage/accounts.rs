//! Locking, deactivating, administrators and addresses. Scripts look for these messages and fields.

use serde_json::{Value, json};

use super::super::{Outcome, Shell, database::Database};

const JOBS: &str = "SELECT queue FROM jobs ORDER BY queue";
const STATE: &str = "SELECT username || CASE WHEN locked_at IS NULL THEN '' ELSE ' locked' END || \
  CASE WHEN deactivated_at IS NULL THEN '' ELSE ' deactivated' END FROM users ORDER BY username";

/// With accounts of these names, and no jobs.
pub fn with_accounts(names: &[&str]) -> (Shell, Database) {
    let (shell, database) = Shell::migrated();
    for name in names {
        shell.run(&format!("manage register-user -y {name}")).ok();
    }
    database.execute("DELETE FROM jobs");
    (shell, database)
}

/// The log line with these words, from its level on, without where in the code it is from.
#[track_caller]
pub fn line(outcome: &Outcome, words: &str) -> String {
    let line = outcome.stderr.lines().find(|line| line.contains(words));
    let line = line.unwrap_or_else(|| panic!("no {words:?} in {}", outcome.stderr));
    let mut parts = line.split_whitespace();
    let (_time, level, _origin) = (parts.next(), parts.next().unwrap(), parts.next());
    format!("{level} {}", parts.collect::<Vec<_>>().join(" "))
}

fn id(database: &Database) -> String {
    let ids = database.with(async |db| {
        let rows = store::sql::all(&db.read, "SELECT id FROM users ORDER BY id LIMIT 1", []).await.unwrap();
        rows.iter().map(|row| row.try_get::<kernel::id::UserId>("", "id").unwrap()).collect::<Vec<_>>()
    });
    ids[0].to_string()
}

#[test]
fn an_account_is_locked_and_unlocked() {
    let (shell, database) = with_accounts(&["alice", "bob"]);
    let id = id(&database);
    let locked = shell.run("manage lock-user ALICE").ok();
    assert_eq!(line(&locked, "Locking user"), format!("INFO Locking user user.id={id} user.username=alice"));
    assert_eq!(database.texts(STATE), ["alice locked", "bob"]);
    assert_eq!(database.texts(JOBS), ["provision-user"]);
    shell.run("manage lock-user alice").ok();
    let unlocked = shell.run("manage unlock-user alice --output json").ok();
    let result: Value = serde_json::from_str(&unlocked.stdout).unwrap();
    assert_eq!(
        result,
        json!({
            "user_id": id, "username": "alice", "changed": true,
            "locked": false, "deactivated": false, "admin": false,
        })
    );
    assert_eq!(database.texts(STATE), ["alice", "bob"]);
    for command in ["lock-user", "unlock-user", "kill-sessions", "promote-admin", "demote-admin"] {
        shell.run(&format!("manage {command} nobody")).fails(1, "Error: User not found");
        shell.run(&format!("manage {command}")).fails(2, "<USERNAME>");
    }
}

#[test]
fn an_account_is_deactivated_and_opened_again() {
    let (shell, database) = with_accounts(&["alice"]);
    let id = id(&database);
    shell.run("manage add-email alice alice@example.com").ok();
    database.execute("DELETE FROM jobs");
    let shut = shell.run("manage lock-user alice --deactivate").ok();
    assert!(shut.stderr.contains("Locking user"), "{}", shut.stderr);
    assert_eq!(
        line(&shut, "deactivation"),
        format!("WARN Scheduling user deactivation user.id={id} user.username=alice erase=false")
    );
    assert_eq!(database.texts(STATE), ["alice locked deactivated"]);
    assert!(database.texts("SELECT email FROM user_emails").is_empty());
    assert_eq!(database.texts(JOBS), ["deactivate-user", "provision-user"]);
    let erase = "SELECT payload ->> 'erase' || '' FROM jobs WHERE queue = 'deactivate-user'";
    assert!(["0", "false"].contains(&database.texts(erase)[0].as_str()), "not unless it is asked for");

    database.execute("DELETE FROM jobs");
    let opened = shell.run("manage unlock-user alice --reactivate").ok();
    assert_eq!(
        line(&opened, "Scheduling"),
        format!("WARN Scheduling user reactivation user.id={id} user.username=alice")
    );
    assert!(opened.stderr.contains("The account stays locked"), "{}", opened.stderr);
    assert_eq!(database.texts(STATE), ["alice locked deactivated"], "a worker opens it");
    assert_eq!(database.texts(JOBS), ["reactivate-user"]);
    let unlocked = shell.run("manage unlock-user alice").ok();
    assert!(unlocked.stderr.contains("The account stays deactivated"), "{}", unlocked.stderr);
    assert_eq!(database.texts(STATE), ["alice deactivated"]);
    shell.run("manage lock-user alice --erase").fails(2, "--deactivate");
}

/// Without homeserver, so all that a worker does is done here.
#[test]
fn a_worker_finishes_what_the_command_began() {
    let (shell, database) = with_accounts(&["alice"]);
    shell.run("manage set-password alice tepid-Walrus/89-orbit").ok();
    shell.run("manage lock-user alice --deactivate --erase").ok();
    let mut worker = shell.start("worker");
    while !worker.says("Job completed").is_empty()
        && !database.texts("SELECT queue FROM jobs WHERE completed_at IS NULL").is_empty()
    {}
    assert!(database.texts("SELECT kind FROM authenticators").is_empty());
    assert_eq!(database.texts("SELECT kind FROM audit_events WHERE kind = 'user_erased'").len(), 1);
    shell.run("manage unlock-user alice --reactivate").ok();
    while !database.texts("SELECT queue FROM jobs WHERE completed_at IS NULL").is_empty() {
        worker.says("Job completed");
    }
    assert_eq!(database.texts(STATE), ["alice locked"]);
}

#[test]
fn administrators_come_and_go() {
    let (shell, database) = with_accounts(&["alice", "bob"]);
    let id = id(&database);
    let promoted = shell.run("manage promote-admin alice").ok();
    assert_eq!(
        line(&promoted, "promoted"),
        format!("INFO User promoted to admin user.id={id} user.username=alice")
    );
    shell.run("manage promote-admin alice").ok();
    let list = shell.run("manage list-admin-users").ok();
    assert!(list.stderr.contains("1 users may request"), "{}", list.stderr);
    assert_eq!(line(&list, "username="), format!("INFO user.id={id} username=alice"));
    let list = shell.run("manage list-admin-users --output json").ok();
    let list: Value = serde_json::from_str(&list.stdout).unwrap();
    assert_eq!(list, json!([{ "user_id": id, "username": "alice" }]));

    let demoted = shell.run("manage demote-admin alice").ok();
    assert_eq!(
        line(&demoted, "no longer"),
        format!("INFO User is no longer admin user.id={id} user.username=alice")
    );
    assert!(shell.run("manage list-admin-users").ok().stderr.contains("0 users may request"));
    let events = "SELECT kind || ' ' || actor FROM audit_events WHERE kind LIKE 'admin_%' ORDER BY id";
    assert_eq!(database.texts(events), ["admin_granted operator", "admin_revoked operator"]);
}

#[test]
fn addresses_are_added() {
    let (shell, database) = with_accounts(&["alice", "bob"]);
    let id = id(&database);
    let added = shell.run("manage add-email alice Alice@example.com").ok();
    let told = line(&added, "Email added");
    assert!(
        told.starts_with(&format!("INFO Email added user.id={id} user.username=alice email.id=01"))
            && told.ends_with(" email.email=Alice@example.com"),
        "{told}"
    );
    assert_eq!(database.texts(JOBS), ["provision-user"]);
    let again = shell.run("manage add-email alice alice@EXAMPLE.com").ok();
    assert!(again.stderr.contains("has this address already"), "{}", again.stderr);
    assert_eq!(database.texts("SELECT email FROM user_emails"), ["Alice@example.com"]);
    shell.run("manage add-email bob alice@example.com").fails(1, "another account has the e-mail address");
    let odd = shell.run("manage add-email bob localhost").ok();
    assert!(odd.stderr.contains("WARN") && odd.stderr.contains("does not look like"), "{}", odd.stderr);
    shell.run("manage add-email nobody a@example.com").fails(1, "Error: User not found");
    shell.run("manage add-email alice").fails(2, "<EMAIL>");
}

#[test]
fn everybody_is_provisioned() {
    let (shell, database) = with_accounts(&["alice", "bob", "carol"]);
    database.execute("UPDATE users SET locked_at = 1 WHERE username = 'bob'");
    let done = shell.run("manage provision-all-users").ok();
    let told = done.stderr.lines().filter(|line| line.contains("user.id=01")).count();
    assert_eq!(told, 3, "{}", done.stderr);
    assert!(done.stderr.contains("total=3"), "{}", done.stderr);
    assert_eq!(database.texts(JOBS), ["provision-user"; 3]);
}

/// More than one slice.
#[test]
fn a_multitude_is_provisioned() {
    let (shell, database) = Shell::migrated();
    let ids = match testkit::engine() {
        store::Engine::Sqlite => "randomblob(16)",
        store::Engine::Postgres => "gen_random_uuid()",
    };
    database.execute(&format!(
        "INSERT INTO users (id, username, username_norm, created_at) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1201) \
         SELECT {ids}, 'user' || i, 'user' || i, 1 FROM n"
    ));
    let done = shell.run("manage provision-all-users --output json").ok();
    assert_eq!(done.stdout, "{\"users\":1201}\n");
    let different = "SELECT 'job' FROM jobs GROUP BY payload ->> 'user'";
    assert_eq!(database.texts(different).len(), 1201);
}
