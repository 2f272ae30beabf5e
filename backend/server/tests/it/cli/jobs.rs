//! `mas-cli jobs`

use domain::jobs::{self, Ended, Job, Outcome, Room};
use kernel::id::{JobId, UserId};
use serde_json::Value;
use store::Db;

use super::{Shell, database::Database};
use crate::faults::seeds;

/// Runs what is due, so that it ends like this.
async fn end(db: &Db, outcome: &Outcome) {
    let op = seeds::op();
    let claimed = jobs::claim(db, &op, "test", &Room::default()).await.unwrap();
    let end = |claimed| Ended { claimed, outcome: outcome.clone(), took: std::time::Duration::ZERO };
    jobs::settle(db, &op, &claimed.into_iter().map(end).collect::<Vec<_>>()).await.unwrap();
}

async fn enqueue(db: &Db, job: &Job) {
    let op = seeds::op();
    db.write(async |tx| jobs::enqueue(tx, &op, job).await).await.unwrap();
}

/// One job that has died, one that waits for its second attempt, one that was done, one that nobody has run.
fn some_jobs() -> (Shell, Database) {
    let (shell, database) = Shell::migrated();
    database.with(async |db| {
        let user: UserId = seeds::op().id();
        enqueue(db, &Job::ProvisionUser { user, display_name: Some("Secret Name".into()) }).await;
        end(db, &Outcome::GiveUp("there is no such user\u{1b}[31m".into())).await;
        enqueue(db, &Job::DeleteDevice { user, device: "DEVICE".into() }).await;
        end(db, &Outcome::Retry("the homeserver is away".into())).await;
        enqueue(db, &Job::ExpireInactive).await;
        end(db, &Outcome::Done).await;
        enqueue(db, &Job::RemoveUnusedClients).await;
    });
    (shell, database)
}

fn list(shell: &Shell, arguments: &str) -> Value {
    let text = shell.run(&format!("jobs list --json {arguments}")).ok().stdout;
    serde_json::from_str(&text).unwrap()
}

fn states(list: &Value) -> Vec<(String, String)> {
    let text = |job: &Value, name: &str| job[name].as_str().unwrap().to_owned();
    list["jobs"].as_array().unwrap().iter().map(|job| (text(job, "queue"), text(job, "state"))).collect()
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(queue, state)| (queue.to_owned(), state.to_owned())).to_vec()
}

