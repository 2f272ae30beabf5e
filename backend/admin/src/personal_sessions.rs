//! `/personal-sessions`, and the access tokens that stand for them.

use std::time::Duration;

use domain::{
    account::personal::TokenName,
    audit::Subject,
    directory::{
        self,
        known::Named,
        sessions::{self, Session},
    },
    personal::{self, Maker, NewSession, Regenerated, Renewal, devices},
    policy::{Policy, Violation, input},
    sessions::{
        SessionKind,
        end::{self, Reason},
    },
    users,
};
use edge::App;
use http::StatusCode;
use kernel::{Error, Op, Scope, Timestamp, Token, id::*, scope};
use serde::{Deserialize, Serialize};
use store::{ConnectionTrait, Tx, tables::users::Model as User};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Admin, Problem,
    audited::Change,
    auth::{beyond, ended},
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
    /// What it is for; may be empty. No control characters
    #[schema(max_length = 100, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")]
    human_name: String,
    /// Separated by spaces
    #[schema(examples("urn:matrix:client:api:*"))]
    scope: String,
    /// Seconds until the token expires; without it, it does not. What is made with a personal access token expires no later than that
    #[schema(format = "uint32", maximum = 4_294_967_295_u32)]
    expires_in: Option<u32>,
    /// Allow administrative scopes although the policy does not let the actor administer. Needs the scope `urn:mas:admin`
    #[schema(examples(false))]
    skip_actor_check: Option<bool>,
}

/// How long the new token is good
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(examples(json!({ "expires_in": 2_592_000 })))]
pub struct RegeneratePersonalSessionRequest {
    /// Seconds until the token expires; without it, it does not. What is made with a personal access token expires no later than that
    #[schema(format = "uint32", maximum = 4_294_967_295_u32)]
    expires_in: Option<u32>,
    /// Allow administrative scopes although the policy does not let the actor administer (any more). Needs the scope `urn:mas:admin`
    #[schema(examples(false))]
    skip_actor_check: Option<bool>,
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
/// first. Administrative scopes are given away only with the scope `urn:mas:admin`; for oneself, the same scopes will do. The policy
/// must let the actor have them, unless `skip_actor_check` says otherwise. What is made with a personal access token belongs to
/// the owner of that.
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
    let wanted = Wanted::read(&admin, &body)?;
    // Once more below, since an account may change while the homeserver is asked; but what is refused need not be told there.
    wanted.may_be_had_by(&app.policy.get(), &actor, &admin)?;
    let device = (&wanted.scope, None);
    let announced = devices::announce(&app.db, &app.homeserver, (actor.id, &actor.username), device).await?;
    let announced = announced.ok_or_else(|| deactivated(actor.id))?;
    let op = &admin.op;
    let created = app.db.write(async |tx| {
        let maker = maker(tx, &admin, actor.id).await?;
        let actor = users::state::find(tx, actor.id).await?;
        wanted.may_be_had_by(&app.policy.get(), &actor, &admin)?;
        let created = personal::create(tx, op, &wanted.session(maker, actor.id)).await?;
        let (id, token) = created.ok_or_else(|| deactivated(actor.id))?;
        announced.belongs_to(tx, op, id).await?;
        let session = find(tx, id).await?;
        let change = Change::by("createPersonalSession", about(&session));
        admin.record(tx, change.after(&resource(session.clone())?)).await?;
        Ok::<_, Problem>(with_token(session, &token)?)
    });
    let created = created.await;
    if created.is_err() {
        announced.take_back(&app.db, op).await?;
    }
    Ok(created?.created())
}

/// A session that makes sense.
struct Wanted {
    human_name: TokenName,
    scope: Scope,
    expires_at: Option<Timestamp>,
    skip_actor_check: bool,
}

