//! Token introspection (RFC 7662): the hottest path, called by the homeserver for every token that it has not seen
//! within two minutes. One statement, for callers that are known from the configuration.

use axum::response::{IntoResponse, Response};
use domain::{
    oauth::{Code, Refusal, registration::AuthMethod},
    sessions::{
        SessionKind,
        accept::{Accepted, Judged, judge},
    },
};
use edge::{App, app::Request};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::{
    Actor, Op, Scope, Timestamp, Token,
    id::{ClientId, Id},
};
use serde::Serialize;

use super::{
    credentials::{Caller, ClientRequest},
    reply::{Problem, by, uncached},
};

pub async fn introspect(app: App, Request(op): Request, request: ClientRequest) -> Result<Response, Problem> {
    let caller = match authorize(&app, &op, &request).await {
        Ok(caller) => caller,
        Err(refusal) => return Ok(unauthorized(&request.caller, refusal)),
    };
    let token = request.required("token")?;
    let mut locked = None;
    let answer = match look_up(&app, &op, token, request.fields.get("token_type_hint")).await? {
        Judged::Accepted(accepted) if caller.may_learn_of(&accepted) => {
            app.activity.by_resource_server(&op, accepted.session);
            Active::new(&op, &accepted, homeserver_reads_device_id(&request.headers))?
        }
        Judged::Locked if matches!(caller, Introspector::Homeserver) => {
            locked = Some(true);
            None
        }
        _ => None,
    };
    let response = match answer {
        Some(active) => uncached(StatusCode::OK, active),
        None => uncached(StatusCode::OK, Inactive { active: false, locked }),
    };
    Ok(by(response, caller.actor()))
}

/// Whose question is answered (RFC 7662 §4: tokens must not be fished for).
enum Introspector {
    /// Whoever has the secret that is shared with it.
    Homeserver,
    /// A configured client that the operator lets learn of every token.
    ResourceServer(ClientId),
    /// Any other confidential client: it learns of its own tokens, and for others is told what it is told for nonsense.
    Client(ClientId),
}

impl Introspector {
    fn may_learn_of(&self, token: &Accepted) -> bool {
        match self {
            Self::Homeserver | Self::ResourceServer(_) => true,
            Self::Client(id) => token.client == Some(*id),
        }
    }

    const fn actor(&self) -> Actor {
        match self {
            Self::Homeserver => Actor::Homeserver,
            Self::ResourceServer(id) | Self::Client(id) => Actor::Client(*id),
        }
    }
}

async fn authorize(app: &App, op: &Op, request: &ClientRequest) -> Result<Introspector, Refusal> {
    match &request.caller {
        Caller::Bearer(secret) => {
            let known = app.homeserver_secrets.iter().any(|known| known.matches(secret.expose()));
            if known {
                Ok(Introspector::Homeserver)
            } else {
                Err(Code::AccessDenied
                    .because("this bearer token is not the secret shared with the homeserver"))
            }
        }
        Caller::Client(credentials) => {
            // Boxed, because the future of the usual caller would otherwise be as large, and is moved about.
            let client = Box::pin(app.clients.authenticate(&app.db, op, credentials)).await?;
            if client.auth_method == AuthMethod::None {
                return Err(Code::AccessDenied.because("public clients may not introspect tokens"));
            }
            Ok(match client.is_resource_server {
                true => Introspector::ResourceServer(client.id),
                false => Introspector::Client(client.id),
            })
        }
    }
}

/// The challenge is of the scheme that the caller used (RFC 6750 §3.1).
fn unauthorized(caller: &Caller, refusal: Refusal) -> Response {
    let mut response = Problem(refusal).into_response();
    if matches!(caller, Caller::Bearer(_)) && response.status() == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer realm=\"homeserver\", error=\"invalid_token\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// A token that cannot be one, or of another kind than the hint says, is not looked for.
async fn look_up(app: &App, op: &Op, token: &str, hint: Option<&str>) -> Result<Judged, Refusal> {
    let Some(token) = Token::parse(token) else { return Ok(Judged::Refused) };
    let fits = match hint {
        None => true,
        Some("access_token") => !token.is_refresh(),
        Some("refresh_token") => token.is_refresh(),
        Some(_) => false,
    };
    if !fits {
        return Ok(Judged::Refused);
    }
    Ok(judge(&app.db, op, &token, app.lifetimes.overlap).await?)
}

fn homeserver_reads_device_id(headers: &HeaderMap) -> bool {
    headers.get("x-mas-supports-device-id").is_some_and(|value| value == "1")
}

#[derive(Serialize)]
struct Inactive {
    active: bool,
    /// The homeserver alone is told: one that knows the member can keep the person's devices, as a lock is to be undone.
    /// Synapse does not know it, and takes the token for unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    locked: Option<bool>,
}

/// What RFC 7662 §2.2 and the homeserver want to know. Absent members are left out, never `null`.
#[derive(Serialize)]
struct Active {
    active: bool,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<i64>,
    iat: i64,
    nbf: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<String>,
}

impl Active {
    /// `None` when the device cannot be told to the caller: then the token is of no use to it.
    fn new(op: &Op, token: &Accepted, reads_device_id: bool) -> Result<Option<Self>, Refusal> {
        let Some(scope) = scope(token, reads_device_id)? else { return Ok(None) };
        let issued_at = token.token.created_at().as_secs();
        let is_oauth = token.kind == SessionKind::Oauth;
        Ok(Some(Self {
            active: true,
            scope: scope.to_string(),
            client_id: match token.kind {
                SessionKind::Compat => Some("legacy".into()),
                _ => token.client.map(|client| client.to_string()),
            },
            username: token.user.as_ref().map(|user| user.username.clone()),
            token_type: if token.is_refresh { "refresh_token" } else { "access_token" },
            exp: token.expires_at.map(Timestamp::as_secs),
            expires_in: token.expires_at.map(|at| at.as_secs() - op.now.as_secs()),
            iat: issued_at,
            nbf: issued_at,
            sub: token.user.as_ref().map(|user| user.id.to_string()),
            jti: is_oauth.then(|| token.token.to_string()),
            // Only legacy sessions need it: the others name their device in the scope.
            device_id: token.device.clone().filter(|_| token.kind == SessionKind::Compat),
        }))
    }
}

/// Stable and unstable names side by side. Legacy sessions have no scope of their own, so theirs is made up.
fn scope(token: &Accepted, reads_device_id: bool) -> Result<Option<Scope>, Refusal> {
    use kernel::scope::{DEVICE_PREFIX, MATRIX_API, SYNAPSE_ADMIN};
    if token.kind != SessionKind::Compat {
        let scope: Scope = token.scope.parse().map_err(|error: kernel::scope::InvalidScope| {
            kernel::Error::internal(format!("session {}: {error}", token.session))
        })?;
        return Ok(Some(scope.normalised()));
    }
    let mut tokens = vec![MATRIX_API.to_owned()];
    if token.is_synapse_admin {
        tokens.push(SYNAPSE_ADMIN.to_owned());
    }
    if let (Some(device), false) = (&token.device, reads_device_id) {
        tokens.push(format!("{DEVICE_PREFIX}{device}"));
    }
    Ok(Scope::from_tokens(tokens).ok().map(|scope| scope.normalised()))
}
