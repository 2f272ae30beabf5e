//! The authorization code grant (RFC 6749 §4.1.3, RFC 7636 §4.5, OpenID Connect Core §3.1.3).
//!
//! Everything is read and checked first, then the homeserver is told of the device, and last one guarded write
//! consumes the code and creates the session: of any number of parallel requests exactly one gets tokens, and a
//! homeserver that fails leaves the code as it was.

use std::time::Duration;

use kernel::{
    Error, Handle, Op, Scope, Timestamp,
    id::*,
    jose::{Algorithm, Keystore},
    pkce::{Challenge, Verifier},
    seal::Lineage,
    token,
};
use sea_orm::QueryResult;
use store::{Db, Engine, Tx, sql};
use url::Url;

use super::{
    Tokens,
    announce::{NewDevice, announce, take_back},
    start::NewSession,
};
use crate::{
    audit,
    homeserver::Homeserver,
    mail::Writer,
    oauth::{
        Code, Lifetimes, Refusal, acr,
        authorize::CODE_LIFETIME,
        claims::{Person, display_name},
        demands::Demands,
        id_token::{self, IdToken},
        registration::Localized,
    },
    sessions::{
        device::{Found, had},
        end::{self, Reason},
        pair::{Family, Pair},
    },
    users::{display_name::Known, primary_email},
};

/// A second use of a code this soon is taken for a client's repeated request; later, for a stolen code.
const REPLAY_GRACE: Duration = Duration::from_secs(20);

/// The token request, as the client sent it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub client: ClientId,
    pub code: &'a str,
    pub redirect_uri: Option<&'a str>,
    pub code_verifier: Option<&'a str>,
}

/// What the exchange works with.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub db: &'a Db,
    pub homeserver: &'a Homeserver,
    pub writer: &'a dyn Writer,
    pub keys: &'a Keystore,
    pub lineage: &'a Lineage,
    pub issuer: &'a str,
    pub lifetimes: &'a Lifetimes,
}

pub async fn exchange(parts: Parts<'_>, op: &Op, request: Request<'_>) -> Result<Tokens, Refusal> {
    let hash = token::hash(request.code).to_vec();
    let Some(row) = sql::one(&parts.db.read, FIND, [hash.into()]).await? else {
        return Err(unknown_code());
    };
    let grant = Grant::read(&row)?;
    check(parts.db, op, &grant, request).await?;
    let scope: Scope = grant.scope.clone();
    let id_tokens_by = id_token::algorithm(parts.keys, &scope, grant.id_token_alg.as_deref())?;
    let device = scope.device_ids().first().map(|id| (*id).to_owned());
    let mut found = Found::Nothing;
    if let (Some(device), Some(user)) = (&device, &grant.user) {
        let client = grant.client_name.clone().unwrap_or_else(|| grant.client.to_string());
        let (user_agent, language) = (op.user_agent.as_deref(), grant.locale.as_deref());
        let new = NewDevice { username: &user.username, device, client: &client, user_agent, language };
        found = announce(parts.homeserver, parts.writer, new).await?;
    }
    let pair = Pair::mint(parts.lineage, op, Family::Oauth, Handle::new(op.random()));
    let session = NewSession {
        id: op.id(),
        user: grant.user.as_ref().map(|user| user.id),
        client: grant.client,
        browser_session: grant.browser_session,
        scope: &scope,
        device: device.as_deref(),
        found,
        pair: &pair,
        refreshable: true,
        access_token_ttl: parts.lifetimes.access_token,
    };
    let id_token = match (&grant.user, id_tokens_by) {
        (Some(user), Some(algorithm)) => {
            let vouched = Vouched { grant: &grant, user, code: request.code, session: &session, algorithm };
            Some(id_token(parts, op, &vouched).await?)
        }
        _ => None,
    };
    if !claim(parts, op, grant.id, &session).await? {
        // Somebody else's request came first, this very moment: that is a repeat and no theft. Or the person has
        // signed out, or was stopped, while the homeserver was told of the device.
        take_back(parts.db, op, &session).await?;
        return Err(Code::InvalidGrant
            .because("this authorization code was used before, or whoever approved it has just signed out"));
    }
    Ok(Tokens {
        session: session.id,
        access: pair.access,
        expires_in: parts.lifetimes.access_token,
        refresh: Some(pair.refresh),
        id_token,
        scope,
    })
}

