//! `mas-cli server` and `mas-cli worker`: their start, their signals and their end.

use std::{
    os::unix::net::UnixDatagram,
    time::{Duration, Instant},
};

use kernel::jose::{KeyKind, generate_pem};

use super::{Shell, running::get};

#[test]
fn it_answers_and_stops_on_sigterm_within_a_second() {
    let (shell, _database) = Shell::migrated();
    let mut server = shell.start("server");
    let address = server.address();
    let answer = get(address, "", "/health");
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ok"), "{answer}");
    // A browser keeps its connection open.
    let idle = std::net::TcpStream::connect(address).unwrap();

    let asked = Instant::now();
    server.signal("TERM");
    let status = server.ended();
    assert_eq!(status.code(), Some(0), "{}", server.seen);
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    assert!(
        server.seen.contains("Stopping") && server.seen.trim_end().ends_with("Stopped"),
        "{}",
        server.seen
    );
    drop(idle);
}

#[test]
fn the_request_log_is_one_line_that_scripts_can_read() {
    let (shell, _database) = Shell::migrated();
    let mut server = shell.start("server");
    get(server.address(), "", "/health?secret=hunter2");
    let line = server.says("http.server.response");
    let (_, line) = line.split_once("  INFO http.server.response GET-0 - ").expect(&line);
    let (head, stats) = line.split_once(" [").expect(line);
    assert_eq!(head, "\"GET /health HTTP/1.1\" 200 OK \"-\"");
    let (stats, fields) = stats.split_once("] ").expect(line);
    assert_eq!(fields, "client.address=127.0.0.1\n");
    let names: Vec<&str> = stats.split(", ").filter_map(|one| Some(one.split_once(": ")?.0)).collect();
    assert_eq!(names, ["polls", "cpu", "db", "elapsed", "queries", "fetched"]);
    for (name, value) in stats.split(", ").filter_map(|one| one.split_once(": ")) {
        let number =
            if ["cpu", "db", "elapsed"].contains(&name) { value.strip_suffix("ms").unwrap() } else { value };
        assert!(number.parse::<f64>().is_ok(), "{line}");
    }
}

#[test]
fn a_killed_server_starts_again() {
    let (shell, database) = Shell::migrated();
    let mut server = shell.start("server");
    get(server.address(), "", "/health");
    shell.run("manage register-user -y alice").ok();
    server.signal("KILL");
    assert_eq!(server.ended().code(), None);

    let began = Instant::now();
    let mut again = shell.start("server");
    let answer = get(again.address(), "", "/health");
    println!("cold start to first healthy answer: {:?}", began.elapsed());
    assert!(answer.ends_with("ok"), "{answer}");
    assert_eq!(database.texts("SELECT username FROM users"), ["alice"]);
}

#[test]
fn a_worker_does_what_was_queued_before_it_came() {
    let (shell, database) = Shell::migrated();
    shell.run("manage register-user -y alice").ok();
    let mut worker = shell.start("worker");
    worker.says("Job completed");
    worker.signal("INT");
    assert_eq!(worker.ended().code(), Some(0));
    assert_eq!(database.texts("SELECT queue FROM jobs WHERE completed_at IS NOT NULL"), ["provision-user"]);
}

#[test]
fn pending_migrations_are_an_error_when_it_may_not_migrate() {
    let (shell, _database) = Shell::with_database();
    shell.run("server --no-migrate").fails(1, "mas-cli database migrate");
    shell.run("worker").fails(1, "mas-cli database migrate");

    let mut server = shell.start("server");
    server.says("Applied migration");
    server.address();
    assert!(server.seen.contains("Starting up version="), "{}", server.seen);
}

#[test]
fn it_runs_without_signing_keys_and_says_so() {
    let (shell, _database) = Shell::migrated();
    let mut server = shell.start("server --no-migrate --no-worker --no-sync");
    server.says("secrets.keys is empty");
    assert!(get(server.address(), "", "/health").ends_with("ok"));
}

#[test]
fn a_hangup_changes_nothing_and_systemd_is_told_everything() {
    let (shell, _database) = Shell::migrated();
    let path = shell.path().join("notify");
    let systemd = UnixDatagram::bind(&path).unwrap();
    systemd.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let heard = || {
        let mut message = [0; 256];
        let length = systemd.recv(&mut message).unwrap();
        String::from_utf8(message[..length].to_vec()).unwrap()
    };
    let next = || std::iter::repeat_with(heard).find(|said| !said.starts_with("WATCHDOG")).unwrap();

    let mut command = shell.command("server");
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "20000");
    let mut server = super::running::Running::of(command);
    assert!(next().starts_with("MAINPID="));
    assert_eq!(next().trim(), "READY=1");
    assert_eq!(heard().trim(), "WATCHDOG=1");
    let address = server.address();

    server.signal("HUP");
    let reloading = next();
    assert!(reloading.contains("RELOADING=1\nMONOTONIC_USEC="), "{reloading}");
    assert_eq!(next().trim(), "READY=1");
    assert!(get(address, "", "/health").ends_with("ok"));

    server.signal("TERM");
    assert_eq!(next().trim(), "STOPPING=1");
    // It waits for a service manager that lets its messages pile up, and on a busy machine ten of them come together.
    drop(systemd);
    assert_eq!(server.ended().code(), Some(0));
}

/// A configuration that signs with this key alone, and publishes it.
fn with_key(kid: &str) -> String {
    format!(
        "matrix: {{homeserver: example.com, kind: none}}\n\
         secrets: {{keys: [{{kid: {kid}, key_file: {kid}.pem}}]}}\n\
         http: {{listeners: [{{resources: [name: discovery, name: oauth], binds: [address: '127.0.0.1:0']}}]}}\n"
    )
}

#[test]
fn a_key_that_is_taken_away_is_published_until_what_it_signed_has_expired() {
    let (shell, _database) = Shell::with_config(&with_key("former"));
    for kid in ["former", "next"] {
        let pem = generate_pem(KeyKind::P256).unwrap();
        shell.write(&format!("{kid}.pem"), pem.expose());
    }
    let published = || {
        let mut server = shell.start("server");
        let listeners = [server.address(), server.address()];
        let answers = listeners.map(|address| get(address, "", "/oauth2/keys.json")).concat();
        (answers, server.seen.clone())
    };
    let (keys, _) = published();
    assert!(keys.contains("\"former\"") && !keys.contains("\"next\""), "{keys}");
    shell.write("config.yaml", &with_key("next"));
    for _ in ["at once", "after another start"] {
        let (keys, log) = published();
        assert!(keys.contains("\"former\"") && keys.contains("\"next\""), "{keys}");
        assert!(log.contains("the signing key former is not configured any more: it is published"), "{log}");
    }
}
