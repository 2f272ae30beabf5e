//! `/user-registration-tokens`

use domain::{
    audit::Subject,
    directory::{
        self,
        registration_tokens::{self as tokens, RegistrationToken},
    },
    users::registration_tokens::{self, NewToken},
};
use edge::App;
use kernel::{Error, Op, Secret, id::*};
use serde::{Deserialize, Deserializer, Serialize};
use store::{ConnectionTrait, Tx};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Admin, Problem,
    audited::Change,
    body::Body,
    document::{Attributes, PaginatedResponse, Resource, Single, SingleResponse},
    listed::{Listed, PaginationParams, Path},
    openapi::{BadBody, Conflict, Failures, Missing},
    sorted::{ByCreation, sorted},
    types::{Instant, Ulid},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, update))
        .routes(routes!(revoke))
        .routes(routes!(unrevoke))
}

/// What lets somebody register
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "token": "spring-meeting", "valid": true, "usage_limit": 50, "times_used": 3, "created_at": "2026-02-03T00:00:00Z",
    "last_used_at": "2026-02-05T09:30:00Z", "expires_at": "2026-05-01T00:00:00Z", "revoked_at": null,
})))]
pub struct UserRegistrationToken {
    /// The token itself
    pub token: String,
    /// Whether somebody can register with it now
    pub valid: bool,
    /// How often it can be used; any number of times if absent
    #[schema(format = "uint32", maximum = 4_294_967_295_u32)]
    pub usage_limit: Option<u32>,
    #[schema(format = "uint32", maximum = 4_294_967_295_u32)]
    pub times_used: u32,
    #[schema(inline)]
    pub created_at: Instant,
    #[schema(inline)]
    pub last_used_at: Option<Instant>,
    /// It is good before that instant
    #[schema(inline)]
    pub expires_at: Option<Instant>,
    #[schema(inline)]
    pub revoked_at: Option<Instant>,
}

impl Attributes for UserRegistrationToken {
    // Hyphens and an underscore: it is what clients compare with.
    const TYPE: &'static str = "user-registration_token";
    const PATH: &'static str = "/user-registration-tokens";
    const EXAMPLE: &'static str = "01KGGCS100YYK596NGYA1DQ91K";
}

pub type UserRegistrationTokenResponse = SingleResponse<UserRegistrationToken>;
pub type UserRegistrationTokensResponse = PaginatedResponse<UserRegistrationToken>;

fn resource(app: &App, op: &Op, row: RegistrationToken) -> Result<Resource<UserRegistrationToken>, Error> {
    let number = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let attributes = UserRegistrationToken {
        token: registration_tokens::reveal(&app.vault, row.id, &row.token_box)?.into_exposed(),
        valid: row.is_valid(op.now),
        usage_limit: row.usage_limit.map(number),
        times_used: number(row.times_used),
        created_at: row.created_at.into(),
        last_used_at: row.last_used_at.map(Into::into),
        expires_at: row.expires_at.map(Into::into),
        revoked_at: row.revoked_at.map(Into::into),
    };
    Ok(Resource::new(row.id, attributes))
}

/// Which tokens are wanted; all of this must hold
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct RegistrationTokenFilter {
    /// Whether somebody has registered with it
    #[serde(rename = "filter[used]")]
    #[param(nullable = false)]
    used: Option<bool>,
    #[serde(rename = "filter[revoked]")]
    #[param(nullable = false)]
    revoked: Option<bool>,
    #[serde(rename = "filter[expired]")]
    #[param(nullable = false)]
    expired: Option<bool>,
    /// Whether somebody can register with it now
    #[serde(rename = "filter[valid]")]
    #[param(nullable = false)]
    valid: Option<bool>,
    /// What to sort by; a minus before it reverses
    #[param(inline, nullable = false)]
    #[schema(inline)]
    sort: Option<ByCreation>,
}

sorted!(RegistrationTokenFilter);

