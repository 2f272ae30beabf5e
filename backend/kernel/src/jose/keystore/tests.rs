use super::*;
use crate::jose::{KeyKind, generate_pem};

const NOW: Timestamp = Timestamp::from_secs(1_785_585_600);

macro_rules! fixture {
    ($name:literal) => {
        source($name, include_bytes!(concat!("../fixtures/", $name)))
    };
}

fn source(name: &str, bytes: &[u8]) -> KeySource {
    KeySource { kid: None, use_from: None, bytes: bytes.to_vec().into(), password: None, origin: name.into() }
}

fn with_password(mut source: KeySource, password: &str) -> KeySource {
    source.password = Some(password.as_bytes().to_vec().into());
    source
}

fn problem(source: KeySource) -> String {
    let problems = Keystore::load(vec![source]).expect_err("the key is refused");
    assert_eq!(problems.len(), 1);
    problems[0].public.to_string()
}

fn all() -> Keystore {
    Keystore::load(vec![
        fixture!("rsa.pkcs1.pem"),
        fixture!("p256.sec1.pem"),
        fixture!("p384.sec1.pem"),
        fixture!("secp256k1.sec1.pem"),
        fixture!("p521.sec1.pem"),
        fixture!("ed25519.pkcs8.pem"),
    ])
    .unwrap()
}

fn expected() -> Value {
    serde_json::from_str(include_str!("../fixtures/expected.json")).unwrap()
}

#[test]
fn every_encoding_gives_the_public_key_that_another_library_sees() {
    let expected = expected();
    for (index, sources) in [
        vec![
            fixture!("rsa.pkcs1.pem"),
            fixture!("rsa.pkcs1.der"),
            fixture!("rsa.pkcs8.pem"),
            fixture!("rsa.pkcs8.der"),
            with_password(fixture!("rsa.encrypted.pem"), "hunter2"),
        ],
        vec![
            fixture!("p256.sec1.pem"),
            fixture!("p256.sec1-private-only.pem"),
            fixture!("p256.sec1.der"),
            fixture!("p256.pkcs8.pem"),
            fixture!("p256.pkcs8.der"),
        ],
        vec![
            fixture!("p384.sec1.pem"),
            fixture!("p384.pkcs8.pem"),
            with_password(fixture!("p384.encrypted.der"), "hunter2"),
        ],
        vec![fixture!("secp256k1.sec1.pem"), fixture!("secp256k1.pkcs8.pem")],
        vec![fixture!("p521.sec1.pem")],
        vec![fixture!("ed25519.pkcs8.pem")],
    ]
    .into_iter()
    .enumerate()
    {
        for source in sources {
            let origin = source.origin.clone();
            let jwks = Keystore::load(vec![source]).unwrap().public_jwks();
            assert_eq!(jwks["keys"][0], expected["keys"][index], "{origin}");
        }
    }
}

#[test]
fn pem_with_windows_line_ends_and_spare_blank_lines_is_read() {
    let text = format!("\n{}\n\n", include_str!("../fixtures/p256.sec1.pem").replace('\n', "\r\n"));
    assert_eq!(
        Keystore::load(vec![source("windows", text.as_bytes())]).unwrap().public_jwks()["keys"][0],
        expected()["keys"][1]
    );
}

