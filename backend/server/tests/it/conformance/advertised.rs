//! What the provider says of itself is so: whatever is listed in the metadata is done here from end to end. What is listed and
//! not known here is a failure, so that nothing can be advertised before it is shown.

use std::collections::BTreeSet;

use domain::homeserver::Provisioning;
use kernel::jose::{Algorithm, Hmac, Jws, KeyKind, PublicKeys, Verdict};
use serde_json::{Value, json};
use testkit::{
    Answer, Caller, ClientKind::*, Code, Credentials, DEVICE_CODE, Keys, PASSWORD, REDIRECT_URI, Signer,
    TestApp, sign_with_secret,
};
use url::Url;

use super::{Plan, register};
use crate::oauth::seconds;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A list in the metadata.
async fn said(app: &TestApp, name: &str) -> Vec<String> {
    let metadata = app.anonymous().get("/.well-known/openid-configuration").await.ok().json();
    let list = metadata[name].as_array().unwrap_or_else(|| panic!("{name} is no list"));
    assert!(!list.is_empty(), "{name}");
    list.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_grant_gives_tokens() {
    let mut plan = Plan::new(Basic).await;
    for grant in said(&plan.app, "grant_types_supported").await {
        let answer = match grant.as_str() {
            "authorization_code" => {
                let code = plan.code(&[]).await;
                plan.client.exchange(&code).await
            }
            "refresh_token" => {
                let tokens = plan.tokens(&[]).await;
                plan.client.refresh(&tokens).await
            }
            "client_credentials" => {
                let client = plan.app.client_for(Basic, &["client_credentials"]).await;
                client.token([("grant_type", "client_credentials")]).await
            }
            DEVICE_CODE => by_device(&mut plan).await,
            other => panic!("nothing shows that {other} works"),
        };
        assert!(answer.ok().json()["access_token"].is_string(), "{grant}");
    }
}

async fn by_device(plan: &mut Plan) -> Answer {
    let client = plan.app.device_client(Basic).await;
    let codes = client.ask_for_codes("openid").await.ok().json();
    let text = |name: &str| codes[name].as_str().unwrap().to_owned();
    plan.app.let_in(&mut plan.browser, "alice", &text("user_code")).await.ok();
    client.poll(&text("device_code")).await
}

#[tokio::test]
async fn every_response_type_and_mode_carries_the_code_where_it_says() {
    let mut plan = Plan::new(Basic).await;
    assert_eq!(said(&plan.app, "response_types_supported").await, ["code"]);
    for mode in said(&plan.app, "response_modes_supported").await {
        let answer = plan.answer(&[("response_mode", &mode)]).await;
        let code = match mode.as_str() {
            "form_post" => {
                assert_eq!(answer.header("location"), "");
                answer.hidden("https://app.example.org/")["code"].clone()
            }
            "query" | "fragment" => {
                let to = Url::parse(answer.header("location")).unwrap();
                let in_query = mode == "query";
                // An empty fragment keeps the browser from adding that of the page before.
                let fragment = to.fragment().filter(|fragment| !fragment.is_empty());
                assert_eq!((to.query().is_some(), fragment.is_some()), (in_query, !in_query), "{to}");
                answer.parameters()["code"].clone()
            }
            other => panic!("nothing shows that {other} works"),
        };
        let code = Code { code, redirect_uri: REDIRECT_URI.into(), verifier: None };
        plan.client.exchange(&code).await.tokens();
    }
}

#[tokio::test]
async fn every_prompt_is_obeyed() {
    let mut plan = Plan::new(Basic).await;
    plan.tokens(&[]).await;
    let silent = plan.browser.get(&plan.path(&[])).await;
    assert!(silent.parameters().contains_key("code"), "who has agreed is not asked again: {silent}");
    for prompt in said(&plan.app, "prompt_values_supported").await {
        // Who has signed in this very moment need not do it again.
        plan.app.clock.advance(seconds(60));
        let page = plan.browser.get(&plan.path(&[("prompt", &prompt)])).await;
        let is_obeyed = match prompt.as_str() {
            "none" => page.parameters().contains_key("code"),
            "login" => page.has_form("/reauthenticate"),
            "consent" => page.has_form("/consent/") && page.body.contains("value=\"allow\""),
            "select_account" => page.body.contains("Is this the right account?") && page.has_form("/logout"),
            other => panic!("nothing shows that {other} works"),
        };
        assert!(is_obeyed, "{prompt}: {page}");
    }
}

#[tokio::test]
async fn every_scope_is_granted_and_every_claim_is_told() {
    let mut plan = Plan::new(Basic).await;
    plan.app
        .database
        .execute(
            "INSERT INTO user_emails (id, user_id, email, email_norm, created_at) \
             SELECT id, id, 'alice@example.org', 'alice@example.org', 0 FROM users",
        )
        .await;
    let chosen = Provisioning { display_name: Some("Alice Liddell"), ..Default::default() };
    plan.app.parts().homeserver.provision_user("alice", &chosen).await.unwrap();
    let scopes = said(&plan.app, "scopes_supported").await;
    for class in said(&plan.app, "acr_values_supported").await {
        let asked = [("scope", scopes.join(" ")), ("acr_values", class.clone())];
        let tokens = plan.tokens(&asked.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
        let granted = tokens.scope.clone().unwrap();
        let granted: BTreeSet<_> = granted.split(' ').map(str::to_owned).collect();
        assert_eq!(granted, scopes.iter().cloned().collect());
        let id_token = plan.claims(&tokens);
        assert_eq!(id_token["acr"], class);
        let userinfo = plan.client.userinfo(&tokens).await.ok().json();
        for claim in said(&plan.app, "claims_supported").await {
            let told = id_token.get(&claim).or(userinfo.get(&claim));
            assert!(told.is_some_and(|value| !value.is_null()), "{claim} is told nowhere");
        }
    }
}

#[tokio::test]
async fn every_algorithm_signs_id_tokens_and_userinfo_under_a_published_key() {
    let app = TestApp::with(|settings| settings.keys = Keys::EveryKind).await;
    app.user_with_password("alice", PASSWORD).await;
    let keys = PublicKeys::read(&app.anonymous().get("/oauth2/keys.json").await.ok().json());
    let algorithms = said(&app, "id_token_signing_alg_values_supported").await;
    assert_eq!(said(&app, "userinfo_signing_alg_values_supported").await, algorithms);
    assert_eq!(algorithms.len(), 11, "with keys of every kind: {algorithms:?}");
    let mut plan = Plan { client: app.client(Basic).await, browser: app.browser(), app };
    for alg in algorithms {
        let wanted = json!({ "id_token_signed_response_alg": alg, "userinfo_signed_response_alg": alg });
        plan.register(wanted).await;
        let tokens = plan.tokens(&[]).await;
        let userinfo = plan.client.userinfo(&tokens).await.ok();
        assert_eq!(userinfo.header("content-type"), "application/jwt", "{alg}");
        for jws in [tokens.id_token.as_deref().unwrap(), &userinfo.body] {
            let read = Jws::parse(jws).unwrap();
            assert_eq!(read.claimed.as_str(), alg);
            assert_eq!(keys.judge(&read), Verdict::Good, "{alg}");
        }
    }
}

/// What the last key of a kind could do is gone with it, also for those who had chosen it.
#[tokio::test]
async fn without_an_rsa_key_who_did_not_choose_gets_what_there_is_and_who_did_is_told() {
    let app = TestApp::with(|settings| settings.keys = Keys::Usual).await;
    app.user_with_password("alice", PASSWORD).await;
    let mut plan = Plan { client: app.client(Basic).await, browser: app.browser(), app };
    let of_no_choice = plan.client.clone();
    plan.register(
        json!({ "id_token_signed_response_alg": "RS256", "userinfo_signed_response_alg": "RS256" }),
    )
    .await;
    let before = plan.tokens(&[]).await;
    plan.app.restart(|settings| settings.keys = Keys::P256).await;

    let code =
        plan.code(&[("scope", "openid urn:matrix:client:api:* urn:matrix:client:device:DEV1CE0001")]).await;
    let told = (400, "invalid_request".to_owned());
    let answer = plan.client.exchange(&code).await;
    assert_eq!(answer.refusal(), told);
    assert!(answer.body.contains("RS256"), "{answer}");
    assert!(plan.app.homeserver.user("alice").unwrap().devices.is_empty(), "a device without a session");
    let answer = plan.client.userinfo(&before).await;
    assert_eq!(answer.status, 400, "{answer}");
    assert!(answer.body.contains("RS256"), "{answer}");

    plan.client = of_no_choice;
    let tokens = plan.tokens(&[]).await;
    let keys = PublicKeys::read(&plan.app.anonymous().get("/oauth2/keys.json").await.ok().json());
    let jws = Jws::parse(tokens.id_token.as_deref().unwrap()).unwrap();
    assert_eq!((jws.claimed.as_str(), keys.judge(&jws)), ("ES256", Verdict::Good));
    let device = plan.app.device_client(Public).await;
    let codes = device.ask_for_codes("openid").await.ok().json();
    plan.app.let_in(&mut plan.browser, "alice", codes["user_code"].as_str().unwrap()).await.ok();
    let tokens = device.poll(codes["device_code"].as_str().unwrap()).await.tokens();
    assert_eq!(Jws::parse(tokens.id_token.as_deref().unwrap()).unwrap().claimed.as_str(), "ES256");
}

/// A client and what proves that it is that.
struct Prover {
    id: String,
    caller: Caller,
    key: Key,
    proofs: usize,
}

enum Key {
    /// The credentials say it all.
    None,
    Secret(String),
    Private(Signer),
}

impl Prover {
    /// One that registers for this method; with a code to be exchanged if it may not act for itself.
    async fn register(app: &TestApp, method: &str) -> Self {
        let signer = (method == "private_key_jwt").then(|| Signer::new(KeyKind::P256, "a"));
        let mut changes = json!({
            "token_endpoint_auth_method": method,
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
        });
        match (&signer, method) {
            (Some(signer), _) => changes["jwks"] = signer.jwks(),
            (_, "client_secret_jwt") => changes["token_endpoint_auth_signing_alg"] = json!("HS256"),
            (_, "none") => changes["grant_types"] = json!(["authorization_code", "refresh_token"]),
            _ => {}
        }
        let answer = register(app, changes).await.ok().json();
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        let (id, secret) = (text("client_id"), text("client_secret"));
        let (credentials, key) = match method {
            "none" => (Credentials::Public { id: id.clone() }, Key::None),
            "client_secret_basic" => (Credentials::Basic { id: id.clone(), secret }, Key::None),
            "client_secret_post" => (Credentials::Post { id: id.clone(), secret }, Key::None),
            "client_secret_jwt" => (Credentials::None, Key::Secret(secret)),
            "private_key_jwt" => (Credentials::None, Key::Private(signer.unwrap())),
            other => panic!("nothing shows that {other} works"),
        };
        Self { id, caller: app.caller(credentials), key, proofs: 0 }
    }

    /// Sends the form with a proof.
    async fn post(&mut self, app: &TestApp, path: &str, form: &[(&str, &str)]) -> Answer {
        self.proofs += 1;
        let now = app.now().as_secs();
        let claims = json!({
            "iss": self.id, "sub": self.id, "aud": "https://auth.example.com/", "exp": now + 60, "iat": now,
            "jti": self.proofs.to_string(),
        });
        let assertion = match &self.key {
            Key::None => None,
            Key::Secret(secret) => Some(sign_with_secret(Hmac::Hs256, secret.as_bytes(), &claims)),
            Key::Private(signer) => Some(signer.sign(Algorithm::Es256, &claims)),
        };
        let mut request = self.caller.post(path).form(form.iter().copied());
        if let Some(assertion) = &assertion {
            request = request
                .form([("client_assertion_type", ASSERTION), ("client_assertion", assertion.as_str())]);
        }
        request.await
    }
}

#[tokio::test]
async fn every_way_to_authenticate_proves_a_client() {
    let app = TestApp::new().await;
    let alice = app.user("alice").await;
    let [token, introspection, revocation] = ["token", "introspection", "revocation"]
        .map(|endpoint| format!("{endpoint}_endpoint_auth_methods_supported"));
    for method in said(&app, &token).await {
        let mut client = Prover::register(&app, &method).await;
        let code = app.authorization(&app.client_as(Public, &client.id, "")).agreed_by(alice).await;
        let exchange = [
            ("grant_type", "authorization_code"),
            ("code", code.code.as_str()),
            ("redirect_uri", code.redirect_uri.as_str()),
            ("code_verifier", code.verifier.as_deref().unwrap()),
        ];
        client.post(&app, "/oauth2/token", &exchange).await.tokens();
    }
    for method in said(&app, &introspection).await {
        let mut client = Prover::register(&app, &method).await;
        let grant = [("grant_type", "client_credentials")];
        let own = client.post(&app, "/oauth2/token", &grant).await.ok().json();
        let own = [("token", own["access_token"].as_str().unwrap())];
        let told: Value = client.post(&app, "/oauth2/introspect", &own).await.ok().json();
        assert_eq!(told["active"], true, "{method}");
    }
    for method in said(&app, &revocation).await {
        let mut client = Prover::register(&app, &method).await;
        client.post(&app, "/oauth2/revoke", &[("token", "x")]).await.ok();
    }
}
