//! `/upstream-oauth-links`

use domain::{
    audit::Subject,
    directory::{
        self,
        known::{self, Named},
        upstream::{self, Link, LinkFilter},
    },
    upstream::links::{self, Linked, NewLink},
    users,
};
use edge::App;
use http::StatusCode;
use kernel::id::*;
use serde::{Deserialize, Serialize};
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
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(get, delete))
}

/// An account at a provider, and the account here that it is linked to
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(examples(json!({
    "created_at": "2026-02-06T00:00:00Z", "provider_id": "01KGZV5B001HYGCPWPQ5E6EYCN", "subject": "248289761001",
    "user_id": "01KE34VF00M9S346Q3D25VT4F5", "human_account_name": "ada@idp.example",
})))]
pub struct UpstreamOAuthLink {
    #[schema(inline)]
    pub created_at: Instant,
    #[schema(value_type = Ulid)]
    pub provider_id: UpstreamProviderId,
    /// What the provider calls the account
    pub subject: String,
    /// Nobody yet, if it was seen and never linked
    #[schema(value_type = Option<Ulid>)]
    pub user_id: Option<UserId>,
    /// A name of the account that people know
    pub human_account_name: Option<String>,
}

impl Attributes for UpstreamOAuthLink {
    const TYPE: &'static str = "upstream-oauth-link";
    const PATH: &'static str = "/upstream-oauth-links";
    const EXAMPLE: &'static str = "01KGR3Z6005GQAPENECFSECZP1";
}

pub type UpstreamOAuthLinkResponse = SingleResponse<UpstreamOAuthLink>;
pub type UpstreamOAuthLinksResponse = PaginatedResponse<UpstreamOAuthLink>;

fn resource(link: Link) -> Resource<UpstreamOAuthLink> {
    let Link { id, provider_id, user_id, subject, account_name, created_at } = link;
    let created_at = created_at.into();
    let attributes =
        UpstreamOAuthLink { created_at, provider_id, subject, user_id, human_account_name: account_name };
    Resource::new(id, attributes)
}

/// Which links are wanted; all of this must hold
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query, style = Form)]
pub struct UpstreamOAuthLinkFilter {
    /// Of this user
    #[serde(rename = "filter[user]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    user: Option<UserId>,
    /// At this provider
    #[serde(rename = "filter[provider]")]
    #[param(value_type = Option<Ulid>, nullable = false)]
    #[schema(value_type = Option<Ulid>)]
    provider: Option<UpstreamProviderId>,
    /// Exactly so
    #[serde(rename = "filter[subject]")]
    #[param(nullable = false)]
    subject: Option<String>,
    /// Part of the name, in whatever letter case
    #[serde(rename = "filter[human-account-name]")]
    #[param(nullable = false)]
    human_account_name: Option<String>,
    /// What to sort by; a minus before it reverses
    #[param(inline, nullable = false)]
    #[schema(inline)]
    sort: Option<ByCreation>,
}

sorted!(UpstreamOAuthLinkFilter);

/// List upstream links
#[utoipa::path(get, path = "/api/admin/v1/upstream-oauth-links", operation_id = "listUpstreamOAuthLinks",
    tag = "upstream-oauth-link", params(PaginationParams, UpstreamOAuthLinkFilter),
    responses((status = 200, description = "A page of links", body = UpstreamOAuthLinksResponse), Failures, Missing))]
async fn list(
    app: App,
    _: Admin,
    listed: Listed<UpstreamOAuthLinkFilter>,
) -> Result<UpstreamOAuthLinksResponse, Problem> {
    let filter = listed.filter.clone();
    let provider = filter.provider.map(Named::Provider);
    let named: Vec<_> = filter.user.map(Named::User).into_iter().chain(provider).collect();
    let list = upstream::links(LinkFilter {
        user: filter.user,
        provider: filter.provider,
        subject: filter.subject,
        account_name: filter.human_account_name,
    });
    listed.answer(&app, &list, &named, |link| Ok(resource(link))).await
}

/// Get an upstream link
#[utoipa::path(get, path = "/api/admin/v1/upstream-oauth-links/{id}", operation_id = "getUpstreamOAuthLink",
    tag = "upstream-oauth-link", params(("id" = Ulid, Path, description = "The id of the link")),
    responses((status = 200, description = "The link", body = UpstreamOAuthLinkResponse), Failures, Missing))]