/// A token to be
#[derive(Debug, Deserialize, ToSchema)]
#[schema(examples(json!({ "token": "spring-meeting", "usage_limit": 50, "expires_at": "2027-05-01T00:00:00Z" })))]
pub struct AddUserRegistrationTokenRequest {
    /// Taken as it is; made up if absent
    token: Option<String>,
    /// How often it can be used; any number of times if absent
    #[schema(format = "uint32", maximum = 4_294_967_295_u32)]
    usage_limit: Option<u32>,
    /// It is good before that instant; for ever if absent
    #[schema(inline)]
    expires_at: Option<Instant>,
}

/// What is to change: a key that is absent stays, `null` takes the limit away
#[derive(Debug, Deserialize, ToSchema)]
#[schema(examples(json!({ "usage_limit": null, "expires_at": "2027-06-01T00:00:00Z" })))]
pub struct EditUserRegistrationTokenRequest {
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u32>, format = "uint32", maximum = 4_294_967_295_u32)]
    usage_limit: Option<Option<u32>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Instant>, inline)]
    expires_at: Option<Option<Instant>>,
}

/// Tells `null` from an absent key.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// List registration tokens
#[utoipa::path(get, path = "/api/admin/v1/user-registration-tokens", operation_id = "listUserRegistrationTokens",
    tag = "user-registration-token", params(PaginationParams, RegistrationTokenFilter),
    responses((status = 200, description = "A page of tokens", body = UserRegistrationTokensResponse), Failures))]
async fn list(
    app: App,
    admin: Admin,
    listed: Listed<RegistrationTokenFilter>,
) -> Result<UserRegistrationTokensResponse, Problem> {
    let RegistrationTokenFilter { used, revoked, expired, valid, .. } = listed.filter;
    let list = tokens::list(tokens::Filter { used, revoked, expired, valid }, admin.op.now);
    listed.answer(&app, &list, &[], |row| resource(&app, &admin.op, row)).await
}

/// Get a registration token
#[utoipa::path(get, path = "/api/admin/v1/user-registration-tokens/{id}", operation_id = "getUserRegistrationToken",
    tag = "user-registration-token", params(("id" = Ulid, Path, description = "The id of the token")),
    responses((status = 200, description = "The token", body = UserRegistrationTokenResponse), Failures, Missing))]
async fn get(
    app: App,
    admin: Admin,
    Path(id): Path<RegistrationTokenId>,
) -> Result<Single<UserRegistrationToken>, Problem> {
    let row = find(&app.db.read, id).await?;
    Ok(resource(&app, &admin.op, row)?.ok())
}

/// Add a registration token
#[utoipa::path(post, path = "/api/admin/v1/user-registration-tokens", operation_id = "addUserRegistrationToken",
    tag = "user-registration-token",
    request_body(content = AddUserRegistrationTokenRequest, description = "The token to be"),
    responses((status = 201, description = "The token", body = UserRegistrationTokenResponse),
        Failures, Conflict, BadBody))]
async fn add(
    app: App,
    admin: Admin,
    Body(body): Body<AddUserRegistrationTokenRequest>,
) -> Result<Single<UserRegistrationToken>, Problem> {
    let op = &admin.op;
    let new = NewToken {
        token: body.token.map(Secret::new),
        usage_limit: body.usage_limit,
        expires_at: body.expires_at.map(|at| at.0),
    };
    let added = app.db.write(async |tx| {
        let issued = registration_tokens::issue(tx, &app.vault, op, new).await?;
        let issued = issued.ok_or_else(|| {
            Problem::conflict("token_taken", "There is such a registration token already").pointer("/token")
        })?;
        let added = resource(&app, op, find(tx, issued.id).await?)?;
        record(&admin, tx, "addUserRegistrationToken", None, &added).await?;
        Ok::<_, Problem>(added)
    });
    Ok(added.await?.created())
}

/// Change a registration token
///
/// Also one that is revoked. The token itself cannot change.
#[utoipa::path(put, path = "/api/admin/v1/user-registration-tokens/{id}",
    operation_id = "updateUserRegistrationToken", tag = "user-registration-token",
    params(("id" = Ulid, Path, description = "The id of the token")),
    request_body(content = EditUserRegistrationTokenRequest, description = "What is to change"),
    responses((status = 200, description = "The token", body = UserRegistrationTokenResponse),
        Failures, Missing, BadBody))]
