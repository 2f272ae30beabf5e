//! Client assertions (RFC 7521 §4.2, RFC 7523 §3): a client proves itself by a JWT that it has signed, with its secret
//! (`client_secret_jwt`) or with a key of its own (`private_key_jwt`).
//!
//! In this order: what the JWT says, the signature, and last whether it was used before. So nonsense makes this
//! service fetch nothing, and only the client itself can use an assertion up.

use std::time::Duration;

use kernel::{Op, Result, Timestamp, id::ClientId, jose::Jws, token};
use serde::Deserialize;
use store::{Db, sql};

use super::{Code, Refusal};

/// RFC 7523 §2.2.
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// For how long an assertion may be good: from `iat`, or from now when there is none. Some libraries ask for an hour;
/// they get these minutes.
const LONGEST_LIFE: Duration = Duration::from_secs(600);
/// How far clocks may differ.
const SKEW: Duration = Duration::from_secs(60);
/// Used assertions are remembered for longer than they are good, lest a replica whose clock is behind takes one again.
const REMEMBERED_BEYOND: Duration = Duration::from_secs(300);

/// An assertion as it was sent, and to which endpoint.
#[derive(Clone)]
pub struct Assertion {
    /// From `sub`, which is not proven yet.
    pub client: ClientId,
    jwt: String,
    /// The address of the endpoint that was called.
    endpoint: String,
}

/// Leaves the JWT out: until it is used, it is as good as a password.
impl std::fmt::Debug for Assertion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Assertion({})", self.client)
    }
}

#[derive(Deserialize)]
struct Subject {
    sub: String,
}

/// RFC 7523 §3. Everything else that it may say is not read.
#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
    jti: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// An assertion that says what it should.
pub(super) struct Sound {
    jti: String,
    good_until: Timestamp,
}

impl Assertion {
    /// Reads who sends it. `client_id` may stand beside it in the form and must then agree (RFC 7521 §4.2).
    pub fn read(jwt: &str, client_id: Option<&str>, endpoint: String) -> Result<Self, Refusal> {
        let jws = Jws::parse(jwt)
            .map_err(|malformed| Code::InvalidRequest.because(format!("client_assertion {malformed}")))?;
        let Some(Subject { sub }) = jws.claims() else {
            return Err(
                Code::InvalidRequest.because("client_assertion has no `sub`: it must be the client_id")
            );
        };
        if client_id.is_some_and(|id| id != sub) {
            return Err(Code::InvalidGrant.because("client_id differs from the `sub` of client_assertion"));
        }
        let client =
            sub.parse().map_err(|_| Code::InvalidClient.because("there is no client with this client_id"))?;
        Ok(Self { client, jwt: jwt.to_owned(), endpoint })
    }

    pub(super) fn jws(&self) -> Result<Jws<'_>, Refusal> {
        Jws::parse(&self.jwt).map_err(|malformed| refused(format!("it {malformed}")))
    }

    /// Checks what it says. `issuer` and `token_endpoint` are ours; whoever is meant by them is meant by us.
    pub(super) fn check(
        &self,
        op: &Op,
        jws: &Jws<'_>,
        issuer: &str,
        token_endpoint: &str,
    ) -> Result<Sound, Refusal> {
        let claims: Claims = jws
            .claims()
            .ok_or_else(|| refused("its claims are not a JSON object with values of the right types"))?;
        let id = self.client.to_string();
        let names_client = |claim: Option<String>| claim.is_some_and(|claim| claim == id);
        if !names_client(claims.iss) || !names_client(claims.sub) {
            return Err(refused("`iss` and `sub` must both be the client_id"));
        }
        let audience = match claims.aud {
            Some(Audience::One(one)) => vec![one],
            Some(Audience::Many(many)) => many,
            None => Vec::new(),
        };
        let without_slash = |text: &str| text.strip_suffix('/').unwrap_or(text).to_owned();
        let means_us = |named: &String| {
            without_slash(named) == without_slash(issuer)
                || *named == self.endpoint
                || named == token_endpoint
        };
        if !audience.iter().any(means_us) {
            return Err(refused(format!("`aud` must be {issuer} or the address of the endpoint")));
        }
        let good_until = lifetime(op.now, claims.exp, claims.nbf, claims.iat)?;
        let jti = claims.jti.filter(|jti| !jti.is_empty());
        let jti = jti.ok_or_else(|| refused("`jti` is missing: give each assertion an id of its own"))?;
        Ok(Sound { jti, good_until })
    }

    /// Marks it as used; of any number of requests that bring it, also at other replicas, one gets through.
    pub(super) async fn consume(&self, db: &Db, sound: &Sound) -> Result<(), Refusal> {
        let values = [
            self.client.into(),
            token::hash(&sound.jti).to_vec().into(),
            (sound.good_until + REMEMBERED_BEYOND).into(),
        ];
        if sql::execute(&db.single, CONSUME, values).await? == 0 {
            return Err(refused("it was used before: sign a new one, with a new `jti`, for each request"));
        }
        Ok(())
    }
}

/// Until when the assertion is good.
fn lifetime(
    now: Timestamp,
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
) -> Result<Timestamp, Refusal> {
    let exp = instant(exp.ok_or_else(|| refused("`exp` is missing"))?)?;
    if exp <= now {
        return Err(refused("it has expired: sign a new one for each request, and check the clock"));
    }
    for (name, start) in [("nbf", nbf), ("iat", iat)] {
        if let Some(start) = start
            && instant(start)? > now + SKEW
        {
            return Err(refused(format!("`{name}` lies in the future: check the clock")));
        }
    }
    let Some(iat) = iat else {
        return if exp <= now + LONGEST_LIFE + SKEW {
            Ok(exp)
        } else {
            Err(refused("`exp` is more than ten minutes ahead, and there is no `iat` to count from"))
        };
    };
    let good_until = exp.min(instant(iat)? + LONGEST_LIFE);
    if good_until <= now {
        return Err(refused("it was issued more than ten minutes ago: sign a new one for each request"));
    }
    Ok(good_until)
}

/// A NumericDate (RFC 7519 §2), which may have a fraction.
fn instant(seconds: f64) -> Result<Timestamp, Refusal> {
    const YEAR_9999: f64 = 253_402_300_800.0;
    if !(0.0..YEAR_9999).contains(&seconds) {
        return Err(refused("a time in it is not in seconds since 1970"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked above")]
    Ok(Timestamp((seconds * 1e6) as i64))
}

pub(super) fn refused(reason: impl std::fmt::Display) -> Refusal {
    Code::InvalidClient.because(format!("the client assertion was refused: {reason}"))
}

const CONSUME: &str = "INSERT INTO client_assertions (client_id, jti_hash, expires_at) VALUES ($1, $2, $3) \
  ON CONFLICT (client_id, jti_hash) DO NOTHING";
