//! The steps that the OpenID Foundation's test plans for providers take, a file for each plan. `docs/conformance.md` says
//! which test stands for which of their modules, also where the test is elsewhere.

mod advertised;
mod basic;
mod config;
mod dynamic;
mod form_post;
mod logout;

use serde_json::{Value, json};
use testkit::{Answer, Browser, ClientKind, Code, PASSWORD, REDIRECT_URI, TestApp, TestClient, Tokens};

/// A relying party, and the browser of somebody who has an account.
struct Plan {
    app: TestApp,
    client: TestClient,
    browser: Browser,
}

impl Plan {
    async fn new(kind: ClientKind) -> Self {
        let app = TestApp::new().await;
        app.user_with_password("alice", PASSWORD).await;
        let (client, browser) = (app.client(kind).await, app.browser());
        Self { app, client, browser }
    }

    /// With a client that registers with these changes to what every client says.
    async fn registered(changes: Value) -> Self {
        let mut plan = Self::new(ClientKind::Basic).await;
        plan.register(changes).await;
        plan
    }

    /// Goes on with such a client.
    async fn register(&mut self, changes: Value) {
        let answer = register(&self.app, changes).await.ok().json();
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        self.client = self.app.client_as(ClientKind::Basic, &text("client_id"), &text("client_secret"));
    }

    /// Where the client sends the browser: `openid` only, no PKCE, and what is changed; an empty value takes away.
    fn path(&self, changes: &[(&str, &str)]) -> String {
        let begin = self.app.authorization(&self.client).with("scope", "openid");
        let begin = begin.without("code_challenge").without("code_challenge_method");
        let changed = changes.iter().fold(begin, |request, (name, value)| match *value {
            "" => request.without(name),
            value => request.with(name, value),
        });
        changed.path()
    }

    /// What the client is told once the person has signed in, if that is asked, and agreed.
    async fn answer(&mut self, changes: &[(&str, &str)]) -> Answer {
        let path = self.path(changes);
        self.through(&path).await
    }

    async fn through(&mut self, path: &str) -> Answer {
        let mut page = self.browser.get(path).await;
        if page.has_form("/login") {
            let typed = [("username", "alice"), ("password", PASSWORD)];
            page = self.browser.submit(&page, "/login", &typed).await;
        }
        if !page.has_form("/consent/") {
            return page;
        }
        self.browser.submit(&page, "/consent/", &[("action", "allow")]).await
    }

    /// The code of such an answer.
    async fn code(&mut self, changes: &[(&str, &str)]) -> Code {
        let answer = self.answer(changes).await;
        code_in(&answer, changes)
    }

    async fn tokens(&mut self, changes: &[(&str, &str)]) -> Tokens {
        let code = self.code(changes).await;
        self.client.exchange(&code).await.tokens()
    }

    /// What the ID token says, its signature checked.
    fn claims(&self, tokens: &Tokens) -> Value {
        let id_token = tokens.id_token.as_deref().expect("an ID token");
        self.app.parts().keys.verify(id_token).expect("it is signed by our key")
    }

    /// The error that the client is told instead. It has registered itself, so where nobody is signed in, the person sends
    /// the answer on.
    async fn error(&mut self, changes: &[(&str, &str)]) -> String {
        let answer = self.answer(changes).await;
        let told = if answer.status.is_redirection() { answer.parameters() } else { answer.handed_over() };
        assert_eq!(told.get("iss").map(String::as_str), Some("https://auth.example.com/"), "{told:?}");
        told.get("error").cloned().unwrap_or_else(|| panic!("no error: {told:?}"))
    }
}

fn code_in(answer: &Answer, changes: &[(&str, &str)]) -> Code {
    let told = answer.parameters();
    let code = told.get("code").unwrap_or_else(|| panic!("no code: {told:?}"));
    let redirect_uri =
        changes.iter().find(|(name, _)| *name == "redirect_uri").map_or(REDIRECT_URI, |uri| uri.1);
    Code { code: code.clone(), redirect_uri: redirect_uri.to_owned(), verifier: None }
}

async fn register(app: &TestApp, changes: Value) -> Answer {
    let mut document = json!({
        "client_name": "App",
        "client_uri": "https://app.example.org/",
        "redirect_uris": [REDIRECT_URI],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "client_secret_basic",
    });
    document.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    app.anonymous().post("/oauth2/registration").json(&document).await
}
