//! `mas-cli manage …`

mod accounts;
mod sessions;
mod tokens;

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use super::Shell;

const GOOD: &str = "tepid-Walrus/89-orbit";

#[test]
fn an_account_is_registered_with_everything_at_once() {
    let (shell, database) = Shell::migrated();
    let made = shell
        .run(&format!("manage register-user alice --password {GOOD} -e alice@example.com -e a@example.org -a -d Alice --yes"))
        .ok();
    assert!(
        made.stderr.contains(" INFO ") && made.stderr.contains("User registered user.id=01"),
        "{}",
        made.stderr
    );
    assert!(made.stdout.starts_with("User attributes\n"), "{}", made.stdout);
    assert!(made.stdout.contains("Matrix ID: @alice:example.com\n"), "{}", made.stdout);
    assert!(!made.stdout.contains(GOOD) && !made.stderr.contains(GOOD));

    assert_eq!(database.texts("SELECT username FROM users WHERE can_request_admin"), ["alice"]);
    assert_eq!(database.texts("SELECT display_name FROM users"), ["Alice"]);
    assert_eq!(
        database.texts("SELECT email FROM user_emails ORDER BY email"),
        ["a@example.org", "alice@example.com"]
    );
    assert_eq!(database.texts("SELECT kind FROM authenticators"), ["password"]);
    assert_eq!(database.texts("SELECT queue FROM jobs"), ["provision-user"]);
    assert_eq!(database.texts("SELECT kind FROM audit_events"), ["user_registered"]);
}

#[test]
fn options_may_follow_as_scripts_write_them() {
    let (shell, database) = Shell::migrated();
    let made = shell
        .run("manage register-user alice --password x --yes --ignore-password-complexity --config base.yaml --config config.yaml")
        .ok();
    assert!(made.stderr.contains("WARN") && made.stderr.contains("no e-mail address"), "{}", made.stderr);
    shell.run("manage register-user --yes @bob:example.com -A").ok();
    assert_eq!(database.texts("SELECT username FROM users ORDER BY username"), ["alice", "bob"]);
}

#[test]
fn a_name_is_taken_in_any_letter_case() {
    let (shell, database) = Shell::migrated();
    shell.run("manage register-user -y alice -e a@example.com -e A@example.com").ok();
    assert_eq!(database.texts("SELECT email FROM user_emails"), ["a@example.com"], "once is enough");
    shell.run("manage register-user -y alice").fails(1, "Error: the username alice is taken");
    shell.run("manage register-user -y ALICE").fails(1, "Error: the username ALICE is taken");
    shell.run("manage register-user -y Bob").fails(1, "is no username");
    shell.run("manage register-user -y @:example.com").fails(1, "the username is empty");
    shell
        .run("manage register-user -y bob -e A@EXAMPLE.com")
        .fails(1, "another account has the e-mail address A@EXAMPLE.com");
    assert_eq!(database.texts("SELECT username FROM users"), ["alice"]);
}

#[test]
fn weak_passwords_are_refused_unless_told_otherwise() {
    let (shell, database) = Shell::migrated();
    let weak = shell.run("manage register-user -y alice -p password").fails(1, "That password is too weak.");
    assert!(weak.stderr.contains("ERROR"), "{}", weak.stderr);
    assert!(database.texts("SELECT username FROM users").is_empty());

    shell.run("manage register-user -y alice").ok();
    shell.run("manage set-password alice password").fails(1, "That password is too weak.");
    shell.run("manage set-password alice password --ignore-complexity").ok();
    shell.write("config.yaml", "matrix: {kind: none}\npasswords: {enabled: false}\n");
    shell.run("manage set-password alice password --ignore-complexity").fails(1, "passwords.enabled");
    shell.run(&format!("manage register-user -y bob -p {GOOD}")).fails(1, "passwords.enabled");
}

#[test]
fn a_password_is_set_from_wherever_it_comes() {
    let (shell, database) = Shell::migrated();
    shell.run("manage register-user -y alice").ok();
    let hashes = || database.texts("SELECT secret FROM authenticators WHERE kind = 'password'");

    let set = shell.run(&format!("manage set-password ALICE {GOOD}")).ok();
    assert!(
        set.stderr.contains("Password changed user.id=01") && set.stderr.contains(" user.username=alice")
    );
    let first = hashes();
    shell.run_with_input("manage set-password alice --password-stdin", &format!("{GOOD}\n")).ok();
    let second = hashes();
    shell.write("password", GOOD).run("manage set-password alice --password-file password").ok();
    let third = hashes();
    assert_eq!((first.len(), second.len(), third.len()), (1, 1, 1));
    assert!(first != second && second != third);

    shell.run("manage set-password nobody x").fails(1, "Error: User not found");
    shell.run("manage set-password alice").fails(1, "Error: no password: ");
    shell
        .run("manage set-password alice --password-file gone")
        .fails(1, "cannot read the password from gone");
    shell.run(&format!("manage set-password alice {GOOD} --password-stdin")).fails(2, "cannot be used with");
    shell.run(&format!("manage set-password alice {}", "x".repeat(5000))).fails(1, "too long");
}

