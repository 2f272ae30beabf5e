use super::*;

/// The salt of the known answers, which were made with argon2-cffi, bcrypt and hashlib for Python.
const SALT: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

const ARGON2ID: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$0AuQxA+RjPiJeA19Op7DwrFxnfh9xeTU2T6mFj2wThc";
const ARGON2ID_PEPPER: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$dMqpc2Wsxl1FqxEhZ4IfCPPDeFPJAQ3po+tlrPPU0LU";
const BCRYPT: &str = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
const BCRYPT_PEPPER: &str = "$2b$04$abcdefghijklmnopqrstuugEH5s5r3zGAd2.thRclysskVPVf1JhW";
/// Of `find Å` in NFKC, with pepper.
const BCRYPT_NFKC_PEPPER: &str = "$2b$04$abcdefghijklmnopqrstuuqPFqP2TdlsBqmoOKa7tS5rWD/G.HH9C";
/// Of eighty `x` and the pepper, cut to 72 bytes.
const BCRYPT_LONG: &str = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
const PBKDF2: &str =
    "$pbkdf2-sha256$i=600000,l=32$AAECAwQFBgcICQoLDA0ODw$lqWQTC4IyNpCMF28xdfPGOrSY21J9ZUmtgbyZpYoFHM";
const PBKDF2_PEPPER: &str =
    "$pbkdf2-sha256$i=600000,l=32$AAECAwQFBgcICQoLDA0ODw$Y+F9LGl5WQxluCAAqQRshsEmFf2DCcQCmou5NiMJlzk";

const B4: Algorithm = Algorithm::Bcrypt { cost: 4 };

fn scheme(version: u16, algorithm: Algorithm) -> Scheme {
    Scheme { version, algorithm, secret: None, unicode_normalization: false }
}

fn peppered(version: u16, algorithm: Algorithm) -> Scheme {
    Scheme { secret: Some(b"pepper".to_vec().into()), ..scheme(version, algorithm) }
}

fn synapse(version: u16) -> Scheme {
    Scheme { unicode_normalization: true, ..peppered(version, B4) }
}

fn password(text: &str) -> Password {
    Password::parse(text).unwrap()
}

fn verify(schemes: Vec<Scheme>, version: u16, stored: &str, text: &str) -> Result<Outcome> {
    let stored = Secret::new(stored.to_owned());
    Schemes::new(schemes).unwrap().verify(version, &stored, &password(text), SALT, &mut Memory::default())
}

#[test]
fn known_answers_of_each_algorithm_come_out() {
    let mut memory = Memory::default();
    for (scheme, known) in [
        (scheme(1, Algorithm::Argon2id), ARGON2ID),
        (peppered(1, Algorithm::Argon2id), ARGON2ID_PEPPER),
        (scheme(1, Algorithm::Pbkdf2), PBKDF2),
        (peppered(1, Algorithm::Pbkdf2), PBKDF2_PEPPER),
        // Once more, on memory that is not fresh.
        (self::scheme(1, Algorithm::Argon2id), ARGON2ID),
    ] {
        let hashed = scheme.hash(&password("correct horse"), SALT, &mut memory).unwrap();
        assert_eq!(hashed.text.expose(), known);
    }
}

#[test]
fn known_hashes_verify_with_the_right_password_and_pepper_only() {
    for (algorithm, plain, with_pepper) in [
        (Algorithm::Argon2id, ARGON2ID, ARGON2ID_PEPPER),
        (B4, BCRYPT, BCRYPT_PEPPER),
        (Algorithm::Pbkdf2, PBKDF2, PBKDF2_PEPPER),
    ] {
        let try_all = |scheme: fn(u16, Algorithm) -> Scheme, stored| {
            ["correct horse", "Correct horse", ""]
                .map(|text| verify(vec![scheme(1, algorithm)], 1, stored, text).unwrap())
        };
        let (good, bad) = (Outcome::Match, Outcome::Mismatch);
        assert_eq!(try_all(scheme, plain), [good.clone(), bad.clone(), bad.clone()]);
        assert_eq!(try_all(peppered, with_pepper), [good, bad.clone(), bad.clone()]);
        assert_eq!(try_all(peppered, plain), [bad.clone(), bad.clone(), bad.clone()]);
        assert_eq!(try_all(scheme, with_pepper), [bad.clone(), bad.clone(), bad]);
    }
}

#[test]
fn what_was_hashed_verifies() {
    for algorithm in [Algorithm::Argon2id, B4, Algorithm::Pbkdf2] {
        let hashed = peppered(7, algorithm).hash(&password("päss"), SALT, &mut Memory::default()).unwrap();
        let outcome = verify(vec![peppered(7, algorithm)], hashed.version, hashed.text.expose(), "päss");
        assert_eq!(outcome.unwrap(), Outcome::Match);
    }
    let hashed = scheme(1, B4).hash(&password("x"), SALT, &mut Memory::default()).unwrap();
    assert!(hashed.text.expose().starts_with("$2b$04$"));
}

