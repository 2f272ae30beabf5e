//! Asking whether an app may use the account, in three answers: who asks, what it will be able to do, where it
//! goes next.

use serde::Serialize;
use url::Url;

use super::{
    Account, App, Continuation, Page,
    who::{authority, is_loopback, is_web},
};

/// `GET /consent/{id}`. The form posts `action` = `allow` or `cancel` to the same address.
#[derive(Clone, Debug, Serialize)]
pub struct Consent {
    /// The grant's id.
    pub id: String,
    pub app: App,
    pub account: Account,
    pub permissions: Vec<Permission>,
    pub next: Destination,
    /// Brings back here after signing in with another account.
    pub keep: Continuation,
}

impl Page for Consent {
    const TEMPLATE: &'static str = "consent.html";
}

/// `GET /complete-compat-sso/{id}`: an app that uses the older sign-in, of which only is known where it is. The form posts
/// to the same address; there is nothing to tell the app if the person refuses.
#[derive(Clone, Debug, Serialize)]
pub struct CompatSso {
    /// The login's id.
    pub id: String,
    /// By its host or its scheme.
    pub app: App,
    pub account: Account,
    pub next: Destination,
    /// Brings back here after signing in with another account.
    pub keep: Continuation,
}

impl Page for CompatSso {
    const TEMPLATE: &'static str = "compat-sso.html";
}

/// What a scope lets an app do, in words that people use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Permission {
    /// `urn:synapse:admin:*`
    SynapseAdmin,
    /// `urn:mas:admin`, or a part of it
    AccountsAdmin,
    /// `openid`
    Identity,
    /// `urn:matrix:client:api:*`, or as MSC2967 had it.
    Messages,
    /// `urn:matrix:client:device:<id>`, or as MSC2967 had it.
    Device { device_id: String },
    /// `profile`
    Profile,
    /// `email`
    Email,
    /// `urn:mas:graphql:*`
    Account,
    /// A scope that this service has no words for.
    Other { scope: String },
}

impl Permission {
    /// One per thing that can be done, powers over the whole server first.
    pub fn of_scope<'s>(scope: impl IntoIterator<Item = &'s str>) -> Vec<Self> {
        let mut permissions: Vec<Self> = scope.into_iter().map(Self::of_token).collect();
        permissions.sort();
        permissions.dedup();
        permissions
    }

    fn of_token(token: &str) -> Self {
        // MSC2967 spelt the same scopes with a prefix of its own; both are in use.
        let matrix = ["urn:matrix:client:", "urn:matrix:org.matrix.msc2967.client:"]
            .iter()
            .find_map(|prefix| token.strip_prefix(prefix));
        match (matrix, token) {
            (Some("api:*"), _) => Self::Messages,
            (Some(rest), _) if rest.starts_with("device:") => {
                Self::Device { device_id: rest["device:".len()..].to_owned() }
            }
            (_, "openid") => Self::Identity,
            (_, "profile") => Self::Profile,
            (_, "email") => Self::Email,
            (_, "urn:mas:graphql:*") => Self::Account,
            (_, "urn:synapse:admin:*") => Self::SynapseAdmin,
            (_, admin) if kernel::scope::is_admin(admin) => Self::AccountsAdmin,
            (_, other) => Self::Other { scope: other.to_owned() },
        }
    }
}

/// Where the browser is sent afterwards, told from the redirect URI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Destination {
    /// Exactly this host.
    Site { host: String },
    /// A program on this very computer (RFC 8252 §7.3).
    ThisDevice { host: String },
    /// Whatever app has claimed the scheme (RFC 8252 §7.1).
    AppScheme { scheme: String },
}

impl Destination {
    pub fn of(redirect_uri: &Url) -> Self {
        match authority(redirect_uri).filter(|_| is_web(redirect_uri)) {
            Some(host) if is_loopback(redirect_uri) => Self::ThisDevice { host },
            Some(host) => Self::Site { host },
            None => Self::AppScheme { scheme: redirect_uri.scheme().to_owned() },
        }
    }
}

/// The account that is signed in may not be the one that the app wants. The forms post to `/consent/{id}`.
#[derive(Clone, Debug, Serialize)]
pub struct ChooseAccount {
    /// The grant's id.
    pub id: String,
    pub app: App,
    pub account: Account,
    /// Whom the app expects, as its `login_hint` has it.
    pub expected: Option<String>,
    /// This account will not do: the app has named another one.
    pub only_another: bool,
    /// The app has sent somebody who wants a new account.
    pub create: bool,
    /// Brings back here after signing in with another account.
    pub keep: Continuation,
}

impl Page for ChooseAccount {
    const TEMPLATE: &'static str = "choose-account.html";
}

/// The policy does not let the app in, whatever the person says.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// Absent where a Matrix client uses the older sign-in.
    pub app: Option<App>,
    pub account: Account,
    /// The grant that may be cancelled, so that the app hears of it.
    pub grant_id: Option<String>,
    /// How many devices must be signed out first, if only their number is in the way.
    pub need_to_remove: Option<u32>,
    pub keep: Continuation,
}

impl Page for Refusal {
    const TEMPLATE: &'static str = "refusal.html";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one_permission() {
        let scope = "urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:client:api:* openid \
                     urn:matrix:client:device:ABCDEFGHIJ urn:matrix:org.matrix.msc2967.client:device:ABCDEFGHIJ";
        assert_eq!(
            Permission::of_scope(scope.split_whitespace()),
            [
                Permission::Identity,
                Permission::Messages,
                Permission::Device { device_id: "ABCDEFGHIJ".to_owned() }
            ]
        );
    }

    #[test]
    fn power_over_the_server_comes_first() {
        assert_eq!(
            Permission::of_scope(["urn:x", "openid", "urn:mas:admin", "urn:synapse:admin:*"]),
            [
                Permission::SynapseAdmin,
                Permission::AccountsAdmin,
                Permission::Identity,
                Permission::Other { scope: "urn:x".to_owned() }
            ]
        );
    }

    #[test]
    fn the_destination_is_told_exactly() {
        let of = |uri: &str| Destination::of(&uri.parse().unwrap());
        assert_eq!(of("https://app.element.io/?x=1"), Destination::Site { host: "app.element.io".into() });
        assert_eq!(
            of("https://app.element.io:8443/"),
            Destination::Site { host: "app.element.io:8443".into() }
        );
        assert_eq!(of("http://127.0.0.1:4000/cb"), Destination::ThisDevice { host: "127.0.0.1:4000".into() });
        assert_eq!(of("http://[::1]/cb"), Destination::ThisDevice { host: "[::1]".into() });
        assert_eq!(
            of("http://127.0.0.1.evil.example/"),
            Destination::Site { host: "127.0.0.1.evil.example".into() }
        );
        assert_eq!(of("io.element:/callback"), Destination::AppScheme { scheme: "io.element".into() });
        assert_eq!(
            of("io.element://app.element.io/"),
            Destination::AppScheme { scheme: "io.element".into() }
        );
        assert_eq!(of("io.element://localhost/"), Destination::AppScheme { scheme: "io.element".into() });
    }
}
