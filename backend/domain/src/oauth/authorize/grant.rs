//! Requests that are kept: pending, then cancelled or fulfilled, then exchanged.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Error, Op, Result, Scope, Secret, Timestamp, id::*, token};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use store::{Db, sql, tables::authorization_grants};
use url::Url;

use super::{Parameters, Request, ResponseMode, ReturnTo};
use crate::{
    audit,
    oauth::{clients::Client, consents, demands::Demands},
    policy::Policy,
    users::{self, browser::BrowserSession},
};

/// From the request to the answer: time enough to make an account on the way.
const LIFETIME: Duration = Duration::from_secs(24 * 3600);
/// From consent to exchange (RFC 6749 §4.1.2).
pub const CODE_LIFETIME: Duration = Duration::from_secs(600);

/// Keeps a good request until it is settled. `locale` is the language that people are spoken to on the way.
pub async fn start(
    db: &Db,
    op: &Op,
    client: &Client,
    request: &Request,
    locale: Option<String>,
) -> Result<Grant> {
    let nonce = request.parameters.get("nonce").and_then(|nonce| nonce.as_str()).map(str::to_owned);
    let demands = match &request.demands {
        demands if *demands == Demands::default() => None,
        demands => Some(serde_json::to_value(demands).map_err(Error::internal)?),
    };
    let challenge = request.challenge.as_ref();
    let kept = authorization_grants::ActiveModel {
        id: Set(op.id()),
        client_id: Set(client.id),
        created_at: Set(op.now),
        scope: Set(request.scope.to_string()),
        redirect_uri: Set(request.return_to.redirect_uri.to_string()),
        redirect_uri_given: Set(request.redirect_uri_given),
        response_type: Set("code".into()),
        response_mode: Set(request.return_to.mode.as_str().into()),
        state: Set(request.return_to.state.clone()),
        nonce: Set(nonce),
        code_challenge: Set(challenge.map(|challenge| challenge.expose().to_owned())),
        code_challenge_method: Set(challenge.map(|challenge| challenge.method.as_str().to_owned())),
        login_hint: Set(request.login_hint.clone()),
        locale: Set(locale),
        parameters: Set(request.parameters.clone().into()),
        demands: Set(demands),
        ..Default::default()
    }
    .insert(&db.single)
    .await?;
    read(kept)
}

/// A request that is kept.
#[derive(Clone, Debug)]
pub struct Grant {
    pub id: GrantId,
    pub client: ClientId,
    pub created_at: Timestamp,
    pub scope: Scope,
    pub login_hint: Option<String>,
    pub locale: Option<String>,
    pub demands: Demands,
    /// The browser session in which the person said that this account is the right one.
    pub account_chosen_by: Option<BrowserSessionId>,
    pub state: GrantState,
    pub return_to: ReturnTo,
    /// The request as it came, so that it can be made again.
    pub parameters: Parameters,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantState {
    Pending,
    Cancelled,
    Fulfilled { at: Timestamp, by: Option<BrowserSessionId>, code_hash: Vec<u8> },
    Exchanged,
}

impl Grant {
    /// Nobody may settle it any more, or the code that came of it.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        match &self.state {
            GrantState::Pending => now.since(self.created_at) > LIFETIME,
            GrantState::Fulfilled { at, .. } => now.since(*at) > CODE_LIFETIME,
            GrantState::Cancelled | GrantState::Exchanged => false,
        }
    }
}

pub async fn get(db: &Db, id: GrantId) -> Result<Option<Grant>> {
    let row = authorization_grants::Entity::find_by_id(id).one(&db.read).await?;
    row.map(read).transpose()
}

fn read(row: authorization_grants::Model) -> Result<Grant> {
    let state = match row {
        _ if row.exchanged_at.is_some() => GrantState::Exchanged,
        _ if row.cancelled_at.is_some() => GrantState::Cancelled,
        _ => match row.fulfilled_at {
            Some(at) => GrantState::Fulfilled {
                at,
                by: row.browser_session_id,
                code_hash: row.code_hash.unwrap_or_default(),
            },
            None => GrantState::Pending,
        },
    };
    let invalid = |what: String| Error::internal(what);
    let demands = row.demands.map(serde_json::from_value).transpose().map_err(Error::internal)?;
    let serde_json::Value::Object(parameters) = row.parameters else {
        return Err(Error::internal("the parameters of a grant are no object"));
    };
    Ok(Grant {
        id: row.id,
        client: row.client_id,
        created_at: row.created_at,
        scope: row.scope.parse().map_err(|error: kernel::scope::InvalidScope| invalid(error.to_string()))?,
        login_hint: row.login_hint,
        locale: row.locale,
        demands: demands.unwrap_or_default(),
        account_chosen_by: row.account_chosen_by,
        state,
        return_to: ReturnTo {
            redirect_uri: Url::parse(&row.redirect_uri).map_err(Error::internal)?,
            mode: ResponseMode::from_name(&row.response_mode)
                .ok_or_else(|| invalid(format!("unknown response mode {:?}", row.response_mode)))?,
            state: row.state,
        },
        parameters,
    })
}

