//! `templates`: pages of your own in place of the built-in ones.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Section;

/// Pages of your own in place of the built-in ones, which need no files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TemplatesConfig {
    /// A folder of templates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,

    /// The list of asset files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assets_manifest: Option<PathBuf>,

    /// A folder of translations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translations_path: Option<PathBuf>,
}

impl Section for TemplatesConfig {
    const NAME: &'static str = "templates";

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}
