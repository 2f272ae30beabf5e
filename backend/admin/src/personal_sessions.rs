//! `/personal-sessions`, and the access tokens that stand for them.

use std::time::Duration;

use domain::{
    audit::Subject,
    directory::{
        self,
        known::Named,
        sessions::{self, Session},
    },
    personal::{self, NewSession, Owner, Regenerated, Renewal},
    sessions::{
        SessionKind,
        device::{self, Found},
        end::{self, Reason},
    },
    users,
};
use edge::App;
use http::StatusCode;
use kernel::{Error, Scope, Token, id::*, scope};
use serde::{Deserialize, Serialize};
use store::{ConnectionTrait, Tx};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Admin, Problem,
    audited::Change,
    auth::beyond,
    body::{Body, OptionalBody},
    document::{Attributes, PaginatedResponse, Resource, Single, SingleResponse},
    listed::{Listed, PaginationParams, Path},
    oauth2_sessions::ScopeToken,
    openapi::{BadBody, Conflict, Failures, Gone, Missing},
    sorted::{ByCreation, sorted},
    types::{Instant, Ulid},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get))
        .routes(routes!(regenerate))
        .routes(routes!(revoke))
}

/// Somebody acting as an account by a personal access token
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "created_at": "2026-01-28T00:00:00Z", "revoked_at": null, "owner_user_id": "01KEAW1M00V37E3S3E28JT97KB",
    "owner_client_id": null, "actor_user_id": "01KE34VF00M9S346Q3D25VT4F5", "human_name": "backup job",
    "scope": "urn:matrix:client:api:*", "last_active_at": null, "last_active_ip": null,
    "expires_at": "2026-02-27T00:00:00Z",
})))]
pub struct PersonalSession {
    #[schema(inline)]
    pub created_at: Instant,
    #[schema(inline)]
    pub revoked_at: Option<Instant>,
    /// Who made it, if that was a user
    #[schema(value_type = Option<Ulid>)]
    pub owner_user_id: Option<UserId>,
    /// Who made it, if that was a client for itself
    #[schema(value_type = Option<Ulid>)]
    pub owner_client_id: Option<ClientId>,
    /// Whom it acts as
    #[schema(value_type = Ulid)]
    pub actor_user_id: UserId,
    /// What it is for
    pub human_name: String,
    /// Separated by spaces, in ascending order
    pub scope: String,
    #[schema(inline)]
    pub last_active_at: Option<Instant>,
    pub last_active_ip: Option<String>,
    /// Of the token. None if it does not expire, and once the session is revoked
    #[schema(inline)]
    pub expires_at: Option<Instant>,
    /// Only in the answer that made it: it cannot be shown again
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("mpt_8aspm4G7VmSUfOoD6V1vrORcmn0iSH_QO6yZ1"))]
    pub access_token: Option<String>,
}

impl Attributes for PersonalSession {
    const TYPE: &'static str = "personal-session";
    const PATH: &'static str = "/personal-sessions";
    const OCCASIONAL: Option<&'static str> = Some("access_token");
    const EXAMPLE: &'static str = "01KG0YCQ00SS6YS3C4DWA7N360";
}

pub type PersonalSessionResponse = SingleResponse<PersonalSession>;
pub type PersonalSessionsResponse = PaginatedResponse<PersonalSession>;

fn resource(session: Session) -> Result<Resource<PersonalSession>, Error> {
    let Session { row, expires_at, .. } = session;
    let attributes = PersonalSession {
        created_at: row.created_at.into(),
        revoked_at: row.finished_at.map(Into::into),
        owner_user_id: row.owner_user_id,
        owner_client_id: row.client_id.filter(|_| row.owner_user_id.is_none()),
        actor_user_id: row.user_id.ok_or_else(|| Error::internal("a personal session of nobody"))?,
        human_name: row.human_name.unwrap_or_default(),
        scope: row.scope,
        last_active_at: row.last_active_at.map(Into::into),
        last_active_ip: row.last_active_ip,
        expires_at: expires_at.map(Into::into),
        access_token: None,
    };
    Ok(Resource::new(row.id, attributes))
}

