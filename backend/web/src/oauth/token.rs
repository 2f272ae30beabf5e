//! The token endpoint (RFC 6749 §3.2).

use axum::response::Response;
use domain::oauth::{
    Code, Refusal,
    clients::Credentials,
    grants::{
        Tokens,
        authorization_code::{self, exchange},
        client_credentials,
        refresh_token::{self, refresh},
    },
};
use edge::{App, app::Request};
use http::StatusCode;
use kernel::{Actor, Op};
use serde_json::json;

use super::{
    credentials::ClientRequest,
    reply::{Problem, by, uncached},
};

pub async fn token(app: App, Request(op): Request, request: ClientRequest) -> Result<Response, Problem> {
    let credentials = request.client()?;
    let op = op.by(Actor::Client(credentials.client()));
    // A future is as large as its largest branch, and is moved about: so what is not the most frequent is boxed.
    let tokens = match request.fields.get("grant_type") {
        Some("authorization_code") => Box::pin(by_code(&app, &op, &request, credentials)).await?,
        Some("refresh_token") => by_refresh_token(&app, &op, &request, credentials).await?,
        Some("client_credentials") => Box::pin(by_client(&app, &op, &request, credentials)).await?,
        other => {
            Box::pin(app.clients.authenticate(&app.db, &op, credentials)).await?;
            return Err(match other {
                Some(_) => Code::UnsupportedGrantType
                    .because("grant_type must be authorization_code, refresh_token or client_credentials")
                    .into(),
                None => Code::InvalidRequest.because("grant_type is missing from the form").into(),
            });
        }
    };
    Ok(by(uncached(StatusCode::OK, body(&tokens)), op.actor))
}

async fn by_code(
    app: &App,
    op: &Op,
    request: &ClientRequest,
    credentials: &Credentials,
) -> Result<Tokens, Refusal> {
    let client = app.clients.authenticate(&app.db, op, credentials).await?;
    let parts = authorization_code::Parts {
        db: &app.db,
        homeserver: &app.homeserver,
        keys: &app.keys,
        lineage: &app.lineage,
        issuer: app.urls.issuer(),
        lifetimes: &app.lifetimes,
    };
    let wanted = authorization_code::Request {
        client: client.id,
        code: request.required("code")?,
        redirect_uri: request.fields.get("redirect_uri"),
        code_verifier: request.fields.get("code_verifier"),
    };
    exchange(parts, op, wanted).await
}

async fn by_client(
    app: &App,
    op: &Op,
    request: &ClientRequest,
    credentials: &Credentials,
) -> Result<Tokens, Refusal> {
    let client = app.clients.authenticate(&app.db, op, credentials).await?;
    let parts = client_credentials::Parts { db: &app.db, policy: &app.policy, lifetimes: &app.lifetimes };
    client_credentials::grant(parts, op, &client, request.fields.get("scope")).await
}

/// A configured client is known from memory, and whether a client is public is checked where the token is: so most
/// refreshes ask the database once.
async fn by_refresh_token(
    app: &App,
    op: &Op,
    request: &ClientRequest,
    credentials: &Credentials,
) -> Result<Tokens, Refusal> {
    let client = match (app.clients.configured(credentials), credentials) {
        (Some(checked), _) => refresh_token::Client::Proven(checked?.id),
        (None, Credentials::None(id)) => refresh_token::Client::Public(*id),
        (None, _) => {
            let client = Box::pin(app.clients.authenticate(&app.db, op, credentials)).await?;
            refresh_token::Client::Proven(client.id)
        }
    };
    let wanted = request.required("refresh_token")?;
    let parts = refresh_token::Parts { db: &app.db, lineage: &app.lineage, lifetimes: &app.lifetimes };
    refresh(parts, op, client, wanted).await
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
