//! Erasing what is kept of a person who has been deactivated. What stays: the row with the name, so that nobody takes it, and
//! events without addresses, user agents and data (`docs/security.md` says why). Each step can be repeated, and each that may
//! be long is done in slices, so that on SQLite nobody waits for long.

use std::time::Duration;

use kernel::{Op, Result, id::UserId};
use store::{Db, sql};

use super::deactivate::FORGET;
use crate::jobs::{self, Job};

const SLICE: i64 = 500;
/// By then the homeserver has most often deleted the person, with all devices.
const DEVICES_AFTER: Duration = Duration::from_secs(600);

/// Erases. All sessions of the person have ended before.
pub async fn erase(db: &Db, op: &Op, user: UserId) -> Result<()> {
    leave_devices(db, op, user).await?;
    // Once more: something may have been added since the deactivation.
    for statement in FORGET {
        sql::execute(&db.single, statement, [user.into()]).await?;
    }
    for statement in BY_USER {
        while sql::execute(&db.single, statement, [user.into(), SLICE.into()]).await? == SLICE as u64 {}
    }
    forget_jobs(db, user, JOBS).await?;
    let actor = crate::audit::actor(kernel::Actor::User(user));
    let values = || [user.into(), SLICE.into(), actor.clone().into()];
    while sql::execute(&db.single, EVENTS, values()).await? == SLICE as u64 {}
    Ok(())
}

/// Should the account be opened before the homeserver has deleted it, the devices are still there, and nothing else would name
/// them.
async fn leave_devices(db: &Db, op: &Op, user: UserId) -> Result<()> {
    const DEVICES: &str = "SELECT DISTINCT device_id FROM sessions \
                           WHERE user_id = $1 AND finished_at IS NOT NULL AND device_id IS NOT NULL AND NOT foreign_device";
    let rows = sql::all(&db.read, DEVICES, [user.into()]).await?;
    let devices = rows.iter().map(|row| row.try_get("", "device_id")).collect::<Result<Vec<String>, _>>()?;
    if devices.is_empty() {
        return Ok(());
    }
    db.write(async |tx| {
        for slice in devices.chunks(SLICE as usize) {
            let job = Job::DeleteDevices { user, devices: slice.to_vec() };
            jobs::enqueue_after(tx, op, &job, DEVICES_AFTER).await?;
        }
        Ok(())
    })
    .await
}

/// The homeserver has deleted the person: no device is left to name.
pub async fn forget_devices(db: &Db, user: UserId) -> Result<()> {
    forget_jobs(db, user, DEVICE_JOBS).await
}

/// Payloads name devices, and tell display names. Asked for long after the deactivation, it may find jobs that are still to come.
async fn forget_jobs(db: &Db, user: UserId, which: &'static str) -> Result<()> {
    let rows = sql::all(&db.read, which, [user.to_string().into()]).await?;
    for row in rows {
        let id: kernel::id::JobId = row.try_get("", "id")?;
        sql::execute(&db.single, "DELETE FROM jobs WHERE id = $1", [id.into()]).await?;
    }
    Ok(())
}

macro_rules! slice {
    ($table:literal, $which:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE id IN (SELECT id FROM ",
            $table,
            " WHERE ",
            $which,
            " LIMIT $2)"
        )
    };
}

// What points to sessions before these: it is found by them. Sessions take tokens and legacy logins along, browser
// sessions legacy logins, registrations their proofs of an address.
const BY_USER: [&str; 13] = [
    slice!(
        "authorization_grants",
        "browser_session_id IN (SELECT id FROM browser_sessions WHERE user_id = $1)"
    ),
    slice!("authorization_grants", "session_id IN (SELECT id FROM sessions WHERE user_id = $1)"),
    slice!("device_grants", "browser_session_id IN (SELECT id FROM browser_sessions WHERE user_id = $1)"),
    slice!("device_grants", "session_id IN (SELECT id FROM sessions WHERE user_id = $1)"),
    slice!(
        "email_authentications",
        "browser_session_id IN (SELECT id FROM browser_sessions WHERE user_id = $1)"
    ),
    slice!("upstream_visits", "browser_session_id IN (SELECT id FROM browser_sessions WHERE user_id = $1)"),
    slice!("upstream_visits", "link_id IN (SELECT id FROM upstream_links WHERE user_id = $1)"),
    slice!("upstream_links", "user_id = $1"),
    slice!("sessions", "(user_id = $1 OR owner_user_id = $1) AND finished_at IS NOT NULL"),
    slice!("browser_sessions", "user_id = $1 AND finished_at IS NOT NULL"),
    slice!("authenticators", "user_id = $1"),
    slice!("registrations", "username = (SELECT username FROM users WHERE users.id = $1)"),
    "DELETE FROM accepted_terms WHERE user_id = $1 AND url IN (SELECT url FROM accepted_terms WHERE user_id = $1 LIMIT $2)",
];

// The job that erases, and a later one that opens the account again, hold nothing but ids.
const JOBS: &str = "SELECT id FROM jobs WHERE payload ->> 'user' = $1 \
  AND payload ->> 'job' NOT IN ('deactivate-user', 'reactivate-user', 'delete-devices')";

const DEVICE_JOBS: &str =
    "SELECT id FROM jobs WHERE payload ->> 'user' = $1 AND payload ->> 'job' = 'delete-devices'";

// Where from another person has acted on the account is not this person's. What was done stays, and to whom, as ids.
const EVENTS: &str = "UPDATE audit_events SET \
    data = CASE WHEN kind = 'user_deactivated' THEN data END, \
    address = CASE WHEN actor LIKE 'user:%' AND actor <> $3 THEN address END, \
    user_agent = CASE WHEN actor LIKE 'user:%' AND actor <> $3 THEN user_agent END \
  WHERE id IN (SELECT id FROM audit_events WHERE user_id = $1 AND (\
    (data IS NOT NULL AND kind <> 'user_deactivated') \
    OR ((address IS NOT NULL OR user_agent IS NOT NULL) AND NOT (actor LIKE 'user:%' AND actor <> $3))) LIMIT $2)";
