//! `matrix`: the homeserver.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Problems, Section, Source, values::redacted};
use crate::Secret;

/// The homeserver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MatrixConfig {
    /// How to talk to the homeserver.
    #[serde(default)]
    pub kind: HomeserverKind,

    /// The Matrix server name: the right side of user ids.
    #[serde(default = "homeserver")]
    pub homeserver: String,

    /// The secret shared with the homeserver. This or `secret_file` is required, unless `kind` is `none`.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub secret: Option<Secret<String>>,

    /// A file with the secret shared with the homeserver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_file: Option<PathBuf>,

    /// The secret that was shared before: the homeserver may still use it to introspect tokens, so that the secret can
    /// be changed on one side after the other. It is never sent (ours, not in MAS).
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub former_secret: Option<Secret<String>>,

    /// A file with the secret that was shared before (ours, not in MAS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_secret_file: Option<PathBuf>,

    /// The address at which the service reaches the homeserver.
    #[serde(default = "endpoint")]
    pub endpoint: Url,

    /// Where apps that use the older sign-in through the browser may have people sent (ours, not in MAS): web addresses,
    /// each with all that lies below it (`https://app.example.com/`), and schemes of apps (`com.example.app:`). Without
    /// this, anywhere but to schemes that run or open something in the browser itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sso_redirect_allow_list: Option<Vec<Url>>,
}

impl MatrixConfig {
    pub fn secret(&self) -> Option<Source<'_>> {
        Source::of(&self.secret, &self.secret_file)
    }

    pub fn former_secret(&self) -> Option<Source<'_>> {
        Source::of(&self.former_secret, &self.former_secret_file)
    }
}

impl Section for MatrixConfig {
    const NAME: &'static str = "matrix";

    fn absent() -> Option<Self> {
        None
    }

    fn validate(&self, problems: &mut Problems) {
        let (inline, file) = (("secret", &self.secret), ("secret_file", &self.secret_file));
        match self.kind {
            HomeserverKind::None => problems.at_most_one(inline, file),
            _ => problems.exactly_one(inline, file),
        }
        let former = ("former_secret_file", &self.former_secret_file);
        problems.at_most_one(("former_secret", &self.former_secret), former);
        problems.web_address("endpoint", &self.endpoint);
        if self.homeserver.is_empty() || self.homeserver.contains(['/', '@', ' ']) {
            problems.error_at("homeserver", "is no server name: give a name such as example.com");
        }
    }
}

/// How to talk to the homeserver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HomeserverKind {
    /// Synapse 1.136 or newer, by its interface for authentication services.
    #[default]
    Synapse,
    /// The same as `synapse`.
    SynapseModern,
    /// Synapse before 1.157 with `experimental_features.msc3861`, by its admin interface; the secret is that block's
    /// `admin_token`.
    SynapseLegacy,
    /// Like `synapse`, but nothing is changed on the homeserver: for trial migrations.
    SynapseReadOnly,
    /// Run without a homeserver (ours, not in MAS).
    None,
}

fn homeserver() -> String {
    "localhost:8008".to_owned()
}

fn endpoint() -> Url {
    Url::parse("http://localhost:8008/").expect("a valid URL")
}
