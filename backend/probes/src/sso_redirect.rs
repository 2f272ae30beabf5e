//! Where a legacy login may send the browser with its token.

use domain::compat::redirects::{Redirects, with_token};
use url::Url;

/// The address (`redirectUrl`), then the allow list, a line each.
pub fn sso_redirect(text: &str) {
    let mut lines = text.lines();
    let address = lines.next().unwrap_or_default();
    let list: Vec<Url> = lines.filter_map(|line| Url::parse(line).ok()).collect();
    let anywhere = Redirects::default().read(address);
    let listed = Redirects::new(Some(list.clone())).read(address);
    if let Err(unfit) = &anywhere {
        assert!(listed.is_err(), "a list only takes away");
        assert!(!unfit.as_str().is_empty());
        return;
    }
    let Ok(url) = anywhere else { return };
    leads_to_an_app(&url);
    if listed.is_ok() {
        assert!(list.iter().any(|entry| is_meant(entry, &url)), "{url} is not among {list:?}");
    }
}

fn leads_to_an_app(url: &Url) {
    for denied in ["javascript", "data", "vbscript", "blob", "file"] {
        assert_ne!(url.scheme(), denied);
    }
    assert!(url.username().is_empty() && url.password().is_none(), "{url}");
    let sent = with_token(url, "Token0");
    assert_eq!((sent.scheme(), sent.host(), sent.port()), (url.scheme(), url.host(), url.port()), "{sent}");
    assert_eq!((sent.path(), sent.fragment()), (url.path(), url.fragment()), "{sent}");
    let token = sent.query_pairs().last().map(|(name, value)| (name.into_owned(), value.into_owned()));
    assert_eq!(token, Some(("loginToken".into(), "Token0".into())), "{sent}");
    assert!(
        sent.as_str().bytes().all(|byte| (b' '..=b'~').contains(&byte)),
        "it is sent in a header: {sent:?}"
    );
}

/// Scheme and host are the same, whatever the path.
fn is_meant(entry: &Url, url: &Url) -> bool {
    entry.scheme() == url.scheme() && (entry.host().is_none() || entry.host() == url.host())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tests::always_the_same;

    fn address() -> impl Strategy<Value = String> {
        let scheme = "(https?|[jJ]ava\\t?script|data|com\\.example\\.app|file)";
        let host = "(//((me|x:y)@)?(localhost|127\\.0\\.0\\.1|app\\.example(\\.com|\\.evil\\.test)?|\\[::1\\])(:[1-9][0-9]{0,3})?)?";
        let rest = "(/[a-c./%-]{0,6})?(\\?[a-b=&+é]{0,6})?(#[a-b?]{0,4})?";
        (scheme, host, rest).prop_map(|(scheme, host, rest)| format!("{scheme}:{host}{rest}"))
    }

    proptest! {
        #![proptest_config(always_the_same())]

        #[test]
        fn nothing_but_apps(address in address(), list in prop::collection::vec(address(), 0..4)) {
            sso_redirect(&format!("{address}\n{}", list.join("\n")));
        }

        #[test]
        fn what_is_listed_is_allowed(address in address()) {
            if let Ok(url) = Redirects::default().read(&address) {
                let mut entry = url.clone();
                entry.set_query(None);
                entry.set_fragment(None);
                prop_assert!(Redirects::new(Some(vec![entry])).read(&address).is_ok(), "{}", url);
            }
        }

        /// Metacharacters of patterns stand for themselves, and no host is another one's beginning.
        #[test]
        fn one_more_character_in_the_host_is_another_host(more in "[a-z.*?-]{1,4}") {
            let list = Redirects::new(Some(vec![Url::parse("https://app.example/").unwrap()]));
            let address = format!("https://app.example{more}/");
            let is_same = Url::parse(&address).is_ok_and(|url| url.host_str() == Some("app.example"));
            prop_assert_eq!(list.read(&address).is_ok(), is_same, "{}", address);
        }
    }
}