#[test]
fn wrong_usage_is_told_before_anything_is_opened() {
    let shell = Shell::new();
    for (arguments, words) in [
        ("-y", "<USERNAME>"),
        ("-y alice -a -A", "cannot be used with"),
        ("-y alice -e alice", "no e-mail address"),
        ("-y alice -m alice", "PROVIDER:SUBJECT"),
        ("-y alice -m provider:alice", "PROVIDER:SUBJECT"),
        ("--username alice", "unexpected argument"),
    ] {
        shell.run(&format!("manage register-user {arguments}")).fails(2, words);
    }
    let (shell, _database) = Shell::migrated();
    shell
        .run("manage register-user -y alice -m 01K2C31V80V37E3S3E28JT97KA:alice:1")
        .fails(1, "there is no upstream provider 01K2C31V80V37E3S3E28JT97KA");
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let (shell, database) = Shell::migrated();
    shell.run("manage register-user").fails(1, "give --yes with a username");
    let all = format!("manage register-user alice -p {GOOD} -e a@example.com -a -d Alice");
    shell.run(&all).fails(1, "give --yes with a username");
    assert!(database.texts("SELECT username FROM users").is_empty());
}

#[test]
fn programs_get_json_and_nothing_else() {
    let (shell, database) = Shell::migrated();
    let made = shell.run("manage register-user -y alice --output json").ok();
    let result: serde_json::Value = serde_json::from_str(&made.stdout).unwrap();
    assert_eq!((&result["username"], &result["matrix_id"]), (&"alice".into(), &"@alice:example.com".into()));
    assert!(made.stderr.contains("User attributes"), "{}", made.stderr);

    let set = shell.run(&format!("manage --output json set-password alice {GOOD}")).ok();
    let set: serde_json::Value = serde_json::from_str(&set.stdout).unwrap();
    assert_eq!(set["user_id"], result["user_id"]);
    assert_eq!(database.texts("SELECT username FROM users"), ["alice"]);
}

#[test]
fn verify_email_does_nothing_and_says_so() {
    let shell = Shell::new();
    let done = shell.run("manage verify-email alice alice@example.com").ok();
    assert!(done.stderr.contains("WARN") && done.stderr.contains("add-email"), "{}", done.stderr);
}

#[test]
fn a_pending_schema_is_named_and_left_alone() {
    let (shell, _database) = Shell::with_database();
    shell.run("manage register-user -y alice").fails(1, "mas-cli database migrate");
    shell.run("manage set-password alice x").fails(1, "mas-cli database migrate");
    shell.run("manage lock-user alice").fails(1, "mas-cli database migrate");
}

/// Answers one request as Synapse does to a localpart that is taken.
fn homeserver_once(status: &str, body: &'static str) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let answer =
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    let serving = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 2048];
        let length = stream.read(&mut request).unwrap();
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    (address, serving)
}

#[test]
fn the_homeserver_is_asked_for_the_name() {
    let (shell, database) = Shell::migrated();
    let asked = |status: &str, body: &'static str| {
        let (address, serving) = homeserver_once(status, body);
        shell.write(
            "config.yaml",
            &format!("matrix: {{homeserver: example.com, secret: s, endpoint: '{address}'}}\n"),
        );
        let outcome = shell.run("manage register-user -y alice");
        assert!(
            serving.join().unwrap().starts_with("GET /_synapse/mas/is_localpart_available?localpart=alice ")
        );
        outcome
    };
    asked("400 Bad Request", r#"{"errcode":"M_USER_IN_USE"}"#)
        .fails(1, "the homeserver refuses the username alice");
    asked("403 Forbidden", r#"{"errcode":"M_FORBIDDEN"}"#).fails(1, "matrix.secret must be the one");
    assert!(database.texts("SELECT username FROM users").is_empty());
    asked("200 OK", "{}").ok();
    assert_eq!(database.texts("SELECT username FROM users"), ["alice"]);
}
