//! Keys of clients, and the JWTs that they sign.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{
    Secret, Timestamp,
    jose::{Algorithm, Hmac, KeyKind, KeySource, Keystore, generate_pem},
};
use serde_json::{Value, json};

/// A client's private key.
#[derive(Debug)]
pub struct Signer {
    keys: Keystore,
}

impl Signer {
    pub fn new(kind: KeyKind, kid: &str) -> Self {
        let pem = generate_pem(kind).expect("a key can be generated").expose().clone().into_bytes();
        let source = KeySource {
            kid: Some(kid.to_owned()),
            use_from: None,
            bytes: Secret::new(pem),
            password: None,
            origin: "a client's key".into(),
        };
        Self { keys: Keystore::load(vec![source]).expect("what was generated can be read") }
    }

    /// The public half.
    pub fn jwk(&self) -> Value {
        self.keys.public_jwks()["keys"][0].clone()
    }

    pub fn jwks(&self) -> Value {
        self.keys.public_jwks()
    }

    pub fn sign(&self, algorithm: Algorithm, claims: &Value) -> String {
        self.keys.sign(Timestamp::from_secs(0), algorithm, claims).expect("the key can do it")
    }
}

/// A JWT that is signed with a secret.
pub fn sign_with_secret(hmac: Hmac, secret: &[u8], claims: &Value) -> String {
    let algorithm = match hmac {
        Hmac::Hs256 => hmac::HMAC_SHA256,
        Hmac::Hs384 => hmac::HMAC_SHA384,
        Hmac::Hs512 => hmac::HMAC_SHA512,
    };
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let message = format!("{}.{}", encode(&json!({ "alg": hmac.as_str() })), encode(claims));
    let signature = hmac::sign(&hmac::Key::new(algorithm, secret), message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}