impl Wanted {
    fn read(admin: &Admin, body: &CreatePersonalSessionRequest) -> Result<Self, Problem> {
        let invalid = |code, title, pointer| Problem::invalid(code, title).pointer(pointer);
        let human_name = TokenName::parse_or_empty(&body.human_name).ok_or_else(|| {
            let title = "A name has at most 100 characters, and no control characters";
            invalid("invalid_name", title, "/human_name")
        })?;
        let scope = body.scope.parse().map_err(|error: scope::InvalidScope| {
            invalid("invalid_scope", "Invalid scope", "/scope").because(error.to_string())
        })?;
        let (expires_at, skip_actor_check) = common(admin, body.expires_in, body.skip_actor_check)?;
        Ok(Self { human_name, scope, expires_at, skip_actor_check })
    }

    /// Asks the policy, and whether the caller may give it away.
    fn may_be_had_by(&self, policy: &Policy, actor: &User, admin: &Admin) -> Result<(), Problem> {
        let violations = policy.personal_session(&input::PersonalSession {
            actor: actor.into(),
            scope: &self.scope,
            skip_actor_check: self.skip_actor_check,
            requester: requester(&admin.op),
        });
        // Who may not give it away at all need not hear what else stands against it.
        if !admin.caller().may_issue(&self.scope, actor.id) {
            return Err(beyond());
        }
        if violations.is_empty() { Ok(()) } else { Err(denied(violations).pointer("/scope")) }
    }

    fn session(&self, maker: Maker, actor: UserId) -> NewSession {
        NewSession {
            owner: maker.owner,
            actor,
            human_name: self.human_name.as_str().to_owned(),
            scope: self.scope.clone(),
            expires_at: maker.limit(self.expires_at),
            skip_actor_check: self.skip_actor_check,
        }
    }
}

/// What both ways to a token are told: when it is to expire, and whether the actor is not asked for.
fn common(
    admin: &Admin,
    expires_in: Option<u32>,
    skip_actor_check: Option<bool>,
) -> Result<(Option<Timestamp>, bool), Problem> {
    let skip_actor_check = skip_actor_check.unwrap_or_default();
    if skip_actor_check {
        admin.unlimited()?;
    }
    let expires_at = expires_in.map(|seconds| admin.op.now + Duration::from_secs(seconds.into()));
    Ok((expires_at, skip_actor_check))
}

/// Replace the token of a personal session
///
/// The token before is good for nothing any more. Only who made the session may do this, and if the scope is administrative, only with
/// the scope `urn:mas:admin`, or for oneself with the same scopes. The policy is asked again, as at the creation. The body may be
/// left out, with its content type.
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
    let (expires_at, skip_actor_check) = common(&admin, body.expires_in, body.skip_actor_check)?;
    let policy = app.policy.get();
    let renewed = app.db.write(async |tx| {
        let actor =
            find(tx, id).await?.row.user_id.ok_or_else(|| Error::internal("a personal session of nobody"))?;
        // Before the session, since accounts are held before sessions everywhere.
        let maker = maker(tx, &admin, actor).await?;
        let held = personal::hold(tx, id).await?.ok_or_else(|| unknown(id))?;
        let renewal = Renewal {
            by: maker.owner,
            caller: admin.caller(),
            policy: &policy,
            requester: requester(&admin.op),
            skip_actor_check,
            expires_at: maker.limit(expires_at),
        };
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
        Regenerated::Denied(violations) => denied(violations),
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

/// What the policy has against a token.
fn denied(violations: Vec<Violation>) -> Problem {
    let problem = Problem::invalid("invalid_scope", "The policy does not allow this scope");
    violations.into_iter().fold(problem, |problem, one| problem.because(one.msg))
}

fn requester(op: &Op) -> input::Requester<'_> {
    input::Requester { ip_address: op.address, user_agent: op.user_agent.as_deref() }
}

/// For whom the caller makes tokens that act as `actor`.
async fn maker(tx: &Tx, admin: &Admin, actor: UserId) -> Result<Maker, Problem> {
    personal::maker(tx, &admin.op, admin.shown(), actor).await?.ok_or_else(ended)
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
