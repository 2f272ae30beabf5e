//! What comes after signing in or out. Always one of ours, never an address out of the request.

use edge::{Urls, form::Fields};
use kernel::id::{CompatSsoLoginId, DeviceGrantId, GrantId};
use url::form_urlencoded;

use super::{account::DeepLink, account_app::AppPath};
use crate::view::Continuation;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Next<'a> {
    #[default]
    Index,
    /// Back to an app's request.
    Grant(GrantId),
    /// Back to a device that waits to be let in.
    Device(DeviceGrantId),
    /// Back to an app that uses the older sign-in.
    CompatSso(CompatSsoLoginId),
    /// To the account pages, perhaps to do something there.
    Account(DeepLink<'a>),
    /// To the very page of the account app that was asked for.
    AccountPage(AppPath<'a>),
}

impl<'a> Next<'a> {
    /// From the query or the hidden fields of a form; what is unknown or malformed counts as absent.
    pub fn read(fields: &'a Fields) -> Self {
        match (fields.get("kind"), fields.get("id")) {
            (Some("continue_authorization_grant"), Some(id)) => id.parse().map_or(Self::Index, Self::Grant),
            (Some("continue_device_code_grant"), Some(id)) => id.parse().map_or(Self::Index, Self::Device),
            (Some("continue_compat_sso_login"), Some(id)) => id.parse().map_or(Self::Index, Self::CompatSso),
            (Some("manage_account"), _) => match fields.get("path").and_then(AppPath::parse) {
                Some(path) => Self::AccountPage(path),
                None => Self::Account(DeepLink::read(fields)),
            },
            _ => Self::Index,
        }
    }

    /// As parameters, to be read again later.
    pub fn parameters(self) -> Vec<(String, String)> {
        let (kind, rest) = match self {
            Self::Index => return Vec::new(),
            Self::Grant(id) => ("continue_authorization_grant", vec![("id".into(), id.to_string())]),
            Self::Device(id) => ("continue_device_code_grant", vec![("id".into(), id.to_string())]),
            Self::CompatSso(id) => ("continue_compat_sso_login", vec![("id".into(), id.to_string())]),
            Self::Account(link) => ("manage_account", link.parameters()),
            Self::AccountPage(path) => ("manage_account", vec![("path".into(), path.as_str().to_owned())]),
        };
        std::iter::once(("kind".into(), kind.into())).chain(rest).collect()
    }

    /// The request that is gone back to, if it is one.
    pub fn grant(self) -> Option<GrantId> {
        match self {
            Self::Grant(id) => Some(id),
            Self::Index | Self::Device(_) | Self::CompatSso(_) | Self::Account(_) | Self::AccountPage(_) => {
                None
            }
        }
    }

    pub fn continuation(self) -> Continuation {
        Continuation(self.parameters())
    }

    /// A route with these parameters in its query.
    pub fn carried_by(self, urls: &Urls, route: &str) -> String {
        let parameters = self.parameters();
        if parameters.is_empty() {
            return urls.path(route);
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        format!("{}?{query}", urls.path(route))
    }

    /// Where it leads.
    pub fn destination(self, urls: &Urls) -> String {
        match self {
            Self::Index => urls.path("/"),
            Self::Grant(id) => urls.path(&format!("/consent/{id}")),
            Self::Device(id) => urls.path(&format!("/device/{id}")),
            Self::CompatSso(id) => urls.path(&format!("/complete-compat-sso/{id}")),
            Self::Account(link) => link.address(urls),
            Self::AccountPage(path) => urls.path(&format!("/account/{}", path.as_str())),
        }
    }
}