#[test]
fn passwords_of_synapse_are_normalised_first() {
    for text in ["find Å", "ﬁnd Å", "find A\u{30a}"] {
        assert_eq!(verify(vec![synapse(1)], 1, BCRYPT_NFKC_PEPPER, text).unwrap(), Outcome::Match, "{text}");
    }
    let unnormalised = verify(vec![peppered(1, B4)], 1, BCRYPT_NFKC_PEPPER, "ﬁnd Å");
    assert_eq!(unnormalised.unwrap(), Outcome::Mismatch);
}

#[test]
fn bcrypt_reads_72_bytes_as_synapse_does_and_every_prefix_of_it() {
    assert_eq!(verify(vec![synapse(1)], 1, BCRYPT_LONG, &"x".repeat(80)).unwrap(), Outcome::Match);
    for prefix in ["$2a$", "$2x$", "$2y$"] {
        let stored = BCRYPT.replace("$2b$", prefix);
        assert_eq!(verify(vec![scheme(1, B4)], 1, &stored, "correct horse").unwrap(), Outcome::Match);
    }
}

#[test]
fn a_match_under_an_older_scheme_brings_a_hash_of_the_newest() {
    let schemes = || vec![peppered(2, Algorithm::Argon2id), synapse(1)];
    let upgrade = Outcome::MatchAndUpgrade(Hashed { version: 2, text: ARGON2ID_PEPPER.to_owned().into() });
    assert_eq!(verify(schemes(), 1, BCRYPT_PEPPER, "correct horse").unwrap(), upgrade);
    assert_eq!(verify(schemes(), 1, BCRYPT_PEPPER, "wrong").unwrap(), Outcome::Mismatch);
    assert_eq!(verify(schemes(), 2, ARGON2ID_PEPPER, "correct horse").unwrap(), Outcome::Match);
}

#[test]
fn parameters_are_those_of_the_stored_hash() {
    // argon2-cffi: m=64, t=1, p=2.
    let small =
        "$argon2id$v=19$m=64,t=1,p=2$AAECAwQFBgcICQoLDA0ODw$mnOOQEE0FBgLo1aRzvn2yt8Fi/2KMoSKZWN9Nf6UglQ";
    assert_eq!(
        verify(vec![scheme(1, Algorithm::Argon2id)], 1, small, "correct horse").unwrap(),
        Outcome::Match
    );
}

#[test]
fn an_unknown_version_or_a_foreign_hash_is_a_fault_and_never_a_match() {
    let error = verify(vec![scheme(2, Algorithm::Argon2id)], 1, BCRYPT, "correct horse").unwrap_err();
    assert_eq!(error.kind, Kind::Internal);
    assert!(error.cause.unwrap().to_string().contains("version 1, which passwords.schemes lacks"));
    for (algorithm, stored) in [
        (Algorithm::Argon2id, BCRYPT),
        (Algorithm::Argon2id, PBKDF2),
        (Algorithm::Argon2id, ""),
        (Algorithm::Argon2id, "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw"),
        (B4, ARGON2ID),
        (B4, ""),
        (Algorithm::Pbkdf2, ARGON2ID),
        (Algorithm::Pbkdf2, "$pbkdf2-sha256$i=0,l=32$AAECAwQFBgcICQoLDA0ODw$lqWQTC4IyNpCMF28xdfPGOrSY21J9ZU"),
        (Algorithm::Pbkdf2, "$pbkdf2-sha256$AAECAwQFBgcICQoLDA0ODw$lqWQTC4IyNpCMF28xdfPGOrSY21J9ZU"),
    ] {
        let error = verify(vec![scheme(1, algorithm)], 1, stored, "correct horse").unwrap_err();
        assert_eq!(error.kind, Kind::Internal, "{algorithm:?} {stored}");
        assert!(!format!("{error:?}").contains("lqWQTC4I"), "hashes stay out of errors");
    }
}

#[test]
fn faulty_schemes_are_refused_with_advice() {
    let problem = |schemes| Schemes::new(schemes).unwrap_err().to_string();
    assert_eq!(
        problem(vec![]),
        "passwords.schemes: at least one scheme is needed while passwords are enabled"
    );
    assert_eq!(
        problem(vec![scheme(3, B4), scheme(1, B4), scheme(3, Algorithm::Argon2id)]),
        "passwords.schemes: version 3 is given twice; versions must be unique"
    );
    assert_eq!(
        problem(vec![scheme(1, Algorithm::Bcrypt { cost: 32 })]),
        "passwords.schemes: the bcrypt cost must be between 4 and 31, not 32"
    );
}
