//! The real binary, run in a folder of its own.

mod config;
mod config_sync;
pub mod database;
mod jobs;
mod listeners;
mod mail;
mod manage;
mod metrics;
mod migrate;
mod playground;
mod prompts;
mod reseal;
mod run_script;
pub mod running;
mod server;
mod sync_devices;

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use database::Database;

/// A folder to run commands in, with an environment that holds nothing but what a test puts there.
pub struct Shell {
    directory: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

/// What a command left behind.
pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Shell {
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), environment: Vec::new() }
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// One with a database, and a configuration without homeserver that serves the health check on a free port.
    pub fn with_database() -> (Self, Database) {
        Self::with_config("matrix: {homeserver: example.com, kind: none}\n")
    }

    /// As [`Self::with_database`], with other sections besides `secrets`, `database` and `http`.
    pub fn with_config(sections: &str) -> (Self, Database) {
        let shell = Self::new();
        let database = Database::empty();
        (shell.on(&database, sections), database)
    }

    /// As [`Self::with_config`], for a database that is there already.
    pub fn on(self, database: &Database, sections: &str) -> Self {
        self.write("base.yaml", &config(database.uri())).write("config.yaml", sections);
        self.env("MAS_CONFIG", "base.yaml:config.yaml")
    }

    /// As [`Self::with_database`], with all tables.
    pub fn migrated() -> (Self, Database) {
        let (shell, database) = Self::with_database();
        shell.run("database migrate").ok();
        (shell, database)
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn write(&self, name: &str, text: &str) -> &Self {
        std::fs::write(self.path().join(name), text).unwrap();
        self
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Runs `mas-cli` with arguments that are separated by spaces.
    pub fn run(&self, arguments: &str) -> Outcome {
        self.run_with_input(arguments, "")
    }

    /// As [`Self::run`], with text on standard input.
    pub fn run_with_input(&self, arguments: &str, input: &str) -> Outcome {
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that reads nothing may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Outcome {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The command, not started, in this folder and environment.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mas-cli"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.path())
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// Health check on a free port, and the database.
fn config(uri: &str) -> String {
    format!(
        "secrets: {{encryption: 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0}}\n\
         database: {{uri: '{uri}'}}\n\
         http: {{public_base: 'http://localhost/', listeners: [{{resources: [name: health], binds: [address: '127.0.0.1:0']}}]}}\n"
    )
}

impl Outcome {
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self
    }

    /// Fails with this exit code, saying this on stderr.
    #[track_caller]
    pub fn fails(self, code: i32, words: &str) -> Self {
        assert_eq!(self.code, code, "{}", self.stderr);
        assert!(self.stderr.contains(words), "{}", self.stderr);
        self
    }
}
