//! Judging an authorization request.

use kernel::{
    Scope,
    jose::Keystore,
    pkce::{Challenge, Method},
};
use url::Url;

use super::{Parameters, ResponseMode, ReturnTo};
use crate::oauth::{
    Code, Refusal, claims,
    claims_request::ClaimsRequest,
    clients::Client,
    demands::Demands,
    redirect_uri,
    registration::{AuthMethod, GrantType},
};

/// A request that may go on to sign-in and consent.
#[derive(Clone, Debug)]
pub struct Request {
    pub return_to: ReturnTo,
    pub(super) redirect_uri_given: bool,
    pub scope: Scope,
    pub(super) challenge: Option<Challenge>,
    pub demands: Demands,
    pub login_hint: Option<String>,
    /// Languages that the client wants people to be spoken to in, the preferred one first.
    pub ui_locales: Option<String>,
    pub(super) parameters: Parameters,
}

/// What a request came to.
#[derive(Debug)]
pub enum Judgement {
    Good(Box<Request>),
    /// The client is told.
    Refused(ReturnTo, Box<Refusal>),
    /// Nobody can be trusted with the answer: the person sees this sentence.
    Unanswerable(String),
}

/// Judges the request of a known client. `keys` and `issuer` are for telling ID tokens of ours.
pub fn judge(client: &Client, keys: &Keystore, issuer: &str, parameters: Parameters) -> Judgement {
    let text =
        |name: &str| parameters.get(name).and_then(|value| value.as_str()).filter(|text| !text.is_empty());
    let (return_to, redirect_uri_given) = match return_to(client, &text) {
        Ok(found) => found,
        Err(why) => return Judgement::Unanswerable(why),
    };
    let examined = examine(client, &text).and_then(|(scope, challenge)| {
        let claims = text("claims").map(ClaimsRequest::parse).transpose();
        let claims = claims.map_err(|error| Code::InvalidRequest.because(error.to_string()))?;
        let claims = claims.unwrap_or_default();
        let demands = Demands::read(client, keys, issuer, &claims, &text)?;
        Ok((claims::widened(scope, &claims), challenge, demands))
    });
    match examined {
        Err(refusal) => Judgement::Refused(return_to, Box::new(refusal)),
        Ok((scope, challenge, demands)) => Judgement::Good(Box::new(Request {
            return_to,
            redirect_uri_given,
            scope,
            challenge,
            demands,
            login_hint: text("login_hint").map(str::to_owned),
            ui_locales: text("ui_locales").map(str::to_owned),
            parameters,
        })),
    }
}

/// Where the answer goes, and whether the request said so; or why nobody can be trusted with it.
fn return_to<'a>(
    client: &Client,
    text: &impl Fn(&str) -> Option<&'a str>,
) -> Result<(ReturnTo, bool), String> {
    let requested = text("redirect_uri").map(Url::parse).transpose();
    let requested = requested.map_err(|_| "the redirect_uri of the request is not a URL")?;
    if requested.as_ref().is_some_and(|uri| uri.fragment().is_some()) {
        return Err("the redirect_uri of the request has a fragment, which is not allowed".into());
    }
    let registered = client.metadata.redirect_uris.as_deref().unwrap_or_default();
    let redirect_uri =
        redirect_uri::resolve(registered, requested.as_ref()).map_err(|error| error.to_string())?;
    let mode = text("response_mode")
        .map_or(Some(ResponseMode::Query), ResponseMode::from_name)
        .ok_or("response_mode must be query, fragment or form_post")?;
    if mode == ResponseMode::FormPost && !matches!(redirect_uri.scheme(), "http" | "https") {
        return Err(
            "response_mode=form_post needs a redirect_uri of the web: an app is reached by a link only"
                .into(),
        );
    }
    Ok((ReturnTo { redirect_uri, mode, state: text("state").map(str::to_owned) }, requested.is_some()))
}

fn examine<'a>(
    client: &Client,
    text: &impl Fn(&str) -> Option<&'a str>,
) -> Result<(Scope, Option<Challenge>), Refusal> {
    for (name, code) in [
        ("request", Code::RequestNotSupported),
        ("request_uri", Code::RequestUriNotSupported),
        ("registration", Code::RegistrationNotSupported),
    ] {
        if text(name).is_some() {
            return Err(code.because(format!("{name} is not supported: send plain parameters")));
        }
    }
    match text("response_type") {
        Some("code") => {}
        Some(_) => return Err(Code::UnsupportedResponseType.because("only response_type=code is supported")),
        None => return Err(Code::InvalidRequest.because("response_type is missing: send response_type=code")),
    }
    if !client.metadata.has_grant(&GrantType::AuthorizationCode) {
        return Err(Code::UnauthorizedClient
            .because("this client is not registered for the authorization_code grant"));
    }
    let Some(scope) = text("scope") else {
        return Err(Code::InvalidScope.because("scope is missing: name at least one"));
    };
    let scope: Scope = scope
        .parse()
        .map_err(|error: kernel::scope::InvalidScope| Code::InvalidScope.because(error.to_string()))?;
    Ok((scope, challenge(client, text("code_challenge"), text("code_challenge_method"))?))
}

/// PKCE is a must for clients that have no other proof, and they must not show the verifier itself in the request
/// (RFC 9700 §2.1.1). For clients with a secret, `plain` adds little and takes nothing away.
fn challenge(
    client: &Client,
    challenge: Option<&str>,
    method: Option<&str>,
) -> Result<Option<Challenge>, Refusal> {
    let is_public = client.auth_method == AuthMethod::None;
    match (challenge, method) {
        (Some(challenge), method) => match Challenge::parse(challenge, method) {
            Ok(challenge) if is_public && challenge.method == Method::Plain => Err(Code::InvalidRequest
                .because("clients without authentication must use code_challenge_method=S256 (RFC 9700)")),
            parsed => parsed.map(Some).map_err(|error| Code::InvalidRequest.because(error.to_string())),
        },
        (None, Some(_)) => {
            Err(Code::InvalidRequest.because("code_challenge_method was sent without code_challenge"))
        }
        (None, None) if is_public => Err(Code::InvalidRequest
            .because("code_challenge is missing: clients without authentication must use PKCE (RFC 7636)")),
        (None, None) => Ok(None),
    }
}
