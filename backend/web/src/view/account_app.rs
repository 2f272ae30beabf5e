//! The document that the account app fills.

use serde::Serialize;

use super::Page;
use crate::assets::AppAssets;

/// `GET /account/…`. What the app needs to know stands at its element; everything else it asks the account API.
#[derive(Clone, Debug, Serialize)]
pub struct AccountApp {
    /// The path below which its screens lie, with a slash at both ends.
    pub root: String,
    pub graphql_endpoint: String,
    pub assets: AppAssets,
}

impl Page for AccountApp {
    const TEMPLATE: &'static str = "account-app.html";
}
