//! The token endpoint (RFC 6749 §3.2).

use axum::response::Response;
use domain::{
    limits::Place,
    oauth::{
        Code, Refusal,
        clients::Credentials,
        grants::{
            Tokens,
            authorization_code::{self, exchange},
            client_credentials, device_code,
            refresh_token::{self, refresh},
        },
        registration::GrantType,
    },
};
use edge::{App, app::Request};
use http::StatusCode;
use kernel::{Actor, Op, id::ClientId, token};
use serde_json::json;

use super::{
    credentials::ClientRequest,
    reply::{Problem, by, uncached},
};

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

pub async fn token(app: App, Request(op): Request, request: ClientRequest) -> Result<Response, Problem> {
    let credentials = request.client()?;
    let op = op.by(Actor::Client(credentials.client()));
    // A future is as large as its largest branch, and is moved about: so what is not the most frequent is boxed.
    let tokens = match request.fields.get("grant_type") {
        Some("authorization_code") => Box::pin(by_code(&app, &op, &request, credentials)).await,
        Some("refresh_token") => by_refresh_token(&app, &op, &request, credentials).await,
        Some("client_credentials") => Box::pin(by_client(&app, &op, &request, credentials)).await,
        Some(DEVICE_CODE) if app.device_grant.enabled => {
            by_device_code(&app, &op, &request, credentials).await
        }
        other => {
            Box::pin(app.clients.authenticate(&app.db, &op, credentials)).await?;
            return Err(match other {
                Some(_) => Code::UnsupportedGrantType
                    .because("this grant_type is not one of the grant_types_supported in the metadata")
                    .into(),
                None => Code::InvalidRequest.because("grant_type is missing from the form").into(),
            });
        }
    };
    let tokens = tokens.inspect_err(|refusal| note(credentials.client(), refusal))?;
    app.activity.by_refresh(&op, tokens.session);
    Ok(by(uncached(StatusCode::OK, body(&tokens)), op.actor))
}

/// People who were signed out by their app ask why: operators find it here.
fn note(client: ClientId, refusal: &Refusal) {
    if refusal.code == Code::InvalidGrant {
        let session = refusal.session.map_or_else(|| "unknown".to_owned(), |session| session.to_string());
        tracing::info!(
            "Refused with invalid_grant: client {client}, session {session}: {}",
            refusal.description
        );
    }
}

async fn by_code(
    app: &App,
    op: &Op,
    request: &ClientRequest,
    credentials: &Credentials,
) -> Result<Tokens, Refusal> {
    let client = app.clients.authenticate(&app.db, op, credentials).await?;
    let wanted = authorization_code::Request {
        client: client.id,
        code: request.required("code")?,
        redirect_uri: request.fields.get("redirect_uri"),
        code_verifier: request.fields.get("code_verifier"),
    };
    exchange(parts(app), op, wanted).await
}

async fn by_client(
    app: &App,
    op: &Op,
    request: &ClientRequest,
    credentials: &Credentials,
) -> Result<Tokens, Refusal> {
    let client = app.clients.authenticate(&app.db, op, credentials).await?;
    let policy = app.policy.get();
    let parts = client_credentials::Parts { db: &app.db, policy: &policy, lifetimes: &app.lifetimes };
    client_credentials::grant(parts, op, &client, request.fields.get("scope")).await
}

fn parts(app: &App) -> authorization_code::Parts<'_> {
    authorization_code::Parts {
        db: &app.db,
        homeserver: &app.homeserver,
        writer: &*app.post.writer,
        keys: &app.keys,
        lineage: &app.lineage,
        issuer: app.urls.issuer(),
        lifetimes: &app.lifetimes,
    }
}

/// Asks the database once while the person has not decided, as devices that poll ask often.
async fn by_device_code(
    app: &App,
    op: &Op,
    request: &ClientRequest,
    credentials: &Credentials,
) -> Result<Tokens, Refusal> {
    let client = proven_or_public(app, op, credentials).await?;
    let code = request.required("device_code")?;
    if let Some(tokens) = device_code::exchange(parts(app), op, client, code).await? {
        return Ok(tokens);
    }
    // Nothing was found: is it the client, or the code? A proof that was good once is not asked for again, as an
    // assertion proves once only.
    let client = match client {
        refresh_token::Client::Proven(id) => app.clients.get(&app.db, id).await?,
        refresh_token::Client::Public(_) => {
            Some(Box::pin(app.clients.authenticate(&app.db, op, credentials)).await?)
        }
    };
    if client.is_none_or(|client| client.metadata.has_grant(&GrantType::DeviceCode)) {
        Err(Code::InvalidGrant.because("this device code is not known, or was issued to another client"))
    } else {
        Err(Code::UnauthorizedClient
            .because(format!("this client is not registered for the grant {DEVICE_CODE}")))
    }
}

/// A configured client is known from memory. Whether one is public as it claims is left to the statement that follows,
/// so that nothing is asked for it.
async fn proven_or_public(
    app: &App,
    op: &Op,
    credentials: &Credentials,
) -> Result<refresh_token::Client, Refusal> {
    Ok(match (app.clients.configured(credentials), credentials) {
        (Some(checked), _) => refresh_token::Client::Proven(checked?.id),
        (None, Credentials::None(id)) => refresh_token::Client::Public(*id),
        (None, _) => {
            let client = Box::pin(app.clients.authenticate(&app.db, op, credentials)).await?;
            refresh_token::Client::Proven(client.id)
        }
    })
}

/// Most refreshes ask the database once. A client that goes on with a refresh token that was refused is held up before it
/// asks at all, unless the token would be good if the account were not locked: any refusal after unlocking it might be
/// taken for the end of the session.
async fn by_refresh_token(
    app: &App,
    op: &Op,
    request: &ClientRequest,
    credentials: &Credentials,
) -> Result<Tokens, Refusal> {
    let client = proven_or_public(app, op, credentials).await?;
    let presented = request.required("refresh_token")?;
    let who = (client.id(), Place::of(op.address), token::hash(presented));
    let refused = &app.limits.refused_refresh;
    refused.check(op.now, who).map_err(|throttled| Refusal::throttled(throttled.0))?;
    let parts = refresh_token::Parts { db: &app.db, lineage: &app.lineage, lifetimes: &app.lifetimes };
    let refreshed = refresh(parts, op, client, presented).await;
    if refreshed.as_ref().is_err_and(|refusal| refusal.code == Code::InvalidGrant && !refusal.is_passing) {
        // Whether it is the last one that is free matters next time.
        let _ = refused.charge(op.now, who);
    }
    refreshed
}

fn body(tokens: &Tokens) -> serde_json::Value {
    let mut body = json!({
        "access_token": tokens.access.expose(),
        "token_type": "Bearer",
        "expires_in": tokens.expires_in.as_secs(),
    });
    if let Some(refresh) = &tokens.refresh {
        body["refresh_token"] = refresh.expose().into();
    }
    if let Some(id_token) = &tokens.id_token {
        body["id_token"] = id_token.clone().into();
    }
    if !tokens.scope.is_empty() {
        body["scope"] = tokens.scope.to_string().into();
    }
    body
}
