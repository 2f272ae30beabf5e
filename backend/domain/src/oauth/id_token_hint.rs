//! `id_token_hint`: an ID token that was given out here comes back (OpenID Connect Core §3.1.2.1, RP-Initiated Logout
//! §2). It may have expired. It proves that this service spoke of somebody to some client, and not who brings it.

use kernel::{id::SessionId, jose::Keystore};
use serde::Deserialize;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Whom it is about.
    pub sub: String,
    /// The client that it was issued to.
    pub aud: String,
    /// The session that it was issued for.
    pub sid: Option<SessionId>,
}

/// `None` for what is no ID token of ours.
pub fn read(keys: &Keystore, issuer: &str, hint: &str) -> Option<Hint> {
    /// `exp`, which need not lie ahead, is what signed userinfo does not have.
    #[derive(Deserialize)]
    #[expect(dead_code, reason = "that it is there is enough")]
    struct Claims {
        iss: String,
        sub: String,
        aud: String,
        exp: i64,
        sid: Option<SessionId>,
    }
    let claims: Claims = keys.verify(hint)?;
    let Claims { iss, sub, aud, sid, .. } = claims;
    (iss == issuer).then_some(Hint { sub, aud, sid })
}
