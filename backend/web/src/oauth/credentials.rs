//! Which client a request comes from: the `Authorization` header and the form, combined (RFC 6749 §2.3).

use axum::{
    body::Bytes,
    extract::{FromRef, FromRequest, Request},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::oauth::{
    Code, Refusal,
    assertion::{self, Assertion},
    clients::Credentials,
};
use edge::{App, form::Fields};
use http::{HeaderMap, header};
use kernel::{Secret, id::ClientId};

use super::reply::Problem;

/// A form post to an endpoint that knows its caller.
pub struct ClientRequest {
    pub headers: HeaderMap,
    pub fields: Fields,
    pub caller: Caller,
}

pub enum Caller {
    Client(Credentials),
    /// `Authorization: Bearer …`; only introspection knows what to do with it.
    Bearer(Secret<String>),
}

impl ClientRequest {
    /// The credentials of a client.
    pub fn client(&self) -> Result<&Credentials, Refusal> {
        match &self.caller {
            Caller::Client(credentials) => Ok(credentials),
            Caller::Bearer(_) => {
                Err(Code::InvalidClient.because("a bearer token does not authenticate a client"))
            }
        }
    }

    pub fn required(&self, name: &'static str) -> Result<&str, Refusal> {
        self.fields
            .get(name)
            .ok_or_else(|| Code::InvalidRequest.because(format!("{name} is missing from the form")))
    }
}

impl<S: Send + Sync> FromRequest<S> for ClientRequest
where
    App: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Problem> {
        // Taken, not copied: reading the body does not need them.
        let headers = std::mem::take(request.headers_mut());
        if !is_form(&headers) {
            return Err(Code::InvalidRequest
                .because("the body must be a form: send Content-Type: application/x-www-form-urlencoded")
                .into());
        }
        // Ours, as it is advertised: what the request says about its host does not count.
        let endpoint = App::from_ref(state).urls.absolute(request.uri().path());
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| Code::InvalidRequest.because("the body could not be read, or is too long"))?;
        let fields =
            Fields::parse(&body).map_err(|malformed| Code::InvalidRequest.because(malformed.to_string()))?;
        let caller = caller(&headers, &fields, endpoint)?;
        Ok(Self { headers, fields, caller })
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The caller that header and form name together: one proof, not two. `endpoint` is the address that was called.
pub fn caller(headers: &HeaderMap, fields: &Fields, endpoint: String) -> Result<Caller, Refusal> {
    let id = fields.get("client_id");
    let secret = fields.get("client_secret");
    let authorization = authorization(headers)?;
    if let Some(jwt) = assertion(fields)? {
        if authorization.is_some() || secret.is_some() {
            return Err(Code::InvalidRequest.because(
                "a client_assertion was sent together with other credentials: use one way to authenticate",
            ));
        }
        return Ok(Caller::Client(Credentials::Assertion(Assertion::read(jwt, id, endpoint)?)));
    }
    match (authorization, id, secret) {
        (None, None, _) => Err(Code::InvalidRequest.because("client_id is missing")),
        (None, Some(id), None) => Ok(Caller::Client(Credentials::None(client_id(id)?))),
        (None, Some(id), Some(secret)) => {
            Ok(Caller::Client(Credentials::Post(client_id(id)?, secret.to_owned().into())))
        }
        (Some(Authorization::Basic(user, password)), id, None) => {
            if id.is_some_and(|id| id != user) {
                return Err(
                    Code::InvalidGrant.because("client_id differs from the user of the Authorization header")
                );
            }
            Ok(Caller::Client(Credentials::Basic(client_id(&user)?, password.into())))
        }
        (Some(Authorization::Bearer(token)), None, None) => Ok(Caller::Bearer(token.into())),
        (Some(_), _, _) => {
            Err(Code::InvalidRequest
                .because("credentials were sent in the Authorization header and in the form"))
        }
    }
}

/// The assertion, if there is one: its two fields come together (RFC 7521 §4.2).
fn assertion(fields: &Fields) -> Result<Option<&str>, Refusal> {
    match (fields.get("client_assertion_type"), fields.get("client_assertion")) {
        (None, None) => Ok(None),
        (Some(assertion::TYPE), Some(jwt)) => Ok(Some(jwt)),
        (Some(assertion::TYPE), None) => {
            Err(Code::InvalidRequest.because("client_assertion is missing from the form"))
        }
        _ => Err(Code::InvalidRequest.because(format!("client_assertion_type must be {}", assertion::TYPE))),
    }
}

/// What is no id of ours is no client of ours.
fn client_id(text: &str) -> Result<ClientId, Refusal> {
    text.parse().map_err(|_| Code::InvalidClient.because("there is no client with this client_id"))
}

enum Authorization {
    Basic(String, String),
    Bearer(String),
}

fn authorization(headers: &HeaderMap) -> Result<Option<Authorization>, Refusal> {
    let malformed =
        || Code::InvalidRequest.because("the Authorization header must be Basic or Bearer and well-formed");
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    if lines.next().is_some() {
        return Err(Code::InvalidRequest.because("there is more than one Authorization header"));
    }
    let (scheme, rest) = line.to_str().ok().and_then(|line| line.split_once(' ')).ok_or_else(malformed)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Ok(Some(Authorization::Bearer(rest.trim().to_owned())));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(malformed());
    }
    let decoded = STANDARD.decode(rest.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let (user, password) = decoded.as_deref().and_then(|text| text.split_once(':')).ok_or_else(malformed)?;
    Ok(Some(Authorization::Basic(user.to_owned(), password.to_owned())))
}
