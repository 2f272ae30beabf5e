//! The command line: one file per command. Flags, exit codes and where output goes are those of MAS, so that
//! runbooks keep working: results on stdout, logs on stderr; 0 is success, 1 an error, 2 wrong usage.

mod config;
mod database;
mod graphql;
mod jobs;
mod manage;
mod server;
mod worker;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Parser, Subcommand};
use kernel::{Actor, Clock, Error, Kind, Op, Result, SystemClock, SystemRandom};

use crate::{config::Options, serve::Inherited};

/// `git describe` of the build where the build sets it.
const VERSION: &str = match option_env!("LATCHKEY_VERSION") {
    Some(version) => version,
    None => concat!("v", env!("CARGO_PKG_VERSION")),
};

/// Authentication service for Matrix homeservers
#[derive(Parser)]
#[command(name = "mas-cli", version = VERSION)]
pub struct Cli {
    /// Configuration file; may be given several times, and then they are merged in order
    #[arg(short, long, global = true, value_name = "PATH")]
    config: Vec<PathBuf>,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve HTTP and run background jobs (the default)
    Server(server::Command),

    /// Run background jobs only
    Worker,

    /// Look after the database
    Database {
        #[command(subcommand)]
        command: database::Command,
    },

    /// Write, check and show the configuration
    Config {
        #[command(subcommand)]
        command: config::Command,
    },

    /// Write the schema of the account API
    Graphql {
        #[command(subcommand)]
        command: graphql::Command,
    },

    /// Look after accounts
    Manage(manage::Manage),

    /// See background jobs, and try again those that have died
    Jobs {
        #[command(subcommand)]
        command: jobs::Command,
    },
}

/// Reads the command line; ends the process with help or a usage error.
pub fn parse(arguments: impl Iterator<Item = OsString>) -> Cli {
    Cli::parse_from(configs_first(arguments))
}

impl Cli {
    /// `inherited`: the sockets that a service manager handed over.
    pub async fn run(self, inherited: Inherited) -> Result<ExitCode> {
        let options = Options::of_process(self.config)?;
        let done = |()| ExitCode::SUCCESS;
        match self.command {
            Some(Command::Config { command }) => command.run(&options).await.map(done),
            Some(Command::Database { command }) => command.run(&options).await.map(done),
            Some(Command::Graphql { command }) => command.run().map(done),
            Some(Command::Manage(command)) => command.run(&options).await,
            Some(Command::Jobs { command }) => command.run(&options).await.map(done),
            Some(Command::Worker) => worker::run(&options).await,
            Some(Command::Server(command)) => command.run(&options, inherited).await,
            None => server::Command::default().run(&options, inherited).await,
        }
    }
}

/// clap drops a global option before the sub-command when it is given again after it, but they are to add up:
/// so they all go first.
fn configs_first(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let (mut first, mut rest): (Vec<OsString>, Vec<OsString>) = (Vec::new(), Vec::new());
    let mut arguments = arguments.into_iter();
    first.extend(arguments.next());
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        if text == "--" {
            rest.push(argument);
            rest.extend(arguments);
            break;
        }
        if text == "-c" || text == "--config" {
            first.push(argument);
            first.extend(arguments.next());
        } else if text.starts_with("--config=") || (text.starts_with("-c") && !text.starts_with("--")) {
            first.push(argument);
        } else {
            rest.push(argument);
        }
    }
    first.extend(rest);
    first
}

/// The operation that a command is; `name` is what audit events say of where it came from.
fn operation(name: &str) -> Op {
    Op::new(SystemClock.now(), Arc::new(SystemRandom), name).by(Actor::Operator)
}

/// Writes a command's result to stdout, or to a file that only its owner may read.
fn write_output(path: Option<&Path>, text: &str) -> Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let written = match path {
        None => std::io::stdout().lock().write_all(text.as_bytes()),
        Some(path) => std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path)
            .and_then(|mut file| file.write_all(text.as_bytes())),
    };
    written.map_err(|error| {
        let place = path.map_or("standard output".to_owned(), |path| path.display().to_string());
        Error::new(Kind::Invalid, format!("cannot write to {place}")).caused_by(error)
    })
}
