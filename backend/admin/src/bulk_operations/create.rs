//! Asking for a bulk operation: what for, and whom it is done to.
//!
//! A slip here may close every account there is. So nothing is passed over in silence: neither a member nor a filter that is
//! not known; everybody has to be asked for by name; whoever asks is left alone; and `dry_run` tells how many it would be.

use std::collections::BTreeSet;

use axum::{
    Extension, Json,
    response::{IntoResponse, Response},
};
use domain::{
    audit::Subject,
    bulk::{self, Action, Asked, Plan, Which},
    directory::{self, known::Named},
    sessions::SessionKind,
};
use edge::App;
use http::{StatusCode, header};
use kernel::{Error, Op, id::*};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use store::sql;
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};

use super::{BulkAction, BulkOperationResponse, find, resource};
use crate::{
    Admin, Problem,
    audited::Change,
    body::Body,
    compat_sessions::CompatSessionFilter,
    document::Single,
    listed::{self, Turns},
    oauth2_sessions::OAuth2SessionFilter,
    openapi::{BadBody, Failures, Missing},
    personal_sessions::PersonalSessionFilter,
    problem::ErrorResponse,
    types::Ulid,
    user_sessions::UserSessionFilter,
    users::UserFilter,
};

const MOST_IDS: usize = 10_000;

/// What is to be done to whom. Exactly one of `ids`, `filter` and `all` tells to whom
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({ "operation": "lockUser", "filter": { "status": "active", "search": "spam" }, "dry_run": true })))]
pub struct AddBulkOperationRequest {
    operation: BulkAction,
    /// Of these accounts or sessions
    #[schema(value_type = Option<Vec<Ulid>>, max_items = 10_000)]
    ids: Option<Vec<BulkTargetId>>,
    /// Of all that the list of the resource has with this filter: its parameters without `filter[…]` around the name. One that may be
    /// repeated takes a list
    #[schema(value_type = Option<std::collections::BTreeMap<String, Value>>)]
    filter: Option<Map<String, Value>>,
    /// Of all that there are
    #[serde(default)]
    all: bool,
    /// Of `deactivateUser`: keep what the person has written, instead of having the homeserver hide it. Of an account that is
    /// deactivated already, without this, what was kept goes, but only if the account is named in `ids`
    #[serde(default)]
    skip_erase: bool,
    /// Also to whoever asks: with users, the account that the token acts for and the one that it belongs to; with sessions, the token's
    /// own, and the browser session that it came from
    #[serde(default)]
    include_self: bool,
    /// Only tell how many it would be
    #[serde(default)]
    dry_run: bool,
    /// Do nothing if there are more or fewer than this, as `dry_run` counts them: ids of what does not exist are left out
    #[schema(minimum = 0)]
    expected_total: Option<u64>,
}

/// How many it would be
#[derive(Debug, Serialize, ToSchema)]
#[schema(examples(json!({ "total": 120 })))]
pub struct BulkPreview {
    total: u64,
}

/// Do the same for many
///
/// A job carries the operation out on each, as if it had been asked for one by one, and each leaves its own audit event. It needs the
/// right to that operation. With `dry_run`, nothing is done.
///
/// What comes to be later is left alone. What is there and comes to match a filter later, before its turn, is not, except by
/// `deactivateUser`: its job settles whom it is for before it closes the first account, `total` then tells how many those are, and if
/// `expected_total` says otherwise, nothing is done (`cancelled`, with a `reason`). What does not match any more when its turn comes is
/// left alone, too.
#[utoipa::path(post, path = "/api/admin/v1/bulk-operations", operation_id = "addBulkOperation",
    tag = "bulk-operation",
    request_body(content = AddBulkOperationRequest, description = "What is to be done to whom"),
    responses((status = 202, description = "A job does it: what `location` leads to tells how far it has come",
            body = BulkOperationResponse, headers(("location" = String, description = "Where the bulk operation is"))),
        (status = 200, description = "How many it would be (`dry_run`)", body = BulkPreview),
        (status = 409, description = "There are not as many as `expected_total` says, or the request with this \
            `idempotency-key` has not come to an end", body = ErrorResponse),
        Failures, Missing, BadBody))]
