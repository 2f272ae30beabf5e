//! Signing keys, made once per test process.

use std::sync::OnceLock;

use kernel::{
    Secret,
    jose::{KeyKind, KeySource, Keystore, generate_pem},
};

/// An RSA and a P-256 key named after what they are; or one of each kind.
pub fn keystore(every_kind: bool) -> Keystore {
    static USUAL: OnceLock<Vec<Pem>> = OnceLock::new();
    static OTHERS: OnceLock<Vec<Pem>> = OnceLock::new();
    let usual = USUAL.get_or_init(|| generate([("rsa", KeyKind::Rsa2048), ("p256", KeyKind::P256)]));
    let others = every_kind.then(|| {
        OTHERS.get_or_init(|| {
            let kinds = [KeyKind::P384, KeyKind::P521, KeyKind::Secp256k1, KeyKind::Ed25519];
            generate(["p384", "p521", "secp256k1", "ed25519"].into_iter().zip(kinds))
        })
    });
    let sources = usual.iter().chain(others.into_iter().flatten()).map(|(kid, pem)| KeySource {
        kid: Some((*kid).to_owned()),
        use_from: None,
        bytes: Secret::new(pem.clone()),
        password: None,
        origin: format!("the tests' {kid} key"),
    });
    Keystore::load(sources.collect()).expect("what was generated can be read")
}

/// Its name, and the key.
type Pem = (&'static str, Vec<u8>);

fn generate(kinds: impl IntoIterator<Item = (&'static str, KeyKind)>) -> Vec<Pem> {
    let pem = |kind| generate_pem(kind).expect("a key can be generated").expose().clone().into_bytes();
    kinds.into_iter().map(|(kid, kind)| (kid, pem(kind))).collect()
}
