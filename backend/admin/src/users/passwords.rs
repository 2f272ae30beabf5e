//! Setting somebody's password.

use domain::{
    passwords::{Complexity, Hashed, Password, Verdict},
    sessions::{end::Reason, end_all::Which},
    users,
};
use edge::App;
use http::StatusCode;
use kernel::{Secret, id::UserId};
use serde::Deserialize;
use serde_json::json;
use store::tables;
use utoipa::ToSchema;

use super::{about, find, path, resource, unknown};
use crate::{
    Admin, Problem,
    audited::Change,
    body::Body,
    listed::Path,
    openapi::{BadBody, Failures, Missing},
    types::Ulid,
};

/// A new password
#[derive(Debug, Deserialize, ToSchema)]
#[schema(examples(json!({ "password": "a long pass-phrase of your own", "end_sessions": true })))]
pub struct SetUserPasswordRequest {
    #[schema(value_type = String, format = Password)]
    password: Secret<String>,
    /// Take it however weak it is
    skip_password_check: Option<bool>,
    /// End the user's sessions, as somebody who has lost the password to somebody else would want it
    end_sessions: Option<bool>,
}

/// Set a user's password
///
/// In place of the one before. Sessions stay, unless asked otherwise. Of an account that may administer, by its flag or by the
/// policy, only with the scope `urn:mas:admin`.
#[utoipa::path(post, path = "/api/admin/v1/users/{id}/set-password", operation_id = "setUserPassword", tag = "user",
    params(("id" = Ulid, Path, description = "The id of the user")),
    request_body(content = SetUserPasswordRequest, description = "The password"),
    responses((status = 204, description = "It is set"), Failures, Missing, BadBody))]
pub async fn set(
    app: App,
    admin: Admin,
    Path(id): Path<UserId>,
    Body(body): Body<SetUserPasswordRequest>,
) -> Result<StatusCode, Problem> {
    if app.hasher.is_none() {
        return Err(disabled());
    }
    let may_set = |user| may_set(&app, &admin, user);
    // Once more below, since an account may change while a password is hashed; but what is refused need not be hashed.
    may_set(find(&app, id).await?)?;
    let weak_will_do = body.skip_password_check.unwrap_or_default();
    let hashed = hash(&app, &admin, &body.password, weak_will_do).await?;
    let end_sessions = body.end_sessions.unwrap_or_default();
    let op = &admin.op;
    let change = Change::by("setUserPassword", about(id))
        .at(path(id))
        .with(json!({ "skip_password_check": weak_will_do, "end_sessions": end_sessions }));
    let set = app.db.write(async |tx| {
        may_set(users::hold(tx, id).await?.ok_or_else(|| unknown(id))?)?;
        users::password::set(tx, op, id, &hashed).await?;
        admin.record(tx, change).await
    });
    set.await?;
    if end_sessions {
        users::end_sessions(&app.db, op, id, Which::Apps, Reason::ByAdmin).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Whether this caller may, and the account is what they take it for.
fn may_set(app: &App, admin: &Admin, user: tables::users::Model) -> Result<(), Problem> {
    admin.decides_for(&app.policy.get(), &user)?;
    admin.expects(&resource(user).etag())
}

/// The password as it is kept, unless it is too weak.
pub async fn hash(
    app: &App,
    admin: &Admin,
    password: &Secret<String>,
    weak_will_do: bool,
) -> Result<Hashed, Problem> {
    let hasher = app.hasher.as_ref().ok_or_else(disabled)?;
    let parse = || Password::parse(password.expose().clone());
    if !weak_will_do {
        let complexity = Complexity::new(app.site_config.minimum_password_complexity);
        if let Verdict::Weak { advice, .. } = hasher.judge(complexity, parse()?).await? {
            let problem = Problem::invalid("weak_password", "The password is too easy to guess");
            let problem = if advice.is_empty() { problem } else { problem.because(advice) };
            return Err(problem.pointer("/password"));
        }
    }
    Ok(hasher.hash(parse()?, admin.op.random()).await?)
}

fn disabled() -> Problem {
    let title = "Passwords are switched off (passwords.enabled)";
    Problem::new(StatusCode::FORBIDDEN, "passwords_disabled", title)
}
