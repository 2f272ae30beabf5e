//! `manage register-user` and `manage set-password` at a terminal, which `script` (of Debian's essential packages)
//! provides.

use std::{
    io::{Read, Write},
    process::{Child, Command, Stdio},
};

use super::Shell;

const GOOD: &str = "tepid-Walrus/89-orbit";

struct Terminal {
    child: Child,
    seen: String,
    /// How much of it the test has dealt with.
    read: usize,
}

impl Shell {
    fn at_a_terminal(&self, arguments: &str) -> Terminal {
        let command = self.command(arguments);
        let line =
            format!("stty cols 120 rows 40; exec {} {arguments}", command.get_program().to_str().unwrap());
        let mut script = Command::new("script");
        script
            .args(["--quiet", "--return", "--flush", "--command", &line, "/dev/null"])
            .current_dir(self.path());
        script.env_clear().env("PATH", "/usr/bin:/bin").env("TERM", "xterm").env("SHELL", "/bin/sh");
        script.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        Terminal { child, seen: String::new(), read: 0 }
    }
}

impl Terminal {
    /// Waits for words on the screen, then types.
    #[track_caller]
    fn on(&mut self, words: &str, typed: &str) {
        self.sees(words);
        self.child.stdin.as_mut().unwrap().write_all(typed.as_bytes()).unwrap();
    }

    /// At the menu, which comes below the table: redrawn while one types, so its words alone do not tell.
    #[track_caller]
    fn chooses(&mut self, typed: &str) {
        self.sees("The same without questions");
        self.on("type to filter", typed);
    }

    #[track_caller]
    fn sees(&mut self, words: &str) {
        loop {
            if let Some(at) = self.seen[self.read..].find(words) {
                self.read += at + words.len();
                return;
            }
            let mut bytes = [0; 4096];
            let length = self.child.stdout.as_mut().unwrap().read(&mut bytes).unwrap();
            assert_ne!(length, 0, "it ended without {words:?}: {}", self.seen);
            self.seen.push_str(&String::from_utf8_lossy(&bytes[..length]));
        }
    }

    fn ended(mut self) -> (i32, String) {
        let mut rest = Vec::new();
        self.child.stdout.as_mut().unwrap().read_to_end(&mut rest).unwrap();
        self.seen.push_str(&String::from_utf8_lossy(&rest));
        (self.child.wait().unwrap().code().unwrap(), self.seen.clone())
    }
}

#[test]
fn an_account_is_made_in_a_conversation() {
    let (shell, database) = Shell::migrated();
    shell.run("manage register-user -y alice").ok();
    let mut terminal = shell.at_a_terminal("manage register-user");
    terminal.on("Username", "alice\r");
    terminal.sees("is taken");
    terminal.on("Username", "bob\r");
    terminal.chooses("display\r");
    terminal.on("Display name", "Bob O'Hara\r");
    terminal.chooses("email\r");
    terminal.on("Email", "bob\r");
    terminal.chooses("email\r");
    terminal.on("Email", "bob@example.com\r");
    terminal.chooses("password\r");
    terminal.on("Password", "password\r");
    terminal.on("once more", "password\r");
    terminal.sees("too weak");
    terminal.on("Password", &format!("{GOOD}\r"));
    terminal.on("once more", &format!("{GOOD}\r"));
    terminal.chooses("create\r");
    terminal.on("Confirm?", "y\r");
    let (code, seen) = terminal.ended();
    assert_eq!(code, 0, "{seen}");
    assert!(seen.contains("User registered") && !seen.contains(GOOD), "{seen}");
    assert!(seen.contains("mas-cli manage register-user --yes bob --email bob@example.com"), "{seen}");
    assert_eq!(database.texts("SELECT email FROM user_emails"), ["bob@example.com"]);
    assert_eq!(database.texts("SELECT username FROM users ORDER BY username"), ["alice", "bob"]);
}

#[test]
fn no_means_no_and_escape_is_an_error() {
    let (shell, database) = Shell::migrated();
    let mut terminal = shell.at_a_terminal("manage register-user alice");
    terminal.chooses("\r");
    terminal.on("Confirm?", "n\r");
    let (code, seen) = terminal.ended();
    assert_eq!((code, seen.contains("Aborted")), (0, true), "{seen}");

    let mut terminal = shell.at_a_terminal("manage register-user alice");
    terminal.chooses("\x1b");
    let (code, seen) = terminal.ended();
    assert_eq!((code, seen.contains("Error: Aborted")), (1, true), "{seen}");
    assert!(database.texts("SELECT username FROM users").is_empty());
}

#[test]
fn a_password_is_asked_for_when_none_is_given() {
    let (shell, database) = Shell::migrated();
    shell.run("manage register-user -y alice").ok();
    let mut terminal = shell.at_a_terminal("manage set-password alice");
    terminal.on("Password", &format!("{GOOD}\r"));
    terminal.on("once more", &format!("{GOOD}\r"));
    let (code, seen) = terminal.ended();
    assert_eq!(code, 0, "{seen}");
    assert!(seen.contains("Password changed") && !seen.contains(GOOD), "{seen}");
    assert_eq!(database.texts("SELECT kind FROM authenticators"), ["password"]);
}
