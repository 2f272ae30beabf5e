//! People and apps as pages name them. Names are chosen by strangers: here they lose what could disguise them.

use serde::Serialize;
use url::{Host, Url};

/// Longer names are cut: a page must not be pushed out of sight by one.
const LONGEST_NAME: usize = 60;

/// An account as its owner knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    pub name: String,
    /// `@alice:example.org`
    pub mxid: String,
    /// Stands in for the picture.
    pub initial: String,
}

impl Account {
    /// Without a display name, the localpart names the person.
    pub fn new(localpart: &str, homeserver: &str, display_name: Option<&str>) -> Self {
        let name = display_name.map(tidy).filter(|name| !name.is_empty()).unwrap_or_else(|| tidy(localpart));
        Self { initial: initial(&name), name, mxid: format!("@{localpart}:{homeserver}") }
    }
}

/// An app that asks for something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct App {
    pub name: String,
    /// The host of its home page, in ASCII.
    pub host: Option<String>,
    pub initial: String,
    /// Where its logo is, on our own origin; without one, the initial stands in.
    pub logo: Option<String>,
    /// Its own privacy policy and terms of use.
    pub policy_uri: Option<String>,
    pub tos_uri: Option<String>,
}

impl App {
    /// Without a name, the client id has to do. Only a web address tells a host.
    pub fn new(name: Option<&str>, client_id: &str, client_uri: Option<&Url>) -> Self {
        let name = name.map(tidy).filter(|name| !name.is_empty()).unwrap_or_else(|| tidy(client_id));
        let host = client_uri.filter(|uri| is_web(uri)).and_then(authority);
        Self { initial: initial(&name), name, host, logo: None, policy_uri: None, tos_uri: None }
    }
}

/// A way back to an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppLink {
    pub name: String,
    pub href: String,
}

impl AppLink {
    /// `None` unless the address is one of the web: anything else is not for a link on our pages.
    pub fn new(app: &App, client_uri: &Url) -> Option<Self> {
        web_link(client_uri).map(|href| Self { name: app.name.clone(), href })
    }
}

/// What comes after signing in or out, as the hidden fields of a form (`kind`, `id`, …).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Continuation(pub Vec<(String, String)>);

pub(super) fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// An address for a link on our pages: anything but the web is not.
pub fn web_link(url: &Url) -> Option<String> {
    is_web(url).then(|| url.to_string())
}

/// Host, and port if it is not the usual one. International names come as `xn--…`, so that none can pose as
/// another.
pub(super) fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// One line without control characters and without characters that turn the direction of what follows.
pub(crate) fn tidy(name: &str) -> String {
    let visible: String =
        name.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !turns_direction(*c)).collect();
    let words = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words,
    }
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn initial(name: &str) -> String {
    name.chars().find(|c| c.is_alphanumeric()).map_or_else(|| "·".to_owned(), |c| c.to_uppercase().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(name: &str, uri: &str) -> App {
        App::new(Some(name), "01CLIENT", Some(&uri.parse().unwrap()))
    }

    #[test]
    fn names_lose_what_disguises_them() {
        assert_eq!(tidy(" Element\n\tWeb\u{0} "), "Element Web");
        assert_eq!(tidy("gro.rotcart\u{202e}xirtam"), "gro.rotcartxirtam");
        assert_eq!(tidy(&"name".repeat(50)).chars().count(), LONGEST_NAME + 1);
        assert_eq!(tidy("\u{1f469}\u{200d}\u{1f680}"), "\u{1f469}\u{200d}\u{1f680}");
    }

    #[test]
    fn a_name_that_is_blank_is_none() {
        assert_eq!(app("\u{202e}  ", "https://a.example").name, "01CLIENT");
        let alice = Account::new("alice", "example.org", Some(""));
        assert_eq!((alice.name.as_str(), alice.initial.as_str()), ("alice", "A"));
    }

    #[test]
    fn the_host_is_exact() {
        assert_eq!(app("E", "https://app.element.io/#/home").host.as_deref(), Some("app.element.io"));
        assert_eq!(app("E", "https://user@element.io:8443/").host.as_deref(), Some("element.io:8443"));
        assert_eq!(app("E", "https://еlement.io/").host.as_deref(), Some("xn--lement-2of.io"));
        assert_eq!(app("E", "io.element:/callback").host, None);
    }

    #[test]
    fn only_the_web_is_linked() {
        let app = app("E", "https://a.example");
        assert!(AppLink::new(&app, &"javascript:alert(1)".parse().unwrap()).is_none());
        assert!(AppLink::new(&app, &"https://a.example/".parse().unwrap()).is_some());
    }
}
