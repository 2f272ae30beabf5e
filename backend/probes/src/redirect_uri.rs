//! Which registered redirect URI a request means (RFC 6749 §3.1.2.3, RFC 9700 §4.1).

use domain::oauth::redirect_uri::resolve;
use url::Url;

/// The requested URI (an empty line: none), then the registered ones, a line each.
pub fn redirect_uri(text: &str) {
    let mut lines = text.lines();
    let requested = match lines.next().unwrap_or_default() {
        "" => None,
        line => match Url::parse(line) {
            Ok(url) => Some(url),
            Err(_) => return,
        },
    };
    let registered: Vec<Url> = lines.filter_map(|line| Url::parse(line).ok()).collect();
    let answer = resolve(&registered, requested.as_ref());
    let mut reversed = registered.clone();
    reversed.reverse();
    assert_eq!(resolve(&reversed, requested.as_ref()), answer, "order means nothing");
    let Ok(chosen) = answer else { return };
    match &requested {
        Some(requested) => assert_eq!(&chosen, requested, "people go where the request says, or nowhere"),
        None => {
            assert_eq!(registered, std::slice::from_ref(&chosen), "without a request, only one can be meant")
        }
    }
    assert!(registered.iter().any(|one| is_meant(one, &chosen)), "{chosen} is not among {registered:?}");
}

/// Whole addresses, except that a loopback address without a port stands for all ports (RFC 8252 §7.3).
fn is_meant(registered: &Url, requested: &Url) -> bool {
    if registered.as_str() == requested.as_str() {
        return true;
    }
    let host = registered.host_str().unwrap_or_default();
    let is_loopback = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    let port = requested.port().map(|port| format!(":{port}")).unwrap_or_default();
    let with_port = registered.as_str().replacen(host, &format!("{host}{port}"), 1);
    is_loopback && registered.port().is_none() && with_port == requested.as_str()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tests::always_the_same;

    /// Addresses that are easily taken for each other.
    fn uri() -> impl Strategy<Value = Url> {
        let scheme = "https?|com\\.example\\.app";
        let host = "localhost|127\\.0\\.0\\.1|\\[::1\\]|(a\\.)?(app|[a-b])\\.example(\\.com)?|localhost\\.evil\\.test";
        let user = "((me|localhost)(:x)?@)?";
        let rest = "(:[1-9][0-9]{0,3})?(/[a-c.*+()?|\\[\\]%~-]{0,4}){0,2}(\\?[a-b=&.*]{0,4})?";
        (scheme, user, host, rest).prop_filter_map("a URL", |(scheme, user, host, rest)| {
            Url::parse(&format!("{scheme}://{user}{host}{rest}")).ok()
        })
    }

    fn lines<'a>(requested: impl Into<Option<&'a Url>>, registered: &[Url]) -> String {
        let requested = requested.into().map(Url::as_str).unwrap_or_default();
        let registered = registered.iter().map(Url::as_str);
        std::iter::once(requested).chain(registered).collect::<Vec<_>>().join("\n")
    }

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn nothing_but_what_is_registered(requested in uri(), registered in prop::collection::vec(uri(), 0..4)) {
            redirect_uri(&lines(&requested, &registered));
            redirect_uri(&lines(None, &registered));
        }

        #[test]
        fn each_means_itself_whatever_else_is_registered(one in uri(), others in prop::collection::vec(uri(), 0..4)) {
            let mut registered = others;
            registered.push(one.clone());
            prop_assert_eq!(resolve(&registered, Some(&one)), Ok(one));
        }

        #[test]
        fn registering_more_takes_nothing_away(requested in uri(), one in uri(), other in uri()) {
            if resolve(std::slice::from_ref(&one), Some(&requested)).is_ok() {
                prop_assert_eq!(resolve(&[other, one], Some(&requested)), Ok(requested));
            }
        }

        /// Metacharacters of patterns stand for themselves (authentik CVE-2024-52289).
        #[test]
        fn one_more_character_is_another_address(one in uri(), at: prop::sample::Index, more in "[a-z./*@:#?-]") {
            let mut text = one.to_string();
            text.insert_str(at.index(text.len() + 1), &more);
            if let Ok(other) = Url::parse(&text) {
                redirect_uri(&lines(&other, std::slice::from_ref(&one)));
            }
        }

        #[test]
        fn any_port_of_a_loopback_address(host in "localhost|127\\.0\\.0\\.1|\\[::1\\]", port: u16, path in "/[a-z]{0,4}") {
            let registered = Url::parse(&format!("http://{host}{path}")).unwrap();
            let requested = Url::parse(&format!("http://{host}:{port}{path}")).unwrap();
            prop_assert_eq!(resolve(&[registered], Some(&requested)), Ok(requested));
        }
    }
}