/// Who agrees, and how.
#[derive(Clone, Copy, Debug)]
pub struct Approval<'a> {
    pub session: &'a BrowserSession,
    /// The secret in the browser's cookie.
    pub secret: &'a Secret<String>,
    /// Whether the person was asked, rather than known to agree.
    pub asked: bool,
}

/// What became of a person's consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fulfilled {
    Code(String),
    /// It was settled already.
    Settled,
    /// The person may not administer any more.
    Denied,
}

/// The person agrees, and the policy did a moment ago: the pending grant is bound to their browser session and gets its code. Of
/// several presses of the button exactly one counts.
pub async fn fulfil(
    db: &Db,
    op: &Op,
    policy: &Policy,
    grant: &Grant,
    approval: Approval<'_>,
) -> Result<Fulfilled> {
    const FULFIL: &str = "UPDATE authorization_grants \
      SET fulfilled_at = $2, browser_session_id = $3, code_hash = $4, auth_time = $5, amr = $6 \
      WHERE id = $1 AND fulfilled_at IS NULL AND cancelled_at IS NULL";
    let Approval { session, secret, asked } = approval;
    let code = code(secret, grant.id);
    let hash = token::hash(&code).to_vec();
    db.write(async |tx| {
        // Before the request, as whoever takes the right away does it.
        if !users::may_have(tx, policy, session.user, &grant.scope).await? {
            return Ok(Fulfilled::Denied);
        }
        let values = [
            grant.id.into(),
            op.now.into(),
            session.id.into(),
            hash.into(),
            session.auth_time.into(),
            session.amr.clone().into(),
        ];
        if sql::execute(tx, FULFIL, values).await? == 0 {
            return Ok(Fulfilled::Settled);
        }
        if asked {
            let redirect_uri = &grant.return_to.redirect_uri;
            consents::remember(tx, op, grant.client, session.user, &grant.scope, redirect_uri).await?;
        }
        let subject = audit::Subject {
            user: Some(session.user),
            client: Some(grant.client),
            browser_session: Some(session.id),
            data: Some(serde_json::json!({ "scope": grant.scope, "asked": asked })),
            ..Default::default()
        };
        audit::record(tx, op, audit::Kind::ConsentGiven, subject).await?;
        Ok(Fulfilled::Code(code))
    })
    .await
}

/// The code of a grant that this browser session has fulfilled, as long as it can be exchanged: whoever presses twice,
/// or comes back because the app did not open, gets the same one.
pub fn deliver_again(op: &Op, grant: &Grant, approval: Approval<'_>) -> Option<String> {
    let GrantState::Fulfilled { by, code_hash, .. } = &grant.state else { return None };
    if *by != Some(approval.session.id) || grant.has_expired(op.now) {
        return None;
    }
    let code = code(approval.secret, grant.id);
    (token::hash(&code)[..] == code_hash[..]).then_some(code)
}

/// 43 characters, as hard to guess as the secret in the browser's cookie, which has 190 bits. They follow from it, so
/// that the same browser can be given them again although only their hash is kept.
fn code(secret: &Secret<String>, grant: GrantId) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, format!("authorization code {grant}").as_bytes()))
}

/// The person says that the account of this browser session is the right one.
pub async fn choose_account(db: &Db, grant: GrantId, session: BrowserSessionId) -> Result<()> {
    const CHOOSE: &str = "UPDATE authorization_grants SET account_chosen_by = $2 \
      WHERE id = $1 AND fulfilled_at IS NULL AND cancelled_at IS NULL";
    sql::execute(&db.single, CHOOSE, [grant.into(), session.into()]).await?;
    Ok(())
}

/// The person refuses; `false` if they had agreed before. Repeating it is no error.
pub async fn cancel(db: &Db, op: &Op, grant: GrantId) -> Result<bool> {
    const CANCEL: &str = "UPDATE authorization_grants SET cancelled_at = COALESCE(cancelled_at, $2) \
      WHERE id = $1 AND fulfilled_at IS NULL";
    Ok(sql::execute(&db.single, CANCEL, [grant.into(), op.now.into()]).await? > 0)
}
