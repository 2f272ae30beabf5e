//! The headers that keep a page from being framed, injected into or remembered.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, header};
use kernel::Op;

const OPENER_POLICY: &str = "cross-origin-opener-policy";

/// Lets the scripts of one answer run, and no others.
#[derive(Clone, Debug)]
pub struct Nonce(String);

impl Nonce {
    pub fn new(op: &Op) -> Self {
        Self(STANDARD.encode(op.random().bytes::<16>()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Sets the headers of an HTML page. `form_targets` are the origins, besides our own, that a form may end up at:
/// Chromium applies `form-action` to the redirect after a form as well.
pub fn protect(headers: &mut HeaderMap, nonce: &Nonce, form_targets: &[String]) {
    let targets: String =
        form_targets.iter().filter(|target| is_source(target)).map(|target| format!(" {target}")).collect();
    let policy = format!(
        "default-src 'none'; style-src 'self' 'nonce-{0}'; script-src 'self' 'nonce-{0}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'{targets}; \
         frame-ancestors 'none'; base-uri 'none'",
        nonce.as_str()
    );
    let policy = HeaderValue::from_str(&policy).expect("sources and base64 are ASCII");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    let policies = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
    headers.insert("permissions-policy", HeaderValue::from_static(policies));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
}

/// Leaves a protected page tied to the window that opened it.
pub fn keep_opener(headers: &mut HeaderMap) {
    headers.remove(OPENER_POLICY);
}

/// Lets a protected page frame this address, by its origin. What has none is not framed.
pub fn allow_frame(headers: &mut HeaderMap, address: &str) {
    amend(headers, address, |policy, origin| format!("{policy}; frame-src {origin}"));
}

/// Lets the scripts of a protected page speak to this address, by its origin.
pub fn allow_connection(headers: &mut HeaderMap, address: &str) {
    const OWN: &str = "connect-src 'self'";
    amend(headers, address, |policy, origin| policy.replace(OWN, &format!("{OWN} {origin}")));
}

fn amend(headers: &mut HeaderMap, address: &str, change: impl Fn(&str, &str) -> String) {
    let Ok(address) = address.parse::<url::Url>() else { return };
    let origin = address.origin().ascii_serialization();
    let Some(policy) = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok())
    else {
        return;
    };
    if address.origin().is_tuple()
        && is_source(&origin)
        && let Ok(policy) = HeaderValue::from_str(&change(policy, &origin))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Whether it can stand in a policy without ending the directive: host names may contain `;`, `,`, `*` and quotes, and
/// clients choose theirs.
fn is_source(target: &str) -> bool {
    !target.is_empty()
        && target.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/[]+".contains(&byte))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::{SystemRandom, Timestamp};

    use super::*;

    fn form_action(targets: &[&str]) -> String {
        let op = Op::new(Timestamp(0), Arc::new(SystemRandom), "test");
        let mut headers = HeaderMap::new();
        let targets: Vec<String> = targets.iter().map(|target| (*target).to_owned()).collect();
        protect(&mut headers, &Nonce::new(&op), &targets);
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        let directives: Vec<&str> = policy.split("; ").collect();
        assert_eq!(directives.len(), 10, "{policy}");
        assert_eq!(directives[8..], ["frame-ancestors 'none'", "base-uri 'none'"]);
        directives[7].to_owned()
    }

    #[test]
    fn a_form_may_end_up_at_the_client() {
        assert_eq!(form_action(&[]), "form-action 'self'");
        assert_eq!(
            form_action(&["https://app.example.com", "http://[::1]:7000", "io.element.app:"]),
            "form-action 'self' https://app.example.com http://[::1]:7000 io.element.app:"
        );
    }

    #[test]
    fn a_client_cannot_write_into_the_policy() {
        for target in [
            "https://x;sandbox",
            "https://x,y",
            "'unsafe-inline'",
            "https://x *",
            "https://*.example",
            "https://\u{e9}",
            "a\nb",
            "",
        ] {
            assert_eq!(form_action(&[target]), "form-action 'self'", "{target}");
        }
    }
}
