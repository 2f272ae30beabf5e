//! `scripts/run`, which is `make run`: without what it builds and without Synapse.

use std::process::Command;

use super::running::{Running, get};

#[test]
fn what_it_says_is_there_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("bash");
    command
        .args(["-c", "exec \"$0\" >&2", concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/run")])
        .env("HOMESERVER", "none")
        .env("LATCHKEY_RUN", folder.path())
        .env("LATCHKEY_BIN", env!("CARGO_BIN_EXE_mas-cli"));
    let mut script = Running::of(command);
    let account = script.says("  Account ");
    let (_, port) = account.trim().trim_end_matches('/').rsplit_once(':').expect("an address with a port");
    let address = format!("127.0.0.1:{port}").parse().unwrap();
    assert!(script.says("  Admin API ").trim().ends_with(&format!("http://localhost:{port}/api/doc/")));
    script.says("Ctrl-C stops everything");
    // Without a token.
    let users = ("/api/admin/v1/users", 400);
    for (path, status) in [("/health", 200), ("/login", 200), ("/api/doc/", 200), users] {
        let answer = get(address, "", path);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
    }
    script.signal("TERM");
    assert_eq!(script.ended().code(), Some(0), "{}", script.seen);
}
