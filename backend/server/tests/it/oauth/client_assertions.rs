//! `client_secret_jwt` and `private_key_jwt` (RFC 7521, RFC 7523), wherever clients authenticate.

use domain::jobs::{self, Job, Remains};
use kernel::jose::{Algorithm, Hmac, KeyKind};
use serde_json::{Value, json};
use testkit::{Answer, Caller, REDIRECT_URI, Signer, TestApp, sign_with_secret};

use super::{refused, seconds};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const ISSUER: &str = "https://auth.example.com/";

/// A client that registers for one of the two methods; the answer is its document.
async fn register(app: &TestApp, method: &str, more: Value) -> Value {
    let mut document = json!({
        "client_name": "Machine", "client_uri": "https://app.example.org/", "redirect_uris": [REDIRECT_URI],
        "grant_types": ["authorization_code", "client_credentials"], "token_endpoint_auth_method": method,
    });
    document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.anonymous().post("/oauth2/registration").json(&document).await.ok().json()
}

async fn with_key(app: &TestApp, signer: &Signer) -> String {
    id(&register(app, "private_key_jwt", json!({ "jwks": signer.jwks() })).await)
}

fn id(document: &Value) -> String {
    document["client_id"].as_str().unwrap().to_owned()
}

/// What a well-behaved client says, with these changes; `null` takes a claim away.
fn claims(app: &TestApp, id: &str, jti: &str, changes: Value) -> Value {
    let now = app.now().as_secs();
    let mut claims = json!({ "iss": id, "sub": id, "aud": ISSUER, "exp": now + 60, "iat": now, "jti": jti });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

async fn present(caller: &Caller, assertion: &str) -> Answer {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
    ];
    caller.post("/oauth2/token").form(form).await
}

#[tokio::test]
async fn every_algorithm_of_discovery_proves_a_client() {
    let app = TestApp::new().await;
    let discovery = app.anonymous().get("/.well-known/openid-configuration").await.json();
    let mut offered: Vec<_> = discovery["token_endpoint_auth_signing_alg_values_supported"]
        .as_array()
        .unwrap()
        .iter()
        .map(|alg| alg.as_str().unwrap().to_owned())
        .collect();
    let mut proven = Vec::new();
    for hmac in Hmac::ALL {
        let client =
            register(&app, "client_secret_jwt", json!({ "token_endpoint_auth_signing_alg": hmac.as_str() }))
                .await;
        let secret = client["client_secret"].as_str().unwrap();
        assert_eq!(secret.len(), hmac.bytes(), "RFC 7518 §3.2");
        let claims = claims(&app, &id(&client), "1", json!({}));
        present(&app.anonymous(), &sign_with_secret(hmac, secret.as_bytes(), &claims)).await.ok();
        proven.push(hmac.as_str().to_owned());
    }
    use Algorithm::*;
    for (kind, algorithms) in [
        (KeyKind::Rsa2048, &[Rs256, Rs384, Rs512, Ps256, Ps384, Ps512][..]),
        (KeyKind::P256, &[Es256]),
        (KeyKind::P384, &[Es384]),
        (KeyKind::P521, &[Es512]),
        (KeyKind::Secp256k1, &[Es256K]),
        (KeyKind::Ed25519, &[EdDsa]),
    ] {
        let signer = Signer::new(kind, "a");
        let client = with_key(&app, &signer).await;
        for algorithm in algorithms {
            let claims = claims(&app, &client, algorithm.as_str(), json!({}));
            present(&app.anonymous(), &signer.sign(*algorithm, &claims)).await.ok();
            proven.push(algorithm.as_str().to_owned());
        }
    }
    proven.sort();
    offered.sort();
    assert_eq!(proven, offered);
}

#[tokio::test]
async fn it_works_wherever_clients_authenticate() {
    let app = TestApp::new().await;
    let signer = Signer::new(KeyKind::P256, "a");
    let client = with_key(&app, &signer).await;
    for path in ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"] {
        let endpoint = format!("https://auth.example.com{path}");
        for (at, audience) in [
            json!(ISSUER),
            json!("https://auth.example.com"),
            json!(endpoint),
            json!("https://auth.example.com/oauth2/token"),
            json!(["https://elsewhere.example/", ISSUER]),
        ]
        .into_iter()
        .enumerate()
        {
            let claims = claims(&app, &client, &format!("{path}{at}"), json!({ "aud": audience }));
            let assertion = signer.sign(Algorithm::Es256, &claims);
            let form = [
                ("grant_type", "client_credentials"),
                ("token", "x"),
                ("client_id", client.as_str()),
                ("client_assertion_type", TYPE),
                ("client_assertion", &assertion),
            ];
            app.anonymous().post(path).form(form).await.ok();
        }
    }
}

