//! `mas-cli manage kill-sessions`

use kernel::{Actor, Clock, Op, SystemClock, SystemRandom, id::*};
use serde_json::{Value, json};
use store::{Db, sql};

use super::{
    super::{Outcome, database::Database},
    accounts::{line, with_accounts},
};

const RUNNING: &str = "SELECT kind FROM sessions WHERE finished_at IS NULL \
  UNION ALL SELECT 'browser' FROM browser_sessions WHERE finished_at IS NULL ORDER BY 1";

/// Sessions of everybody who is there: of each of these kinds, so many.
fn start(database: &Database, kinds: &[(&'static str, usize)]) {
    database.with(async |db: &Db| {
        let op = Op::new(SystemClock.now(), std::sync::Arc::new(SystemRandom), "test").by(Actor::Operator);
        for row in sql::all(&db.read, "SELECT id FROM users", []).await.unwrap() {
            let user: UserId = row.try_get("", "id").unwrap();
            for (kind, number) in
                kinds.iter().flat_map(|(kind, number)| (0..*number).map(move |n| (*kind, n)))
            {
                let device = format!("{kind}{number}");
                let (session, browser): (SessionId, BrowserSessionId) = (op.id(), op.id());
                let done = if kind == "browser" {
                    let insert = "INSERT INTO browser_sessions (id, user_id, created_at, auth_time, amr) \
                                  VALUES ($1, $2, $3, $3, 'pwd')";
                    sql::execute(&db.single, insert, [browser.into(), user.into(), op.now.into()]).await
                } else {
                    let insert = "INSERT INTO sessions (id, kind, user_id, scope, device_id, created_at) \
                                  VALUES ($1, $2, $3, '', $4, $5)";
                    let values = [session.into(), kind.into(), user.into(), device.into(), op.now.into()];
                    sql::execute(&db.single, insert, values).await
                };
                done.unwrap();
            }
        }
    });
}

fn lines(outcome: &Outcome) -> Vec<String> {
    let lines = outcome.stderr.lines().filter(|line| line.contains("active"));
    lines.map(|line| line.split_once(": ").map_or(line, |(_, rest)| rest).to_owned()).collect()
}

#[test]
fn sessions_end_and_are_counted() {
    let (shell, database) = with_accounts(&["alice"]);
    start(&database, &[("compat", 1), ("oauth", 3), ("personal", 1)]);
    let dry = shell.run("manage kill-sessions alice --dry-run").ok();
    let done = |outcome: &Outcome| {
        [
            line(outcome, "compatibility").contains("Ended 1 active compatibility session user.id="),
            line(outcome, "OAuth").contains("Ended 3 active OAuth 2.0 sessions user.id="),
            line(outcome, "browser").contains("No active browser sessions to end user.id="),
            line(outcome, "homeserver").starts_with("WARN "),
        ]
    };
    assert_eq!(done(&dry), [true; 4], "{}", dry.stderr);
    assert!(dry.stderr.lines().last().unwrap().contains("Dry run"), "{}", dry.stderr);
    assert_eq!(database.texts(RUNNING).len(), 5);
    assert!(database.texts("SELECT queue FROM jobs").is_empty());

    let killed = shell.run("manage kill-sessions alice").ok();
    assert_eq!(done(&killed), [true; 4], "{}", killed.stderr);
    assert!(!killed.stderr.contains("Dry run"));
    assert_eq!(database.texts(RUNNING), ["personal"], "personal ones stay");
    assert_eq!(database.texts("SELECT queue FROM jobs"), ["delete-devices"]);
    let again = shell.run("manage kill-sessions alice").ok();
    assert_eq!(lines(&again).len(), 3, "{}", again.stderr);
    assert!(!again.stderr.contains("Ended"), "{}", again.stderr);
    assert_eq!(database.texts("SELECT queue FROM jobs").len(), 1);
}

#[test]
fn nobody_elses_sessions_end() {
    let (shell, database) = with_accounts(&["alice", "bob"]);
    start(&database, &[("compat", 1), ("oauth", 1), ("browser", 1)]);
    let killed = shell.run("manage kill-sessions alice --output json").ok();
    let result: Value = serde_json::from_str(&killed.stdout).unwrap();
    assert_eq!(
        [&result["compat_sessions"], &result["oauth2_sessions"], &result["browser_sessions"]],
        [&json!(1); 3]
    );
    assert_eq!(database.texts(RUNNING), ["browser", "compat", "oauth"]);
    let reasons =
        "SELECT kind || ' ' || (data ->> 'reason') FROM audit_events WHERE data IS NOT NULL ORDER BY 1";
    assert_eq!(
        database.texts(reasons),
        ["session_ended killed", "session_ended killed", "signed_out killed"]
    );
}
