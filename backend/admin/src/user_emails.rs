//! `/user-emails`

use domain::{
    audit::Subject,
    directory::{self, emails, known::Named},
    users::{self, emails::Added},
};
use edge::App;
use email_address::EmailAddress;
use http::StatusCode;
use kernel::id::*;
use serde::{Deserialize, Serialize};
use store::{ConnectionTrait, Tx, tables::user_emails::Model};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Admin, Problem,
    audited::Change,
    body::Body,
    document::{Attributes, PaginatedResponse, Resource, Single, SingleResponse},
    listed::{Listed, PaginationParams, Path},
    openapi::{BadBody, Conflict, Failures, Missing},
    sorted::{Sort, sorted},
    types::{Instant, Ulid},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(get, delete))
}

/// A verified e-mail address of an account
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "created_at": "2026-01-10T00:00:00Z", "user_id": "01KE34VF00M9S346Q3D25VT4F5", "email": "ada@example.org",
})))]
pub struct UserEmail {
    #[schema(inline)]
    pub created_at: Instant,
    #[schema(value_type = Ulid)]
    pub user_id: UserId,
    /// As it was given
    pub email: String,
}

impl Attributes for UserEmail {
    const TYPE: &'static str = "user-email";
    const PATH: &'static str = "/user-emails";
    const EXAMPLE: &'static str = "01KEJK7S006CQ643DZVMXXQKFB";
}

pub type UserEmailResponse = SingleResponse<UserEmail>;
pub type UserEmailsResponse = PaginatedResponse<UserEmail>;

pub fn resource(row: Model) -> Resource<UserEmail> {
    let Model { id, user_id, email, created_at, .. } = row;
    Resource::new(id, UserEmail { created_at: created_at.into(), user_id, email })
}

/// Which addresses are wanted; all of this must hold
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct UserEmailFilter {
    /// Of this user
    #[serde(rename = "filter[user]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    user: Option<UserId>,
    /// The whole address, in whatever letter case
    #[serde(rename = "filter[email]")]
    #[param(nullable = false)]
    email: Option<String>,
    /// What to sort by; a minus before it reverses
    #[param(inline, nullable = false)]
    #[schema(inline)]
    sort: Option<UserEmailSort>,
}

sorted!(UserEmailFilter);

/// A minus reverses
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub enum UserEmailSort {
    #[serde(rename = "created_at")]
    Created,
    #[serde(rename = "-created_at")]
    CreatedReversed,
    #[serde(rename = "email")]
    Email,
    #[serde(rename = "-email")]
    EmailReversed,
}

impl From<UserEmailSort> for Sort {
    fn from(sort: UserEmailSort) -> Self {
        let (key, descending) = match sort {
            UserEmailSort::Created => (None, false),
            UserEmailSort::CreatedReversed => (None, true),
            UserEmailSort::Email => (Some(emails::BY_EMAIL), false),
            UserEmailSort::EmailReversed => (Some(emails::BY_EMAIL), true),
        };
        Self { key, descending }
    }
}

/// List e-mail addresses
#[utoipa::path(get, path = "/api/admin/v1/user-emails", operation_id = "listUserEmails", tag = "user-email",
    params(PaginationParams, UserEmailFilter),
    responses((status = 200, description = "A page of addresses", body = UserEmailsResponse), Failures, Missing))]
async fn list(app: App, _: Admin, listed: Listed<UserEmailFilter>) -> Result<UserEmailsResponse, Problem> {
    let named: Vec<_> = listed.filter.user.map(Named::User).into_iter().collect();
    let filter = emails::Filter { user: listed.filter.user, email: listed.filter.email.clone() };
    listed.answer(&app, &emails::list(&filter), &named, |row| Ok(resource(row))).await
}

/// Get an e-mail address
#[utoipa::path(get, path = "/api/admin/v1/user-emails/{id}", operation_id = "getUserEmail", tag = "user-email",
    params(("id" = Ulid, Path, description = "The id of the address")),
    responses((status = 200, description = "The address", body = UserEmailResponse), Failures, Missing))]
