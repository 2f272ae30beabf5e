//! Cookies, encrypted and authenticated as MAS does it, so that people stay signed in across a swap. A cookie that
//! cannot be read counts as absent.

use cookie::{Cookie, CookieJar, Key, SameSite, time};
use http::{HeaderMap, HeaderValue, header};
use kernel::seal::Vault;
use serde::{Serialize, de::DeserializeOwned};

use crate::App;

/// How long a browser keeps a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Until it is closed.
    UntilClosed,
    /// For as long as browsers allow.
    ForGood,
}

/// What cookies are sealed under: the key of the current encryption secret, then those of the ones that it replaced.
pub struct Keys {
    current: Key,
    former: Vec<Key>,
}

impl Keys {
    pub fn new(vault: &Vault) -> Self {
        let mut keys = vault.expose_masters().map(|master| Key::derive_from(master));
        let current = keys.next().expect("a vault has a current secret");
        Self { current, former: keys.collect() }
    }
}

/// Reads a cookie of ours.
pub fn read<T: DeserializeOwned>(app: &App, headers: &HeaderMap, name: &str) -> Option<T> {
    unseal(&app.cookie_keys.current, headers, name).or_else(|| read_former(app, headers, name))
}

/// Reads a cookie of ours that was sealed under a former secret, and not under the current one.
pub fn read_former<T: DeserializeOwned>(app: &App, headers: &HeaderMap, name: &str) -> Option<T> {
    app.cookie_keys.former.iter().find_map(|key| unseal(key, headers, name))
}

/// Reads a cookie that was sealed with this key, for this name.
pub fn unseal<T: DeserializeOwned>(key: &Key, headers: &HeaderMap, name: &str) -> Option<T> {
    let mut jar = CookieJar::new();
    for line in headers.get_all(header::COOKIE) {
        // Another application on the domain may have set one that is not ASCII: that spoils its own cookie only.
        let line = String::from_utf8_lossy(line.as_bytes());
        let cookies = line.split(';').filter_map(|one| Cookie::parse_encoded(one.trim().to_owned()).ok());
        for cookie in cookies.filter(|cookie| cookie.name() == name) {
            jar.add_original(cookie);
        }
    }
    let cookie = jar.private(key).get(name)?;
    serde_json::from_str(cookie.value()).ok()
}

/// The `Set-Cookie` header that takes a cookie away.
pub fn removal(app: &App, name: &'static str) -> HeaderValue {
    let cookie = Cookie::build((name, ""))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.urls.is_https())
        .path(app.urls.cookie_path().to_owned())
        .max_age(time::Duration::ZERO)
        .build();
    HeaderValue::from_str(&cookie.encoded().to_string()).expect("an encoded cookie is ASCII")
}

/// The `Set-Cookie` header that stores a value.
pub fn write<T: Serialize>(app: &App, name: &'static str, value: &T, keep: Keep) -> HeaderValue {
    let value = serde_json::to_string(value).expect("cookies are plain data");
    let mut jar = CookieJar::new();
    let mut cookie = Cookie::build((name, value))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.urls.is_https())
        .path(app.urls.cookie_path().to_owned())
        .build();
    if keep == Keep::ForGood {
        cookie.set_max_age(time::Duration::days(20 * 365));
    }
    jar.private_mut(&app.cookie_keys.current).add(cookie);
    let sealed = jar.get(name).expect("just added").encoded().to_string();
    HeaderValue::from_str(&sealed).expect("an encoded cookie is ASCII")
}
