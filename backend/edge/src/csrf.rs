//! Tokens against cross-site request forgery: every form carries what only a page of ours could know.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue};
use kernel::{Op, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::{
    App,
    cookies::{self, Keep},
};

const NAME: &str = "csrf";
/// Sliding: each page with a form starts it anew.
const LIFETIME_SECS: i64 = 3600;

#[derive(Serialize, Deserialize)]
struct CookieValue {
    expiration: i64,
    token: [u8; 32],
}

/// A token for the forms of one page, and the cookie that it is compared with.
pub struct Csrf {
    pub form_value: String,
    pub cookie: HeaderValue,
}

/// The browser's token, or a new one, good for another hour.
pub fn issue(app: &App, op: &Op, headers: &HeaderMap) -> Csrf {
    let token = current(app, op.now, headers).unwrap_or_else(|| op.random().bytes());
    let value = CookieValue { expiration: op.now.as_secs() + LIFETIME_SECS, token };
    Csrf {
        form_value: URL_SAFE_NO_PAD.encode(token),
        cookie: cookies::write(app, NAME, &value, Keep::UntilClosed),
    }
}

/// Whether a form came from a page of ours. A form that was left open for too long does not pass either.
pub fn verify(app: &App, op: &Op, headers: &HeaderMap, form_value: &str) -> bool {
    if is_from_elsewhere(headers) {
        return false;
    }
    let presented = URL_SAFE_NO_PAD.decode(form_value).unwrap_or_default();
    current(app, op.now, headers).is_some_and(|token| token[..].ct_eq(&presented).into())
}

/// What the browser says of the page that sent the form (Fetch Metadata). It stops what the token alone does not: a
/// neighbouring subdomain, which can plant a cookie whose token it knows. Old browsers, and plain HTTP, do not say.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
}

fn current(app: &App, now: Timestamp, headers: &HeaderMap) -> Option<[u8; 32]> {
    let cookie: CookieValue = cookies::read(app, headers, NAME)?;
    (cookie.expiration > now.as_secs()).then_some(cookie.token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_neighbours_and_strangers_are_told_apart_from_ours() {
        for (site, elsewhere) in [
            (None, false),
            (Some("same-origin"), false),
            (Some("none"), false),
            (Some("same-site"), true),
            (Some("cross-site"), true),
            (Some(""), true),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            assert_eq!(is_from_elsewhere(&headers), elsewhere, "{site:?}");
        }
    }
}
