//! People and clients to begin with.

use domain::{
    oauth::authorize::{self, Approval, Fulfilled, Judgement},
    passwords::Password,
    users::{
        self,
        browser::{self, Visitor},
        register::{self, NewUser, Registration},
    },
};
use kernel::{
    Error,
    id::{ClientId, UserId},
};
use serde_json::json;
use url::form_urlencoded;

use crate::{
    Answer, Browser, CONFIDENTIAL, Code, Credentials, PUBLIC, REDIRECT_URI, SECRET, SIGNED_OUT_URI, TestApp,
    TestClient, Tokens,
};

/// How a client authenticates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientKind {
    Public,
    Basic,
    Post,
}

/// Of the people whom [`TestApp::signed_in`] makes.
pub const PASSWORD: &str = "a password that nobody guesses";
pub const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const STATE: &str = "a-state";
const SCOPE: &str = "openid urn:matrix:client:api:* urn:matrix:client:device:DEV1CE0001";
/// The example of RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

impl TestApp {
    /// A person without a password, known to the homeserver.
    pub async fn user(&self, username: &str) -> UserId {
        self.new_user(NewUser { username: username.into(), ..NewUser::default() }).await
    }

    /// One that may administer.
    pub async fn administrator(&self, username: &str) -> UserId {
        let (user, op) = (self.user(username).await, self.op());
        let set = self.parts().db.write(async |tx| users::set_admin(tx, &op, user, true).await).await;
        assert!(set.expect("the flag is set").changed);
        user
    }

    pub async fn user_with_password(&self, username: &str, password: &str) -> UserId {
        let password = Password::parse(password).expect("not too long");
        let op = self.op();
        let hasher = self.parts().hasher.as_ref().expect("passwords are enabled");
        let hashed = hasher.hash(password, op.random()).await.expect("hashes");
        let username = username.into();
        self.new_user(NewUser { username, password: Some(hashed), ..NewUser::default() }).await
    }

    async fn new_user(&self, new: NewUser) -> UserId {
        let op = self.op();
        let created = self.parts().db.write(async |tx| register::create(tx, &op, &new).await).await;
        let Ok(Registration::Created(id)) = created else { panic!("{created:?}") };
        self.run_jobs().await;
        self.homeserver.calls();
        id
    }

    /// A client that registers itself, as applications do.
    pub async fn client(&self, kind: ClientKind) -> TestClient {
        self.client_for(kind, &["authorization_code", "refresh_token"]).await
    }

    /// One that signs in by showing a code, and may refresh.
    pub async fn device_client(&self, kind: ClientKind) -> TestClient {
        self.client_for(kind, &[DEVICE_CODE, "refresh_token"]).await
    }

    /// One that registers itself for these grants.
    pub async fn client_for(&self, kind: ClientKind, grants: &[&str]) -> TestClient {
        let method = match kind {
            ClientKind::Public => "none",
            ClientKind::Basic => "client_secret_basic",
            ClientKind::Post => "client_secret_post",
        };
        let document = json!({
            "client_name": "App",
            "client_uri": "https://app.example.org/",
            "redirect_uris": [REDIRECT_URI],
            "post_logout_redirect_uris": [SIGNED_OUT_URI],
            "grant_types": grants,
            "response_types": if grants.contains(&"authorization_code") { vec!["code"] } else { Vec::new() },
            "token_endpoint_auth_method": method,
        });
        let answer = self.anonymous().post("/oauth2/registration").json(&document).await.ok().json();
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        let (id, secret) = (text("client_id"), text("client_secret"));
        self.client_as(kind, &id, &secret)
    }

    /// A client from the configuration.
    pub fn configured(&self, kind: ClientKind) -> TestClient {
        let id = if kind == ClientKind::Public { PUBLIC } else { CONFIDENTIAL };
        self.client_as(kind, id, SECRET)
    }

    /// Whoever claims to be this client.
    pub fn client_as(&self, kind: ClientKind, id: &str, secret: &str) -> TestClient {
        let (id, secret) = (id.to_owned(), secret.to_owned());
        let credentials = match kind {
            ClientKind::Public => Credentials::Public { id: id.clone() },
            ClientKind::Basic => Credentials::Basic { id: id.clone(), secret },
            ClientKind::Post => Credentials::Post { id: id.clone(), secret },
        };
        TestClient { id, caller: self.caller(credentials) }
    }

    /// The person agrees to let the device in that shows this code; the last page is the answer. The browser signs in on
    /// the way, unless it is signed in already, by [`PASSWORD`].
    pub async fn let_in(&self, browser: &mut Browser, username: &str, user_code: &str) -> Answer {
        let page = self.asked_for_device(browser, username, user_code).await;
        browser.submit(&page, "/device/", &[("action", "consent"), ("confirm_device", "yes")]).await
    }

