//! What comes after signing in or out. Always one of ours, never an address out of the request.

use edge::{Urls, form::Fields};
use kernel::id::{DeviceGrantId, GrantId};
use url::form_urlencoded;

use super::account::DeepLink;
use crate::view::Continuation;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Next<'a> {
    #[default]
    Index,
    /// Back to an app's request.
    Grant(GrantId),
    /// Back to a device that waits to be let in.
    Device(DeviceGrantId),
    /// To the account pages, perhaps to do something there.
    Account(DeepLink<'a>),
}

impl<'a> Next<'a> {
    /// From the query or the hidden fields of a form; what is unknown or malformed counts as absent.
    pub fn read(fields: &'a Fields) -> Self {
        match (fields.get("kind"), fields.get("id")) {
            (Some("continue_authorization_grant"), Some(id)) => id.parse().map_or(Self::Index, Self::Grant),
            (Some("continue_device_code_grant"), Some(id)) => id.parse().map_or(Self::Index, Self::Device),
            (Some("manage_account"), _) => Self::Account(DeepLink::read(fields)),
            _ => Self::Index,
        }
    }

    /// As parameters, to be read again later.
    pub fn parameters(self) -> Vec<(String, String)> {
        match self {
            Self::Index => Vec::new(),
            Self::Grant(id) => {
                vec![("kind".into(), "continue_authorization_grant".into()), ("id".into(), id.to_string())]
            }
            Self::Device(id) => {
                vec![("kind".into(), "continue_device_code_grant".into()), ("id".into(), id.to_string())]
            }
            Self::Account(link) => {
                let kind = ("kind".to_owned(), "manage_account".to_owned());
                std::iter::once(kind).chain(link.parameters()).collect()
            }
        }
    }

    /// The request that is gone back to, if it is one.
    pub fn grant(self) -> Option<GrantId> {
        match self {
            Self::Grant(id) => Some(id),
            Self::Index | Self::Device(_) | Self::Account(_) => None,
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
            Self::Account(link) => link.address(urls),
        }
    }
}
