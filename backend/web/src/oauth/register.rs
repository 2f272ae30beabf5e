//! Dynamic client registration (RFC 7591, OpenID Connect Dynamic Client Registration).

use axum::{body::Bytes, response::Response};
use domain::{
    limits::{Place, Throttled},
    oauth::{
        Code, Refusal,
        registration::{self, GrantType, RegistrationError},
    },
    policy::input::{ClientRegistration, Requester},
};
use edge::{App, app::Request};
use http::{HeaderMap, StatusCode, header};

use super::reply::{Problem, uncached};

pub async fn register(
    app: App,
    Request(op): Request,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, Problem> {
    if !app.registration.enabled {
        return Err(Code::RegistrationNotSupported
            .because("clients cannot register themselves here: ask whoever runs this service")
            .into());
    }
    let throttled = |wait: Throttled| Refusal::throttled(wait.0);
    app.limits.client_registration.charge(op.now, Place::of(op.address)).map_err(throttled)?;
    if !is_json(&headers) {
        return Err(Code::InvalidRequest
            .because("the body must be JSON: send Content-Type: application/json")
            .into());
    }
    let body =
        body.map_err(|_| Code::InvalidRequest.because("the body could not be read, or is too long"))?;
    let mut metadata = registration::parse(&body).map_err(refusal)?;
    let digest = metadata.digest();
    if !app.device_grant.enabled {
        metadata.forgo(&GrantType::DeviceCode);
    }
    metadata.validate().map_err(refusal)?;
    app.registration.check(&metadata, &app.keys.algorithms()).map_err(refusal)?;
    let requester = Requester { ip_address: op.address, user_agent: op.user_agent.as_deref() };
    let violations =
        app.policy.get().client_registration(&ClientRegistration { client_metadata: &metadata, requester });
    if let Some(error) = RegistrationError::from_violations(&violations) {
        tracing::info!(description = %error.description, "a client registration was refused by the policy");
        return Err(refusal(error).into());
    }
    let registered = app.clients.register(&app.db, &op, metadata, digest).await?;
    Ok(uncached(StatusCode::CREATED, registered))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn refusal(error: RegistrationError) -> Refusal {
    let code = match error.code {
        registration::Code::InvalidRequest => Code::InvalidRequest,
        registration::Code::InvalidRedirectUri => Code::InvalidRedirectUri,
        registration::Code::InvalidClientMetadata => Code::InvalidClientMetadata,
    };
    code.because(error.description)
}
