//! `clients`: OAuth 2.0 clients that the operator vouches for.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    Problems, Section, Source, problem::repeated, values::redacted, values::ulid_schema, values::yes,
};
use crate::{Secret, id::ClientId};

/// OAuth 2.0 clients that the operator vouches for, besides those that register themselves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ClientsConfig(pub Vec<ClientConfig>);

impl Section for ClientsConfig {
    const NAME: &'static str = "clients";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn validate(&self, problems: &mut Problems) {
        for (index, client) in self.0.iter().enumerate() {
            problems.at(index, |problems| client.validate(problems));
        }
        let ids: Vec<ClientId> = self.0.iter().map(|client| client.client_id).collect();
        for (first, again) in repeated(&ids) {
            problems.at(again, |problems| {
                problems.warning(format!("has the client_id of clients.{first}; the later one is used"));
            });
        }
    }
}

/// An OAuth 2.0 client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientConfig {
    /// A ULID: 26 digits and letters without I, L, O and U.
    #[schemars(schema_with = "ulid_schema")]
    pub client_id: ClientId,

    /// How the client proves who it is.
    pub client_auth_method: ClientAuthMethod,

    /// The name that people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,

    /// The client's home page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<Url>,

    /// The secret of the `client_secret_*` methods.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub client_secret: Option<Secret<String>>,

    /// A file with the secret of the `client_secret_*` methods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret_file: Option<PathBuf>,

    /// The public keys of `private_key_jwt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<PublicKeys>,

    /// Where the public keys of `private_key_jwt` are found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<Url>,

    /// Where the client may be sent back to.
    #[serde(default)]
    pub redirect_uris: Vec<Url>,

    /// Where the client may send people after it has signed them out (OpenID Connect RP-Initiated Logout).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub post_logout_redirect_uris: Vec<Url>,

    /// Whether people are not asked if they allow this client to use their account: for applications of your own.
    /// They still sign in, and they are asked when the client wants to administer the server, and when it is an app
    /// on a device (a redirect URI that is not https).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skip_consent: bool,

    /// Whether the client may introspect every token, as resource servers have to (a homeserver in the set-up of MSC3861
    /// among them). With `false` it learns of its own tokens only, as clients do that registered themselves (ours, not in
    /// MAS). Public clients may not introspect at all.
    #[serde(default = "yes")]
    pub resource_server: bool,
}

impl ClientConfig {
    pub fn secret(&self) -> Option<Source<'_>> {
        Source::of(&self.client_secret, &self.client_secret_file)
    }

    fn validate(&self, problems: &mut Problems) {
        use ClientAuthMethod::{ClientSecretBasic, ClientSecretJwt, ClientSecretPost, None, PrivateKeyJwt};
        let (secret, secret_file) =
            (("client_secret", &self.client_secret), ("client_secret_file", &self.client_secret_file));
        let (jwks, jwks_uri) = (("jwks", &self.jwks), ("jwks_uri", &self.jwks_uri));
        match self.client_auth_method {
            None => {
                let reason = "client_auth_method `none`";
                problems.forbidden(secret, reason);
                problems.forbidden(secret_file, reason);
                problems.forbidden(jwks, reason);
                problems.forbidden(jwks_uri, reason);
            }
            ClientSecretBasic | ClientSecretPost | ClientSecretJwt => {
                let reason = "a client that has a secret";
                problems.exactly_one(secret, secret_file);
                problems.forbidden(jwks, reason);
                problems.forbidden(jwks_uri, reason);
            }
            PrivateKeyJwt => {
                let reason = "client_auth_method `private_key_jwt`";
                problems.forbidden(secret, reason);
                problems.forbidden(secret_file, reason);
                problems.exactly_one(jwks, jwks_uri);
            }
        }
        if let Some(keys) = &self.jwks {
            problems.at("jwks", |problems| keys.validate(problems));
        }
    }
}

/// How a client proves who it is (OpenID Connect Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthMethod {
    None,
    ClientSecretBasic,
    ClientSecretPost,
    ClientSecretJwt,
    PrivateKeyJwt,
}

/// A JWK set (RFC 7517) of public keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PublicKeys {
    /// The keys.
    pub keys: Vec<serde_json::Map<String, serde_json::Value>>,
}

impl PublicKeys {
    fn validate(&self, problems: &mut Problems) {
        problems.each("keys", &self.keys, |key, problems| {
            if !key.get("kty").is_some_and(serde_json::Value::is_string) {
                problems.error("is no JWK: `kty` is missing");
            }
            if ["d", "k", "p", "q"].iter().any(|private| key.contains_key(*private)) {
                problems.error("holds a private key: give its public part only");
            }
        });
    }
}
