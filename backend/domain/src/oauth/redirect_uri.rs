//! Which registered redirect URI an authorization request means. Always a comparison of whole URIs: no prefix, no
//! pattern, no wildcard (RFC 9700 §2.1, §4.1).

use std::fmt;

use url::{Host, Url};

/// Whether it leads to the person's own machine, where any program can listen.
pub fn is_loopback(uri: &Url) -> bool {
    match uri.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(four)) => four.is_loopback(),
        Some(Host::Ipv6(six)) => six.is_loopback(),
        None => false,
    }
}

/// Why no redirect URI could be chosen. Nothing may be sent to the client then: the person sees an error page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// The client has none at all.
    NoneRegistered,
    /// The request names none although the client has several.
    Ambiguous,
    /// The request names one that the client has not registered.
    NotRegistered,
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoneRegistered => "this client has no redirect URI, so it cannot send people here",
            Self::Ambiguous => {
                "this client has several redirect URIs: the request must name one in redirect_uri"
            }
            Self::NotRegistered => {
                "the redirect_uri of the request is not one that this client has registered"
            }
        })
    }
}

impl std::error::Error for Unresolved {}

/// The URI to send the answer to.
///
/// Both sides are compared as URLs, hence after their normalisation (case of scheme and host, default port, empty
/// path), the query included. On a loopback host, a registration without a port stands for every port
/// (RFC 8252 §7.3): the requested URI is returned, with its port.
pub fn resolve(registered: &[Url], requested: Option<&Url>) -> Result<Url, Unresolved> {
    match (registered, requested) {
        ([], _) => Err(Unresolved::NoneRegistered),
        ([only], None) => Ok(only.clone()),
        (_, None) => Err(Unresolved::Ambiguous),
        (_, Some(requested)) if matches(registered, requested) => Ok(requested.clone()),
        (_, Some(_)) => Err(Unresolved::NotRegistered),
    }
}

fn matches(registered: &[Url], requested: &Url) -> bool {
    registered.contains(requested)
        || without_loopback_port(requested).is_some_and(|url| registered.contains(&url))
}

/// The same URI without its port, if it points at the person's own machine. The three spellings of the loopback
/// host stay distinct: `localhost` may resolve to something else.
fn without_loopback_port(url: &Url) -> Option<Url> {
    if !matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")) {
        return None;
    }
    let mut portless = url.clone();
    portless.set_port(None).ok()?;
    Some(portless)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(registered: &[&str], requested: Option<&str>) -> Result<String, Unresolved> {
        let parse = |text: &&str| Url::parse(text).unwrap();
        let registered: Vec<Url> = registered.iter().map(parse).collect();
        resolve(&registered, requested.as_ref().map(parse).as_ref()).map(String::from)
    }

    fn accepts(registered: &str, requested: &str) -> bool {
        resolved(&[registered], Some(requested)).is_ok()
    }

    #[test]
    fn an_omitted_uri_is_the_only_registered_one() {
        let (a, b) = ("https://a.example/cb", "https://b.example/cb");
        assert_eq!(resolved(&[], None), Err(Unresolved::NoneRegistered));
        assert_eq!(resolved(&[], Some(a)), Err(Unresolved::NoneRegistered));
        assert_eq!(resolved(&[a], None).as_deref(), Ok(a));
        assert_eq!(resolved(&[a, b], None), Err(Unresolved::Ambiguous));
        assert_eq!(resolved(&[a, b], Some(b)).as_deref(), Ok(b));
    }

    #[test]
    fn spelling_that_means_the_same_is_the_same() {
        assert!(accepts("https://app.example.com", "https://app.example.com/"));
        assert!(accepts("https://app.example.com/cb", "HTTPS://App.Example.COM:443/cb"));
        assert!(accepts("https://app.example.com/cb?a=1", "https://app.example.com/cb?a=1"));
        assert!(accepts("com.example.app:/cb", "com.example.app:/cb"));
    }

    #[test]
    fn everything_else_is_another_uri() {
        for requested in [
            "https://app.example.com/cb/",
            "https://app.example.com/cb/more",
            "https://app.example.com/c",
            "https://app.example.com/CB",
            "https://app.example.com/cb?x=1",
            "https://app.example.com/cb?",
            "https://app.example.com/cb#f",
            "https://app.example.com/cb/../evil",
            "https://app.example.com:8443/cb",
            "http://app.example.com/cb",
            "https://app.example.com.evil.test/cb",
            "https://app.example.com@evil.test/cb",
            "https://me@app.example.com/cb",
            "https://x.app.example.com/cb",
            "https://app.example.com./cb",
        ] {
            let answer = resolved(&["https://app.example.com/cb"], Some(requested));
            assert_eq!(answer, Err(Unresolved::NotRegistered), "{requested}");
        }
    }

    /// authentik CVE-2024-52289: registered URIs were read as patterns.
    #[test]
    fn metacharacters_match_only_themselves() {
        for (registered, requested) in [
            ("https://app.example.com/cb", "https://appxexample.com/cb"),
            ("https://app.example.com/.*", "https://app.example.com/anything"),
            ("https://app.example.com/*", "https://app.example.com/anything"),
            ("https://app.example.com/c?b", "https://app.example.com/cb"),
            ("https://app.example.com/(a|b)", "https://app.example.com/a"),
            ("https://app.example.com/[a-z]", "https://app.example.com/a"),
            ("https://app.example.com/a+", "https://app.example.com/aa"),
        ] {
            assert!(!accepts(registered, requested), "{requested} for {registered}");
            assert!(accepts(registered, registered), "{registered} for itself");
        }
    }

    #[test]
    fn a_loopback_registration_without_port_takes_any_port() {
        for host in ["localhost", "127.0.0.1", "[::1]"] {
            let registered = format!("http://{host}/cb");
            assert_eq!(
                resolved(&[&registered], Some(&format!("http://{host}:49152/cb"))),
                Ok(format!("http://{host}:49152/cb")),
            );
            assert!(accepts(&registered, &registered));
            assert!(!accepts(&registered, &format!("http://{host}:49152/other")));
            assert!(!accepts(&registered, &format!("https://{host}:49152/cb")));
        }
    }

    #[test]
    fn a_loopback_registration_with_port_takes_only_that_port() {
        assert!(accepts("http://localhost:7000/cb", "http://localhost:7000/cb"));
        assert!(!accepts("http://localhost:7000/cb", "http://localhost:7001/cb"));
        assert!(!accepts("http://localhost:7000/cb", "http://localhost/cb"));
    }

    #[test]
    fn loopback_hosts_do_not_stand_for_each_other_nor_for_lookalikes() {
        assert!(!accepts("http://localhost/cb", "http://127.0.0.1:1/cb"));
        assert!(!accepts("http://127.0.0.1/cb", "http://[::1]:1/cb"));
        assert!(!accepts("http://localhost/cb", "http://localhost.evil.test:1/cb"));
        assert!(!accepts("http://127.0.0.1/cb", "http://127.0.0.2:1/cb"));
        assert!(!accepts("https://app.example.com/cb", "https://app.example.com:1/cb"));
    }
}