#[tokio::test]
async fn what_it_says_must_be_right_and_recent() {
    let app = TestApp::new().await;
    let signer = Signer::new(KeyKind::P256, "a");
    let client = with_key(&app, &signer).await;
    let other = with_key(&app, &Signer::new(KeyKind::P256, "b")).await;
    let now = app.now().as_secs();
    let ask = async |changes: &Value| {
        let claims = claims(&app, &client, &changes.to_string(), changes.clone());
        present(&app.anonymous(), &signer.sign(Algorithm::Es256, &claims)).await
    };
    for changes in [
        json!({ "exp": now + 1 }),
        json!({ "exp": now + 599 }),
        json!({ "exp": now + 600, "iat": null }),
        json!({ "exp": (now as f64) + 30.5 }),
        json!({ "iat": now - 500 }),
        json!({ "iat": now + 60 }),
        json!({ "nbf": now + 60 }),
        // Libraries that ask for an hour get ten minutes.
        json!({ "exp": now + 3600 }),
    ] {
        let answer = ask(&changes).await;
        assert!(answer.status.is_success(), "{changes}: {answer}");
    }
    for (changes, naming) in [
        (json!({ "iss": null }), "iss"),
        (json!({ "iss": other }), "iss"),
        (json!({ "iss": [client] }), "right types"),
        (json!({ "aud": null }), "aud"),
        (json!({ "aud": [] }), "aud"),
        (json!({ "aud": "https://auth.example.com/oauth2/" }), "aud"),
        (json!({ "aud": "https://auth.example.com/oauth2/introspect" }), "aud"),
        (json!({ "aud": "https://auth.example.com.evil.test/" }), "aud"),
        (json!({ "aud": "" }), "aud"),
        (json!({ "exp": null }), "exp"),
        (json!({ "exp": now }), "expired"),
        (json!({ "exp": now - 1 }), "expired"),
        (json!({ "exp": "soon" }), "right types"),
        (json!({ "exp": -1 }), "1970"),
        (json!({ "exp": 1e300 }), "1970"),
        (json!({ "exp": now + 661, "iat": null }), "ten minutes"),
        (json!({ "iat": now - 601 }), "ten minutes"),
        (json!({ "iat": now + 61 }), "iat"),
        (json!({ "nbf": now + 61 }), "nbf"),
        (json!({ "jti": null }), "jti"),
        (json!({ "jti": "" }), "jti"),
        (json!({ "jti": 7 }), "right types"),
    ] {
        let answer = ask(&changes).await;
        assert_eq!(answer.refusal(), refused(401, "invalid_client"), "{changes}");
        assert!(answer.body.contains(naming), "{changes}: {answer}");
        assert!(answer.header("www-authenticate").starts_with("Basic"), "{answer:?}");
    }
    let answer = ask(&json!({ "sub": other })).await;
    assert_eq!(answer.refusal(), refused(401, "invalid_client"), "signed by the key of another client");
}

#[tokio::test]
async fn forms_and_headers_do_not_contradict_it() {
    let app = TestApp::new().await;
    let signer = Signer::new(KeyKind::P256, "a");
    let client = with_key(&app, &signer).await;
    let good = signer.sign(Algorithm::Es256, &claims(&app, &client, "1", json!({})));
    let no_subject = signer.sign(Algorithm::Es256, &claims(&app, &client, "1", json!({ "sub": null })));
    let unknown = signer.sign(Algorithm::Es256, &claims(&app, "nobody", "1", json!({})));
    let other_id = testkit::PUBLIC;
    for (form, status, code) in [
        (
            vec![("client_assertion_type", TYPE), ("client_assertion", &*good), ("client_id", other_id)],
            400,
            "invalid_grant",
        ),
        (
            vec![("client_assertion_type", TYPE), ("client_assertion", &*good), ("client_secret", "x")],
            400,
            "invalid_request",
        ),
        (vec![("client_assertion_type", "urn:x"), ("client_assertion", &*good)], 400, "invalid_request"),
        (vec![("client_assertion_type", "urn:x"), ("client_id", &*client)], 400, "invalid_request"),
        (vec![("client_assertion", &*good)], 400, "invalid_request"),
        (vec![("client_assertion_type", TYPE)], 400, "invalid_request"),
        (vec![("client_assertion_type", TYPE), ("client_assertion", "x")], 400, "invalid_request"),
        (vec![("client_assertion_type", TYPE), ("client_assertion", "x.y.z")], 400, "invalid_request"),
        (vec![("client_assertion_type", TYPE), ("client_assertion", &*no_subject)], 400, "invalid_request"),
        (vec![("client_assertion_type", TYPE), ("client_assertion", &*unknown)], 401, "invalid_client"),
        (
            vec![("client_assertion_type", TYPE), ("client_assertion", &*good), ("client_assertion", &*good)],
            400,
            "invalid_request",
        ),
        (
            vec![
                ("client_assertion_type", TYPE),
                ("client_assertion_type", TYPE),
                ("client_assertion", &*good),
            ],
            400,
            "invalid_request",
        ),
    ] {
        let request = app.anonymous().post("/oauth2/token").form([("grant_type", "client_credentials")]);
        let answer = request.form(form.clone()).await;
        assert_eq!(answer.refusal(), refused(status, code), "{form:?}: {answer}");
    }
    let with_header = app.configured(testkit::ClientKind::Basic).caller;
    assert_eq!(present(&with_header, &good).await.refusal(), refused(400, "invalid_request"));
    present(&app.anonymous(), &good).await.ok();
}

