//! `jobs`: the queue, from the command line.
//!
//! Results go to stdout, as a table for people or as JSON. What a job is about can be personal (a display name), so only
//! `show --payload` tells it. Changes take effect within a second: running workers look that often.

mod view;

use domain::jobs::operator::{self, Done, Filter, Page, State};
use kernel::{Error, Kind, Op, Result, config::DatabaseConfig, id::JobId};
use serde_json::json;
use store::{Db, Standing, Tx};

use super::{operation, write_output};
use crate::{
    assembly,
    config::{Options, Source},
};

#[derive(clap::Subcommand)]
pub enum Command {
    /// List jobs, the newest first: those that wait, run or have died, unless told otherwise
    List(List),

    /// Show one job
    Show(Show),

    /// Try dead jobs again from the beginning, and waiting ones at once
    Retry(Which),

    /// Forget jobs; what they were to do is then not done
    Delete(Which),
}

#[derive(clap::Args)]
pub struct List {
    /// Only jobs in this state; may be given several times
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Vec<State>,

    /// Only jobs of this queue
    #[arg(long)]
    queue: Option<String>,

    /// How many at most
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=1000))]
    limit: u64,

    /// Only jobs older than this one: the last of the list before
    #[arg(long, value_name = "ID", value_parser = id)]
    before: Option<JobId>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub struct Show {
    #[arg(value_parser = id)]
    id: JobId,

    /// Also what the job is about, which can be personal data
    #[arg(long)]
    payload: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("which").required(true).args(["ids", "all"])))]
pub struct Which {
    /// Ids of jobs
    #[arg(value_name = "ID", value_parser = id)]
    ids: Vec<JobId>,

    /// All jobs that have died
    #[arg(long)]
    all: bool,

    /// With --all: only those of this queue
    #[arg(long, requires = "all")]
    queue: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn id(text: &str) -> Result<JobId, kernel::id::InvalidId> {
    text.parse()
}

fn state(text: &str) -> Result<State, String> {
    let known = State::ALL.into_iter().find(|state| state.name() == text);
    known.ok_or_else(|| {
        let names: Vec<_> = State::ALL.iter().map(|state| state.name()).collect();
        format!("expected one of {}", names.join(", "))
    })
}

impl Command {
    pub async fn run(self, options: &Options) -> Result<()> {
        let config: DatabaseConfig = Source::load(options)?.section()?;
        let db = assembly::database_for_command(&config).await?;
        let standing = store::standing(&db).await?;
        if standing != Standing::Current {
            return Err(store::refusal(&standing));
        }
        let op = operation("jobs");
        let text = match self {
            Self::List(command) => command.run(&db, &op).await?,
            Self::Show(command) => command.run(&db, &op).await?,
            Self::Retry(which) => which.run(&db, &op, Wish::Retry).await?,
            Self::Delete(which) => which.run(&db, &op, Wish::Delete).await?,
        };
        db.close();
        write_output(None, &text)
    }
}

impl List {
    async fn run(self, db: &Db, op: &Op) -> Result<String> {
        let mut filter = Filter { states: self.state, queue: self.queue, user: None };
        if filter.states.is_empty() {
            filter.states = State::ALL.into_iter().filter(|state| *state != State::Completed).collect();
        }
        let page = Page { after: None, before: self.before, size: self.limit, newest_first: true };
        let listed = operator::list(&db.read, op, &filter, page).await?;
        Ok(if self.json { view::list_json(&listed, op.now) } else { view::table(&listed, op.now) })
    }
}

impl Show {
    async fn run(self, db: &Db, op: &Op) -> Result<String> {
        let job = operator::find(&db.read, self.id).await?;
        let job = job.ok_or_else(|| no_such_job(self.id))?;
        let payload = self.payload.then_some(&job.payload);
        Ok(if self.json {
            format!("{}\n", view::json(&job, op.now, payload))
        } else {
            view::details(&job, op.now, payload)
        })
    }
}

#[derive(Clone, Copy)]
enum Wish {
    Retry,
    Delete,
}

impl Which {
    /// All or nothing: one transaction.
    async fn run(self, db: &Db, op: &Op, wish: Wish) -> Result<String> {
        let count = db
            .write(async |tx| match (wish, self.queue.as_deref()) {
                (Wish::Retry, queue) if self.all => operator::retry_failed(tx, op, queue).await,
                (Wish::Delete, queue) if self.all => operator::delete_failed(tx, op, queue).await,
                _ => self.each(tx, op, wish).await,
            })
            .await?;
        let (key, words) = match wish {
            Wish::Retry => ("retried", "to be tried again"),
            Wish::Delete => ("deleted", "deleted"),
        };
        let jobs = if count == 1 { "1 job".to_owned() } else { format!("{count} jobs") };
        Ok(if self.json { format!("{}\n", json!({ key: count })) } else { format!("{jobs} {words}\n") })
    }

    async fn each(&self, tx: &Tx, op: &Op, wish: Wish) -> Result<u64> {
        for id in &self.ids {
            let done = match wish {
                Wish::Retry => operator::retry(tx, op, *id).await?,
                Wish::Delete => operator::delete(tx, op, *id).await?,
            };
            let refusal = match done {
                Done::Yes => continue,
                Done::NoSuchJob => return Err(no_such_job(*id)),
                Done::Running => {
                    format!(
                        "job {id} is running: wait until it has ended, or for a minute if its worker has died"
                    )
                }
                Done::Completed => format!("job {id} has been completed: there is nothing to try again"),
            };
            return Err(Error::new(Kind::Conflict, refusal));
        }
        Ok(self.ids.len() as u64)
    }
}

fn no_such_job(id: JobId) -> Error {
    Error::new(Kind::NotFound, format!("there is no job {id}: completed ones are forgotten after a while"))
}
