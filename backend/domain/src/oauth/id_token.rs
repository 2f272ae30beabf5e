//! The ID token (OpenID Connect Core §2): who signed in, when, and by what.

use std::time::Duration;

use kernel::{
    Error, Op, Scope, Timestamp, Token,
    id::*,
    jose::{Algorithm, Keystore},
    scope::OPENID,
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::grants::NewSession;

/// How long relying parties may take it for good.
pub(super) const LIFETIME: Duration = Duration::from_secs(3600);

/// All that goes into one.
#[derive(Clone, Debug)]
pub struct IdToken<'a> {
    pub issuer: &'a str,
    pub user: UserId,
    pub client: ClientId,
    /// Becomes `sid`, so that the client can name the session when it signs the person out.
    pub session: SessionId,
    /// From [`algorithm`].
    pub algorithm: Algorithm,
    /// When the person proved who they are, and how (RFC 8176, space-separated).
    pub auth_time: Option<Timestamp>,
    pub amr: Option<&'a str>,
    /// The class that the client asked for and that was met.
    pub acr: Option<&'a str>,
    pub nonce: Option<&'a str>,
    pub access_token: &'a Token,
    /// Absent where there was none: the device grant.
    pub code: Option<&'a str>,
    /// What else it tells of the person.
    pub claims: Map<String, Value>,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: UserId,
    aud: ClientId,
    iat: i64,
    exp: i64,
    sid: SessionId,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amr: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    at_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    c_hash: Option<String>,
    #[serde(flatten)]
    claims: &'a Map<String, Value>,
}

/// What signs the ID token of a session with that scope: `None` where the scope asks for no ID token. Like
/// [`Keystore::algorithm_for`] it fails, which must be known before a device is announced or a grant consumed.
pub(super) fn algorithm(
    keys: &Keystore,
    scope: &Scope,
    chosen: Option<&str>,
) -> Result<Option<Algorithm>, Error> {
    scope.contains(OPENID).then(|| keys.algorithm_for(chosen)).transpose()
}

impl<'a> IdToken<'a> {
    /// What every one says of a session that is about to begin; the rest depends on the grant.
    pub(super) fn new(issuer: &'a str, user: UserId, session: &NewSession<'a>, algorithm: Algorithm) -> Self {
        Self {
            issuer,
            user,
            client: session.client,
            session: session.id,
            algorithm,
            auth_time: None,
            amr: None,
            acr: None,
            nonce: None,
            access_token: &session.pair.access,
            code: None,
            claims: Map::new(),
        }
    }

    /// Signed, in compact form. Fails when no key can do the algorithm.
    pub fn sign(&self, keys: &Keystore, op: &Op) -> Result<String, Error> {
        let algorithm = self.algorithm;
        let claims = Claims {
            iss: self.issuer,
            sub: self.user,
            aud: self.client,
            iat: op.now.as_secs(),
            exp: (op.now + LIFETIME).as_secs(),
            sid: self.session,
            auth_time: self.auth_time.map(Timestamp::as_secs),
            amr: self.amr.map(|amr| amr.split(' ').filter(|method| !method.is_empty()).collect()),
            acr: self.acr,
            nonce: self.nonce,
            at_hash: algorithm.left_half_hash(self.access_token.expose()),
            c_hash: self.code.map(|code| algorithm.left_half_hash(code)),
            claims: &self.claims,
        };
        keys.sign(op.now, algorithm, &claims)
    }
}
