//! `upstream_oauth2`: identity providers that people may sign in with.

use std::{collections::BTreeMap, path::PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    ClaimsImports, Problems, Section, Source, problem::repeated, values::redacted, values::ulid_schema,
    values::yes,
};
use crate::{Secret, id::UpstreamProviderId};

/// Identity providers that people may sign in with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpstreamConfig {
    /// The providers, in the order in which they are shown.
    pub providers: Vec<UpstreamProvider>,
}

impl Section for UpstreamConfig {
    const NAME: &'static str = "upstream_oauth2";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn validate(&self, problems: &mut Problems) {
        problems.each("providers", &self.providers, UpstreamProvider::validate);
        let ids: Vec<UpstreamProviderId> = self.providers.iter().map(|provider| provider.id).collect();
        for (first, again) in repeated(&ids) {
            problems.at(format!("providers.{again}"), |problems| {
                problems.warning(format!(
                    "has the id of upstream_oauth2.providers.{first}; the later one is used"
                ));
            });
        }
    }
}

/// An identity provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpstreamProvider {
    /// A ULID of your choice that never changes.
    #[schemars(schema_with = "ulid_schema")]
    pub id: UpstreamProviderId,

    /// Whether people may sign in with it.
    #[serde(default = "yes")]
    pub enabled: bool,

    /// The provider's id in Synapse's configuration, for migrating from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synapse_idp_id: Option<String>,

    /// The provider's issuer. Required unless `discovery_mode` is `disabled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,

    /// The name that people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub human_name: Option<String>,

    /// Which logo is shown: `apple`, `facebook`, `github`, `gitlab`, `google`, `twitter`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand_name: Option<String>,

    /// Our client id at the provider.
    pub client_id: String,

    /// Our secret at the provider.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub client_secret: Option<Secret<String>>,

    /// A file with our secret at the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret_file: Option<PathBuf>,

    /// How we prove to the provider who we are.
    pub token_endpoint_auth_method: UpstreamAuthMethod,

    /// The keys of `sign_in_with_apple`. Required with that method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in_with_apple: Option<AppleConfig>,

    /// What signs our assertion. Required with `client_secret_jwt` and `private_key_jwt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg: Option<SigningAlg>,

    /// What signs the provider's ID tokens.
    #[serde(default = "rs256")]
    pub id_token_signed_response_alg: SigningAlg,

    /// The scopes that are asked for, separated by spaces.
    #[serde(default = "openid")]
    pub scope: String,

    /// How the provider's endpoints are found.
    #[serde(default)]
    pub discovery_mode: DiscoveryMode,

    /// Whether the code exchange is protected by PKCE.
    #[serde(default)]
    pub pkce_method: PkceMethod,

    /// Whether claims are also taken from the userinfo endpoint.
    #[serde(default)]
    pub fetch_userinfo: bool,

    /// What signs the userinfo answer, where it is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<SigningAlg>,

    /// Takes the place of what discovery says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization_endpoint: Option<Url>,

    /// Takes the place of what discovery says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo_endpoint: Option<Url>,

    /// Takes the place of what discovery says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<Url>,

    /// Takes the place of what discovery says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<Url>,

    /// How the provider sends the answer back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_mode: Option<ResponseMode>,

    /// What becomes of the claims that the provider makes.
    #[serde(default)]
    pub claims_imports: ClaimsImports,

    /// More parameters of the authorization request; the values are templates over `params`.
    #[serde(default)]
    pub additional_authorization_parameters: BTreeMap<String, String>,

    /// Deprecated: passes `login_hint` on. Use `additional_authorization_parameters`.
    #[serde(default)]
    pub forward_login_hint: bool,

    /// What happens when the provider says that a person signed out there.
    #[serde(default)]
    pub on_backchannel_logout: BackchannelLogout,

    /// Whether registering by this provider takes a registration token.
    #[serde(default)]
    pub registration_token_required: bool,
}