fn dead(shell: &Shell) -> String {
    list(shell, "--state failed")["jobs"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn what_is_not_done_is_listed_the_newest_first() {
    let (shell, _database) = some_jobs();
    let all = list(&shell, "");
    assert_eq!(
        states(&all),
        pairs([
            ("remove-unused-clients", "available"),
            ("delete-device", "scheduled"),
            ("provision-user", "failed")
        ])
    );
    assert_eq!((&all["more"], &all["jobs"][1]["tries"]), (&Value::Bool(false), &Value::from(1)));
    let done = list(&shell, "--state completed --state failed");
    assert_eq!(
        states(&done),
        pairs([("expire-inactive-sessions", "completed"), ("provision-user", "failed")])
    );
    assert_eq!(states(&list(&shell, "--queue delete-device")), pairs([("delete-device", "scheduled")]));
}

#[test]
fn a_list_goes_on_where_the_one_before_ended() {
    let (shell, _database) = some_jobs();
    let first = list(&shell, "--limit 2");
    assert_eq!((states(&first).len(), &first["more"]), (2, &Value::Bool(true)));
    let last = first["jobs"][1]["id"].as_str().unwrap();
    let rest = list(&shell, &format!("--limit 2 --before {last}"));
    assert_eq!(states(&rest), pairs([("provision-user", "failed")]));
    let table = shell.run("jobs list --limit 2").ok().stdout;
    assert!(table.ends_with(&format!("There are more: --before {last}\n")), "{table}");
}

#[test]
fn what_a_job_is_about_is_told_only_to_who_asks() {
    let (shell, _database) = some_jobs();
    let id = dead(&shell);
    for command in
        ["jobs list", "jobs list --json", &format!("jobs show {id}"), &format!("jobs show --json {id}")]
    {
        let told = shell.run(command).ok();
        assert!(told.stdout.contains("there is no such user"), "{}", told.stdout);
        assert!(!told.stdout.contains("Secret Name") && !told.stderr.contains("Secret Name"), "{command}");
    }
    let table = shell.run("jobs list").ok().stdout;
    assert!(!table.contains('\u{1b}'), "nothing that a terminal would obey");
    assert!(shell.run(&format!("jobs show --payload {id}")).ok().stdout.contains("Secret Name"));
    let shown = shell.run(&format!("jobs show --payload --json {id}")).ok().stdout;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["payload"]["display_name"], "Secret Name");
    assert_eq!((shown["state"].as_str(), &shown["tries"]), (Some("failed"), &Value::from(1)));
}

#[test]
fn the_dead_are_tried_again_from_the_beginning() {
    let (shell, database) = some_jobs();
    let id = dead(&shell);
    assert_eq!(shell.run(&format!("jobs retry {id}")).ok().stdout, "1 job to be tried again\n");
    assert_eq!(states(&list(&shell, "--queue provision-user")), pairs([("provision-user", "available")]));
    database.with(async |db| end(db, &Outcome::GiveUp("again".into())).await);
    assert_eq!(shell.run("jobs retry --all --queue delete-device").ok().stdout, "0 jobs to be tried again\n");
    assert_eq!(shell.run("jobs retry --all --json").ok().stdout, "{\"retried\":2}\n");
    database.with(async |db| end(db, &Outcome::Done).await);
    assert_eq!(states(&list(&shell, "--state failed")), []);
}

#[test]
fn one_that_waits_for_its_next_attempt_is_tried_at_once() {
    let (shell, _database) = some_jobs();
    let waiting = list(&shell, "--state scheduled")["jobs"][0]["id"].as_str().unwrap().to_owned();
    shell.run(&format!("jobs retry {waiting}")).ok();
    let jobs = list(&shell, "--queue delete-device");
    assert_eq!(states(&jobs), pairs([("delete-device", "available")]));
    assert_eq!(jobs["jobs"][0]["tries"], 1, "attempts go on being counted");
}

#[test]
fn jobs_are_deleted_but_not_those_that_run() {
    let (shell, database) = some_jobs();
    let id = dead(&shell);
    assert_eq!(shell.run(&format!("jobs delete {id}")).ok().stdout, "1 job deleted\n");
    shell.run(&format!("jobs delete {id}")).fails(1, "there is no job");
    let running = database
        .with(async |db| jobs::claim(db, &seeds::op(), "somebody", &Room::default()).await.unwrap()[0].id);
    shell.run(&format!("jobs delete {running}")).fails(1, "is running");
    shell.run(&format!("jobs retry {running}")).fails(1, "is running");
    assert_eq!(states(&list(&shell, "--state running")), pairs([("remove-unused-clients", "running")]));
    assert_eq!(shell.run("jobs delete --all").ok().stdout, "0 jobs deleted\n");
    assert_eq!(list(&shell, "")["jobs"].as_array().unwrap().len(), 2);
}

#[test]
fn several_are_all_changed_or_none_is() {
    let (shell, _database) = some_jobs();
    let done = list(&shell, "--state completed")["jobs"][0]["id"].as_str().unwrap().to_owned();
    let id = dead(&shell);
    shell.run(&format!("jobs retry {id} {done}")).fails(1, "has been completed");
    assert_eq!(dead(&shell), id);
    let unknown: JobId = seeds::op().id();
    shell.run(&format!("jobs delete {id} {unknown}")).fails(1, &format!("there is no job {unknown}"));
    assert_eq!(dead(&shell), id);
}

#[test]
fn mistakes_are_explained() {
    let (shell, _database) = Shell::migrated();
    assert_eq!(shell.run("jobs list").ok().stdout, "No jobs\n");
    shell
        .run("jobs list --state dead")
        .fails(2, "expected one of scheduled, available, running, completed, failed");
    shell.run("jobs retry").fails(2, "--all");
    shell.run("jobs retry --queue x").fails(2, "--all");
    shell.run("jobs show 123").fails(2, "not a ULID");
    let (fresh, _database) = Shell::with_database();
    fresh.run("jobs list").fails(1, "database migrate");
}