/// With the token, which goes out this once.
fn with_token(session: Session, token: &Token) -> Result<Resource<PersonalSession>, Error> {
    let token = token.expose().to_owned();
    Ok(resource(session)?.with(|attributes| attributes.access_token = Some(token)))
}

/// Which sessions are wanted; all of this must hold
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct PersonalSessionFilter {
    /// Made by this user
    #[serde(rename = "filter[owner_user]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    owner_user: Option<UserId>,
    /// Made by this client
    #[serde(rename = "filter[owner_client]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    owner_client: Option<ClientId>,
    /// Acting as this user
    #[serde(rename = "filter[actor_user]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    actor_user: Option<UserId>,
    /// With all of these scopes; may be repeated
    #[serde(default, rename = "filter[scope]")]
    #[param(required = false)]
    scope: Vec<ScopeToken>,
    #[serde(rename = "filter[status]")]
    #[param(nullable = false)]
    status: Option<PersonalSessionStatus>,
    #[serde(rename = "filter[expires_before]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    expires_before: Option<Instant>,
    #[serde(rename = "filter[expires_after]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    expires_after: Option<Instant>,
    /// Whether there is a token that expires
    #[serde(rename = "filter[expires]")]
    #[param(nullable = false)]
    expires: Option<bool>,
    /// What to sort by; a minus before it reverses
    #[param(inline, nullable = false)]
    #[schema(inline)]
    sort: Option<ByCreation>,
}

sorted!(PersonalSessionFilter);

impl PersonalSessionFilter {
    /// What it names by ids, in the order of the parameters.
    pub fn named(&self) -> Vec<Named> {
        let mut named: Vec<_> = self.owner_user.map(Named::User).into_iter().collect();
        named.extend(self.owner_client.map(Named::Client));
        named.extend(self.actor_user.map(Named::User));
        named
    }
}

/// A session whose token has expired is `active` still: it can get a new one
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PersonalSessionStatus {
    Active,
    Revoked,
}

impl From<PersonalSessionFilter> for sessions::Filter {
    fn from(filter: PersonalSessionFilter) -> Self {
        Self {
            user: filter.actor_user,
            owner: filter.owner_user,
            clients: filter.owner_client.into_iter().collect(),
            scope: filter.scope.into_iter().map(|token| token.0).collect(),
            finished: filter.status.map(|status| matches!(status, PersonalSessionStatus::Revoked)),
            expires: filter.expires,
            expires_before: filter.expires_before.map(|at| at.0),
            expires_after: filter.expires_after.map(|at| at.0),
            ..Self::default()
        }
    }
}

/// A session to be
#[derive(Debug, Deserialize, ToSchema)]
#[schema(examples(json!({
    "actor_user_id": "01KE34VF00M9S346Q3D25VT4F5", "human_name": "backup job", "scope": "urn:matrix:client:api:*",
    "expires_in": 2_592_000,
})))]
pub struct CreatePersonalSessionRequest {
    /// Whom it acts as
    #[schema(value_type = Ulid)]
    actor_user_id: UserId,
    /// What it is for
    human_name: String,
    /// Separated by spaces
    #[schema(examples("urn:matrix:client:api:*"))]
    scope: String,
    /// Seconds until the token expires; without it, it does not
    #[schema(format = "uint32", maximum = 4_294_967_295_u32)]
    expires_in: Option<u32>,
}

/// How long the new token is good
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(examples(json!({ "expires_in": 2_592_000 })))]
pub struct RegeneratePersonalSessionRequest {
    /// Seconds until the token expires; without it, it does not
    #[schema(format = "uint32", maximum = 4_294_967_295_u32)]
    expires_in: Option<u32>,
}

/// List personal sessions
#[utoipa::path(get, path = "/api/admin/v1/personal-sessions", operation_id = "listPersonalSessions",
    tag = "personal-session", params(PaginationParams, PersonalSessionFilter),
    responses((status = 200, description = "A page of sessions", body = PersonalSessionsResponse), Failures, Missing))]
async fn list(
    app: App,
    _: Admin,
    listed: Listed<PersonalSessionFilter>,
) -> Result<PersonalSessionsResponse, Problem> {
    let named = listed.filter.named();
    let list = sessions::list(SessionKind::Personal, listed.filter.clone().into());
    listed.answer(&app, &list, &named, resource).await
}

