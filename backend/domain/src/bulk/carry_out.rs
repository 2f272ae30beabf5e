//! What is done to one account or session: one transaction, which also counts it and leaves a trace. Only ending all the sessions
//! of an account may take several, each of which tells what it has ended; the first one counts the account.

use kernel::{Error, Op, Result, Timestamp, id::*};
use serde_json::{Value, json};
use store::{Tx, sql, tables};

use super::{
    Action, Plan,
    run::{Stumble, Work},
};
use crate::{
    audit::{self, Subject},
    jobs::Parts,
    sessions::{
        SessionKind,
        end::{self, Reason},
        end_all::Which,
    },
    users::{self, Counts, Settled, browser},
};

/// What came of it.
pub(super) enum Effect {
    Changed(Box<Trace>),
    /// It was so before.
    Unchanged,
    Refused(Refused),
}

/// Why it could not be done, by a stable code and in a sentence.
pub(super) struct Refused {
    pub code: &'static str,
    pub reason: String,
}

/// For the audit trail.
pub(super) struct Trace {
    whom: Subject,
    before: Value,
    after: Value,
}

impl Effect {
    fn changed(whom: Subject, before: Value, after: Value) -> Self {
        Self::Changed(Box::new(Trace { whom, before, after }))
    }

    fn missing(what: &str) -> Self {
        Self::Refused(Refused { code: "not_found", reason: format!("There is no {what} with this id") })
    }
}

/// Does to the target what is asked for, and counts it.
pub(super) async fn carry_out(
    parts: Parts<'_>,
    op: &Op,
    work: &Work,
    target: BulkTargetId,
) -> Result<(), Stumble> {
    if work.plan.action == Action::EndUserSessions {
        // An account may have more sessions than one transaction should end.
        while parts.db.write(async |tx| end_some(tx, op, work, target).await).await? {}
        return Ok(());
    }
    parts
        .db
        .write(async |tx| {
            let effect = apply(tx, op, &work.plan, target).await?;
            work.count(tx, target, &effect).await?;
            if let Effect::Changed(trace) = effect {
                record(tx, op, work, target, *trace).await?;
            }
            Ok(())
        })
        .await
}

/// Ends as many sessions of an account as one transaction may. Whether there may be more.
async fn end_some(tx: &Tx, op: &Op, work: &Work, target: BulkTargetId) -> Result<bool, Stumble> {
    let user = UserId(target.0);
    if users::hold(tx, user).await?.is_none() {
        work.count(tx, target, &Effect::missing("user")).await?;
        return Ok(false);
    }
    let mut ended = Counts::default();
    let more = users::end_slice(tx, op, user, (Which::Apps, Reason::ByAdmin), &mut ended).await?;
    let effect = sessions_ended(user, ended);
    if more {
        work.count_begun(tx, target).await?;
    } else {
        work.count(tx, target, &effect).await?;
    }
    if let Effect::Changed(trace) = effect {
        record(tx, op, work, target, *trace).await?;
    }
    Ok(more)
}

async fn apply(tx: &Tx, op: &Op, plan: &Plan, target: BulkTargetId) -> Result<Effect> {
    match plan.action {
        Action::EndSession(kind) => end_session(tx, op, kind, SessionId(target.0)).await,
        Action::EndBrowserSession => end_browser_session(tx, op, BrowserSessionId(target.0)).await,
        _ => change_user(tx, op, plan, UserId(target.0)).await,
    }
}

async fn change_user(tx: &Tx, op: &Op, plan: &Plan, id: UserId) -> Result<Effect> {
    let Some(before) = users::hold(tx, id).await? else { return Ok(Effect::missing("user")) };
    let Settled { user, changed, .. } = match plan.action {
        Action::LockUser => users::lock(tx, op, id).await?,
        Action::UnlockUser => users::unlock(tx, op, id).await?,
        // What was kept of them may have been kept on purpose, which a filter does not know.
        Action::DeactivateUser { .. } if before.deactivated_at.is_some() && !plan.names_each() => {
            return Ok(Effect::Unchanged);
        }
        Action::DeactivateUser { erase } => users::deactivate(tx, op, id, erase).await?,
        other => return Err(Error::internal(format!("{other:?} is nothing that is done to an account"))),
    };
    if !changed {
        return Ok(Effect::Unchanged);
    }
    let mut after = state(&user);
    if let Action::DeactivateUser { erase } = plan.action {
        after["erase"] = erase.into();
    }
    Ok(Effect::changed(about(id), state(&before), after))
}

fn sessions_ended(id: UserId, ended: Counts) -> Effect {
    if ended == Counts::default() {
        return Effect::Unchanged;
    }
    let after = json!({
        "user_sessions": ended.browser, "oauth2_sessions": ended.oauth, "compat_sessions": ended.compat,
    });
    Effect::changed(about(id), Value::Null, after)
}

async fn end_session(tx: &Tx, op: &Op, kind: SessionKind, id: SessionId) -> Result<Effect> {
    const FIND: &str = "SELECT user_id, client_id FROM sessions WHERE id = $1 AND kind = $2";
    let Some(row) = sql::one(tx, FIND, [id.into(), kind.as_str().into()]).await? else {
        return Ok(Effect::missing("session of this kind"));
    };
    if !end::end(tx, op, id, Reason::ByAdmin).await? {
        return Ok(Effect::Unchanged);
    }
    let whom = Subject {
        user: row.try_get("", "user_id")?,
        client: row.try_get("", "client_id")?,
        session: Some(id),
        ..Default::default()
    };
    Ok(finished(whom, op, if kind == SessionKind::Personal { "revoked_at" } else { "finished_at" }))
}

async fn end_browser_session(tx: &Tx, op: &Op, id: BrowserSessionId) -> Result<Effect> {
    const FIND: &str = "SELECT user_id FROM browser_sessions WHERE id = $1";
    let Some(row) = sql::one(tx, FIND, [id.into()]).await? else {
        return Ok(Effect::missing("user session"));
    };
    if !browser::end(tx, op, id, Reason::ByAdmin).await? {
        return Ok(Effect::Unchanged);
    }
    let user = row.try_get("", "user_id")?;
    let whom = Subject { user, browser_session: Some(id), ..Default::default() };
    Ok(finished(whom, op, "finished_at"))
}

fn finished(whom: Subject, op: &Op, attribute: &str) -> Effect {
    Effect::changed(whom, json!({ attribute: null }), json!({ attribute: op.now.rfc3339() }))
}

fn about(user: UserId) -> Subject {
    Subject { user: Some(user), ..Default::default() }
}

fn state(user: &tables::users::Model) -> Value {
    let text = |at: Option<Timestamp>| at.map(Timestamp::rfc3339);
    json!({ "locked_at": text(user.locked_at), "deactivated_at": text(user.deactivated_at) })
}

/// As a single change leaves it, with the bulk operation that it belongs to.
async fn record(tx: &Tx, op: &Op, work: &Work, target: BulkTargetId, trace: Trace) -> Result<()> {
    let Trace { whom, before, after } = trace;
    let data = json!({
        "operation": work.plan.operation,
        "target": format!("{}/{target}", work.plan.path),
        "by_session": work.by_session,
        "bulk_operation": work.id,
        "before": before,
        "after": after,
    });
    audit::record(tx, op, audit::Kind::Administered, Subject { data: Some(data), ..whom }).await
}
