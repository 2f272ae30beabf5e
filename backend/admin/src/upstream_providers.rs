//! `/upstream-oauth-providers`: they come from the configuration, and are only looked at here.

use domain::directory::{
    self,
    upstream::{self, Provider},
};
use edge::App;
use kernel::id::*;
use serde::{Deserialize, Serialize};
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
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get))
}

/// A provider that people can sign in with
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "issuer": "https://idp.example/", "human_name": "Example IdP", "brand_name": null,
    "created_at": "2026-02-09T00:00:00Z", "disabled_at": null, "registration_token_required": false,
})))]
pub struct UpstreamOAuthProvider {
    pub issuer: Option<String>,
    pub human_name: Option<String>,
    pub brand_name: Option<String>,
    #[schema(inline)]
    pub created_at: Instant,
    /// Since when it is not in use
    #[schema(inline)]
    pub disabled_at: Option<Instant>,
    /// Whether whoever comes from there for the first time needs a registration token
    pub registration_token_required: bool,
}

impl Attributes for UpstreamOAuthProvider {
    const TYPE: &'static str = "upstream-oauth-provider";
    const PATH: &'static str = "/upstream-oauth-providers";
    const EXAMPLE: &'static str = "01KGZV5B001HYGCPWPQ5E6EYCN";
}

pub type UpstreamOAuthProviderResponse = SingleResponse<UpstreamOAuthProvider>;
pub type UpstreamOAuthProvidersResponse = PaginatedResponse<UpstreamOAuthProvider>;

fn resource(provider: Provider) -> Resource<UpstreamOAuthProvider> {
    let text = |name: &str| provider.document[name].as_str().map(str::to_owned);
    let attributes = UpstreamOAuthProvider {
        issuer: text("issuer"),
        human_name: text("human_name"),
        brand_name: text("brand_name"),
        created_at: provider.created_at.into(),
        disabled_at: provider.disabled_at.map(Into::into),
        registration_token_required: provider.document["registration_token_required"] == true,
    };
    Resource::new(provider.id, attributes)
}

/// Which providers are wanted
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct UpstreamOAuthProviderFilter {
    /// Whether it is in use
    #[serde(rename = "filter[enabled]")]
    #[param(nullable = false)]
    enabled: Option<bool>,
    /// What to sort by; a minus before it reverses
    #[param(inline, nullable = false)]
    #[schema(inline)]
    sort: Option<ByCreation>,
}

sorted!(UpstreamOAuthProviderFilter);

/// List upstream providers
#[utoipa::path(get, path = "/api/admin/v1/upstream-oauth-providers", operation_id = "listUpstreamOAuthProviders",
    tag = "upstream-oauth-provider", params(PaginationParams, UpstreamOAuthProviderFilter),
    responses((status = 200, description = "A page of providers", body = UpstreamOAuthProvidersResponse), Failures))]
async fn list(
    app: App,
    _: Admin,
    listed: Listed<UpstreamOAuthProviderFilter>,
) -> Result<UpstreamOAuthProvidersResponse, Problem> {
    let list = upstream::providers(listed.filter.enabled);
    listed.answer(&app, &list, &[], |provider| Ok(resource(provider))).await
}

/// Get an upstream provider
#[utoipa::path(get, path = "/api/admin/v1/upstream-oauth-providers/{id}",
    operation_id = "getUpstreamOAuthProvider", tag = "upstream-oauth-provider",
    params(("id" = Ulid, Path, description = "The id of the provider")),
    responses((status = 200, description = "The provider", body = UpstreamOAuthProviderResponse), Failures, Missing))]
async fn get(
    app: App,
    _: Admin,
    Path(id): Path<UpstreamProviderId>,
) -> Result<Single<UpstreamOAuthProvider>, Problem> {
    let provider = directory::get(&app.db.read, upstream::all_providers(), id).await?;
    let unknown = || Problem::not_found(format!("There is no upstream provider with the id {id}"));
    Ok(resource(provider.ok_or_else(unknown)?).ok())
}
