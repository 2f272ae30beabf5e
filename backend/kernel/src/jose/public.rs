//! Public keys of other parties: JWKs (RFC 7517) and what they verify.

use aws_lc_rs::signature::{ED25519, RsaPublicKeyComponents, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{Algorithm, Jws, curve::Curve, jws::Claimed, key::rsa};

/// The keys of a JWK set that this service can use; the others are left out, as RFC 7517 §5 wants it.
#[derive(Clone, Debug, Default)]
pub struct PublicKeys(Vec<PublicKey>);

/// What a set of keys says about a JWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// The key that the JWS names did not make it.
    Bad,
    /// The set has no key of that name, or none that fits: a newer set may have.
    NoSuchKey,
}

#[derive(Clone, Debug)]
struct PublicKey {
    kid: Option<String>,
    /// The only algorithm that the key's owner wants it used with.
    only: Option<String>,
    material: Material,
}

#[derive(Clone, Debug)]
enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point (SEC 1 §2.3.3).
    Ec(Curve, Vec<u8>),
    Ed25519(Vec<u8>),
}

/// Who is not known yet has a signature checked against each of them.
pub const MOST_KEYS: usize = 16;

impl PublicKeys {
    /// Reads a JWK set, of which only the first [`MOST_KEYS`] count. A text that is no set at all has no keys.
    pub fn read(set: &Value) -> Self {
        let keys = set.get("keys").and_then(Value::as_array);
        Self(keys.into_iter().flatten().take(MOST_KEYS).filter_map(PublicKey::read).collect())
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of the keys made this signature. A key without a name is tried whatever name the JWS gives.
    pub fn judge(&self, jws: &Jws<'_>) -> Verdict {
        let Claimed::Key(algorithm) = jws.claimed else { return Verdict::NoSuchKey };
        let mut verdict = Verdict::NoSuchKey;
        for key in self.0.iter().filter(|key| key.fits(algorithm)) {
            let is_named = jws.kid.is_some() && key.kid == jws.kid;
            if jws.kid.is_some() && key.kid.is_some() && !is_named {
                continue;
            }
            if key.verifies(algorithm, jws.message(), jws.signature()) {
                return Verdict::Good;
            }
            if is_named {
                verdict = Verdict::Bad;
            }
        }
        verdict
    }
}

impl PublicKey {
    fn read(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let bytes = |name: &str| text(name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        if text("use").is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let operations = jwk.get("key_ops").and_then(Value::as_array);
        if operations.is_some_and(|operations| !operations.iter().any(|operation| operation == "verify")) {
            return None;
        }
        let material = match text("kty")? {
            "RSA" => Material::Rsa { n: bytes("n")?, e: bytes("e")? },
            "EC" => {
                let curve = Curve::from_name(text("crv")?)?;
                let (x, y) = (bytes("x")?, bytes("y")?);
                // RFC 7518 §6.2.1.2: in full length.
                if x.len() != curve.coordinate() || y.len() != curve.coordinate() {
                    return None;
                }
                Material::Ec(curve, [&[4], &*x, &*y].concat())
            }
            "OKP" if text("crv") == Some("Ed25519") => Material::Ed25519(bytes("x")?),
            _ => return None,
        };
        Some(Self { kid: text("kid").map(str::to_owned), only: text("alg").map(str::to_owned), material })
    }

    fn fits(&self, algorithm: Algorithm) -> bool {
        let can = match &self.material {
            Material::Rsa { .. } => rsa(algorithm).is_some(),
            Material::Ec(curve, _) => curve.algorithm() == algorithm,
            Material::Ed25519(_) => algorithm == Algorithm::EdDsa,
        };
        can && self.only.as_deref().is_none_or(|only| algorithm.is_called(only))
    }

    fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let verified = match &self.material {
            Material::Rsa { n, e } => {
                let Some((_, how)) = rsa(algorithm) else { return false };
                RsaPublicKeyComponents { n, e }.verify(how, message, signature)
            }
            Material::Ec(curve, point) => {
                UnparsedPublicKey::new(curve.verification(), point).verify(message, signature)
            }
            Material::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
        };
        verified.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fixtures() -> Value {
        serde_json::from_str(include_str!("fixtures/expected.json")).unwrap()
    }

    fn judge(set: &Value, compact: &str) -> Verdict {
        PublicKeys::read(set).judge(&Jws::parse(compact).unwrap())
    }

    #[test]
    fn each_kind_of_key_verifies_what_another_library_signed() {
        let fixtures = fixtures();
        for algorithm in Algorithm::ALL {
            let token = fixtures["tokens"][algorithm.as_str()].as_str().unwrap();
            assert_eq!(judge(&json!({ "keys": fixtures["keys"] }), token), Verdict::Good, "{algorithm}");
            let (message, signature) = token.rsplit_once('.').unwrap();
            let other = if signature.starts_with('A') { "B" } else { "A" };
            let altered = format!("{message}.{other}{}", &signature[1..]);
            assert_eq!(judge(&json!({ "keys": fixtures["keys"] }), &altered), Verdict::Bad, "{algorithm}");
        }
    }

    #[test]
    fn keys_that_cannot_be_used_are_left_out_and_do_not_spoil_the_set() {
        let fixtures = fixtures();
        let good = &fixtures["keys"][1];
        let with = |name: &str, value: Value| {
            let mut key = good.clone();
            key[name] = value;
            key
        };
        let token = fixtures["tokens"]["ES256"].as_str().unwrap();
        let bad = [
            with("kty", json!("AKP")),
            with("kty", json!(7)),
            with("crv", json!("P-999")),
            with("x", json!("AA")),
            with("y", json!("!")),
            with("use", json!("enc")),
            with("key_ops", json!(["encrypt"])),
            with("alg", json!("ES384")),
            json!({ "kty": "oct", "k": "AA" }),
            json!({}),
            json!(null),
        ];
        for key in &bad {
            assert_eq!(judge(&json!({ "keys": [key] }), token), Verdict::NoSuchKey, "{key}");
        }
        let mut keys = bad.to_vec();
        keys.push(good.clone());
        assert_eq!(judge(&json!({ "keys": keys }), token), Verdict::Good);
        for no_set in [json!([]), json!({}), json!({ "keys": 7 }), json!("text")] {
            assert!(PublicKeys::read(&no_set).is_empty(), "{no_set}");
        }
    }

    #[test]
    fn a_name_chooses_the_key_and_nameless_keys_are_tried() {
        let fixtures = fixtures();
        let token = fixtures["tokens"]["ES256"].as_str().unwrap();
        let mut key = fixtures["keys"][1].clone();
        key["kid"] = json!("another");
        assert_eq!(judge(&json!({ "keys": [key] }), token), Verdict::NoSuchKey);
        key.as_object_mut().unwrap().remove("kid");
        assert_eq!(judge(&json!({ "keys": [key] }), token), Verdict::Good);
        key["x"] = key["y"].clone();
        assert_eq!(judge(&json!({ "keys": [key] }), token), Verdict::NoSuchKey, "no point of the curve");
    }

    /// RFC 9864: libraries that sign `Ed25519` mean what others call `EdDSA`.
    #[test]
    fn both_names_of_edwards_signatures_are_known() {
        let fixtures = fixtures();
        let token = fixtures["tokens"]["EdDSA"].as_str().unwrap();
        let keys = fixtures["keys"].as_array().unwrap();
        let mut key = keys.iter().find(|key| key["crv"] == "Ed25519").unwrap().clone();
        for (alg, verdict) in
            [("Ed25519", Verdict::Good), ("EdDSA", Verdict::Good), ("Ed448", Verdict::NoSuchKey)]
        {
            key["alg"] = json!(alg);
            assert_eq!(judge(&json!({ "keys": [key] }), token), verdict, "{alg}");
        }
        let header = super::super::base64url(r#"{"alg":"Ed25519"}"#);
        let renamed = format!("{header}.e30.AA");
        assert_eq!(Jws::parse(&renamed).unwrap().claimed, Claimed::Key(Algorithm::EdDsa));
    }

    /// The classic confusion: the public key, which everybody knows, taken for a shared secret.
    #[test]
    fn a_public_key_is_never_a_secret() {
        let fixtures = fixtures();
        let header = super::super::base64url(r#"{"alg":"HS256"}"#);
        let forged = format!("{header}.e30.AA");
        assert_eq!(judge(&json!({ "keys": fixtures["keys"] }), &forged), Verdict::NoSuchKey);
    }
}
