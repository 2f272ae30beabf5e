//! Where the browser may be sent with a login token: whoever is there becomes the person's app.

use url::{Host, Url};

/// Schemes that run or open something in the browser itself rather than lead to an app.
const DENIED: [&str; 9] =
    ["javascript", "data", "vbscript", "blob", "filesystem", "file", "about", "view-source", "intent"];
/// Longer addresses are no app's; the token is to be added, and some browsers end at 8,000 characters.
const LONGEST: usize = 4096;

/// `matrix.sso_redirect_allow_list`; without one, all but [`DENIED`].
#[derive(Clone, Debug, Default)]
pub struct Redirects(Option<Vec<Url>>);

/// Why people are not sent to an address. Prints as a sentence without its subject, `redirectUrl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    NoUrl,
    TooLong,
    /// It would look like another one to whoever reads it.
    Userinfo,
    Scheme,
    NotAllowed,
}

impl Unfit {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoUrl => "is not an absolute URL",
            Self::TooLong => "is longer than 4096 characters",
            Self::Userinfo => "must not contain a user name or password",
            Self::Scheme => "has a scheme that leads to no app",
            Self::NotAllowed => "is not among the addresses that this server sends people to",
        }
    }
}

impl Redirects {
    pub const fn new(allowed: Option<Vec<Url>>) -> Self {
        Self(allowed)
    }

    /// The address, if people may be sent there.
    pub fn read(&self, text: &str) -> Result<Url, Unfit> {
        if text.len() > LONGEST {
            return Err(Unfit::TooLong);
        }
        let url = Url::parse(text).map_err(|_| Unfit::NoUrl)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Unfit::Userinfo);
        }
        if DENIED.contains(&url.scheme()) {
            return Err(Unfit::Scheme);
        }
        let allowed = self.0.as_ref().is_none_or(|list| list.iter().any(|entry| covers(entry, &url)));
        if allowed { Ok(url) } else { Err(Unfit::NotAllowed) }
    }
}

/// An entry without a host stands for its scheme, one with a host for everything below its path there. A loopback
/// address without a port stands for all of its ports, since apps take the one that is free (RFC 8252 §7.3).
fn covers(entry: &Url, url: &Url) -> bool {
    if entry.scheme() != url.scheme() {
        return false;
    }
    if entry.host().is_none() {
        return true;
    }
    let is_loopback = match entry.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let any_port = is_loopback && entry.port().is_none();
    let base = entry.path().trim_end_matches('/');
    let below = url.path().strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    entry.host() == url.host() && (any_port || entry.port() == url.port()) && below
}

/// The address with the token in its query, the rest as it was.
pub fn with_token(redirect: &Url, token: &str) -> Url {
    let mut url = redirect.clone();
    url.query_pairs_mut().append_pair("loginToken", token);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apps_are_reached_and_nothing_else() {
        let anywhere = Redirects::default();
        for good in [
            "https://app.example.com/?x=1#y",
            "http://localhost:4000/",
            "io.element.app:/callback",
            "element://connect",
            "http:///x",
            "com.example:opaque",
        ] {
            assert!(anywhere.read(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("", Unfit::NoUrl),
            ("/callback", Unfit::NoUrl),
            ("http://", Unfit::NoUrl),
            ("https://me@app.example.com/", Unfit::Userinfo),
            ("https://:x@app.example.com/", Unfit::Userinfo),
            ("JavaScript:alert(1)", Unfit::Scheme),
            (" java\tscript:alert(1)", Unfit::Scheme),
            ("data:text/html,x", Unfit::Scheme),
            ("blob:https://app.example.com/x", Unfit::Scheme),
            ("vbscript:x", Unfit::Scheme),
            ("file:///etc/passwd", Unfit::Scheme),
            (&format!("https://a.example/{}", "x".repeat(LONGEST)), Unfit::TooLong),
        ] {
            assert_eq!(anywhere.read(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn a_list_allows_what_is_on_it_and_below() {
        let list = ["https://app.example.com", "https://b.example/chat/", "io.element:", "http://localhost/"];
        let list = Redirects::new(Some(list.iter().map(|entry| entry.parse().unwrap()).collect()));
        for good in [
            "https://app.example.com/",
            "https://app.example.com/any?thing#there",
            "https://b.example/chat",
            "https://b.example/chat/x",
            "io.element:/x",
            "io.element://y",
            "http://localhost:4711/cb",
        ] {
            assert!(list.read(good).is_ok(), "{good}");
        }
        for bad in [
            "http://app.example.com/",
            "https://app.example.com:444/",
            "https://app.example.com.evil.test/",
            "https://b.example/chatter",
            "https://b.example/",
            "https://b.example/chat/../x",
            "io.elements:/x",
            "https://localhost/",
        ] {
            assert_eq!(list.read(bad), Err(Unfit::NotAllowed), "{bad}");
        }
        assert_eq!(Redirects::new(Some(Vec::new())).read("https://a.example/"), Err(Unfit::NotAllowed));
    }

    #[test]
    fn the_token_is_added_to_what_is_there() {
        for (redirect, sent) in [
            ("https://a.example/", "https://a.example/?loginToken=t"),
            ("https://a.example/x?a=b%20c#d", "https://a.example/x?a=b%20c&loginToken=t#d"),
            ("io.element:/cb", "io.element:/cb?loginToken=t"),
            ("com.example:opaque", "com.example:opaque?loginToken=t"),
        ] {
            assert_eq!(with_token(&redirect.parse().unwrap(), "t").as_str(), sent);
        }
    }
}
