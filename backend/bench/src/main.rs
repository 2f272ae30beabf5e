//! `latchkey-bench`: how fast the release binary is, what it costs, and whether it keeps the promises made about it.
//!
//! It starts `mas-cli` (built with the feature `bench`, for the floor route) on a fresh database, fills that, and
//! drives it over loopback with keep-alive HTTP/1.1. The load generator and, where there is one, PostgreSQL share the
//! machine's cores with the server: so it is one thread with few connections, and what counts most is the server's
//! own processor time. `scripts/bench` builds and runs it on both engines.

mod account;
mod bare;
mod client;
mod lists;
mod load;
mod pace;
mod process;
mod queue;
mod report;
mod run;
mod seed;
mod server;
mod work;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;

/// What went wrong, in words: nobody has to tell failures apart here.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Measures a release build of mas-cli
#[derive(Parser)]
struct Arguments {
    /// The mas-cli to measure, built with the feature `bench`
    #[arg(long)]
    server: PathBuf,

    /// A superuser's address of a PostgreSQL server; without it, SQLite is measured
    #[arg(long, env = "LATCHKEY_TEST_POSTGRES", hide_env_values = true)]
    postgres: Option<String>,

    /// How long each load is kept up
    #[arg(long, default_value_t = 8)]
    seconds: u64,

    /// How long the server is left alone before its idle memory is read
    #[arg(long, default_value_t = 60)]
    idle_seconds: u64,

    /// Only these loads, and none of the other measurements: floor, introspect, refresh, code, sign-in, queue, account,
    /// crowd, bare; or lists, which fills a database with a million accounts first
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let plan = run::Plan {
        server: arguments.server,
        postgres: arguments.postgres,
        each: Duration::from_secs(arguments.seconds),
        idle: Duration::from_secs(arguments.idle_seconds),
        only: arguments.only,
    };
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Into::into)
        .and_then(|runtime| tokio::task::LocalSet::new().block_on(&runtime, run::run(&plan)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The bench failed: {error}");
            ExitCode::FAILURE
        }
    }
}
