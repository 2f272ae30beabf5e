//! Keys of this process, which nobody else has.

use std::sync::LazyLock;

use kernel::{
    Secret, Timestamp,
    jose::{Algorithm, KeyKind, KeySource, Keystore, generate_pem},
};
use serde_json::Value;

pub static KEYS: LazyLock<Keystore> = LazyLock::new(|| {
    let kinds = [("rsa", KeyKind::Rsa2048), ("p256", KeyKind::P256), ("ed25519", KeyKind::Ed25519)];
    let source = |(kid, kind): (&str, KeyKind)| KeySource {
        kid: Some(kid.to_owned()),
        use_from: None,
        bytes: Secret::new(generate_pem(kind).expect("a key").expose().clone().into_bytes()),
        password: None,
        origin: kid.to_owned(),
    };
    Keystore::load(kinds.map(source).into()).expect("what was made can be read")
});

pub fn sign(algorithm: Algorithm, claims: &Value) -> String {
    KEYS.sign(Timestamp::from_secs(0), algorithm, claims).expect("there is a key for it")
}
