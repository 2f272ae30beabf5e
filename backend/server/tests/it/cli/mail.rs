//! Mail on its way out of a running server, by every transport.

use std::os::unix::fs::PermissionsExt;

use domain::mail::Encryption;
use serde_json::json;
use testkit::{Browser, Caller, Credentials, Door, Mail, Mailbox};
use tokio::runtime::Runtime;

use super::{Shell, database::Database, running::Running};

const LISTENERS: &str =
    r#"[{resources=[{name=human},{name=graphql},{name=assets}],binds=[{address="127.0.0.1:0"}]}]"#;
const PASSWORD: &str = "correct-horse-battery-staple";
const START: &str =
    "mutation($input: StartEmailAuthenticationInput!) { startEmailAuthentication(input: $input) { status } }";

/// A service with somebody in it, which sends mail like this.
fn sending(email: &str) -> (Shell, Database) {
    let (shell, database) = Shell::with_config(&format!(
        "matrix: {{homeserver: example.com, kind: none}}\n\
         passwords: {{schemes: [{{version: 1, algorithm: bcrypt, cost: 4}}]}}\n\
         email: {{from: 'Accounts <accounts@example.com>', reply_to: 'Help <help@example.com>', {email}}}\n"
    ));
    shell.run("database migrate").ok();
    shell.run(&format!("manage register-user -y alice --password {PASSWORD}")).ok();
    (shell.env("MAS__HTTP__LISTENERS", LISTENERS), database)
}

/// Has a code sent to `alice@example.com`.
fn ask_for_a_code(runtime: &Runtime, server: &mut Running) {
    let base = format!("http://{}", server.address());
    runtime.block_on(ask_at(base));
}

async fn ask_at(base: String) {
    let mut browser = Browser::new(Caller::new(base, Credentials::None));
    let page = browser.get("/login").await;
    let page = browser.submit(&page, "/login", &[("username", "alice"), ("password", PASSWORD)]).await;
    assert!(page.has_form("/logout"), "{page}");
    let input = json!({ "input": { "email": "alice@example.com", "password": PASSWORD } });
    assert_eq!(browser.ask(START, input).await["startEmailAuthentication"]["status"], "STARTED");
}

/// How the job that sends the code ends.
fn outcome(server: &mut Running) -> String {
    loop {
        let line = server.says("Job ");
        if line.contains("send-email-authentication-code") {
            return line;
        }
    }
}

fn is_the_code(mail: &Mail) {
    assert_eq!(mail.to, ["alice@example.com"]);
    assert_eq!((&*mail.from, &*mail.reply_to), ("accounts@example.com", "help@example.com"));
    assert!(mail.subject.starts_with("Your code is "), "{mail:#?}");
}

fn smtp(mode: &str, mailbox: &Mailbox) -> String {
    format!("transport: smtp, mode: {mode}, hostname: localhost, port: {}", mailbox.port())
}

/// So that the certificate is trusted, if there is one.
fn trusting(shell: Shell, door: &Door) -> Shell {
    if door.certificate().is_empty() {
        return shell;
    }
    shell.write("mail.pem", door.certificate());
    let path = shell.path().join("mail.pem").display().to_string();
    shell.env("SSL_CERT_FILE", &path)
}

#[test]
fn a_mail_server_is_talked_to_as_the_configuration_says() {
    let runtime = Runtime::new().unwrap();
    for (encryption, mode) in
        [(Encryption::None, "plain"), (Encryption::StartTls, "starttls"), (Encryption::Tls, "tls")]
    {
        let door = Door::encrypted(encryption);
        let mailbox = runtime.block_on(Mailbox::behind(door.clone()));
        let (shell, _database) = sending(&smtp(mode, &mailbox));
        let shell = trusting(shell, &door);
        let mut server = shell.start("server");
        ask_for_a_code(&runtime, &mut server);
        let said = outcome(&mut server);
        assert!(said.contains("Job completed"), "{said}");
        is_the_code(&mailbox.only());
    }
}

#[test]
fn a_name_and_a_password_open_a_mail_server() {
    let runtime = Runtime::new().unwrap();
    let door = Door::encrypted(Encryption::StartTls).for_account("service", "hunter2");
    let mailbox = runtime.block_on(Mailbox::behind(door.clone()));
    for (password, sent) in [("hunter2", true), ("hunter3", false)] {
        let credentials = format!("{}, username: service, password: {password}", smtp("starttls", &mailbox));
        let (shell, _database) = sending(&credentials);
        let shell = trusting(shell, &door);
        let mut server = shell.start("server");
        ask_for_a_code(&runtime, &mut server);
        if sent {
            let said = outcome(&mut server);
            assert!(said.contains("Job completed"), "{said}");
            is_the_code(&mailbox.only());
        } else {
            let said = outcome(&mut server);
            assert!(said.contains("Job failed, will retry"), "an operator can mend it: {said}");
            assert!(mailbox.take().is_empty());
        }
        assert!(!server.seen.contains("hunter"), "{}", server.seen);
    }
}

#[test]
fn nothing_is_said_to_who_cannot_prove_themselves_or_not_encrypt() {
    let runtime = Runtime::new().unwrap();
    for (encryption, mode) in [
        (Encryption::StartTls, "starttls"),
        (Encryption::Tls, "tls"),
        // Somebody in between may have taken the offer away.
        (Encryption::None, "starttls"),
        (Encryption::None, "tls"),
    ] {
        let mailbox = runtime.block_on(Mailbox::behind(Door::encrypted(encryption)));
        let (shell, _database) = sending(&smtp(mode, &mailbox));
        let other = Door::encrypted(Encryption::Tls);
        let shell = trusting(shell, &other);
        let mut server = shell.start("server");
        ask_for_a_code(&runtime, &mut server);
        let said = outcome(&mut server);
        assert!(said.contains("Job failed, will retry"), "{said}");
        assert!(mailbox.take().is_empty(), "{mode}");
    }
}

#[test]
fn a_program_takes_mail_on_its_standard_input() {
    let runtime = Runtime::new().unwrap();
    let (shell, _database) = sending("transport: sendmail, command: ./sendmail");
    shell.write("sendmail", "#!/bin/sh\necho \"$@\" > arguments\ncat > mail\n");
    let program = shell.path().join("sendmail");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut server = shell.start("server");
    ask_for_a_code(&runtime, &mut server);
    let said = outcome(&mut server);
    assert!(said.contains("Job completed"), "{said}");
    let (arguments, mail) = (shell.read("arguments"), shell.read("mail"));
    assert!(arguments.trim().ends_with("-- alice@example.com"), "{arguments}");
    assert!(arguments.contains("-f accounts@example.com"), "{arguments}");
    for header in ["From: Accounts <accounts@example.com>", "To: alice@example.com", "Subject: Your code is "]
    {
        assert!(mail.contains(header), "{header}: {mail}");
    }
    drop(server);

    shell.write("sendmail", "#!/bin/sh\necho 'no room' >&2\nexit 75\n");
    let mut server = shell.start("server");
    ask_for_a_code(&runtime, &mut server);
    let said = outcome(&mut server);
    assert!(said.contains("Job failed, will retry"), "{said}");
}
