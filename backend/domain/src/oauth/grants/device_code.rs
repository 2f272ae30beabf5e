//! The device code grant (RFC 8628 §3.4, §3.5).
//!
//! A poll is one statement: it finds the grant, notes the time, and lengthens the interval of a device that comes too
//! soon. Only when the person has agreed is more read, the homeserver told of the device, and then the grant taken by one
//! guarded statement, in the transaction that creates the session: of any number of polls at once exactly one gets tokens.

use kernel::{Handle, Op, Scope, Timestamp, id::*, token};
use sea_orm::QueryResult;
use store::{DbErr, sql};

use super::{
    Tokens,
    announce::{NewDevice, announce, take_back},
    authorization_code::Parts,
    refresh_token::Client,
    start::NewSession,
};
use crate::{
    oauth::{
        Code, Refusal,
        id_token::{self, IdToken},
        registration::Localized,
    },
    sessions::{
        device::Found,
        pair::{Family, Pair},
    },
};

/// Gives the device its tokens once its person has agreed; before that, a refusal with a code of RFC 8628 §3.5. `None` if
/// no grant of this client has that code, or the client is not what it claims to be: the caller, who can authenticate it,
/// says which.
pub async fn exchange(
    parts: Parts<'_>,
    op: &Op,
    client: Client,
    device_code: &str,
) -> Result<Option<Tokens>, Refusal> {
    let values = [
        token::hash(device_code).to_vec().into(),
        client.id().into(),
        op.now.into(),
        matches!(client, Client::Public(_)).into(),
    ];
    let Some(row) = sql::one(&parts.db.single, POLL, values).await? else { return Ok(None) };
    check(op, &Poll::read(&row)?)?;
    // Boxed, because most polls do not get here.
    Box::pin(take(parts, op, row.try_get("", "id")?)).await.map(Some)
}

fn check(op: &Op, poll: &Poll) -> Result<(), Refusal> {
    if poll.exchanged {
        return Err(used());
    }
    if poll.expires_at < op.now {
        return Err(Code::ExpiredToken.because("the device code has expired: ask for a new one"));
    }
    if poll.rejected {
        return Err(Code::DeviceRejected.because("the person has refused"));
    }
    if poll.fulfilled {
        return Ok(());
    }
    if poll.too_soon {
        return Err(Code::SlowDown.because(format!(
            "the person has not decided yet, and this poll came too soon: leave {} seconds between polls",
            poll.interval
        )));
    }
    Err(Code::AuthorizationPending.because("the person has not decided yet: go on polling"))
}

fn used() -> Refusal {
    Code::InvalidGrant.because("this device code was used before")
}

async fn take(parts: Parts<'_>, op: &Op, id: DeviceGrantId) -> Result<Tokens, Refusal> {
    let Some(row) = sql::one(&parts.db.read, FIND, [id.into()]).await? else {
        return Err(Code::InvalidGrant
            .because("the person who approved this has been removed, or cannot sign in any more"));
    };
    let grant = Grant::read(&row)?;
    let id_tokens_by = id_token::algorithm(parts.keys, &grant.scope, grant.id_token_alg.as_deref())?;
    let device = grant.scope.device_ids().first().map(|id| (*id).to_owned());
    let mut found = Found::Nothing;
    if let Some(device) = &device {
        let client = grant.client_name.clone().unwrap_or_else(|| grant.client.to_string());
        let (user_agent, language) = (op.user_agent.as_deref(), grant.locale.as_deref());
        let new = NewDevice { username: &grant.username, device, client: &client, user_agent, language };
        found = announce(parts.homeserver, parts.writer, new).await?;
    }
    let pair = Pair::mint(parts.lineage, op, Family::Oauth, Handle::new(op.random()));
    let session = NewSession {
        id: op.id(),
        user: Some(grant.user),
        client: grant.client,
        browser_session: grant.browser_session,
        scope: &grant.scope,
        device: device.as_deref(),
        found,
        pair: &pair,
        refreshable: grant.may_refresh,
        access_token_ttl: parts.lifetimes.access_token,
    };
    // The person did not sign in at the device: nothing is said of when and how they did.
    let id_token = id_tokens_by
        .map(|algorithm| IdToken::new(parts.issuer, grant.user, &session, algorithm).sign(parts.keys, op))
        .transpose()?;
    let taken = parts.db.write(async |tx| {
        if sql::execute(tx, CONSUME, [id.into(), session.id.into(), op.now.into()]).await? == 0 {
            return Ok(false);
        }
        session.insert(tx, op).await?;
        Ok::<_, Refusal>(true)
    });
    if !taken.await? {
        take_back(parts.db, op, &session).await?;
        return Err(used());
    }
    Ok(Tokens {
        session: session.id,
        expires_in: parts.lifetimes.access_token,
        refresh: grant.may_refresh.then(|| pair.refresh.clone()),
        access: pair.access,
        id_token,
        scope: grant.scope,
    })
}