/// Get a personal session
#[utoipa::path(get, path = "/api/admin/v1/personal-sessions/{id}", operation_id = "getPersonalSession",
    tag = "personal-session", params(("id" = Ulid, Path, description = "The id of the session")),
    responses((status = 200, description = "The session", body = PersonalSessionResponse), Failures, Missing))]
async fn get(app: App, _: Admin, Path(id): Path<SessionId>) -> Result<Single<PersonalSession>, Problem> {
    Ok(resource(find(&app.db.read, id).await?)?.ok())
}

/// Create a personal session
///
/// The answer holds the access token, which is not shown again. If the scope names a device, the homeserver is told of it
/// first. Administrative scopes are given away only with the scope `urn:mas:admin`; for oneself, the same scopes will do.
#[utoipa::path(post, path = "/api/admin/v1/personal-sessions", operation_id = "createPersonalSession",
    tag = "personal-session",
    request_body(content = CreatePersonalSessionRequest, description = "The session to be"),
    responses((status = 201, description = "The session, with its token", body = PersonalSessionResponse),
        Failures, Missing, Gone, BadBody))]
async fn create(
    app: App,
    admin: Admin,
    Body(body): Body<CreatePersonalSessionRequest>,
) -> Result<Single<PersonalSession>, Problem> {
    let actor = users::by_id(&app.db.read, body.actor_user_id).await?;
    let actor = actor.ok_or_else(|| crate::users::unknown(body.actor_user_id).pointer("/actor_user_id"))?;
    if actor.deactivated_at.is_some() {
        return Err(deactivated(actor.id));
    }
    let scope = wanted_scope(&app, &body.scope)?;
    if !admin.caller().may_issue(&scope, actor.id) {
        return Err(beyond());
    }
    let mut found = Vec::new();
    for id in scope.device_ids() {
        found.push(device::announce(&app.homeserver, &actor.username, id, None).await?);
    }
    let new = NewSession {
        owner: owner(&admin)?,
        actor: actor.id,
        human_name: body.human_name,
        scope,
        expires_in: seconds(body.expires_in),
    };
    let op = &admin.op;
    let created = app
        .db
        .write(async |tx| {
            let created = personal::create(tx, op, &new).await?;
            let (id, token) = created.ok_or_else(|| deactivated(new.actor))?;
            if found.first() == Some(&Found::Device) {
                device::disown(tx, id).await?;
            }
            let session = find(tx, id).await?;
            let change = Change::by("createPersonalSession", about(&session));
            admin.record(tx, change.after(&resource(session.clone())?)).await?;
            Ok::<_, Problem>(with_token(session, &token)?)
        })
        .await?;
    Ok(created.created())
}

/// Replace the token of a personal session
///
/// The token before is good for nothing any more. Only who made the session may do this, and if the scope is administrative, only with
/// the scope `urn:mas:admin`, or for oneself with the same scopes. The body may be left out, with its content type.
#[utoipa::path(post, path = "/api/admin/v1/personal-sessions/{id}/regenerate",
    operation_id = "regeneratePersonalSession", tag = "personal-session",
    params(("id" = Ulid, Path, description = "The id of the session")),
    request_body(content = Option<RegeneratePersonalSessionRequest>, description = "How long the new token is good"),
    responses((status = 201, description = "The session, with its new token", body = PersonalSessionResponse),
        Failures, Missing, BadBody))]
async fn regenerate(
    app: App,
    admin: Admin,
    Path(id): Path<SessionId>,
    OptionalBody(body): OptionalBody<RegeneratePersonalSessionRequest>,
) -> Result<Single<PersonalSession>, Problem> {
    let (by, caller) = (owner(&admin)?, admin.caller());
    let renewal = Renewal { by, caller, expires_in: seconds(body.expires_in) };
    let renewed = app.db.write(async |tx| {
        let held = personal::hold(tx, id).await?.ok_or_else(|| unknown(id))?;
        let before = find(tx, id).await?;
        let token = settle(personal::regenerate(tx, &admin.op, &held, &renewal).await?, id)?;
        let (change, after) = (Change::by("regeneratePersonalSession", about(&before)), find(tx, id).await?);
        let change = change.before(&resource(before)?).after(&resource(after.clone())?);
        admin.record(tx, change).await?;
        Ok::<_, Problem>(with_token(after, &token)?)
    });
    Ok(renewed.await?.created())
}

