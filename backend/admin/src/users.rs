//! `/users`: looking at accounts, and changing their state. Making them and what else can be done is below.

mod create;
mod kill_sessions;
mod passwords;

use domain::{
    audit::Subject,
    directory::{self, known::Named},
    users::{self, Settled},
};
use edge::App;
use kernel::{Op, Result, id::*};
use serde::{Deserialize, Serialize};
use store::{Tx, tables};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Admin, Problem,
    audited::Change,
    body::{Body, OptionalBody},
    document::{Attributes, PaginatedResponse, Resource, Single, SingleResponse},
    listed::{Listed, PaginationParams, Path, Username},
    openapi::{BadBody, Failures, Missing},
    sorted::{Sort, sorted},
    types::{Instant, Ulid},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create::create))
        .routes(routes!(get))
        .routes(routes!(get_by_username))
        .routes(routes!(passwords::set))
        .routes(routes!(set_admin))
        .routes(routes!(lock))
        .routes(routes!(unlock))
        .routes(routes!(deactivate))
        .routes(routes!(reactivate))
        .routes(routes!(kill_sessions::kill))
}

/// Somebody's account
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "username": "ada", "created_at": "2026-01-04T00:00:00Z", "locked_at": null, "deactivated_at": null,
    "admin": false, "legacy_guest": false,
})))]
pub struct User {
    /// The localpart
    pub username: String,
    #[schema(inline)]
    pub created_at: Instant,
    /// Since when nothing of the account can be used
    #[schema(inline)]
    pub locked_at: Option<Instant>,
    /// Since when the account is closed
    #[schema(inline)]
    pub deactivated_at: Option<Instant>,
    /// Whether the account may be granted administrative scopes
    pub admin: bool,
    /// Whether the account was a guest's on the homeserver, before it was taken over
    pub legacy_guest: bool,
}

impl Attributes for User {
    const TYPE: &'static str = "user";
    const PATH: &'static str = "/users";
    const EXAMPLE: &'static str = "01KE34VF00M9S346Q3D25VT4F5";
}

pub type UserResponse = SingleResponse<User>;
pub type UsersResponse = PaginatedResponse<User>;

pub fn resource(user: tables::users::Model) -> Resource<User> {
    let attributes = User {
        username: user.username,
        created_at: user.created_at.into(),
        locked_at: user.locked_at.map(Into::into),
        deactivated_at: user.deactivated_at.map(Into::into),
        admin: user.can_request_admin,
        legacy_guest: user.is_guest,
    };
    Resource::new(user.id, attributes)
}

/// Which accounts are wanted; all of this must hold
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct UserFilter {
    /// Whether the account may be granted administrative scopes
    #[serde(rename = "filter[admin]")]
    #[param(nullable = false)]
    admin: Option<bool>,
    /// Whether the account was a guest's
    #[serde(rename = "filter[legacy-guest]")]
    #[param(nullable = false)]
    legacy_guest: Option<bool>,
    /// Part of the username, of the display name as this service last saw it, or of an e-mail address, in whatever letter case; what
    /// stands after an @ there counts only if the text has one
    #[serde(rename = "filter[search]")]
    #[param(nullable = false)]
    search: Option<String>,
    #[serde(rename = "filter[status]")]
    #[param(nullable = false)]
    status: Option<UserStatus>,
    /// Has an unfinished OAuth 2.0 session of any of these clients; may be repeated
    #[serde(default, rename = "filter[active-oauth2-client]")]
    #[param(value_type = Vec<Ulid>, required = false)]
    #[schema(value_type = Vec<Ulid>)]
    active_oauth2_client: Vec<ClientId>,
    /// Whether the account has an unfinished OAuth 2.0 session
    #[serde(rename = "filter[has-active-oauth2-session]")]
    #[param(nullable = false)]
    has_active_oauth2_session: Option<bool>,
    /// Whether the account has an unfinished session of the legacy login API
    #[serde(rename = "filter[has-active-compat-session]")]
    #[param(nullable = false)]
    has_active_compat_session: Option<bool>,
    /// What to sort by; a minus before it reverses
    #[param(inline, nullable = false)]
    #[schema(inline)]
    sort: Option<UserSort>,
}

sorted!(UserFilter);

impl UserFilter {
    /// What it names by ids, in the order of the parameters.
    pub fn named(&self) -> Vec<Named> {
        self.active_oauth2_client.iter().copied().map(Named::Client).collect()
    }
}

/// A minus reverses
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub enum UserSort {
    #[serde(rename = "created_at")]
    Created,
    #[serde(rename = "-created_at")]
    CreatedReversed,
    #[serde(rename = "username")]
    Username,
    #[serde(rename = "-username")]
    UsernameReversed,
}

impl From<UserSort> for Sort {
    fn from(sort: UserSort) -> Self {
        let (key, descending) = match sort {
            UserSort::Created => (None, false),
            UserSort::CreatedReversed => (None, true),
            UserSort::Username => (Some(directory::users::BY_USERNAME), false),
            UserSort::UsernameReversed => (Some(directory::users::BY_USERNAME), true),
        };
        Self { key, descending }
    }
}

