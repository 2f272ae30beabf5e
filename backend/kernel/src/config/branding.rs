//! `branding`: names and links on the pages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Section;

/// Names and links on the pages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BrandingConfig {
    /// The name of the service on its pages; the server name by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,

    /// The privacy policy: a link on pages and in mail, and in the discovery document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<Url>,

    /// The terms of service: a link on pages, in the discovery document, and to be accepted at registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<Url>,

    /// A line at the foot of the pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imprint: Option<String>,
}

impl Section for BrandingConfig {
    const NAME: &'static str = "branding";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}