async fn get(
    app: App,
    _: Admin,
    Path(id): Path<UpstreamLinkId>,
) -> Result<Single<UpstreamOAuthLink>, Problem> {
    Ok(resource(find(&app.db.read, id).await?).ok())
}

/// A link to be
#[derive(Debug, Deserialize, ToSchema)]
#[schema(examples(json!({
    "user_id": "01KE34VF00M9S346Q3D25VT4F5", "provider_id": "01KGZV5B001HYGCPWPQ5E6EYCN", "subject": "248289761001",
    "human_account_name": "ada@idp.example",
})))]
pub struct AddUpstreamOauthLinkRequest {
    #[schema(value_type = Ulid)]
    user_id: UserId,
    #[schema(value_type = Ulid)]
    provider_id: UpstreamProviderId,
    /// What the provider calls the account
    subject: String,
    /// A name of the account that people know
    human_account_name: Option<String>,
}

/// Link an account at a provider to a user
///
/// If it was seen before and is nobody's yet, it becomes this user's. To an account that may administer, only with the scope
/// `urn:mas:admin`.
#[utoipa::path(post, path = "/api/admin/v1/upstream-oauth-links", operation_id = "addUpstreamOAuthLink",
    tag = "upstream-oauth-link",
    request_body(content = AddUpstreamOauthLinkRequest, description = "The link to be"),
    responses((status = 200, description = "A link that was there is now this user's", body = UpstreamOAuthLinkResponse),
        (status = 201, description = "The link was made", body = UpstreamOAuthLinkResponse),
        Failures, Missing, Conflict, BadBody))]
async fn add(
    app: App,
    admin: Admin,
    Body(body): Body<AddUpstreamOauthLinkRequest>,
) -> Result<Single<UpstreamOAuthLink>, Problem> {
    let AddUpstreamOauthLinkRequest { user_id: user, provider_id: provider, subject, human_account_name } =
        body;
    let new = NewLink { user, provider, subject, account_name: human_account_name };
    let op = &admin.op;
    let added = app.db.write(async |tx| {
        let named = [Named::User(user), Named::Provider(provider)];
        if let Some(missing) = known::first_missing(tx, &named).await? {
            let title = format!("There is no {} with the id {}", missing.noun(), missing.id());
            return Err(Problem::not_found(title));
        }
        if let Some(user) = users::by_id(tx, user).await? {
            admin.decides_for(&app.policy.get(), &user)?;
        }
        let (id, is_new) = match links::add(tx, op, &new).await? {
            Linked::Created(id) => (id, true),
            Linked::Attached(id) => (id, false),
            Linked::Taken => {
                let title = format!("The account \"{}\" of that provider is linked already", new.subject);
                return Err(Problem::conflict("upstream_account_linked", title).pointer("/subject"));
            }
        };
        let link = resource(find(tx, id).await?);
        admin.record(tx, Change::by("addUpstreamOAuthLink", about(Some(user))).after(&link)).await?;
        Ok(if is_new { link.created() } else { link.ok() })
    });
    added.await
}

/// Remove an upstream link
///
/// Nobody can sign in by it any more. Sessions go on.
#[utoipa::path(delete, path = "/api/admin/v1/upstream-oauth-links/{id}", operation_id = "deleteUpstreamOAuthLink",
    tag = "upstream-oauth-link", params(("id" = Ulid, Path, description = "The id of the link")),
    responses((status = 204, description = "It is removed"), Failures, Missing))]
async fn delete(app: App, admin: Admin, Path(id): Path<UpstreamLinkId>) -> Result<StatusCode, Problem> {
    let op = &admin.op;
    let removed = app.db.write(async |tx| {
        let before = hold(tx, id).await?;
        links::remove(tx, op, id).await?;
        let change = Change::by("deleteUpstreamOAuthLink", about(before.user_id)).before(&resource(before));
        admin.record(tx, change).await
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}

fn about(user: Option<UserId>) -> Subject {
    Subject { user, ..Default::default() }
}

async fn find(db: &impl ConnectionTrait, id: UpstreamLinkId) -> Result<Link, Problem> {
    directory::get(db, upstream::all_links(), id).await?.ok_or_else(|| unknown(id))
}

/// As it is, until the transaction ends.
async fn hold(tx: &Tx, id: UpstreamLinkId) -> Result<Link, Problem> {
    directory::hold(tx, upstream::all_links(), id).await?.ok_or_else(|| unknown(id))
}

fn unknown(id: UpstreamLinkId) -> Problem {
    Problem::not_found(format!("There is no upstream link with the id {id}"))
}