fn settle(regenerated: Regenerated, id: SessionId) -> Result<Token, Problem> {
    Err(match regenerated {
        Regenerated::New(token) => return Ok(token),
        Regenerated::Revoked => {
            let title = format!("The personal session {id} is revoked");
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "personal_session_revoked", title)
        }
        Regenerated::NotTheOwner => {
            let title = "Only who made a personal session can replace its token";
            Problem::new(StatusCode::FORBIDDEN, "not_the_owner", title)
        }
        Regenerated::TooPowerful => beyond(),
    })
}

/// Revoke a personal session
#[utoipa::path(post, path = "/api/admin/v1/personal-sessions/{id}/revoke", operation_id = "revokePersonalSession",
    tag = "personal-session", params(("id" = Ulid, Path, description = "The id of the session")),
    responses((status = 200, description = "The session", body = PersonalSessionResponse),
        Failures, Missing, Conflict))]
async fn revoke(
    app: App,
    admin: Admin,
    Path(id): Path<SessionId>,
) -> Result<Single<PersonalSession>, Problem> {
    let op = &admin.op;
    let revoked = app
        .db
        .write(async |tx| {
            let before = hold(tx, id).await?;
            if !end::end(tx, op, id, Reason::ByAdmin).await? {
                let title = format!("The personal session {id} is revoked already");
                return Err(Problem::conflict("personal_session_revoked", title));
            }
            let (change, after) = (Change::by("revokePersonalSession", about(&before)), find(tx, id).await?);
            let (before, after) = (resource(before)?, resource(after)?);
            admin.record(tx, change.before(&before).after(&after)).await?;
            Ok(after)
        })
        .await?;
    Ok(revoked.ok())
}

/// What the policy lets a personal session have.
fn wanted_scope(app: &App, text: &str) -> Result<Scope, Problem> {
    let invalid = |title: &str| Problem::invalid("invalid_scope", title).pointer("/scope");
    let scope: Scope = text
        .parse()
        .map_err(|error: scope::InvalidScope| invalid("Invalid scope").because(error.to_string()))?;
    let violations = app.policy.get().personal_session(&scope);
    if !violations.is_empty() {
        let problem = invalid("The policy does not allow this scope");
        return Err(violations.into_iter().fold(problem, |problem, one| problem.because(one.msg)));
    }
    Ok(scope)
}

/// As whom the caller makes sessions: the user that it acts for, or else the client itself.
fn owner(admin: &Admin) -> Result<Owner, Error> {
    let client = admin.client.map(Owner::Client);
    let owner = admin.user.map(Owner::User).or(client);
    owner.ok_or_else(|| Error::internal("a session of nobody"))
}

fn seconds(seconds: Option<u32>) -> Option<Duration> {
    seconds.map(|seconds| Duration::from_secs(seconds.into()))
}

fn about(session: &Session) -> Subject {
    Subject { user: session.row.user_id, session: Some(session.row.id), ..Default::default() }
}

async fn find(db: &impl ConnectionTrait, id: SessionId) -> Result<Session, Problem> {
    let session = directory::get(db, sessions::all(SessionKind::Personal), id).await?;
    session.ok_or_else(|| unknown(id))
}

/// As it is, until the transaction ends.
async fn hold(tx: &Tx, id: SessionId) -> Result<Session, Problem> {
    let session = directory::hold(tx, sessions::all(SessionKind::Personal), id).await?;
    session.ok_or_else(|| unknown(id))
}

fn deactivated(actor: UserId) -> Problem {
    let title = format!("The user {actor} is deactivated");
    Problem::new(StatusCode::GONE, "user_deactivated", title).pointer("/actor_user_id")
}

fn unknown(id: SessionId) -> Problem {
    Problem::not_found(format!("There is no personal session with the id {id}"))
}
