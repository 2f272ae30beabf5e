//! `/oauth2-sessions`

use domain::{
    directory::{self, Times, known::Named, sessions::Session},
    sessions::SessionKind,
};
use edge::App;
use kernel::{Error, Scope, id::*};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Admin, Problem,
    document::{Attributes, PaginatedResponse, Resource, Single, SingleResponse},
    listed::{Listed, PaginationParams, Path},
    oauth2_clients::OAuth2ClientKind,
    openapi::{Failures, Missing},
    sessions::{self, OfSession},
    sorted::{ByCreation, sorted},
    types::{Instant, Ulid},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get)).routes(routes!(finish))
}

/// What a client may do, for somebody or for itself
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "created_at": "2026-01-19T00:00:00Z", "finished_at": null, "user_id": "01KE34VF00M9S346Q3D25VT4F5",
    "user_session_id": "01KETADY00F5KZNWJ47TAN9ZT2", "client_id": "01KFHG0D00AWSH8VHTPRE95B9E",
    "scope": "openid urn:matrix:client:api:* urn:matrix:client:device:QXKZPLMTRB",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0",
    "last_active_at": "2026-01-20T10:00:00Z", "last_active_ip": "2001:db8::7", "human_name": null,
})))]
pub struct OAuth2Session {
    #[schema(inline)]
    pub created_at: Instant,
    #[schema(inline)]
    pub finished_at: Option<Instant>,
    /// Nobody, if the client acts for itself
    #[schema(value_type = Option<Ulid>)]
    pub user_id: Option<UserId>,
    /// The browser session in which it was allowed
    #[schema(value_type = Option<Ulid>)]
    pub user_session_id: Option<BrowserSessionId>,
    #[schema(value_type = Ulid)]
    pub client_id: ClientId,
    /// Separated by spaces, in ascending order
    pub scope: String,
    pub user_agent: Option<String>,
    #[schema(inline)]
    pub last_active_at: Option<Instant>,
    pub last_active_ip: Option<String>,
    /// The name of the device, if its owner gave it one
    pub human_name: Option<String>,
}

impl Attributes for OAuth2Session {
    const TYPE: &'static str = "oauth2-session";
    const PATH: &'static str = "/oauth2-sessions";
    const EXAMPLE: &'static str = "01KF9RT800P1XPA7Z3DJ8FSSZ5";
}

pub type OAuth2SessionResponse = SingleResponse<OAuth2Session>;
pub type OAuth2SessionsResponse = PaginatedResponse<OAuth2Session>;

impl OfSession for OAuth2Session {
    const KIND: SessionKind = SessionKind::Oauth;
    const NAME: &'static str = "OAuth 2.0 session";

    fn resource(session: Session) -> Result<Resource<Self>, Error> {
        let row = session.row;
        let attributes = Self {
            created_at: row.created_at.into(),
            finished_at: row.finished_at.map(Into::into),
            user_id: row.user_id,
            user_session_id: row.browser_session_id,
            client_id: row.client_id.ok_or_else(|| Error::internal("an OAuth session of no client"))?,
            scope: row.scope,
            user_agent: row.user_agent,
            last_active_at: row.last_active_at.map(Into::into),
            last_active_ip: row.last_active_ip,
            human_name: row.human_name,
        };
        Ok(Resource::new(row.id, attributes))
    }
}

/// Which sessions are wanted; all of this must hold
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct OAuth2SessionFilter {
    /// Of this user
    #[serde(rename = "filter[user]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    user: Option<UserId>,
    /// Of any of these clients; may be repeated
    #[serde(default, rename = "filter[client]")]
    #[param(value_type = Vec<Ulid>, required = false)]
    #[schema(value_type = Vec<Ulid>)]
    client: Vec<ClientId>,
    /// Of a client of the configuration, or of one that registered itself
    #[serde(rename = "filter[client-kind]")]
    #[param(nullable = false)]
    client_kind: Option<OAuth2ClientKind>,
    /// Allowed in this browser session
    #[serde(rename = "filter[user-session]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    user_session: Option<BrowserSessionId>,
    /// With all of these scopes; may be repeated
    #[serde(default, rename = "filter[scope]")]
    #[param(required = false)]
    scope: Vec<ScopeToken>,
    #[serde(rename = "filter[status]")]
    #[param(nullable = false)]
    status: Option<OAuth2SessionStatus>,
    #[serde(rename = "filter[created-before]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    created_before: Option<Instant>,
    #[serde(rename = "filter[created-after]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    created_after: Option<Instant>,
    /// Those that were never active are not among them
    #[serde(rename = "filter[last-active-before]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    last_active_before: Option<Instant>,
    /// Those that were never active are not among them
    #[serde(rename = "filter[last-active-after]")]
    #[param(inline, nullable = false)]
    #[schema(inline)]
    last_active_after: Option<Instant>,
    /// What to sort by; a minus before it reverses
    #[param(inline, nullable = false)]
    #[schema(inline)]
    sort: Option<ByCreation>,
}