impl UpstreamProvider {
    pub fn secret(&self) -> Option<Source<'_>> {
        Source::of(&self.client_secret, &self.client_secret_file)
    }

    fn validate(&self, problems: &mut Problems) {
        if self.discovery_mode != DiscoveryMode::Disabled && self.issuer.is_none() {
            problems.error_at("issuer", "is required unless `discovery_mode` is `disabled`");
        }
        self.check_credentials(problems);
        problems.at("claims_imports", |problems| self.claims_imports.validate(problems));
        if self.forward_login_hint {
            problems.at("forward_login_hint", |problems| {
                problems.warning(
                    "is deprecated: use additional_authorization_parameters with \
                     login_hint: \"{{ params.login_hint }}\"",
                );
            });
        }
    }

    fn check_credentials(&self, problems: &mut Problems) {
        use UpstreamAuthMethod::{ClientSecretJwt, None, PrivateKeyJwt, SignInWithApple};
        let method = self.token_endpoint_auth_method;
        let secret = ("client_secret", &self.client_secret);
        let secret_file = ("client_secret_file", &self.client_secret_file);
        if matches!(method, None | PrivateKeyJwt | SignInWithApple) {
            problems.forbidden(secret, "this token_endpoint_auth_method");
            problems.forbidden(secret_file, "this token_endpoint_auth_method");
        } else {
            problems.exactly_one(secret, secret_file);
        }
        let alg = ("token_endpoint_auth_signing_alg", &self.token_endpoint_auth_signing_alg);
        if matches!(method, ClientSecretJwt | PrivateKeyJwt) {
            problems.required(alg, "this token_endpoint_auth_method");
        } else {
            problems.forbidden(alg, "this token_endpoint_auth_method");
        }
        let apple = ("sign_in_with_apple", &self.sign_in_with_apple);
        if method == SignInWithApple {
            problems.required(apple, "this token_endpoint_auth_method");
        } else {
            problems.forbidden(apple, "this token_endpoint_auth_method");
        }
        if let (SignInWithApple, Some(apple)) = (method, &self.sign_in_with_apple)
            && apple.private_key().is_none()
        {
            problems.error_at("sign_in_with_apple", "give `private_key` or `private_key_file`");
        }
    }
}

/// The keys of Sign in with Apple.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AppleConfig {
    /// The private key in PEM; goes before `private_key_file`.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub private_key: Option<Secret<String>>,

    /// A file with the private key in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_key_file: Option<PathBuf>,

    /// The Apple team.
    pub team_id: String,

    /// The name of the key at Apple.
    pub key_id: String,
}

impl AppleConfig {
    pub fn private_key(&self) -> Option<Source<'_>> {
        Source::of(&self.private_key, &self.private_key_file)
    }
}

/// How we prove to a provider who we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UpstreamAuthMethod {
    None,
    ClientSecretBasic,
    ClientSecretPost,
    ClientSecretJwt,
    PrivateKeyJwt,
    SignInWithApple,
}

/// A signature algorithm of JOSE (RFC 7518 §3.1, RFC 8037, RFC 8812, RFC 9864).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SigningAlg {
    HS256,
    HS384,
    HS512,
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    ES512,
    ES256K,
    EdDSA,
    Ed25519,
}

/// How the provider's endpoints are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DiscoveryMode {
    /// By OpenID Connect Discovery, checked.
    #[default]
    Oidc,
    /// By OpenID Connect Discovery, unchecked.
    Insecure,
    /// From this file only.
    Disabled,
}

/// Whether the code exchange is protected by PKCE.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PkceMethod {
    /// If the provider says that it can.
    #[default]
    Auto,
    Always,
    Never,
}

/// How the provider sends the answer back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    Query,
    FormPost,
}

/// What happens when the provider says that a person signed out there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BackchannelLogout {
    #[default]
    DoNothing,
    /// The browser session ends.
    LogoutBrowserOnly,
    /// The browser session ends, and all sessions that were started from it.
    LogoutAll,
}

const fn rs256() -> SigningAlg {
    SigningAlg::RS256
}

fn openid() -> String {
    "openid".to_owned()
}
