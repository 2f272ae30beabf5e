//! Making clients for programs that cannot register themselves, and stopping those that should not go on.

use std::collections::BTreeMap;

use domain::{
    audit::Subject,
    oauth::{
        clients::{self, Done},
        registration::{self, ClientMetadata, GrantType, RegistrationError},
    },
};
use edge::App;
use http::StatusCode;
use kernel::{Error, id::ClientId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{OAuth2Client, OAuth2ClientResponse, find, hold, resource, unknown};
use crate::{
    Admin, Problem,
    audited::Change,
    body::Body,
    document::Single,
    listed::Path,
    openapi::{BadBody, Conflict, Failures, Missing},
    types::Ulid,
};

/// A client to be, as it would register itself (RFC 7591 §2, which knows further members)
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(examples(json!({ "client_name": "Backup", "grant_types": ["client_credentials"], "response_types": [] })))]
pub struct AddOAuth2ClientRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    client_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_uris: Option<Vec<String>>,
    /// `authorization_code` if absent
    #[serde(skip_serializing_if = "Option::is_none")]
    grant_types: Option<Vec<String>>,
    /// `client_secret_basic` if absent
    #[serde(skip_serializing_if = "Option::is_none")]
    token_endpoint_auth_method: Option<String>,
    #[serde(flatten)]
    more: BTreeMap<String, Value>,
}

/// Create an OAuth 2.0 client
///
/// For programs that do not register themselves, for example those that act for themselves by client credentials. The policy is
/// not asked. The answer holds the client's secret, if it has one, which is not shown again.
#[utoipa::path(post, path = "/api/admin/v1/oauth2-clients", operation_id = "addOAuth2Client", tag = "oauth2-client",
    request_body(content = AddOAuth2ClientRequest, description = "The client to be"),
    responses((status = 201, description = "The client, with its secret", body = OAuth2ClientResponse),
        Failures, BadBody))]
pub async fn create(
    app: App,
    admin: Admin,
    Body(body): Body<AddOAuth2ClientRequest>,
) -> Result<Single<OAuth2Client>, Problem> {
    let metadata = metadata(&app, &body)?;
    let op = &admin.op;
    let created = app.db.write(async |tx| {
        let (id, secret) = app.clients.create(tx, op, &metadata).await?;
        let client = resource(find(tx, id).await?);
        admin.record(tx, about("addOAuth2Client", id).after(&client)).await?;
        Ok::<_, Problem>(
            client.with(|client| client.client_secret = secret.map(|secret| secret.expose().clone())),
        )
    });
    Ok(created.await?.created())
}

/// Checked as if the client registered itself, but for who may register.
fn metadata(app: &App, body: &AddOAuth2ClientRequest) -> Result<ClientMetadata, Problem> {
    let refused = |error: RegistrationError| Problem::invalid(error.code.as_str(), error.description);
    let document = serde_json::to_vec(body).map_err(Error::internal)?;
    let mut metadata = registration::parse(&document).map_err(refused)?;
    if !app.device_grant.enabled {
        metadata.forgo(&GrantType::DeviceCode);
    }
    metadata.validate().map_err(refused)?;
    registration::check_algorithms(&metadata, &app.keys.algorithms()).map_err(refused)?;
    Ok(metadata)
}

/// Disable an OAuth 2.0 client
///
/// Nobody can sign in to it any more, and its sessions are good for nothing: a job writes down that they have ended, and has the
/// homeserver remove their devices. If it registers itself again, it stays disabled.
#[utoipa::path(post, path = "/api/admin/v1/oauth2-clients/{id}/disable", operation_id = "disableOAuth2Client",
    tag = "oauth2-client", params(("id" = Ulid, Path, description = "The id of the client")),
    responses((status = 200, description = "The client", body = OAuth2ClientResponse), Failures, Missing, Conflict))]
pub async fn disable(
    app: App,
    admin: Admin,
    Path(id): Path<ClientId>,
) -> Result<Single<OAuth2Client>, Problem> {
    let (operation, op) = ("disableOAuth2Client", &admin.op);
    let disabled = app.db.write(async |tx| {
        let before = resource(hold(tx, id).await?);
        settle(clients::disable(tx, op, id).await?, id)?;
        let after = resource(find(tx, id).await?);
        admin.record(tx, about(operation, id).before(&before).after(&after)).await?;
        Ok::<_, Problem>(after)
    });
    Ok(disabled.await?.after("disable"))
}

/// Enable an OAuth 2.0 client that was disabled
///
/// Its sessions do not come back.
#[utoipa::path(post, path = "/api/admin/v1/oauth2-clients/{id}/enable", operation_id = "enableOAuth2Client",
    tag = "oauth2-client", params(("id" = Ulid, Path, description = "The id of the client")),
    responses((status = 200, description = "The client", body = OAuth2ClientResponse), Failures, Missing, Conflict))]
pub async fn enable(
    app: App,
    admin: Admin,
    Path(id): Path<ClientId>,
) -> Result<Single<OAuth2Client>, Problem> {
    let op = &admin.op;
    let enabled = app.db.write(async |tx| {
        let before = resource(hold(tx, id).await?);
        settle(clients::enable(tx, op, id).await?, id)?;
        let after = resource(find(tx, id).await?);
        admin.record(tx, about("enableOAuth2Client", id).before(&before).after(&after)).await?;
        Ok::<_, Problem>(after)
    });
    Ok(enabled.await?.after("enable"))
}

/// Delete an OAuth 2.0 client
///
/// With its sessions, and the personal sessions that it has made: nothing of it is good any more, and a job removes what is left.
/// One that registers itself comes back, as another client, when it does so again: disable it to keep it out.
#[utoipa::path(delete, path = "/api/admin/v1/oauth2-clients/{id}", operation_id = "deleteOAuth2Client",
    tag = "oauth2-client", params(("id" = Ulid, Path, description = "The id of the client")),
    responses((status = 204, description = "It is deleted"), Failures, Missing, Conflict))]
pub async fn delete(app: App, admin: Admin, Path(id): Path<ClientId>) -> Result<StatusCode, Problem> {
    let op = &admin.op;
    let removed = app.db.write(async |tx| {
        let before = resource(hold(tx, id).await?);
        settle(clients::remove(tx, op, id).await?, id)?;
        admin.record(tx, about("deleteOAuth2Client", id).before(&before)).await
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}

fn about(operation: &'static str, client: ClientId) -> Change {
    Change::by(operation, Subject { client: Some(client), ..Default::default() })
}

fn settle(done: Done, id: ClientId) -> Result<(), Problem> {
    match done {
        Done::Yes => Ok(()),
        Done::NoSuchClient => Err(unknown(id)),
        Done::Configured => {
            let title = format!("The client {id} comes from the configuration: change it there");
            Err(Problem::conflict("client_configured", title))
        }
    }
}