async fn update(
    app: App,
    admin: Admin,
    Path(id): Path<RegistrationTokenId>,
    Body(body): Body<EditUserRegistrationTokenRequest>,
) -> Result<Single<UserRegistrationToken>, Problem> {
    let expires_at = body.expires_at.map(|at| at.map(|at| at.0));
    let changed = change(&app, &admin, id, "updateUserRegistrationToken", async |tx, op| {
        let updated = registration_tokens::update(tx, op, id, body.usage_limit, expires_at).await?;
        if updated { Ok(()) } else { Err(unknown(id)) }
    });
    Ok(changed.await?.ok())
}

/// Revoke a registration token
#[utoipa::path(post, path = "/api/admin/v1/user-registration-tokens/{id}/revoke",
    operation_id = "revokeUserRegistrationToken", tag = "user-registration-token",
    params(("id" = Ulid, Path, description = "The id of the token")),
    responses((status = 200, description = "The token", body = UserRegistrationTokenResponse), Failures, Missing))]
async fn revoke(
    app: App,
    admin: Admin,
    Path(id): Path<RegistrationTokenId>,
) -> Result<Single<UserRegistrationToken>, Problem> {
    let changed = change(&app, &admin, id, "revokeUserRegistrationToken", async |tx, op| {
        let revoked = registration_tokens::revoke(tx, op, id).await?;
        let title = || format!("The registration token {id} is revoked already");
        if revoked { Ok(()) } else { Err(Problem::invalid("token_revoked", title())) }
    });
    Ok(changed.await?.after("revoke"))
}

/// Make a revoked registration token good again
#[utoipa::path(post, path = "/api/admin/v1/user-registration-tokens/{id}/unrevoke",
    operation_id = "unrevokeUserRegistrationToken", tag = "user-registration-token",
    params(("id" = Ulid, Path, description = "The id of the token")),
    responses((status = 200, description = "The token", body = UserRegistrationTokenResponse), Failures, Missing))]
async fn unrevoke(
    app: App,
    admin: Admin,
    Path(id): Path<RegistrationTokenId>,
) -> Result<Single<UserRegistrationToken>, Problem> {
    let changed = change(&app, &admin, id, "unrevokeUserRegistrationToken", async |tx, op| {
        let restored = registration_tokens::unrevoke(tx, op, id).await?;
        let title = || format!("The registration token {id} is not revoked");
        if restored { Ok(()) } else { Err(Problem::invalid("token_not_revoked", title())) }
    });
    Ok(changed.await?.after("unrevoke"))
}

/// Does something to a token, and writes down what that changed.
async fn change(
    app: &App,
    admin: &Admin,
    id: RegistrationTokenId,
    operation: &'static str,
    work: impl AsyncFnOnce(&Tx, &Op) -> Result<(), Problem>,
) -> Result<Resource<UserRegistrationToken>, Problem> {
    let changed = app.db.write(async |tx| {
        let before = resource(app, &admin.op, hold(tx, id).await?)?;
        work(tx, &admin.op).await?;
        let after = resource(app, &admin.op, find(tx, id).await?)?;
        record(admin, tx, operation, Some(&before), &after).await?;
        Ok::<_, Problem>(after)
    });
    changed.await
}

/// The token itself stays out of the trail.
async fn record(
    admin: &Admin,
    tx: &Tx,
    operation: &'static str,
    before: Option<&Resource<UserRegistrationToken>>,
    after: &Resource<UserRegistrationToken>,
) -> Result<(), Problem> {
    let mut change = Change::by(operation, Subject::default()).after(after);
    if let Some(before) = before {
        change = change.before(before);
    }
    admin.record(tx, change.without("token")).await
}

async fn find(db: &impl ConnectionTrait, id: RegistrationTokenId) -> Result<RegistrationToken, Problem> {
    let row = directory::get(db, tokens::all(), id).await?;
    row.ok_or_else(|| unknown(id))
}

/// As it is, until the transaction ends.
async fn hold(tx: &Tx, id: RegistrationTokenId) -> Result<RegistrationToken, Problem> {
    directory::hold(tx, tokens::all(), id).await?.ok_or_else(|| unknown(id))
}

fn unknown(id: RegistrationTokenId) -> Problem {
    Problem::not_found(format!("There is no registration token with the id {id}"))
}