#[test]
fn a_configured_kid_names_the_key() {
    let mut named = fixture!("p256.sec1.pem");
    named.kid = Some("2026-a".into());
    let keys = Keystore::load(vec![named]).unwrap();
    assert_eq!(keys.public_jwks()["keys"][0]["kid"], "2026-a");
    let jws = keys.sign(NOW, Algorithm::Es256, &json!({})).unwrap();
    let header = URL_SAFE_NO_PAD.decode(jws.split('.').next().unwrap()).unwrap();
    assert_eq!(String::from_utf8(header).unwrap(), r#"{"alg":"ES256","kid":"2026-a"}"#);
}

#[test]
fn signatures_of_another_library_verify_and_ours_read_back() {
    let (keys, expected) = (all(), expected());
    for algorithm in Algorithm::ALL {
        let theirs = expected["tokens"][algorithm.as_str()].as_str().unwrap();
        assert_eq!(keys.verify::<Value>(theirs), Some(json!({ "sub": "alice" })), "{algorithm}");
        let ours = keys.sign(NOW, algorithm, &json!({ "sub": "alice" })).unwrap();
        assert_eq!(keys.verify::<Value>(&ours), Some(json!({ "sub": "alice" })), "{algorithm}");
        if matches!(algorithm, Algorithm::Rs256 | Algorithm::Rs384 | Algorithm::Rs512 | Algorithm::EdDsa) {
            assert_eq!(ours, theirs, "PKCS#1 v1.5 and Ed25519 signatures are deterministic");
        }
    }
}

#[test]
fn a_changed_foreign_or_relabelled_jws_does_not_verify() {
    let keys = all();
    let good = keys.sign(NOW, Algorithm::Es256, &json!({ "sub": "alice" })).unwrap();
    for at in 0..good.len() {
        let mut changed = good.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(keys.verify::<Value>(&changed), None, "byte {at}");
        assert_eq!(keys.verify::<Value>(&good[..at]), None, "prefix of {at}");
        assert_eq!(keys.verify::<Value>(&good[at + 1..]), None, "suffix from {at}");
    }
    let foreign = Keystore::load(vec![fixture!("p384.sec1.pem")]).unwrap();
    assert_eq!(foreign.verify::<Value>(&good), None);

    let (_, claims_and_signature) = good.split_once('.').unwrap();
    for header in [
        r#"{"alg":"none","kid":"KID"}"#,
        r#"{"alg":"HS256","kid":"KID"}"#,
        r#"{"alg":"RS256","kid":"KID"}"#,
        r#"{"alg":"ES256"}"#,
        r#"{"alg":"ES256","kid":"KID","crit":["b64"]}"#,
    ] {
        let header = header.replace("KID", &keys.keys[1].kid);
        let forged = format!("{}.{claims_and_signature}", base64url(&header));
        assert_eq!(keys.verify::<Value>(&forged), None, "{header}");
    }
}

#[test]
fn the_last_key_that_fits_signs_and_all_are_published() {
    let old = || fixture!("p256.sec1.pem");
    let new = source("new", generate_pem(KeyKind::P256).unwrap().expose().as_bytes());
    let before = Keystore::load(vec![old()]).unwrap();
    let after = Keystore::load(vec![old(), new, fixture!("rsa.pkcs1.pem")]).unwrap();
    assert_eq!(after.public_jwks()["keys"].as_array().unwrap().len(), 3);

    let fresh = after.sign(NOW, Algorithm::Es256, &json!({})).unwrap();
    assert_eq!(before.verify::<Value>(&fresh), None);
    let earlier = before.sign(NOW, Algorithm::Es256, &json!({})).unwrap();
    assert_eq!(after.verify::<Value>(&earlier), Some(json!({})));
}

#[test]
fn a_key_is_published_before_it_signs() {
    let kid = |jws: &str| {
        let header = URL_SAFE_NO_PAD.decode(jws.split('.').next().unwrap()).unwrap();
        serde_json::from_slice::<Value>(&header).unwrap()["kid"].as_str().unwrap().to_owned()
    };
    let from = NOW + std::time::Duration::from_secs(600);
    let named =
        |kid: &str, use_from| KeySource { kid: Some(kid.into()), use_from, ..fixture!("p256.sec1.pem") };
    let keys = Keystore::load(vec![named("old", None), named("new", Some(from))]).unwrap();
    assert_eq!(keys.public_jwks()["keys"].as_array().unwrap().len(), 2);
    assert_eq!(kid(&keys.sign(NOW, Algorithm::Es256, &json!({})).unwrap()), "old");
    assert_eq!(kid(&keys.sign(from, Algorithm::Es256, &json!({})).unwrap()), "new");
    let published: Vec<_> = keys.published().into_iter().map(|key| (key.kid, key.signs_until)).collect();
    assert_eq!(published, [("old".into(), Some(from)), ("new".into(), None)]);

    let only = Keystore::load(vec![named("only", Some(from))]).unwrap();
    assert_eq!(kid(&only.sign(NOW, Algorithm::Es256, &json!({})).unwrap()), "only", "better than none");
}

#[test]
fn algorithms_come_in_the_order_of_discovery_without_repeats() {
    assert_eq!(all().algorithms(), Algorithm::ALL);
    let few = vec![fixture!("secp256k1.sec1.pem"), fixture!("p256.sec1.pem"), fixture!("p256.pkcs8.pem")];
    assert_eq!(Keystore::load(few).unwrap().algorithms(), [Algorithm::Es256, Algorithm::Es256K]);
    assert!(Keystore::load(Vec::new()).unwrap().algorithms().is_empty());
}

#[test]
fn without_a_fitting_key_signing_fails_and_the_log_says_why() {
    let keys = Keystore::load(vec![fixture!("p256.sec1.pem")]).unwrap();
    let error = keys.sign(NOW, Algorithm::Rs256, &json!({})).unwrap_err();
    assert_eq!(error.kind, crate::Kind::Internal);
    assert!(error.cause.unwrap().to_string().contains("can sign RS256"));
}

#[test]
fn who_did_not_choose_gets_rs256_or_what_there_is() {
    let chosen = |keys: Vec<KeySource>, name| Keystore::load(keys).unwrap().algorithm_for(name);
    assert_eq!(all().algorithm_for(None).unwrap(), Algorithm::Rs256);
    assert_eq!(all().algorithm_for(Some("ES384")).unwrap(), Algorithm::Es384);
    assert_eq!(chosen(vec![fixture!("p256.sec1.pem")], None).unwrap(), Algorithm::Es256);
    assert_eq!(chosen(Vec::new(), None).unwrap_err().kind, crate::Kind::Internal);
    for name in ["RS256", "HS256", "none", "es256", ""] {
        let error = chosen(vec![fixture!("p256.sec1.pem")], Some(name)).unwrap_err();
        assert_eq!(error.kind, crate::Kind::Invalid, "{name}");
    }
}

#[test]
fn generated_keys_load() {
    for kind in
        [KeyKind::Rsa2048, KeyKind::P256, KeyKind::P384, KeyKind::P521, KeyKind::Secp256k1, KeyKind::Ed25519]
    {
        let pem = generate_pem(kind).unwrap();
        assert!(Keystore::load(vec![source("generated", pem.expose().as_bytes())]).is_ok(), "{kind:?}");
    }
}

#[test]
fn every_faulty_key_is_reported_with_its_origin() {
    let problems =
        Keystore::load(vec![source("secrets.keys.0", b"?"), fixture!("p256.sec1.pem"), source("b.pem", b"")])
            .unwrap_err();
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "signing key secrets.keys.0: this is neither PEM nor DER of a private key (PKCS#8, PKCS#1 or SEC1)",
            "signing key b.pem: this is neither PEM nor DER of a private key (PKCS#8, PKCS#1 or SEC1)",
        ]
    );
}

