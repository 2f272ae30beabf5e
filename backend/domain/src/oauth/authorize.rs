//! The authorization endpoint (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2): judging a request, keeping it while a
//! person signs in and consents, and settling it.

use kernel::{Op, Result, Scope, Timestamp, id::*, pkce::Challenge, token};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::Map;
use store::{Db, sql, tables::authorization_grants};
use url::Url;

use super::{
    Code, Refusal,
    clients::Client,
    redirect_uri,
    registration::{AuthMethod, GrantType},
};
use crate::audit;

const CODE_LENGTH: usize = 32;

/// How the answer travels back (OAuth 2.0 Multiple Response Type Encoding Practices, Form Post Response Mode).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

impl ResponseMode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Query, Self::Fragment, Self::FormPost].into_iter().find(|mode| mode.as_str() == name)
    }
}

/// Where and how a client gets its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo {
    pub redirect_uri: Url,
    pub mode: ResponseMode,
    pub state: Option<String>,
}

/// The parameters of the request, each at most once.
pub type Parameters = Map<String, serde_json::Value>;

/// A request that may go on to sign-in and consent.
#[derive(Clone, Debug)]
pub struct Request {
    pub return_to: ReturnTo,
    redirect_uri_given: bool,
    scope: Scope,
    challenge: Option<Challenge>,
    pub prompt: Vec<String>,
    pub login_hint: Option<String>,
    parameters: Parameters,
}

/// What a request came to.
#[derive(Debug)]
pub enum Judgement {
    Good(Box<Request>),
    /// The client is told.
    Refused(ReturnTo, Refusal),
    /// Nobody can be trusted with the answer: the person sees this sentence.
    Unanswerable(String),
}

/// Judges the request of a known client.
pub fn judge(client: &Client, parameters: Parameters) -> Judgement {
    let text =
        |name: &str| parameters.get(name).and_then(|value| value.as_str()).filter(|text| !text.is_empty());
    let requested = match text("redirect_uri").map(Url::parse).transpose() {
        Ok(requested) => requested,
        Err(_) => return Judgement::Unanswerable("the redirect_uri of the request is not a URL".into()),
    };
    if requested.as_ref().is_some_and(|uri| uri.fragment().is_some()) {
        return Judgement::Unanswerable(
            "the redirect_uri of the request has a fragment, which is not allowed".into(),
        );
    }
    let registered = client.metadata.redirect_uris.as_deref().unwrap_or_default();
    let redirect_uri = match redirect_uri::resolve(registered, requested.as_ref()) {
        Ok(uri) => uri,
        Err(error) => return Judgement::Unanswerable(error.to_string()),
    };
    let Some(mode) = text("response_mode").map_or(Some(ResponseMode::Query), ResponseMode::from_name) else {
        return Judgement::Unanswerable("response_mode must be query, fragment or form_post".into());
    };
    let return_to = ReturnTo { redirect_uri, mode, state: text("state").map(str::to_owned) };
    match examine(client, &text) {
        Err(refusal) => Judgement::Refused(return_to, refusal),
        Ok((scope, challenge)) => {
            let prompt = text("prompt").unwrap_or_default().split(' ').filter(|word| !word.is_empty());
            let prompt = prompt.map(str::to_owned).collect();
            let login_hint = text("login_hint").map(str::to_owned);
            let redirect_uri_given = requested.is_some();
            Judgement::Good(Box::new(Request {
                return_to,
                redirect_uri_given,
                scope,
                challenge,
                prompt,
                login_hint,
                parameters,
            }))
        }
    }
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
    if text("max_age").is_some_and(|age| age.parse::<u32>().is_err()) {
        return Err(Code::InvalidRequest.because("max_age must be a number of seconds"));
    }
    Ok((scope, challenge(client, text("code_challenge"), text("code_challenge_method"))?))
}

/// PKCE is a must for clients that have no other proof (RFC 9700 §2.1.1).
fn challenge(
    client: &Client,
    challenge: Option<&str>,
    method: Option<&str>,
) -> Result<Option<Challenge>, Refusal> {
    match (challenge, method) {
        (Some(challenge), method) => Challenge::parse(challenge, method)
            .map(Some)
            .map_err(|error| Code::InvalidRequest.because(error.to_string())),
        (None, Some(_)) => {
            Err(Code::InvalidRequest.because("code_challenge_method was sent without code_challenge"))
        }
        (None, None) if client.auth_method == AuthMethod::None => Err(Code::InvalidRequest
            .because("code_challenge is missing: clients without authentication must use PKCE (RFC 7636)")),
        (None, None) => Ok(None),
    }
}

