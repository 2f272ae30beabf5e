//! All signing keys of the service, in the order of the configuration.

use std::{fmt, sync::OnceLock};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    Algorithm, Jws, PublicKeys, Verdict, base64url,
    key::SigningKey,
    load::{KeySource, load},
};
use crate::{Error, Kind, Result, Timestamp};

/// Signs with the **last** key that fits and may sign already, so that operators rotate by appending; publishes and
/// verifies with all.
pub struct Keystore {
    keys: Vec<SigningKey>,
    retired: OnceLock<Vec<Retired>>,
}

/// A key that signs no more, and is not configured any more either: its public half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retired {
    pub kid: String,
    pub jwk: Value,
    /// When the last token that it signed expires.
    pub until: Timestamp,
}

/// Exactly what a header of ours says: no `typ`, so that old clients that compare it see what they always saw.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    alg: Algorithm,
    kid: std::borrow::Cow<'a, str>,
}

/// A key as others see it, and until when it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub kid: String,
    /// The public half (RFC 7517).
    pub jwk: Value,
    /// From then on, later keys sign whatever this one could; `None` while it has no successor for some algorithm.
    pub signs_until: Option<Timestamp>,
}

impl Keystore {
    /// Reads every key, or reports every key that cannot be read. No key at all is allowed.
    pub fn load(sources: Vec<KeySource>) -> Result<Self, Vec<Error>> {
        let (mut keys, mut problems) = (Vec::new(), Vec::new());
        for source in sources {
            match load(source) {
                Ok(key) => keys.push(key),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(Self { keys, retired: OnceLock::new() }) } else { Err(problems) }
    }

    /// Publishes and verifies with these, too, until their time has come. Only the first call has an effect.
    pub fn retire(&self, retired: Vec<Retired>) {
        let _ = self.retired.set(retired);
    }

    fn retired(&self) -> &[Retired] {
        self.retired.get().map_or(&[], Vec::as_slice)
    }

    /// The JWK set of all public keys that are configured (RFC 7517 §5).
    pub fn public_jwks(&self) -> Value {
        json!({ "keys": self.keys.iter().map(SigningKey::jwk).collect::<Vec<_>>() })
    }

    /// The JWK set of all public keys that tokens may be signed by which are good at that time.
    pub fn jwks_at(&self, now: Timestamp) -> Value {
        let configured = self.keys.iter().map(SigningKey::jwk);
        let retired = self.retired().iter().filter(|key| key.until > now).map(|key| key.jwk.clone());
        json!({ "keys": configured.chain(retired).collect::<Vec<_>>() })
    }

    /// What the keys can sign with, in the order of discovery. A key whose time has not come counts where no other
    /// could do its algorithm: it will sign at once.
    pub fn algorithms(&self) -> Vec<Algorithm> {
        let able = |algorithm: &Algorithm| self.keys.iter().any(|key| key.signs(*algorithm));
        Algorithm::ALL.into_iter().filter(able).collect()
    }

    /// What a client's tokens are signed by: what it chose (`*_signed_response_alg`), or else RS256, which clients that
    /// did not choose expect (OpenID Connect Registration §2). Without an RSA key those get the first that discovery
    /// names, for want of better. [`Kind::Invalid`] when no key can do what was chosen, as when the last one of its
    /// kind was taken away since the client registered.
    pub fn algorithm_for(&self, chosen: Option<&str>) -> Result<Algorithm> {
        let able = self.algorithms();
        let Some(name) = chosen else {
            let usual = able.iter().find(|algorithm| **algorithm == Algorithm::Rs256).or(able.first());
            return usual
                .copied()
                .ok_or_else(|| Error::internal("`secrets.keys` and `secrets.keys_dir` hold no key"));
        };
        able.into_iter().find(|algorithm| algorithm.as_str() == name).ok_or_else(|| {
            let advice = "register again, or have the operator add a key that can";
            Error::new(
                Kind::Invalid,
                format!("no key of this service can sign {name}, which this client chose: {advice}"),
            )
        })
    }

    /// Every key, in the order of the configuration, and when its successors have taken over.
    pub fn published(&self) -> Vec<Published> {
        let published = self.keys.iter().enumerate().map(|(at, key)| Published {
            kid: key.kid.clone(),
            jwk: key.jwk(),
            signs_until: self.signs_until(at, key),
        });
        published.collect()
    }

    fn signs_until(&self, at: usize, key: &SigningKey) -> Option<Timestamp> {
        let later = &self.keys[at + 1..];
        let until = key.algorithms().iter().map(|algorithm| {
            let successors = later.iter().filter(|key| key.signs(*algorithm));
            successors.map(|key| key.use_from.unwrap_or(Timestamp(i64::MIN))).min()
        });
        // One algorithm without a successor is enough to go on signing.
        until.collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// The last key whose time has come, or for want of one the first whose time will come: a token that others may
    /// not be able to check for some minutes is better than none.
    fn signer(&self, now: Timestamp, algorithm: Algorithm) -> Option<&SigningKey> {
        let fitting = || self.keys.iter().filter(|key| key.signs(algorithm));
        fitting().rfind(|key| key.use_from.is_none_or(|from| from <= now)).or_else(|| fitting().next())
    }

    /// A JWS in compact form (RFC 7515 §7.1) over the claims as JSON. Fails when no key can do `algorithm`.
    pub fn sign(&self, now: Timestamp, algorithm: Algorithm, claims: &impl Serialize) -> Result<String> {
        let key = self.signer(now, algorithm).ok_or_else(|| {
            Error::internal(format!("no key in `secrets.keys` or `secrets.keys_dir` can sign {algorithm}"))
        })?;
        let header = Header { alg: algorithm, kid: key.kid.as_str().into() };
        let header = serde_json::to_vec(&header).map_err(Error::internal)?;
        let claims = serde_json::to_vec(claims).map_err(Error::internal)?;
        let message = format!("{}.{}", base64url(header), base64url(claims));
        let signature = key
            .sign(algorithm, message.as_bytes())
            .ok_or_else(|| Error::internal(format!("signing {algorithm} with key {} failed", key.kid)))?;
        Ok(format!("{message}.{}", base64url(signature)))
    }

    /// The claims of a JWS that one of our keys signed; `None` for everything else. Says nothing about expiry,
    /// audience or purpose: that is for the caller to judge.
    pub fn verify<C: DeserializeOwned>(&self, jws: &str) -> Option<C> {
        let (message, signature) = jws.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let header = URL_SAFE_NO_PAD.decode(header).ok()?;
        let header: Header = serde_json::from_slice(&header).ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let ours = self
            .keys
            .iter()
            .filter(|key| key.kid == header.kid)
            .any(|key| key.verifies(header.alg, message.as_bytes(), &signature));
        if !ours && !self.is_by_retired(jws) {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    fn is_by_retired(&self, jws: &str) -> bool {
        let keys: Vec<_> = self.retired().iter().map(|key| &key.jwk).collect();
        let keys = PublicKeys::read(&json!({ "keys": keys }));
        !keys.is_empty() && Jws::parse(jws).is_ok_and(|jws| keys.judge(&jws) == Verdict::Good)
    }
}

impl fmt::Debug for Keystore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| &key.kid)).finish()
    }
}

#[cfg(test)]
mod tests;