#[test]
fn passwords_must_be_there_when_needed_right_and_only_then() {
    let encrypted = || fixture!("rsa.encrypted.pem");
    assert!(problem(encrypted()).contains("give its password"));
    assert!(problem(with_password(encrypted(), "hunter3")).contains("does not open the key"));
    assert!(problem(fixture!("p384.encrypted.der")).contains("give its password"));
    for plain in [
        fixture!("rsa.pkcs1.pem"),
        fixture!("rsa.pkcs8.der"),
        fixture!("rsa.pkcs1.der"),
        fixture!("p256.sec1.pem"),
        fixture!("p256.sec1.der"),
    ] {
        assert!(problem(with_password(plain, "hunter2")).contains("remove the password"));
    }
}

#[test]
fn keys_that_cannot_serve_are_refused_with_advice() {
    for (source, advice) in [
        (fixture!("refused.rsa1024.pem"), "use RSA (2048"),
        (fixture!("refused.multiprime.pem"), "more than two primes"),
        (fixture!("refused.ecparam.pem"), "more than one PEM block"),
        (fixture!("refused.legacy.pem"), "openssl pkcs8 -topk8"),
        (fixture!("refused.public.pem"), "`PUBLIC KEY` where a private key is needed"),
        (fixture!("refused.rsapss.pem"), "restricted to RSA-PSS"),
        (with_password(fixture!("refused.pbes1.pem"), "hunter2"), "openssl pkcs8 -topk8 -v2"),
        (with_password(fixture!("refused.sha1.pem"), "hunter2"), "openssl pkcs8 -topk8 -v2"),
        (source("nameless", &without_curve()), "does not name its curve"),
        (source("cut", &include_bytes!("../fixtures/rsa.pkcs1.pem")[..900]), "PEM text cannot be read"),
    ] {
        let origin = source.origin.clone();
        let problem = problem(source);
        assert!(problem.contains(advice), "{origin}: {problem}");
    }
}

#[test]
fn printing_a_keystore_shows_names_only() {
    let named = KeySource { kid: Some("a".into()), ..fixture!("p256.sec1.pem") };
    assert_eq!(format!("{:?}", named.bytes), "[secret]");
    assert_eq!(format!("{:?}", Keystore::load(vec![named]).unwrap()), r#"["a"]"#);
}

/// A SEC1 key that leaves out its curve (RFC 5915 §3 lets it).
fn without_curve() -> Vec<u8> {
    let mut der = vec![0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20];
    der.extend([7; 32]);
    der
}