/// Whoever can choose the algorithm must not be able to choose what is believed.
#[tokio::test]
async fn algorithm_and_key_are_the_clients_and_not_the_messages() {
    let app = TestApp::new().await;
    let signer = Signer::new(KeyKind::P256, "a");
    let client = with_key(&app, &signer).await;
    let sound = |jti: &str| claims(&app, &client, jti, json!({}));
    let good = signer.sign(Algorithm::Es256, &sound("good"));
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (_, payload) = message.split_once('.').unwrap();
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
    let header = |header: &str| format!("{}.{payload}.{signature}", B64.encode(header));

    // The public key, as everybody can read it, taken for a shared secret.
    let public = signer.jwk();
    let (x, y) = (public["x"].as_str().unwrap(), public["y"].as_str().unwrap());
    let point = [vec![4], B64.decode(x).unwrap(), B64.decode(y).unwrap()].concat();
    let mut forged = vec![
        ("the same secret for all", sign_with_secret(Hmac::Hs256, b"", &sound("1"))),
        ("the public key as a secret", sign_with_secret(Hmac::Hs256, &point, &sound("2"))),
        ("the JWK as a secret", sign_with_secret(Hmac::Hs256, public.to_string().as_bytes(), &sound("3"))),
        ("a key of somebody else", Signer::new(KeyKind::P256, "a").sign(Algorithm::Es256, &sound("4"))),
        ("another kid", Signer::new(KeyKind::P256, "b").sign(Algorithm::Es256, &sound("5"))),
        ("another type of key", Signer::new(KeyKind::Ed25519, "a").sign(Algorithm::EdDsa, &sound("6"))),
        ("the right key under another name", header(r#"{"alg":"ES256","kid":"b"}"#)),
        ("another algorithm", header(r#"{"alg":"ES384","kid":"a"}"#)),
        ("an embedded key", header(r#"{"alg":"ES256","jwk":{"kty":"EC"}}"#)),
        ("no signature", format!("{message}.")),
    ];
    for cut in 1..8 {
        forged.push(("a cut signature", good[..good.len() - cut].to_owned()));
    }
    for (what, assertion) in &forged {
        let answer = present(&app.anonymous(), assertion).await;
        assert!(matches!(answer.status.as_u16(), 400 | 401), "{what}: {answer}");
    }
    for alg in ["none", "None", "NONE", "HS1", "", "RSA-OAEP"] {
        let answer = present(&app.anonymous(), &header(&json!({ "alg": alg }).to_string())).await;
        assert_eq!(answer.refusal(), refused(400, "invalid_request"), "{alg}");
    }
    // None of that has used the real one up.
    present(&app.anonymous(), &good).await.ok();
}

#[tokio::test]
async fn a_method_is_not_another_method() {
    let app = TestApp::new().await;
    let signer = Signer::new(KeyKind::P256, "a");
    for method in ["client_secret_basic", "client_secret_post", "client_secret_jwt"] {
        let client = register(&app, method, json!({ "jwks": signer.jwks() })).await;
        let (id, secret) = (id(&client), client["client_secret"].as_str().unwrap().to_owned());
        let by_key = signer.sign(Algorithm::Es256, &claims(&app, &id, "1", json!({})));
        assert_eq!(
            present(&app.anonymous(), &by_key).await.refusal(),
            refused(401, "invalid_client"),
            "{method}"
        );
        let by_secret = sign_with_secret(Hmac::Hs256, secret.as_bytes(), &claims(&app, &id, "2", json!({})));
        let answer = present(&app.anonymous(), &by_secret).await;
        assert_eq!(answer.status.is_success(), method == "client_secret_jwt", "{method}: {answer}");
    }
    let only = json!({ "jwks": signer.jwks(), "token_endpoint_auth_signing_alg": "ES384" });
    let client = id(&register(&app, "private_key_jwt", only).await);
    let answer =
        present(&app.anonymous(), &signer.sign(Algorithm::Es256, &claims(&app, &client, "1", json!({}))))
            .await;
    assert_eq!(answer.refusal(), refused(401, "invalid_client"));
    assert!(answer.body.contains("ES384"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_uses_at_two_replicas_exactly_one_gets_through() {
    let app = TestApp::new().await;
    let replica = app.replica().await;
    let signer = Signer::new(KeyKind::P256, "a");
    let client = with_key(&app, &signer).await;
    let assertion = signer.sign(Algorithm::Es256, &claims(&app, &client, "once", json!({})));
    let tasks: Vec<_> = (0..100)
        .map(|at| {
            let caller =
                if at % 2 == 0 { app.anonymous() } else { replica.caller(testkit::Credentials::None) };
            let assertion = assertion.clone();
            tokio::spawn(async move { present(&caller, &assertion).await })
        })
        .collect();
    let mut through = 0;
    for task in tasks {
        let answer = task.await.unwrap();
        if answer.status.is_success() {
            through += 1;
        } else {
            assert_eq!(answer.refusal(), refused(401, "invalid_client"), "{answer}");
            assert!(answer.body.contains("used before"), "{answer}");
        }
    }
    assert_eq!(through, 1);
}

#[tokio::test]
async fn a_used_assertion_is_remembered_for_as_long_as_it_could_be_used() {
    let mut app = TestApp::new().await;
    let signer = Signer::new(KeyKind::P256, "a");
    let client = with_key(&app, &signer).await;
    let long = signer
        .sign(Algorithm::Es256, &claims(&app, &client, "1", json!({ "exp": app.now().as_secs() + 3600 })));
    present(&app.anonymous(), &long).await.ok();
    // The id is the client's own: another client may have the same.
    let other_signer = Signer::new(KeyKind::P256, "a");
    let other = with_key(&app, &other_signer).await;
    present(&app.anonymous(), &other_signer.sign(Algorithm::Es256, &claims(&app, &other, "1", json!({}))))
        .await
        .ok();

    let remembered = async |app: &TestApp| {
        let job = Job::CleanUp { remains: Remains::ClientAssertions, after: None };
        assert_eq!(
            jobs::run(app.parts().job_parts(&jobs::Stop::new()), &app.op(), &job).await,
            jobs::Outcome::Done
        );
        app.database.texts("SELECT 'x' FROM client_assertions").await.len()
    };
    app.clock.advance(seconds(599));
    assert_eq!(remembered(&app).await, 1, "not the other client's, which was good for a minute only");
    app.restart(|_| {}).await;
    assert!(present(&app.anonymous(), &long).await.body.contains("used before"));
    app.clock.advance(seconds(2));
    assert!(present(&app.anonymous(), &long).await.body.contains("ten minutes ago"));
    app.clock.advance(seconds(300));
    assert_eq!(remembered(&app).await, 0);
}

#[tokio::test]
async fn a_configured_client_proves_itself_by_its_key() {
    let signer = Signer::new(KeyKind::Ed25519, "a");
    let id = "0000000000000000000000KEYS";
    let metadata = json!({
        "jwks": signer.jwks(), "token_endpoint_auth_method": "private_key_jwt", "grant_types": ["client_credentials"],
    });
    let metadata = domain::oauth::registration::parse(metadata.to_string().as_bytes()).unwrap();
    let client = domain::oauth::clients::StaticClient {
        id: id.parse().unwrap(),
        skip_consent: false,
        is_resource_server: true,
        auth_method: metadata.auth_method().clone(),
        secret: None,
        metadata,
    };
    let app = TestApp::with(|settings| settings.clients.push(client)).await;
    let sign = |jti: &str| signer.sign(Algorithm::EdDsa, &claims(&app, id, jti, json!({})));
    present(&app.anonymous(), &sign("0")).await.ok();
    let (answer, cost) = app.cost(present(&app.anonymous(), &sign("1"))).await;
    answer.ok();
    // One to use the assertion up, one for the session (on SQLite BEGIN, three writes and COMMIT).
    assert_eq!(cost, if testkit::engine() == store::Engine::Sqlite { 6 } else { 2 });
    assert_eq!(present(&app.anonymous(), &sign("1")).await.refusal(), refused(401, "invalid_client"));
}
