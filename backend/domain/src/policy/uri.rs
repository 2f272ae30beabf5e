//! The URIs that the registration rules understand: a deliberately small part of RFC 3986, without user
//! information, percent-encoding and anything else that two parsers might read differently.

use std::sync::LazyLock;

use regex::Regex;

static GRAMMAR: LazyLock<Regex> = LazyLock::new(|| {
    let label = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
    let authority = format!(r"//(?<host>{label}(?:\.{label})*|\[::1\])(?::[0-9]+)?");
    let after_authority = "(?:/[A-Za-z0-9/._~-]*)?";
    let alone = "(?:/(?:[A-Za-z0-9._~-][A-Za-z0-9/._~-]*)?)?"; // two slashes would announce an authority
    let query = r"(?:\?[-a-zA-Z0-9()@:%_+.~#?&/=]*)?";
    Regex::new(&format!(r"\A(?<scheme>[a-z][a-z0-9+.-]*):(?:{authority}{after_authority}|{alone}){query}\z"))
        .expect("the grammar is a valid expression")
});

#[derive(Debug)]
pub(super) struct Uri<'a> {
    pub scheme: &'a str,
    /// `None` if there is no `//authority`.
    pub host: Option<&'a str>,
}

impl<'a> Uri<'a> {
    pub fn parse(text: &'a str) -> Option<Self> {
        let parts = GRAMMAR.captures(text)?;
        let host = parts.name("host").map(|host| host.as_str());
        Some(Self { scheme: parts.name("scheme")?.as_str(), host })
    }

    /// HTTPS on something else than the person's own machine.
    pub fn is_secure(&self) -> bool {
        let Some(host) = self.host else { return false };
        self.scheme == "https" && !matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0" | "[::1]")
    }

    /// HTTP on the person's own machine (RFC 8252 §7.3).
    pub fn is_loopback(&self) -> bool {
        self.scheme == "http" && matches!(self.host, Some("localhost" | "127.0.0.1" | "[::1]"))
    }

    /// A scheme of the app's own, named after its domain backwards (RFC 8252 §7.1): `com.example.app:/callback`
    /// belongs to `example.com`.
    pub fn is_private_use_scheme_of(&self, owner: &Self) -> bool {
        let Some(owner) = owner.host else { return false };
        let mut labels = self.scheme.split('.');
        self.host.is_none()
            && !matches!(self.scheme, "http" | "https")
            && owner.rsplit('.').all(|label| labels.next() == Some(label))
    }

    /// The same host or one below it; ports do not matter.
    pub fn is_within(&self, owner: &Self) -> bool {
        let (Some(host), Some(owner)) = (self.host, owner.host) else { return false };
        host.strip_suffix(owner).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_small() {
        for text in [
            "https://example.com",
            "https://example.com:8443/a/b.c~d_e-f?x=(y)&z=%20#@",
            "https://1.2.3.4/",
            "http://[::1]:1/cb",
            "https://example.com//a",
            "com.example.app:/cb",
            "com.example.app:/",
            "a+b-c.d:",
        ] {
            assert!(Uri::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "example.com",
            "//example.com/",
            "HTTPS://example.com/",
            "https://Example.com/",
            "https://me@example.com/",
            "https://example.com/a%20b",
            "https://example.com/a@b",
            "https://example.com/a+b",
            "https://example.com/a:b",
            "https://example.com/#f",
            "https://example.com:/",
            "https://example.com./",
            "https://.example.com/",
            "https://-example.com/",
            "https://exa_mple.com/",
            "https://[::2]/",
            "https:///",
            "mailto:a@b",
            "com.example.app://Callback",
            "https://example.com/\n",
        ] {
            assert!(Uri::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn hosts_below_are_within() {
        let within = |host: &str, owner: &str| {
            let uri = |host| Uri { scheme: "https", host: Some(host) };
            uri(host).is_within(&uri(owner))
        };
        assert!(within("example.com", "example.com"));
        assert!(within("a.b.example.com", "example.com"));
        assert!(!within("example.com", "a.example.com"));
        assert!(!within("badexample.com", "example.com"));
        assert!(!within("example.com.evil.test", "example.com"));
    }
}