async fn check(db: &Db, op: &Op, grant: &Grant, request: Request<'_>) -> Result<(), Refusal> {
    if grant.client != request.client {
        return Err(Code::InvalidGrant.because("this authorization code was issued to another client"));
    }
    if !grant.may_exchange {
        return Err(Code::UnauthorizedClient
            .because("this client is not registered for the authorization_code grant"));
    }
    match request.redirect_uri {
        // As parsed, because that is how it is kept: `https://example.com` and `https://example.com/` are one.
        Some(given) if !Url::parse(given).is_ok_and(|given| given.as_str() == grant.redirect_uri) => {
            return Err(
                Code::InvalidGrant.because("redirect_uri differs from the one of the authorization request")
            );
        }
        None if grant.redirect_uri_given => {
            return Err(
                Code::InvalidRequest.because("redirect_uri must be repeated as in the authorization request")
            );
        }
        _ => {}
    }
    check_pkce(grant, request.code_verifier)?;
    // Only now, because a code alone may have been found in somebody's history: it proves no theft.
    if let Some(exchanged_at) = grant.exchanged_at {
        if let Some(session) = grant.session.filter(|_| op.now.since(exchanged_at) > REPLAY_GRACE) {
            db.write(async |tx| replayed(tx, op, grant, session).await).await?;
        }
        let refusal = used_code();
        return Err(Refusal { session: grant.session, ..refusal });
    }
    let Some(fulfilled_at) = grant.fulfilled_at.filter(|_| grant.cancelled_at.is_none()) else {
        return Err(unknown_code());
    };
    if op.now.since(fulfilled_at) > CODE_LIFETIME {
        return Err(Code::InvalidGrant.because("this authorization code has expired: start again"));
    }
    if grant.user.is_none() || grant.browser_finished || grant.user_refused {
        return Err(Code::InvalidGrant
            .because("the person who approved this has signed out or cannot sign in any more"));
    }
    Ok(())
}

fn check_pkce(grant: &Grant, verifier: Option<&str>) -> Result<(), Refusal> {
    match (&grant.challenge, verifier) {
        (None, None) => Ok(()),
        (Some(_), None) => {
            Err(Code::InvalidRequest.because("code_verifier is missing: the request had a code_challenge"))
        }
        (None, Some(_)) => {
            Err(Code::InvalidRequest.because("code_verifier was sent, but the request had no code_challenge"))
        }
        (Some(challenge), Some(verifier)) => {
            let verifier =
                Verifier::parse(verifier).map_err(|error| Code::InvalidGrant.because(error.to_string()))?;
            if challenge.is_met_by(&verifier) {
                Ok(())
            } else {
                Err(Code::InvalidGrant.because("code_verifier does not match the code_challenge"))
            }
        }
    }
}

fn unknown_code() -> Refusal {
    Code::InvalidGrant.because("this authorization code is not known: it may have been mistyped or removed")
}

fn used_code() -> Refusal {
    Code::InvalidGrant.because("this authorization code was used before")
}

async fn replayed(tx: &Tx, op: &Op, grant: &Grant, session: SessionId) -> Result<(), Refusal> {
    if end::end(tx, op, session, Reason::CodeReplayed).await? {
        let subject = audit::Subject {
            user: grant.user.as_ref().map(|user| user.id),
            client: Some(grant.client),
            session: Some(session),
            ..Default::default()
        };
        audit::record(tx, op, audit::Kind::ReplayDetected, subject).await?;
    }
    Ok(())
}

/// What the ID token is made of.
struct Vouched<'a> {
    grant: &'a Grant,
    user: &'a User,
    code: &'a str,
    session: &'a NewSession<'a>,
    algorithm: Algorithm,
}

