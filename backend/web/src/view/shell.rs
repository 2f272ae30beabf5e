//! What every page has around it: where one is, the way out, the small print.

use kernel::Result;
use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{Account, Locale};
use crate::assets::PageAssets;

/// What the operator may set under `branding`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Branding {
    /// Shown instead of the homeserver's name as the place where one is.
    pub service_name: Option<String>,
    pub policy_uri: Option<String>,
    pub tos_uri: Option<String>,
    /// One line of plain text.
    pub imprint: Option<String>,
    /// Turns the accent, in degrees of OKLCH hue; contrast does not depend on it.
    pub accent_hue: Option<u16>,
}

/// The same for every page of a running service; built once.
#[derive(Clone, Debug, Serialize)]
pub struct Site {
    /// The path of `http.public_base` without its trailing slash: empty, or like `/auth`.
    pub prefix: String,
    /// The Matrix server name, `example.org`.
    pub homeserver: String,
    /// What people call the place.
    pub name: String,
    pub branding: Branding,
    pub assets: PageAssets,
}

impl Site {
    pub fn new(prefix: &str, homeserver: &str, branding: Branding) -> Result<Self> {
        let prefix = prefix.trim_end_matches('/').to_owned();
        let name = branding.service_name.clone().unwrap_or_else(|| homeserver.to_owned());
        let assets = PageAssets::load(&prefix)?;
        Ok(Self { prefix, homeserver: homeserver.to_owned(), name, branding, assets })
    }
}

/// What belongs to one answer.
#[derive(Clone, Debug)]
pub struct Shell<'a> {
    pub site: &'a Site,
    pub locale: Locale,
    /// `light` or `dark`, if somebody has chosen.
    pub theme: Option<&'static str>,
    /// The nonce in this response's Content-Security-Policy.
    pub nonce: &'a str,
    /// The value of every form's hidden field `csrf`.
    pub csrf: &'a str,
    /// Who is signed in in this browser.
    pub viewer: Option<Account>,
}

impl Serialize for Shell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shell = serializer.serialize_struct("Shell", 7)?;
        shell.serialize_field("site", self.site)?;
        shell.serialize_field("lang", &self.locale)?;
        shell.serialize_field("dir", self.locale.direction())?;
        shell.serialize_field("theme", &self.theme)?;
        shell.serialize_field("nonce", self.nonce)?;
        shell.serialize_field("csrf", self.csrf)?;
        shell.serialize_field("viewer", &self.viewer)?;
        shell.end()
    }
}
