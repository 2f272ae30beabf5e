//! `/oauth2-clients`. MAS lists and shows them only.

mod administer;

use domain::directory::{self, clients};
use edge::App;
use kernel::id::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{ConnectionTrait, Tx, tables::oauth_clients::Model};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Admin, Problem,
    document::{Attributes, PaginatedResponse, Resource, Single, SingleResponse},
    listed::{Listed, PaginationParams, Path},
    openapi::{Failures, Missing},
    sorted::{ByCreation, sorted},
    types::{Instant, Ulid},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, administer::create))
        .routes(routes!(get, administer::delete))
        .routes(routes!(administer::disable))
        .routes(routes!(administer::enable))
}

/// A client: a program that people can sign in to, or that acts for itself
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "client_id": "01KFHG0D00AWSH8VHTPRE95B9E", "client_name": "Example Web", "client_uri": "https://app.example.org/",
    "logo_uri": null, "redirect_uris": ["https://app.example.org/callback"],
    "grant_types": ["authorization_code", "refresh_token"], "is_static": false, "disabled_at": null,
})))]
pub struct OAuth2Client {
    /// The same as its id
    pub client_id: String,
    pub client_name: Option<String>,
    #[schema(format = "uri")]
    pub client_uri: Option<String>,
    #[schema(format = "uri")]
    pub logo_uri: Option<String>,
    pub redirect_uris: Vec<String>,
    pub grant_types: Vec<String>,
    /// Whether it comes from the configuration
    pub is_static: bool,
    /// Since when the client gets nothing, because an administrator has disabled it
    #[schema(inline)]
    pub disabled_at: Option<Instant>,
    /// Only in the answer that made the client: it cannot be shown again
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub client_secret: Option<String>,
}

impl Attributes for OAuth2Client {
    const TYPE: &'static str = "oauth2-client";
    const PATH: &'static str = "/oauth2-clients";
    const OCCASIONAL: Option<&'static str> = Some("client_secret");
    const EXAMPLE: &'static str = "01KFHG0D00AWSH8VHTPRE95B9E";
}

pub type OAuth2ClientResponse = SingleResponse<OAuth2Client>;
pub type OAuth2ClientsResponse = PaginatedResponse<OAuth2Client>;

/// The order in which they are shown.
const GRANTS: [&str; 4] = [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:device_code",
];

pub fn resource(client: Model) -> Resource<OAuth2Client> {
    let has = |grant: &&str| client.grant_types.split(' ').any(|one| one == *grant);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let redirect_uris = client.metadata["redirect_uris"].as_array();
    let attributes = OAuth2Client {
        client_id: client.id.to_string(),
        client_name: client.name.clone(),
        client_uri: client.uri.clone(),
        logo_uri: text(&client.metadata["logo_uri"]),
        redirect_uris: redirect_uris.map_or_else(Vec::new, |uris| uris.iter().filter_map(text).collect()),
        grant_types: GRANTS.iter().filter(|grant| has(grant)).map(|grant| (*grant).to_owned()).collect(),
        is_static: client.is_static,
        disabled_at: client.disabled_at.map(Into::into),
        client_secret: None,
    };
    Resource::new(client.id, attributes)
}

/// Which clients are wanted; all of this must hold
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct OAuth2ClientFilter {
    #[serde(rename = "filter[client-kind]")]
    #[param(nullable = false)]
    client_kind: Option<OAuth2ClientKind>,
    /// Part of the name, in whatever letter case
    #[serde(rename = "filter[client-name]")]
    #[param(nullable = false)]
    client_name: Option<String>,
    /// Part of the address, in whatever letter case
    #[serde(rename = "filter[client-uri]")]
    #[param(nullable = false)]
    client_uri: Option<String>,
    /// May use this grant
    #[serde(rename = "filter[grant-type]")]
    #[param(nullable = false)]
    grant_type: Option<String>,
    /// Whether it has an unfinished session
    #[serde(rename = "filter[has-active-sessions]")]
    #[param(nullable = false)]
    has_active_sessions: Option<bool>,
    /// What to sort by; a minus before it reverses
    #[param(inline, nullable = false)]
    #[schema(inline)]
    sort: Option<ByCreation>,
}

sorted!(OAuth2ClientFilter);

/// `static`: of the configuration; `dynamic`: registered itself, or made through this API
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OAuth2ClientKind {
    Dynamic,
    Static,
}

impl OAuth2ClientKind {
    pub const fn is_static(self) -> bool {
        matches!(self, Self::Static)
    }
}

impl From<OAuth2ClientFilter> for clients::Filter {
    fn from(filter: OAuth2ClientFilter) -> Self {
        Self {
            is_static: filter.client_kind.map(OAuth2ClientKind::is_static),
            name: filter.client_name,
            uri: filter.client_uri,
            grant_type: filter.grant_type,
            has_session: filter.has_active_sessions,
        }
    }
}

/// List OAuth 2.0 clients
#[utoipa::path(get, path = "/api/admin/v1/oauth2-clients", operation_id = "listOAuth2Clients", tag = "oauth2-client",
    params(PaginationParams, OAuth2ClientFilter),
    responses((status = 200, description = "A page of clients", body = OAuth2ClientsResponse), Failures))]
async fn list(
    app: App,
    _: Admin,
    listed: Listed<OAuth2ClientFilter>,
) -> Result<OAuth2ClientsResponse, Problem> {
    let list = clients::list(listed.filter.clone().into());
    listed.answer(&app, &list, &[], |client| Ok(resource(client))).await
}

/// Get an OAuth 2.0 client
#[utoipa::path(get, path = "/api/admin/v1/oauth2-clients/{id}", operation_id = "getOAuth2Client",
    tag = "oauth2-client", params(("id" = Ulid, Path, description = "The id of the client")),
    responses((status = 200, description = "The client", body = OAuth2ClientResponse), Failures, Missing))]
async fn get(app: App, _: Admin, Path(id): Path<ClientId>) -> Result<Single<OAuth2Client>, Problem> {
    Ok(resource(find(&app.db.read, id).await?).ok())
}

async fn find(db: &impl ConnectionTrait, id: ClientId) -> Result<Model, Problem> {
    directory::get(db, clients::all(), id).await?.ok_or_else(|| unknown(id))
}

/// As it is, until the transaction ends.
async fn hold(tx: &Tx, id: ClientId) -> Result<Model, Problem> {
    directory::hold(tx, clients::all(), id).await?.ok_or_else(|| unknown(id))
}

fn unknown(id: ClientId) -> Problem {
    Problem::not_found(format!("There is no OAuth 2.0 client with the id {id}"))
}