async fn id_token(parts: Parts<'_>, op: &Op, vouched: &Vouched<'_>) -> Result<String, Error> {
    let Vouched { grant, user, code, session, algorithm } = *vouched;
    let asked = &grant.demands.id_token_claims;
    let name = match asked.contains("name") {
        true => display_name(parts.db, parts.homeserver, user.known()).await,
        false => None,
    };
    let (email, name) = (user.email.as_deref(), name.as_deref());
    let mut claims = Person { id: user.id, username: &user.username, email, name }.claims(&grant.scope);
    claims.retain(|claim, _| asked.contains(claim));
    let token = IdToken {
        auth_time: grant.auth_time,
        amr: grant.amr.as_deref(),
        acr: acr::met(&grant.demands.acr_values, grant.amr.as_deref().unwrap_or_default()),
        nonce: grant.nonce.as_deref(),
        code: Some(code),
        claims,
        ..IdToken::new(parts.issuer, user.id, session, algorithm)
    };
    token.sign(parts.keys, op)
}

/// Consumes the code, if nobody else has, and creates session and tokens: one statement on PostgreSQL, which then
/// takes one round trip; on SQLite, where a statement can only write one table, one transaction.
async fn claim(parts: Parts<'_>, op: &Op, grant: GrantId, new: &NewSession<'_>) -> Result<bool, Refusal> {
    if parts.db.engine() == Engine::Postgres {
        let line = new.line_values(op)?;
        let values = [grant.into()].into_iter().chain(new.session_values(op)).chain(line);
        let values = values.chain(audit::values(op, audit::Kind::SessionStarted));
        let values = values.chain([op.id::<AuditEventId>().into()]);
        return Ok(sql::one(&parts.db.single, CLAIM_POSTGRES, values).await?.is_some());
    }
    parts
        .db
        .write(async |tx| {
            if sql::execute(tx, CONSUME, [grant.into(), new.id.into(), op.now.into()]).await? == 0 {
                return Ok(false);
            }
            new.insert(tx, op).await?;
            Ok(true)
        })
        .await
}

/// The grant with all that the decision needs.
struct Grant {
    id: GrantId,
    client: ClientId,
    /// In the person's language.
    client_name: Option<String>,
    locale: Option<String>,
    id_token_alg: Option<String>,
    may_exchange: bool,
    session: Option<SessionId>,
    fulfilled_at: Option<Timestamp>,
    exchanged_at: Option<Timestamp>,
    cancelled_at: Option<Timestamp>,
    scope: Scope,
    redirect_uri: String,
    redirect_uri_given: bool,
    nonce: Option<String>,
    challenge: Option<Challenge>,
    browser_session: Option<BrowserSessionId>,
    browser_finished: bool,
    auth_time: Option<Timestamp>,
    amr: Option<String>,
    demands: Demands,
    user: Option<User>,
    user_refused: bool,
}

struct User {
    id: UserId,
    username: String,
    email: Option<String>,
    display_name: Option<String>,
}

impl User {
    fn known(&self) -> Known<'_> {
        Known { user: self.id, username: &self.username, display_name: self.display_name.as_deref() }
    }
}

impl Grant {
    fn read(row: &QueryResult) -> Result<Self, Refusal> {
        let challenge = match row.try_get::<Option<String>>("", "code_challenge")? {
            None => None,
            Some(value) => {
                let method: Option<String> = row.try_get("", "code_challenge_method")?;
                Some(
                    Challenge::parse(&value, method.as_deref())
                        .map_err(|error| Error::internal(error.to_string()))?,
                )
            }
        };
        let user = match row.try_get::<Option<UserId>>("", "user_id")? {
            None => None,
            Some(id) => Some(User {
                id,
                username: row.try_get("", "username")?,
                email: row.try_get("", "email")?,
                display_name: row.try_get("", "display_name")?,
            }),
        };
        let metadata: serde_json::Value = row.try_get("", "metadata")?;
        let locale: Option<String> = row.try_get("", "locale")?;
        let demands: Option<serde_json::Value> = row.try_get("", "demands")?;
        let demands: Option<Demands> =
            demands.map(serde_json::from_value).transpose().map_err(Error::internal)?;
        Ok(Self {
            id: row.try_get("", "id")?,
            client: row.try_get("", "client_id")?,
            client_name: match Localized::<String>::of(&metadata, "client_name") {
                Some(name) => Some(name.in_language(locale.as_deref().unwrap_or_default()).clone()),
                None => row.try_get("", "client_name")?,
            },
            locale,
            id_token_alg: metadata["id_token_signed_response_alg"].as_str().map(str::to_owned),
            may_exchange: row.try_get("", "may_exchange")?,
            session: row.try_get("", "session_id")?,
            fulfilled_at: row.try_get("", "fulfilled_at")?,
            exchanged_at: row.try_get("", "exchanged_at")?,
            cancelled_at: row.try_get("", "cancelled_at")?,
            scope: row.try_get("", "scope")?,
            redirect_uri: row.try_get("", "redirect_uri")?,
            redirect_uri_given: row.try_get("", "redirect_uri_given")?,
            nonce: row.try_get("", "nonce")?,
            challenge,
            browser_session: row.try_get("", "browser_session_id")?,
            browser_finished: row.try_get("", "browser_finished")?,
            auth_time: row.try_get("", "auth_time")?,
            amr: row.try_get("", "amr")?,
            demands: demands.unwrap_or_default(),
            user,
            user_refused: row.try_get("", "user_refused")?,
        })
    }
}