/// `active`: neither locked nor deactivated. The other two do not exclude each other
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum UserStatus {
    Active,
    Locked,
    Deactivated,
}

impl From<UserFilter> for directory::users::Filter {
    fn from(filter: UserFilter) -> Self {
        Self {
            admin: filter.admin,
            guest: filter.legacy_guest,
            search: filter.search,
            status: filter.status.map(|status| match status {
                UserStatus::Active => directory::users::Status::Active,
                UserStatus::Locked => directory::users::Status::Locked,
                UserStatus::Deactivated => directory::users::Status::Deactivated,
            }),
            active_clients: filter.active_oauth2_client,
            has_oauth_session: filter.has_active_oauth2_session,
            has_compat_session: filter.has_active_compat_session,
        }
    }
}

/// List users
///
/// Deactivated ones are among them.
#[utoipa::path(get, path = "/api/admin/v1/users", operation_id = "listUsers", tag = "user",
    params(PaginationParams, UserFilter),
    responses((status = 200, description = "A page of users", body = UsersResponse), Failures, Missing))]
async fn list(app: App, _: Admin, listed: Listed<UserFilter>) -> Result<UsersResponse, Problem> {
    let named = listed.filter.named();
    let list = directory::users::list(listed.filter.clone().into());
    listed.answer(&app, &list, &named, |user| Ok(resource(user))).await
}

/// Get a user
#[utoipa::path(get, path = "/api/admin/v1/users/{id}", operation_id = "getUser", tag = "user",
    params(("id" = Ulid, Path, description = "The id of the user")),
    responses((status = 200, description = "The user", body = UserResponse), Failures, Missing))]
async fn get(app: App, _: Admin, Path(id): Path<UserId>) -> Result<Single<User>, Problem> {
    Ok(resource(find(&app, id).await?).ok())
}

/// Get a user by username
///
/// In whatever letter case, unless several usernames differ by that only.
#[utoipa::path(get, path = "/api/admin/v1/users/by-username/{username}", operation_id = "getUserByUsername",
    tag = "user", params(("username" = String, Path, description = "The localpart")),
    responses((status = 200, description = "The user", body = UserResponse), Failures, Missing))]
async fn get_by_username(app: App, _: Admin, Username(username): Username) -> Result<Single<User>, Problem> {
    let user = users::by_username(&app.db.read, &username).await?;
    let user = user.ok_or_else(|| Problem::not_found(format!("There is no user named \"{username}\"")))?;
    let this = format!("{}/users/by-username/{username}", crate::BASE);
    Ok(Single { this, ..resource(user).ok() })
}

/// Whether the account may be granted administrative scopes
#[derive(Debug, Deserialize, ToSchema)]
#[schema(examples(json!({ "admin": true })))]
pub struct UserSetAdminRequest {
    admin: bool,
}

/// What is to go with the account
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(examples(json!({ "skip_erase": true })))]
pub struct DeactivateUserRequest {
    /// Keep what the person has written, instead of having the homeserver hide it
    skip_erase: bool,
}

/// Let a user administer, or not any more
///
/// When the right is taken away, what has an administrative scope ends in the same moment: sessions of the user, and personal
/// sessions that the user owns or that act as the user. Needs the scope `urn:mas:admin`.
#[utoipa::path(post, path = "/api/admin/v1/users/{id}/set-admin", operation_id = "userSetAdmin", tag = "user",
    params(("id" = Ulid, Path, description = "The id of the user")),
    request_body(content = UserSetAdminRequest, description = "Whether the user may administer"),
    responses((status = 200, description = "The user", body = UserResponse), Failures, Missing, BadBody))]
async fn set_admin(
    app: App,
    admin: Admin,
    Path(id): Path<UserId>,
    Body(body): Body<UserSetAdminRequest>,
) -> Result<Single<User>, Problem> {
    admin.unlimited()?;
    let work = async |tx: &Tx, op: &Op| users::set_admin(tx, op, id, body.admin).await;
    Ok(change(&app, &admin, id, "userSetAdmin", work).await?.after("set-admin"))
}

/// Lock a user
///
/// Nothing of the account can be used until it is unlocked. Its sessions stay.
#[utoipa::path(post, path = "/api/admin/v1/users/{id}/lock", operation_id = "lockUser", tag = "user",
    params(("id" = Ulid, Path, description = "The id of the user")),
    responses((status = 200, description = "The user", body = UserResponse,
            headers(("latchkey-job" = String, description = "The id of the job that does the rest"))), Failures, Missing))]
async fn lock(app: App, admin: Admin, Path(id): Path<UserId>) -> Result<Single<User>, Problem> {
    let work = async |tx: &Tx, op: &Op| users::lock(tx, op, id).await;
    Ok(change(&app, &admin, id, "lockUser", work).await?.after("lock"))
}

/// Unlock a user
///
/// Who is deactivated stays so.
#[utoipa::path(post, path = "/api/admin/v1/users/{id}/unlock", operation_id = "unlockUser", tag = "user",
    params(("id" = Ulid, Path, description = "The id of the user")),
    responses((status = 200, description = "The user", body = UserResponse,
            headers(("latchkey-job" = String, description = "The id of the job that does the rest"))), Failures, Missing))]