/// What a poll finds.
struct Poll {
    too_soon: bool,
    interval: i64,
    expires_at: Timestamp,
    fulfilled: bool,
    rejected: bool,
    exchanged: bool,
}

impl Poll {
    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            too_soon: row.try_get("", "polled_too_soon")?,
            interval: row.try_get("", "poll_interval")?,
            expires_at: row.try_get("", "expires_at")?,
            fulfilled: row.try_get("", "fulfilled")?,
            rejected: row.try_get("", "rejected")?,
            exchanged: row.try_get("", "exchanged")?,
        })
    }
}

/// What a person has agreed to.
struct Grant {
    client: ClientId,
    /// In the person's language.
    client_name: Option<String>,
    locale: Option<String>,
    id_token_alg: Option<String>,
    may_refresh: bool,
    scope: Scope,
    browser_session: Option<BrowserSessionId>,
    user: UserId,
    username: String,
}

impl Grant {
    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        let metadata: serde_json::Value = row.try_get("", "metadata")?;
        let locale: Option<String> = row.try_get("", "locale")?;
        Ok(Self {
            client: row.try_get("", "client_id")?,
            client_name: match Localized::<String>::of(&metadata, "client_name") {
                Some(name) => Some(name.in_language(locale.as_deref().unwrap_or_default()).clone()),
                None => row.try_get("", "client_name")?,
            },
            locale,
            id_token_alg: metadata["id_token_signed_response_alg"].as_str().map(str::to_owned),
            may_refresh: row.try_get("", "may_refresh")?,
            scope: row.try_get("", "scope")?,
            browser_session: row.try_get("", "browser_session_id")?,
            user: row.try_get("", "user_id")?,
            username: row.try_get("", "username")?,
        })
    }
}

// A poll that comes a second early is not too soon: networks are not that exact. Only who waits can come too soon.
macro_rules! too_soon {
    () => {
        "CASE WHEN fulfilled_at IS NULL AND rejected_at IS NULL \
           AND polled_at > $3 - (poll_interval - 1) * 1000000 THEN "
    };
}

// $1 hash of the code · $2 client · $3 now · $4 whether the client claims to be public
const POLL: &str = concat!(
    "UPDATE device_grants SET polled_too_soon = ",
    too_soon!(),
    "TRUE ELSE FALSE END, poll_interval = poll_interval + ",
    too_soon!(),
    "5 ELSE 0 END, polled_at = $3 \
     WHERE device_code_hash = $1 AND client_id = $2 \
       AND EXISTS (SELECT 1 FROM oauth_clients c WHERE c.id = $2 AND c.disabled_at IS NULL \
         AND (c.auth_method = 'none' OR NOT $4) \
         AND ' ' || c.grant_types || ' ' LIKE '% urn:ietf:params:oauth:grant-type:device_code %') \
     RETURNING id, polled_too_soon, poll_interval, expires_at, fulfilled_at IS NOT NULL AS fulfilled, \
       rejected_at IS NOT NULL AS rejected, exchanged_at IS NOT NULL AS exchanged"
);

// The browser session in which the person agreed may have ended since: they agreed, and do not have to stay.
const FIND: &str = "\
SELECT g.client_id, g.scope, g.browser_session_id, g.locale, \
  c.name AS client_name, c.metadata, \
  ' ' || c.grant_types || ' ' LIKE '% refresh_token %' AS may_refresh, u.id AS user_id, u.username \
FROM device_grants g JOIN oauth_clients c ON c.id = g.client_id \
JOIN browser_sessions b ON b.id = g.browser_session_id JOIN users u ON u.id = b.user_id \
WHERE g.id = $1 AND u.locked_at IS NULL AND u.deactivated_at IS NULL";

const CONSUME: &str = "\
UPDATE device_grants SET exchanged_at = $3, session_id = $2 \
WHERE id = $1 AND fulfilled_at IS NOT NULL AND rejected_at IS NULL AND exchanged_at IS NULL \
  AND EXISTS (SELECT 1 FROM browser_sessions b JOIN users u ON u.id = b.user_id \
    WHERE b.id = device_grants.browser_session_id AND u.locked_at IS NULL AND u.deactivated_at IS NULL) \
  AND EXISTS (SELECT 1 FROM oauth_clients c WHERE c.id = device_grants.client_id AND c.disabled_at IS NULL)";