pub async fn create(
    app: App,
    admin: Admin,
    Extension(turns): Extension<Turns>,
    Body(body): Body<AddBulkOperationRequest>,
) -> Result<Response, Problem> {
    let resource = body.operation.resource();
    admin.may(resource, true)?;
    let (dry_run, expected) = (body.dry_run, body.expected_total);
    let (asked, named) = read(&app, &admin, body).await?;
    // Each id that is named is looked at, but not all need exist.
    let ids = match &asked.plan.which {
        Which::Ids(ids) => Some(ids.len() as u64),
        _ => None,
    };
    let total = match ids {
        Some(ids) if !dry_run && expected.is_none() => ids,
        _ => count(&app, &admin.op, &turns, &asked.plan, &named).await?,
    };
    if let Some(expected) = expected.filter(|expected| *expected != total) {
        let title = format!("There are {total}, and not {expected}: look whom it would be, and decide anew");
        return Err(Problem::conflict("total_differs", title).pointer("/expected_total"));
    }
    if dry_run {
        return Ok(Json(BulkPreview { total }).into_response());
    }
    let started = start(&app, &admin, &Asked { total: ids.unwrap_or(total), ..asked }).await?;
    let location = [(header::LOCATION, started.this.clone())];
    Ok((location, Single { status: StatusCode::ACCEPTED, ..started }).into_response())
}

/// How many it would be now. Counting looks at each of them, and so it waits for its turn, as lists do.
async fn count(app: &App, op: &Op, turns: &Turns, plan: &Plan, named: &[Named]) -> Result<u64, Problem> {
    let _turn = turns.take().await?;
    let total = plan.targets(op.now).count(&app.db.read).await?;
    if total == 0
        && let Some(missing) = directory::known::first_missing(&app.db.read, named).await?
    {
        let title = format!("There is no {} with the id {}", missing.noun(), missing.id());
        return Err(Problem::not_found(title).pointer("/filter"));
    }
    Ok(total)
}

async fn start(app: &App, admin: &Admin, asked: &Asked) -> Result<Single<super::BulkOperation>, Problem> {
    let op = &admin.op;
    let started = app.db.write(async |tx| {
        let id = bulk::start(tx, op, asked).await?;
        let started = resource(find(tx, id).await?);
        let change = Change::by("addBulkOperation", Subject::default()).after(&started);
        admin.record(tx, change).await?;
        Ok::<_, Problem>(started)
    });
    Ok(started.await?.ok())
}

/// What it comes to, and what the filter names by ids.
async fn read(
    app: &App,
    admin: &Admin,
    body: AddBulkOperationRequest,
) -> Result<(Asked, Vec<Named>), Problem> {
    let operation = body.operation;
    let spared = if body.include_self { Vec::new() } else { caller(app, admin, operation).await? };
    let (which, told, named) = match (body.ids, body.filter, body.all) {
        (Some(ids), None, false) => {
            let ids = ids_of(ids, &spared)?;
            let told = json!({ "ids": ids.len() });
            (Which::Ids(ids), told, Vec::new())
        }
        (None, Some(filter), false) if !filter.is_empty() => {
            let (which, named) = which(operation, &filter)?;
            (which, json!({ "filter": filter }), named)
        }
        (None, Some(_), false) => {
            let title = "The filter is empty: to mean everything there is, send `\"all\": true` instead";
            return Err(Problem::invalid("empty_filter", title).pointer("/filter"));
        }
        (None, None, true) => (which(operation, &Map::new())?.0, json!({ "all": true }), Vec::new()),
        _ => {
            let title = "Send exactly one of `ids`, `filter` and `all`";
            return Err(Problem::invalid("unclear_targets", title));
        }
    };
    let action = action(operation, body.skip_erase)?;
    let plan = Plan {
        action,
        which,
        spared,
        operation: operation.name().to_owned(),
        path: format!("{}/{}", crate::BASE, operation.resource()),
        expected: body.expected_total,
    };
    let (resource, by_session) = (operation.resource(), admin.session);
    let asked = Asked { plan, resource, told, by_session, include_self: body.include_self, total: 0 };
    Ok((asked, named))
}

fn action(operation: BulkAction, skip_erase: bool) -> Result<Action, Problem> {
    if skip_erase && operation != BulkAction::DeactivateUser {
        let title = "`skip_erase` says something of `deactivateUser` only";
        return Err(Problem::invalid("unfit_member", title).pointer("/skip_erase"));
    }
    Ok(match operation {
        BulkAction::LockUser => Action::LockUser,
        BulkAction::UnlockUser => Action::UnlockUser,
        BulkAction::DeactivateUser => Action::DeactivateUser { erase: !skip_erase },
        BulkAction::KillUserSessions => Action::EndUserSessions,
        BulkAction::FinishUserSession => Action::EndBrowserSession,
        BulkAction::FinishCompatSession => Action::EndSession(SessionKind::Compat),
        BulkAction::FinishOAuth2Session => Action::EndSession(SessionKind::Oauth),
        BulkAction::RevokePersonalSession => Action::EndSession(SessionKind::Personal),
    })
}