const FIND: &str = concat!(
    "SELECT g.id, g.client_id, g.session_id, g.fulfilled_at, g.exchanged_at, g.cancelled_at, g.scope, g.redirect_uri, \
       g.redirect_uri_given, g.nonce, g.code_challenge, g.code_challenge_method, g.browser_session_id, \
       c.name AS client_name, c.metadata, g.locale, \
       ' ' || c.grant_types || ' ' LIKE '% authorization_code %' AS may_exchange, \
       g.demands, COALESCE(g.auth_time, b.auth_time) AS auth_time, COALESCE(g.amr, b.amr) AS amr, \
       b.finished_at IS NOT NULL AS browser_finished, u.id AS user_id, u.username, u.display_name, ",
    primary_email!(),
    " AS email, (u.locked_at IS NOT NULL OR u.deactivated_at IS NOT NULL) AS user_refused \
     FROM authorization_grants g JOIN oauth_clients c ON c.id = g.client_id \
     LEFT JOIN browser_sessions b ON b.id = g.browser_session_id LEFT JOIN users u ON u.id = b.user_id \
     WHERE g.code_hash = $1"
);

// What was checked before the homeserver was asked may have changed since: its answer can take minutes.
macro_rules! still_good {
    () => {
        "id = $1 AND fulfilled_at IS NOT NULL AND exchanged_at IS NULL AND cancelled_at IS NULL \
         AND EXISTS (SELECT 1 FROM browser_sessions b JOIN users u ON u.id = b.user_id \
           WHERE b.id = authorization_grants.browser_session_id AND b.finished_at IS NULL \
             AND u.locked_at IS NULL AND u.deactivated_at IS NULL) \
         AND EXISTS (SELECT 1 FROM oauth_clients c \
           WHERE c.id = authorization_grants.client_id AND c.disabled_at IS NULL)"
    };
}

const CONSUME: &str =
    concat!("UPDATE authorization_grants SET exchanged_at = $3, session_id = $2 WHERE ", still_good!());

const CLAIM_POSTGRES: &str = concat!(
    "WITH claimed AS (UPDATE authorization_grants SET exchanged_at = $8, session_id = $2 WHERE ",
    still_good!(),
    " RETURNING id), \
  started AS (INSERT INTO sessions \
    (id, kind, user_id, client_id, browser_session_id, scope, device_id, created_at, user_agent, foreign_device) \
    SELECT $2, 'oauth', $3, $4, $5, $6, $7, $8, $9, $10 AND NOT ",
    had!("$3", "$7", "$2"),
    " FROM claimed), \
  line AS (INSERT INTO token_pairs (id, handle, access_id, access_hash, access_expires_at, refresh_id, refresh_hash, \
      session_id, created_at) SELECT $11, $12, $13, $14, $15, $16, $17, $2, $8 FROM claimed), \
  event AS (INSERT INTO audit_events (id, kind, actor, address, request_id, user_id, client_id, session_id, \
      browser_session_id, user_agent, created_at) \
    SELECT $18, $19, $20, $21, $22, $3, $4, $2, $5, $9, $8 FROM claimed) \
SELECT CASE WHEN $7 IS NULL THEN 0 ELSE take_device($3, $7, $2, $8, $23, $20, $21, $9, $22) END AS replaced FROM claimed"
);
