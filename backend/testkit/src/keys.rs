//! Signing keys, made once per test process.

use std::sync::OnceLock;

use kernel::{
    Secret,
    jose::{KeyKind, KeySource, Keystore, generate_pem},
};

/// Which signing keys the service has. Each is named after what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keys {
    /// An RSA and a P-256 key.
    #[default]
    Usual,
    EveryKind,
    P256,
}

pub fn keystore(keys: Keys) -> Keystore {
    static USUAL: OnceLock<[Pem; 2]> = OnceLock::new();
    static OTHERS: OnceLock<[Pem; 4]> = OnceLock::new();
    let usual = USUAL.get_or_init(|| [pem("rsa", KeyKind::Rsa2048), pem("p256", KeyKind::P256)]);
    let (usual, others) = match keys {
        Keys::Usual => (&usual[..], &[][..]),
        Keys::P256 => (&usual[1..], &[][..]),
        Keys::EveryKind => (&usual[..], &OTHERS.get_or_init(others)[..]),
    };
    let sources = usual.iter().chain(others).map(|(kid, pem)| KeySource {
        kid: Some((*kid).to_owned()),
        use_from: None,
        bytes: Secret::new(pem.clone()),
        password: None,
        origin: format!("the tests' {kid} key"),
    });
    Keystore::load(sources.collect()).expect("what was generated can be read")
}

fn others() -> [Pem; 4] {
    let (p384, p521) = (pem("p384", KeyKind::P384), pem("p521", KeyKind::P521));
    [p384, p521, pem("secp256k1", KeyKind::Secp256k1), pem("ed25519", KeyKind::Ed25519)]
}

/// Its name, and the key.
type Pem = (&'static str, Vec<u8>);

fn pem(kid: &'static str, kind: KeyKind) -> Pem {
    (kid, generate_pem(kind).expect("a key can be generated").expose().clone().into_bytes())
}
