//! Signing keys, made once per test process.

use std::sync::OnceLock;

use kernel::{
    Secret,
    jose::{KeyKind, KeySource, Keystore, generate_pem},
};

/// An RSA and a P-256 key named after what they are.
pub fn keystore() -> Keystore {
    static PEMS: OnceLock<[(&str, Vec<u8>); 2]> = OnceLock::new();
    let pem = |kind| generate_pem(kind).expect("a key can be generated").expose().clone().into_bytes();
    let pems = PEMS.get_or_init(|| [("rsa", pem(KeyKind::Rsa2048)), ("p256", pem(KeyKind::P256))]);
    let sources = pems.iter().map(|(kid, pem)| KeySource {
        kid: Some((*kid).to_owned()),
        use_from: None,
        bytes: Secret::new(pem.clone()),
        password: None,
        origin: format!("the tests' {kid} key"),
    });
    Keystore::load(sources.collect()).expect("what was generated can be read")
}
