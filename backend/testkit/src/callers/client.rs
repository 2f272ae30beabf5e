//! An OAuth client, registered or configured.

use super::{Answer, Caller, Credentials, Tokens};
use crate::REDIRECT_URI;

/// A client that knows how to talk to the endpoints.
#[derive(Clone, Debug)]
pub struct TestClient {
    pub id: String,
    pub caller: Caller,
}

/// An authorization code and what goes with it to the token endpoint.
#[derive(Clone, Debug)]
pub struct Code {
    pub code: String,
    pub redirect_uri: String,
    pub verifier: Option<String>,
}

impl TestClient {
    pub async fn exchange(&self, code: &Code) -> Answer {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code.code.as_str()),
            ("redirect_uri", code.redirect_uri.as_str()),
        ];
        fields.extend(code.verifier.as_deref().map(|verifier| ("code_verifier", verifier)));
        self.token(fields).await
    }

    /// Asks for a device code.
    pub async fn ask_for_codes(&self, scope: &str) -> Answer {
        self.caller.post("/oauth2/device").form([("scope", scope)]).await
    }

    /// Asks whether the person has agreed.
    pub async fn poll(&self, device_code: &str) -> Answer {
        self.token([("grant_type", crate::DEVICE_CODE), ("device_code", device_code)]).await
    }

    pub async fn refresh(&self, tokens: &Tokens) -> Answer {
        self.token([("grant_type", "refresh_token"), ("refresh_token", tokens.refresh_token.as_str())]).await
    }

    /// The token endpoint, with any form.
    pub async fn token<'a>(&self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Answer {
        self.caller.post("/oauth2/token").form(fields).await
    }

    pub async fn revoke(&self, token: &str) -> Answer {
        self.caller.post("/oauth2/revoke").form([("token", token)]).await
    }

    pub async fn introspect(&self, token: &str) -> Answer {
        self.caller.post("/oauth2/introspect").form([("token", token)]).await
    }

    pub async fn userinfo(&self, tokens: &Tokens) -> Answer {
        self.caller.with(Credentials::Bearer(tokens.access_token.clone())).get("/oauth2/userinfo").await
    }
}

impl Code {
    /// One that was never issued.
    pub fn unknown() -> Self {
        Self { code: "x".repeat(32), redirect_uri: REDIRECT_URI.into(), verifier: None }
    }
}