sorted!(OAuth2SessionFilter);

impl OAuth2SessionFilter {
    /// What it names by ids, in the order of the parameters.
    pub fn named(&self) -> Vec<Named> {
        let mut named: Vec<_> = self.user.map(Named::User).into_iter().collect();
        named.extend(self.client.iter().copied().map(Named::Client));
        named.extend(self.user_session.map(Named::BrowserSession));
        named
    }
}

/// One scope (RFC 6749 §3.3)
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, pattern = r"^[\x21\x23-\x5B\x5D-\x7E]+$", examples("urn:matrix:client:api:*"))]
pub struct ScopeToken(pub String);

impl TryFrom<String> for ScopeToken {
    type Error = kernel::scope::InvalidScope;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Scope::from_tokens([&text])?;
        Ok(Self(text))
    }
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OAuth2SessionStatus {
    Active,
    Finished,
}

impl From<OAuth2SessionFilter> for directory::sessions::Filter {
    fn from(filter: OAuth2SessionFilter) -> Self {
        Self {
            user: filter.user,
            clients: filter.client,
            client_is_static: filter.client_kind.map(OAuth2ClientKind::is_static),
            browser_session: filter.user_session,
            scope: filter.scope.into_iter().map(|token| token.0).collect(),
            finished: filter.status.map(|status| matches!(status, OAuth2SessionStatus::Finished)),
            times: Times {
                created_before: filter.created_before.map(|at| at.0),
                created_after: filter.created_after.map(|at| at.0),
                active_before: filter.last_active_before.map(|at| at.0),
                active_after: filter.last_active_after.map(|at| at.0),
            },
            ..Self::default()
        }
    }
}

/// List OAuth 2.0 sessions
///
/// Those of clients that act for themselves are among them.
#[utoipa::path(get, path = "/api/admin/v1/oauth2-sessions", operation_id = "listOAuth2Sessions",
    tag = "oauth2-session", params(PaginationParams, OAuth2SessionFilter),
    responses((status = 200, description = "A page of sessions", body = OAuth2SessionsResponse), Failures, Missing))]
async fn list(
    app: App,
    _: Admin,
    listed: Listed<OAuth2SessionFilter>,
) -> Result<OAuth2SessionsResponse, Problem> {
    let named = listed.filter.named();
    let list = directory::sessions::list(OAuth2Session::KIND, listed.filter.clone().into());
    listed.answer(&app, &list, &named, OAuth2Session::resource).await
}

/// Get an OAuth 2.0 session
#[utoipa::path(get, path = "/api/admin/v1/oauth2-sessions/{id}", operation_id = "getOAuth2Session",
    tag = "oauth2-session", params(("id" = Ulid, Path, description = "The id of the session")),
    responses((status = 200, description = "The session", body = OAuth2SessionResponse), Failures, Missing))]
async fn get(app: App, _: Admin, Path(id): Path<SessionId>) -> Result<Single<OAuth2Session>, Problem> {
    Ok(OAuth2Session::resource(sessions::find::<OAuth2Session>(&app.db.read, id).await?)?.ok())
}

/// Finish an OAuth 2.0 session
///
/// Its tokens are good for nothing any more, and its device goes.
#[utoipa::path(post, path = "/api/admin/v1/oauth2-sessions/{id}/finish", operation_id = "finishOAuth2Session",
    tag = "oauth2-session", params(("id" = Ulid, Path, description = "The id of the session")),
    responses((status = 200, description = "The session", body = OAuth2SessionResponse,
            headers(("latchkey-job" = String, description = "The id of the job that removes the device, if there is one"))),
        Failures, Missing))]
async fn finish(app: App, admin: Admin, Path(id): Path<SessionId>) -> Result<Single<OAuth2Session>, Problem> {
    sessions::finish(&app, &admin, "finishOAuth2Session", id).await
}
