//! What must hold for everything that strangers send: one function for each parser, which takes any input at all and
//! panics when a promise is broken.
//!
//! Two things use them. The property tests below each probe try it on inputs that come near to good ones, a few
//! hundred in every `make test`, always the same (`PROPTEST_CASES` and `PROPTEST_RNG_SEED` try others). The targets of
//! `fuzz/` look for inputs that nobody thought of, for as long as one likes; what they found is kept in
//! `fuzz/seeds/`, and tried again by `make test`, too.
//!
//! Not here: what a request comes to. Those tests are in `backend/server/tests/it`.

mod address;
mod agent;
mod claims_request;
mod client_metadata;
mod cookies;
mod credentials;
mod form;
mod id;
mod id_token_hint;
mod jwks;
mod jws;
mod keys;
mod login_request;
mod pkce;
mod redirect_uri;
mod scope;
mod signing_key;
mod sso_redirect;
mod token;
mod user_code;

pub use address::address;
pub use agent::agent;
pub use claims_request::claims_request;
pub use client_metadata::client_metadata;
pub use cookies::cookies;
pub use credentials::credentials;
pub use form::form;
pub use id::id;
pub use id_token_hint::id_token_hint;
pub use jwks::jwks;
pub use jws::jws;
pub use login_request::login_request;
pub use pkce::pkce;
pub use redirect_uri::redirect_uri;
pub use scope::scope;
pub use signing_key::signing_key;
pub use sso_redirect::sso_redirect;
pub use token::token;
pub use user_code::user_code;

/// A probe by the name of its fuzz target.
pub type Probe = fn(&[u8]);

/// All of them. Those that read text are given what is left of bytes when they are no UTF-8.
pub const ALL: [(&str, Probe); 19] = [
    ("address", |bytes| address(&text(bytes))),
    ("agent", |bytes| agent(&text(bytes))),
    ("claims_request", |bytes| claims_request(&text(bytes))),
    ("client_metadata", client_metadata),
    ("cookies", cookies),
    ("credentials", credentials),
    ("form", form),
    ("id", |bytes| id(&text(bytes))),
    ("id_token_hint", |bytes| id_token_hint(&text(bytes))),
    ("jwks", jwks),
    ("jws", |bytes| jws(&text(bytes))),
    ("login_request", login_request),
    ("pkce", |bytes| pkce(&text(bytes))),
    ("redirect_uri", |bytes| redirect_uri(&text(bytes))),
    ("scope", |bytes| scope(&text(bytes))),
    ("signing_key", signing_key),
    ("sso_redirect", |bytes| sso_redirect(&text(bytes))),
    ("token", |bytes| token(&text(bytes))),
    ("user_code", |bytes| user_code(&text(bytes))),
];

/// Runs the probe of that name, as its fuzz target does.
pub fn run(name: &str, bytes: &[u8]) {
    let (_, probe) = ALL.iter().find(|(known, _)| *known == name).expect("a probe of that name");
    probe(bytes);
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use proptest::test_runner::{Config, RngSeed};

    use super::*;

    /// The same inputs in every run, unless the environment says otherwise.
    pub fn always_the_same() -> Config {
        let config = Config::default();
        let rng_seed = match config.rng_seed {
            RngSeed::Random => RngSeed::Fixed(7636),
            fixed @ RngSeed::Fixed(_) => fixed,
        };
        Config { failure_persistence: None, rng_seed, ..config }
    }

    /// Each probe has a target and seeds in `fuzz/`, and the seeds pass.
    #[test]
    fn what_fuzzing_begins_with_holds() {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
        for (name, probe) in ALL {
            assert!(fuzz.join(format!("fuzz_targets/{name}.rs")).is_file(), "{name} has no target");
            let seeds = fs::read_dir(fuzz.join("seeds").join(name))
                .unwrap_or_else(|error| panic!("seeds of {name}: {error}"));
            let seeds: Vec<_> = seeds.map(|entry| entry.expect("readable").path()).collect();
            assert!(!seeds.is_empty(), "{name} has no seeds");
            for seed in seeds {
                probe(&fs::read(&seed).expect("readable"));
            }
        }
    }

    /// `fuzz/` is not built by `make test`. So its targets are all alike, and hold nothing that could break.
    #[test]
    fn every_target_is_built_and_runs_its_probe() {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
        let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).expect("its manifest");
        for target in fs::read_dir(fuzz.join("fuzz_targets")).expect("the targets") {
            let path = target.expect("readable").path();
            let name = path.file_stem().and_then(|name| name.to_str()).expect("ASCII");
            assert!(ALL.iter().any(|(known, _)| *known == name), "{name} has no probe");
            let expected = format!(
                "#![no_main]\n\nlibfuzzer_sys::fuzz_target!(|bytes: &[u8]| probes::run(\"{name}\", bytes));\n"
            );
            assert_eq!(fs::read_to_string(&path).expect("readable"), expected, "{name}");
            let bin = format!("[[bin]]\nname = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"\n");
            assert!(manifest.contains(&bin), "{name} is not in fuzz/Cargo.toml");
        }
    }

    proptest::proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn no_bytes_break_anything(bytes: Vec<u8>) {
            for (_, probe) in ALL {
                probe(&bytes);
            }
        }

        #[test]
        fn no_text_breaks_anything(text in ".{0,80}", ascii in "[ -~\\n]{0,80}") {
            for (_, probe) in ALL {
                probe(text.as_bytes());
                probe(ascii.as_bytes());
            }
        }
    }
}
