//! What happens again and again. To add something, add a line to [`SCHEDULES`].
//!
//! Any number of workers look; the one whose guarded `UPDATE` moves a schedule on also enqueues its job, in the same
//! transaction, so that a worker that is killed leaves either both or neither. A run does not begin before the previous
//! one has ended, and runs that were missed because no worker was there are made up for by one.

use std::time::Duration;

use kernel::{Op, Result, Timestamp};
use store::{Db, sql};

use super::{
    Job, Remains,
    queue::{When, insert},
};

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// When something happens, and what. Times are UTC.
#[derive(Debug)]
pub struct Schedule {
    /// Seconds from one run to the next, counted from 1970, and how far into that time a run begins.
    every: u64,
    offset: u64,
    job: Job,
}

const fn every(every: u64, offset: u64, job: Job) -> Schedule {
    Schedule { every, offset, job }
}

const fn hourly(minute: u64, remains: Remains) -> Schedule {
    every(HOUR, minute * MINUTE, clean_up(remains))
}

const fn clean_up(remains: Remains) -> Job {
    Job::CleanUp { remains, after: None }
}

/// All of them. App sessions go before the browser sessions that they came from, which stay as long as one points to them.
pub static SCHEDULES: &[Schedule] = &[
    hourly(5, Remains::TokensOfEndedSessions),
    hourly(15, Remains::EndedSessions),
    hourly(20, Remains::EndedBrowserSessions),
    hourly(30, Remains::AuthorizationGrants),
    hourly(32, Remains::UnansweredAuthorizationGrants),
    hourly(34, Remains::UnansweredCompatSsoLogins),
    hourly(35, Remains::DeviceGrants),
    hourly(38, Remains::CompatSsoLogins),
    hourly(40, Remains::ClientAssertions),
    hourly(40, Remains::UpstreamVisits),
    hourly(40, Remains::UpstreamLinks),
    hourly(45, Remains::SignIns),
    hourly(45, Remains::Registrations),
    hourly(46, Remains::UnfinishedRegistrations),
    hourly(50, Remains::RecoverySessions),
    hourly(50, Remains::EmailAuthentications),
    hourly(50, Remains::Changes),
    hourly(55, Remains::Jobs),
    hourly(55, Remains::BulkOperations),
    hourly(58, Remains::IdempotencyKeys),
    every(DAY, 2 * HOUR, clean_up(Remains::PolicyData)),
    every(DAY, 3 * HOUR + 25 * MINUTE, clean_up(Remains::InactiveAddresses)),
    every(DAY, 3 * HOUR + 40 * MINUTE, clean_up(Remains::InactiveBrowserAddresses)),
    every(DAY, 3 * HOUR + 10 * MINUTE, clean_up(Remains::SpentClientSessions)),
    every(DAY, 3 * HOUR + 45 * MINUTE, clean_up(Remains::AuditAddresses)),
    every(DAY, 3 * HOUR + 50 * MINUTE, clean_up(Remains::AuditFailedSignIns)),
    every(DAY, 3 * HOUR + 55 * MINUTE, clean_up(Remains::AuditEvents)),
    // More often than sessions are forgotten, so that a client that had one is known to have had it.
    every(HOUR, 10 * MINUTE, Job::RemoveUnusedClients),
    every(15 * MINUTE, 30, Job::ExpireInactive),
];

impl Schedule {
    /// The schedule's name, which is the queue of its job.
    pub const fn name(&self) -> &'static str {
        self.job.queue()
    }

    /// The first time after `now`.
    fn next(&self, now: Timestamp) -> Timestamp {
        let now = u64::try_from(now.as_secs()).unwrap_or(0);
        let round = (now + self.every - self.offset) / self.every;
        let next = round * self.every + self.offset;
        Timestamp::from_secs(i64::try_from(next).unwrap_or(i64::MAX))
    }
}

/// Enqueues what is due; the answer is the names. One statement when nothing is.
pub async fn plan(db: &Db, op: &Op) -> Result<Vec<&'static str>> {
    let mut planned = Vec::new();
    let rows = sql::all(&db.read, "SELECT name, next_run_at FROM schedules", []).await?;
    let mut known = Vec::with_capacity(rows.len());
    for row in &rows {
        known.push((row.try_get::<String>("", "name")?, row.try_get::<Timestamp>("", "next_run_at")?));
    }
    for schedule in SCHEDULES {
        match known.iter().find(|(name, _)| name == schedule.name()) {
            Some((_, at)) if *at <= op.now => {
                if move_on(db, op, schedule, *at).await? {
                    planned.push(schedule.name());
                }
            }
            // The clock was wrong when it was moved on, and nothing would happen for as long as that.
            Some((_, at)) if at.since(schedule.next(op.now)) > Duration::from_secs(schedule.every) => {
                let values = [schedule.name().into(), (*at).into(), schedule.next(op.now).into()];
                sql::execute(&db.single, MOVE_ON, values).await?;
            }
            Some(_) => {}
            None => {
                let values = [schedule.name().into(), schedule.next(op.now).into()];
                sql::execute(&db.single, INSERT, values).await?;
            }
        }
    }
    Ok(planned)
}

/// Whether this worker was the one, and the previous run has ended.
async fn move_on(db: &Db, op: &Op, schedule: &Schedule, at: Timestamp) -> Result<bool> {
    db.write(async |tx| {
        let values = [schedule.name().into(), at.into(), schedule.next(op.now).into()];
        if sql::execute(tx, MOVE_ON, values).await? == 0 {
            return Ok(false);
        }
        if sql::one(tx, UNDER_WAY, [schedule.name().into()]).await?.is_some() {
            return Ok(false);
        }
        let when = When { delay: Duration::ZERO, schedule: Some(schedule.name()) };
        insert(tx, op, &schedule.job, when).await?;
        Ok(true)
    })
    .await
}

const INSERT: &str =
    "INSERT INTO schedules (name, next_run_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

const MOVE_ON: &str = "UPDATE schedules SET next_run_at = $3 WHERE name = $1 AND next_run_at = $2";

const UNDER_WAY: &str = "SELECT 1 AS found FROM jobs \
  WHERE schedule = $1 AND completed_at IS NULL AND failed_at IS NULL LIMIT 1";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn next(every_: u64, offset: u64, now: i64) -> i64 {
        every(every_, offset, Job::ExpireInactive).next(Timestamp::from_secs(now)).as_secs()
    }

    #[test]
    fn the_next_time_lies_ahead() {
        assert_eq!(next(HOUR, 0, 0), 3600);
        assert_eq!(next(HOUR, 300, 0), 300);
        assert_eq!(next(HOUR, 300, 299), 300);
        assert_eq!(next(HOUR, 300, 300), 3900);
        assert_eq!(next(DAY, 3 * HOUR, 1_785_585_600), 1_785_639_600);
    }

    #[test]
    fn names_tell_schedules_apart() {
        let names: BTreeSet<_> = SCHEDULES.iter().map(Schedule::name).collect();
        assert_eq!(names.len(), SCHEDULES.len());
    }
}