async fn get(app: App, _: Admin, Path(id): Path<EmailId>) -> Result<Single<UserEmail>, Problem> {
    Ok(resource(find(&app.db.read, id).await?).ok())
}

/// An address to be
#[derive(Debug, Deserialize, ToSchema)]
#[schema(examples(json!({ "user_id": "01KE34VF00M9S346Q3D25VT4F5", "email": "ada@example.org" })))]
pub struct AddUserEmailRequest {
    /// Whose
    #[schema(value_type = Ulid)]
    user_id: UserId,
    /// Taken as verified
    #[schema(format = Email)]
    email: String,
}

/// Add an e-mail address
///
/// It counts as verified. The policy is not asked. To an account that may administer, only with the scope `urn:mas:admin`.
#[utoipa::path(post, path = "/api/admin/v1/user-emails", operation_id = "addUserEmail", tag = "user-email",
    request_body(content = AddUserEmailRequest, description = "The address to be"),
    responses((status = 201, description = "The address", body = UserEmailResponse),
        Failures, Missing, Conflict, BadBody))]
async fn add(
    app: App,
    admin: Admin,
    Body(body): Body<AddUserEmailRequest>,
) -> Result<Single<UserEmail>, Problem> {
    let AddUserEmailRequest { user_id: user, email } = body;
    let op = &admin.op;
    let added = app.db.write(async |tx| {
        let owner = users::by_id(tx, user).await?;
        let owner = owner.ok_or_else(|| crate::users::unknown(user).pointer("/user_id"))?;
        admin.decides_for(&app.policy.get(), &owner)?;
        check(&email).map_err(|problem| problem.pointer("/email"))?;
        let Added::Added(id) = users::emails::add(tx, op, user, &email).await? else {
            return Err(taken(&email).pointer("/email"));
        };
        let added = resource(find(tx, id).await?);
        admin.record(tx, Change::by("addUserEmail", about(user)).after(&added)).await?;
        Ok(added)
    });
    let added = added.await?;
    Ok(added.created())
}

/// Remove an e-mail address
#[utoipa::path(delete, path = "/api/admin/v1/user-emails/{id}", operation_id = "deleteUserEmail", tag = "user-email",
    params(("id" = Ulid, Path, description = "The id of the address")),
    responses((status = 204, description = "It is removed"), Failures, Missing))]
async fn delete(app: App, admin: Admin, Path(id): Path<EmailId>) -> Result<StatusCode, Problem> {
    let op = &admin.op;
    let removed = app.db.write(async |tx| {
        let before = hold(tx, id).await?;
        let user = before.user_id;
        if !users::emails::remove(tx, op, user, id).await? {
            return Err(unknown(id));
        }
        let change = Change::by("deleteUserEmail", about(user)).before(&resource(before));
        admin.record(tx, change).await
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether mail could be sent there, by its form.
pub fn check(email: &str) -> Result<(), Problem> {
    email.parse::<EmailAddress>().map(drop).map_err(|error| {
        Problem::invalid("invalid_email", format!("\"{email}\" is not an e-mail address"))
            .because(error.to_string())
    })
}

pub fn taken(email: &str) -> Problem {
    Problem::conflict("email_taken", format!("A user has the e-mail address \"{email}\" already"))
}

fn about(user: UserId) -> Subject {
    Subject { user: Some(user), ..Default::default() }
}

async fn find(db: &impl ConnectionTrait, id: EmailId) -> Result<Model, Problem> {
    directory::get(db, emails::all(), id).await?.ok_or_else(|| unknown(id))
}

/// As it is, until the transaction ends.
async fn hold(tx: &Tx, id: EmailId) -> Result<Model, Problem> {
    directory::hold(tx, emails::all(), id).await?.ok_or_else(|| unknown(id))
}

fn unknown(id: EmailId) -> Problem {
    Problem::not_found(format!("There is no e-mail address with the id {id}"))
}