async fn unlock(app: App, admin: Admin, Path(id): Path<UserId>) -> Result<Single<User>, Problem> {
    let work = async |tx: &Tx, op: &Op| users::unlock(tx, op, id).await;
    Ok(change(&app, &admin, id, "unlockUser", work).await?.after("unlock"))
}

/// Deactivate a user
///
/// The account is closed at once. A job ends its sessions and has the homeserver delete the user. The body may be left
/// out, with its content type.
#[utoipa::path(post, path = "/api/admin/v1/users/{id}/deactivate", operation_id = "deactivateUser", tag = "user",
    params(("id" = Ulid, Path, description = "The id of the user")),
    request_body(content = Option<DeactivateUserRequest>, description = "What is to go with the account"),
    responses((status = 200, description = "The user", body = UserResponse,
            headers(("latchkey-job" = String, description = "The id of the job that does the rest"))), Failures, Missing, BadBody))]
async fn deactivate(
    app: App,
    admin: Admin,
    Path(id): Path<UserId>,
    OptionalBody(body): OptionalBody<DeactivateUserRequest>,
) -> Result<Single<User>, Problem> {
    let work = async |tx: &Tx, op: &Op| users::deactivate(tx, op, id, !body.skip_erase).await;
    Ok(change(&app, &admin, id, "deactivateUser", work).await?.after("deactivate"))
}

/// Reactivate a user
///
/// The homeserver is asked first: if it does not answer, nothing changes. Sessions and addresses do not come back, and a
/// lock stays.
#[utoipa::path(post, path = "/api/admin/v1/users/{id}/reactivate", operation_id = "reactivateUser", tag = "user",
    params(("id" = Ulid, Path, description = "The id of the user")),
    responses((status = 200, description = "The user", body = UserResponse,
            headers(("latchkey-job" = String, description = "The id of the job that does the rest"))), Failures, Missing))]
async fn reactivate(app: App, admin: Admin, Path(id): Path<UserId>) -> Result<Single<User>, Problem> {
    let user = find(&app, id).await?;
    // Once more below, where nobody can come between; but the homeserver should not be bothered for nothing.
    admin.expects(&resource(user.clone()).etag())?;
    users::reactivate::reopen_there(&app.homeserver, &user.username).await?;
    loop {
        if let Some(after) = app.db.write(async |tx| open(tx, &admin, id).await).await?? {
            return Ok(after.after("reactivate"));
        }
    }
}

/// What remains to be done of a reactivation once the homeserver has opened the account. `None` if it takes another transaction.
/// The refusal does not undo what was written for it.
async fn open(tx: &Tx, admin: &Admin, id: UserId) -> Result<Result<Option<Changed>, Problem>, Problem> {
    let user = users::hold(tx, id).await?.ok_or_else(|| unknown(id))?;
    let before = resource(user.clone());
    if let Err(changed) = admin.expects(&before.etag()) {
        users::reactivate::give_up(tx, &admin.op, &user).await?;
        return Ok(Err(changed));
    }
    let Some(settled) = users::reactivate::open(tx, &admin.op, id).await? else { return Ok(Ok(None)) };
    let user = resource(settled.user);
    admin.record(tx, Change::by("reactivateUser", about(id)).before(&before).after(&user)).await?;
    Ok(Ok(Some(Changed { user, job: settled.job })))
}

/// An account in another state, and the job that does the rest.
struct Changed {
    user: Resource<User>,
    job: Option<JobId>,
}

impl Changed {
    fn after(self, action: &str) -> Single<User> {
        self.user.after(action).followed_by(self.job)
    }
}

/// Brings an account into another state, and writes down what that changed.
async fn change(
    app: &App,
    admin: &Admin,
    id: UserId,
    operation: &'static str,
    work: impl AsyncFnOnce(&Tx, &Op) -> Result<Settled>,
) -> Result<Changed, Problem> {
    let changed = app.db.write(async |tx| {
        let before = users::hold(tx, id).await?.ok_or_else(|| unknown(id))?;
        let Settled { user, job, .. } = work(tx, &admin.op).await?;
        let user = resource(user);
        let change = Change::by(operation, about(id)).before(&resource(before)).after(&user);
        admin.record(tx, change).await?;
        Ok::<_, Problem>(Changed { user, job })
    });
    let changed = changed.await?;
    Ok(changed)
}

/// Where an account is, for changes that do not show it.
fn path(id: UserId) -> String {
    format!("{}{}/{id}", crate::BASE, User::PATH)
}

fn about(user: UserId) -> Subject {
    Subject { user: Some(user), ..Default::default() }
}

async fn find(app: &App, id: UserId) -> Result<tables::users::Model, Problem> {
    let user = users::by_id(&app.db.read, id).await?;
    user.ok_or_else(|| unknown(id))
}

pub fn unknown(id: UserId) -> Problem {
    Problem::not_found(format!("There is no user with the id {id}"))
}
