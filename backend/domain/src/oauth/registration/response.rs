//! The answer to a registration (RFC 7591 §3.2.1).

use kernel::{Secret, Timestamp, id::ClientId};
use serde::Serialize;

use super::ClientMetadata;

/// What the client is told: its identity, and those of its metadata that the service keeps to.
#[derive(Debug, Serialize)]
pub struct Registration {
    client_id: ClientId,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "reveal")]
    client_secret: Option<Secret<String>>,
    client_id_issued_at: i64,
    /// Required with a secret; 0 means never.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<i64>,
    #[serde(flatten)]
    metadata: ClientMetadata,
}

/// This answer is the one place where the client learns its secret.
fn reveal<S: serde::Serializer>(secret: &Option<Secret<String>>, to: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::expose).serialize(to)
}

impl ClientMetadata {
    /// The body of the `201`, for a new client and for one that was found by its digest.
    pub fn response(
        &self,
        id: ClientId,
        issued_at: Timestamp,
        secret: Option<Secret<String>>,
    ) -> Registration {
        Registration {
            client_id: id,
            client_secret_expires_at: secret.as_ref().map(|_| 0),
            client_secret: secret,
            client_id_issued_at: issued_at.as_secs(),
            metadata: self.registered(),
        }
    }

    /// The metadata in force: defaults filled in, and only what the service acts upon.
    fn registered(&self) -> Self {
        Self {
            redirect_uris: Some(self.redirect_uris.clone().unwrap_or_default()),
            grant_types: Some(self.granted()),
            application_type: self.application_type.clone(),
            jwks_uri: self.jwks_uri.clone(),
            jwks: self.jwks.clone(),
            token_endpoint_auth_method: Some(self.auth_method().clone()),
            token_endpoint_auth_signing_alg: self.token_endpoint_auth_signing_alg.clone(),
            id_token_signed_response_alg: self.id_token_signed_response_alg.clone(),
            userinfo_signed_response_alg: self.userinfo_signed_response_alg.clone(),
            default_max_age: self.default_max_age,
            default_acr_values: self.default_acr_values.clone(),
            initiate_login_uri: self.initiate_login_uri.clone(),
            post_logout_redirect_uris: self.post_logout_redirect_uris.clone(),
            client_name: self.client_name.clone(),
            logo_uri: self.logo_uri.clone(),
            client_uri: self.client_uri.clone(),
            policy_uri: self.policy_uri.clone(),
            tos_uri: self.tos_uri.clone(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::parse;
    use super::*;

    fn answer(metadata: serde_json::Value, secret: Option<&str>) -> String {
        let id: ClientId = "01K2F2DKG0M9S346Q3D25VT4F5".parse().unwrap();
        let metadata = parse(metadata.to_string().as_bytes()).unwrap();
        let secret = secret.map(|secret| Secret::new(secret.to_owned()));
        serde_json::to_string(&metadata.response(id, Timestamp::from_secs(1_755_000_000), secret)).unwrap()
    }

    #[test]
    fn a_public_client_gets_its_id_and_its_metadata() {
        let body = answer(
            json!({
                "client_uri": "https://example.com", "client_name": "Example", "client_name#fr": "Exemple",
                "grant_types": ["refresh_token", "implicit", "authorization_code", "x:y"],
                "response_types": ["code"], "contacts": ["a@example.com"], "scope": "openid",
                "application_type": "web", "token_endpoint_auth_method": "none",
                "redirect_uris": ["https://app.example.com/cb"],
            }),
            None,
        );
        assert_eq!(
            body,
            concat!(
                r#"{"client_id":"01K2F2DKG0M9S346Q3D25VT4F5","client_id_issued_at":1755000000,"#,
                r#""redirect_uris":["https://app.example.com/cb"],"#,
                r#""grant_types":["authorization_code","refresh_token"],"application_type":"web","#,
                r#""token_endpoint_auth_method":"none","client_name":"Example","client_name#fr":"Exemple","#,
                r#""client_uri":"https://example.com/"}"#
            )
        );
    }

    #[test]
    fn a_confidential_client_gets_its_secret_and_its_method() {
        let body = answer(json!({"grant_types": ["client_credentials"]}), Some("s3cret"));
        assert_eq!(
            body,
            concat!(
                r#"{"client_id":"01K2F2DKG0M9S346Q3D25VT4F5","client_secret":"s3cret","#,
                r#""client_id_issued_at":1755000000,"client_secret_expires_at":0,"redirect_uris":[],"#,
                r#""grant_types":["client_credentials"],"token_endpoint_auth_method":"client_secret_basic"}"#
            )
        );
    }
}