/// What is whoever asks, among accounts or among sessions: the account that the token acts for and the one that it belongs to, or the
/// token's own session, or the browser session in which that was allowed.
async fn caller(app: &App, admin: &Admin, operation: BulkAction) -> Result<Vec<BulkTargetId>, Error> {
    const CALLER: &str = "SELECT user_id, owner_user_id, browser_session_id FROM sessions WHERE id = $1";
    let columns: &[&str] = match operation.resource() {
        "users" => &["user_id", "owner_user_id"],
        "user-sessions" => &["browser_session_id"],
        _ => return Ok(vec![BulkTargetId(admin.session.0)]),
    };
    let Some(row) = sql::one(&app.db.read, CALLER, [admin.session.into()]).await? else {
        return Ok(Vec::new());
    };
    let mut found = BTreeSet::new();
    for column in columns {
        found.extend(row.try_get::<Option<BulkTargetId>>("", column)?);
    }
    Ok(found.into_iter().collect())
}

fn ids_of(mut ids: Vec<BulkTargetId>, spared: &[BulkTargetId]) -> Result<Vec<BulkTargetId>, Problem> {
    if ids.len() > MOST_IDS {
        let title = format!("More than {MOST_IDS} ids: send them in several requests, or a filter");
        return Err(Problem::invalid("too_many_ids", title).pointer("/ids"));
    }
    if let Some(at) = ids.iter().position(|id| spared.contains(id)) {
        let title = "The list holds your own account or session, or the account that your token belongs to: leave it out, or send `\"include_self\": true`";
        return Err(Problem::invalid("includes_caller", title).pointer(format!("/ids/{at}")));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

fn which(operation: BulkAction, filter: &Map<String, Value>) -> Result<(Which, Vec<Named>), Problem> {
    Ok(match operation.resource() {
        "users" => {
            let filter: UserFilter = parse(filter)?;
            let named = filter.named();
            (Which::Users(filter.into()), named)
        }
        "user-sessions" => {
            let filter: UserSessionFilter = parse(filter)?;
            let named = filter.named();
            (Which::BrowserSessions(filter.into()), named)
        }
        "compat-sessions" => {
            let filter: CompatSessionFilter = parse(filter)?;
            let named = filter.named();
            (Which::Sessions(SessionKind::Compat, filter.into()), named)
        }
        "oauth2-sessions" => {
            let filter: OAuth2SessionFilter = parse(filter)?;
            let named = filter.named();
            (Which::Sessions(SessionKind::Oauth, filter.into()), named)
        }
        _ => {
            let filter: PersonalSessionFilter = parse(filter)?;
            let named = filter.named();
            (Which::Sessions(SessionKind::Personal, filter.into()), named)
        }
    })
}

/// Reads the filter as the list reads its query; but what that would pass over is refused.
fn parse<F: DeserializeOwned + IntoParams>(filter: &Map<String, Value>) -> Result<F, Problem> {
    let known: Vec<String> = F::into_params(|| None)
        .into_iter()
        .filter_map(|parameter| Some(parameter.name.strip_prefix("filter[")?.strip_suffix(']')?.to_owned()))
        .collect();
    let invalid = |name: &str, cause: String| {
        let pointer = format!("/filter/{}", name.replace('~', "~0").replace('/', "~1"));
        Problem::invalid("invalid_filter", "Invalid filter").because(cause).pointer(pointer)
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in filter {
        if !known.contains(name) {
            let cause = format!("`{name}` is unknown, expected one of `{}`", known.join("`, `"));
            return Err(invalid(name, cause));
        }
        let values = texts(value).ok_or_else(|| {
            invalid(name, "neither a text or a truth value that is not empty, nor a list of such".to_owned())
        })?;
        for value in values {
            query.append_pair(&format!("filter[{name}]"), &value);
        }
    }
    listed::read(&query.finish()).map_err(|fault| {
        let name = fault.parameter.strip_prefix("filter[").and_then(|name| name.strip_suffix(']'));
        invalid(name.unwrap_or(&fault.parameter), fault.cause)
    })
}

/// As they would stand in a query. What is empty there would count as absent.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) if !text.is_empty() => Some(vec![text.clone()]),
        Value::Bool(truth) => Some(vec![truth.to_string()]),
        Value::Array(values) if !values.is_empty() => {
            let one = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
            values.iter().map(one).collect()
        }
        _ => None,
    }
}
