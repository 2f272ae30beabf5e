//! Provider metadata (OpenID Connect Discovery, RFC 8414), keys (RFC 7517), WebFinger (RFC 7033).
//!
//! Only what works is advertised.

use axum::{
    Json,
    extract::RawQuery,
    response::{IntoResponse, Response},
};
use domain::oauth::{acr, demands::Prompt, registration::GrantType};
use edge::{App, form::Fields};
use http::{HeaderMap, StatusCode, header};
use kernel::jose::{Algorithm, Hmac};
use serde_json::{Value, json};

use super::reply;
use crate::{pages::account::Action, view::Texts};

const ISSUER_RELATION: &str = "http://openid.net/specs/connect/1.0/issuer";

pub async fn metadata(app: App, headers: HeaderMap) -> Response {
    reply::public(&headers, &document(&app))
}

fn document(app: &App) -> Value {
    let at = |route: &str| app.urls.absolute(route);
    let algorithms = app.keys.algorithms();
    let confidential = ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt"];
    let all_methods = [&confidential[..], &["none"]].concat();
    let assertions: Vec<_> = Hmac::ALL
        .iter()
        .map(|hmac| hmac.as_str())
        .chain(Algorithm::ALL.iter().map(|key| key.as_str()))
        .collect();
    let mut document = json!({
        "issuer": app.urls.issuer(),
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/oauth2/token"),
        "jwks_uri": at("/oauth2/keys.json"),
        "scopes_supported": ["openid", "email", "profile"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["form_post", "query", "fragment"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "token_endpoint_auth_methods_supported": all_methods,
        "token_endpoint_auth_signing_alg_values_supported": assertions,
        "revocation_endpoint": at("/oauth2/revoke"),
        "revocation_endpoint_auth_methods_supported": all_methods,
        "revocation_endpoint_auth_signing_alg_values_supported": assertions,
        "introspection_endpoint": at("/oauth2/introspect"),
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_endpoint_auth_signing_alg_values_supported": assertions,
        "code_challenge_methods_supported": ["plain", "S256"],
        "userinfo_endpoint": at("/oauth2/userinfo"),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "userinfo_signing_alg_values_supported": algorithms,
        "display_values_supported": ["page"],
        "claim_types_supported": ["normal"],
        "claims_supported": [
            "iss", "sub", "aud", "iat", "exp", "nonce", "auth_time", "acr", "amr", "sid", "at_hash", "c_hash",
            "username", "preferred_username", "name", "email", "email_verified"
        ],
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "prompt_values_supported": Prompt::supported(app.registers()).map(Prompt::as_str).collect::<Vec<_>>(),
        "acr_values_supported": acr::supported().collect::<Vec<_>>(),
        "ui_locales_supported": Texts::tags(),
        "end_session_endpoint": at("/oauth2/end_session"),
        "authorization_response_iss_parameter_supported": true,
        // Synapse requires it. The address is the account app's, which has been here since the index page.
        "account_management_uri": at("/account/"),
        "org.matrix.matrix-authentication-service.graphql_endpoint": at("/graphql"),
        "account_management_actions_supported": Action::ADVERTISED,
    });
    if app.registration.enabled {
        document["registration_endpoint"] = at("/oauth2/registration").into();
    }
    if app.device_grant.enabled {
        document["device_authorization_endpoint"] = at("/oauth2/device").into();
        if let Some(grants) = document["grant_types_supported"].as_array_mut() {
            grants.push(GrantType::DeviceCode.as_str().into());
        }
    }
    if app.site.admin_api {
        // A name of our own: otherwise consoles guess the address from others.
        document["latchkey_admin_api"] = at("/api/admin/v1").into();
    }
    for (name, uri) in [("op_policy_uri", &app.site.policy_uri), ("op_tos_uri", &app.site.tos_uri)] {
        if let Some(uri) = uri {
            document[name] = uri.clone().into();
        }
    }
    document
}

pub async fn keys(app: App, headers: HeaderMap) -> Response {
    reply::public(&headers, &app.keys.jwks_at(app.now()))
}

/// Any resource is answered for: this service is the issuer of everybody here.
pub async fn webfinger(app: App, RawQuery(query): RawQuery) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let Some(resource) = fields.get("resource") else {
        return (StatusCode::BAD_REQUEST, "the parameter resource is missing or was sent twice")
            .into_response();
    };
    let issuer = json!({ "rel": ISSUER_RELATION, "href": app.urls.issuer() });
    let links = if fields.get("rel") == Some(ISSUER_RELATION) { vec![issuer] } else { Vec::new() };
    let body = json!({ "subject": resource, "links": links });
    ([(header::CONTENT_TYPE, "application/jrd+json")], Json(body).0.to_string()).into_response()
}
