//! How jobs are printed.

use std::fmt::Write;

use domain::jobs::operator::{Jobs, State};
use kernel::Timestamp;
use serde_json::{Value, json};
use store::tables::jobs::Model;

/// Of reasons, in a table.
const WIDEST_REASON: usize = 60;

/// A line for each job; the columns are as wide as they have to be.
pub fn table(listed: &Jobs, now: Timestamp) -> String {
    let mut rows = vec![["ID", "QUEUE", "STATE", "TRIES", "CREATED", "DUE", "REASON"].map(str::to_owned)];
    rows.extend(listed.jobs.iter().map(|job| row(job, now)));
    if rows.len() == 1 {
        return "No jobs\n".to_owned();
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    if let Some(last) = listed.jobs.last().filter(|_| listed.more) {
        let _ = writeln!(text, "There are more: --before {}", last.id);
    }
    text
}

fn row(job: &Model, now: Timestamp) -> [String; 7] {
    let state = State::of(job, now);
    let due =
        if matches!(state, State::Completed | State::Failed) { String::new() } else { seconds(job.run_at) };
    let reason = job.reason.as_deref().unwrap_or_default();
    let mut short: String = one_line(reason).chars().take(WIDEST_REASON).collect();
    if reason.chars().count() > WIDEST_REASON {
        short.push('…');
    }
    [
        job.id.to_string(),
        job.queue.clone(),
        state.name().to_owned(),
        tries(job, state).to_string(),
        seconds(job.created_at),
        due,
        short,
    ]
}

/// Control characters could play tricks on a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// To the second.
fn seconds(at: Timestamp) -> String {
    Timestamp::from_secs(at.as_secs()).rfc3339()
}

/// How many times it was begun.
const fn tries(job: &Model, state: State) -> i64 {
    match state {
        State::Scheduled | State::Available => job.attempt,
        State::Running | State::Completed | State::Failed => job.attempt + 1,
    }
}

/// A line for each fact.
pub fn details(job: &Model, now: Timestamp, payload: Option<&Value>) -> String {
    let state = State::of(job, now);
    let at = |at: Option<Timestamp>| at.map(Timestamp::rfc3339);
    let facts = [
        ("id", Some(job.id.to_string())),
        ("queue", Some(job.queue.clone())),
        ("state", Some(state.name().to_owned())),
        ("tries", Some(tries(job, state).to_string())),
        ("schedule", job.schedule.clone()),
        ("created", at(Some(job.created_at))),
        ("due", at(Some(job.run_at))),
        ("worker", job.leased_by.clone()),
        ("leased until", at(job.leased_until)),
        ("completed", at(job.completed_at)),
        ("failed", at(job.failed_at)),
        ("reason", job.reason.as_deref().map(one_line)),
        ("payload", Some(payload.map_or("not shown: --payload shows it".to_owned(), Value::to_string))),
    ];
    let facts = facts.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    facts.map(|(name, value)| format!("{name:<13} {value}\n")).collect()
}

pub fn json(job: &Model, now: Timestamp, payload: Option<&Value>) -> Value {
    let state = State::of(job, now);
    let at = |at: Option<Timestamp>| at.map(Timestamp::rfc3339);
    let mut value = json!({
        "id": job.id,
        "queue": job.queue,
        "state": state.name(),
        "tries": tries(job, state),
        "schedule": job.schedule,
        "created_at": at(Some(job.created_at)),
        "run_at": at(Some(job.run_at)),
        "leased_by": job.leased_by,
        "leased_until": at(job.leased_until),
        "completed_at": at(job.completed_at),
        "failed_at": at(job.failed_at),
        "reason": job.reason,
    });
    if let Some(payload) = payload {
        value["payload"] = payload.clone();
    }
    value
}

/// One object, so that it can grow.
pub fn list_json(listed: &Jobs, now: Timestamp) -> String {
    let jobs: Vec<_> = listed.jobs.iter().map(|job| json(job, now, None)).collect();
    format!("{}\n", json!({ "jobs": jobs, "more": listed.more }))
}