/// Keeps a good request until it is settled.
pub async fn start(
    db: &Db,
    op: &Op,
    client: &Client,
    request: &Request,
    locale: Option<String>,
) -> Result<GrantId> {
    let id: GrantId = op.id();
    let nonce = request.parameters.get("nonce").and_then(|nonce| nonce.as_str()).map(str::to_owned);
    authorization_grants::ActiveModel {
        id: Set(id),
        client_id: Set(client.id),
        created_at: Set(op.now),
        scope: Set(request.scope.to_string()),
        redirect_uri: Set(request.return_to.redirect_uri.to_string()),
        redirect_uri_given: Set(request.redirect_uri_given),
        response_type: Set("code".into()),
        response_mode: Set(request.return_to.mode.as_str().into()),
        state: Set(request.return_to.state.clone()),
        nonce: Set(nonce),
        code_challenge: Set(request.challenge.as_ref().map(|challenge| challenge.expose().to_owned())),
        code_challenge_method: Set(request
            .challenge
            .as_ref()
            .map(|challenge| challenge.method.as_str().to_owned())),
        login_hint: Set(request.login_hint.clone()),
        locale: Set(locale),
        parameters: Set(request.parameters.clone().into()),
        ..Default::default()
    }
    .insert(&db.single)
    .await?;
    Ok(id)
}

/// A request that is kept.
#[derive(Clone, Debug)]
pub struct Grant {
    pub id: GrantId,
    pub client: ClientId,
    pub scope: Scope,
    pub login_hint: Option<String>,
    pub state: GrantState,
    pub return_to: ReturnTo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantState {
    Pending,
    Cancelled,
    Fulfilled { at: Timestamp, by: Option<BrowserSessionId> },
    Exchanged,
}

pub async fn get(db: &Db, id: GrantId) -> Result<Option<Grant>> {
    let Some(row) = authorization_grants::Entity::find_by_id(id).one(&db.read).await? else {
        return Ok(None);
    };
    let state = match row {
        _ if row.exchanged_at.is_some() => GrantState::Exchanged,
        _ if row.cancelled_at.is_some() => GrantState::Cancelled,
        _ => match row.fulfilled_at {
            Some(at) => GrantState::Fulfilled { at, by: row.browser_session_id },
            None => GrantState::Pending,
        },
    };
    let invalid = |what: String| kernel::Error::internal(what);
    Ok(Some(Grant {
        id: row.id,
        client: row.client_id,
        scope: row.scope.parse().map_err(|error: kernel::scope::InvalidScope| invalid(error.to_string()))?,
        login_hint: row.login_hint,
        state,
        return_to: ReturnTo {
            redirect_uri: Url::parse(&row.redirect_uri).map_err(kernel::Error::internal)?,
            mode: ResponseMode::from_name(&row.response_mode)
                .ok_or_else(|| invalid(format!("unknown response mode {:?}", row.response_mode)))?,
            state: row.state,
        },
    }))
}

/// The person agrees: the pending grant is bound to their browser session and gets its code. `None` if it was settled
/// already; of several presses of the button exactly one counts.
pub async fn fulfil(
    db: &Db,
    op: &Op,
    grant: &Grant,
    browser: BrowserSessionId,
    user: UserId,
) -> Result<Option<String>> {
    const FULFIL: &str = "UPDATE authorization_grants SET fulfilled_at = $2, browser_session_id = $3, code_hash = $4 \
      WHERE id = $1 AND fulfilled_at IS NULL AND cancelled_at IS NULL";
    let code = op.alphanumeric(CODE_LENGTH);
    let hash = token::hash(&code).to_vec();
    let fulfilled = db
        .write(async |tx| {
            let values = [grant.id.into(), op.now.into(), browser.into(), hash.into()];
            if sql::execute(tx, FULFIL, values).await? == 0 {
                return Ok(false);
            }
            let subject = audit::Subject {
                user: Some(user),
                client: Some(grant.client),
                browser_session: Some(browser),
                data: Some(serde_json::json!({ "scope": grant.scope })),
                ..Default::default()
            };
            audit::record(tx, op, audit::Kind::ConsentGiven, subject).await?;
            Ok::<_, kernel::Error>(true)
        })
        .await?;
    Ok(fulfilled.then_some(code))
}

/// The person refuses. Repeating it is no error.
pub async fn cancel(db: &Db, op: &Op, grant: GrantId) -> Result<()> {
    const CANCEL: &str = "UPDATE authorization_grants SET cancelled_at = $2 \
      WHERE id = $1 AND fulfilled_at IS NULL AND cancelled_at IS NULL";
    sql::execute(&db.single, CANCEL, [grant.into(), op.now.into()]).await?;
    Ok(())
}