    /// The page that asks whether to let the device in.
    pub async fn asked_for_device(&self, browser: &mut Browser, username: &str, user_code: &str) -> Answer {
        let page = browser.get("/link").await;
        let page = browser.submit(&page, "/link", &[("code", user_code)]).await;
        if !page.has_form("/login") {
            return page;
        }
        browser.submit(&page, "/login", &[("username", username), ("password", PASSWORD)]).await
    }

    /// A new person, signed in to an application that registered itself.
    pub async fn signed_in(&self, username: &str) -> (TestClient, Tokens) {
        let client = self.client(ClientKind::Public).await;
        let tokens = self.signed_in_to(&client, username).await;
        (client, tokens)
    }

    /// A new person, signed in to this client the way people do: in a browser, by [`PASSWORD`].
    pub async fn signed_in_to(&self, client: &TestClient, username: &str) -> Tokens {
        self.user_with_password(username, PASSWORD).await;
        let code = self.authorization(client).through(&mut self.browser(), username).await;
        let tokens = client.exchange(&code).await.tokens();
        self.homeserver.calls();
        tokens
    }

    /// A request to `/authorize`, all in order.
    pub fn authorization<'a>(&'a self, client: &TestClient) -> Authorization<'a> {
        let authorization =
            Authorization { app: self, client: client.id.clone(), parameters: serde_json::Map::new() };
        authorization
            .with("response_type", "code")
            .with("client_id", &client.id)
            .with("redirect_uri", REDIRECT_URI)
            .with("scope", SCOPE)
            .with("state", STATE)
            .with("nonce", "a-nonce")
            .with("code_challenge", CHALLENGE)
            .with("code_challenge_method", "S256")
    }
}

/// An authorization request that a client is about to make.
pub struct Authorization<'a> {
    app: &'a TestApp,
    client: String,
    parameters: authorize::Parameters,
}

impl Authorization<'_> {
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.parameters.insert(name.to_owned(), value.into());
        self
    }

    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.parameters.remove(name);
        self
    }

    /// Where the client sends the browser.
    pub fn path(&self) -> String {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let pairs = self.parameters.iter().map(|(name, value)| (name, text(value)));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("/authorize?{query}")
    }

    /// The code that the client gets after this person has signed in, unless the browser is signed in already, and
    /// has agreed.
    pub async fn through(self, browser: &mut Browser, username: &str) -> Code {
        let mut page = browser.get(&self.path()).await;
        if page.has_form("/login") {
            page = browser.submit(&page, "/login", &[("username", username), ("password", PASSWORD)]).await;
        }
        // Nobody is asked twice for what is remembered.
        let answer = match page.status.is_redirection() {
            true => page,
            false => browser.submit(&page, "/consent/", &[("action", "allow")]).await,
        };
        self.answered(&answer)
    }

    /// The code that the client gets with this answer.
    pub fn answered(&self, answer: &Answer) -> Code {
        let parameters = answer.parameters();
        assert_eq!(parameters.get("state").map(String::as_str), Some(STATE), "{answer}");
        let code = parameters.get("code").unwrap_or_else(|| panic!("no code: {parameters:?}"));
        self.made(code, REDIRECT_URI)
    }

    /// The code that the client gets once this person has agreed. Pages and passwords are left out, for tests of what
    /// comes after them.
    pub async fn agreed_by(self, user: UserId) -> Code {
        let app = self.app.parts();
        let op = self.app.op();
        let id: ClientId = self.client.parse().expect("a ULID");
        let client =
            app.clients.get(&app.db, id).await.expect("clients can be read").expect("the client is there");
        let judged = authorize::judge(&client, &app.keys, app.urls.issuer(), self.parameters.clone());
        let Judgement::Good(request) = judged else { panic!("{judged:?}") };
        let code = async {
            let started = app.db.write(async |tx| browser::start(tx, &op, user, "pwd").await).await?;
            let (id, secret) = started.expect("the account can be used");
            let visitor = browser::visitor(&app.db, id, secret.expose()).await?;
            let Visitor::SignedIn(session) = visitor else { panic!("{visitor:?}") };
            let grant = authorize::start(&app.db, &op, &client, &request, None).await?;
            let approval = Approval { session: &session, secret: &secret, asked: true };
            authorize::fulfil(&app.db, &op, &app.policy.get(), &grant, approval).await
        };
        let fulfilled: Result<_, Error> = code.await;
        let fulfilled = fulfilled.expect("nothing fails");
        let Fulfilled::Code(code) = fulfilled else { panic!("{fulfilled:?}") };
        self.made(&code, request.return_to.redirect_uri.as_str())
    }

    fn made(&self, code: &str, redirect_uri: &str) -> Code {
        let verifier = self.parameters.contains_key("code_challenge").then(|| VERIFIER.to_owned());
        Code { code: code.to_owned(), redirect_uri: redirect_uri.to_owned(), verifier }
    }
}
